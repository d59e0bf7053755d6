import assert from "node:assert/strict";
import { test } from "node:test";
import { moveOutline } from "../../../alamire/server/review/static/staves.mjs";
import { shift } from "../../../alamire/server/review/static/symbols.mjs";
import { correctionOf, namesOn, placeOf } from "./readings.mjs";

test("what is undone is as it was, and so is the place where one is", () => {
  const correction = correctionOf(["clef.C-L1 note.minima-L3", "clef.C-L1"]);
  correction.goTo(0, 1);
  shift(correction, 1);
  correction.goTo(1, 0);
  assert.equal(namesOn(correction), "clef.C-L1 note.minima-S3");
  assert.equal(correction.undo(), "Undone.");
  assert.equal(namesOn(correction), "clef.C-L1 note.minima-L3");
  assert.deepEqual(placeOf(correction), [0, 1, false]);
  assert.equal(correction.undo(), "Nothing to undo.");
});

test("saved is what is kept, and nothing else", () => {
  const correction = correctionOf(["note.minima-L3"]);
  assert.ok(correction.isSaved);
  shift(correction, 1);
  assert.ok(!correction.isSaved);
  const kept = { ...structuredClone(correction.reading), history: [{ who: "Ann" }] };
  correction.saved(correction.changes, "ab", kept);
  assert.ok(correction.isSaved);
  assert.equal(correction.base, "ab");
  correction.undo();
  assert.ok(!correction.isSaved, "what is kept is what was undone");
  assert.deepEqual(correction.reading.history, [{ who: "Ann" }], "what was saved stays saved");
  shift(correction, -1);
  assert.ok(!correction.isSaved, "as many changes, but others");
});

test("what was changed while it was saved is not lost, and not saved", () => {
  const correction = correctionOf(["note.minima-L3"]);
  shift(correction, 1);
  const [changes, kept] = [correction.changes, structuredClone(correction.reading)];
  shift(correction, 1);
  correction.saved(changes, "ab", kept);
  assert.equal(namesOn(correction), "note.minima-L4");
  assert.ok(!correction.isSaved);
});

test("of very many changes the last 500 can be undone", () => {
  const correction = correctionOf(["note.minima-L3"]);
  for (let count = 0; count < 510; count += 1) shift(correction, count % 2 ? -1 : 1);
  assert.equal(correction.changes, 500);
  while (correction.changes) correction.undo();
  assert.ok(!correction.isSaved, "the first changes cannot be undone any more");
});

test("a strip comes to the staff with its outline, whatever was done meanwhile", () => {
  const correction = correctionOf(["", ""]);
  const strip = { picture: "new", left: 0, top: 0, factor: 1, width: 9, height: 9 };
  assert.ok(correction.hasStrip);
  moveOutline(correction, { down: 8 });
  assert.ok(!correction.hasStrip);
  const asked = structuredClone(correction.staff.staff);
  moveOutline(correction, { down: 8 });
  correction.putStrip(asked, strip);
  assert.ok(!correction.hasStrip, "it has been moved again");
  assert.equal(correction.strips[0]?.picture, "/0", "the old one is shown until then");
  correction.undo();
  assert.ok(!correction.hasStrip);
  correction.putStrip(asked, strip);
  assert.ok(correction.hasStrip);
  assert.deepEqual(
    correction.strips.map((each) => each?.picture),
    ["new", "/1"],
  );
});
