// The correction page: from keys and buttons to what is corrected, asked of the server, and shown.

import { Correction } from "./correction.mjs";
import { byId } from "./elements.mjs";
import { actOf } from "./keys.mjs";
import { begin, draw, say, toggleHelp, toggleOverview, warn } from "./page.mjs";
import { Question } from "./question.mjs";
import { NotDone, readAgain, readingOf, save, stripOf } from "./server.mjs";
import { putAnew } from "./staves.mjs";
import { Work } from "./work.mjs";

/** @import { Act, Desk } from "./keys.mjs" */

const question = new Question();
const work = new Work();
/** @type {Correction} */
let correction;

/** @type {Desk} */
const desk = {
  ask(words, value, choices, then) {
    question.ask(words, value, choices, (answer) => perform(() => then(answer)));
    return null;
  },
  turn(go) {
    if (!correction.isSaved) return "Not saved yet: s saves, then the page can be left.";
    attempt(async () => {
      await load(correction.surface, go);
      window.scrollTo(0, 0);
    });
    return "Reading…";
  },
  save() {
    if (correction.isSaved) return "Nothing has changed.";
    attempt(keep);
    return null;
  },
  readAgain() {
    attempt(readStaffAgain);
    return null;
  },
  toggleOverview() {
    toggleOverview(correction);
    return null;
  },
  toggleHelp() {
    toggleHelp();
    return null;
  },
};

/**
 * Do what a key does, and show it.
 * @param {Act} act
 */
function perform(act) {
  const words = act(correction, desk);
  if (words === null) return;
  draw(correction, words);
  if (!correction.hasStrip) attempt(fetchStrip);
}

/**
 * Try what the server may refuse; say why, where it does.
 * @param {() => Promise<void>} task
 */
async function attempt(task) {
  try {
    await task();
    return true;
  } catch (error) {
    if (!(error instanceof NotDone)) throw error;
    if (error.warning) warn(error.warning);
    say(error.message);
    return false;
  }
}

/**
 * @param {string} surface
 * @param {string} [go]
 */
async function load(surface, go) {
  const shown = await readingOf(surface, go);
  correction = new Correction(shown);
  work.startAnew();
  begin(correction, shown);
}

async function keep() {
  work.goesOn();
  const [{ minutes }, { changes }] = [work, correction];
  const answer = await save(correction, minutes);
  work.startAnew();
  warn("");
  correction.saved(changes, answer.base, answer.reading);
  const kept = `Saved as version ${answer.version}, after ${minutes.toFixed(1)} minutes.`;
  draw(correction, answer.version === null ? "Nothing had changed." : kept);
}

async function readStaffAgain() {
  const asked = correction;
  const { row, staff } = asked;
  const { symbols } = await readAgain(asked.surface, staff.staff);
  const words = putAnew(asked, row, symbols);
  if (asked === correction) draw(asked, words);
}

/** The strip of a staff whose outline has just come or moved. */
async function fetchStrip() {
  const asked = correction;
  const outline = structuredClone(asked.staff.staff);
  asked.putStrip(outline, await stripOf(asked.surface, outline));
  if (asked === correction) draw(asked);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  work.goesOn();
  if (question.isOpen) {
    if (event.key === "Escape") question.dismiss();
    return;
  }
  if (event.key === "Escape") return toggleHelp(false);
  const act = actOf(event, correction.reading.staves.length > 0);
  if (!act) return;
  event.preventDefault();
  perform(act);
}

if (await attempt(() => load(new URLSearchParams(location.search).get("surface") ?? ""))) {
  document.addEventListener("keydown", pressed);
  byId("undo").addEventListener("click", () => perform(() => correction.undo()));
  byId("save").addEventListener("click", () => perform(() => desk.save()));
  byId("help-button").addEventListener("click", () => toggleHelp());
  window.addEventListener("beforeunload", (event) => {
    if (!correction.isSaved) event.preventDefault();
  });
}
