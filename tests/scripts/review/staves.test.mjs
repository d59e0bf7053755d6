import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addStaff,
  beginPart,
  confirmStaff,
  moveOutline,
  namePart,
  putAnew,
  removeStaff,
} from "../../../alamire/server/review/static/staves.mjs";
import { step, toStaff } from "../../../alamire/server/review/static/steps.mjs";
import { correctionOf, namesOn, placeOf, symbolOf, UNIT } from "./readings.mjs";

test("one goes from symbol to symbol over the ends of staves, and out of a gap to its neighbours", () => {
  const correction = correctionOf(["clef.C-L1 note.minima-L3", "", "clef.C-L1"]);
  const ways = /** @type {(1 | -1)[]} */ ([1, 1, 1, 1, -1, -1, -1, -1]);
  const seen = ways.map((direction) => {
    step(correction, direction);
    return `${correction.row}.${correction.column}`;
  });
  assert.deepEqual(seen, ["0.1", "1.0", "2.0", "2.0", "1.0", "0.1", "0.0", "0.0"]);
  correction.goTo(0, 0, true);
  step(correction, -1);
  assert.deepEqual(placeOf(correction), [0, 0, false]);
  correction.goTo(0, 0, true);
  step(correction, 1);
  assert.deepEqual(placeOf(correction), [0, 1, false]);
});

test("PageUp and PageDown stop at the first and the last staff", () => {
  const correction = correctionOf(["clef.C-L1 dot-L3", "clef.C-L1"]);
  correction.goTo(0, 1);
  toStaff(correction, 1);
  toStaff(correction, 1);
  assert.deepEqual(placeOf(correction), [1, 0, false]);
  toStaff(correction, -1);
  toStaff(correction, -1);
  assert.deepEqual(placeOf(correction), [0, 0, false]);
});

test("an outline is moved by eighths of a space, and its staff is open again", () => {
  const correction = correctionOf(["clef.C-L1"]);
  confirmStaff(correction);
  moveOutline(correction, { down: 8 });
  moveOutline(correction, { along: -8 });
  moveOutline(correction, { longer: 16 });
  moveOutline(correction, { wider: 1.1 });
  const { staff, confirmed } = correction.staff;
  assert.deepEqual(staff.middle, [300 + UNIT, 300 + UNIT]);
  assert.deepEqual(staff.xs, [100 - UNIT, 900 + UNIT]);
  assert.ok(Math.abs(staff.unit - 1.1 * UNIT) < 1e-9);
  assert.ok(!confirmed);
});

test("a staff is never shorter than eight spaces", () => {
  const correction = correctionOf([""]);
  for (let count = 0; count < 60; count += 1) moveOutline(correction, { longer: -8 });
  assert.deepEqual(correction.staff.staff.xs, [100, 100 + 8 * UNIT]);
});

test("a staff comes between this one and the next; the first of a page in its middle", () => {
  const correction = correctionOf(["clef.C-L1", "clef.C-L1"], [{ at: [[1, 0]] }]);
  addStaff(correction);
  assert.deepEqual(
    correction.reading.staves.map((staff) => staff.staff.middle[0]),
    [300, 450, 600],
  );
  assert.deepEqual(placeOf(correction), [1, 0, false]);
  assert.deepEqual([correction.strips[1], correction.hasStrip], [null, false]);
  assert.deepEqual(correction.reading.findings, [], "they would name other staves");
  correction.goTo(2, 0);
  addStaff(correction);
  assert.equal(correction.staff.staff.middle[0], 600 + 8 * UNIT);
  const bare = correctionOf([]);
  bare.reading.parts = [];
  addStaff(bare);
  assert.deepEqual(bare.staff.staff, { xs: [100, 900], middle: [750, 750], unit: 15 });
  assert.deepEqual(bare.reading.parts, ["Voice 1"]);
});

test("a staff is taken out with its strip, and comes back", () => {
  const correction = correctionOf(["clef.C-L1", "clef.F-L4"]);
  correction.goTo(1, 0);
  assert.equal(removeStaff(correction), "The staff is taken out.");
  assert.deepEqual([correction.reading.staves.length, correction.strips.length], [1, 1]);
  assert.deepEqual(placeOf(correction), [0, 0, false]);
  correction.undo();
  assert.equal(namesOn(correction, 1), "clef.F-L4");
  assert.equal(correction.strips[1]?.picture, "/1");
});

test("a confirmed staff is sure and lacks nothing; again it is open", () => {
  const correction = correctionOf(["note.minima-L3"]);
  Object.assign(correction.staff.symbols[0], { confidence: 0.5, unread: [["dot-L3", 0.5]] });
  assert.equal(confirmStaff(correction), "Staff 1 is confirmed.");
  assert.deepEqual([correction.symbol?.confidence, correction.symbol?.unread], [1, []]);
  assert.equal(confirmStaff(correction), "Staff 1 is open again.");
});

test("a part begins with a staff, has a name, and is no more", () => {
  const correction = correctionOf(["clef.C-L1", "clef.C-L1", "clef.C-L1"]);
  assert.equal(beginPart(correction), "The first staff always begins a part.");
  correction.goTo(1, 0);
  beginPart(correction);
  namePart(correction, " Tenor ");
  namePart(correction, "  ");
  const { reading } = correction;
  assert.deepEqual(
    [reading.staves.map((staff) => staff.part), reading.parts],
    [
      [0, 1, 1],
      ["Superius", "Tenor"],
    ],
  );
  beginPart(correction);
  assert.deepEqual([reading.staves.map((staff) => staff.part), reading.parts], [[0, 0, 0], ["Superius"]]);
});

test("what is read anew takes the place of what was read", () => {
  const correction = correctionOf(["note.minima-L3 dot-L3"], [{ at: [[0, 1]] }]);
  correction.goTo(0, 1);
  assert.equal(putAnew(correction, 0, [symbolOf("clef.C-L1")]), "Read again.");
  assert.equal(namesOn(correction), "clef.C-L1");
  assert.deepEqual([placeOf(correction), correction.reading.findings], [[0, 0, false], []]);
  assert.match(String(putAnew(correction, 0, [])), /nothing within this outline/);
  assert.equal(putAnew(correction, 7, []), null, "the staff is no longer there");
});
