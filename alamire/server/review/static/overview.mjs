// The whole page with the outlines of its staves, on which one that was missed can be found.

import { drawOutline } from "./drawing.mjs";
import { byId, drawn } from "./elements.mjs";
import { pageAddress } from "./server.mjs";

/** @import { Correction } from "./correction.mjs" */

/** @param {Correction} correction */
export function drawOverview(correction) {
  const svg = byId("page").querySelector("svg") ?? drawScan(correction);
  for (const line of svg.querySelectorAll("polyline")) line.remove();
  correction.reading.staves.forEach((staff, row) => {
    drawOutline(svg, staff.staff, `outline${row === correction.row ? " here" : ""}`);
  });
}

/** @param {Correction} correction */
function drawScan({ reading, surface }) {
  const { width, height } = reading;
  const viewBox = `0 0 ${width} ${height}`;
  const svg = drawn(byId("page"), "svg", {
    viewBox,
    width,
    height,
    role: "img",
    "aria-label": "The whole page",
  });
  drawn(svg, "image", { href: pageAddress(surface), width, height });
  return svg;
}
