"""A piece as voices: from one file, or from the encodings that the description of a source names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from alamire.errors import NotFound, Problem, Refused
from alamire.notation.finish import find_closings_apart, find_long_closings, sections_apart
from alamire.notation.mensural.against import set_against
from alamire.notation.mensural.finals import hold_parts
from alamire.notation.problem_kinds import combine_by_kind
from alamire.notation.reading import read
from alamire.notation.rounding import in_whole_ticks
from alamire.notation.voice import (
    Barline,
    EncodedMusic,
    Note,
    Variant,
    Voice,
    Zone,
    check_ends,
    scaled,
)

if TYPE_CHECKING:
    import pandas as pd
    from music21.stream import Score

    from alamire.notation.explain import Explanation
    from alamire.notation.table import Ficta
    from alamire.source.description import Encoding
    from alamire.source.description import PieceDescription as Described


@dataclass(frozen=True)
class Piece:
    """A composition with its voices in score order, and what was wrong in the files it comes from.

    ``notes`` and ``score`` have the editor's accidentals; ``table`` and ``build_score`` take either reading.
    """

    id: str
    voices: tuple[Voice, ...]
    source: str = ""
    title: str = ""
    composer: str = ""
    folios: str = ""
    problems: tuple[Problem, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    barlines: tuple[Barline, ...] = ()
    variants: tuple[Variant, ...] = ()

    @classmethod
    def from_file(cls, path: Path | str, number: int = 0) -> Piece:
        """Read a bare file, of a corpus the piece of this number (from 1); Refused where it is malformed."""
        path = Path(path)
        reading = read(path, number=number)
        said = reading.metadata
        place = f"-{number}" if number else ""
        return cls(
            id=path.name.split(".")[0] + place,
            voices=reading.voices,
            title=said.get("OTL", path.stem + place),
            composer=said.get("COM", ""),
            folios=said.get("folio", ""),
            problems=reading.problems,
            metadata=said,
            zones=reading.zones,
            barlines=reading.barlines,
            variants=reading.variants,
        )

    @classmethod
    def from_parts(cls, paths: Sequence[Path | str]) -> Piece:
        """Put part files, a voice each, together into one piece, in the order given.

        A voice has the name its file gives it, else the file's name. Refused where a file is malformed.
        """
        files = [Path(path) for path in paths]
        if not files:
            raise Refused.because("no-encoding", "parts", "there is no part to read")
        reading = _combine([("", path.name, path) for path in files], files[0].name)
        said = reading.metadata
        title, composer = said.get("OTL", files[0].stem), said.get("COM", "")
        return cls(
            id=files[0].name.split(".")[0],
            voices=reading.voices,
            title=title,
            composer=composer,
            folios=said.get("folio", ""),
            problems=reading.problems,
            metadata=said,
            zones=reading.zones,
            barlines=reading.barlines,
            variants=reading.variants,
        )

    @classmethod
    def from_encodings(
        cls, source_id: str, piece: Described, files: Sequence[tuple[Encoding, Path]]
    ) -> Piece:
        """Read a described piece: its first file that holds the score, or all its parts in order.

        The names that the description gives to the voices replace those of the files where there
        are as many of them. Refused where a file is malformed or there is none.
        """
        if not files:
            raise Refused.because(
                "no-encoding", f"{source_id}/{piece.id}", "the piece has no encoding to read"
            )
        scores = [(encoding, path) for encoding, path in files if not encoding.voice]
        reading = (
            _read_score(scores[0])
            if scores
            else _combine(
                [(encoding.voice, encoding.file, path) for encoding, path in files], f"{source_id}/{piece.id}"
            )
        )
        voices = reading.voices
        if len(piece.voices) == len(voices):
            voices = tuple(
                replace(voice, name=name) for voice, name in zip(voices, piece.voices, strict=True)
            )
        return cls(
            id=piece.id,
            voices=voices,
            source=source_id,
            title=piece.title,
            composer=piece.composer,
            folios=piece.folios,
            problems=reading.problems,
            metadata=reading.metadata,
            zones=reading.zones,
            barlines=reading.barlines,
            variants=reading.variants,
        )

    @cached_property
    def notes(self) -> pd.DataFrame:
        """The note table, with the editor's accidentals."""
        return self.table("editor")

    def table(self, ficta: Ficta = "editor") -> pd.DataFrame:
        """Return the note table under one reading of the accidentals."""
        from alamire.notation.table import note_table

        return note_table(self.voices, self.id, ficta)

    @cached_property
    def score(self) -> Score:
        """The piece as a music21 Score, with the editor's accidentals."""
        from alamire.notation.score import build_score

        return build_score(self)

    def voice(self, name: str | int) -> Voice:
        """Return the voice of this name or number; NotFound, naming those there are, where there is none."""
        for voice in self.voices:
            if name in (voice.name, voice.number):
                return voice
        there = ", ".join(voice.name for voice in self.voices)
        raise NotFound(f"{self.id} has no voice {name!r}; it has {there}")

    @cached_property
    def _places(self) -> dict[str, tuple[Note, Voice]]:
        """Every note by its id, with its voice."""
        return {note.id: (note, voice) for voice in self.voices for note in voice.notes}

    def explain(self, note_id: str) -> Explanation:
        """Say which rule decided how long a note or rest is; NotFound where there is none of this id."""
        from alamire.notation.explain import explain

        if note_id not in self._places:
            raise NotFound(f"{self.id} has no note {note_id!r}; the note table has the ids")
        return explain(*self._places[note_id])

    def folio_of(self, voice: str | int | None = None, place: int | str | None = None) -> str:
        """Return the best known folio of a note (by id) or breve: its zone's, else the piece's range."""
        if isinstance(place, str):
            note, _ = self._places.get(place, (None, None))
            found = self._folio(note) if note is not None else ""
        else:
            among = self.voices if voice is None else (self.voice(voice),)
            labels = (self._folio_at.get((each.number, place)) for each in among)
            found = next((label for label in labels if label), "")
        return found or self.folios

    def _folio(self, note: Note) -> str:
        return self.zones[note.zone].folio if note.zone in self.zones else ""

    @cached_property
    def _folio_at(self) -> dict[tuple[int, int | None], str]:
        """The folio of each breve of each voice (by number) that a zone tells."""
        found: dict[tuple[int, int | None], str] = {}
        for voice in self.voices if self.zones else ():
            for note in voice.notes:
                if label := self._folio(note):
                    found.setdefault((voice.number, note.breve), label)
        return found

    def __repr__(self) -> str:
        names = ", ".join(voice.name for voice in self.voices)
        return f"<Piece {self.source + '/' if self.source else ''}{self.id}: {names}>"


