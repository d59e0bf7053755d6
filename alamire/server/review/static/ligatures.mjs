// Notes bound into ligatures, and loosened again.

import { settle } from "./symbols.mjs";

/** @import { Correction } from "./correction.mjs" */
/** @import { Said, StaffSymbol } from "./types.d.ts" */

/**
 * Bind the note with the next into a ligature, or loosen the ligature that it is in.
 * @param {Correction} correction
 * @returns {Said}
 */
export function bind(correction) {
  const { symbol, staff, names, column } = correction;
  if (!symbol) return;
  if (names.shape(symbol.shape).ligature) return loosen(correction);
  const next = /** @type {StaffSymbol | undefined} */ (staff.symbols[column + 1]);
  const [first, second] = [symbol, next].map((each) => each && names.shape(each.shape).bound);
  if (!next || !second) return "There is no note after this one to bind it with.";
  if (!first) return "This is no note that can be bound.";
  correction.change(() => {
    become(correction, symbol, first.first);
    become(correction, next, second.next);
  });
}

/** @param {Correction} correction */
function loosen(correction) {
  const { staff, column } = correction;
  const inLigature = (/** @type {number} */ index) =>
    correction.names.shape(staff.symbols[index].shape).ligature;
  correction.change(() => {
    let index = column;
    while (index > 0 && !inLigature(index)?.begins) index -= 1;
    for (; index < staff.symbols.length; index += 1) {
      const note = inLigature(index);
      if (!note) break;
      become(correction, staff.symbols[index], note.loosened);
      if (note.ends) break;
    }
  });
}

/**
 * @param {Correction} correction
 * @param {StaffSymbol} symbol
 * @param {string} shape
 */
function become(correction, symbol, shape) {
  symbol.shape = shape;
  settle(correction, symbol);
}
