"use strict";
// The correction page. What is corrected is the reading as JSON; each change keeps the one before for undo.

const SVG = "http://www.w3.org/2000/svg";
const CLEF_PITCH = { "clef.C": 28, "clef.F": 24, "clef.G": 32 };
const IDLE = 60000; // milliseconds without a key after which nobody is thought to be working

let reading, places, shapes, doubtful = [];
let staffAt = 0, symbolAt = 0;
const past = [];
let savedAt = 0; // how many changes are saved; -1 once one of these was undone and another was made
let worked = 0, lastKey = Date.now(), asking = null;
let pictures = []; // of each staff, as places: addresses of its strip
let base = ""; // which kept reading is corrected here
let spaces = 100; // that a page has, where nothing is known of its staves
let overview = false;

const byId = (id) => document.getElementById(id);
const copy = (value) => JSON.parse(JSON.stringify(value));
const staff = () => reading.staves[staffAt];
const symbol = () => staff() && staff().symbols[symbolAt];
const isSaved = () => past.length === savedAt;
const isEmpty = () => staff() && !staff().symbols.length;

function heightName(height) {
  const odd = Math.abs(height % 2) === 1;
  return odd ? `S${(height + 1) / 2}` : `L${height / 2 + 1}`;
}

function heightOf(name) {
  const found = /^([LS])(-?\d+)$/.exec(name);
  return found ? (found[1] === "S" ? 2 * Number(found[2]) - 1 : 2 * Number(found[2]) - 2) : null;
}

function nameOf(one) {
  return `${one.shape}-${heightName(one.height)}`;
}

function middleAt(one, x) {
  const { xs, middle } = one.staff;
  let index = xs.findIndex((node) => node > x);
  if (index < 1) index = index === 0 ? 1 : xs.length - 1;
  const part = (x - xs[index - 1]) / (xs[index] - xs[index - 1]);
  return middle[index - 1] + part * (middle[index] - middle[index - 1]);
}

// Undo, time, state

function change(edit) {
  if (past.length < savedAt) savedAt = -1;
  past.push({ ...copy({ reading, staffAt, symbolAt }), places: [...places], pictures: [...pictures] });
  if (past.length > 500) {
    past.shift();
    savedAt = Math.max(-1, savedAt - 1);
  }
  edit();
  draw();
}

function undo() {
  const before = past.pop();
  if (!before) return say("Nothing to undo.");
  const { history } = reading;
  ({ reading, staffAt, symbolAt, places, pictures } = before);
  reading.history = history; // what was saved stays saved
  draw();
  say("Undone.");
}

function say(words) {
  byId("state").textContent = words;
}

function warn(words) {
  byId("warning").textContent = words;
  byId("warning").hidden = !words;
}

function tick() {
  const now = Date.now();
  if (now - lastKey < IDLE) worked += now - lastKey;
  lastKey = now;
}

// Doubt

function isDoubtful(one, row, column) {
  if (reading.staves[row].confirmed) return false;
  return one.confidence < 0.9 || flagged(row, column);
}

function flagged(row, column) {
  return reading.findings.some((finding) => finding.at.some((at) => at[0] === row && at[1] === column));
}

function remarks(row, column) {
  return reading.findings
    .filter((finding) => finding.at.some((at) => at[0] === row && at[1] === column))
    .map((finding) => finding.message);
}

function listDoubtful() {
  const found = [];
  reading.staves.forEach((one, row) =>
    one.symbols.forEach((each, column) => {
      if (isDoubtful(each, row, column)) found.push([row, column]);
    }),
  );
  return found;
}

function toDoubtful(direction) {
  const after = doubtful.filter(([row, column]) =>
    direction > 0
      ? row > staffAt || (row === staffAt && column > symbolAt)
      : row < staffAt || (row === staffAt && column < symbolAt),
  );
  if (!after.length) return say("No more doubtful symbols this way.");
  [staffAt, symbolAt] = direction > 0 ? after[0] : after[after.length - 1];
  draw();
}

function step(direction) {
  symbolAt += direction;
  if (symbolAt < 0) {
    if (staffAt > 0) {
      staffAt -= 1;
      symbolAt = Math.max(0, staff().symbols.length - 1);
    } else symbolAt = 0;
  } else if (symbolAt >= staff().symbols.length) {
    if (staffAt < reading.staves.length - 1) {
      staffAt += 1;
      symbolAt = 0;
    } else symbolAt = Math.max(0, staff().symbols.length - 1);
  }
  draw();
}

