"""What is written comes back: MusicXML, MEI in both notations, and MIDI as far as it can say it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from alamire.notation import TICKS, Note, Piece, Voice, read
from alamire.notation.mei.mensural_writer import write_mensural_mei
from alamire.notation.mei.writer import write_mei
from alamire.notation.midi import sounding_notes, write_midi
from alamire.notation.musicxml.writer import write_musicxml, write_mxl
from alamire.notation.table import Ficta
from alamire.notation.voice import Barline, Clef, Mensuration, Signature, barlines_of

Writer = Callable[[Piece], bytes]
WRITERS = [write_musicxml, write_mxl, write_mei, write_mensural_mei]

SONG = """!!!OTL: Song & dance
!!!COM: Regis
**kern\t**kern\t**text\t**text
*I"Tenor\t*I"Superius\t*\t*
*clefGv2\t*clefC1\t*\t*
*k[b-]\t*k[b-]\t*\t*
*M3/1\t*M3/1\t*\t*
*met(O)\t*met(O)\t*\t*
=1\t=1\t=1\t=1
0.FF\t1f#i\tPar\tNon
.\t[1.g\tmal-\t.
.\t2g]\t.\t.
=2\t=2\t=2\t=2
1r\t3%2a\t-le\t.
.\t3%2b-\t.\tpas
1G\t.\t.\t.
.\t3%2b\t.\t.
00F\t0cc\tbou-\t.
=3\t=3\t=3\t=3
*met(C|)\t*met(C|)\t*\t*
*M2/1\t*M2/1\t*\t*
.\t0dd\t-che\t.
=4||\t=4||\t=4||\t=4||
*clefF4\t*\t*\t*
0.C\t1.dd\t.\t.
.\t4ee\t.\t.
.\t8ff\t.\t.
.\t8gg\t.\t.
.\t1aa\t.\t.
==\t==\t==\t==
*-\t*-\t*-\t*-
"""


def again(piece: Piece, write: Writer) -> Piece:
    """Write a piece and read it back."""
    reading = read(write(piece), "again")
    return replace(
        piece,
        voices=reading.voices,
        barlines=reading.barlines,
        zones=reading.zones,
        metadata=reading.metadata,
        problems=reading.problems,
    )


def check_same(piece: Piece, write: Writer, *, but: tuple[str, ...] = ()) -> None:
    """Check that the note table under both readings, clefs and signatures come back."""
    back = again(piece, write)
    for ficta in ("editor", "source"):
        ours, theirs = back.table(ficta), piece.table(ficta)  # type: ignore[arg-type]
        assert_frame_equal(ours.drop(columns=[*but]), theirs.drop(columns=[*but]))
    for one, other in zip(back.voices, piece.voices, strict=True):
        assert (one.clefs, one.signatures, one.end) == (other.clefs, other.signatures, other.end), other.name
        signs = [[(fact.onset, fact.sign, fact.meter) for fact in each.mensurations] for each in (one, other)]
        assert signs[0] == signs[1], other.name


@pytest.fixture
def song(tmp_path: Path) -> Piece:
    """A song with ties, triplets, an editor's accidental, two strophes, notes over bars, changes of sign."""
    path = tmp_path / "song.krn"
    path.write_text(SONG, "utf-8")
    return Piece.from_file(path)


@pytest.mark.parametrize("write", WRITERS)
def test_a_song_comes_back(song: Piece, write: Writer) -> None:
    """Every column of the note table, the ids among them, and clefs, signatures, signs and ends."""
    check_same(song, write)
    back = again(song, write)
    assert [line.kind for line in back.barlines if line.kind] == ["double", "final"]
    assert (back.metadata["OTL"], back.metadata["COM"]) == ("Song & dance", "Regis")


@pytest.mark.parametrize("write", WRITERS)
def test_the_sample_comes_back(samples: Path, write: Writer) -> None:
    """Mensural music with zones comes back; only MusicXML has no place for zones."""
    but = ("zone",) if write in (write_musicxml, write_mxl) else ()
    for path in sorted((samples / "leuven-chansonnier" / "encodings").glob("*.mei")):
        check_same(Piece.from_file(path), write, but=but)


@pytest.mark.parametrize("write", [write_mei, write_mensural_mei])
def test_zones_come_back(samples: Path, write: Writer) -> None:
    """Surfaces and the rectangles on them are those of the piece."""
    piece = Piece.from_file(samples / "leuven-chansonnier" / "encodings" / "par-malle-bouche.mei")
    assert again(piece, write).zones == piece.zones


