"""Draw the pages of the sample delivery from its encodings, and write each note's zone into them.

Choirbook layout, six staves a page: the Superius on the verso, Tenor and Contratenor facing it.
The same encodings give the same pixels (every random choice is seeded). Usage:

    python draw.py ENCODING_FOLDER DELIVERY_FOLDER

ENCODING_FOLDER holds what encode.py wrote; the delivery gets ``scans/`` and ``encodings/``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import parchment
import scribe
from PIL import Image, ImageCms

SIZE = (1340, 1890)  # 85 × 120 mm at 400 dots to the inch
DPI = 400
STAVES = 6
SPACE = 26.0  # between two staff lines
FIRST_STAFF, PITCH = 232.0, 262.0
INNER, OUTER = 128.0, 172.0
MEI = "{http://www.music-encoding.org/ns/mei}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
WIDTHS = {"maxima": 2.3, "longa": 1.75, "brevis": 1.55, "semibrevis": 1.2, "minima": 1.05,
          "semiminima": 1.0, "fusa": 1.05}  # fmt: skip
REST_WIDTHS = {"longa": 0.9, "brevis": 0.9}
STEPS = "cdefgab"
COLOURS = ((44, 72, 138), (150, 46, 42), (238, 226, 206), (203, 158, 58))  # blue, red, white, gold
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class PageOfBook:
    """One image: its file, its folio, its number on the leaf, and the song whose voices stand on it."""

    file: str
    label: str
    number: str = ""
    song: str = ""
    ruled: bool = True
    faded: float = 0.0
    kind: str = "natural"

    @property
    def recto(self) -> bool:
        """Whether the gutter is on the left."""
        return self.label.endswith("r")


PAGES = (
    PageOfBook("0003.tif", "front flyleaf 1r", ruled=False),
    PageOfBook("0041.tif", "16v", song="jay-pris-amours"),
    PageOfBook("0042.tif", "17r", "xvij", "jay-pris-amours"),
    PageOfBook("0043.tif", "17v", song="helas-mon-cueur"),
    PageOfBook("0044.tif", "18r", "xviij", "helas-mon-cueur"),
    PageOfBook("0109.tif", "50v", song="par-malle-bouche", faded=0.72),
    PageOfBook("0110.tif", "51r", "lj", "par-malle-bouche"),
    PageOfBook("0143.tif", "67v"),
    PageOfBook("0144.tif", "69r", "lxix"),
    PageOfBook("0145.tif", "69v"),
    PageOfBook("0209.tif", "50v", song="par-malle-bouche", faded=0.72, kind="ultraviolet"),
)
OTHER_SIDE = {"17r": "17v", "17v": "17r"}


@dataclass(frozen=True)
class Sign:
    """A note or rest as encoded; ``place`` counts half spaces up from the bottom line."""

    id: str
    dur: str
    dots: bool
    place: int | None
    flat: bool
    corona: bool
    signum: bool

    @property
    def width(self) -> float:
        """The room it takes on the line, in heads."""
        if self.place is None:
            return REST_WIDTHS.get(self.dur, 0.75)
        return WIDTHS[self.dur] + 0.4 * self.dots + 0.55 * self.flat


@dataclass(frozen=True)
class Voice:
    """What one voice of an encoding says to the scribe."""

    name: str
    clef: tuple[str, int]
    flats: int
    sign: str
    text: str
    signs: tuple[Sign, ...]


def read_voices(mei: str) -> list[Voice]:
    """Return the voices of an encoding by encode.py."""
    root = ElementTree.fromstring(mei.encode())
    definitions, staves = root.findall(f".//{MEI}staffDef"), root.findall(f".//{MEI}staff")
    return [_voice(one, two) for one, two in zip(definitions, staves, strict=True)]


def _voice(definition: ElementTree.Element, staff: ElementTree.Element) -> Voice:
    clef = (definition.get("clef.shape", ""), int(definition.get("clef.line", "0")))
    mensur = definition.find(f"{MEI}mensur")
    assert mensur is not None
    sign = mensur.get("sign", "") + ("|" if mensur.get("slash") else "") + mensur.get("num", "")
    bottom = {"C": 28, "F": 24}[clef[0]] - 2 * (clef[1] - 1)
    signs = tuple(_sign(e, bottom) for e in staff.iter() if e.tag in (f"{MEI}note", f"{MEI}rest"))
    flats = int(definition.get("keysig", "0f")[0])
    name, text = definition.findtext(f"{MEI}label", ""), staff.findtext(f".//{MEI}syl", "")
    return Voice(name, clef, flats, sign, text, signs)


def _sign(element: ElementTree.Element, bottom: int) -> Sign:
    place = None
    if element.tag == f"{MEI}note":
        place = 7 * int(element.get("oct", "")) + STEPS.index(element.get("pname", "")) - bottom
    return Sign(
        element.get(XML_ID, ""), element.get("dur", ""), "dots" in element.attrib, place,
        element.get("accid") == "f", "fermata" in element.attrib, "type" in element.attrib,
    )  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A page's ink: masks of black ink, red lines and colours, and the zones of its notes, line by line."""

    ink: Image.Image
    lines: Image.Image
    gilding: tuple[tuple[Image.Image, tuple[int, int, int]], ...]
    zones: tuple[tuple[tuple[str, Box], ...], ...]


