// Staves corrected: their outlines, those that were missed or are none, confirmation, and parts.

import { makeSure } from "./symbols.mjs";

/** @import { Correction } from "./correction.mjs" */
/** @import { Said, Staff, StaffSymbol } from "./types.d.ts" */
/** @typedef {{ down?: number, along?: number, longer?: number, wider?: number }} Move */

const LEAST = 8; // spaces that a staff is long

/**
 * Move the outline of the staff: down, along and its end, in eighths of a space; its lines wider apart by a factor.
 * @param {Correction} correction
 * @param {Move} move
 */
export function moveOutline(correction, { down = 0, along = 0, longer = 0, wider = 1 }) {
  correction.change(() => {
    const { staff } = correction;
    const lines = staff.staff;
    const eighth = lines.unit / 8;
    const start = lines.xs[0];
    const length = lines.xs[lines.xs.length - 1] - start;
    const stretch = Math.max(LEAST * lines.unit, length + longer * eighth) / length;
    lines.xs = lines.xs.map((x) => start + (x - start) * stretch + along * eighth);
    lines.middle = lines.middle.map((y) => y + down * eighth);
    lines.unit *= wider;
    staff.confirmed = false;
  });
}

/**
 * Add a staff below this one, or the first in the middle of the page.
 * @param {Correction} correction
 */
export function addStaff(correction) {
  correction.change(() => {
    const { reading, strips } = correction;
    const row = reading.staves.length ? correction.row + 1 : 0;
    const made = reading.staves.length ? staffBelow(correction) : firstStaff(correction);
    if (!reading.parts.length) reading.parts = ["Voice 1"];
    reading.staves.splice(row, 0, made);
    reading.findings = [];
    strips.splice(row, 0, null);
    correction.goTo(row, 0);
  });
}

/**
 * @param {Correction} correction
 * @returns {Staff}
 */
function firstStaff({ reading, spaces }) {
  const { width, height } = reading;
  const unit = Math.max(width, height) / spaces;
  const staff = { xs: [0.1 * width, 0.9 * width], middle: [height / 2, height / 2], unit };
  return { staff, symbols: [], part: 0, indent: 0, confirmed: false };
}

/**
 * A copy of the staff, as far below it as there is room before the next.
 * @param {Correction} correction
 * @returns {Staff}
 */
function staffBelow({ reading, row }) {
  const { staff: lines, part, indent } = reading.staves[row];
  const next = /** @type {Staff | undefined} */ (reading.staves[row + 1])?.staff;
  const half =
    next && next.xs[0] < lines.xs[lines.xs.length - 1] ? (next.middle[0] - lines.middle[0]) / 2 : 0;
  const down = half > 4 * lines.unit ? half : 8 * lines.unit;
  const staff = { xs: [...lines.xs], middle: lines.middle.map((y) => y + down), unit: lines.unit };
  return { staff, symbols: [], part, indent, confirmed: false };
}

/** @param {Correction} correction */
export function removeStaff(correction) {
  const { reading, strips, row } = correction;
  correction.change(() => {
    for (const rows of [reading.staves, strips]) rows.splice(row, 1);
    reading.findings = [];
    correction.goTo(Math.max(0, Math.min(row, reading.staves.length - 1)), 0);
  });
  return "The staff is taken out.";
}

/**
 * Put symbols on a staff that were read anew within its outline.
 * @param {Correction} correction
 * @param {number} row
 * @param {StaffSymbol[]} symbols
 * @returns {Said}
 */
export function putAnew(correction, row, symbols) {
  const { reading } = correction;
  const staff = /** @type {Staff | undefined} */ (reading.staves[row]);
  if (!staff) return null; // it was taken out meanwhile
  correction.change(() => {
    staff.symbols = symbols;
    reading.findings = [];
    correction.goTo(correction.row, 0);
  });
  return symbols.length ? "Read again." : "Read again: there is nothing within this outline.";
}

/** @param {Correction} correction */
export function confirmStaff(correction) {
  const { staff, row } = correction;
  correction.change(() => {
    staff.confirmed = !staff.confirmed;
    if (!staff.confirmed) return;
    for (const symbol of staff.symbols) {
      makeSure(symbol);
      symbol.unread = [];
    }
  });
  return staff.confirmed ? `Staff ${row + 1} is confirmed.` : `Staff ${row + 1} is open again.`;
}

/**
 * Begin a part with the staff, or take that back.
 * @param {Correction} correction
 * @returns {Said}
 */
export function beginPart(correction) {
  const { row, reading, staff } = correction;
  if (row === 0) return "The first staff always begins a part.";
  correction.change(() => {
    const { part } = staff;
    const begins = part !== reading.staves[row - 1].part;
    if (begins) reading.parts.splice(part, 1);
    else reading.parts.splice(part + 1, 0, `Voice ${part + 2}`);
    for (const each of reading.staves.slice(row)) each.part += begins ? -1 : 1;
  });
}

/**
 * @param {Correction} correction
 * @param {string} name
 */
export function namePart(correction, name) {
  const { reading, staff } = correction;
  if (!name.trim()) return;
  correction.change(() => {
    reading.parts[staff.part] = name.trim();
  });
}