def test_mensural_signs_come_back(real_data: Path) -> None:
    """Values, dots, coloration and ligatures of a mensural source are written as they are there."""
    for path in sorted((real_data / "mensural" / "guatc1").glob("*.xml")):
        piece = Piece.from_file(path)
        for one, other in zip(again(piece, write_mensural_mei).voices, piece.voices, strict=True):
            for ours, theirs in zip(one.notes, other.notes, strict=True):
                assert ours.written is not None
                assert theirs.written is not None
                assert ours.written[:2] == theirs.written[:2], ours.id
                assert (ours.written.colored, ours.written.ligature) == (
                    theirs.written.colored,
                    theirs.written.ligature,
                )


def test_forms_within_a_ligature_come_back(tmp_path: Path) -> None:
    """A ligature that begins with squares and ends with an oblique stroke, whose two ends say so."""
    path = tmp_path / "ligature.mei"
    path.write_text(
        """<mei xmlns="http://www.music-encoding.org/ns/mei"><music><body><mdiv><score><scoreDef><staffGrp>
        <staffDef n="1" notationtype="mensural.white" tempus="2" prolatio="2"/></staffGrp></scoreDef>
        <section><staff n="1"><layer><ligature form="recta"><note dur="brevis" pname="c" oct="4"/>
        <note dur="brevis" pname="d" oct="4" lig="obliqua"/><note dur="brevis" pname="c" oct="4"/></ligature>
        </layer></staff></section></score></mdiv></body></music></mei>""",
        "utf-8",
    )
    piece = Piece.from_file(path)
    for one in (piece, again(piece, write_mensural_mei)):
        written = [note.written for note in one.voices[0].notes]
        assert [each.form for each in written if each] == ["recta", "obliqua", "recta"]
        assert [each.ligature for each in written if each] == ["start", "inside", "end"]


@pytest.mark.slow
@pytest.mark.parametrize("write", WRITERS)
def test_real_music_comes_back(real_data: Path, write: Writer) -> None:
    """Songs, masses and mensural scores of every collection at hand."""
    files = sorted((real_data / "leuven-chansonnier").glob("*.krn"))
    files += sorted((real_data / "jrp").glob("*.krn"))[::10]
    files += sorted((real_data / "1520s").glob("*.krn"))[::5]
    files += sorted((real_data / "mensural").glob("guatc1/*.xml"))
    files += sorted((real_data / "cmme").glob("missa*.xml"))
    but = ("zone",) if write in (write_musicxml, write_mxl) else ()
    for path in files:
        check_same(Piece.from_file(path), write, but=but)


@pytest.mark.parametrize("ficta", ["editor", "source"])
def test_one_reading_only(song: Piece, ficta: Ficta) -> None:
    """Written as the source has it, a song has no editor's accidentals any more."""
    for write in (write_musicxml, write_mei, write_mensural_mei):
        back = read(write(song, ficta), "again").voices[0].notes[0]
        assert (back.alter, back.ficta) == ((1, "editor") if ficta == "editor" else (0, "")), write.__name__


def test_programs_read_what_is_written(song: Piece) -> None:
    """music21 and verovio open it: as many parts, as long, and with the names."""
    import verovio
    from music21 import converter

    score = converter.parseData(write_musicxml(song).decode(), format="musicxml")
    assert [part.partName for part in score.parts] == ["Superius", "Tenor"]
    assert [Fraction(part.quarterLength) / 4 for part in score.parts] == [
        Fraction(voice.end, TICKS) for voice in song.voices
    ]
    verovio.enableLog(verovio.LOG_OFF)
    for write in (write_musicxml, write_mei, write_mensural_mei):
        toolkit = verovio.toolkit()
        assert toolkit.loadData(write(song).decode())
        assert toolkit.getPageCount() >= 1


# ---------------------------------------------------------------- any voice at all

