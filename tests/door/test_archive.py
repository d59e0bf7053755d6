"""An archive as the musicologist meets it: sources, pieces, and an analysis over all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import alamire
from alamire.analysis import problems_of
from alamire.archive.home import ArchiveFolder
from alamire.door.archive import Archive
from alamire.errors import NotFound, Refused
from alamire.source.description import Description, Encoding, PieceDescription, Surface
from alamire.source.surfaces_form import dump_surfaces
from tests.source.descriptions import dump_description

KERN = """!!!OTL: Tiny
**kern\t**kern
*I"Tenor\t*I"Superius
*clefC4\t*clefC1
*M2/1\t*M2/1
=1\t=1
1A\t1c
1B\t1d
=2\t=2
0c\t0e
==\t==
*-\t*-
"""


def encoded(name: str, composer: str, *files: str) -> PieceDescription:
    """Return the description of a piece on two sides, encoded in these files."""
    return PieceDescription(
        id=name, title=name.capitalize(), composer=composer, folios="1v–2r",
        encodings=tuple(Encoding(file=f"encodings/{file}") for file in files),
    )  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive of one source: a good piece, a broken one, one with no encoding, one whose file is lost."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    surfaces = tuple(
        Surface(id=f"s000{n}", order=n, label=label) for n, label in enumerate(("1r", "1v", "2r"), start=1)
    )
    pieces = (
        encoded("good", "Johannes Ockeghem", "good.krn"),
        encoded("broken", "Firminus Caron", "broken.krn"),
        encoded("silent", "Firminus Caron"),
        encoded("lost", "", "lost.krn"),
    )
    description = Description(id="book", title={"en": ("A book",)}, pieces=pieces)
    files = {
        "source.toml": dump_description(description).encode(),
        "surfaces.json": dump_surfaces(surfaces).encode(),
        "encodings/good.krn": KERN.encode(),
        "encodings/broken.krn": KERN.removesuffix("*-\t*-\n").encode(),
    }
    archive.store.commit("book", files, message="a book for the tests")
    return alamire.open(tmp_path / "archive")


def test_an_archive_is_a_mapping_of_sources(archive: Archive) -> None:
    """Sources are found by identifier and pieces by theirs."""
    assert list(archive) == ["book"]
    assert len(archive) == 1
    assert "book" in archive and "other" not in archive
    book = archive["book"]
    assert book.songbook.id == "book"
    assert list(book.pieces) == ["good", "broken", "lost"]
    assert len(book.pieces) == 3
    assert "good" in book.pieces and "silent" not in book.pieces
    assert "book" in repr(archive) and "3 surfaces" in repr(book)


def test_a_piece_knows_where_it_stands(archive: Archive) -> None:
    """A piece has its source, its folios and its voices, and is read once only."""
    piece = archive["book"].pieces["good"]
    assert (piece.source, piece.id, piece.composer) == ("book", "good", "Johannes Ockeghem")
    assert [voice.name for voice in piece.voices] == ["Superius", "Tenor"]
    assert archive["book"].pieces["good"] is piece


def test_what_is_missing_is_said_with_what_there_is(archive: Archive) -> None:
    """Sources, pieces, encodings, files and composers that are absent are each named."""
    with pytest.raises(NotFound, match=r"no source 'boook'.*Did you mean book\?"):
        _ = archive["boook"]
    with pytest.raises(NotFound, match=r"no piece 'gold'.*good, broken, silent"):
        _ = archive["book"].pieces["gold"]
    with pytest.raises(NotFound, match=r"book/silent has no encoding.*good"):
        _ = archive["book"].pieces["silent"]
    with pytest.raises(NotFound, match=r"encodings/lost\.krn"):
        _ = archive["book"].pieces["lost"]
    with pytest.raises(NotFound, match=r"no composer 'Busnois'.*Firminus Caron, Johannes Ockeghem"):
        archive.analyse("ambitus", composer="Busnois")
    with pytest.raises(NotFound, match=r"no analysis 'ambit'.*ambitus"):
        archive.analyse("ambit")
    with pytest.raises(TypeError, match=r"of one piece call alamire\.analysis\.ambitus"):
        archive.analyse("ambitus", source="book", piece="good")


def test_a_broken_piece_does_not_stop_the_corpus(archive: Archive) -> None:
    """The good piece is analysed; what is wrong with the others is in the table's problems."""
    findings = archive.analyse("ambitus")
    assert set(findings["piece"]) == {"good"}
    assert findings["range"].tolist() == ["M3", "m3"]
    left_out = problems_of(findings)
    assert any("broken.krn" in str(problem) for problem in left_out)
    assert any("lost.krn" in str(problem) for problem in left_out)


def test_an_analysis_can_be_of_one_composer_or_source(archive: Archive) -> None:
    """Part of a name is enough, and options go to the analysis."""
    assert len(archive.analyse("melodic-intervals", composer="ockeghem", n=2)) == 2
    assert len(archive.analyse("melodic-intervals", source="book", composer="Caron")) == 0
    assert problems_of(archive.analyse("melodic-intervals", composer="Caron"))


def test_a_bare_file_needs_no_archive(tmp_path: Path) -> None:
    """alamire.read gives a piece from an encoding, or says where it is wrong."""
    (tmp_path / "tiny.krn").write_text(KERN)
    piece = alamire.read(tmp_path / "tiny.krn")
    assert alamire.analysis.vertical_intervals(piece)["interval"].tolist() == ["m3", "m3", "M3"]
    (tmp_path / "bad.krn").write_text(KERN.removesuffix("*-\t*-\n"))
    with pytest.raises(Refused, match=r"bad\.krn"):
        alamire.read(tmp_path / "bad.krn")


def test_no_archive_is_said_with_the_next_step(tmp_path: Path) -> None:
    """A folder that is no archive is not made into one."""
    with pytest.raises(NotFound, match="alamire init"):
        alamire.open(tmp_path)
