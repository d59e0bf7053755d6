"""A music21 Score built from the voices: measures, names, clefs, signatures, all strophes, marked ficta, ids.

music21 counts in quarters; a semibreve is four of them. Where the barlines are known the parts have
measures, numbered as the breves are. Notes that go over a barline, and durations that no single note can
have, are written as tied notes, of which the first keeps the id and the others have ``.2``, ``.3`` after it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from music21 import bar, clef, expressions, key, metadata, meter, stream
from music21.base import Music21Object

from alamire.notation.cutting import layers
from alamire.notation.score_notes import SIGNS, elements, quarters
from alamire.notation.voice import Barline, Clef, Mensuration, Signature, Voice, barlines_of

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

_LINES = {"double": "double", "final": "final"}


def build_score(piece: Piece, ficta: Ficta = "editor") -> stream.Score:
    """Return the piece as a music21 Score under one reading of the accidentals.

    Where ``ficta`` is "editor", an accidental of the editor is on the note, in brackets, and in
    ``editorial.ficta``; otherwise it is in ``editorial.ficta`` only. The note table comes back from the
    score by ``score_table.table_of``.
    """
    score = stream.Score(id=piece.id)
    head = metadata.Metadata()
    head.title, head.composer = piece.title, piece.composer
    score.insert(0, head)
    end = max((voice.end for voice in piece.voices), default=0)
    lines = [line for line in barlines_of(piece.voices, piece.barlines) if line.onset <= end]
    for voice in piece.voices:
        score.insert(0, _part(voice, lines, ficta))
    return score


def _part(voice: Voice, lines: Sequence[Barline], ficta: Ficta) -> stream.Part:
    part = stream.Part(id=voice.name)  # type: ignore[no-untyped-call]
    part.partName = voice.name
    begins = [line.onset for line in lines[:-1]]
    measures = [stream.Measure(number=line.number) for line in lines[:-1]]
    for measure, line, following in zip(measures, lines, lines[1:], strict=False):
        if following.kind:
            measure.rightBarline = bar.Barline(_LINES[following.kind])  # type: ignore[no-untyped-call]
        part.insert(quarters(line.onset), measure)

    def place(onset: int) -> tuple[stream.Stream[Music21Object], int]:
        """The measure (or the part) that holds a time, and when it begins."""
        here = bisect_right(begins, onset) - 1
        return (measures[here], begins[here]) if here >= 0 else (part, 0)

    facts: list[Clef | Signature | Mensuration] = [*voice.clefs, *voice.signatures, *voice.mensurations]
    for fact in facts:
        holder, start = place(fact.onset)
        for element in _fact(fact):
            holder.insert(quarters(fact.onset - start), element)
    for layer, notes in enumerate(layers(voice.notes)):
        for together in notes:
            for element, onset in elements(together, [line.onset for line in lines], ficta):
                holder, start = place(onset)
                holder = _layer(holder, layer) if layer else holder
                holder.insert(quarters(onset - start), element)
    return part


def _layer(measure: stream.Stream[Music21Object], number: int) -> stream.Voice:
    """The music21 Voice of a further layer of a measure."""
    name = str(number + 1)
    for each in measure.getElementsByClass(stream.Voice):
        if each.id == name:
            return each
    made = stream.Voice(id=name)
    measure.insert(0, made)
    return made


def _fact(fact: Clef | Signature | Mensuration) -> Iterator[Music21Object]:
    """The music21 objects for a clef, signature or meter; none where music21 cannot say it."""
    if isinstance(fact, Clef):
        yield clef.clefFromString(f"{fact.shape}{fact.line}", fact.octaves)
        return
    if isinstance(fact, Signature):
        yield _key_signature(fact)
        return
    count, _, unit = fact.meter.partition("/")
    if count.isdigit() and unit.isdigit() and int(unit) in (1, 2, 4, 8, 16, 32, 64):
        yield meter.TimeSignature(fact.meter)
    if fact.sign:
        yield expressions.TextExpression(fact.sign)  # type: ignore[no-untyped-call]


def _key_signature(fact: Signature) -> key.KeySignature:
    count = sum(alter for _, alter in fact.accidentals)
    usual = ("FCGDAEB" if count > 0 else "BEADGCF")[: abs(count)]
    if {step for step, _ in fact.accidentals} == set(usual):
        return key.KeySignature(count)
    signature = key.KeySignature()
    signature.alteredPitches = [f"{step}{SIGNS[alter]}" for step, alter in fact.accidentals]
    return signature