def write_page(page: PageOfBook, voices: list[Voice]) -> Written:
    """Rule and write a page."""
    seed = sum(ord(letter) * (index + 7) for index, letter in enumerate(page.label))
    ink, ruling = scribe.Pen(SIZE, seed), scribe.Pen(SIZE, seed + 1)
    gold, white, blue, red = (scribe.Pen(SIZE, seed + k) for k in (2, 3, 4, 5))
    zones: list[tuple[tuple[str, Box], ...]] = []
    if page.ruled:
        _rule(ruling, page)
    if voices:
        mine = [(voices[0], 0, STAVES)] if not page.recto else [(voices[1], 0, 3), (voices[2], 3, 3)]
        for voice, first, room in mine:
            field = (blue, red)[(seed + first) % 2]
            zones += _write_voice(ink, (field, gold, white), page, voice, first, room)
    if page.number:
        scribe.write(ink, SIZE[0] - 200, 118, 26, page.number, 0.2)
    masks = (blue.mask, red.mask, white.mask, gold.mask)
    gilding = tuple(zip(masks, COLOURS, strict=True))
    return Written(ink.mask, ruling.mask, gilding, tuple(zones))


def _left(page: PageOfBook) -> float:
    return INNER if page.recto else OUTER


def _right(page: PageOfBook) -> float:
    return SIZE[0] - (OUTER if page.recto else INNER)


def _top(page: PageOfBook, staff: int) -> float:
    return FIRST_STAFF + staff * PITCH + {True: 3, False: 0}[page.recto]


def _rule(pen: scribe.Pen, page: PageOfBook) -> None:
    left, right = _left(page), _right(page)
    for staff in range(STAVES):
        tilt, start, stop = pen.jitter(2.0), left + pen.jitter(5), right + pen.jitter(7)
        for line in range(5):  # one rastrum rules the five lines together
            y = _top(page, staff) + line * SPACE
            pen.line((start + pen.jitter(1.5), y), (stop + pen.jitter(2), y + tilt), 2.5 + pen.jitter(0.25))


def _write_voice(ink: scribe.Pen, colours: tuple[scribe.Pen, ...], page: PageOfBook, voice: Voice, first: int,
                 room: int) -> Iterator[tuple[tuple[str, Box], ...]]:  # fmt: skip
    left, right = _left(page), _right(page)
    box = 166.0
    letter = voice.text[0] if voice.name == "Superius" else voice.name[0]
    top = _top(page, first)
    _initial(colours, left - 22, top - 44, box, letter)
    _incipit(ink, page, voice, left + box + 4, top + 4 * SPACE + 70)
    heads = [2.6 + 0.75 * voice.flats] * room
    starts = [left + heads[k] * SPACE + (box + 8 + 3.2 * SPACE if k == 0 else 0) for k in range(room)]
    rows = _break_lines(voice.signs, [right - start - 1.9 * SPACE for start in starts])
    for row, signs in enumerate(rows):
        staff = _top(page, first + row)
        clef_x = left + 10 + (box - 2 if row == 0 else 0)
        _head(ink, voice, clef_x, staff, row == 0)
        following = rows[row + 1][0] if row + 1 < len(rows) else None
        yield tuple(_row(ink, signs, starts[row], right, staff, following, rows, row))


