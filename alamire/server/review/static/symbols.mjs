// Symbols corrected. Each function returns what to say, if anything.

import { missingAfter } from "./doubt.mjs";
import { closeUp, forgetGap, makeRoom } from "./findings.mjs";
import { boxOf } from "./geometry.mjs";
import { toDoubtful } from "./steps.mjs";

/** @import { Correction } from "./correction.mjs" */
/** @import { Said, StaffSymbol } from "./types.d.ts" */

const FINE = 8; // shifts along the staff to a space

/** @param {StaffSymbol} symbol */
export function makeSure(symbol) {
  symbol.confidence = 1;
  symbol.alternatives = [];
}

/**
 * Make sure of a symbol that became another or stands elsewhere; its box is that of its shape until saving puts it
 * on its ink.
 * @param {Correction} correction
 * @param {StaffSymbol} symbol
 */
export function settle(correction, symbol) {
  makeSure(symbol);
  const { staff, symbols } = correction.staff;
  const index = symbols.indexOf(symbol);
  symbol.box = boxOf(staff, correction.names.form(symbol), symbol, symbols[index - 1], symbols[index + 1]);
}

/**
 * Shift the symbol upwards by steps.
 * @param {Correction} correction
 * @param {number} steps
 */
export function shift(correction, steps) {
  const { symbol, names } = correction;
  if (!symbol) return;
  correction.change(() => {
    symbol.height = names.nearest(symbol.height + steps);
    settle(correction, symbol);
  });
}

/**
 * Shift the symbol along the staff, past its neighbours too.
 * @param {Correction} correction
 * @param {number} steps
 */
export function shiftAlong(correction, steps) {
  const { symbol, staff } = correction;
  if (!symbol) return;
  correction.change(() => {
    symbol.x += (steps * staff.staff.unit) / FINE;
    staff.symbols.sort((one, other) => one.x - other.x);
    correction.column = staff.symbols.indexOf(symbol);
    settle(correction, symbol);
  });
}

/**
 * Give the symbol the shape, and the height, of a name.
 * @param {Correction} correction
 * @param {string} name
 * @returns {Said}
 */
export function rename(correction, name) {
  const { symbol, names } = correction;
  if (!symbol) return;
  const found = names.parse(name, symbol.height);
  if (!found) return unknown(name);
  correction.change(() => settle(correction, Object.assign(symbol, found)));
}

/**
 * Take an alternative of the symbol; in a gap insert what may be missing there.
 * @param {Correction} correction
 * @param {number} number
 * @returns {Said}
 */
export function take(correction, number) {
  const { symbol, gap, row, column } = correction;
  const name = gap
    ? missingAfter(correction, row, column)?.candidates[number - 1]?.name
    : symbol?.alternatives[number - 1]?.[0];
  if (!name) return `There is no alternative ${number}.`;
  return gap ? insert(correction, name) : rename(correction, name);
}

/**
 * Insert a symbol after the one where one is, halfway to the next.
 * @param {Correction} correction
 * @param {string} name
 * @returns {Said}
 */
export function insert(correction, name) {
  const { staff, names, row, column } = correction;
  const { symbols } = staff;
  const before = /** @type {StaffSymbol | undefined} */ (symbols[column]);
  const found = names.parse(name, before ? before.height : 4);
  if (!found) return unknown(name);
  correction.change(() => {
    if (before) before.unread = [];
    const place = before || column < 0 ? column + 1 : 0;
    const x = between(correction, found.shape);
    /** @type {StaffSymbol} */
    const made = {
      ...found,
      x,
      box: [0, 0, 0, 0],
      confidence: 1,
      alternatives: [],
      red: false,
      stem: "",
      unread: [],
    };
    makeRoom(correction.reading, row, column + 1);
    symbols.splice(place, 0, made);
    correction.goTo(row, place);
    settle(correction, made);
  });
}

/**
 * Where a symbol of a shape is inserted.
 * @param {Correction} correction
 * @param {string} shape
 */
function between({ staff, names, column }, shape) {
  const { unit, xs } = staff.staff;
  const before = /** @type {StaffSymbol | undefined} */ (staff.symbols[column]);
  const after = /** @type {StaffSymbol | undefined} */ (staff.symbols[column + 1]);
  const start = before ? before.x : xs[0];
  const x = after ? (start + after.x) / 2 : start + 1.5 * unit;
  const { beside } = names.shape(shape);
  if (!before || beside === null) return x;
  return Math.min(x, before.x + (names.form(before).extent[0] + beside) * unit);
}

/** @param {Correction} correction */
export function remove(correction) {
  const { symbol, staff, reading, row, column } = correction;
  if (!symbol) return;
  correction.change(() => {
    staff.symbols.splice(column, 1);
    closeUp(reading, row, column);
    correction.goTo(row, Math.max(0, Math.min(column, staff.symbols.length - 1)));
  });
}

/** @param {Correction} correction */
export function redden(correction) {
  const { symbol } = correction;
  if (!symbol) return;
  correction.change(() => {
    symbol.red = !symbol.red;
  });
}

/**
 * Say that the symbol is right, or that nothing is missing in the gap, and go on.
 * @param {Correction} correction
 * @returns {Said}
 */
export function accept(correction) {
  const { symbol, staff, gap, row, column } = correction;
  if (gap) {
    correction.change(() => {
      if (column >= 0) staff.symbols[column].unread = [];
      forgetGap(correction.reading, row, column);
    });
  } else if (symbol) {
    correction.change(() => makeSure(symbol));
  } else return;
  return toDoubtful(correction, 1);
}

/** @param {string} name */
function unknown(name) {
  return `${name} is no symbol that is known.`;
}
