import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, middleAt } from "../../../alamire/server/review/static/geometry.mjs";
import { Names } from "../../../alamire/server/review/static/vocabulary.mjs";
import { said, symbolOf } from "./readings.mjs";

test("the middle line is followed between its points, and runs on beyond them", () => {
  const lines = { xs: [100, 200, 300], middle: [50, 70, 60], unit: 10 };
  assert.deepEqual(
    [100, 150, 250, 50, 400].map((x) => middleAt(lines, x)),
    [50, 60, 65, 40, 50],
  );
});

test("a box is the one that Python makes, for every shape", () => {
  const names = new Names(said.vocabulary);
  assert.ok(said.boxes.length > 100);
  for (const { name, stem, lines, x, before, after, box } of said.boxes) {
    const symbol = symbolOf(name, { stem, x });
    const [left, right] = [before, after].map((at) => (at === null ? undefined : symbolOf(name, { x: at })));
    boxOf(lines, names.form(symbol), symbol, left, right).forEach((side, index) => {
      assert.ok(Math.abs(side - box[index]) < 1e-6, `${name} ${stem}: ${side} for ${box[index]}`);
    });
  }
});
