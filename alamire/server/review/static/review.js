"use strict";
// The correction page. What is corrected is the reading as JSON; each change keeps the one before for undo.

const SVG = "http://www.w3.org/2000/svg";
const CLEF_PITCH = { "clef.C": 28, "clef.F": 24, "clef.G": 32 };
const IDLE = 60000; // milliseconds without a key after which nobody is thought to be working

const MISSING = 0.1; // how likely something was left unread where a gap is doubtful

let reading, places, shapes, extent, stemmed, stemLength, doubtful = [];
let staffAt = 0, symbolAt = 0;
let gap = false; // whether the place after the symbol is looked at, where one may be missing (-1: before the first)
let surface = ""; // the page that is shown
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
const symbol = () => (staff() && !gap ? staff().symbols[symbolAt] : undefined);
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
  past.push({ ...copy({ reading, staffAt, symbolAt, gap }), places: [...places], pictures: [...pictures] });
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
  ({ reading, staffAt, symbolAt, gap, places, pictures } = before);
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

// What may be missing after a symbol: its names with their odds, and what the checks say; null for nothing
function missing(row, column) {
  if (reading.staves[row].confirmed) return null;
  const before = reading.staves[row].symbols[column];
  const unread = (before && before.unread) || [];
  const found = reading.findings.filter((one) => (one.missing || []).some((at) => at[0] === row && at[1] === column));
  if (!found.length && unread.reduce((sum, one) => sum + one[1], 0) < MISSING) return null;
  const asked = found.map((one) => one.sign).filter((name) => name && !unread.some((one) => one[0] === name));
  return { names: [...unread, ...[...new Set(asked)].map((name) => [name, null])], said: found.map((one) => one.message) };
}

// Places as [staff, symbol, whether the gap after it]
function listDoubtful() {
  const found = [];
  reading.staves.forEach((one, row) => {
    for (let column = -1; column < one.symbols.length; column += 1) {
      if (column >= 0 && isDoubtful(one.symbols[column], row, column)) found.push([row, column, false]);
      if (missing(row, column)) found.push([row, column, true]);
    }
  });
  return found;
}

function toDoubtful(direction) {
  const order = ([row, column, inGap]) => row * 1e6 + column + (inGap ? 0.5 : 0);
  const here = order([staffAt, symbolAt, gap]);
  const after = doubtful.filter((place) => direction * (order(place) - here) > 0);
  if (!after.length) return say(`Nothing more is doubtful this way; ${direction > 0 ? "f goes to the next page" : "b goes to the page before"}.`);
  [staffAt, symbolAt, gap] = direction > 0 ? after[0] : after[after.length - 1];
  draw();
}

// Findings are kept where a symbol comes (by 1) before others of its staff, or goes (by -1)
function renumber(row, column, by) {
  const moved = (at) => (at[0] === row && at[1] >= column ? [row, at[1] + by] : at);
  for (const one of reading.findings) {
    if (by < 0) one.at = one.at.filter((at) => at[0] !== row || at[1] !== column);
    if (by > 0) one.missing = (one.missing || []).filter((at) => at[0] !== row || at[1] !== column - 1);
    one.at = one.at.map(moved);
    one.missing = (one.missing || []).map(moved);
  }
}

function nothingMissing() {
  change(() => {
    const before = staff().symbols[symbolAt];
    if (before) before.unread = [];
    for (const one of reading.findings) {
      one.missing = (one.missing || []).filter((at) => at[0] !== staffAt || at[1] !== symbolAt);
    }
  });
  toDoubtful(1);
}

function step(direction) {
  if (gap) {
    gap = false;
    symbolAt += direction > 0 ? 1 : 0;
  } else symbolAt += direction;
  if (symbolAt < 0) {
    if (staffAt > 0) {
      staffAt -= 1;
      symbolAt = Math.max(0, staff().symbols.length - 1);
    } else symbolAt = 0;
  } else if (symbolAt >= staff().symbols.length) {
    if (staffAt < reading.staves.length - 1) {
      staffAt += 1;
      [symbolAt, gap] = [0, false];
    } else symbolAt = Math.max(0, staff().symbols.length - 1);
  }
  draw();
}

