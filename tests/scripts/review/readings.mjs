// Readings to correct, with what the server truly says of shapes: the tests are run by pytest, which writes it.

import { readFileSync } from "node:fs";
import { Correction } from "../../../alamire/server/review/static/correction.mjs";

/** @import { Finding, Shown, StaffLines, StaffSymbol, Vocabulary } from "../../../alamire/server/review/static/types.d.ts" */
/** @typedef {{ name: string, stem: "" | "up" | "down", lines: StaffLines, x: number, before: number | null, after: number | null, box: StaffSymbol["box"] }} Boxed */
/** @typedef {{ vocabulary: Vocabulary, boxes: Boxed[] }} Said */

const file = process.env.REVIEW_VOCABULARY;
if (!file) throw new Error("run these tests by: python -m pytest tests/scripts");
/** @type {Said} */
export const said = JSON.parse(readFileSync(file, "utf-8"));

export const UNIT = 20;
export const APART = 60; // pixels between symbols

/**
 * A symbol by its name, of which the reader was sure.
 * @param {string} name
 * @param {Partial<StaffSymbol>} [given]
 * @returns {StaffSymbol}
 */
export function symbolOf(name, given = {}) {
  const [shape, ...place] = name.split("-");
  const { lowest, names } = said.vocabulary.heights;
  return {
    shape,
    height: lowest + names.indexOf(place.join("-")),
    x: 0,
    box: [0, 0, 0, 0],
    confidence: 1,
    alternatives: [],
    red: false,
    stem: "",
    unread: [],
    ...given,
  };
}

/**
 * A page with symbols on staves of one part.
 * @param {string[]} staves names with spaces between
 * @param {Partial<Finding>[]} [findings]
 */
export function correctionOf(staves, findings = []) {
  /** @type {Shown} */
  const shown = {
    reading: {
      width: 1000,
      height: 1500,
      staves: staves.map((names, row) => ({
        staff: { xs: [100, 900], middle: [300 + 300 * row, 300 + 300 * row], unit: UNIT },
        symbols: names
          .split(" ")
          .filter(Boolean)
          .map((name, column) => symbolOf(name, { x: 120 + APART * column })),
        part: 0,
        indent: 0,
        confirmed: false,
      })),
      parts: ["Superius"],
      findings: findings.map((each) => ({ code: "", message: "", at: [], missing: [], sign: "", ...each })),
      history: [],
    },
    strips: staves.map((_, row) => ({ picture: `/${row}`, left: 0, top: 0, factor: 1, width: 9, height: 9 })),
    vocabulary: said.vocabulary,
    base: "",
    surface: "s0001",
    spaces: 100,
    title: "",
    count: "",
    who: "",
  };
  return new Correction(shown);
}

/**
 * The names of the symbols on a staff.
 * @param {Correction} correction
 */
export function namesOn(correction, row = 0) {
  const { reading, names } = correction;
  return reading.staves[row].symbols.map((symbol) => names.of(symbol)).join(" ");
}

/**
 * Where one is: staff, symbol, and whether it is the gap after it.
 * @param {Correction} correction
 */
export function placeOf({ row, column, gap }) {
  return [row, column, gap];
}
