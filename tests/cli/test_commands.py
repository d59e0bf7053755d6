"""The command line as a curator and a musicologist meet it: exit codes, messages, JSON."""

from __future__ import annotations

import errno
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from alamire.cli import main
from tests.deliveries.making import make_delivery

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(main.commands)


def run(*words: object, archive: Path | None = None) -> Result:
    """Run one command, with an archive where one is needed."""
    env = {"ALAMIRE_ARCHIVE": str(archive)} if archive else {}
    return CliRunner().invoke(main, [str(word) for word in words], env=env)


@pytest.fixture(scope="module")
def archive(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that holds the sample delivery."""
    folder = tmp_path_factory.mktemp("cli") / "archive"
    assert run("init", folder).exit_code == 0
    result = run("ingest", samples / "leuven-chansonnier", archive=folder)
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_is_documented(name: str) -> None:
    """Each command and each of its options stands in docs/commands.md."""
    command = main.commands[name]
    assert command.help
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert f"## alamire {name}" in text
    section = text.split(f"## alamire {name}")[1].split("\n## ")[0]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert max(parameter.opts, key=len) in section, f"{name} {parameter.opts}"
    assert run(name, "--help").exit_code == 0


def test_every_analysis_is_documented() -> None:
    """The table of analyses and the help of `alamire analyse` name them all."""
    from alamire.analysis import ANALYSES

    text = (ROOT / "docs" / "analyses.md").read_text("utf-8")
    assert [name for name in ANALYSES if f"\n| `{name}` |" not in text] == []
    told = run("analyse", "--help").stdout
    assert [name for name in ANALYSES if name not in told] == []


def test_help_imports_nothing_heavy() -> None:
    """`alamire --help` answers at once because it loads only click."""
    code = (
        "import sys; from alamire.cli import main; main(['--help'], standalone_mode=False); "
        "heavy = {'music21','pandas','numpy','pyvips','starlette','matplotlib','PIL','lxml','iiif_prezi3'}; "
        "print('LOADED', sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "LOADED []" in result.stdout


def test_no_archive_is_said_with_the_next_step(tmp_path: Path) -> None:
    """A folder that is no archive is refused with a hint at `alamire init`."""
    result = run("list", archive=tmp_path / "none")
    assert result.exit_code in (2, 3) and "alamire init" in result.stderr
    assert not (tmp_path / "none").exists()


def test_an_archive_is_not_made_twice(archive: Path) -> None:
    """`alamire init` refuses a folder that has something in it."""
    assert run("init", archive).exit_code == 3


def test_list_show_and_verify(archive: Path) -> None:
    """The sample is there, shown with its disputed facts, and whole."""
    sources = json.loads(run("list", "--json", archive=archive).stdout)["sources"]
    assert [entry["source"] for entry in sources] == ["leuven-chansonnier"]
    assert "leuven-chansonnier" in run("list", archive=archive).stdout
    shown = run("show", "leuven-chansonnier", archive=archive).stdout
    assert "par-malle-bouche" in shown and "KBF" in shown and "missing" in shown
    piece = json.loads(run("show", "leuven-chansonnier/par-malle-bouche", "--json", archive=archive).stdout)
    assert len(piece["surfaces"]) == 2
    assert run("show", "leuven-chansonnier/par-malle-bouche", archive=archive).exit_code == 0
    assert run("verify", archive=archive).exit_code == 0
    assert json.loads(run("verify", "--json", archive=archive).stdout)["problems"] == []


def test_damage_is_found(archive: Path, tmp_path: Path) -> None:
    """One changed byte of a master ends verify with 1 and names the file."""
    copy = tmp_path / "archive"
    shutil.copytree(archive, copy)
    master = next(copy.glob("store/**/scans/*.tif"))
    data = bytearray(master.read_bytes())
    data[len(data) // 2] ^= 0xFF
    master.chmod(0o644)
    master.write_bytes(data)
    result = run("verify", archive=copy)
    assert result.exit_code == 1 and master.name in result.stderr


def test_a_name_that_is_not_in_utf8_is_told_in_json_too(archive: Path, tmp_path: Path) -> None:
    """The answer stays JSON in UTF-8, and says what the name is by an escape."""
    copy = tmp_path / "archive"
    shutil.copytree(archive, copy)
    try:
        (copy / "store" / "leuven-chansonnier" / "v1" / "content" / "\udcff.txt").touch()
    except OSError:
        pytest.skip("the disk takes no such name")
    result = run("verify", "--json", archive=copy)
    assert result.exit_code == 1
    assert [problem["file"][-5:] for problem in json.loads(result.stdout)["problems"]] == ["\udcff.txt"]


def test_reindex_gives_the_same_answers(archive: Path, tmp_path: Path) -> None:
    """A deleted catalogue is made anew from the store."""
    copy = tmp_path / "archive"
    shutil.copytree(archive, copy)
    before = run("show", "leuven-chansonnier", "--json", archive=copy).stdout
    for file in copy.glob("catalogue.sqlite*"):
        file.unlink()
    assert run("reindex", archive=copy).exit_code == 0
    assert run("show", "leuven-chansonnier", "--json", archive=copy).stdout == before
    assert json.loads(run("reindex", "--json", archive=copy).stdout) == {
        "sources": ["leuven-chansonnier"],
        "problems": [],
    }


def test_a_dry_run_writes_nothing(samples: Path, tmp_path: Path) -> None:
    """What the dry run says is what the run then does."""
    archive = tmp_path / "archive"
    run("init", archive)
    before = sorted(archive.rglob("*"))
    dry = json.loads(
        run("ingest", samples / "leuven-chansonnier", "--dry-run", "--json", archive=archive).stdout
    )["deliveries"][0]
    assert sorted(archive.rglob("*")) == before
    wet = json.loads(run("ingest", samples / "leuven-chansonnier", "--json", archive=archive).stdout)
    assert wet["deliveries"][0]["changes"] == dry["changes"]
    assert wet["deliveries"][0]["version"] == dry["version"] == 1
    again = run("ingest", samples / "leuven-chansonnier", archive=archive)
    assert again.exit_code == 0 and "nothing to write" in again.stderr


def test_one_damaged_source_hides_no_other(tmp_path: Path) -> None:
    """`alamire list` and `alamire reindex` leave it out, tell it, and go on."""
    archive = tmp_path / "archive"
    run("init", archive)
    for slug in ("book-a", "book-b", "book-c"):
        folder = make_delivery(tmp_path / slug)
        text = (folder / "source.toml").read_text("utf-8")
        (folder / "source.toml").write_text(text.replace("small-book", slug), "utf-8")
        assert run("ingest", folder, archive=archive).exit_code == 0
    (archive / "store" / "book-a" / "inventory.json").write_text("{")
    next((archive / "store" / "book-b").rglob("surfaces.json")).write_text("{}")
    for command in ("reindex", "list"):
        result = run(command, archive=archive)
        assert result.exit_code == 1, result.output
        assert "damaged-inventory" in result.stderr and "alamire verify book-a" in result.stderr
    document = json.loads(run("reindex", "--json", archive=archive).stdout)
    assert document["sources"] == ["book-c"]
    assert [problem["code"] for problem in document["problems"]] == ["damaged-inventory", "damaged-source"]
    listed = json.loads(run("list", "--json", archive=archive).stdout)
    assert [entry["source"] for entry in listed["sources"]] == ["book-c"]


@pytest.mark.parametrize(
    ("text", "row"), [("**kern\n4c\n2.Z\n*-\n", 3), ("**kern\t**krn\n4c\t2.Z\n*-\t*-\n", 1)]
)
def test_notation_that_cannot_be_read_is_told_and_kept(tmp_path: Path, text: str, row: int) -> None:
    """A curator learns at ingest, not from a musicologist, that an encoding has no notes; it is a warning."""
    run("init", tmp_path / "archive")
    folder = make_delivery(tmp_path / "book")
    (folder / "encodings" / "song.krn").write_text(text)
    for words in (("--dry-run",), ()):
        result = run("ingest", folder, "--json", *words, archive=tmp_path / "archive")
        found = {
            (problem["code"], problem["file"], problem["row"])
            for problem in json.loads(result.stdout)["deliveries"][0]["problems"]
        }
        assert result.exit_code == 0
        assert ("unreadable-notation", "encodings/song.krn", row) in found
    assert "2.Z" in next((tmp_path / "archive").rglob("song.krn")).read_text()


def test_one_of_a_kind_is_told_in_the_singular(tmp_path: Path) -> None:
    """No "1 sources" and no "1 problems"."""
    archive = tmp_path / "archive"
    run("init", archive)
    folder = make_delivery(tmp_path / "book")
    assert " 1 surface without a scan" in run("ingest", folder, "--dry-run", archive=archive).stderr
    run("ingest", folder, archive=archive)
    assert "9 files of 1 source read: 0 problems." in run("verify", archive=archive).stderr
    assert "The catalogue of 1 source was" in run("reindex", archive=archive).stderr
    (tmp_path / "a.json").write_text("{")
    assert "1 file examined: 1 problem." in run("lint", tmp_path / "a.json").stderr


def test_an_empty_archive_says_that_it_is_empty(tmp_path: Path) -> None:
    """No list of sources that ends in nothing."""
    run("init", tmp_path / "archive")
    for words in (("show", "none"), ("verify", "none")):
        result = run(*words, archive=tmp_path / "archive")
        assert result.exit_code == 2 and "it is empty" in result.stderr


def test_a_label_is_corrected_in_a_copy_of_the_sample(samples: Path, tmp_path: Path) -> None:
    """The README's own way: copy the sample, ingest it, correct the sheet, ingest again."""
    copy, archive = tmp_path / "copy", tmp_path / "archive"
    shutil.copytree(samples / "leuven-chansonnier", copy)
    run("init", archive)
    assert run("ingest", copy, archive=archive).exit_code == 0
    sheet = (copy / "sheet.csv").read_text("utf-8")
    (copy / "sheet.csv").write_text(sheet.replace(",16v,", ",xvj v,"), "utf-8")
    assert sheet != (copy / "sheet.csv").read_text("utf-8")
    again = run("ingest", copy, archive=archive)
    assert again.exit_code == 0 and "version 2 written" in again.stderr, again.output


def test_an_ingest_that_comes_second_says_what_it_did(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Overtaken by an equal delivery it wrote nothing, by another it is refused; each is told for itself."""
    from alamire.deliveries import run as run_module
    from alamire.errors import Place, Problem, Refused, Severity

    run("init", tmp_path / "archive")
    words = ("ingest", samples / "leuven-chansonnier", "--json")
    outcome = run_module.Outcome(None)
    monkeypatch.setattr(run_module, "run", lambda plan, archive, progress: outcome)
    report = json.loads(run(*words, archive=tmp_path / "archive").stdout)["deliveries"][0]
    assert (report["version"], report["written"]) == (None, False)
    assert "nothing to write" in run(*words[:2], archive=tmp_path / "archive").stderr

    def refuse(*_: object, **__: object) -> None:
        raise Refused((Problem("changed-meanwhile", Place("x"), Severity.ERROR, "ingest again"),))

    monkeypatch.setattr(run_module, "run", refuse)
    result = run(*words, archive=tmp_path / "archive")
    report = json.loads(result.stdout)["deliveries"][0]
    assert result.exit_code == 3 and report["refused"]
    assert "changed-meanwhile" in [problem["code"] for problem in report["problems"]]


def test_a_bad_delivery_is_refused(samples: Path, tmp_path: Path) -> None:
    """Every problem is told with its file and row, and the exit code is 3."""
    bad = tmp_path / "bad"
    shutil.copytree(samples / "leuven-chansonnier", bad)
    (bad / "checksums.sha256").unlink()
    scans = sorted((bad / "scans").iterdir())
    scans[0].unlink()
    scans[1].write_text("not an image")
    archive = tmp_path / "archive"
    run("init", archive)
    before = {path: path.stat().st_mtime_ns for path in archive.rglob("*") if path.is_file()}
    result = run("ingest", bad, archive=archive)
    assert result.exit_code == 3
    assert scans[0].name in result.stderr and scans[1].name in result.stderr and "row" in result.stderr
    after = {path: path.stat().st_mtime_ns for path in archive.rglob("*") if path.is_file()}
    assert before == after
    document = json.loads(run("ingest", bad, "--json", archive=archive).stdout)
    assert document["deliveries"][0]["refused"] is True


def test_manifests_are_written_and_clean(archive: Path, tmp_path: Path) -> None:
    """The files written pass `alamire lint`; one source can be printed."""
    assert run("manifest", "-o", tmp_path, archive=archive).exit_code == 0
    files = sorted(tmp_path.glob("*.json"))
    assert [file.name for file in files] == ["collection.json", "leuven-chansonnier.json"]
    assert run("lint", *files).exit_code == 0
    printed = run("manifest", "leuven-chansonnier", archive=archive)
    assert json.loads(printed.stdout) == json.loads(files[1].read_text("utf-8"))


def test_manifests_are_written_all_or_none(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up leaves the files of before, and none that is cut short."""
    (tmp_path / "collection.json").write_text("before")
    write = Path.write_text

    def fills_up(path: Path, text: str, encoding: str) -> int:
        if "collection.json" in path.name:
            write(path, "", encoding)
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return write(path, text, encoding)

    monkeypatch.setattr(Path, "write_text", fills_up)
    result = run("manifest", "-o", tmp_path, archive=archive)
    assert result.exit_code == 3 and str(tmp_path) in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["collection.json"]
    assert run("manifest", "-o", tmp_path / "new", archive=archive).exit_code == 3
    assert not (tmp_path / "new").exists()
    assert (tmp_path / "collection.json").read_text("utf-8") == "before"


def test_published_manifests_are_up_to_date(archive: Path, tmp_path: Path) -> None:
    """manifests/ holds what the samples publish (regenerate: alamire manifest -o manifests)."""
    run("manifest", "-o", tmp_path, archive=archive)
    for file in tmp_path.glob("*.json"):
        assert json.loads(file.read_text("utf-8")) == json.loads(
            (ROOT / "manifests" / file.name).read_text("utf-8")
        )


def test_lint_names_what_is_no_json(tmp_path: Path) -> None:
    """A file that is no JSON is a problem found, not a crash."""
    (tmp_path / "a.json").write_text("{")
    result = run("lint", tmp_path / "a.json", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"][0]["code"] == "not-json"


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet"])
def test_the_note_table_is_written(archive: Path, tmp_path: Path, suffix: str) -> None:
    """Each kind of file holds a row for each note."""
    import pandas

    output = tmp_path / f"notes{suffix}"
    result = run("notes", "leuven-chansonnier/par-malle-bouche", "-o", output, archive=archive)
    assert result.exit_code == 0, result.output
    reader = {".csv": pandas.read_csv, ".json": pandas.read_json, ".parquet": pandas.read_parquet}[suffix]
    table = reader(output)
    assert len(table) > 100 and set(table["voice_name"]) == {"Superius", "Tenor", "Contratenor"}


def test_analyse_works_on_a_bare_file(samples: Path, tmp_path: Path) -> None:
    """No archive is needed to analyse an encoding, and a plot can be drawn."""
    file = next((samples / "leuven-chansonnier" / "encodings").glob("*.mei"))
    result = run("analyse", "ambitus", file, "--plot", tmp_path / "a.png")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("source,piece,folio,breve,onset,voices,ids")
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["analyse", "nonsense", "x"], "ambitus"),
        (["show", "no-such-source"], "leuven-chansonnier"),
        (["show", "leuven-chansonnier/none"], "par-malle-bouche"),
        (["notes", "leuven-chansonnier/none"], "par-malle-bouche"),
        (["notes", "leuven-chansonnier", "-o", "x.doc"], ".parquet"),
        (["manifest", "--base-url", "nowhere"], "http"),
        (["manifest", "--image-base", "nowhere"], "http"),
        (["analyse", "ambitus", "leuven-chansonnier", "--plot", "x.txt"], ".svg"),
        (["notes", "no/such.krn"], "no/such.krn"),
    ],
)
def test_wrong_usage_says_what_is_right(archive: Path, words: list[str], said: str) -> None:
    """Exit code 2 comes with what would have been accepted."""
    result = run(*words, archive=archive)
    assert result.exit_code == 2, result.output
    assert re.search(re.escape(said), result.stderr)


