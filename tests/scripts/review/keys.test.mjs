import assert from "node:assert/strict";
import { test } from "node:test";
import { actOf } from "../../../alamire/server/review/static/keys.mjs";
import { NO_STAFF, wordsOfPage } from "../../../alamire/server/review/static/words.mjs";
import { Work } from "../../../alamire/server/review/static/work.mjs";
import { correctionOf, namesOn, placeOf } from "./readings.mjs";

/** @import { Desk } from "../../../alamire/server/review/static/keys.mjs" */
/** @import { Correction } from "../../../alamire/server/review/static/correction.mjs" */

/** @type {string[]} */
const asked = [];
/** @type {(name: string) => () => null} */
const note = (name) => () => {
  asked.push(name);
  return null;
};
/** @type {Desk} */
const desk = {
  ask: (question, _value, _choices, then) => {
    asked.push(question);
    return then("dot");
  },
  turn: (go) => note(`turn ${go}`)(),
  save: note("save"),
  readAgain: note("read again"),
  toggleOverview: note("overview"),
  toggleHelp: note("help"),
};

/**
 * Press a key; undefined where it is the browser's.
 * @param {Correction} correction
 * @param {string} keys with the names of modifiers before it
 */
function press(correction, keys) {
  const [key, ...modifiers] = keys.split(" ").reverse();
  const [shiftKey, ctrlKey, metaKey, altKey] = ["Shift", "Control", "Meta", "Alt"].map((each) =>
    modifiers.includes(each),
  );
  const act = actOf({ key, shiftKey, ctrlKey, metaKey, altKey }, correction.reading.staves.length > 0);
  return act ? { said: act(correction, desk) } : undefined;
}

test("arrows go along the staff and shift the symbol", () => {
  const correction = correctionOf(["clef.C-L1 note.minima-L3"]);
  press(correction, "ArrowRight");
  press(correction, "ArrowUp");
  assert.equal(namesOn(correction), "clef.C-L1 note.minima-S3");
  const x = correction.symbol?.x ?? 0;
  press(correction, "Shift ArrowLeft");
  assert.ok((correction.symbol?.x ?? x) < x);
  press(correction, "Shift ArrowDown");
  assert.equal(namesOn(correction), "clef.C-L1 note.minima-L3", "Shift means nothing there");
});

test("on a staff without symbols arrows move its outline", () => {
  const correction = correctionOf([""]);
  press(correction, "ArrowDown");
  press(correction, "Shift ArrowRight");
  const { middle, xs, unit } = correction.staff.staff;
  assert.deepEqual([middle[0], xs[0]], [300 + unit, 100 + unit]);
  press(correction, "ArrowRight");
  assert.deepEqual(placeOf(correction), [0, 0, false]);
});

test("a page without staves has few keys, and Tab is the browser's", () => {
  const correction = correctionOf([]);
  for (const key of ["ArrowUp", "Shift Delete", "Enter", "e", "a", "["]) {
    assert.deepEqual(press(correction, key), { said: NO_STAFF }, key);
  }
  for (const key of ["Tab", "Shift Tab", "1", "x", "Home"])
    assert.equal(press(correction, key), undefined, key);
  press(correction, "+");
  assert.equal(correction.reading.staves.length, 1);
});

test("what is asked of the server and the page", () => {
  const correction = correctionOf(["clef.C-L1"]);
  asked.length = 0;
  for (const key of [
    "f",
    "Shift F",
    "b",
    "Shift B",
    "s",
    "Control s",
    "Meta s",
    "a",
    "o",
    "?",
    "i",
    "n",
    "e",
  ]) {
    press(correction, key);
  }
  assert.deepEqual(asked, [
    "turn on",
    "turn on any",
    "turn back",
    "turn back any",
    "save",
    "save",
    "save",
    "read again",
    "overview",
    "help",
    "Insert:",
    "Name of the part:",
    "Shape (and place, as L3):",
  ]);
});

test("Control Z undoes; other keys with modifiers are the browser's", () => {
  const correction = correctionOf(["clef.C-L1"]);
  press(correction, "Delete");
  assert.deepEqual(press(correction, "Control z"), { said: "Undone." });
  for (const key of ["Control c", "Meta r", "Alt ArrowLeft", "Control f", "toString", "F5"]) {
    assert.equal(press(correction, key), undefined, key);
  }
});

test("digits take alternatives, Enter says that a symbol is right", () => {
  const correction = correctionOf(["clef.C-L1 note.minima-L3"]);
  const [clef] = correction.staff.symbols;
  Object.assign(clef, { confidence: 0.3, alternatives: [["clef.F-L4", 0.2]] });
  press(correction, "Enter");
  assert.equal(clef.confidence, 1);
  press(correction, "u");
  press(correction, "1");
  assert.equal(namesOn(correction), "clef.F-L4 note.minima-L3");
  assert.deepEqual(press(correction, "2"), { said: "There is no alternative 2." });
});

test("what is left to do is said in a sentence", () => {
  const correction = correctionOf(
    ["clef.C-L1 note.minima-L3", ""],
    [{ at: [[0, 1]] }, { missing: [[0, 0]] }],
  );
  assert.equal(
    wordsOfPage(correction),
    "1 doubtful symbol and 1 where one may be missing, 1 staff to confirm.",
  );
  press(correction, "c");
  assert.equal(wordsOfPage(correction), "0 doubtful symbols, 0 staves to confirm; not saved yet.");
  assert.equal(wordsOfPage(correctionOf([])), "No staff was found on this surface.");
});

test("work is what lies between keys, but no break of a minute", () => {
  const work = new Work(0);
  for (const now of [30_000, 60_000, 600_000, 630_000]) work.goesOn(now);
  assert.equal(work.minutes, 1.5);
  work.startAnew();
  work.goesOn(636_000);
  assert.equal(work.minutes, 0.1);
});
