// From place to place: symbol by symbol, staff by staff, and to what is in doubt.

import { doubtfulPlaces } from "./doubt.mjs";

/** @import { Correction } from "./correction.mjs" */
/** @import { Place } from "./doubt.mjs" */
/** @typedef {1 | -1} Direction */

/**
 * Go to the next symbol or the one before, over the ends of staves; a gap lies between two symbols.
 * @param {Correction} correction
 * @param {Direction} direction
 */
export function step(correction, direction) {
  const { reading, row, column, gap } = correction;
  const to = gap ? column + (direction > 0 ? 1 : 0) : column + direction;
  const last = reading.staves.length - 1;
  if (to < 0 && row > 0) return correction.goTo(row - 1, lastColumn(correction, row - 1));
  if (to >= correction.staff.symbols.length && row < last) return correction.goTo(row + 1, 0);
  return correction.goTo(row, Math.min(lastColumn(correction, row), Math.max(0, to)));
}

/**
 * @param {Correction} correction
 * @param {number} row
 */
function lastColumn(correction, row) {
  return Math.max(0, correction.reading.staves[row].symbols.length - 1);
}

/**
 * Go to the beginning of the next staff or of the one before.
 * @param {Correction} correction
 * @param {Direction} direction
 */
export function toStaff(correction, direction) {
  const last = correction.reading.staves.length - 1;
  correction.goTo(Math.min(last, Math.max(0, correction.row + direction)), 0);
}

/**
 * Go to the next place in doubt or the one before; return what to say where there is none.
 * @param {Correction} correction
 * @param {Direction} direction
 */
export function toDoubtful(correction, direction) {
  const beyond = doubtfulPlaces(correction).filter((place) => direction * compare(place, correction) > 0);
  const next = direction > 0 ? beyond[0] : beyond[beyond.length - 1];
  if (next) return correction.goTo(next.row, next.column, next.gap);
  const page = direction > 0 ? "f goes to the next page" : "b goes to the page before";
  return `Nothing more is doubtful this way; ${page}.`;
}

/**
 * @param {Place} one
 * @param {Place} other
 */
function compare(one, other) {
  return one.row - other.row || one.column - other.column || Number(one.gap) - Number(other.gap);
}