def test_the_demo_goes_the_whole_way(tmp_path: Path) -> None:
    """`alamire demo` can be run twice, and says where everything is."""
    for _ in range(2):
        result = run("demo", "--into", tmp_path / "demo")
        assert result.exit_code == 0, result.output
    assert "IIIF manifests" in result.stdout
    assert "Read 16v from its scan" in result.stderr
    assert result.stderr.index("Analysing: ") < result.stderr.index("ambitus.csv")
    assert (tmp_path / "demo" / "findings" / "ambitus.csv").exists()
    assert (tmp_path / "demo" / "manifests" / "leuven-chansonnier.json").exists()


@pytest.mark.parametrize("known", [True, False], ids=["active", "not active"])
def test_the_hints_of_the_demo_work_in_a_clean_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    """Where the environment is not active, the hints begin by activating it."""
    scripts = tmp_path / ".venv" / "bin"
    scripts.mkdir(parents=True)
    (scripts / "activate").touch()
    (scripts / "alamire").touch(mode=0o755)
    monkeypatch.setattr("sys.executable", str(scripts / "python"))
    monkeypatch.setenv("PATH", str(scripts) if known else str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samples").mkdir()
    result = run("demo", "--into", "demo", "--samples", "samples")
    assert result.exit_code == 0, result.output
    first = "alamire list" if known else ". .venv/bin/activate\n  alamire list"
    assert f"Look around:\n  {first}" in result.stdout


def test_every_code_of_a_problem_is_documented() -> None:
    """What ingest may report stands in docs/deliveries.md."""
    from alamire.deliveries.codes import CODES

    text = (ROOT / "docs" / "deliveries.md").read_text("utf-8")
    assert [code for code in CODES if f"`{code}`" not in text] == []


def test_many_warnings_are_told_in_short(capsys: pytest.CaptureFixture[str]) -> None:
    """Each error is told; of a hundred like warnings three, and how many more there are."""
    from alamire.cli.output import print_problems
    from alamire.errors import Place, Problem, Severity

    many = [Problem("soft", Place(f"{n}.jpg"), Severity.WARNING, "is JPEG") for n in range(100)]
    errors = [Problem("hard", Place(f"{n}.tif"), Severity.ERROR, "is broken") for n in range(5)]
    print_problems(many + errors)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3 + 1 + 5 and "97 more" in lines[3]


def test_an_analysis_without_findings_is_an_empty_table(tmp_path: Path) -> None:
    """One voice has no vertical interval: the header is printed, and the reason told."""
    (tmp_path / "one.krn").write_text("**kern\n1c\n*-\n")
    result = run("analyse", "vertical-intervals", tmp_path / "one.krn")
    assert result.stdout.startswith("source,piece,folio") and "too-few-voices" in result.stderr
    assert not isinstance(result.exception, TypeError)


@pytest.mark.parametrize(
    "words",
    [
        ["init", "{file}/archive"],
        ["notes", "{mei}", "-o", "{file}/x.csv"],
        ["manifest", "-o", "{file}/x"],
        ["analyse", "ambitus", "{mei}", "-o", "{out}", "--plot", "{file}/x.png"],
    ],
)
def test_a_place_that_cannot_be_written_is_refused(
    archive: Path, samples: Path, tmp_path: Path, words: list[str]
) -> None:
    """Where a file is in the way, the message names the place and the exit code is 3."""
    (tmp_path / "file").write_text("in the way")
    mei = samples / "leuven-chansonnier" / "encodings" / "par-malle-bouche.mei"
    names = {"file": tmp_path / "file", "mei": mei, "out": tmp_path / "out.csv"}
    result = run(*(word.format(**names) for word in words), archive=archive)
    assert result.exit_code == 3 and "file" in result.stderr, result.output


def test_lint_survives_deep_nesting(tmp_path: Path) -> None:
    """A document nested without end is a problem found."""
    (tmp_path / "deep.json").write_text("[" * 100_000)
    assert run("lint", tmp_path / "deep.json").exit_code == 1
