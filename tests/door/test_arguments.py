"""What the functions take: one thing or several, and a message, not a crash, for whatever else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import alamire
from alamire.analysis import corpus
from alamire.archive.home import ArchiveFolder
from alamire.cli import main
from alamire.errors import NotFound, Refused, WrongUsage
from alamire.source.description import Songbook
from tests.deliveries.making import make_delivery

SONG = '!!!OTL: Helas\n**kern\t**kern\n*I"Tenor\t*I"Superius\n1c\t1e\n*-\t*-\n'
BARE = 'id = "bare-book"\ntitle = "Nobody has read it"\nshelfmark = "X 1"\n'
#: Nothing that any function takes as a path, a target or a name.
WRONG = (None, 3, [3], "")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of a small book, and of one of which no piece is known."""
    bare = make_delivery(tmp_path / "bare")
    (bare / "source.toml").write_text(BARE, "utf-8")
    shutil.rmtree(bare / "encodings")
    alamire.init(tmp_path / "archive")
    small = make_delivery(tmp_path / "small")
    (small / "encodings" / "song.krn").write_text(SONG, "utf-8")
    done = alamire.ingest([small, bare], archive=tmp_path / "archive")
    assert [each.version for each in done] == [1, 1]
    return tmp_path / "archive"


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """A song of two voices."""
    (tmp_path / "song.krn").write_text(SONG, "utf-8")
    return tmp_path / "song.krn"


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize(
    "call",
    [
        alamire.open,
        alamire.init,
        alamire.read,
        alamire.read_all,
        alamire.notes,
        alamire.lint,
        alamire.recognise,
        alamire.annotate,
        lambda wrong: alamire.analyse("cadences", wrong),
        lambda wrong: alamire.analyse(wrong, "song.krn"),
        lambda wrong: alamire.convert("song.krn", wrong),
        lambda wrong: alamire.convert(wrong, "song.mid"),
        lambda wrong: alamire.convert("song.krn", "song.mid", voices=wrong),
        lambda wrong: alamire.verify(wrong),
        lambda wrong: alamire.derive(wrong),
        lambda wrong: alamire.manifest(wrong),
        lambda wrong: alamire.manifest(base_url=wrong),
        lambda wrong: alamire.publish("site", wrong, base_url="https://example.org"),
        lambda wrong: alamire.publish(wrong, base_url="https://example.org"),
        lambda wrong: alamire.ingest(wrong),
    ],
)
def test_what_is_not_accepted_is_told(call: Callable[[Any], object], wrong: object) -> None:
    """No argument of another kind ends in the depths, and none is taken for something else."""
    with pytest.raises(WrongUsage, match=r"must be|returns|is none of"):
        call(wrong)


def test_one_source_is_one_name(archive: Path) -> None:
    """A string is a name, not its letters."""
    assert alamire.verify("small-book", archive=archive).slugs == ("small-book",)
    assert set(alamire.manifest("small-book", archive=archive)) == {"small-book", "collection"}
    assert len(alamire.derive("small-book", archive=archive)) == 5
    site = archive.with_name("site")
    assert alamire.publish(site, "small-book", base_url="https://example.org/", archive=archive).images == 5


def test_one_voice_is_one_name(song: Path) -> None:
    """A string is the name of a voice, not its letters."""
    alamire.convert(song, song.with_suffix(".mei"), voices="Tenor")
    (voice,) = alamire.read(song.with_suffix(".mei")).voices
    assert voice.name == "Tenor"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"tempo": -1}, "tempo must be from 1 to 1000"),
        ({"tempo": float("nan")}, "tempo must be from 1 to 1000"),
        ({"tempo": "fast"}, "tempo must be from 1 to 1000"),
        ({"ficta": "both"}, "ficta must be source or editor"),
        ({"notation": "white"}, "notation must be modern or mensural"),
    ],
)
def test_how_to_convert(song: Path, options: dict[str, Any], said: str) -> None:
    """A word or a tempo that no format has is told, and nothing is written."""
    with pytest.raises(WrongUsage, match=said):
        alamire.convert(song, song.with_suffix(".mid"), **options)
    assert not song.with_suffix(".mid").exists()


