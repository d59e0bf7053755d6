// What the review server sends; the reading in it has the form in which it is kept (alamire/recognition/reading.py).

/** An agnostic name, as `note.minima-L3`, and how likely it is. */
export type Likely = [name: string, odds: number];
/** The indices of a staff and of a symbol on it; in gaps -1 stands before the first symbol. */
export type At = [row: number, column: number];

export interface StaffSymbol {
  shape: string;
  height: number;
  x: number;
  box: [left: number, top: number, right: number, bottom: number];
  confidence: number;
  alternatives: Likely[];
  red: boolean;
  stem: "" | "up" | "down";
  unread: Likely[];
}

/** A middle line through the points (xs, middle), in pixels of the scan; `unit` lies between two lines. */
export interface StaffLines {
  xs: number[];
  middle: number[];
  unit: number;
}

export interface Staff {
  staff: StaffLines;
  symbols: StaffSymbol[];
  part: number;
  indent: number;
  confirmed: boolean;
}

export interface Finding {
  code: string;
  message: string;
  at: At[];
  missing: At[];
  sign: string;
}

export interface Reading {
  width: number;
  height: number;
  staves: Staff[];
  parts: string[];
  findings: Finding[];
  history: object[];
}

/** The picture of a staff: its address, where it lies on the scan, and pixels of it for one of the scan. */
export interface Strip {
  picture: string;
  left: number;
  top: number;
  factor: number;
  width: number;
  height: number;
}

/** A stroke (`path`, filled or not) or letters, in staff spaces around the middle of a symbol, y downwards. */
export interface GlyphPart {
  path?: string;
  filled?: boolean;
  thick?: number;
  text?: string;
  x?: number;
  y?: number;
  size?: number;
}

/** How a shape looks with its stem on one side: half its width, its reach below and above, and its drawing. */
export interface Form {
  extent: [half: number, below: number, above: number];
  marks: GlyphPart[];
}

/** A shape of the vocabulary. Null is what it cannot become, or does not do. */
export interface Shape {
  name: string;
  up: Form;
  down: Form;
  /** What it becomes when it is bound with the symbol after it, and with the one before it. */
  bound: { first: string; next: string } | null;
  /** What it becomes when its ligature is loosened, and whether it begins or ends one. */
  ligature: { loosened: string; begins: boolean; ends: boolean } | null;
  /** Staff spaces between it and the ink of the symbol to which it belongs. */
  beside: number | null;
  /** Whether it is a note, by itself or in a ligature. */
  sounds: boolean;
  /** Of a clef: the pitches under it, as `c4`, upwards; its own is the middle one. */
  pitches: string[] | null;
}

export interface Vocabulary {
  shapes: Shape[];
  /** The names of heights from `lowest` upwards. */
  heights: { lowest: number; names: string[] };
  /** The confidences from which a symbol is sure, or half so; the odds from which something is missing. */
  doubt: { high: number; medium: number; missing: number };
}

export interface Shown {
  reading: Reading;
  strips: Strip[];
  vocabulary: Vocabulary;
  base: string;
  surface: string;
  /** Staff spaces that the longer side of a page has, where nothing is known of its staves. */
  spaces: number;
  title: string;
  count: string;
  who: string;
}

/** What is to be said after something was done, if anything; null where the page is left as it is. */
// biome-ignore lint/suspicious/noConfusingVoidType: most of what is done returns nothing
export type Said = string | null | void;
