"""A music21 Score built from the voices: names, clefs, signatures, all strophes, marked ficta, ids.

music21 counts in quarters; a semibreve is four of them. Durations that no single note can have
are written as tied notes, of which the first keeps the id and the others have ``.2``, ``.3`` after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from music21 import chord, clef, expressions, key, metadata, meter, note, pitch, stream, tie
from music21.common.numberTools import opFrac

from alamire.notation.voice import TICKS, Clef, Mensuration, Note, Signature, Voice

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

_SIGNS = {-3: "---", -2: "--", -1: "-", 0: "", 1: "#", 2: "##", 3: "###"}


def build_score(piece: Piece, ficta: Ficta = "editor") -> Any:
    """Return the piece as a music21 Score under one reading of the accidentals.

    Where ``ficta`` is "editor", an accidental of the editor is on the note, in brackets, and in
    ``editorial.ficta``; otherwise it is in ``editorial.ficta`` only.
    """
    score = stream.Score(id=piece.id)
    head = metadata.Metadata()
    head.title, head.composer = piece.title, piece.composer
    score.insert(0, head)
    for voice in piece.voices:
        score.insert(0, _part(voice, ficta))
    return score


def _part(voice: Voice, ficta: Ficta) -> Any:
    part: Any = stream.Part(id=voice.name)  # type: ignore[no-untyped-call]
    part.partName = voice.name
    facts: list[Clef | Signature | Mensuration] = [*voice.clefs, *voice.signatures, *voice.mensurations]
    for fact in facts:
        for element in _fact(fact):
            part.insert(quarters(fact.onset), element)
    for _, together in groupby(voice.notes, key=lambda n: (n.onset, n.duration)):
        for element, onset in _event(list(together), ficta):
            part.insert(onset, element)
    return part


def quarters(ticks: int) -> Any:
    """Return ticks as music21's quarter lengths: a float where exact, else a Fraction."""
    return opFrac(Fraction(4 * ticks, TICKS))


def ticks_of(quarter_length: Any) -> int:
    """Return quarter lengths as ticks; music21 keeps fractions exact with denominators up to 65535."""
    return round(Fraction(quarter_length).limit_denominator(65535) * TICKS / 4)


def _fact(fact: Clef | Signature | Mensuration) -> Iterable[Any]:
    """The music21 object for a clef, signature or meter; none where music21 cannot say it."""
    if isinstance(fact, Clef):
        return [clef.clefFromString(f"{fact.shape}{fact.line}", fact.octaves)]
    if isinstance(fact, Signature):
        return [_key_signature(fact)]
    found: list[Any] = []
    count, _, unit = fact.meter.partition("/")
    if count.isdigit() and unit.isdigit() and int(unit) in (1, 2, 4, 8, 16, 32, 64):
        found.append(meter.TimeSignature(fact.meter))
    if fact.sign:
        found.append(expressions.TextExpression(fact.sign))  # type: ignore[no-untyped-call]
    return found


def _key_signature(fact: Signature) -> Any:
    count = sum(alter for _, alter in fact.accidentals)
    usual = ("FCGDAEB" if count > 0 else "BEADGCF")[: abs(count)]
    if {step for step, _ in fact.accidentals} == set(usual):
        return key.KeySignature(count)
    signature = key.KeySignature()
    signature.alteredPitches = [f"{step}{_SIGNS[alter]}" for step, alter in fact.accidentals]
    return signature


def _event(notes: list[Note], ficta: Ficta) -> list[tuple[Any, Any]]:
    """The elements, with their offsets, for notes that sound together for the same time."""
    onset, duration = quarters(notes[0].onset), quarters(notes[0].duration)
    sounding = [each for each in notes if each.step is not None]
    element: Any
    if not sounding:
        element = note.Rest()
    elif len(sounding) == 1:
        element = _note(sounding[0], ficta)
    else:
        element = chord.Chord([_note(each, ficta) for each in sounding])
        element.id = sounding[0].id
    if not sounding:
        element.id = notes[0].id
    element.duration.quarterLength = duration
    written = next((each.lyric for each in notes if each.lyric), ())
    element.lyrics = [_lyric(number, text) for number, text in enumerate(written, start=1) if text]
    return _split(element, onset)


def _split(element: Any, onset: Any) -> list[tuple[Any, Any]]:
    """Split a duration that takes several notes, keeping the tie to what comes before and after."""
    if len(element.duration.components) < 2:
        return [(element, onset)]
    outer = element.tie.type if element.tie is not None else ""
    pieces = list(element.splitAtDurations())
    found = []
    for count, piece in enumerate(pieces, start=1):
        piece.id = element.id if count == 1 else f"{element.id}.{count}"
        if not element.isRest and outer:
            before = count > 1 or outer in ("continue", "stop")
            after = count < len(pieces) or outer in ("start", "continue")
            piece.tie = _tie("continue" if before and after else "stop" if before else "start")
        found.append((piece, onset))
        onset = opFrac(onset + piece.duration.quarterLength)
    return found


def _note(written: Note, ficta: Ficta) -> Any:
    made = note.Note()
    made.id = written.id
    alter = written.alter if ficta == "editor" else written.source_alter
    made.pitch = pitch.Pitch(f"{written.step}{_SIGNS[alter]}", octave=written.octave)
    if written.ficta:
        sign = pitch.Accidental(written.alter)
        made.editorial.ficta = sign
        if ficta == "editor":
            made.pitch.accidental = pitch.Accidental(written.alter)
            made.pitch.accidental.displayStyle = "bracket"
            made.pitch.accidental.displayStatus = True
    if written.tied:
        made.tie = _tie(written.tied)
    return made


def _tie(kind: str) -> Any:
    return tie.Tie(kind)  # type: ignore[no-untyped-call]


def _lyric(number: int, text: str) -> Any:
    begins, ends = text.startswith("-"), text.endswith("-") and len(text) > 1
    kinds = {(True, True): "middle", (True, False): "end", (False, True): "begin"}
    syllabic: Any = kinds.get((begins, ends), "single")
    bare = text[1 if begins else 0 : -1 if ends else None]
    return note.Lyric(bare, number=number, syllabic=syllabic)


def rows_of(score: Any) -> list[tuple[int, int, int, int | None, str]]:
    """Return (voice, onset, duration, midi, id) of every note and rest of a built score.

    Notes that ``build_score`` had to split are joined again, so the rows are those of the note table.
    """
    rows: list[tuple[int, int, int, int | None, str]] = []
    for number, part in enumerate(score.parts, start=1):
        split: dict[str, int] = {}
        ids: set[str] = set()
        for element in part.recurse().notesAndRests:
            onset = ticks_of(element.getOffsetInHierarchy(part))
            duration = ticks_of(element.duration.quarterLength)
            for name, midi in _members(element):
                head, _, tail = name.rpartition(".")
                if head in ids and tail.isdigit() and name not in ids:
                    here = split[head]
                    v, begin, length, old, _ = rows[here]
                    rows[here] = (v, begin, length + duration, old, head)
                    continue
                ids.add(name)
                split[name] = len(rows)
                rows.append((number, onset, duration, midi, name))
    return rows


def _members(element: Any) -> list[tuple[str, int | None]]:
    if element.isRest:
        return [(element.id, None)]
    if element.isChord:
        return [(member.id, member.pitch.midi) for member in element.notes]
    return [(element.id, element.pitch.midi)]