function toStaff(direction) {
  gap = false;
  staffAt = Math.min(reading.staves.length - 1, Math.max(0, staffAt + direction));
  symbolAt = 0;
  draw();
}

// Edits

function touched(one) {
  one.confidence = 1;
  one.alternatives = [];
}

// What became another shape or stands elsewhere: its box is the extent of its shape, as saving makes it on its ink
function placed(one) {
  touched(one);
  one.box = boxOf(one, staff());
}

function shift(steps) {
  if (isEmpty()) return moveOutline(-8 * steps, 1);
  if (!symbol()) return;
  change(() => {
    const one = symbol();
    one.height = Math.min(12, Math.max(-4, one.height + steps));
    placed(one);
  });
}

function shiftAlong(pixels) {
  if (isEmpty()) return moveOutline(0, 1, 8 * pixels);
  if (!symbol()) return;
  change(() => {
    const one = symbol();
    one.x += (pixels * staff().staff.unit) / 8;
    staff().symbols.sort((a, b) => a.x - b.x);
    symbolAt = staff().symbols.indexOf(one);
    placed(one);
  });
}

function take(number) {
  if (gap) {
    const there = missing(staffAt, symbolAt), name = there && there.names[number - 1];
    return name ? insert(name[0]) : say(`There is no alternative ${number}.`);
  }
  const one = symbol();
  const chosen = one && one.alternatives[number - 1];
  if (!chosen) return say(`There is no alternative ${number}.`);
  change(() => become(symbol(), chosen[0]));
}

function become(one, name) {
  const found = parsed(name, one.height);
  if (!found) return say(`${name} is no symbol that is known.`);
  Object.assign(one, found);
  placed(one);
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

// The same as box_of in boxes.py
function boxOf(one, onStaff) {
  const unit = onStaff.staff.unit;
  const y = middleAt(onStaff, one.x) - ((one.height - 4) * unit) / 2;
  let [half, below, above] = extent[one.shape];
  if (stemmed.includes(one.shape)) [below, above] = one.stem === "down" ? [stemLength, above] : [below, stemLength];
  const index = onStaff.symbols.indexOf(one);
  const [before, after] = [onStaff.symbols[index - 1], index < 0 ? undefined : onStaff.symbols[index + 1]];
  const left = before ? Math.max(one.x - half * unit, (before.x + one.x) / 2) : one.x - half * unit;
  const right = after ? Math.min(one.x + half * unit, (after.x + one.x) / 2) : one.x + half * unit;
  return [left, y - above * unit, right, y + below * unit];
}

function insert(name) {
  const { symbols } = staff();
  const one = symbols[symbolAt], following = symbols[symbolAt + 1];
  const unit = staff().staff.unit;
  const found = parsed(name, one ? one.height : 4);
  if (!found) return say(`${name} is no symbol that is known.`);
  const start = one ? one.x : staff().staff.xs[0];
  let x = following ? (start + following.x) / 2 : start + 1.5 * unit;
  if (found.shape === "dot" && one) x = Math.min(x, one.x + (extent[one.shape][0] + 0.35) * unit);
  change(() => {
    const made = { ...found, x, confidence: 1, alternatives: [], unread: [], red: false, stem: "", box: [0, 0, 0, 0] };
    if (one) one.unread = [];
    renumber(staffAt, symbolAt + 1, 1);
    symbolAt = one || symbolAt < 0 ? symbolAt + 1 : 0;
    gap = false;
    symbols.splice(symbolAt, 0, made);
    placed(made);
  });
}

function remove() {
  if (!symbol()) return;
  change(() => {
    staff().symbols.splice(symbolAt, 1);
    renumber(staffAt, symbolAt, -1);
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
        placed(each);
        if (last) break;
      }
    });
    return;
  }
  if (!next || !/^(note|ligature)/.test(next.shape)) return say("There is no note after this one to bind it with.");
  change(() => {
    const filled = (shape) => (shape.endsWith("~") ? "~" : "");
    symbol().shape = `ligature.start${filled(symbol().shape)}`;
    placed(symbol());
    const other = staff().symbols[symbolAt + 1];
    const begins = /^ligature\.(start|oblique)/.test(other.shape);
    other.shape = `ligature.${begins ? "middle" : "end"}${filled(other.shape)}`;
    placed(other);
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
    [symbolAt, gap] = [0, false];
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
    [symbolAt, gap] = [0, false];
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
    [symbolAt, gap] = [0, false];
  });
  say(again.symbols.length ? "Read again." : "Read again: there is nothing within this outline.");
}