def _initial(colours: tuple[scribe.Pen, ...], x: float, y: float, box: float, letter: str) -> None:
    field, gold, white = colours
    field.fill([(x, y), (x + box, y + 2), (x + box - 2, y + box), (x + 1, y + box - 1)])
    near, far = 5, box - 5
    corners = [(near, near), (far, near), (far, far), (near, far), (near, near)]
    for (x0, y0), (x1, y1) in pairwise(corners):
        gold.line((x + x0, y + y0), (x + x1, y + y1), 3.0)
    for k in range(4):  # white vines in the corners
        sx, sy = (1 if k % 2 else -1), (1 if k > 1 else -1)
        cx, cy = x + box / 2, y + box / 2
        vine = [
            (cx + sx * box * a, cy + sy * box * b)
            for a, b in ((0.40, 0.06), (0.30, 0.22), (0.38, 0.37), (0.26, 0.40), (0.24, 0.30), (0.08, 0.38))
        ]
        white.curve(vine, 3.4, 40, 0.5)
    scribe.write(gold, x + box * 0.23, y + box * 0.80, box * 0.37, letter, 0.36)
    for k in range(2):  # penwork into the margin
        side = -1 if k else 1
        reach = 250 if side > 0 else 120
        sway = [(x - 9 - 9 * np.sin(t * 5) * t, y + box * (0.5 + side * 0.45) + side * reach * t)
                for t in np.linspace(0, 1, 7)]  # fmt: skip
        field.curve(sway, 3.6, 40, 0.5)
        for px, py in sway[2::2]:
            scribe.dot(gold, px + 11, py, 34)


def _incipit(ink: scribe.Pen, page: PageOfBook, voice: Voice, x: float, y: float) -> None:
    if voice.name == "Superius":
        scribe.write(ink, x + 40, y, 33, voice.text[1:].lstrip("'"))
        return
    end = scribe.write(ink, x, y, 30, voice.name[1:])
    scribe.write(ink, end + 70, y, 32, voice.text)


def _head(ink: scribe.Pen, voice: Voice, x: float, staff: float, first: bool) -> None:
    shape, line = voice.clef
    bottom = staff + 4 * SPACE
    scribe.clef(ink, x, bottom - (line - 1) * SPACE, SPACE, shape)
    x += 1.75 * SPACE
    if voice.flats:  # one flat, on the b that lies within the staff
        b = 6 - ({"C": 0, "F": 3}[shape] - 2 * (line - 1))
        scribe.flat(ink, x, bottom - (b % 7) * SPACE / 2, SPACE)
        x += 0.85 * SPACE
    if first:
        scribe.mensuration(ink, x + 4, staff, SPACE, voice.sign)


def _break_lines(signs: tuple[Sign, ...], rooms: list[float]) -> list[list[Sign]]:
    """Return the signs line by line: as wide as a scribe likes, or as narrow as the page demands."""
    unit = min(49.0, sum(rooms) / (sum(sign.width for sign in signs) + 1.5 * len(rooms)))
    while True:
        rows: list[list[Sign]] = [[]]
        used = 0.0
        for sign in signs:
            if rows[-1] and used + sign.width * unit > rooms[min(len(rows), len(rooms)) - 1]:
                rows.append([])
                used = 0.0
            rows[-1].append(sign)
            used += sign.width * unit
        if len(rows) <= len(rooms) and used < rooms[len(rows) - 1] - 2.5 * SPACE:
            return rows
        unit -= 0.1