LENGTHS = st.sampled_from(
    [
        TICKS * n // d
        for n, d in ((1, 1), (1, 2), (3, 2), (2, 1), (3, 1), (4, 1), (1, 3), (2, 3), (5, 4), (1, 8), (7, 6))
    ]
)
SYLLABLES = st.sampled_from(["Ky-", "-ri-", "-e", "a", "é", "n'a", "<&>", ""])


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    """A piece of one to three voices that end together, with text, ties, ficta and changes."""
    count = draw(st.integers(1, 3))
    lengths = draw(st.lists(LENGTHS, min_size=1, max_size=12))
    end = sum(lengths)
    voices = []
    for number in range(1, count + 1):
        notes: list[Note] = []
        onset = 0
        for place, length in enumerate(draw(st.permutations(lengths)), start=1):
            step = draw(st.sampled_from([None, *"CDEFGAB"]))
            alter = draw(st.integers(-1, 1)) if step else 0
            edited = bool(step) and draw(st.booleans())
            lyric = tuple(draw(st.lists(SYLLABLES, max_size=2))) if step else ()
            while lyric and not lyric[-1]:
                lyric = lyric[:-1]
            facts = (step, alter, 4 if step else 0, "editor" if edited else "", "", lyric, "", 0)
            source = draw(st.integers(-1, 1)) if edited else alter
            notes.append(Note(onset, length, *facts, f"n{number}.{place}", "", source))
            onset += length
        voices.append(
            Voice(
                number,
                draw(st.sampled_from(["Tenor", "Contra I", "Ténor <2>"])),
                tuple(notes),
                end,
                (Clef(0, "C", 3),),
                (Signature(0, draw(st.sampled_from([(), (("B", -1),), (("B", -1), ("E", -1))]))),),
                (Mensuration(0, "", "2/1"),),
            )
        )
    lines = tuple(Barline(n * 2 * TICKS, n + 1) for n in range(-(-end // (2 * TICKS))))
    numbered = [
        replace(
            voice, notes=tuple(note._replace(breve=note.onset // (2 * TICKS) + 1) for note in voice.notes)
        )
        for voice in voices
    ]
    return Piece("any", tuple(numbered), title="Any", barlines=(*lines, Barline(end, lines[-1].number)))


@settings(max_examples=60)
@given(pieces(), st.sampled_from([write_musicxml, write_mei]))
def test_any_piece_comes_back(piece: Piece, write: Writer) -> None:
    """Whatever the lengths, accidentals and syllables, modern notation gives the same table."""
    check_same(piece, write)


@settings(max_examples=60)
@given(pieces())
def test_any_piece_comes_back_from_mensural_notation(piece: Piece) -> None:
    """The same in mensural notation, where every length is stated."""
    sharp_b = any(
        note.step in ("B", "E") and 1 in (note.alter, note.source_alter)
        for voice in piece.voices
        for note in voice.notes
    )
    # In mensural notation a sharp on B or E is the hard b, a natural.
    check_same(piece, write_mensural_mei, but=("alter", "midi") if sharp_b else ())


# ---------------------------------------------------------------- MIDI


def heard(data: bytes) -> dict[str, list[tuple[Fraction, Fraction, int]]]:
    """Return (onset, duration, key) in semibreves for each track of a MIDI file by its name."""
    import mido

    file = mido.MidiFile(file=io.BytesIO(data), charset="utf-8")
    found: dict[str, list[tuple[Fraction, Fraction, int]]] = {}
    for track in file.tracks:
        now, begun = 0, {}
        for message in track:
            now += message.time
            if message.type == "note_on":
                begun[message.note] = now
            elif message.type == "note_off":
                onset = begun.pop(message.note)
                facts = (
                    Fraction(onset, 4 * file.ticks_per_beat),
                    Fraction(now - onset, 4 * file.ticks_per_beat),
                )
                found.setdefault(track.name, []).append((*facts, message.note))
    return {name: sorted(notes) for name, notes in found.items()}


def expected(piece: Piece) -> dict[str, list[tuple[Fraction, Fraction, int]]]:
    """What a piece sounds like, from its voices."""
    return {
        voice.name: sorted(
            (Fraction(onset, TICKS), Fraction(end - onset, TICKS), midi)
            for onset, end, midi, _ in sounding_notes(voice, "editor")
        )
        for voice in piece.voices
    }


def test_midi_has_every_note_where_the_table_has_it(song: Piece) -> None:
    """Triplets are exact, tied notes sound once, and each voice is a track of its name."""
    assert heard(write_midi(song)) == expected(song)
    assert (Fraction(1), Fraction(2), 67) in heard(write_midi(song))["Superius"]


def test_midi_of_real_songs(real_data: Path) -> None:
    """So it is for the songs of the Leuven Chansonnier."""
    for path in sorted((real_data / "leuven-chansonnier").glob("*.krn")):
        piece = Piece.from_file(path)
        assert heard(write_midi(piece)) == expected(piece), path.name


def test_midi_has_tempo_text_and_signs(song: Piece) -> None:
    """The tactus is as asked for, the first strophe is there, so are the meters and signatures."""
    import mido

    file = mido.MidiFile(file=io.BytesIO(write_midi(song, tempo=30)), charset="utf-8")
    messages = [message for track in file.tracks for message in track]
    assert [message.tempo for message in messages if message.type == "set_tempo"] == [500_000]
    assert "Par" in [message.text for message in messages if message.type == "lyrics"]
    assert {message.key for message in messages if message.type == "key_signature"} == {"F"}
    assert barlines_of(song.voices, song.barlines)[0].number == 1
