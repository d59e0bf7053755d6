import assert from "node:assert/strict";
import { test } from "node:test";
import { NotDone, readingOf, save, stripOf } from "../../../alamire/server/review/static/server.mjs";
import { correctionOf } from "./readings.mjs";

/** @type {{ path: string, body: any }[]} */
const sent = [];

/**
 * Answer what is asked of the server.
 * @param {(() => Response) | null} answer null where it cannot be reached
 */
function answering(answer) {
  sent.length = 0;
  globalThis.fetch = async (path, init) => {
    if (!answer) throw new TypeError("Failed to fetch");
    sent.push({ path: String(path), body: init?.body && JSON.parse(String(init.body)) });
    return answer();
  };
}

/**
 * @param {Promise<unknown>} asked
 * @param {string} message
 * @param {RegExp} warning
 */
async function refused(asked, message, warning) {
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof NotDone);
    assert.equal(error.message, message);
    assert.match(error.warning, warning);
    return true;
  });
}

test("a page is asked for by its surface and the way to it", async () => {
  answering(() => Response.json({ surface: "s0002" }));
  assert.deepEqual(await readingOf("s0001", "back any"), { surface: "s0002" });
  assert.equal(sent[0].path, "/api/reading?surface=s0001&go=back+any");
});

test("where there is no page, the server's words are said", async () => {
  answering(() => Response.json({ none: "There is no page after 18r." }));
  await refused(readingOf("s0001", "on"), "There is no page after 18r.", /^$/);
  answering(null);
  await refused(readingOf(""), "alamire review has ended, or cannot be reached.", /^$/);
});

test("what is sent says which page it is of", async () => {
  answering(() => Response.json({ version: 3, base: "ab", reading: {} }));
  const correction = correctionOf(["clef.C-L1"]);
  await save(correction, 1.5);
  await stripOf("s0001", correction.staff.staff);
  assert.deepEqual(sent[0], {
    path: "/api/save",
    body: {
      reading: JSON.parse(JSON.stringify(correction.reading)),
      base: "",
      surface: "s0001",
      minutes: 1.5,
    },
  });
  assert.deepEqual(sent[1], { path: "/api/strip", body: { ...correction.staff.staff, surface: "s0001" } });
});

test("what the server refuses is said; what may be lost is warned of", async () => {
  const correction = correctionOf(["clef.C-L1"]);
  answering(() => Response.json({ error: "no such staff" }, { status: 400 }));
  await refused(save(correction, 0), "Not done: no such staff", /^$/);
  answering(() => Response.json({ error: "corrected by Ben" }, { status: 409 }));
  await refused(save(correction, 0), "Not done: see below.", /^corrected by Ben$/);
  answering(() => new Response("<html>", { status: 502, statusText: "Bad Gateway" }));
  await refused(save(correction, 0), "Not done: Bad Gateway", /^$/);
  answering(null);
  await refused(save(correction, 0), "Not done: see below.", /on this page alone/);
});