def test_a_tempo_that_is_no_number_is_wrong_usage(song: Path) -> None:
    """The command line takes ``nan`` for a number in any range."""
    said = CliRunner().invoke(main, ["convert", str(song), "-o", "song.mid", "--tempo", "nan"])
    assert (said.exit_code, said.exception.__class__) == (2, SystemExit)
    assert "--tempo must be from 1 to 1000" in said.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"thresh": 0.5}, "no option 'thresh'; it has: threshold"),
        ({"threshold": "x"}, "threshold must be from 0 to 1, not 'x'"),
        ({"threshold": None}, "threshold must be from 0 to 1, not None"),
        ({"workers": 0}, "workers must be 1 or more"),
        ({"out": "findings.parquet"}, "out goes with workers"),
    ],
)
def test_how_to_analyse(song: Path, options: dict[str, Any], said: str) -> None:
    """An option that the analysis lacks, or a value that it does not accept, is told."""
    with pytest.raises(WrongUsage, match=said):
        alamire.analyse("cadences", song, **options)


def test_an_option_is_told_of_an_open_archive(archive: Path) -> None:
    """The archive says the same as the function, and of what has no letters what there is."""
    opened = alamire.open(archive)
    with pytest.raises(WrongUsage, match="no option 'thresh'"):
        opened.analyse("cadences", thresh=0.5)
    for call in (opened.analyse, opened.__getitem__, opened["small-book"].pieces.__getitem__):
        with pytest.raises(NotFound, match="There is: "):
            call(3)  # type: ignore[arg-type]
    assert repr(opened["small-book"].pieces) == "<1 pieces of small-book: song>"


def test_an_analysis_takes_a_piece(song: Path) -> None:
    """Its path is not read by the way."""
    for analysis in alamire.analysis.ANALYSES.values():
        with pytest.raises(WrongUsage, match=r"takes a piece, such as alamire\.read gives"):
            analysis.function(str(song))


def test_a_source_without_surfaces_has_no_manifest(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all sources it is left out, and told; named, it is not there."""
    read = ArchiveFolder.songbook

    def without(folder: ArchiveFolder, slug: str) -> Songbook:
        return replace(read(folder, slug), surfaces=()) if slug == "bare-book" else read(folder, slug)

    monkeypatch.setattr(ArchiveFolder, "songbook", without)
    assert set(alamire.manifest(archive=archive)) == {"small-book", "collection"}
    with pytest.raises(NotFound, match="bare-book: no surfaces yet"):
        alamire.manifest("bare-book", archive=archive)
    folder = archive.with_name("iiif")
    told = CliRunner().invoke(main, ["manifest", "-o", str(folder), "--archive", str(archive)])
    assert told.exit_code == 0 and "bare-book has no surfaces yet and is left out." in told.stderr
    assert sorted(file.name for file in folder.iterdir()) == ["collection.json", "small-book.json"]
    named = CliRunner().invoke(main, ["manifest", "bare-book", "--archive", str(archive)])
    assert named.exit_code == 2 and "no surfaces yet" in named.stderr


@pytest.mark.parametrize("words", ["notes", "convert -o out --to mid"])
def test_a_source_without_pieces_is_told(archive: Path, words: str) -> None:
    """Where nothing that is named has an encoding, there is nothing to do."""
    told = CliRunner().invoke(main, [*words.split(), "bare-book", "--archive", str(archive)])
    assert told.exit_code == 2 and "no piece that has an encoding is named" in told.stderr


def test_where_there_are_no_pieces_nothing_is_found(archive: Path) -> None:
    """An analysis of nothing is an empty table: a first archive has nothing in it."""
    assert alamire.analyse("cadences", "bare-book", archive=archive).table.empty
    assert alamire.analyse("cadences", [], archive=archive).table.empty


def test_an_empty_name_is_not_the_folder_one_stands_in(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of the shell that is empty must not read whatever lies about."""
    monkeypatch.chdir(song.parent)
    told = CliRunner().invoke(main, ["notes", ""])
    assert told.exit_code == 2 and "TARGET must be SOURCE/PIECE" in told.stderr


def test_workers_that_cannot_start_are_told(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script without a main block is run again by each of its workers, which then do not start."""
    distributed = pytest.importorskip("distributed")

    def fails(**_: object) -> None:
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(distributed, "LocalCluster", fails)
    with pytest.raises(Refused, match=r'below `if __name__ == "__main__":`'):
        corpus._processes(2)
