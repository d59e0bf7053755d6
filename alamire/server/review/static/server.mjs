// What is asked of the review server.

/** @import { Correction } from "./correction.mjs" */
/** @import { Reading, Shown, StaffLines, StaffSymbol, Strip } from "./types.d.ts" */

const SEE_BELOW = "Not done: see below.";
const ENDED =
  "Not done: alamire review has ended, or cannot be reached. What you corrected is on this page alone.";

/** Something that was not done; the message is for the state, the warning stays until something is saved. */
export class NotDone extends Error {
  /**
   * @param {string} message
   * @param {string} [warning]
   */
  constructor(message, warning = "") {
    super(message);
    this.warning = warning;
  }
}

/**
 * The reading of a surface, "" for the first one. With `go` that of the page to go to: "on" or "back" to one with
 * something to confirm, "on any" or "back any" whatever it has.
 * @param {string} surface
 * @param {string} [go]
 * @returns {Promise<Shown>}
 */
export async function readingOf(surface, go) {
  const query = new URLSearchParams({ surface, ...(go ? { go } : {}) });
  const answer = await fetch(`/api/reading?${query}`).catch(() => null);
  if (!answer) throw new NotDone("alamire review has ended, or cannot be reached.");
  const data = await answer.json();
  if (data.none || data.error) throw new NotDone(data.none || data.error);
  return data;
}

/** @param {string} surface */
export function pageAddress(surface) {
  return `/api/page?surface=${encodeURIComponent(surface)}`;
}

/**
 * The strip of the scan around the outline of a staff.
 * @param {string} surface
 * @param {StaffLines} lines
 * @returns {Promise<Strip>}
 */
export function stripOf(surface, lines) {
  return post("/api/strip", { ...lines, surface });
}

/**
 * What is read anew within the outline of a staff.
 * @param {string} surface
 * @param {StaffLines} lines
 * @returns {Promise<{ symbols: StaffSymbol[] }>}
 */
export function readAgain(surface, lines) {
  return post("/api/again", { ...lines, surface });
}

/**
 * Keep what was corrected; the version is null where nothing was.
 * @param {Correction} correction
 * @param {number} minutes
 * @returns {Promise<{ version: number | null, base: string, reading: Reading }>}
 */
export function save({ reading, base, surface }, minutes) {
  return post("/api/save", { reading, base, surface, minutes });
}

/**
 * @param {string} path
 * @param {object} body
 */
async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
  if (!answer) throw new NotDone(SEE_BELOW, ENDED);
  const said = await answer.json().catch(() => ({ error: answer.statusText }));
  if (answer.ok) return said;
  if (answer.status === 409) throw new NotDone(SEE_BELOW, said.error);
  throw new NotDone(`Not done: ${said.error || answer.statusText}`);
}
