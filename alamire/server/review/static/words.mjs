// What is said of the place where one is, and of the page.

import { doubtfulPlaces, missingAfter } from "./doubt.mjs";
import { written } from "./elements.mjs";
import { findingsOf } from "./findings.mjs";

/** @import { Correction } from "./correction.mjs" */

const SHOWN = 9; // alternatives: as many as there are keys for them
export const NO_STAFF = "There is no staff on this page. + adds one.";

/**
 * What is said of the symbol or gap where one is, as nodes.
 * @param {Correction} correction
 * @returns {(Node | string)[]}
 */
export function wordsOfPlace(correction) {
  if (!correction.reading.staves.length) return [NO_STAFF];
  if (correction.gap) return wordsOfGap(correction);
  const { symbol, reading, names, row, column, staff } = correction;
  if (!symbol) {
    return [
      "This staff has no symbols. ↑ ↓ and Shift ← → move its outline, a reads what is within it, i inserts a symbol.",
    ];
  }
  const pitch = names.pitch(staff.symbols, column);
  return [
    written("strong", names.of(symbol) + (symbol.red ? " (red)" : "")),
    ` ${pitch && `${pitch}, `}${percent(symbol.confidence)} sure. `,
    ...choices(symbol.alternatives.map(([name, odds]) => ({ name, odds }))),
    ...remarks(findingsOf(reading, row, column).map((finding) => finding.message)),
  ];
}

/**
 * @param {Correction} correction
 * @returns {(Node | string)[]}
 */
function wordsOfGap(correction) {
  const missing = missingAfter(correction, correction.row, correction.column);
  const candidates = missing?.candidates ?? [];
  return [
    written("strong", `${whereGapIs(correction)} something may be missing. `),
    ...choices(candidates),
    written("kbd", "i"),
    candidates.length ? " another  " : " insert it  ",
    written("kbd", "Enter"),
    " nothing is missing ",
    ...remarks(missing?.remarks ?? []),
  ];
}

/** @param {Correction} correction */
function whereGapIs({ staff, names, column }) {
  const [before, after] = [staff.symbols[column], staff.symbols[column + 1]];
  if (before && after) return `Between ${names.of(before)} and ${names.of(after)}`;
  if (before) return `After ${names.of(before)}`;
  return after ? `Before ${names.of(after)}` : "Here";
}

/**
 * @param {{ name: string, odds: number | null }[]} candidates
 * @returns {(Node | string)[]}
 */
function choices(candidates) {
  return candidates
    .slice(0, SHOWN)
    .flatMap(({ name, odds }, index) => [
      written("kbd", String(index + 1)),
      ` ${name}${odds === null ? "" : ` (${percent(odds)})`}  `,
    ]);
}

/** @param {string[]} said */
function remarks(said) {
  return said.length ? [`— ${said.join("; ")}`] : [];
}

/** @param {number} odds */
function percent(odds) {
  return `${Math.round(odds * 100)} %`;
}

/**
 * What is left to do on the page, in a sentence.
 * @param {Correction} correction
 */
export function wordsOfPage(correction) {
  const unsaved = correction.isSaved ? "" : "; not saved yet";
  const { staves } = correction.reading;
  if (!staves.length) return `No staff was found on this surface${unsaved}.`;
  const open = staves.filter((staff) => staff.symbols.length && !staff.confirmed).length;
  const places = doubtfulPlaces(correction);
  const gaps = places.filter((place) => place.gap).length;
  const where = gaps ? ` and ${gaps} where one may be missing` : "";
  const doubtful = counted(places.length - gaps, "doubtful symbol", "doubtful symbols");
  return `${doubtful}${where}, ${counted(open, "staff", "staves")} to confirm${unsaved}.`;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
function counted(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}
