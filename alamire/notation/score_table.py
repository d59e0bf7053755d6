"""The note table back from a music21 Score that ``build_score`` made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from alamire.notation.finish import joined
from alamire.notation.score_notes import ticks_of
from alamire.notation.table import note_table
from alamire.notation.voice import Note, Voice

if TYPE_CHECKING:
    import pandas as pd
    from music21.chord import Chord
    from music21.note import GeneralNote
    from music21.note import Note as ScoreNote
    from music21.stream import Part, Score


def table_of(score: Score) -> pd.DataFrame:
    """Return the note table of a score built by alamire: the same rows, columns and ids as its piece has.

    Breves are the numbers of the measures. A score of another program has its own ids, and no zones.
    """
    return note_table(
        [_voice(number, part) for number, part in enumerate(score.parts, start=1)], str(score.id)
    )


def _voice(number: int, part: Part) -> Voice:
    notes = joined(sorted(_notes(part), key=lambda note: note.onset))
    end = max((note.onset + note.duration for note in notes), default=0)
    return Voice(number, str(part.partName or part.id), notes, end)


def _notes(part: Part) -> Iterator[Note]:
    measures = list(part.getElementsByClass("Measure"))
    for measure in measures or [part]:
        start = measure.getOffsetInHierarchy(part) if measures else 0
        for layer in [measure, *measure.voices]:
            for element in layer.notesAndRests:
                onset = ticks_of(start + element.offset)
                yield from _members(element, onset, measure.number if measures else 0)


def _members(element: GeneralNote, onset: int, breve: int) -> Iterator[Note]:
    length = ticks_of(element.duration.quarterLength)
    lyric = _lyric(element)
    if element.isRest:
        kept = element.editorial
        facts = ("", "", lyric, kept.get("mensuration", ""), breve, str(element.id), kept.get("zone", ""))
        yield Note(onset, length, None, 0, 0, *facts)
        return
    single = (cast("ScoreNote", element),)
    for count, member in enumerate(cast("Chord", element).notes if element.isChord else single):
        yield _note(member, onset, length, lyric if count == 0 else (), breve)


def _note(member: ScoreNote, onset: int, length: int, lyric: tuple[str, ...], breve: int) -> Note:
    kept = member.editorial
    alter = int(member.pitch.alter)
    edited = kept.get("ficta")
    return Note(
        onset=onset,
        duration=length,
        step=member.pitch.step,
        alter=int(edited.alter) if edited is not None else alter,
        octave=member.pitch.implicitOctave,
        ficta="editor" if edited is not None else "",
        tied=member.tie.type if member.tie is not None else "",
        lyric=lyric,
        mensuration=kept.get("mensuration", ""),
        breve=breve,
        id=str(member.id),
        zone=kept.get("zone", ""),
        source_alter=int(kept.get("source_alter", alter)) if edited is not None else alter,
    )


def _lyric(element: GeneralNote) -> tuple[str, ...]:
    """One syllable a strophe, with hyphens where its word goes on or began before."""
    texts: dict[int, str] = {}
    for lyric in element.lyrics:
        before = "-" if lyric.syllabic in ("middle", "end") else ""
        after = "-" if lyric.syllabic in ("begin", "middle") else ""
        texts[lyric.number] = f"{before}{lyric.text}{after}"
    return tuple(texts.get(number, "") for number in range(1, max(texts, default=0) + 1))
