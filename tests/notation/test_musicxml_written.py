"""Writing MusicXML: what is written comes back, also when it is disturbed, and other programs read it."""

from __future__ import annotations

import copy
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pandas.testing import assert_frame_equal

from alamire.errors import Refused
from alamire.notation import TICKS, Note, Piece, Voice, read
from alamire.notation.cutting import cuts, layers, measures_of
from alamire.notation.musicxml.writer import write_musicxml
from alamire.notation.table import note_table
from alamire.notation.voice import Barline, Clef, Mensuration, Signature


def piece_of(*voices: Voice, lines: tuple[Barline, ...], **more: Any) -> Piece:
    """Return a piece of these voices whose notes count their bars by these lines."""
    return Piece("p", tuple(voice.counted(lines) for voice in voices), barlines=lines, **more)


def simple_voice(number: int, *lengths: Fraction | int, end: Fraction | int = 0) -> Voice:
    """Return a voice of notes on A of these lengths in semibreves."""
    notes, onset = [], 0
    for place, length in enumerate(lengths, start=1):
        ticks = int(length * TICKS)
        notes.append(Note(onset, ticks, "A", 0, 4, "", "", (), "", 1, f"v{number}n{place}"))
        onset += ticks
    return Voice(number, f"V{number}", tuple(notes), int(end * TICKS) or onset)


def bars(*lengths: Fraction | int) -> tuple[Barline, ...]:
    """Return bar lines after these lengths in semibreves, numbered from 1."""
    onsets = [0]
    for length in lengths:
        onsets.append(onsets[-1] + int(length * TICKS))
    numbers = [*range(1, len(lengths) + 1), len(lengths)]
    return tuple(Barline(onset, number) for onset, number in zip(onsets, numbers, strict=True))


def test_voices_that_end_early_or_rest_at_the_end_come_back() -> None:
    """Neither is filled up with rests, nor do bars in which nothing happens get lost."""
    piece = piece_of(simple_voice(1, 2, 1), simple_voice(2, 1, end=Fraction(5, 2)), lines=bars(2, 2, 2))
    back = read(write_musicxml(piece), "again")
    assert [voice.end for voice in back.voices] == [voice.end for voice in piece.voices]
    assert back.barlines == piece.barlines
    assert [problem.code for problem in back.problems] == ["voices-end-apart"]


def test_all_that_is_known_of_a_piece_is_in_the_header() -> None:
    """Title and composer where programs look for them, the other records as miscellaneous fields."""
    said = {"OTL": "A <b>", "COM": "Regis", "SMS": "Leuven & elsewhere", "YOR": "", "odd": "bell \a"}
    piece = piece_of(simple_voice(1, 2), lines=bars(2), title="A <b>", composer="Regis", metadata=said)
    assert read(write_musicxml(piece), "again").metadata == {**said, "odd": "bell "}


def test_programs_are_told_how_long_each_bar_is() -> None:
    """A printed time signature where the meter fits; else one that is not printed, if any meter does."""
    voice = replace(simple_voice(1, 2, 3, 2, Fraction(2, 3)), mensurations=(Mensuration(0, "C|", "2/1"),))
    data = write_musicxml(piece_of(voice, lines=bars(2, 3, 2, Fraction(2, 3))))
    times = re.findall(r"<time( [^>]*)?>\s*<beats>(\d+)</beats>", data.decode())
    hidden = ' print-object="no"'
    assert times == [(' symbol="cut"', "2"), (hidden, "3"), (hidden, "2")]
    back = read(data, "again").voices[0]
    assert back.mensurations == voice.mensurations


def test_tuplets_have_brackets() -> None:
    """A bracket holds three thirds, or a long and a short one; the last begins anew."""
    third = Fraction(1, 3)
    voice = simple_voice(1, third, third, third, 2 * third, third, Fraction(1, 2), Fraction(1, 2))
    data = write_musicxml(piece_of(voice, lines=bars(3))).decode()
    marks = [re.findall(r'<tuplet type="(\w+)"', each) for each in data.split("<note ")[1:]]
    assert marks == [["start"], [], ["stop"], ["start"], ["stop"], [], []]