def _read_score(file: tuple[Encoding, Path]) -> EncodedMusic:
    encoding, path = file
    return read(path, encoding.file)


def _combine(files: Sequence[tuple[str, str, Path]], name: str) -> EncodedMusic:
    """Score part files up: (the voice's name or "", the file's name, its path), in the order given.

    The parts begin together; where they open under different proportions, these tell how their values
    stand to each other, and their closing notes hold until the last voice has arrived.
    """
    voices: list[Voice] = []
    problems: list[Problem] = []
    zones: dict[str, Zone] = {}
    variants: list[Variant] = []
    metadata: dict[str, str] = {}
    barlines: list[Barline] = []
    firsts: list[list[int]] = []
    taken: set[str] = set()
    for label, file, path in files:
        reading = read(path, file)
        problems += [problem for problem in reading.problems if problem.code != "voices-end-apart"]
        for voice in reading.voices:
            own = label if len(reading.voices) == 1 else f"{label} {voice.number}".strip()
            named = own or _name_of(voice, path)
            number = len(voices) + 1
            variants += [
                replace(each, voice=number) for each in reading.variants if each.voice == voice.number
            ]
            notes = _distinct(voice.notes, taken, number)
            onsets = [note.onset for note in notes]
            places = (bisect_left(onsets, begin) for begin in reading.sections)
            firsts.append([each for each in places if each < len(onsets)])
            voices.append(replace(voice, number=number, name=named, notes=notes))
        zones.update(reading.zones)
        metadata = {**reading.metadata, **metadata}
        barlines = max(barlines, list(reading.barlines), key=len)
    against, told = set_against(_in_proportion(voices))
    problems += [Problem.remark("read-in-proportion", name, each) for each in told]
    counted, lines = in_whole_ticks(hold_parts(against), barlines, name, problems)
    together = tuple(counted)
    apart = (
        *check_ends(together, name),
        *sections_apart(together, firsts, name),
        *find_closings_apart(together, name),
        *find_long_closings(together, name),
    )
    return EncodedMusic(
        together, combine_by_kind((*problems, *apart)), metadata, zones, tuple(lines), tuple(variants)
    )


def _name_of(voice: Voice, path: Path) -> str:
    return path.stem if voice.name == f"Voice {voice.number}" else voice.name


def _in_proportion(voices: Sequence[Voice]) -> list[Voice]:
    """Scale parts that open under different proportions, so that their values stand as they are sung."""
    if len({voice.opening for voice in voices}) < 2:
        return list(voices)
    return [scaled(voice, voice.opening) for voice in voices]


def _distinct(notes: tuple[Note, ...], taken: set[str], number: int) -> tuple[Note, ...]:
    """Keep ids as they are unless an earlier part has used one of them: then all get ``V2.`` before."""
    ids = {note.id for note in notes}
    if ids & taken:
        notes = tuple(_of_part(note, f"V{number}.") for note in notes)
        ids = {note.id for note in notes}
    taken |= ids
    return notes


def _of_part(note: Note, prefix: str) -> Note:
    """Return the note with a prefix before its id, and before the ids that its duration comes from."""
    written = note.written
    if written is not None and (written.by or written.along):
        along = tuple((prefix + name, ticks) for name, ticks in written.along)
        written = written._replace(by=tuple(prefix + name for name in written.by), along=along)
    return note._replace(id=prefix + note.id, written=written)
