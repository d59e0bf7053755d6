"""Encode the three songs of the sample delivery as MEI mensural scores.

The notes are read from the Humdrum scores of the Josquin Research Project; what its editors added
(accidentals, underlay, bar lines with their ties, modern clefs) is left out. Usage:

    python encode.py KERN_FOLDER OUTPUT_FOLDER
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from xml.sax.saxutils import escape

NS = "http://www.music-encoding.org/ns/mei"
SCHEMA = "https://music-encoding.org/schema/5.0/mei-Mensural.rng"
VOICES = {"Discantus": ("Superius", "s"), "Tenor": ("Tenor", "t"), "Contra": ("Contratenor", "c")}
FIGURES = {
    Fraction(8): "maxima",
    Fraction(4): "longa",
    Fraction(2): "brevis",
    Fraction(1): "semibrevis",
    Fraction(1, 2): "minima",
    Fraction(1, 4): "semiminima",
    Fraction(1, 8): "fusa",
}
STEPS = "cdefgab"
CLEFS = [("C", 1), ("C", 2), ("C", 3), ("C", 4), ("F", 3), ("F", 4)]
CLEF_STEP = {"C": 28, "F": 24}  # c4 and f3, counted in steps from c0
TOKEN = re.compile(
    r"(?P<open>\[)?(?P<figure>0+|\d+)(?P<dots>\.*)(?P<pitch>[a-gA-G]+|r)(?P<accidental>#+|-+|n)?(?P<rest>.*)"
)


@dataclass(frozen=True)
class Song:
    """What the kern file does not say in the form wanted here."""

    id: str
    kern: str
    title: str
    folios: str
    remark: str


SONGS = (
    Song(
        "jay-pris-amours",
        "Ano3131-Jay_pris_amours_a_ma_devise--prob_orig_version.krn",
        "J'ay pris amours",
        "16v–17r",
        "The notes follow the probable original version as published by the Josquin Research Project. "
        "That score isn't transcribed from this source: what stands on ff. 16v–17r may differ.",
    ),
    Song(
        "helas-mon-cueur",
        "Ano3225-Helas_mon_cueur_tu_mocciras--Leuven_Chansonnier.krn",
        "Helas mon cueur",
        "17v–18r",
        "The notes follow the score that the Josquin Research Project transcribed from this source. "
        "Its editors report of the Contra, by their bars: 14–15 lacking; 33: e c; 37/2: g. "
        "Their readings are kept here.",
    ),
    Song(
        "par-malle-bouche",
        "Ano3229-Par_malle_bouche--Leuven_Chansonnier.krn",
        "Par malle bouche",
        "50v–51r",
        "The notes follow the score that the Josquin Research Project transcribed from this source. "
        "Its editors report of the Contra, by their bars: 21/2: a. Their reading is kept here. "
        "The signa congruentiae of that score are the editors' and are left out.",
    ),
)


@dataclass(frozen=True)
class Event:
    """A note or a rest; ``step`` counts from c0, ``duration`` is in semibreves."""

    duration: Fraction
    step: int | None = None
    accidental: str = ""
    tied_on: bool = False
    final: bool = False
    corona: bool = False
    signum: bool = False


@dataclass(frozen=True)
class Part:
    """One voice of a song as the kern file gives it."""

    name: str
    letter: str
    flats: tuple[str, ...]
    sign: str
    events: tuple[Event, ...]


def read_kern(text: str) -> list[Part]:
    """Return the voices of a Humdrum score, highest first, without the editors' additions."""
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("!")]
    signa = "signum congruentiae" in text and "Sig. cong. editorial" not in text
    parts = []
    for field in (index for index, name in enumerate(rows[0]) if name == "**kern"):
        cells = [row[field] for row in rows[1:]]
        name, letter = VOICES[_after(cells, '*I"')]
        flats = tuple(re.findall(r"([a-g])-", _after(cells, "*k")))
        events = tuple(_join_ties(_event(cell, signa) for cell in cells if cell[0] not in "*=."))
        parts.append(Part(name, letter, flats, _after(cells, "*met("), events))
    return parts[::-1]


