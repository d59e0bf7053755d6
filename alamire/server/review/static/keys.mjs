// Which key does what.

import { bind } from "./ligatures.mjs";
import { addStaff, beginPart, confirmStaff, moveOutline, namePart, removeStaff } from "./staves.mjs";
import { step, toDoubtful, toStaff } from "./steps.mjs";
import { accept, insert, redden, remove, rename, shift, shiftAlong, take } from "./symbols.mjs";
import { NO_STAFF } from "./words.mjs";

/** @import { Correction } from "./correction.mjs" */
/** @import { Move } from "./staves.mjs" */
/** @import { Said } from "./types.d.ts" */
/**
 * @typedef {object} Desk what keys ask for beyond the correction
 * @property {(question: string, value: string, choices: string[], then: (answer: string) => Said) => Said} ask
 * @property {(go: string) => Said} turn to another page
 * @property {() => Said} save
 * @property {() => Said} readAgain
 * @property {() => Said} toggleOverview
 * @property {() => Said} toggleHelp
 */
/** @typedef {(correction: Correction, desk: Desk) => Said} Act */
/** @typedef {Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">} Press */

const PARTS = ["Superius", "Tenor", "Contratenor", "Bassus", "Altus", "Quintus"];

/** @type {(move: Move) => Act} */
const outline = (move) => (correction) => moveOutline(correction, move);

/**
 * On a staff without symbols the arrows move its outline.
 * @type {(move: Move, act: Act) => Act}
 */
const outlineOr = (move, act) => (correction, desk) =>
  correction.isEmpty ? moveOutline(correction, move) : act(correction, desk);

/** @type {Record<string, Act>} */
const ON_ANY_PAGE = {
  "+": (correction) => addStaff(correction),
  o: (_, desk) => desk.toggleOverview(),
  u: (correction) => correction.undo(),
  s: (_, desk) => desk.save(),
  "?": (_, desk) => desk.toggleHelp(),
  f: (_, desk) => desk.turn("on"),
  b: (_, desk) => desk.turn("back"),
  F: (_, desk) => desk.turn("on any"),
  B: (_, desk) => desk.turn("back any"),
};

/** @type {Record<string, Act>} */
const ON_STAVES = {
  ArrowLeft: (correction) => step(correction, -1),
  ArrowRight: (correction) => step(correction, 1),
  ArrowUp: outlineOr({ down: -8 }, (correction) => shift(correction, 1)),
  ArrowDown: outlineOr({ down: 8 }, (correction) => shift(correction, -1)),
  "Shift ArrowLeft": outlineOr({ along: -8 }, (correction) => shiftAlong(correction, -1)),
  "Shift ArrowRight": outlineOr({ along: 8 }, (correction) => shiftAlong(correction, 1)),
  PageUp: (correction) => toStaff(correction, -1),
  PageDown: (correction) => toStaff(correction, 1),
  Delete: (correction) => remove(correction),
  Backspace: (correction) => remove(correction),
  "Shift Delete": (correction) => removeStaff(correction),
  Enter: (correction) => accept(correction),
  e: (correction, desk) => {
    const { symbol, names } = correction;
    if (!symbol) return null;
    return desk.ask("Shape (and place, as L3):", names.of(symbol), names.shapes, (name) =>
      rename(correction, name),
    );
  },
  i: (correction, desk) =>
    desk.ask("Insert:", "", correction.names.shapes, (name) => insert(correction, name)),
  l: (correction) => bind(correction),
  r: (correction) => redden(correction),
  c: (correction) => confirmStaff(correction),
  p: (correction) => beginPart(correction),
  n: (correction, desk) => {
    const name = correction.reading.parts[correction.staff.part] || "";
    return desk.ask("Name of the part:", name, PARTS, (given) => namePart(correction, given));
  },
  a: (_, desk) => desk.readAgain(),
  "[": outline({ down: -1 }),
  "]": outline({ down: 1 }),
  "{": outline({ wider: 0.99 }),
  "}": outline({ wider: 1.01 }),
  "<": outline({ longer: -8 }),
  ">": outline({ longer: 8 }),
};

/** @type {Record<string, Act>} */
const TO_DOUBT = {
  Tab: (correction) => toDoubtful(correction, 1),
  "Shift Tab": (correction) => toDoubtful(correction, -1),
};

/** @type {Record<string, Act>} */
const WITH_CONTROL = { z: ON_ANY_PAGE.u, s: ON_ANY_PAGE.s };

/**
 * What a key does on a page; null where the browser is to do what it does. A page without staves has few keys, and
 * Tab goes over its buttons.
 * @param {Press} press
 * @param {boolean} staves whether the page has any
 * @returns {Act | null}
 */
export function actOf({ key, shiftKey, ctrlKey, metaKey, altKey }, staves) {
  if (ctrlKey || metaKey) return own(WITH_CONTROL, key);
  if (altKey) return null;
  const anywhere = own(ON_ANY_PAGE, key);
  if (anywhere) return anywhere;
  const act = (shiftKey && own(ON_STAVES, `Shift ${key}`)) || own(ON_STAVES, key);
  if (!staves) return act && (() => NO_STAFF);
  if (/^[1-9]$/.test(key)) return (correction) => take(correction, Number(key));
  return act ?? own(TO_DOUBT, shiftKey ? `Shift ${key}` : key);
}

/**
 * @param {Record<string, Act>} acts
 * @param {string} key
 */
function own(acts, key) {
  return Object.hasOwn(acts, key) ? acts[key] : null;
}
