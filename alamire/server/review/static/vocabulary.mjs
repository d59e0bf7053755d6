// The names of symbols, and what the server says of their shapes.

/** @import { Form, Shape, StaffSymbol, Vocabulary } from "./types.d.ts" */

export class Names {
  /** @param {Vocabulary} vocabulary */
  constructor({ shapes, heights }) {
    this.shapes = shapes.map((shape) => shape.name);
    this.heights = heights;
    /** @type {Map<string, Shape>} */
    this.known = new Map(shapes.map((shape) => [shape.name, shape]));
  }

  /**
   * @param {string} name
   * @returns {Shape}
   */
  shape(name) {
    const found = this.known.get(name);
    if (!found) throw new Error(`${name} is no shape that is known`);
    return found;
  }

  /**
   * How a symbol looks; one whose stem nobody has seen yet has it upwards.
   * @param {StaffSymbol} symbol
   * @returns {Form}
   */
  form(symbol) {
    const shape = this.shape(symbol.shape);
    return symbol.stem === "down" ? shape.down : shape.up;
  }

  /**
   * `note.minima-L3`
   * @param {StaffSymbol} symbol
   */
  of(symbol) {
    const { lowest, names } = this.heights;
    return `${symbol.shape}-${names[symbol.height - lowest] ?? symbol.height}`;
  }

  /**
   * The pitch of a note under the clef before it, as `c4`; "" of all else, and where there is no clef.
   * @param {StaffSymbol[]} symbols
   * @param {number} column
   */
  pitch(symbols, column) {
    const symbol = symbols[column];
    if (!this.shape(symbol.shape).sounds) return "";
    const before = symbols.slice(0, column).reverse();
    const clef = before.find(({ shape }) => this.shape(shape).pitches);
    const pitches = clef && this.shape(clef.shape).pitches;
    if (!pitches) return "";
    return pitches[(pitches.length - 1) / 2 + symbol.height - clef.height] ?? "";
  }

  /**
   * Shape and height of what a person types: `minima`, `note.minima`, `flat`, `note.minima-L4`; null for what is
   * unknown. Where no height is typed it is the given one.
   * @param {string} typed
   * @param {number} height
   */
  parse(typed, height) {
    const [word, ...rest] = typed.trim().split("-");
    if (!word) return null;
    const shape =
      this.shapes.find((name) => name === word) ??
      this.shapes.find((name) => name.endsWith(`.${word}`)) ??
      this.shapes.find((name) => name.includes(word));
    if (!shape) return null;
    if (!rest.length) return { shape, height };
    const step = this.heights.names.indexOf(rest.join("-"));
    return step < 0 ? null : { shape, height: this.heights.lowest + step };
  }

  /** @param {number} height */
  nearest(height) {
    const { lowest, names } = this.heights;
    return Math.min(lowest + names.length - 1, Math.max(lowest, height));
  }
}