function confirmStaff() {
  change(() => {
    staff().confirmed = !staff().confirmed;
    if (staff().confirmed) staff().symbols.forEach((one) => { touched(one); one.unread = []; });
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
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify({ ...body, surface }) }).catch(() => null);
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
  reading.history = answer.reading.history;
  if (past.length === count) reading = answer.reading; // with its findings, and boxes on their ink
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
    const chosen = row === staffAt && column === symbolAt && !gap;
    const kind = sureness(each, row, column) + (chosen ? " chosen" : "");
    const [left, top, right, bottom] = each.box;
    const box = make(svg, "rect", { class: `box ${kind}`, x: toX(left), y: toY(top), width: Math.max(2, (right - left) * place.factor), height: Math.max(2, (bottom - top) * place.factor) });
    const level = middle - ((each.height - 4) * unit) / 2;
    const shifted = { ...each, box: [0, level - (middleOf(one, each) - top) * place.factor, 0, level + (bottom - middleOf(one, each)) * place.factor] };
    const drawn = glyph(svg, shifted, toX(each.x), level, unit, kind);
    for (const target of [box, drawn]) {
      target.addEventListener("click", () => {
        [staffAt, symbolAt, gap] = [row, column, false];
        draw();
      });
    }
  });
  for (let column = -1; column < one.symbols.length; column += 1) if (missing(row, column)) drawGap(svg, one, row, column, toX, toY, middle, unit);
  return section;
}

// Where a symbol may be missing: a mark between its neighbours, on the scan and on what was read
function drawGap(svg, one, row, column, toX, toY, middle, unit) {
  const [before, after] = [one.symbols[column], one.symbols[column + 1]];
  const from = before ? before.x : one.staff.xs[0] - one.staff.unit;
  const x = toX(after ? (from + after.x) / 2 : from + 1.5 * one.staff.unit);
  const kind = row === staffAt && column === symbolAt && gap ? "gap chosen" : "gap";
  const group = make(svg, "g", { class: kind, "stroke-width": unit * 0.12 });
  for (const y of [toY(middleAt(one, from)), middle]) {
    make(group, "rect", { x: x - 0.3 * unit, y: y - 2.6 * unit, width: 0.6 * unit, height: 5.2 * unit, rx: 0.2 * unit });
    make(group, "text", { x, y: y - 2.9 * unit, "font-size": 1.5 * unit, "text-anchor": "middle" }, "?");
  }
  group.addEventListener("click", () => {
    [staffAt, symbolAt, gap] = [row, column, true];
    draw();
  });
}

function middleOf(one, each) {
  return middleAt(one, each.x) - ((each.height - 4) * one.staff.unit) / 2;
}

