// Where a person should look: symbols in doubt, and gaps where one may be missing.

import { findingsOf, findingsOfGap } from "./findings.mjs";

/** @import { Correction } from "./correction.mjs" */
/** @typedef {{ row: number, column: number, gap: boolean }} Place */
/** @typedef {{ name: string, odds: number | null }} Candidate */

/**
 * How certain a symbol is: low where a check names it, else by its confidence.
 * @param {Correction} correction
 * @param {number} row
 * @param {number} column
 * @returns {"high" | "medium" | "low"}
 */
export function certaintyOf({ reading, doubt }, row, column) {
  const { confidence } = reading.staves[row].symbols[column];
  if (confidence < doubt.medium || findingsOf(reading, row, column).length) return "low";
  return confidence < doubt.high ? "medium" : "high";
}

/**
 * What may be missing after a symbol, and what the checks say of it; null where nothing is.
 * @param {Correction} correction
 * @param {number} row
 * @param {number} column
 * @returns {{ candidates: Candidate[], remarks: string[] } | null}
 */
export function missingAfter({ reading, doubt }, row, column) {
  const staff = reading.staves[row];
  if (!staff || staff.confirmed) return null;
  const unread = staff.symbols[column]?.unread ?? [];
  const findings = findingsOfGap(reading, row, column);
  const odds = unread.reduce((sum, [, each]) => sum + each, 0);
  if (!findings.length && odds < doubt.missing) return null;
  /** @type {Map<string, number | null>} */
  const candidates = new Map(unread);
  for (const { sign } of findings) {
    if (sign && !candidates.has(sign)) candidates.set(sign, null);
  }
  return {
    candidates: [...candidates].map(([name, each]) => ({ name, odds: each })),
    remarks: findings.map((finding) => finding.message),
  };
}

/**
 * The places to look at, in reading order; a staff that is confirmed has none.
 * @param {Correction} correction
 * @returns {Place[]}
 */
export function doubtfulPlaces(correction) {
  /** @type {Place[]} */
  const found = [];
  correction.reading.staves.forEach((staff, row) => {
    if (staff.confirmed) return;
    for (let column = -1; column < staff.symbols.length; column += 1) {
      const isLow = column >= 0 && certaintyOf(correction, row, column) === "low";
      if (isLow) found.push({ row, column, gap: false });
      if (missingAfter(correction, row, column)) found.push({ row, column, gap: true });
    }
  });
  return found;
}