LENGTHS = st.sampled_from(
    [Fraction(n, d) for n, d in ((1, 1), (1, 2), (3, 2), (2, 1), (5, 4), (1, 3), (2, 3))]
)
KINDS = ("note", "rest", "chord", "gap", "divided")


@st.composite
def divided_voices(draw: st.DrawFn, number: int, lines: tuple[Barline, ...], full: bool) -> Voice:
    """A voice with chords, gaps, divided lines, changes of clef, key and sign; it may end early."""
    notes: list[Note] = []
    now, last = 0, lines[-1].onset

    def add(onset: int, length: int, step: str | None, octave: int = 4) -> None:
        edited = bool(step) and draw(st.booleans())
        alter = draw(st.integers(-1, 1)) if step else 0
        source = draw(st.integers(-1, 1)) if edited else alter
        name = f"v{number}.{len(notes)}x"
        tied = draw(st.sampled_from(["", "", "start", "stop"])) if step else ""
        facts = (step, alter, octave if step else 0, "editor" if edited else "", tied, (), "", 0, name, "")
        notes.append(Note(onset, length, *facts, source))

    while now < last:
        length = min(int(draw(LENGTHS) * TICKS), last - now)
        kind = draw(st.sampled_from(KINDS))
        if kind == "divided" and length % 2 == 0:
            add(now, length, "G")
            add(now, length // 2, "E", 5)
            add(now + length // 2, length // 2, "D", 5)
        elif kind != "gap":
            add(now, length, None if kind == "rest" else draw(st.sampled_from("ABCDEFG")), 3)
            if kind == "chord":
                add(now, length, "C", 6)
        now += length
        if not full and draw(st.integers(0, 9)) == 0:
            break
    reached = max((note.onset + note.duration for note in notes), default=0)
    onsets = sorted({0, *draw(st.lists(st.sampled_from([line.onset for line in lines[:-1]]), max_size=2))})
    signs = st.sampled_from(
        [("C|", "2/1"), ("O", "3/1"), ("3", ""), ("", "2/1"), ("C.", "6/2"), ("O/3", "3/3%2")]
    )
    told = tuple(Mensuration(onset, *draw(signs)) for onset in onsets)
    clefs = tuple(Clef(onset, *draw(st.sampled_from([("C", 1), ("G", 2, -1), ("F", 4)]))) for onset in onsets)
    keys = st.sampled_from([(), (("B", -1),), (("E", -1),), (("F", 1), ("C", 1))])
    signatures = tuple(Signature(onset, draw(keys)) for onset in onsets)
    at = [each.onset for each in told]
    signed = [n._replace(mensuration=told[bisect_right(at, n.onset) - 1].sign) for n in notes]
    # A voice that is full lasts until the last line, with or without notes.
    return Voice(number, f"V{number}", tuple(signed), last if full else reached, clefs, signatures, told)


@st.composite
def divided_pieces(draw: st.DrawFn) -> Piece:
    """One to three such voices over bars of any length."""
    lines = bars(*draw(st.lists(LENGTHS, min_size=1, max_size=5)))
    kinds = st.sampled_from(["", "", "double", "final"])
    lines = (lines[0], *(replace(line, kind=draw(kinds)) for line in lines[1:]))
    voices = [draw(divided_voices(n, lines, n == 1)) for n in range(1, draw(st.integers(1, 3)) + 1)]
    return piece_of(*voices, lines=lines)


@settings(max_examples=120)
@given(divided_pieces())
def test_any_voices_come_back(piece: Piece) -> None:
    """Notes, ends, clefs, keys, signs and bar lines are those written, whatever they are."""
    if not any(voice.notes for voice in piece.voices):
        return
    back = read(write_musicxml(piece), "again")
    assert back.barlines == piece.barlines
    for one, other in zip(back.voices, piece.voices, strict=True):
        assert one == other


# ---------------------------------------------------------------- damage to the structure

ODD = ["", "²", "-1", "0", "1e99999999", "9" * 30, "nan", "1.5", "CD", "no", " 3 ", "<", "x" * 200]


def disturb(root: Any, draw: Callable[[Any], Any]) -> bytes:
    """Return a score in which elements are removed, moved, doubled, renamed or have odd content."""
    for _ in range(draw(st.integers(1, 4))):
        elements = list(root.iter(etree.Element))
        element, other = (elements[draw(st.integers(0, len(elements) - 1))] for _ in range(2))
        kind = draw(st.sampled_from(["remove", "move", "double", "rename", "text", "attribute"]))
        if kind == "remove" and element.getparent() is not None:
            element.getparent().remove(element)
        elif kind == "move" and other not in element.iter():
            other.append(element)
        elif kind == "double":
            other.append(copy.deepcopy(element))
        elif kind == "rename":
            element.tag = other.tag
        elif kind == "text":
            element.text = draw(st.sampled_from(ODD))
        elif kind == "attribute" and element.attrib:
            element.set(draw(st.sampled_from(sorted(element.attrib))), draw(st.sampled_from(ODD)))
    return bytes(etree.tostring(root))


@settings(max_examples=100)
@given(divided_pieces(), st.data())
def test_disturbed_scores_are_read_or_refused(piece: Piece, data: st.DataObject) -> None:
    """What is read can be made a table and written again, and comes back as it was read."""
    content = disturb(etree.fromstring(write_musicxml(piece)), data.draw)
    try:
        reading = read(content, "odd.musicxml")
    except Refused as refused:
        assert "odd.musicxml" in str(refused)
        return
    odd = Piece("odd", reading.voices, barlines=reading.barlines, metadata=reading.metadata)
    assert len(odd.notes) == sum(len(voice.notes) for voice in reading.voices)
    back = read(write_musicxml(odd), "again")
    names = {note.id for voice in reading.voices for note in voice.notes}
    if names.isdisjoint(name.rpartition(".")[0] for name in names):
        # Else notes are named as the parts of one that was cut (x, x.2), and may be joined when read again.
        assert [voice.notes for voice in back.voices] == [voice.notes for voice in reading.voices]


# ---------------------------------------------------------------- real music


@pytest.mark.slow
def test_every_real_score_comes_back(real_data: Path) -> None:
    """Each kern and MusicXML score at hand: table, ends, clefs, keys, signs, bars and what is known of it."""
    files = [
        path for folder in ("leuven-chansonnier", "1520s", "jrp") for path in (real_data / folder).iterdir()
    ]
    for path in sorted(each for each in files if each.suffix in (".krn", ".musicxml")):
        piece = Piece.from_file(path)
        back = read(write_musicxml(piece), "again")
        for ficta in ("editor", "source"):
            assert_frame_equal(note_table(back.voices, piece.id, ficta), piece.table(ficta))
        for one, other in zip(back.voices, piece.voices, strict=True):
            assert replace(one, notes=()) == replace(other, notes=()), path.name
        assert back.barlines == measures_of(piece.voices, piece.barlines), path.name
        assert piece.metadata.items() <= back.metadata.items(), path.name


@pytest.mark.slow
def test_music21_and_verovio_read_real_scores(real_data: Path) -> None:
    """Every tenth score: as many parts and notes, at the same times, and as long."""
    import verovio
    from music21 import converter

    verovio.enableLog(verovio.LOG_OFF)
    for path in sorted([*(real_data / "jrp").glob("*.krn"), *(real_data / "1520s").glob("*.musicxml")])[::10]:
        piece = Piece.from_file(path)
        text = write_musicxml(piece).decode()
        assert verovio.toolkit().loadData(text), path.name
        parts = converter.parseData(text, format="musicxml").parts
        lines = [line.onset for line in measures_of(piece.voices, piece.barlines)]
        for part, voice in zip(parts, piece.voices, strict=True):
            assert Fraction(part.duration.quarterLength) / 4 == Fraction(lines[-1], TICKS), path.name
            found = sorted(Fraction(n.getOffsetInHierarchy(part)) / 4 for n in part.recurse().notes)
            written = [cut for layer in layers(voice.notes) for each in layer for cut in cuts(each, lines)]
            expected = sorted(Fraction(c.notes[0].onset, TICKS) for c in written if c.notes[0].step)
            assert found == expected, (path.name, voice.name)