function drawSymbol() {
  const where = byId("symbol");
  where.replaceChildren();
  const one = symbol();
  if (staff() && gap) return sayGap(where);
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

function sayGap(where) {
  const { names, said } = missing(staffAt, symbolAt) || { names: [], said: [] };
  const [before, after] = [staff().symbols[symbolAt], staff().symbols[symbolAt + 1]];
  const place = before && after ? `Between ${nameOf(before)} and ${nameOf(after)}` : before ? `After ${nameOf(before)}` : after ? `Before ${nameOf(after)}` : "Here";
  const strong = document.createElement("strong");
  strong.textContent = `${place} something may be missing. `;
  where.append(strong);
  names.slice(0, 9).forEach(([name, odds], index) => {
    const key = document.createElement("kbd");
    key.textContent = index + 1;
    where.append(key, ` ${name}${odds === null ? "" : ` (${Math.round(odds * 100)} %)`}  `);
  });
  const other = document.createElement("kbd"), none = document.createElement("kbd");
  other.textContent = "i";
  none.textContent = "Enter";
  where.append(other, names.length ? " another  " : " insert it  ", none, " nothing is missing ");
  if (said.length) where.append(`— ${said.join("; ")}`);
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
  make(svg, "image", { href: `/api/page?surface=${encodeURIComponent(surface)}`, width, height });
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
  if (here && (byId("page").hidden || symbol() || gap)) here.scrollIntoView({ block: "nearest" });
  const unsaved = isSaved() ? "" : "; not saved yet";
  if (!reading.staves.length) return say(`No staff was found on this surface${unsaved}.`);
  const open = reading.staves.filter((one) => one.symbols.length && !one.confirmed).length;
  const gaps = doubtful.filter((place) => place[2]).length;
  const where = gaps ? ` and ${gaps} where one may be missing` : "";
  say(`${doubtful.length - gaps} doubtful symbols${where}, ${open} staves to confirm${unsaved}.`);
}

const KEYS = {
  ArrowLeft: () => step(-1), ArrowRight: () => step(1), ArrowUp: () => shift(1), ArrowDown: () => shift(-1),
  PageUp: () => toStaff(-1), PageDown: () => toStaff(1), Delete: remove, Backspace: remove,
  Enter: () => { if (gap) nothingMissing(); else if (symbol()) { change(() => touched(symbol())); toDoubtful(1); } },
  e: () => symbol() && ask("Shape (and place, as L3):", nameOf(symbol()), shapes, (name) => change(() => become(symbol(), name))),
  i: () => ask("Insert:", "", shapes, insert),
  l: bind, c: confirmStaff, p: beginPart, n: namePart, u: undo, s: save, a: readAgain,
  r: () => symbol() && change(() => (symbol().red = !symbol().red)),
  "[": () => moveOutline(-1, 1), "]": () => moveOutline(1, 1), "{": () => moveOutline(0, 0.99), "}": () => moveOutline(0, 1.01),
  "<": () => moveOutline(0, 1, 0, -8), ">": () => moveOutline(0, 1, 0, 8),
  f: () => toPage("on"), b: () => toPage("back"), F: () => toPage("on any"), B: () => toPage("back any"),
  "+": addStaff, o: toggleOverview, "?": () => toggleHelp(),
};
const WITHOUT_STAFF = ["+", "o", "u", "s", "?", "f", "b", "F", "B"]; // the keys that do something on a page without staves

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

// Pages: the next or the one before, with something to confirm or ("any") whatever it is
async function toPage(go) {
  if (!isSaved()) return say("Not saved yet: s saves, then the page can be left.");
  say("Reading…");
  if (await load(go)) window.scrollTo(0, 0);
}

async function load(go) {
  const query = new URLSearchParams({ surface, ...(go ? { go } : {}) });
  const answer = await fetch(`/api/reading?${query}`).catch(() => null);
  const data = answer ? await answer.json() : { error: "alamire review has ended, or cannot be reached." };
  if (data.none || data.error) {
    say(data.none || data.error);
    return false;
  }
  ({ reading, places, shapes, extent, stemmed, base, spaces, surface } = data);
  stemLength = data.stem;
  pictures = data.strips;
  [staffAt, symbolAt, gap, savedAt, worked] = [0, 0, false, 0, 0];
  past.length = 0;
  overview = !reading.staves.length;
  byId("page").replaceChildren();
  byId("title").textContent = `${data.title} (page ${data.count}; ${data.who})`;
  document.title = `${data.title}: review`;
  history.replaceState(null, "", `/?surface=${encodeURIComponent(surface)}`);
  draw();
  if (doubtful.length) { [staffAt, symbolAt, gap] = doubtful[0]; draw(); }
  return true;
}

async function begin() {
  surface = new URLSearchParams(location.search).get("surface") || "";
  if (!(await load())) return;
  document.addEventListener("keydown", pressed);
  byId("ask").addEventListener("submit", (event) => { event.preventDefault(); answered(byId("answer").value); });
  byId("undo").addEventListener("click", undo);
  byId("save").addEventListener("click", save);
  byId("help-button").addEventListener("click", () => toggleHelp());
  window.addEventListener("beforeunload", (event) => { if (!isSaved()) event.preventDefault(); });
}

begin();
