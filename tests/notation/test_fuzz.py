"""Damaged files of every format: a refusal that names the file, or a reading; never another error."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alamire.errors import Refused
from alamire.notation import Piece, read
from alamire.notation.musicxml.writer import write_musicxml, write_mxl
from alamire.notation.voice import EncodedMusic

SONG = (
    "!!!OTL: S\n**kern\t**text\n*clefC3\t*\n=1\t=1\n1c\tKy-\n[1.d\t-rie\n2d]\t.\n"
    "3%2e#i\t.\n3%2f\t.\n3%2g\t.\n==\t==\n*-\t*-\n"
)
#: Pieces of real files that are damaged: one of each format, from the data at hand.
REAL = {
    "kern": "jrp/Bus3001-Acordes_moy.krn",
    "mens": "lauro-secco/pigna_giustodis/pigna_giustodis_C.mns",
    "mei": "lauro-secco/pigna_giustodis/pigna_giustodis_C.mei",
    "mensural mei": "mensural/scoring-up/quasi-score/Ock3008.mei",
    "musicxml": "1520s/Wil3028-Qui_est_celuy_qui_a_dit_mal_du_con.musicxml",
    "cmme": "cmme/18r-1.cmme.xml",
}


def survives(content: bytes, name: str) -> EncodedMusic | None:
    """Read damaged content: None where it is refused, with a message that names the file."""
    start = time.process_time()
    try:
        reading = read(content, name)
    except Refused as refused:
        assert name in str(refused)
        return None
    finally:
        # Far more than any file needs: what takes longer hangs.
        assert time.process_time() - start < 30
    for voice in reading.voices:
        assert all(note.duration >= 0 and note.onset >= 0 for note in voice.notes)
    return reading


@st.composite
def damage(draw: st.DrawFn, content: bytes) -> bytes:
    """Cut, overwrite, double or exchange some bytes or lines."""
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(content) - 1)))
        length = draw(st.integers(0, 40))
        kind = draw(st.sampled_from(["cut", "write", "double", "end", "lines"]))
        if kind == "cut":
            content = content[:place] + content[place + length :]
        elif kind == "write":
            content = content[:place] + draw(st.binary(max_size=12)) + content[place + length :]
        elif kind == "double":
            content = content[: place + length] + content[place:]
        elif kind == "end":
            content = content[:place]
        else:
            lines = content.splitlines(keepends=True)
            here = draw(st.integers(0, max(0, len(lines) - 1)))
            content = b"".join(lines[:here] + lines[here + 1 :])
    return content


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(REAL))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_real_files(real_data: Path, kind: str, data: st.DataObject) -> None:
    """Random damage to a real file of each format."""
    path = real_data / REAL[kind]
    survives(data.draw(damage(path.read_bytes())), path.name)


@settings(max_examples=150)
@given(st.data())
def test_damaged_kern_is_never_silently_shorter(data: st.DataObject) -> None:
    """A kern file that still reads without a word has lost no part of a voice against the others."""
    content = data.draw(damage(SONG.encode()))
    reading = survives(content, "song.krn")
    if reading is not None and not reading.problems:
        assert len({voice.end for voice in reading.voices}) == 1


@settings(max_examples=60)
@given(st.data())
def test_damaged_written_files(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Random damage to MusicXML, plain and compressed, that alamire wrote."""
    path = tmp_path_factory.mktemp("fuzz") / "song.krn"
    path.write_text(SONG, "utf-8")
    piece = Piece.from_file(path)
    write = data.draw(st.sampled_from([write_musicxml, write_mxl]))
    survives(data.draw(damage(write(piece))), "song.xml")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPE = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY f SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("root", ["mei", "score-partwise", "score-timewise", "Piece"])
def test_entities_neither_grow_nor_read_files(root: str) -> None:
    """A billion laughs in any XML format stays small, and no file of the machine is read."""
    content = f"{DOCTYPE}<{root}>&l9;&f;</{root}>".encode()
    with pytest.raises(Refused) as caught:
        read(content, "laughs.xml")
    host = Path("/etc/hostname")
    if host.exists():
        assert host.read_text("utf-8").strip() not in str(caught.value)


@pytest.mark.parametrize("root", ["mei", "score-partwise", "Piece"])
def test_deep_nesting_is_refused(root: str) -> None:
    """Ten thousand elements in one another end in a message, not in the interpreter's stack."""
    inner = {"mei": "section", "score-partwise": "part", "Piece": "MusicSection"}[root]
    deep = f"<{root}>" + f"<{inner}>" * 10_000 + f"</{inner}>" * 10_000 + f"</{root}>"
    with pytest.raises(Refused):
        read(deep.encode(), "deep.xml")


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of a compressed score is bounded by what comes out, not by what it claims."""
    monkeypatch.setattr("alamire.notation.musicxml.container.MAX_BYTES", 1000)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("score.xml", b"<score-partwise>" + b" " * 100_000)
    with pytest.raises(Refused, match="unpacks to more"):
        read(buffer.getvalue(), "bomb.mxl")
