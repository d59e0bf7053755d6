"""A piano roll as a page of its own: voices in colours, findings marked, every note told on hover.

The page holds all it needs, as SVG and a few lines of script: it opens from a disk, with no network.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from alamire.analysis.words import in_words
from alamire.notation.voice import TICKS

if TYPE_CHECKING:
    from pandas import DataFrame

    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

#: Okabe and Ito's colours, told apart by the colour-blind; vermilion is kept for findings.
COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#8C6D31")
MARK = "#D55E00"
#: Pixels of a semitone, of a semibreve, of the names of pitches, and above the roll.
ROW, SEMIBREVE, LEFT, TOP = 9, 22, 46, 28
_STYLE = """
body{font:15px/1.4 system-ui,sans-serif;margin:1.5rem;color:#2b2620;background:#fff}
h1{font-size:1.25rem;margin:0}p{margin:.3rem 0}
#roll{overflow:auto;border:1px solid #ccc;max-height:80vh}
text{font:11px system-ui,sans-serif;fill:#2b2620}
.key{display:inline-block;width:.9em;height:.9em;margin:0 .3em 0 1em}
.n:hover{stroke:#000;stroke-width:2}#said{min-height:1.4em;font-weight:600}
"""
_SCRIPT = """
const roll=document.getElementById('roll'),svg=roll.firstElementChild,said=document.getElementById('said');
const width=+svg.getAttribute('width'),height=+svg.getAttribute('height');let zoom=1;
function set(value){zoom=Math.min(8,Math.max(.25,value));
svg.setAttribute('width',width*zoom);svg.setAttribute('height',height*zoom)}
roll.addEventListener('wheel',e=>{if(!e.ctrlKey)return;e.preventDefault();set(zoom*(e.deltaY<0?1.15:1/1.15))},
{passive:false});
document.getElementById('in').onclick=()=>set(zoom*1.25);document.getElementById('out').onclick=()=>set(zoom/1.25);
svg.addEventListener('mouseover',e=>{const t=e.target.querySelector&&e.target.querySelector('title');
if(t)said.textContent=t.textContent});
"""


def roll_page(name: str, findings: DataFrame, piece: Piece, ficta: Ficta = "source") -> str:
    """Return a page with the notes of a piece and the findings of the analysis ``name`` marked on them."""
    table = piece.table(ficta)
    notes = table[table["midi"].notna()]
    low, high = int(notes["midi"].min()) - 2, int(notes["midi"].max()) + 2
    width = LEFT + round(int((notes["onset"] + notes["duration"]).max()) / TICKS * SEMIBREVE) + 20
    height = TOP + (high - low + 1) * ROW + 28
    said: dict[str, list[str]] = {}
    for row in findings.to_dict("records"):
        for note in row["ids"]:
            said.setdefault(note, []).append(in_words(name, row))
    names = [voice.name for voice in piece.voices]
    colors = {voice.number: COLORS[n % len(COLORS)] for n, voice in enumerate(piece.voices)}
    drawn = [*_grid(piece, low, high, width, height)]
    rows: Iterator[Any] = notes.itertuples()
    for note in rows:
        at = LEFT + note.onset / TICKS * SEMIBREVE
        long = max(3.0, note.duration / TICKS * SEMIBREVE - 1)
        accidental = "♯" * max(0, int(note.alter)) + "♭" * max(0, -int(note.alter))
        pitch = f"{note.step}{accidental}{int(note.octave)}"
        folio = piece.folio_of(note.voice, note.id)
        place = f"breve {note.breve}, folio {folio}" if folio else f"breve {note.breve}"
        words = f"{note.voice_name} {pitch}, {place}, {note.id}"
        told = html.escape("\n".join([words, *said.get(note.id, [])[:6]]))
        mark = f' stroke="{MARK}" stroke-width="2.5"' if note.id in said else ""
        drawn.append(
            f'<rect class="n" x="{at:.1f}" y="{TOP + (high - note.midi) * ROW:.0f}" width="{long:.1f}" '
            f'height="{ROW - 1}" rx="2" fill="{colors[note.voice]}"{mark}><title>{told}</title></rect>'
        )
    key = "".join(
        f'<span class="key" style="background:{colors[voice.number]}"></span>{html.escape(name_)}'
        for voice, name_ in zip(piece.voices, names, strict=True)
    )
    heading = html.escape(f"{name.replace('-', ' ').capitalize()}: {piece.title or piece.id}")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{heading}</title>'
        f"<style>{_STYLE}</style><h1>{heading}</h1><p>{len(findings)} findings{key}"
        f'<span class="key" style="border:2.5px solid {MARK};width:.6em;height:.6em"></span>in a finding</p>'
        '<p><button id="in">Zoom in</button> <button id="out">Zoom out</button> or Ctrl and the wheel. '
        'Pitch upwards, breves from left to right.</p><p id="said">Point at a note.</p>'
        f'<div id="roll"><svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(drawn)}</svg></div><script>{_SCRIPT}</script></html>\n'
    )


def _grid(piece: Piece, low: int, high: int, width: int, height: int) -> list[str]:
    """Return lines at every C and at every fifth breve, with their names."""
    lines = []
    for midi in range(low, high + 1):
        if midi % 12 == 0:
            y = TOP + (high - midi) * ROW + ROW / 2
            lines.append(f'<path d="M{LEFT},{y}H{width}" stroke="#ccc"/>')
            lines.append(f'<text x="12" y="{y + 4}">C{midi // 12 - 1}</text>')
    begins: dict[int, int] = {}
    for voice in piece.voices:
        for note in voice.notes:
            begins[note.breve] = min(note.onset, begins.get(note.breve, note.onset))
    last = -100.0
    for breve, onset in sorted(begins.items()):
        x = LEFT + onset / TICKS * SEMIBREVE
        if breve % 5 == 0 or breve == 1:
            lines.append(f'<path d="M{x:.1f},{TOP}V{height - 20}" stroke="#e4e4e4"/>')
            if x - last > 40:
                number = f"breve {breve}" if breve == 1 else breve
                lines.append(f'<text x="{x:.1f}" y="{TOP - 8}">{number}</text>')
                last = x
    return lines