function toStaff(direction) {
  staffAt = Math.min(reading.staves.length - 1, Math.max(0, staffAt + direction));
  symbolAt = 0;
  draw();
}

// Edits

function touched(one) {
  one.confidence = 1;
  one.alternatives = [];
}

function shift(steps) {
  if (isEmpty()) return moveOutline(-8 * steps, 1);
  if (!symbol()) return;
  change(() => {
    const one = symbol();
    one.height = Math.min(12, Math.max(-4, one.height + steps));
    const by = (steps * staff().staff.unit) / 2;
    one.box = [one.box[0], one.box[1] - by, one.box[2], one.box[3] - by];
    touched(one);
  });
}

function shiftAlong(pixels) {
  if (isEmpty()) return moveOutline(0, 1, 8 * pixels);
  if (!symbol()) return;
  change(() => {
    const one = symbol();
    const by = (pixels * staff().staff.unit) / 8;
    one.x += by;
    one.box = [one.box[0] + by, one.box[1], one.box[2] + by, one.box[3]];
    staff().symbols.sort((a, b) => a.x - b.x);
    symbolAt = staff().symbols.indexOf(one);
    touched(one);
  });
}

function take(number) {
  const one = symbol();
  const chosen = one && one.alternatives[number - 1];
  if (!chosen) return say(`There is no alternative ${number}.`);
  change(() => become(symbol(), chosen[0]));
}

function become(one, name) {
  const found = parsed(name, one.height);
  if (!found) return say(`${name} is no symbol that is known.`);
  Object.assign(one, found);
  one.box = boxOf(one, staff());
  touched(one);
  return one;
}

// "minima", "note.minima", "flat", "note.minima-L4": what a person types
function parsed(name, height) {
  let [shape, place] = name.trim().split(/-(?=[LS])/);
  if (!shapes.includes(shape)) {
    shape = shapes.find((each) => each.endsWith(`.${shape}`)) || shapes.find((each) => each.includes(shape));
  }
  if (!shape || !name.trim()) return null;
  const given = place ? heightOf(place) : height;
  return { shape, height: given === null ? height : given };
}

function boxOf(one, onStaff) {
  const unit = onStaff.staff.unit;
  const y = middleAt(onStaff, one.x) - ((one.height - 4) * unit) / 2;
  return [one.x - 0.6 * unit, y - 0.8 * unit, one.x + 0.6 * unit, y + 0.8 * unit];
}

function insert(name) {
  const one = symbol();
  const unit = staff().staff.unit;
  const following = staff().symbols[symbolAt + 1];
  const start = one ? one.x : staff().staff.xs[0];
  const x = following ? (start + following.x) / 2 : start + 1.5 * unit;
  const found = parsed(name, one ? one.height : 4);
  if (!found) return say(`${name} is no symbol that is known.`);
  change(() => {
    const made = { ...found, x, confidence: 1, alternatives: [], red: false, box: [0, 0, 0, 0] };
    made.box = boxOf(made, staff());
    staff().symbols.splice(one ? symbolAt + 1 : 0, 0, made);
    reading.findings = [];
    symbolAt = one ? symbolAt + 1 : 0;
  });
}

function remove() {
  if (!symbol()) return;
  change(() => {
    staff().symbols.splice(symbolAt, 1);
    reading.findings = [];
    symbolAt = Math.max(0, Math.min(symbolAt, staff().symbols.length - 1));
  });
}

