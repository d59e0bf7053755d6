"""The note table: one row per written note or rest of a piece, exact, for pandas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import repeat
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alamire.notation.voice import SEMITONES, TICKS, Note, Voice

try:
    import pyarrow as pa
except ModuleNotFoundError:  # it makes the tables of large corpora smaller and quicker: alamire[parquet]
    pa = None

__all__ = ["COLUMNS", "TICKS", "Ficta", "note_table", "with_fractions"]

Ficta = Literal["source", "editor"]
Integers = NDArray[np.int64]

COLUMNS = [
    *("piece", "voice", "voice_name", "onset", "duration", "step", "alter", "octave", "midi"),
    *("ficta", "tied", "lyric", "mensuration", "breve", "id", "zone"),
]
#: Semitones above C by the letter; a rest has none.
_SEMITONES: dict[str | None, int] = dict([(None, -1), *SEMITONES.items()])
_STRINGS: Any = pd.StringDtype("pyarrow" if pa else "python")


def note_table(voices: Iterable[Voice], piece: str = "", ficta: Ficta = "editor") -> pd.DataFrame:
    """Return the rows of all voices with the columns COLUMNS, voice after voice, in order of time.

    Rests have no step, alter, octave or midi (NA). With ``ficta="source"`` the pitch columns
    leave out the editor's accidentals; the ``ficta`` column still says which notes have one.
    """
    voices = list(voices)
    notes = [note for voice in voices for note in voice.notes]
    counts = [len(voice.notes) for voice in voices]
    # All fields of all notes turned into columns at once; () for each where there is no note.
    fields = dict(zip(Note._fields, zip(*notes, strict=True) if notes else repeat(()), strict=False))
    steps = fields["step"]
    semitones = _integers(list(map(_SEMITONES.__getitem__, steps)))
    rests = semitones < 0
    alters = _integers(fields["alter" if ficta == "editor" else "source_alter"])
    octaves = _integers(fields["octave"])
    lyrics = np.fromiter(fields["lyric"], dtype=object, count=len(notes))
    names = [name for voice, count in zip(voices, counts, strict=True) for name in repeat(voice.name, count)]
    # Arrays are made here as pandas keeps them: it would look at every value again otherwise.
    columns = {
        "piece": _strings(list(repeat(piece, len(notes)))),
        "voice": np.repeat(np.array([voice.number for voice in voices], dtype="int64"), counts),
        "voice_name": _strings(names),
        "onset": _integers(fields["onset"]),
        "duration": _integers(fields["duration"]),
        "step": _strings(steps),
        "alter": _nullable(alters, rests),
        "octave": _nullable(octaves, rests),
        "midi": _nullable(12 * (octaves + 1) + semitones + alters, rests),
        "ficta": _strings(fields["ficta"]),
        "tied": _strings(fields["tied"]),
        "lyric": lyrics,
        "mensuration": _strings(fields["mensuration"]),
        "breve": _integers(fields["breve"]),
        "id": _strings(fields["id"]),
        "zone": _strings(fields["zone"]),
    }
    return pd.DataFrame(columns, copy=False)


def _integers(values: Sequence[int]) -> Integers:
    return np.fromiter(values, dtype="int64", count=len(values))


def _nullable(values: Integers, missing: NDArray[np.bool_]) -> pd.arrays.IntegerArray:
    """Whole numbers with NA where they are missing; what lies under an NA is always 1."""
    return pd.arrays.IntegerArray(np.where(missing, 1, values), missing.copy())


def _strings(values: Sequence[str | None]) -> pd.api.extensions.ExtensionArray:
    made: pd.api.extensions.ExtensionArray
    if pa is None:
        made = pd.array(values, dtype=_STRINGS)
    else:
        made = _STRINGS.construct_array_type()(pa.array(values, type=pa.large_string()))
    return made


def with_fractions(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with ``onset_semibreves`` and ``duration_semibreves`` added as Fractions."""
    added: dict[str, Any] = {
        f"{name}_semibreves": [Fraction(int(ticks), TICKS) for ticks in frame[name]]
        for name in ("onset", "duration")
    }
    return frame.assign(**added)
