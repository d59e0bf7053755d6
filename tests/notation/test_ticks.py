"""Exact time in every format: proportions and tuplets of 13, 17 and 19, and what no tick can count."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from alamire.errors import Refused
from alamire.notation import TICKS, Piece, read
from alamire.notation.mei.writer import write_mei
from alamire.notation.musicxml.writer import write_musicxml
from alamire.notation.table import note_table
from alamire.notation.voice import LAST_TICK, EncodedMusic


def cmme(count: int) -> str:
    """A semibreve, so many in the time of eight, and a semibreve after the proportion is undone."""
    note = "<Note><Type>Semibrevis</Type><LetterName>A</LetterName><OctaveNum>4</OctaveNum></Note>"
    music = (
        f"{note}<Proportion><Num>{count}</Num><Den>8</Den></Proportion>{note * count}"
        f"<Proportion><Num>8</Num><Den>{count}</Den></Proportion>{note}"
    )
    return (
        "<Piece xmlns='http://www.cmme.org'><VoiceData><Voice><Name>S</Name></Voice></VoiceData><MusicSection>"
        f"<MensuralMusic><Voice><VoiceNum>1</VoiceNum><EventList>{music}</EventList></Voice></MensuralMusic>"
        "</MusicSection></Piece>"
    )


def mei(layer: str, staff: str = "") -> str:
    """Music of one staff of mensural notation, or modern where ``staff`` is not "mensural"."""
    notation = f" notationtype='{staff}'" if staff else ""
    return (
        "<mei xmlns='http://www.music-encoding.org/ns/mei'><music><body><mdiv><score><scoreDef><staffGrp>"
        f"<staffDef n='1' lines='5'{notation}/></staffGrp></scoreDef><section>"
        + (f"<measure n='1'><staff n='1'><layer>{layer}</layer></staff></measure>" if not staff else "")
        + (f"<staff n='1'><layer>{layer}</layer></staff>" if staff else "")
        + "</section></score></mdiv></body></music></mei>"
    )


def mensural(count: int) -> str:
    """Mensural MEI: a proportion said by mensur."""
    note = "<note dur='semibrevis' pname='a' oct='4'/>"
    divided = f"<mensur num='{count}' numbase='8'/>{note * count}<mensur sign='C' num='1'/>"
    return mei(f"<mensur sign='C'/>{note}{divided}{note}", "mensural")


def modern(count: int) -> str:
    """Modern MEI: a tuplet."""
    note = "<note dur='1' pname='a' oct='4'/>"
    return mei(f"{note}<tuplet num='{count}' numbase='8'>{note * count}</tuplet>{note}")


def kern(count: int) -> str:
    """Eight semibreves divided, in kern's own way of writing a value."""
    return "**kern\n=1\n1aa\n" + f"{count}%8aa\n" * count + "1aa\n==\n*-\n"


def musicxml(count: int) -> str:
    """A tuplet whose durations the program rounded to its divisions."""
    pitch = "<pitch><step>A</step><octave>4</octave></pitch>"
    rounded = round(Fraction(8, count) * 4 * 480)
    ratio = (
        f"<time-modification><actual-notes>{count}</actual-notes><normal-notes>8</normal-notes>"
        "</time-modification>"
    )
    whole = f"<note>{pitch}<duration>1920</duration></note>"
    notes = f"<note>{pitch}<duration>{rounded}</duration><type>whole</type>{ratio}</note>" * count
    return (
        "<score-partwise><part-list><score-part id='P1'/></part-list><part id='P1'><measure number='1'>"
        f"<attributes><divisions>480</divisions></attributes>{whole}{notes}{whole}"
        "</measure></part></score-partwise>"
    )


FORMATS = [cmme, mensural, modern, kern, musicxml]


def times(reading: EncodedMusic) -> list[tuple[Fraction, Fraction]]:
    """Onsets and durations in semibreves."""
    notes = reading.voices[0].notes
    return [(Fraction(note.onset, TICKS), Fraction(note.duration, TICKS)) for note in notes]


@pytest.mark.parametrize("count", [3, 5, 7, 9, 11, 13, 17, 19])
@pytest.mark.parametrize("make", FORMATS)
def test_every_tuplet_and_proportion_in_use_is_exact(make: Callable[[int], str], count: int) -> None:
    """So many semibreves in the time of eight: each at its very time, in every format, without a remark."""
    reading = read(make(count).encode(), "song")
    each = Fraction(8, count)
    assert times(reading) == [(0, 1), *((1 + place * each, each) for place in range(count)), (9, 1)]
    assert "rounded-to-ticks" not in {problem.code for problem in reading.problems}


