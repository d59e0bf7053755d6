// What the checks said of symbols and of gaps, by their places: they move as symbols come and go.

/** @import { At, Finding, Reading } from "./types.d.ts" */

/**
 * @param {At} at
 * @param {number} row
 * @param {number} column
 */
const isAt = (at, row, column) => at[0] === row && at[1] === column;

/**
 * The findings that name a symbol.
 * @param {Reading} reading
 * @param {number} row
 * @param {number} column
 * @returns {Finding[]}
 */
export function findingsOf(reading, row, column) {
  return reading.findings.filter((finding) => finding.at.some((at) => isAt(at, row, column)));
}

/**
 * The findings that miss something after a symbol.
 * @param {Reading} reading
 * @param {number} row
 * @param {number} column
 * @returns {Finding[]}
 */
export function findingsOfGap(reading, row, column) {
  return reading.findings.filter((finding) => finding.missing.some((at) => isAt(at, row, column)));
}

/**
 * Forget that something was missed after a symbol.
 * @param {Reading} reading
 * @param {number} row
 * @param {number} column
 */
export function forgetGap(reading, row, column) {
  for (const finding of reading.findings) {
    finding.missing = finding.missing.filter((at) => !isAt(at, row, column));
  }
}

/**
 * Keep findings at their symbols where one has come to a place; the gap that it fills is no more.
 * @param {Reading} reading
 * @param {number} row
 * @param {number} column
 */
export function makeRoom(reading, row, column) {
  forgetGap(reading, row, column - 1);
  move(reading, row, column, 1);
}

/**
 * Keep findings at their symbols where one has gone from a place.
 * @param {Reading} reading
 * @param {number} row
 * @param {number} column
 */
export function closeUp(reading, row, column) {
  for (const finding of reading.findings) finding.at = finding.at.filter((at) => !isAt(at, row, column));
  move(reading, row, column, -1);
}

/**
 * @param {Reading} reading
 * @param {number} row
 * @param {number} from
 * @param {number} by
 */
function move(reading, row, from, by) {
  /** @type {(at: At) => At} */
  const moved = (at) => (at[0] === row && at[1] >= from ? [row, at[1] + by] : at);
  for (const finding of reading.findings) {
    finding.at = finding.at.map(moved);
    finding.missing = finding.missing.map(moved);
  }
}