def _after(cells: list[str], start: str) -> str:
    return next(cell.removeprefix(start).rstrip(")") for cell in cells if cell.startswith(start))


def _event(token: str, signa: bool) -> Event:
    match = TOKEN.fullmatch(token)
    if match is None:
        raise ValueError(f"{token!r} is not a note or rest that is known here")
    figure, rest = match["figure"], match["rest"]
    whole = Fraction(2 ** len(figure)) if figure.startswith("0") else Fraction(1, int(figure))
    duration = whole * (2 - Fraction(1, 2 ** len(match["dots"])))
    if match["pitch"] == "r":
        return Event(duration)
    editorial = "i" in rest  # "i = editorial accidental", with or without X
    return Event(
        duration,
        _step(match["pitch"]),
        "" if editorial else {"#": "s", "-": "f"}.get(match["accidental"] or "", ""),
        tied_on=bool(match["open"]) or "_" in rest,
        final="l" in rest,
        corona=";" in rest,
        signum=signa and "N" in rest,
    )


def _step(pitch: str) -> int:
    octave = 3 + len(pitch) if pitch.islower() else 4 - len(pitch)
    return 7 * octave + STEPS.index(pitch[0].lower())


def _join_ties(events: Iterator[Event]) -> Iterator[Event]:
    held: Event | None = None
    for event in events:
        if held is not None:
            event = replace(held, duration=held.duration + event.duration, tied_on=event.tied_on)
        held = event if event.tied_on else None
        if held is None:
            yield event


def figure_of(event: Event) -> dict[str, str]:
    """Return the MEI attributes that give an event's duration exactly, in perfect-free mensuration.

    The last note is written as a longa whatever its length (``num``:``numbase`` say how long it sounds).
    """
    if event.final:
        ratio = Fraction(4) / event.duration
        return {"dur": "longa", "num": str(ratio.numerator), "numbase": str(ratio.denominator)}
    if event.duration in FIGURES:
        return {"dur": FIGURES[event.duration]}
    undotted = event.duration * Fraction(2, 3)
    if undotted not in FIGURES:
        raise ValueError(f"no single figure lasts {event.duration} semibreves")
    return {"dur": FIGURES[undotted], "dots": "1"}


def best_clef(part: Part) -> tuple[str, int]:
    """Return the clef under which the fewest notes leave the staff (the source's own is not known here)."""
    steps = [event.step for event in part.events if event.step is not None]

    def outside(clef: tuple[str, int]) -> tuple[int, float]:
        bottom = CLEF_STEP[clef[0]] - 2 * (clef[1] - 1)
        places = [step - bottom for step in steps]
        beyond = sum(max(0, -1 - place) + max(0, place - 9) for place in places)
        return beyond, abs(sum(places) / len(places) - 4)

    return min(CLEFS, key=outside)


def _attributes(pairs: dict[str, str]) -> str:
    return "".join(f' {key}="{escape(value)}"' for key, value in pairs.items() if value)


def _mensur(sign: str) -> str:
    pairs = {"sign": sign[0], "slash": "1" if "|" in sign else "", "num": sign[1:].strip("|")}
    levels = {"modusmaior": "2", "modusminor": "2", "tempus": "2", "prolatio": "2"}
    return f"<mensur{_attributes(pairs | levels)}/>"


def _staff_def(number: int, part: Part) -> list[str]:
    shape, line = best_clef(part)
    pairs = {
        "n": str(number),
        "lines": "5",
        "notationtype": "mensural.white",
        "clef.shape": shape,
        "clef.line": str(line),
        "keysig": f"{len(part.flats)}f" if part.flats else "",
    }
    return [
        f"              <staffDef{_attributes(pairs)}>",
        f"                <label>{part.name}</label>",
        f"                {_mensur(part.sign)}",
        "              </staffDef>",
    ]