def _row(ink: scribe.Pen, signs: list[Sign], start: float, right: float, staff: float, following: Sign | None,
         rows: list[list[Sign]], row: int) -> Iterator[tuple[str, Box]]:  # fmt: skip
    room = right - start - 1.9 * SPACE
    total = sum(sign.width for sign in signs)
    unit = room / total if following else min(49.0, (room - 2.5 * SPACE) / total)
    bottom, x = staff + 4 * SPACE, start
    for sign in signs:
        ink.begin()
        middle = x + min(sign.width, WIDTHS.get(sign.dur, 1.0)) * unit / 2 + ink.jitter(0.6)
        if sign.place is None:
            scribe.rest(ink, x + sign.width * unit * 0.4, staff, SPACE, sign.dur)
        else:
            y = bottom - sign.place * SPACE / 2
            if sign.flat:
                scribe.flat(ink, middle - 0.1 * SPACE, y, SPACE)
                middle += 0.55 * unit
                ink.begin()
            _ledger(ink, middle, bottom, sign.place)
            scribe.note(ink, middle, y, SPACE, sign.dur, sign.dots)
            box = ink.box
            if sign.corona:
                scribe.corona(ink, middle, staff - 0.95 * SPACE, SPACE)
            if sign.signum:
                scribe.signum(ink, middle + 2, min(y - 1.6 * SPACE, staff - 0.8 * SPACE), SPACE)
            yield sign.id, box
            x += sign.width * unit
            continue
        yield sign.id, ink.box
        x += sign.width * unit
    if following is None:
        scribe.final_bar(ink, x + 0.7 * SPACE, staff, SPACE)
        return
    place = following.place
    if place is None:
        place = next((s.place for s in rows[row + 1] if s.place is not None), 4)
    scribe.custos(ink, right - 1.45 * SPACE, bottom - place * SPACE / 2, SPACE)


def _ledger(ink: scribe.Pen, x: float, bottom: float, place: int) -> None:
    for line in [*range(-2, place - 1, -2), *range(10, place + 1, 2)]:
        y = bottom - line * SPACE / 2
        ink.line((x - 0.75 * SPACE, y), (x + 0.75 * SPACE, y + ink.jitter(1)), 2.2)


def paint(page: PageOfBook, written: Written, behind: Written | None) -> Image.Image:
    """Return the picture of a page: parchment, show-through, ruling, colours, ink, wear."""
    seed = sum(ord(letter) * (index + 3) for index, letter in enumerate(page.label))
    ink, lines = parchment.depth(written.ink, SIZE), parchment.depth(written.lines, SIZE)
    bare, soil = parchment.leaf(np.random.default_rng(seed), SIZE, page.recto, 0.0 if page.ruled else 1.0)
    random = np.random.default_rng(seed + 1)
    if page.kind == "ultraviolet":
        glow = parchment.ultraviolet(soil, ink, lines, np.random.default_rng(seed), SIZE, page.recto)
        for mask, _ in written.gilding:
            cover = parchment.depth(mask, SIZE)
            glow = parchment.lay_ink(glow, cover, (52, 46, 96), np.full_like(cover, 0.6))
        return parchment.finish(glow)
    if behind is not None:
        trace = np.maximum(parchment.depth(behind.ink, SIZE), 0.35 * parchment.depth(behind.lines, SIZE))
        bare = parchment.show_through(bare, trace, random, SIZE)
    strength = parchment.wear(random, SIZE, page.faded)
    bare = parchment.lay_ink(bare, lines, parchment.RED_INK, (0.35 + 0.4 * strength).astype(np.float32))
    for mask, colour in written.gilding:
        gilt = (0.98 - 0.16 * parchment.noise(random, SIZE, 23)).astype(np.float32)
        bare = parchment.lay_ink(bare, parchment.depth(mask, SIZE), colour, gilt)
    return parchment.finish(parchment.lay_ink(bare, ink, parchment.BLACK_INK, strength))


