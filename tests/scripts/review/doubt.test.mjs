import assert from "node:assert/strict";
import { test } from "node:test";
import { certaintyOf, doubtfulPlaces, missingAfter } from "../../../alamire/server/review/static/doubt.mjs";
import { closeUp, findingsOf, forgetGap, makeRoom } from "../../../alamire/server/review/static/findings.mjs";
import { toDoubtful } from "../../../alamire/server/review/static/steps.mjs";
import { accept, insert } from "../../../alamire/server/review/static/symbols.mjs";
import { correctionOf, placeOf, said } from "./readings.mjs";

const { high, medium, missing } = said.vocabulary.doubt;
const STAFF = "clef.C-L1 note.minima-L3 note.minima-S3 note.minima-L4";

test("a symbol is as certain as its confidence, and not certain where a check names it", () => {
  const correction = correctionOf([STAFF], [{ at: [[0, 3]], message: "a leap" }]);
  const { symbols } = correction.staff;
  [symbols[0].confidence, symbols[1].confidence, symbols[2].confidence] = [high, high - 0.01, medium - 0.01];
  assert.deepEqual(
    symbols.map((_, column) => certaintyOf(correction, 0, column)),
    ["high", "medium", "low", "low"],
  );
});

test("in a gap stands what was half seen, then what the checks ask for", () => {
  const correction = correctionOf(
    [STAFF],
    [
      { missing: [[0, 1]], sign: "dot-L3", message: "the beat asks for a dot" },
      { missing: [[0, 1]], sign: "rest.minima-L3", message: "a wide gap" },
      { missing: [[0, -1]], message: "no clef" },
    ],
  );
  correction.staff.symbols[1].unread = [["dot-L3", missing / 2]];
  assert.deepEqual(missingAfter(correction, 0, 1), {
    candidates: [
      { name: "dot-L3", odds: missing / 2 },
      { name: "rest.minima-L3", odds: null },
    ],
    remarks: ["the beat asks for a dot", "a wide gap"],
  });
  assert.deepEqual(missingAfter(correction, 0, -1), { candidates: [], remarks: ["no clef"] });
  assert.equal(missingAfter(correction, 0, 2), null);
  correction.staff.symbols[2].unread = [
    ["dot-S3", missing / 2],
    ["rest.minima-L3", missing / 2],
  ];
  assert.ok(missingAfter(correction, 0, 2), "little of several things is enough");
});

test("doubtful places come in reading order, and a confirmed staff has none", () => {
  const findings = [
    { at: /** @type {[number, number][]} */ ([[1, 0]]) },
    {
      missing: /** @type {[number, number][]} */ ([
        [0, -1],
        [0, 2],
      ]),
    },
  ];
  const correction = correctionOf([STAFF, STAFF], findings);
  correction.staff.symbols[2].confidence = medium - 0.01;
  const places = () => doubtfulPlaces(correction).map((place) => placeOf(/** @type {any} */ (place)));
  assert.deepEqual(places(), [
    [0, -1, true],
    [0, 2, false],
    [0, 2, true],
    [1, 0, false],
  ]);
  correction.staff.confirmed = true;
  assert.deepEqual(places(), [[1, 0, false]]);
});

test("Tab goes to the next place in doubt and Shift Tab back, a gap after its symbol", () => {
  const correction = correctionOf([STAFF], [{ at: [[0, 1]] }, { missing: [[0, 1]] }, { at: [[0, 3]] }]);
  const seen = [];
  for (let count = 0; count < 3; count += 1) {
    assert.equal(toDoubtful(correction, 1), undefined);
    seen.push(placeOf(correction));
  }
  assert.deepEqual(seen, [
    [0, 1, false],
    [0, 1, true],
    [0, 3, false],
  ]);
  assert.match(String(toDoubtful(correction, 1)), /^Nothing more is doubtful this way; f goes/);
  toDoubtful(correction, -1);
  assert.deepEqual(placeOf(correction), [0, 1, true]);
});

test("Enter in a gap: nothing is missing there, and on to the next", () => {
  const correction = correctionOf([STAFF], [{ missing: [[0, 1]] }, { at: [[0, 3]] }]);
  correction.staff.symbols[1].unread = [["dot-L3", 0.4]];
  correction.goTo(0, 1, true);
  accept(correction);
  assert.equal(missingAfter(correction, 0, 1), null);
  assert.deepEqual(placeOf(correction), [0, 3, false]);
  correction.undo();
  assert.ok(missingAfter(correction, 0, 1));
});

test("findings keep to their symbols as others come and go", () => {
  const { reading } = correctionOf(
    [STAFF, STAFF],
    [
      {
        at: [
          [0, 1],
          [0, 2],
          [1, 2],
        ],
        missing: [
          [0, 0],
          [0, 1],
          [0, 2],
        ],
      },
    ],
  );
  const [finding] = reading.findings;
  makeRoom(reading, 0, 2);
  assert.deepEqual(finding.at, [
    [0, 1],
    [0, 3],
    [1, 2],
  ]);
  assert.deepEqual(
    finding.missing,
    [
      [0, 0],
      [0, 3],
    ],
    "the gap that was filled is no more",
  );
  closeUp(reading, 0, 1);
  assert.deepEqual(finding.at, [
    [0, 2],
    [1, 2],
  ]);
  assert.deepEqual(finding.missing, [
    [0, 0],
    [0, 2],
  ]);
  assert.deepEqual(findingsOf(reading, 0, 2), [finding]);
  forgetGap(reading, 0, 2);
  assert.deepEqual(finding.missing, [[0, 0]]);
});

test("what is inserted in a gap closes it", () => {
  const correction = correctionOf([STAFF], [{ missing: [[0, 1]], sign: "dot-L3" }]);
  correction.goTo(0, 1, true);
  insert(correction, "dot-L3");
  assert.deepEqual(placeOf(correction), [0, 2, false]);
  assert.deepEqual(doubtfulPlaces(correction), []);
});