function bind() {
  const one = symbol();
  const next = staff().symbols[symbolAt + 1];
  if (!one) return;
  if (one.shape.startsWith("ligature")) {
    change(() => {
      let index = symbolAt;
      while (index > 0 && !/^ligature\.(start|oblique)/.test(staff().symbols[index].shape)) index -= 1;
      for (; index < staff().symbols.length; index += 1) {
        const each = staff().symbols[index];
        if (!each.shape.startsWith("ligature")) break;
        const last = each.shape.startsWith("ligature.end");
        each.shape = each.shape.endsWith("~") ? "note.brevis~" : "note.brevis";
        touched(each);
        if (last) break;
      }
    });
    return;
  }
  if (!next || !/^(note|ligature)/.test(next.shape)) return say("There is no note after this one to bind it with.");
  change(() => {
    const filled = (shape) => (shape.endsWith("~") ? "~" : "");
    symbol().shape = `ligature.start${filled(symbol().shape)}`;
    touched(symbol());
    const other = staff().symbols[symbolAt + 1];
    const begins = /^ligature\.(start|oblique)/.test(other.shape);
    other.shape = `ligature.${begins ? "middle" : "end"}${filled(other.shape)}`;
    touched(other);
  });
}

// Eighths of a space down and along; how much wider its lines lie; eighths of a space that its end goes along
function moveOutline(down, wider, along = 0, longer = 0) {
  change(() => {
    const lines = staff().staff;
    const eighth = lines.unit / 8;
    const length = lines.xs[lines.xs.length - 1] - lines.xs[0];
    const stretch = Math.max(8 * lines.unit, length + longer * eighth) / length;
    lines.xs = lines.xs.map((x) => lines.xs[0] + (x - lines.xs[0]) * stretch + along * eighth);
    lines.middle = lines.middle.map((y) => y + down * eighth);
    lines.unit *= wider;
    staff().confirmed = false;
  });
  showMoved(staffAt);
}

async function showMoved(row) {
  const one = reading.staves[row], outline = JSON.stringify(one.staff);
  const answer = await post("/api/place", one.staff);
  const here = reading.staves.indexOf(one);
  if (!answer || here < 0 || JSON.stringify(one.staff) !== outline) return; // moved again, or undone
  places[here] = answer.place;
  pictures[here] = `data:image/jpeg;base64,${answer.picture}`;
  draw();
}

function firstStaff() {
  const { width, height } = reading;
  const unit = Math.max(width, height) / spaces;
  return {
    staff: { xs: [0.1 * width, 0.9 * width], middle: [height / 2, height / 2], unit },
    symbols: [], part: 0, indent: 0, confirmed: false,
  };
}

function staffBelow() {
  const lines = staff().staff;
  const next = reading.staves[staffAt + 1];
  const below = next && next.staff.xs[0] < lines.xs[lines.xs.length - 1] ? (next.staff.middle[0] - lines.middle[0]) / 2 : 0;
  const down = below > 4 * lines.unit ? below : 8 * lines.unit;
  const made = { ...copy(staff()), symbols: [], confirmed: false };
  made.staff.middle = made.staff.middle.map((y) => y + down);
  return made;
}

function addStaff() {
  change(() => {
    const made = staff() ? staffBelow() : firstStaff();
    if (!reading.parts.length) reading.parts = ["Voice 1"];
    staffAt = staff() ? staffAt + 1 : 0;
    symbolAt = 0;
    reading.staves.splice(staffAt, 0, made);
    reading.findings = [];
    places.splice(staffAt, 0, null); // until its strip is there
    pictures.splice(staffAt, 0, "");
  });
  showMoved(staffAt);
}

function removeStaff() {
  change(() => {
    for (const rows of [reading.staves, places, pictures]) rows.splice(staffAt, 1);
    reading.findings = [];
    staffAt = Math.max(0, Math.min(staffAt, reading.staves.length - 1));
    symbolAt = 0;
  });
  say("The staff is taken out.");
}

async function readAgain() {
  const row = staffAt;
  const again = await post("/api/again", staff().staff);
  if (!again || !reading.staves[row]) return;
  change(() => {
    reading.staves[row].symbols = again.symbols;
    reading.findings = [];
    symbolAt = 0;
  });
  say(again.symbols.length ? "Read again." : "Read again: there is nothing within this outline.");
}

function confirmStaff() {
  change(() => {
    staff().confirmed = !staff().confirmed;
    if (staff().confirmed) staff().symbols.forEach(touched);
  });
  say(staff().confirmed ? `Staff ${staffAt + 1} is confirmed.` : `Staff ${staffAt + 1} is open again.`);
}

