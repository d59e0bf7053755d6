import assert from "node:assert/strict";
import { test } from "node:test";
import { bind } from "../../../alamire/server/review/static/ligatures.mjs";
import {
  insert,
  redden,
  remove,
  rename,
  shift,
  shiftAlong,
  take,
} from "../../../alamire/server/review/static/symbols.mjs";
import { APART, correctionOf, namesOn, placeOf, symbolOf, UNIT } from "./readings.mjs";

const STAFF = "clef.C-L1 note.minima-L3 note.minima-S3";

test("what is shifted is sure, boxed anew, and goes no further than heights have names", () => {
  const correction = correctionOf([STAFF]);
  correction.goTo(0, 1);
  const { symbol } = correction;
  assert.ok(symbol);
  Object.assign(symbol, { confidence: 0.5, alternatives: [["note.minima-L4", 0.4]] });
  shift(correction, 2);
  assert.deepEqual([symbol.confidence, symbol.alternatives], [1, []]);
  const [, top] = symbol.box;
  shift(correction, 2);
  assert.equal(symbol.box[1], top - UNIT);
  for (let count = 0; count < 30; count += 1) shift(correction, -1);
  assert.equal(symbol.height, -4);
});

test("what is shifted along the staff passes its neighbours, and one stays with it", () => {
  const correction = correctionOf([STAFF]);
  correction.goTo(0, 1);
  for (let moved = 0; moved <= APART; moved += UNIT / 8) shiftAlong(correction, 1);
  assert.equal(namesOn(correction), "clef.C-L1 note.minima-S3 note.minima-L3");
  assert.deepEqual(placeOf(correction), [0, 2, false]);
});

test("another shape by its name; an unknown name changes nothing", () => {
  const correction = correctionOf([STAFF]);
  correction.goTo(0, 1);
  assert.equal(rename(correction, "brevis-S4"), undefined);
  assert.equal(namesOn(correction), "clef.C-L1 note.brevis-S4 note.minima-S3");
  assert.equal(rename(correction, "zzz"), "zzz is no symbol that is known.");
  assert.equal(correction.changes, 1);
});

test("a digit takes an alternative of the symbol, or what may be missing in a gap", () => {
  const correction = correctionOf([STAFF]);
  correction.goTo(0, 1);
  const { symbol } = correction;
  assert.ok(symbol);
  symbol.alternatives = [
    ["note.minima-L4", 0.4],
    ["rest.minima-L3", 0.1],
  ];
  symbol.unread = [["dot-L3", 0.4]];
  assert.equal(take(correction, 3), "There is no alternative 3.");
  take(correction, 2);
  assert.equal(namesOn(correction), "clef.C-L1 rest.minima-L3 note.minima-S3");
  correction.goTo(0, 1, true);
  take(correction, 1);
  assert.equal(namesOn(correction), "clef.C-L1 rest.minima-L3 dot-L3 note.minima-S3");
});

test("a symbol is inserted halfway to the next, a dot beside its note", () => {
  const correction = correctionOf([STAFF]);
  const [clef, first, second] = correction.staff.symbols;
  insert(correction, "sharp");
  assert.equal(correction.symbol?.x, (clef.x + first.x) / 2);
  assert.equal(correction.symbol?.height, clef.height);
  correction.goTo(0, 2);
  insert(correction, "dot");
  const dot = correction.symbol;
  assert.ok(dot && dot.x > first.x + UNIT / 2 && dot.x < (first.x + second.x) / 2);
  assert.equal(namesOn(correction), "clef.C-L1 accidental.sharp-L1 note.minima-L3 dot-L3 note.minima-S3");
});

test("a symbol is inserted before the first, after the last, and on an empty staff", () => {
  const correction = correctionOf(["note.minima-L3", ""]);
  correction.goTo(0, -1, true);
  insert(correction, "clef.C-L1");
  correction.goTo(0, 1);
  insert(correction, "custos");
  assert.equal(namesOn(correction), "clef.C-L1 note.minima-L3 custos-L3");
  correction.goTo(1, 0);
  insert(correction, "clef.F-L4");
  assert.equal(namesOn(correction, 1), "clef.F-L4");
  assert.deepEqual(placeOf(correction), [1, 0, false]);
});

test("a symbol is taken out; in a gap there is none to take out", () => {
  const correction = correctionOf([STAFF]);
  correction.goTo(0, 2);
  remove(correction);
  assert.equal(namesOn(correction), "clef.C-L1 note.minima-L3");
  assert.deepEqual(placeOf(correction), [0, 1, false]);
  correction.goTo(0, 1, true);
  remove(correction);
  shift(correction, 1);
  redden(correction);
  assert.equal(correction.changes, 1);
});

test("ink is red or black", () => {
  const correction = correctionOf([STAFF]);
  redden(correction);
  assert.ok(correction.symbol?.red);
  redden(correction);
  assert.ok(!correction.symbol?.red);
});

test("notes are bound one after the other, and loosened together", () => {
  const correction = correctionOf(["note.brevis~-L3 note.brevis-L4 note.minima-S3 rest.minima-L3"]);
  correction.goTo(0, 1);
  bind(correction);
  correction.goTo(0, 0);
  bind(correction);
  assert.equal(namesOn(correction), "ligature.start~-L3 ligature.middle-L4 ligature.end-S3 rest.minima-L3");
  correction.goTo(0, 1);
  bind(correction);
  assert.equal(namesOn(correction), "note.brevis~-L3 note.brevis-L4 note.brevis-S3 rest.minima-L3");
});

test("a ligature is loosened from its beginning to its end, and not the one beside it", () => {
  const correction = correctionOf([
    "ligature.oblique-L3 ligature.end.down-L2 ligature.start-L4 ligature.end-L3",
  ]);
  correction.goTo(0, 1);
  bind(correction);
  assert.equal(namesOn(correction), "note.brevis-L3 note.brevis-L2 ligature.start-L4 ligature.end-L3");
});

test("only notes are bound", () => {
  const correction = correctionOf(["clef.C-L1 note.minima-L3 rest.minima-L3"]);
  assert.equal(bind(correction), "This is no note that can be bound.");
  correction.goTo(0, 1);
  assert.equal(bind(correction), "There is no note after this one to bind it with.");
  assert.equal(correction.changes, 0);
});

test("a box reaches halfway to its neighbours", () => {
  const correction = correctionOf(["clef.C-L1 note.brevis-L3"]);
  correction.staff.symbols.push(symbolOf("note.brevis-L3", { x: 190 }));
  correction.goTo(0, 1);
  shift(correction, 1);
  assert.equal(correction.symbol?.box[2], 185);
});
