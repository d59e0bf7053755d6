// What is corrected: a reading, the place in it where one is, and how both were before each change.

import { Names } from "./vocabulary.mjs";

/** @import { Reading, Shown, Staff, StaffLines, StaffSymbol, Strip } from "./types.d.ts" */

const KEPT = 500; // changes that can be undone

/** @typedef {{ reading: Reading, strips: PlacedStrip[], row: number, column: number, gap: boolean }} State */
/**
 * The strip of a staff and the outline that it was cut out for, as JSON; null until there is one.
 * @typedef {(Strip & { outline: string }) | null} PlacedStrip
 */

export class Correction {
  /** @type {State[]} */
  #past = [];
  #savedAt = 0; // how many changes are saved; -1 once one of these was undone and another was made

  /** @param {Shown} shown */
  constructor({ reading, strips, vocabulary, base, surface, spaces }) {
    this.reading = reading;
    /** @type {PlacedStrip[]} */
    this.strips = strips.map((strip, row) => ({
      ...strip,
      outline: JSON.stringify(reading.staves[row].staff),
    }));
    this.names = new Names(vocabulary);
    this.doubt = vocabulary.doubt;
    this.spaces = spaces;
    this.base = base; // which kept reading is corrected
    this.surface = surface;
    this.row = 0;
    this.column = 0;
    this.gap = false; // whether the place after the symbol is looked at, where one may be missing (-1: before the first)
  }

  /** The staff where one is; on a page without staves none of what changes a staff is reached. */
  get staff() {
    return /** @type {Staff} */ (this.reading.staves[this.row]);
  }

  /** @returns {StaffSymbol | undefined} */
  get symbol() {
    return this.gap ? undefined : this.reading.staves[this.row]?.symbols[this.column];
  }

  /** Whether there is a staff here, and nothing on it. */
  get isEmpty() {
    return this.reading.staves[this.row]?.symbols.length === 0;
  }

  /** Whether the staff has a strip for its outline, where there is a staff. */
  get hasStrip() {
    const staff = /** @type {Staff | undefined} */ (this.reading.staves[this.row]);
    return !staff || this.strips[this.row]?.outline === JSON.stringify(staff.staff);
  }

  /**
   * Give a strip to the staff that has its outline; none has where it was moved again, or that was undone.
   * @param {StaffLines} lines
   * @param {Strip} strip
   */
  putStrip(lines, strip) {
    const outline = JSON.stringify(lines);
    this.reading.staves.forEach((staff, row) => {
      if (JSON.stringify(staff.staff) === outline) this.strips[row] = { ...strip, outline };
    });
  }

  get changes() {
    return this.#past.length;
  }

  get isSaved() {
    return this.#past.length === this.#savedAt;
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  goTo(row, column, gap = false) {
    this.row = row;
    this.column = column;
    this.gap = gap;
  }

  /** @param {() => void} edit */
  change(edit) {
    if (this.#past.length < this.#savedAt) this.#savedAt = -1;
    const { reading, strips, row, column, gap } = this;
    this.#past.push({ reading: structuredClone(reading), strips: [...strips], row, column, gap });
    if (this.#past.length > KEPT) {
      this.#past.shift();
      this.#savedAt = Math.max(-1, this.#savedAt - 1);
    }
    edit();
  }

  undo() {
    const before = this.#past.pop();
    if (!before) return "Nothing to undo.";
    const { history } = this.reading;
    Object.assign(this, before);
    this.reading.history = history; // what was saved stays saved
    return "Undone.";
  }

  /**
   * Note that the reading after so many changes is kept.
   * @param {number} changes
   * @param {string} base
   * @param {Reading} kept with its findings, and boxes on their ink
   */
  saved(changes, base, kept) {
    this.base = base;
    this.reading.history = kept.history;
    if (this.#past.length === changes) this.reading = kept;
    this.#savedAt = changes;
  }
}