function beginPart() {
  if (staffAt === 0) return say("The first staff always begins a part.");
  change(() => {
    const begins = reading.staves[staffAt].part !== reading.staves[staffAt - 1].part;
    const part = reading.staves[staffAt].part;
    if (begins) reading.parts.splice(part, 1);
    else reading.parts.splice(part + 1, 0, `Voice ${part + 2}`);
    for (let row = staffAt; row < reading.staves.length; row += 1) reading.staves[row].part += begins ? -1 : 1;
  });
}

function namePart() {
  const part = staff().part;
  ask("Name of the part:", reading.parts[part] || "", ["Superius", "Tenor", "Contratenor", "Bassus", "Altus", "Quintus"], (name) => {
    if (name.trim()) change(() => (reading.parts[part] = name.trim()));
  });
}

function ask(question, value, choices, then) {
  asking = then;
  byId("question").textContent = `${question} `;
  byId("answer").value = value;
  byId("choices").replaceChildren(...choices.map((choice) => Object.assign(document.createElement("option"), { value: choice })));
  byId("ask").hidden = false;
  byId("answer").focus();
  byId("answer").select();
}

function answered(given) {
  const then = asking;
  asking = null;
  byId("ask").hidden = true;
  byId("answer").blur();
  if (then && given !== null) then(given);
}

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
  if (!answer) {
    warn("Not done: alamire review has ended, or cannot be reached. What you corrected is on this page alone.");
    return null;
  }
  const said = await answer.json().catch(() => ({ error: answer.statusText }));
  if (answer.ok) return said;
  if (answer.status === 409) {
    warn(said.error);
    said.error = "see below.";
  }
  say(`Not done: ${said.error || answer.statusText}`);
  return null;
}

async function save() {
  if (isSaved()) return say("Nothing has changed.");
  tick();
  const minutes = worked / 60000;
  const count = past.length;
  const answer = await post("/api/save", { reading, base, minutes });
  if (!answer) return;
  worked = 0;
  warn("");
  ({ base } = answer);
  reading.history = answer.history;
  if (past.length === count) reading.findings = answer.findings;
  savedAt = count;
  draw();
  say(answer.version === null ? "Nothing had changed." : `Saved as version ${answer.version}, after ${minutes.toFixed(1)} minutes.`);
}

// Drawing

function make(parent, tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
}

function sureness(one, row, column) {
  if (flagged(row, column) || one.confidence < 0.7) return "doubt";
  return one.confidence < 0.9 ? "some" : "sure";
}