def _layer(song: Song, part: Part) -> Iterator[str]:
    pad = " " * 16
    seen_text, before = False, None
    for count, event in enumerate(part.events, start=1):
        pairs = {"xml:id": f"{song.id}-{part.letter}-{count:04d}", **figure_of(event)}
        if event.step is None:
            yield f"{pad}<rest{_attributes(pairs)}/>"
            before = None
            continue
        name = STEPS[event.step % 7]
        pairs |= {"pname": name, "oct": str(event.step // 7)}
        flat = event.accidental == "f"
        understood = flat and (name in part.flats or before == (event.step, event.accidental))
        pairs["accid.ges" if understood else "accid"] = event.accidental
        pairs |= {"fermata": "above" if event.corona else ""}
        pairs |= {"type": "signum-congruentiae" if event.signum else ""}
        before = (event.step, event.accidental)
        if seen_text:
            yield f"{pad}<note{_attributes(pairs)}/>"
            continue
        seen_text = True
        yield f"{pad}<note{_attributes(pairs)}>"
        yield f'{pad}  <verse n="1"><syl xml:lang="fr">{escape(song.title)}</syl></verse>'
        yield f"{pad}</note>"


HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-model href="{schema}" type="application/xml" schematypens="http://relaxng.org/ns/structure/1.0"?>
<mei xmlns="{ns}" meiversion="5.0">
  <meiHead>
    <fileDesc>
      <titleStmt>
        <title>{title}</title>
        <respStmt><resp>encoder</resp><name>alamire</name></respStmt>
      </titleStmt>
      <pubStmt>
        <availability>
          <useRestrict auth.uri="https://creativecommons.org/publicdomain/zero/1.0/">What alamire added to
            the notes (this encoding, its layout and its zones) is dedicated to the public domain: CC0
            1.0</useRestrict>
        </availability>
      </pubStmt>
      <sourceDesc>
        <source>
          <bibl>Leuven, Alamire Foundation, ms. 1 (Leuven Chansonnier), ff. {folios}, anonymous</bibl>
        </source>
        <source>
          <bibl>Josquin Research Project, {score}, edited by Jesse Rodin: the score that the notes were
            read from</bibl>
        </source>
      </sourceDesc>
      <notesStmt>
        <annot>{remark}</annot>
      </notesStmt>
    </fileDesc>
    <encodingDesc>
      <editorialDecl>
        <p>Notes, rests, signatures and mensuration signs only. Left out: the modern editors' accidentals,
          bar lines and underlay. Notes tied over a bar line are one figure again. The text is the title,
          at the first note of each voice. Not known from the score, and therefore ours: the clefs (chosen
          to keep the notes on the staff), the line breaks, and that no two notes stand in ligature. The
          last note is a longa that ends with the score (num and numbase).</p>
      </editorialDecl>
    </encodingDesc>
  </meiHead>
  <music>
    <body>
      <mdiv>
        <score>
          <scoreDef>
            <staffGrp>
"""


def encode(song: Song, kern: str) -> str:
    """Return the MEI document of a song, without zones (draw.py adds them)."""
    parts = read_kern(kern)
    score = song.kern.partition("-")[0]
    head = HEAD.format(
        schema=SCHEMA, ns=NS, title=escape(song.title), folios=song.folios, score=score,
        remark=escape(song.remark),
    )  # fmt: skip
    lines = [line for number, part in enumerate(parts, 1) for line in _staff_def(number, part)]
    lines += ["            </staffGrp>", "          </scoreDef>", "          <section>"]
    for number, part in enumerate(parts, 1):
        lines += [f'            <staff n="{number}">', '              <layer n="1">']
        lines += [*_layer(song, part), "              </layer>", "            </staff>"]
    lines += [
        "          </section>",
        "        </score>",
        "      </mdiv>",
        "    </body>",
        "  </music>",
        "</mei>",
    ]
    return head + "\n".join(lines) + "\n"


def main(kern_folder: Path, output: Path) -> None:
    """Write the three encodings."""
    output.mkdir(parents=True, exist_ok=True)
    for song in SONGS:
        kern = (kern_folder / song.kern).read_text(encoding="utf-8")
        (output / f"{song.id}.mei").write_text(encode(song, kern), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
