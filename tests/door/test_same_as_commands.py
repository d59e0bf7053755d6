"""Each function of ``alamire`` gives what the command of its name gives."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import alamire
from alamire.cli import main
from alamire.deliveries.intake import Ingested
from alamire.errors import NotFound, Refused, WrongUsage
from tests.deliveries.making import make_delivery

SOURCE = "leuven-chansonnier"
SONG = f"{SOURCE}/par-malle-bouche"
#: What the network makes of a scan is measured in tests/benchmarks.
pytestmark = pytest.mark.usefixtures("ruled_reader")


def run(*words: object, archive: Path, code: int = 0) -> Result:
    """Run a command."""
    result = CliRunner().invoke(main, [*map(str, words)], env={"ALAMIRE_ARCHIVE": str(archive)})
    assert result.exit_code == code, result.output + str(result.exception)
    return result


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the content of every file in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def sample(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with the sample songbook, made from Python."""
    folder = tmp_path_factory.mktemp("door") / "archive"
    (done,) = alamire.ingest(samples / SOURCE, archive=alamire.init(folder))
    assert (done.version, done.refused) == (1, False)
    return folder


@pytest.fixture
def archive(sample: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    shutil.copytree(sample, tmp_path / "archive")
    return tmp_path / "archive"


def test_ingest(tmp_path: Path) -> None:
    """The same reports, of a dry run, of a run, and of a delivery that is refused; told one by one."""
    good, bad = make_delivery(tmp_path / "good"), make_delivery(tmp_path / "bad")
    (bad / "scans" / "a.tif").unlink()
    alamire.init(tmp_path / "mine")
    run("init", tmp_path / "theirs", archive=tmp_path)
    told: list[Ingested] = []
    for dry_run in (True, False, False):
        words = ["--dry-run"] if dry_run else []
        said = run("ingest", good, bad, *words, "--json", archive=tmp_path / "theirs", code=3).stdout
        found = alamire.ingest([good, str(bad)], dry_run=dry_run, archive=tmp_path / "mine", each=told.append)
        assert [done.as_json() for done in found] == json.loads(said)["deliveries"]
        assert told[-2:] == found
    assert [done.version for done in told] == [1, None, 1, None, None, None]
    assert [done.refused for done in told] == [False, True] * 3
    mine, theirs = alamire.open(tmp_path / "mine"), alamire.open(tmp_path / "theirs")
    assert mine["small-book"].songbook == theirs["small-book"].songbook


def test_an_open_archive_has_what_is_ingested(tmp_path: Path) -> None:
    """A source that was looked at before has its new label without being opened again."""
    delivery, archive = make_delivery(tmp_path / "delivery"), alamire.init(tmp_path / "archive")
    alamire.ingest(delivery, archive=archive)
    assert archive["small-book"].songbook.surfaces[0].label == "1r"
    sheet = (delivery / "sheet.csv").read_text("utf-8")
    (delivery / "sheet.csv").write_text(sheet.replace(",1r,", ",j r,"), "utf-8")
    alamire.ingest(delivery, archive=archive)
    assert archive["small-book"].songbook.surfaces[0].label == "j r"


def test_verify_and_reindex(archive: Path) -> None:
    """Whole, and with a byte changed."""
    master = next(archive.glob("store/**/scans/*.tif"))
    for code in (0, 1):
        said = json.loads(run("verify", "--json", archive=archive, code=code).stdout)
        report = alamire.verify(archive=archive)
        found = [*report.remarks, *report.problems]
        assert [problem.as_json() for problem in found] == said["problems"]
        assert (report.files, list(report.slugs)) == (said["files"], said["sources"])
        master.chmod(0o644)
        master.write_bytes(master.read_bytes()[::-1])
    said = json.loads(run("reindex", "--json", archive=archive).stdout)
    done = alamire.reindex(archive=archive)
    assert (list(done.sources), list(done.problems)) == (said["sources"], said["problems"])


@pytest.mark.parametrize("explain", [False, True])
def test_notes(sample: Path, explain: bool) -> None:
    """The same rows, with and without the reasons."""
    said = json.loads(run("notes", SONG, "--json", *["--explain"] * explain, archive=sample).stdout)
    found = alamire.notes(SONG, explain=explain, archive=sample)
    assert json.loads(found.table.to_json(orient="records")) == said["notes"]
    assert [problem.as_json() for problem in found.problems] == said["problems"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("song.mei", {"notation": "mensural", "ficta": "source"}),
        ("song.mid", {"tempo": 40, "voice": "Tenor"}),
        ("song.musicxml", {}),
        ("songs", {"to": "mei"}),
    ],
)
def test_convert(sample: Path, tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    """The same files with the same bytes, one by its suffix or several in a folder."""
    targets = [SONG] * (2 if "to" in options else 1)
    words = [word for key, value in options.items() for word in (f"--{key}", value)]
    run("convert", *targets, "-o", tmp_path / "theirs" / name, *words, archive=sample)
    voices = [options.pop("voice")] if "voice" in options else []
    output = tmp_path / "mine" / name
    done = alamire.convert(targets, output, voices=voices, **options, archive=alamire.open(sample))
    assert files_in(tmp_path / "mine") == files_in(tmp_path / "theirs")
    assert sorted(done.files) == sorted(path for path in (tmp_path / "mine").rglob("*.*"))
    assert len(done.files) == len(targets)


def test_convert_tells_what_it_leaves_out(tmp_path: Path) -> None:
    """What cannot be read is a problem beside the others, and an error where it is all there is."""
    (tmp_path / "bad.krn").write_text("**kern\n1c\n", "utf-8")
    (tmp_path / "good.krn").write_text("**kern\n1c\n*-\n", "utf-8")
    done = alamire.convert(tmp_path, tmp_path / "out", to="mei")
    assert [path.name for path in done.files] == ["good.mei"]
    assert "bad.krn" in str(done.problems[0])
    with pytest.raises(Refused, match=r"bad\.krn"):
        alamire.convert(tmp_path / "bad.krn", tmp_path / "bad.mei")
    with pytest.raises(WrongUsage, match=r"must end in .*; or give to"):
        alamire.convert(tmp_path / "good.krn", tmp_path / "good.doc")
    with pytest.raises(WrongUsage, match="'doc' is none of musicxml"):
        alamire.convert(tmp_path / "good.krn", tmp_path / "out", to="doc")


def test_analyse_and_annotate(archive: Path, tmp_path: Path) -> None:
    """The same findings, the same picture, and the same annotations kept."""
    words = ("analyse", "cadences", SOURCE, "--set", "threshold=0.4", "--annotate")
    run(*words, "-o", tmp_path / "theirs.json", "--plot", tmp_path / "theirs.svg", archive=archive)
    kept = files_in(archive / "derivatives")
    shutil.rmtree(archive / "derivatives" / "annotations")
    opened = alamire.open(archive)
    found = alamire.analyse("cadences", SOURCE, threshold=0.4, archive=opened)
    theirs = json.loads((tmp_path / "theirs.json").read_text("utf-8"))
    assert json.loads(found.table.to_json(orient="records", force_ascii=False)) == theirs
    assert [piece.source for piece in found.pieces] == [SOURCE] * len(found.pieces)
    annotated = alamire.annotate(found, archive=opened)
    assert sum(each.findings + each.without for each in annotated) == len(found.table)
    assert files_in(archive / "derivatives") == kept
    found.draw(tmp_path / "mine.svg")
    assert (tmp_path / "mine.svg").stat().st_size == (tmp_path / "theirs.svg").stat().st_size


def test_what_an_analysis_cannot_do_is_wrong_usage(samples: Path, tmp_path: Path) -> None:
    """In the words of Python's arguments."""
    song = samples / SOURCE / "encodings" / "par-malle-bouche.mei"
    with pytest.raises(WrongUsage, match="'tempo' is none of ambitus"):
        alamire.analyse("tempo", song)
    with pytest.raises(WrongUsage, match="parts makes one piece, which needs no workers and no scheduler"):
        alamire.analyse("ambitus", song, parts=True, workers=2)
    with pytest.raises(WrongUsage, match="threshold must be from 0 to 1"):
        alamire.analyse("cadences", song, threshold=9)
    found = alamire.analyse("cadences", [song, alamire.read(song)])
    with pytest.raises(WrongUsage, match="a piano roll shows one piece, not 2"):
        found.draw(tmp_path / "roll.html")
    with pytest.raises(WrongUsage, match=r"a picture ends in \.png"):
        found.draw(tmp_path / "roll.doc")
    with pytest.raises(WrongUsage, match="annotate: par-malle-bouche is no piece of an archive"):
        alamire.annotate(found)
    assert not list(tmp_path.iterdir())


def test_manifest_and_lint(sample: Path, tmp_path: Path) -> None:
    """The same documents, and the same said of one that is none."""
    run("manifest", "-o", tmp_path, archive=sample)
    documents = alamire.manifest(archive=sample)
    assert list(documents) == [SOURCE, "collection"]
    for name, document in documents.items():
        assert document == json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
    (tmp_path / "none.json").write_text("{")
    files = sorted(tmp_path.glob("*.json"))
    said = json.loads(run("lint", *files, "--json", archive=sample, code=1).stdout)
    assert [problem.as_json() for problem in alamire.lint(files)] == said["problems"]
    assert [problem.code for problem in alamire.lint(tmp_path / "none.json")] == ["not-json"]


def test_publish_and_derive(tmp_path: Path) -> None:
    """The same site, file for file, as a folder; the same links to pyramids."""
    archive = alamire.init(tmp_path / "archive")
    alamire.ingest(make_delivery(tmp_path / "delivery"), archive=archive)
    base, told = "https://example.org", []
    run("publish", tmp_path / "theirs", "--base-url", base, archive=archive.path)
    done = alamire.publish(
        tmp_path / "mine", base_url=base, archive=archive, progress=lambda *step: told.append(step)
    )
    assert files_in(tmp_path / "mine") == files_in(tmp_path / "theirs")
    assert (done.written, done.images, told[-1]) == (True, 5, (5, 5, "images"))
    said = json.loads(run("derive", "--json", archive=archive.path).stdout)
    made = alamire.derive(archive=archive)
    assert {name: str(path) for name, path in made.items()} == said["images"]
    with pytest.raises(Refused, match="is no site"):
        alamire.publish(tmp_path / "delivery", base_url=base, archive=archive)


def test_recognise_a_scan(samples: Path, sample: Path, tmp_path: Path) -> None:
    """The same symbols, in each form."""
    scan = samples / SOURCE / "scans" / "0041.tif"
    read = alamire.recognise(scan)
    said = run("recognise", scan, "--format", "agnostic", archive=sample).stdout
    assert read.text("agnostic") == said
    assert (read.source, read.versions, len(read.readings)) == ("", (), 1)
    assert read.text("mei").startswith("<?xml") and json.loads(read.text("json"))["file"] == "0041.tif"
    with pytest.raises(Refused, match="unreadable-scan"):
        alamire.recognise(tmp_path / "none.tif")


def test_recognise_what_is_in_an_archive(archive: Path, tmp_path: Path) -> None:
    """What the command has kept is what is read again: no version more."""
    target, told = f"{SOURCE}/helas-mon-cueur", []
    run("recognise", target, "-o", tmp_path / "draft.mei", archive=archive)
    read = alamire.recognise(target, archive=archive, progress=lambda *step: told.append(step))
    assert read.text() == (tmp_path / "draft.mei").read_text("utf-8")
    assert (read.source, read.versions) == (SOURCE, ())
    assert [reading.folio for reading in read.readings] == ["17v", "18r"]
    assert told == [(0, 2, "surfaces"), (1, 2, "surfaces"), (2, 2, "surfaces")]
    assert read.piece is not None and read.piece.id == "helas-mon-cueur"
    with pytest.raises(NotFound, match="99v"):
        alamire.recognise(f"{SOURCE}/99v", archive=archive)


def test_tune_needs_confirmed_pages(archive: Path) -> None:
    """Refused as the command is, with what to do."""
    with pytest.raises(Refused) as refused:
        alamire.tune(SOURCE, archive=archive)
    said = run("tune", SOURCE, archive=archive, code=3).stderr
    assert [problem.code in said for problem in refused.value.problems] == [True]


@pytest.mark.parametrize(
    "call",
    [
        lambda none: alamire.verify(archive=none),
        lambda none: alamire.notes("book", archive=none),
        lambda none: alamire.manifest(archive=none),
        lambda none: alamire.recognise("book/1r", archive=none),
        lambda none: alamire.ingest("delivery", archive=none),
        lambda none: alamire.publish("site", base_url="https://example.org", archive=none),
    ],
)
def test_no_archive_is_said_with_the_next_step(tmp_path: Path, call: Callable[[Path], object]) -> None:
    """By each function, and no folder is made."""
    with pytest.raises(NotFound, match="alamire init"):
        call(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_nothing_is_printed(samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Python's caller hears of problems by what comes back."""
    archive = alamire.init(tmp_path / "archive")
    (done,) = alamire.ingest(tmp_path, archive=archive)
    assert done.refused and done.problems[0].code == "no-description"
    alamire.notes(samples / SOURCE, archive=archive)
    assert capsys.readouterr() == ("", "")