function glyph(parent, one, x, y, unit, kind) {
  const group = make(parent, "g", { class: `glyph ${kind}`, "stroke-width": unit * 0.12 });
  const path = (d, full) => make(group, "path", full ? { d, class: "full" } : { d });
  const [family, rest = ""] = [one.shape.split(".")[0], one.shape.split(".").slice(1).join(".")];
  const w = 0.45 * unit, h = 0.6 * unit;
  const lozenge = `M${x - w} ${y}L${x} ${y - h}L${x + w} ${y}L${x} ${y + h}Z`;
  const square = (wide) => `M${x - wide} ${y - 0.4 * unit}H${x + wide}V${y + 0.4 * unit}H${x - wide}Z`;
  const up = one.box[1] < y - 2 * unit || one.box[3] < y + 2 * unit;
  const stemEnd = up ? y - 3 * unit : y + 3 * unit;
  if (family === "note") {
    const value = rest.replace(/[~/]/g, "");
    const full = rest.includes("~") || ["semiminima", "fusa", "semifusa"].includes(value);
    if (["maxima", "longa", "brevis"].includes(value)) {
      const wide = (value === "maxima" ? 1.1 : 0.55) * unit;
      path(square(wide), full);
      if (value !== "brevis") path(`M${x + wide} ${y}V${rest.endsWith("/") ? y - 3 * unit : y + 3 * unit}`);
    } else {
      path(lozenge, full);
      if (value !== "semibrevis") path(`M${x} ${up ? y - h : y + h}V${stemEnd}`);
      const flags = { fusa: 1, semifusa: 2 }[value] || 0;
      for (let flag = 0; flag < flags; flag += 1) {
        const at = stemEnd + (up ? 1 : -1) * flag * 0.8 * unit;
        path(`M${x} ${at}l${0.6 * unit} ${(up ? 0.5 : -0.5) * unit}`);
      }
    }
  } else if (family === "ligature") {
    path(square(0.5 * unit), rest.endsWith("~"));
    if (rest.includes(".up")) path(`M${x - 0.5 * unit} ${y}V${y - 2.6 * unit}`);
    if (rest.includes(".down")) path(`M${x + (rest.startsWith("end") ? 0.5 : -0.5) * unit} ${y}V${y + 2.6 * unit}`);
    if (rest.includes("oblique")) path(`M${x - 0.5 * unit} ${y}l${unit} ${0.4 * unit}`);
  } else if (family === "rest") {
    const reach = { longa: [1, -1], brevis: [0, -1], semibrevis: [0, 0.5], minima: [0, -0.5], semiminima: [0, -0.5], fusa: [0, -0.5] }[rest] || [0, -0.5];
    make(group, "path", { d: `M${x} ${y + reach[0] * unit}V${y + reach[1] * unit}`, "stroke-width": unit * 0.25 });
    if (rest === "semiminima") path(`M${x} ${y - 0.5 * unit}l${0.4 * unit} ${-0.15 * unit}`);
    if (rest === "fusa") path(`M${x} ${y - 0.5 * unit}l${-0.4 * unit} ${-0.15 * unit}`);
  } else if (family === "clef") {
    make(group, "text", { x: x - 0.5 * unit, y: y + 0.6 * unit, "font-size": 1.8 * unit, class: "full", stroke: "none", fill: "currentColor" }, rest);
    path(`M${x - 0.7 * unit} ${y - 0.9 * unit}V${y + 0.9 * unit}`);
  } else if (family === "accidental") {
    const sign = { flat: "♭", sharp: "♯", natural: "♮" }[rest];
    make(group, "text", { x: x - 0.4 * unit, y: y + 0.7 * unit, "font-size": 2.2 * unit, stroke: "none", fill: "currentColor" }, sign);
  } else if (family === "metersign") {
    const side = rest === "Cr" ? -1 : 1; // reversed, a C opens to the left
    const edge = x + side * 0.6 * unit, radius = 0.8 * unit;
    path(`M${edge} ${y - 0.55 * unit}A${radius} ${radius} 0 1 ${side < 0 ? 1 : 0} ${edge} ${y + 0.55 * unit}${rest.startsWith("O") ? "Z" : ""}`);
    if (rest.includes("/")) path(`M${x} ${y - 1.3 * unit}V${y + 1.3 * unit}`);
    if (rest.endsWith(".")) make(group, "circle", { cx: x, cy: y, r: 0.15 * unit, class: "full" });
  } else if (family === "digit") {
    make(group, "text", { x: x - 0.5 * unit, y: y + 0.7 * unit, "font-size": 2 * unit, stroke: "none", fill: "currentColor" }, rest);
  } else if (family === "dot") {
    make(group, "circle", { cx: x, cy: y, r: 0.17 * unit, class: "full" });
  } else if (family === "barline") {
    path(`M${x} ${y}V${y - 4 * unit}`);
  } else if (family === "custos") {
    path(`M${x - 0.5 * unit} ${y}l${0.25 * unit} ${-0.3 * unit}l${0.25 * unit} ${0.4 * unit}l${0.25 * unit} ${-0.4 * unit}l${0.25 * unit} ${0.4 * unit}l${0.5 * unit} ${-1.4 * unit}`);
  } else if (family === "corona") {
    path(`M${x - 0.8 * unit} ${y - unit}a${0.8 * unit} ${0.7 * unit} 0 0 1 ${1.6 * unit} 0`);
    make(group, "circle", { cx: x, cy: y - 1.1 * unit, r: 0.15 * unit, class: "full" });
  } else {
    make(group, "text", { x: x - 0.4 * unit, y: y - 0.8 * unit, "font-size": 1.6 * unit, stroke: "none", fill: "currentColor" }, "·S·");
  }
  return group;
}

