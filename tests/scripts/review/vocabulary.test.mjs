import assert from "node:assert/strict";
import { test } from "node:test";
import { Names } from "../../../alamire/server/review/static/vocabulary.mjs";
import { said, symbolOf } from "./readings.mjs";

const names = new Names(said.vocabulary);

test("a name is read as it is written, at every height", () => {
  for (const shape of names.shapes) {
    for (const height of said.vocabulary.heights.names) {
      const name = `${shape}-${height}`;
      const found = names.parse(name, 0);
      assert.ok(found, name);
      assert.equal(names.of({ ...symbolOf(name), ...found }), name);
    }
  }
});

test("a part of a name will do, and what is not typed stays", () => {
  assert.deepEqual(names.parse("minima", 3), { shape: "note.minima", height: 3 });
  assert.deepEqual(names.parse(" flat ", 3), { shape: "accidental.flat", height: 3 });
  assert.deepEqual(names.parse("rest.minima", 3), { shape: "rest.minima", height: 3 });
  assert.deepEqual(names.parse("longa-S0", 3), { shape: "note.longa", height: -1 });
  assert.deepEqual(names.parse("oblique", 3)?.shape, "ligature.oblique");
});

test("what is unknown is none", () => {
  for (const typed of ["", "  ", "zzz", "minima-X3", "minima-L99", "-L3"])
    assert.equal(names.parse(typed, 3), null);
});

test("a stem that nobody has seen points upwards", () => {
  const [unseen, up, down] = ["", "up", "down"].map((stem) =>
    names.form(symbolOf("note.minima-L3", { stem: /** @type {"" | "up" | "down"} */ (stem) })),
  );
  assert.deepEqual(unseen, up);
  assert.notDeepEqual(down.extent, up.extent);
  assert.notDeepEqual(down.marks, up.marks);
});

test("every shape is drawn, with strokes or letters", () => {
  for (const { name, up, down } of said.vocabulary.shapes) {
    for (const { marks } of [up, down]) {
      assert.ok(marks.length, name);
      for (const { path, text } of marks) assert.ok(path || text, name);
    }
  }
});

test("no height lies beyond those that have names", () => {
  assert.deepEqual(
    [-9, -4, 3, 12, 13].map((height) => names.nearest(height)),
    [-4, -4, 3, 12, 12],
  );
});

test("a note has the pitch of its height under the clef before it", () => {
  const staff = [
    "note.minima-L3",
    "clef.C-L1",
    "note.minima-L1",
    "clef.F-L4",
    "note.brevis-S3",
    "rest.minima-L3",
  ];
  const symbols = staff.map((name) => symbolOf(name));
  const pitches = symbols.map((_, column) => names.pitch(symbols, column));
  assert.deepEqual(pitches, ["", "", "c4", "", "e3", ""]);
});
