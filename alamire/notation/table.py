"""The note table: one row per written note or rest of a piece, exact, for pandas."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

import pandas as pd

from alamire.notation.voice import SEMITONES, TICKS, Note, Voice

__all__ = ["COLUMNS", "TICKS", "Ficta", "note_table", "with_fractions"]

Ficta = Literal["source", "editor"]

COLUMNS = [
    *("piece", "voice", "voice_name", "onset", "duration", "step", "alter", "octave", "midi"),
    *("ficta", "tied", "lyric", "mensuration", "breve", "id", "zone"),
]

DTYPES = {
    **dict.fromkeys(["voice", "onset", "duration", "breve"], "int64"),
    **dict.fromkeys(["alter", "octave", "midi"], "Int64"),
    **dict.fromkeys(["piece", "voice_name", "step", "ficta", "tied", "mensuration", "id", "zone"], "string"),
}


def note_table(voices: Iterable[Voice], piece: str = "", ficta: Ficta = "editor") -> pd.DataFrame:
    """Return the rows of all voices with the columns COLUMNS, voice after voice, in order of time.

    Rests have no step, alter, octave or midi (NA). With ``ficta="source"`` the pitch columns
    leave out the editor's accidentals; the ``ficta`` column still says which notes have one.
    """
    columns: dict[str, list[object]] = {name: [] for name in COLUMNS}
    for voice in voices:
        _append(columns, voice, piece, ficta)
    frame = pd.DataFrame({name: pd.Series(columns[name], dtype=DTYPES.get(name, object)) for name in COLUMNS})
    return frame


def _append(columns: dict[str, list[object]], voice: Voice, piece: str, ficta: Ficta) -> None:
    notes = voice.notes
    columns["piece"] += [piece] * len(notes)
    columns["voice"] += [voice.number] * len(notes)
    columns["voice_name"] += [voice.name] * len(notes)
    if not notes:
        return
    fields = dict(zip(Note._fields, zip(*notes, strict=True), strict=True))
    for name in ("onset", "duration", "step", "ficta", "tied", "lyric", "mensuration", "breve", "id", "zone"):
        columns[name] += fields[name]
    steps, octaves = fields["step"], fields["octave"]
    alters = fields["alter" if ficta == "editor" else "source_alter"]
    columns["alter"] += [None if s is None else a for s, a in zip(steps, alters, strict=True)]
    columns["octave"] += [None if s is None else o for s, o in zip(steps, octaves, strict=True)]
    columns["midi"] += [
        None if s is None else 12 * (o + 1) + SEMITONES[s] + a
        for s, a, o in zip(steps, alters, octaves, strict=True)
    ]


def with_fractions(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with ``onset_semibreves`` and ``duration_semibreves`` added as Fractions."""
    return frame.assign(
        onset_semibreves=[Fraction(int(ticks), TICKS) for ticks in frame["onset"]],
        duration_semibreves=[Fraction(int(ticks), TICKS) for ticks in frame["duration"]],
    )