function drawStaff(one, row) {
  const section = document.createElement("section");
  section.className = `staff${row === staffAt ? " here" : ""}${one.confirmed ? " confirmed" : ""}`;
  section.id = `staff-${row}`;
  const heading = document.createElement("h2");
  const first = row === 0 || one.part !== reading.staves[row - 1].part;
  heading.textContent = `Staff ${row + 1} · ${reading.parts[one.part] || `Voice ${one.part + 1}`}${first ? " (begins)" : ""}${one.confirmed ? " · confirmed" : ""}`;
  section.appendChild(heading);
  const strip = document.createElement("div");
  strip.className = "strip";
  section.appendChild(strip);
  const place = places[row];
  if (!place) return section;
  const unit = one.staff.unit * place.factor;
  const below = 8.6 * unit;
  const svg = make(strip, "svg", { viewBox: `0 0 ${place.width} ${place.height + below}`, role: "img", "aria-label": `Staff ${row + 1}: ${one.symbols.map(nameOf).join(", ")}` });
  make(svg, "image", { href: pictures[row], width: place.width, height: place.height });
  const toX = (x) => (x - place.left) * place.factor;
  const toY = (y) => (y - place.top) * place.factor;
  for (let line = -2; line <= 2; line += 1) {
    const points = one.staff.xs.map((x, index) => `${toX(x)},${toY(one.staff.middle[index] + line * one.staff.unit)}`);
    make(svg, "polyline", { class: "outline", points: points.join(" ") });
  }
  const middle = place.height + below / 2;
  for (let line = -2; line <= 2; line += 1) {
    make(svg, "line", { class: "line", x1: toX(one.staff.xs[0]), x2: toX(one.staff.xs[one.staff.xs.length - 1]), y1: middle + line * unit, y2: middle + line * unit });
  }
  one.symbols.forEach((each, column) => {
    const chosen = row === staffAt && column === symbolAt;
    const kind = sureness(each, row, column) + (chosen ? " chosen" : "");
    const [left, top, right, bottom] = each.box;
    const box = make(svg, "rect", { class: `box ${kind}`, x: toX(left), y: toY(top), width: Math.max(2, (right - left) * place.factor), height: Math.max(2, (bottom - top) * place.factor) });
    const level = middle - ((each.height - 4) * unit) / 2;
    const shifted = { ...each, box: [0, level - (middleOf(one, each) - top) * place.factor, 0, level + (bottom - middleOf(one, each)) * place.factor] };
    const drawn = glyph(svg, shifted, toX(each.x), level, unit, kind);
    for (const target of [box, drawn]) {
      target.addEventListener("click", () => {
        [staffAt, symbolAt] = [row, column];
        draw();
      });
    }
  });
  return section;
}

function middleOf(one, each) {
  return middleAt(one, each.x) - ((each.height - 4) * one.staff.unit) / 2;
}

function drawSymbol() {
  const where = byId("symbol");
  where.replaceChildren();
  const one = symbol();
  if (!staff()) where.textContent = "There is no staff on this page. + adds one.";
  else if (!one) where.textContent = "This staff has no symbols. ↑ ↓ and Shift ← → move its outline, a reads what is within it, i inserts a symbol.";
  if (!one) return;
  const said = document.createElement("strong");
  said.textContent = nameOf(one) + (one.red ? " (red)" : "");
  where.append(said, ` ${Math.round(one.confidence * 100)} % sure. `);
  one.alternatives.slice(0, 9).forEach(([name, odds], index) => {
    const key = document.createElement("kbd");
    key.textContent = index + 1;
    where.append(key, ` ${name} (${Math.round(odds * 100)} %)  `);
  });
  const found = remarks(staffAt, symbolAt);
  if (found.length) where.append(`— ${found.join("; ")}`);
}

// The whole page, on which a staff that was missed can be found
function drawPage() {
  const shown = overview || !reading.staves.length;
  byId("page").hidden = !shown;
  if (!shown) return;
  const svg = byId("page").querySelector("svg") || drawScan();
  svg.querySelectorAll("polyline").forEach((line) => line.remove());
  reading.staves.forEach((one, row) => {
    for (let line = -2; line <= 2; line += 1) {
      const points = one.staff.xs.map((x, index) => `${x},${one.staff.middle[index] + line * one.staff.unit}`);
      make(svg, "polyline", { class: `outline${row === staffAt ? " here" : ""}`, points: points.join(" ") });
    }
  });
}

function drawScan() {
  const { width, height } = reading;
  const svg = make(byId("page"), "svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": "The whole page" });
  make(svg, "image", { href: "/api/page", width, height });
  return svg;
}

