"""Pages as engraved: ids, each element once, sizes, readable text, and an engraver that breaks down."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader

from alamire.errors import Refused
from alamire.notation import Piece
from alamire.notation.engraving import engrave, tidied, write_pdf
from alamire.notation.engraving_mensural import for_drawing
from alamire.notation.reading import read

LINES = (
    *("**kern\t**text", '*I"Superius\t*', "*clefG2\t*", "*met(C|)\t*", "*M2/1\t*", "=1\t=1"),
    *("1.g\tHé-", "2a\t-las", "=2\t=2", "0b\tcœur", "==\t==", "*-\t*-"),
)


@pytest.fixture
def piece() -> Piece:
    """A voice with a dotted note, accents, a mensuration sign and a meter."""
    reading = read("\n".join(LINES).encode("utf-8"), "song.krn")
    return Piece(
        "song", reading.voices, title="Hélas", composer="Agricola, Alexander", barlines=reading.barlines
    )


def ids(page: str) -> Counter[str]:
    """How often each id stands in a page."""
    return Counter(re.findall(r' id="([^"]*)"', page))


@pytest.mark.parametrize("mensural", [False, True])
def test_notes_have_their_ids_and_no_id_stands_twice(piece: Piece, mensural: bool) -> None:
    """Verovio draws what belongs to a dotted mensural note twice; here it stands once."""
    [page] = engrave(piece, mensural=mensural)
    found = ids(page)
    assert {note.id for note in piece.voices[0].notes} <= set(found)
    assert [name for name, times in found.items() if times > 1] == []
    assert page.count(">Hé<") == 1


def test_ids_that_xml_does_not_allow_are_kept(piece: Piece) -> None:
    """An id may begin with a digit in the note table, and does so on the page."""
    voice = piece.voices[0]
    notes = tuple(note._replace(id=f"1.{place}") for place, note in enumerate(voice.notes, start=1))
    [page] = engrave(Piece("song", (voice.__class__(1, "Superius", notes, voice.end, voice.clefs),)))
    assert {"1.1", "1.2", "1.3"} <= set(ids(page))


def test_mensural_notation_has_no_modern_meter(piece: Piece) -> None:
    """Beside the sign of a mensuration the meter of an edition is left out; without a sign it stays."""
    assert any('class="meterSig"' in page for page in engrave(piece))
    assert not any('class="meterSig"' in page for page in engrave(piece, mensural=True))
    bare = b'<staff><mensur/><meterSig count="3"/><mensur sign="C"/><meterSig count="2"/></staff>'
    assert re.findall(rb'count="(\d)"', for_drawing(bare, piece)) == [b"3"]


def places(page: str, piece: Piece) -> list[list[tuple[int, int]]]:
    """Of each system of a page, the onset and the place from the left of notes, in order of onsets.

    Breves and longer notes, which are drawn as lines, are left out.
    """
    onsets = {note.id: note.onset for voice in piece.voices for note in voice.notes if note.step}
    return [
        sorted(
            (onsets[note.get("id")], int(re.findall(r"\d+", head.get("transform"))[0]))
            for note in system.iter("{*}g")
            if note.get("id") in onsets
            for head in list(note.iter("{*}use"))[:1]
        )
        for system in etree.fromstring(page.encode()).iter("{*}g")
        if system.get("class") == "system"
    ]


def aligned(page: str, piece: Piece) -> bool:
    """Say whether no note stands well to the left of one that begins before it."""
    for system in places(page, piece):
        furthest = 0
        for _, place in system:
            if place < furthest - 150:
                return False
            furthest = max(furthest, place)
    return True


def test_voices_under_different_mensurations_stand_together() -> None:
    """Semibreves of perfect time against minims of imperfect: what sounds together stands together."""
    lines = ["**kern\t**kern", "*clefF4\t*clefG2", "*met(O)\t*met(C|)"]
    lines += ["1c\t2g", ".\t2a"] * 24 + ["*-\t*-"]
    reading = read("\n".join(lines).encode(), "song.krn")
    piece = Piece("song", reading.voices, barlines=reading.barlines)
    for page in engrave(piece, mensural=True):
        assert aligned(page, piece)


def test_lines_break_while_a_voice_holds() -> None:
    """Sixty notes over a few that hold are not crammed into one line, and each is drawn once."""
    lines = ["**kern\t**kern", "*clefF4\t*clefG2", "*met(C)\t*met(C)"]
    # A breve crosses each minim at which the other voice could break.
    for quarter in range(112):
        lower = {0: "4c", 105: "1..c"}.get(quarter, "0c" if quarter % 8 == 1 else ".")
        lines += [f"{lower}\t{'2g' if quarter % 2 == 0 else '.'}"] * (quarter % 2 == 0 or lower != ".")
    reading = read("\n".join([*lines, "*-\t*-"]).encode(), "song.krn")
    piece = Piece("song", reading.voices)
    pages = engrave(piece, mensural=True)
    assert max(len(system) for page in pages for system in places(page, piece)) <= 20
    assert all(aligned(page, piece) for page in pages)
    drawn = sum((ids(page) for page in pages), Counter())
    assert {drawn[note.id] for voice in piece.voices for note in voice.notes} == {1}


@pytest.mark.parametrize(("landscape", "size"), [(False, (595, 842)), (True, (842, 595))])
def test_pages_are_a4(piece: Piece, landscape: bool, size: tuple[int, int]) -> None:
    """Upright or on their side, in SVG as in PDF."""
    [page] = engrave(piece, landscape=landscape)
    width, height = (float(each) for each in etree.fromstring(page.encode()).get("viewBox").split()[2:])
    assert width / height == pytest.approx(size[0] / size[1], rel=0.002)
    box = PdfReader(io.BytesIO(write_pdf(piece, landscape=landscape))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_the_text_of_a_pdf_can_be_read(piece: Piece) -> None:
    """Title, composer, voice and syllables are text, with their accents; the music is drawn, not an image."""
    pdf = PdfReader(io.BytesIO(write_pdf(piece)))
    text = pdf.pages[0].extract_text()
    for words in ("Hélas", "Agricola, Alexander", "Superius", "Hé", "cœur"):
        assert words in text
    assert pdf.metadata is not None
    assert (pdf.metadata.title, pdf.metadata.author) == ("Hélas", "Agricola, Alexander")
    assert list(pdf.pages[0].images) == []


def test_signs_that_times_lacks_are_shown(piece: Piece) -> None:
    """The abbreviations of scribes come in a font that has them."""
    voice = piece.voices[0]
    notes = (voice.notes[0]._replace(lyric=("dñs̄ q̄ꝫ ſol",)), *voice.notes[1:])
    pdf = PdfReader(io.BytesIO(write_pdf(Piece("song", (voice.__class__(1, "Š", notes, voice.end),)))))
    assert "ſol" in pdf.pages[0].extract_text()


def test_the_same_piece_is_the_same_file(piece: Piece) -> None:
    """Nothing on a page depends on when it was engraved."""
    assert engrave(piece) == engrave(piece)
    assert write_pdf(piece, mensural=True) == write_pdf(piece, mensural=True)


def test_what_stands_twice_is_taken_out() -> None:
    """Only the second is, with all that is in it."""
    page = '<svg xmlns="http://www.w3.org/2000/svg"><g id="a"><g id="b"/></g><g id="b"><g id="c"/></g></svg>'
    assert ids(tidied(page)) == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("kill -SEGV $$", "broke down"),
        ("echo no such clef >&2; exit 1", "no such clef"),
        ("exit 1", "without a word"),
        ("sleep 60", "more than"),
    ],
)
def test_an_engraver_that_breaks_down_is_a_refusal(
    piece: Piece, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    """Whatever ends the other process, this one goes on and names the piece."""
    engraver = tmp_path / "engraver"
    engraver.write_text(f"#!/bin/sh\ncat >/dev/null\n{script}\n")
    engraver.chmod(0o755)
    monkeypatch.setattr("alamire.notation.engraving.sys.executable", str(engraver))
    monkeypatch.setattr("alamire.notation.engraving.LIMIT", 2)
    with pytest.raises(Refused, match=f"song: .*{told}"):
        engrave(piece)
    with pytest.raises(Refused, match=f"song: .*{told}"):
        write_pdf(piece)


@pytest.mark.slow
@pytest.mark.parametrize("mensural", [False, True])
def test_every_note_of_the_songs_is_on_a_page(real_data: Path, mensural: bool) -> None:
    """All of the Leuven Chansonnier, a mensural madrigal, a movement with zones and one with proportions."""
    files = [
        *sorted((real_data / "leuven-chansonnier").glob("*.krn")),
        *(next(iter(sorted(real_data.glob(kind)))) for kind in ("lauro-secco/*/*.mei", "cmme/*.xml")),
        *sorted(real_data.glob("mensural/guatc1/*.mei"))[:1],
    ]
    for path in files:
        found = Piece.from_file(path)
        pages = engrave(found, mensural=mensural)
        assert not mensural or all(aligned(page, found) for page in pages), path.name
        drawn = set().union(*(ids(page) for page in pages))
        missing = [
            note.id for voice in found.voices for note in voice.notes if note.step and note.id not in drawn
        ]
        assert missing == [], path.name