@pytest.mark.parametrize("count", [23, 29, 169])
@pytest.mark.parametrize("make", FORMATS)
def test_what_no_tick_can_count_is_told_and_costs_nothing_else(
    make: Callable[[int], str], count: int
) -> None:
    """Each note begins at the nearest tick, what follows is exact, and the remark says where the first is."""
    reading = read(make(count).encode(), "song")
    notes = reading.voices[0].notes
    assert len(notes) == count + 2
    for place, note in enumerate(notes[1:]):
        assert type(note.onset) is int
        assert type(note.duration) is int
        assert abs(note.onset - (1 + Fraction(8 * place, count)) * TICKS) <= Fraction(1, 2)
    assert [note.onset for note in notes[1:]] == [note.onset + note.duration for note in notes[:-1]]
    assert times(reading)[-1] == (9, 1)
    (problem,) = [each for each in reading.problems if each.code == "rounded-to-ticks"]
    assert f"{count} durations, the first of them {notes[1].id}" in problem.message
    assert problem.place.row is not None
    assert problem.place.detail == f"breve {notes[1].breve}"


@pytest.mark.parametrize("write", [write_musicxml, write_mei])
@pytest.mark.parametrize("count", [13, 17, 19])
def test_proportions_are_written_and_read_again(write: Callable[[Piece], bytes], count: int) -> None:
    """A tuplet of 13, 17 or 19 comes back with the same times."""
    reading = read(kern(count).encode(), "song.krn")
    piece = Piece("song", reading.voices, barlines=reading.barlines)
    assert times(read(write(piece), "song.xml")) == times(reading)


@pytest.mark.parametrize("make", [cmme, kern])
def test_music21_has_the_same_times(make: Callable[[int], str]) -> None:
    """Quarter lengths of the score are exact fractions."""
    reading = read(make(13).encode(), "song")
    piece = Piece("song", reading.voices, barlines=reading.barlines)
    onsets = {
        Fraction(note.getOffsetInHierarchy(piece.score)) / 4
        for note in piece.score.recurse().notes
        if note.tie is None or note.tie.type == "start"
    }
    assert onsets == {onset for onset, _ in times(reading)}


def test_a_long_piece_is_counted_in_numbers_that_every_program_has() -> None:
    """The last tick of the longest piece is exact as a double, and a sum over forty voices as 64 bits."""
    assert int(float(LAST_TICK - 1)) == LAST_TICK - 1
    assert np.iinfo(np.int64).max > 40 * LAST_TICK
    long = read(("**kern\n" + "1%9999aa\n" * 5 + "*-\n").encode(), "long.krn")
    table = note_table(long.voices)
    assert int(table["onset"].iloc[-1]) == 4 * 9999 * TICKS


@pytest.mark.parametrize(("value", "count"), [("1%10001", 1), ("1%999999", 1), ("1%9999", 6)])
def test_what_is_longer_than_any_piece_is_refused(value: str, count: int) -> None:
    """A note or a piece of absurd length is named, and never a number too large for the table."""
    with pytest.raises(Refused, match="semibreves"):
        read(("**kern\n" + f"{value}aa\n" * count + "*-\n").encode(), "long.krn")


def test_a_bar_that_no_tick_can_count_shifts_no_other_part() -> None:
    """A bar longer by a part of a tick begins the next bar of all parts at a whole one; one voice is told."""
    pitch = "<pitch><step>A</step><octave>4</octave></pitch>"
    parts = [
        f"<part id='P{number}'><measure number='1'><attributes><divisions>23</divisions></attributes>"
        f"<note>{pitch}<duration>{length}</duration></note></measure><measure number='2'>"
        f"<note>{pitch}<duration>92</duration></note></measure></part>"
        for number, length in ((1, 93), (2, 92))
    ]
    listed = "".join(
        f"<score-part id='P{number}'><part-name>V{number}</part-name></score-part>" for number in (1, 2)
    )
    text = f"<score-partwise><part-list>{listed}</part-list>{''.join(parts)}</score-partwise>"
    reading = read(text.encode(), "song")
    assert len({voice.notes[1].onset for voice in reading.voices}) == 1
    assert {voice.notes[1].duration for voice in reading.voices} == {TICKS}
    told = [each.message for each in reading.problems if each.code == "rounded-to-ticks"]
    assert [message.startswith("V1: 1 duration, ") for message in told] == [True]