def srgb() -> bytes:
    """Return an sRGB profile whose date is fixed, so that a page is the same whenever it is drawn."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes([7, 233, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
    profile[84:100] = bytes(16)  # the profile's own digest: none
    return bytes(profile)


def save(image: Image.Image, path: Path) -> None:
    """Write a page as a TIFF with JPEG compression."""
    image.convert("YCbCr").save(path, compression="jpeg", quality=88, dpi=(DPI, DPI), icc_profile=srgb())


def with_zones(mei: str, pages: list[tuple[PageOfBook, list[tuple[str, Box]], set[str]]]) -> str:
    """Return an encoding with a facsimile, and pb, sb and facs in its layers."""
    facsimile, breaks, zones = ["    <facsimile>"], {}, set()
    for page, boxes, starts in pages:
        surface = f"f{page.label}"
        width, height = SIZE
        facsimile += [
            f'      <surface xml:id="{surface}" n="{page.label}"'
            f' ulx="0" uly="0" lrx="{width}" lry="{height}">',
            f'        <graphic target="../scans/{page.file}" width="{width}px" height="{height}px"/>',
        ]
        new_page = True
        for name, (ulx, uly, lrx, lry) in boxes:
            zones.add(name)
            place = f'ulx="{ulx}" uly="{uly}" lrx="{lrx}" lry="{lry}"'
            facsimile.append(f'        <zone xml:id="z-{name}" {place}/>')
            voice_start = name.endswith("-0001")
            if name in starts:
                new = new_page or voice_start
                breaks[name] = [f'<pb n="{page.label}" facs="#{surface}"/>'] * new + ["<sb/>"]
                new_page = False
        facsimile.append("      </surface>")
    facsimile.append("    </facsimile>")
    out: list[str] = []
    for line in mei.splitlines():
        if line == "    <body>":
            out += facsimile
        match = re.match(r'( +)<(note|rest) xml:id="([^"]+)"(.*)', line)
        if match:
            pad, kind, name, rest = match.groups()
            out += [pad + mark for mark in breaks.get(name, [])]
            line = f'{pad}<{kind} xml:id="{name}" facs="#z-{name}"{rest}' if name in zones else line
        out.append(line)
    return "\n".join(out) + "\n"


def without_zones(mei: str) -> str:
    """Return an encoding as encode.py wrote it: the inverse of :func:`with_zones`."""
    mei = re.sub(r"    <facsimile>\n.*?    </facsimile>\n", "", mei, flags=re.DOTALL)
    mei = re.sub(r" +<[ps]b\b[^>]*/>\n", "", mei)
    return re.sub(r' facs="#z-[^"]+"', "", mei)


def compose(encodings: Path) -> dict[str, Written]:
    """Return the ink of every page by its label."""
    songs = {page.song for page in PAGES if page.song}
    voices = {song: read_voices((encodings / f"{song}.mei").read_text(encoding="utf-8")) for song in songs}
    return {page.label: write_page(page, voices.get(page.song, [])) for page in PAGES}


def picture(page: PageOfBook, written: dict[str, Written]) -> Image.Image:
    """Return the image of one page."""
    other = OTHER_SIDE.get(page.label, "67v" if page.ruled else "")
    return paint(page, written[page.label], written.get(other))


def main(encodings: Path, delivery: Path) -> None:
    """Draw all pages and write the encodings with their zones."""
    (delivery / "scans").mkdir(parents=True, exist_ok=True)
    (delivery / "encodings").mkdir(exist_ok=True)
    written = compose(encodings)
    for page in PAGES:
        save(picture(page, written), delivery / "scans" / page.file)
    for song in dict.fromkeys(page.song for page in PAGES if page.song):
        pages = [page for page in PAGES if page.song == song and page.kind == "natural"]
        rows = [(page, written[page.label].zones) for page in pages]
        found = [
            (page, [z for row in zones for z in row], {row[0][0] for row in zones}) for page, zones in rows
        ]
        mei = (encodings / f"{song}.mei").read_text(encoding="utf-8")
        (delivery / "encodings" / f"{song}.mei").write_text(with_zones(mei, found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
