// The page as it is shown: the staves, the place where one is, the whole scan, the keys, and what is said.

import { doubtfulPlaces } from "./doubt.mjs";
import { drawStaff } from "./drawing.mjs";
import { byId } from "./elements.mjs";
import { drawOverview } from "./overview.mjs";
import { wordsOfPage, wordsOfPlace } from "./words.mjs";

/** @import { Correction } from "./correction.mjs" */
/** @import { Said, Shown } from "./types.d.ts" */

const [undoButton, saveButton] = ["undo", "save"].map((id) => /** @type {HTMLButtonElement} */ (byId(id)));
let overview = false; // whether the whole page is shown though it has staves

/**
 * Show a correction, and say what was done or else what is left to do.
 * @param {Correction} correction
 * @param {Said} [words]
 */
export function draw(correction, words) {
  const { staves } = correction.reading;
  const whole = overview || !staves.length;
  byId("page").hidden = !whole;
  if (whole) drawOverview(correction);
  /** @type {(row: number, column: number, gap: boolean) => void} */
  const choose = (row, column, gap) => {
    correction.goTo(row, column, gap);
    draw(correction);
  };
  byId("staves").replaceChildren(...staves.map((_, row) => drawStaff(correction, row, choose)));
  byId("symbol").replaceChildren(...wordsOfPlace(correction));
  saveButton.disabled = correction.isSaved;
  undoButton.disabled = correction.changes === 0;
  if (!whole || correction.symbol || correction.gap) {
    document.getElementById(`staff-${correction.row}`)?.scrollIntoView({ block: "nearest" });
  }
  say(words ?? wordsOfPage(correction));
}

/**
 * Show a page that was just given, at the first place in doubt.
 * @param {Correction} correction
 * @param {Shown} shown
 */
export function begin(correction, { title, count, who, surface }) {
  const [first] = doubtfulPlaces(correction);
  if (first) correction.goTo(first.row, first.column, first.gap);
  overview = !correction.reading.staves.length;
  byId("page").replaceChildren();
  byId("title").textContent = `${title} (page ${count}; ${who})`;
  document.title = `${title}: review`;
  history.replaceState(null, "", `/?surface=${encodeURIComponent(surface)}`);
  draw(correction);
}

/**
 * Show the whole page, or put it away.
 * @param {Correction} correction
 */
export function toggleOverview(correction) {
  overview = !overview;
  draw(correction);
  if (overview) window.scrollTo(0, 0);
}

/** Show the keys, or put them away. */
export function toggleHelp(shown = byId("help").hidden) {
  byId("help").hidden = !shown;
  byId("help-button").setAttribute("aria-expanded", String(shown));
}

/** @param {string} words */
export function say(words) {
  byId("state").textContent = words;
}

/** @param {string} words "" takes the warning away */
export function warn(words) {
  byId("warning").textContent = words;
  byId("warning").hidden = !words;
}
