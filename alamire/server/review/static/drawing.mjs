// A staff drawn: its strip of the scan with the boxes of its symbols, and below it what was read.

import { certaintyOf, missingAfter } from "./doubt.mjs";
import { drawn, written } from "./elements.mjs";
import { belowMiddle, middleAt } from "./geometry.mjs";

/** @import { Correction } from "./correction.mjs" */
/** @import { Form, Staff, StaffLines, StaffSymbol, Strip } from "./types.d.ts" */
/**
 * @typedef {object} Sheet what a staff is drawn on
 * @property {Element} svg
 * @property {(x: number) => number} toX from pixels of the scan
 * @property {(y: number) => number} toY
 * @property {number} unit between two lines
 * @property {number} middle of what was read
 */

const ROOM = 8.6; // spaces below the strip for what was read
const STROKE = 0.12; // spaces
export const LINES = [-2, -1, 0, 1, 2]; // from the middle one

/**
 * @param {Correction} correction
 * @param {number} row
 * @param {(row: number, column: number, gap: boolean) => void} choose what a click does
 */
export function drawStaff(correction, row, choose) {
  const staff = correction.reading.staves[row];
  const here = row === correction.row;
  const section = document.createElement("section");
  section.className = `staff${here ? " here" : ""}${staff.confirmed ? " confirmed" : ""}`;
  section.id = `staff-${row}`;
  const picture = document.createElement("div");
  picture.className = "strip";
  section.append(written("h2", headingOf(correction, row)), picture);
  const strip = correction.strips[row];
  if (!strip) return section;
  const names = staff.symbols.map((symbol) => correction.names.of(symbol));
  const sheet = sheetOf(picture, strip, staff, `Staff ${row + 1}: ${names.join(", ")}`);
  drawLines(sheet, staff.staff);
  const chosen = here ? { column: correction.column, gap: correction.gap } : null;
  staff.symbols.forEach((symbol, column) => {
    const isChosen = chosen?.column === column && !chosen.gap;
    const kind = certaintyOf(correction, row, column) + (isChosen ? " chosen" : "");
    const box = drawBox(sheet, strip, symbol, kind);
    const sign = drawForm(sheet, correction.names.form(symbol), symbol, kind);
    for (const target of [box, sign]) target.addEventListener("click", () => choose(row, column, false));
  });
  for (let column = -1; column < staff.symbols.length; column += 1) {
    if (!missingAfter(correction, row, column)) continue;
    const kind = chosen?.column === column && chosen.gap ? "gap chosen" : "gap";
    const gap = drawGap(sheet, staff, column, kind);
    gap.addEventListener("click", () => choose(row, column, true));
  }
  return section;
}

/**
 * @param {Correction} correction
 * @param {number} row
 */
function headingOf({ reading }, row) {
  const { part, confirmed } = reading.staves[row];
  const begins = row === 0 || part !== reading.staves[row - 1].part;
  const name = reading.parts[part] || `Voice ${part + 1}`;
  return `Staff ${row + 1} · ${name}${begins ? " (begins)" : ""}${confirmed ? " · confirmed" : ""}`;
}

/**
 * @param {Element} parent
 * @param {Strip} strip
 * @param {Staff} staff
 * @param {string} label
 * @returns {Sheet}
 */
function sheetOf(parent, strip, staff, label) {
  const unit = staff.staff.unit * strip.factor;
  const room = ROOM * unit;
  const { width, height } = strip;
  const viewBox = `0 0 ${width} ${height + room}`;
  const svg = drawn(parent, "svg", { viewBox, role: "img", "aria-label": label });
  drawn(svg, "image", { href: strip.picture, width, height });
  return {
    svg,
    toX: (x) => (x - strip.left) * strip.factor,
    toY: (y) => (y - strip.top) * strip.factor,
    unit,
    middle: height + room / 2,
  };
}

/**
 * The outline of a staff on the scan, and the lines for what was read.
 * @param {Sheet} sheet
 * @param {StaffLines} lines
 */
function drawLines({ svg, toX, toY, unit, middle }, lines) {
  drawOutline(svg, lines, "outline", toX, toY);
  const [x1, x2] = [toX(lines.xs[0]), toX(lines.xs[lines.xs.length - 1])];
  for (const line of LINES) {
    const y = middle + line * unit;
    drawn(svg, "line", { class: "line", x1, x2, y1: y, y2: y });
  }
}

/**
 * The five lines of a staff where they lie on the scan.
 * @param {Element} svg
 * @param {StaffLines} lines
 * @param {string} kind
 * @param {(x: number) => number} toX
 * @param {(y: number) => number} toY
 */
export function drawOutline(svg, lines, kind, toX = (x) => x, toY = (y) => y) {
  for (const line of LINES) {
    const points = lines.xs.map((x, index) => `${toX(x)},${toY(lines.middle[index] + line * lines.unit)}`);
    drawn(svg, "polyline", { class: kind, points: points.join(" ") });
  }
}

/**
 * @param {Sheet} sheet
 * @param {Strip} strip
 * @param {StaffSymbol} symbol
 * @param {string} kind
 */
function drawBox({ svg, toX, toY }, { factor }, symbol, kind) {
  const [left, top, right, bottom] = symbol.box;
  const width = Math.max(2, (right - left) * factor);
  const height = Math.max(2, (bottom - top) * factor);
  return drawn(svg, "rect", { class: `box ${kind}`, x: toX(left), y: toY(top), width, height });
}

/**
 * @param {Sheet} sheet
 * @param {Form} form
 * @param {StaffSymbol} symbol
 * @param {string} kind
 */
function drawForm({ svg, toX, unit, middle }, form, symbol, kind) {
  const y = middle + belowMiddle(symbol.height, unit);
  const transform = `translate(${toX(symbol.x)} ${y}) scale(${unit})`;
  const group = drawn(svg, "g", { class: `glyph ${kind}`, transform, "stroke-width": STROKE });
  for (const { path, filled, thick, text, x = 0, y: down = 0, size = 1 } of form.marks) {
    if (path) {
      const look = { ...(filled ? { class: "filled" } : {}), ...(thick ? { "stroke-width": thick } : {}) };
      drawn(group, "path", { d: path, ...look });
    }
    if (text) drawn(group, "text", { x, y: down, "font-size": size }, text);
  }
  return group;
}

/**
 * Where a symbol may be missing: a mark between its neighbours, on the scan and on what was read.
 * @param {Sheet} sheet
 * @param {Staff} staff
 * @param {number} column
 * @param {string} kind
 */
function drawGap({ svg, toX, toY, unit, middle }, { staff: lines, symbols }, column, kind) {
  const before = /** @type {StaffSymbol | undefined} */ (symbols[column]);
  const after = /** @type {StaffSymbol | undefined} */ (symbols[column + 1]);
  const from = before ? before.x : lines.xs[0] - lines.unit;
  const x = toX(after ? (from + after.x) / 2 : from + 1.5 * lines.unit);
  const group = drawn(svg, "g", { class: kind, "stroke-width": STROKE * unit });
  for (const y of [toY(middleAt(lines, from)), middle]) {
    const [width, height, rx] = [0.6 * unit, 5.2 * unit, 0.2 * unit];
    drawn(group, "rect", { x: x - width / 2, y: y - height / 2, width, height, rx });
    drawn(group, "text", { x, y: y - 2.9 * unit, "font-size": 1.5 * unit, "text-anchor": "middle" }, "?");
  }
  return group;
}