function draw() {
  doubtful = listDoubtful();
  drawPage();
  byId("staves").replaceChildren(...reading.staves.map(drawStaff));
  drawSymbol();
  byId("save").disabled = isSaved();
  byId("undo").disabled = past.length === 0;
  const here = byId(`staff-${staffAt}`);
  if (here && (byId("page").hidden || symbol())) here.scrollIntoView({ block: "nearest" });
  const unsaved = isSaved() ? "" : "; not saved yet";
  if (!reading.staves.length) return say(`No staff was found on this surface${unsaved}.`);
  const open = reading.staves.filter((one) => one.symbols.length && !one.confirmed).length;
  say(`${doubtful.length} doubtful symbols, ${open} staves to confirm${unsaved}.`);
}

const KEYS = {
  ArrowLeft: () => step(-1), ArrowRight: () => step(1), ArrowUp: () => shift(1), ArrowDown: () => shift(-1),
  PageUp: () => toStaff(-1), PageDown: () => toStaff(1), Delete: remove, Backspace: remove,
  Enter: () => { if (symbol()) { change(() => touched(symbol())); toDoubtful(1); } },
  e: () => symbol() && ask("Shape (and place, as L3):", nameOf(symbol()), shapes, (name) => change(() => become(symbol(), name))),
  i: () => ask("Insert:", "", shapes, insert),
  l: bind, c: confirmStaff, p: beginPart, n: namePart, u: undo, s: save, a: readAgain,
  r: () => symbol() && change(() => (symbol().red = !symbol().red)),
  "[": () => moveOutline(-1, 1), "]": () => moveOutline(1, 1), "{": () => moveOutline(0, 0.99), "}": () => moveOutline(0, 1.01),
  "<": () => moveOutline(0, 1, 0, -8), ">": () => moveOutline(0, 1, 0, 8),
  "+": addStaff, o: toggleOverview, "?": () => toggleHelp(),
};
const WITHOUT_STAFF = ["+", "o", "u", "s", "?"]; // the keys that do something on a page without staves

function toggleOverview() {
  overview = !overview;
  draw();
  if (overview) window.scrollTo(0, 0);
}

function toggleHelp(shown = byId("help").hidden) {
  byId("help").hidden = !shown;
  byId("help-button").setAttribute("aria-expanded", String(shown));
}

function pressed(event) {
  tick();
  if (asking) {
    if (event.key === "Escape") answered(null);
    return;
  }
  if (event.key === "Escape") return toggleHelp(false);
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "z") { event.preventDefault(); undo(); }
    if (event.key === "s") { event.preventDefault(); save(); }
    return;
  }
  if (event.altKey) return;
  if (!staff() && !WITHOUT_STAFF.includes(event.key)) {
    if (KEYS[event.key]) say("There is no staff on this page. + adds one.");
    return;
  }
  if (event.key === "Tab") { event.preventDefault(); toDoubtful(event.shiftKey ? -1 : 1); return; }
  if (event.shiftKey && event.key === "ArrowLeft") { event.preventDefault(); shiftAlong(-1); return; }
  if (event.shiftKey && event.key === "ArrowRight") { event.preventDefault(); shiftAlong(1); return; }
  if (event.shiftKey && event.key === "Delete") { event.preventDefault(); removeStaff(); return; }
  if (/^[1-9]$/.test(event.key)) { event.preventDefault(); take(Number(event.key)); return; }
  const act = KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
}

async function begin() {
  const answer = await fetch("/api/reading");
  const data = await answer.json();
  if (!answer.ok) return say(data.error);
  ({ reading, places, shapes, base, spaces } = data);
  pictures = data.strips;
  overview = !reading.staves.length;
  byId("title").textContent = `${data.title} (${data.who})`;
  document.title = `${data.title}: review`;
  document.addEventListener("keydown", pressed);
  byId("ask").addEventListener("submit", (event) => { event.preventDefault(); answered(byId("answer").value); });
  byId("undo").addEventListener("click", undo);
  byId("save").addEventListener("click", save);
  byId("help-button").addEventListener("click", () => toggleHelp());
  window.addEventListener("beforeunload", (event) => { if (!isSaved()) event.preventDefault(); });
  draw();
  if (doubtful.length) { [staffAt, symbolAt] = doubtful[0]; draw(); }
}

begin();
