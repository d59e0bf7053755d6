"""What targets name: sources, pieces, files, folders, pieces that were read already."""

from __future__ import annotations

from pathlib import Path

import pytest

import alamire
from alamire.door.targets import gather, works_of
from alamire.errors import NotFound, Refused, WrongUsage
from tests.deliveries.making import make_delivery

SONG = '!!!OTL: Hélas\n**kern\t**kern\n*I"Tenor\t*I"Superius\n1c\t1e\n*-\t*-\n'
NONE = "no archive"


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """A folder of two songs, a scan and a damaged encoding."""
    folder = tmp_path / "songs"
    (folder / "more").mkdir(parents=True)
    (folder / "a.krn").write_text(SONG, "utf-8")
    (folder / "more" / "b.krn").write_text(SONG, "utf-8")
    (folder / "scan.jpg").write_bytes(b"\xff\xd8")
    (folder / "bad.krn").write_text("**kern\n1c\n", "utf-8")
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of one source, whose piece has an encoding."""
    alamire.init(tmp_path / "archive")
    delivery = make_delivery(tmp_path / "delivery")
    (delivery / "encodings" / "song.krn").write_text(SONG, "utf-8")
    (done,) = alamire.ingest(delivery, archive=tmp_path / "archive")
    assert not done.refused
    return tmp_path / "archive"


def test_a_target_may_be_a_string_a_path_or_a_piece(songs: Path) -> None:
    """One of them or several, with no archive at all; a piece is taken as it is."""
    piece = alamire.read(songs / "a.krn")
    assert gather(piece, NONE).pieces == (piece,)
    assert [each.id for each in gather(songs / "a.krn", NONE).pieces] == ["a"]
    assert [each.id for each in gather([str(songs / "a.krn"), piece], NONE).pieces] == ["a", "a"]


def test_a_folder_is_read_to_its_end(songs: Path) -> None:
    """A file that cannot be read is told with its name, and what is no notation is passed over."""
    found = gather(songs, NONE)
    assert [piece.id for piece in found.pieces] == ["a", "b"]
    assert [Path(problem.place.file).name for problem in found.left_out] == ["bad.krn"]
    with pytest.raises(Refused, match=r"bad\.krn"):
        gather(songs / "bad.krn", NONE)


def test_sources_and_pieces_are_of_the_archive(archive: Path) -> None:
    """A source is all its pieces that have an encoding; what is not there is said with what is."""
    opened = alamire.open(archive)
    (piece,) = gather("small-book", opened).pieces
    assert (piece.source, piece.id) == ("small-book", "song")
    assert gather("small-book/song", opened).pieces[0] is piece, "read once only"
    with pytest.raises(NotFound, match="no piece 'gong'"):
        gather("small-book/gong", archive)
    with pytest.raises(NotFound, match="no source 'big-book'"):
        gather("big-book", archive)
    with pytest.raises(NotFound, match="alamire init"):
        gather("small-book", NONE)


def test_a_source_comes_before_a_folder_of_its_name(
    archive: Path, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But a Path is a folder, whatever the archive has."""
    songs.rename(songs.with_name("small-book"))
    monkeypatch.chdir(songs.parent)
    assert [piece.id for piece in gather("small-book", archive).pieces] == ["song"]
    assert [piece.id for piece in gather(Path("small-book"), archive).pieces] == ["a", "b"]
    assert [piece.id for piece in gather("small-book", NONE).pieces] == ["a", "b"]


def test_parts_are_one_piece(songs: Path) -> None:
    """Each target is then a file."""
    (piece,) = gather([songs / "a.krn", songs / "more" / "b.krn"], NONE, parts=True).pieces
    assert len(piece.voices) == 4
    with pytest.raises(WrongUsage, match="with parts, each TARGET is a file"):
        gather([songs / "a.krn", "small-book"], NONE, parts=True)
    with pytest.raises(WrongUsage, match="with parts, each TARGET is a file"):
        gather(piece, NONE, parts=True)


@pytest.mark.parametrize("target", ["no/such.krn", Path("no-such-folder"), "/no/such"])
def test_a_file_that_is_not_there_is_wrong_usage(target: Path | str) -> None:
    """It is named, and so is the argument."""
    with pytest.raises(WrongUsage, match="there is no such file") as wrong:
        gather(target, NONE)
    assert wrong.value.argument == "targets" and str(target) in str(wrong.value)


def test_a_folder_without_notation_is_wrong_usage(tmp_path: Path) -> None:
    """A folder of scans is no target."""
    with pytest.raises(WrongUsage, match="no file in this folder holds notation"):
        gather(tmp_path, NONE)


def test_works_are_what_is_gathered(archive: Path, songs: Path) -> None:
    """The same pieces in the same order, nothing read yet; their files are found from any folder."""
    targets = ["small-book", songs]
    works = works_of(targets, archive)
    assert [work.label for work in works] == [
        *("small-book/song", str(songs / "a.krn"), str(songs / "bad.krn"), str(songs / "more" / "b.krn")),
    ]
    assert all(path.is_absolute() for work in works for _, path in work.files)
    pieces = gather(targets, archive).pieces
    assert [work.read().id for work in works if "bad" not in work.label] == [piece.id for piece in pieces]
    with pytest.raises(WrongUsage, match="name its file"):
        works_of(pieces, archive)
