// Where symbols stand and how much of the scan they cover. Pixels are those of the scan, heights count steps from
// the lowest line upwards.

/** @import { Form, StaffLines, StaffSymbol } from "./types.d.ts" */

const MIDDLE_LINE = 4;

/**
 * Where the middle line runs at x; beyond its ends it runs on.
 * @param {StaffLines} lines
 * @param {number} x
 */
export function middleAt(lines, x) {
  const { xs, middle } = lines;
  let index = xs.findIndex((node) => node > x);
  if (index < 1) index = index === 0 ? 1 : xs.length - 1;
  const part = (x - xs[index - 1]) / (xs[index] - xs[index - 1]);
  return middle[index - 1] + part * (middle[index] - middle[index - 1]);
}

/**
 * How far below the middle line a height lies.
 * @param {number} height
 * @param {number} unit
 */
export function belowMiddle(height, unit) {
  return ((MIDDLE_LINE - height) * unit) / 2;
}

/**
 * The rectangle that a symbol fills by its form; it reaches no further than halfway to its neighbours.
 * @param {StaffLines} lines
 * @param {Form} form
 * @param {StaffSymbol} symbol
 * @param {StaffSymbol} [before]
 * @param {StaffSymbol} [after]
 * @returns {StaffSymbol["box"]}
 */
export function boxOf(lines, form, symbol, before, after) {
  const { unit } = lines;
  const [half, below, above] = form.extent;
  const y = middleAt(lines, symbol.x) + belowMiddle(symbol.height, unit);
  const [left, right] = [symbol.x - half * unit, symbol.x + half * unit];
  return [
    before ? Math.max(left, (before.x + symbol.x) / 2) : left,
    y - above * unit,
    after ? Math.min(right, (after.x + symbol.x) / 2) : right,
    y + below * unit,
  ];
}
