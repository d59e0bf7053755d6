"""What an installation may lack: the base works without it, and what needs it says how to get it."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import alamire
from alamire.cli import main
from alamire.errors import Refused
from alamire.extras import need
from alamire.recognition import lines, model
from tests.conftest import ROOT

PACKAGE = Path(alamire.__file__).parent
SAMPLE = ROOT / "samples" / "leuven-chansonnier"
SONG = str(SAMPLE / "encodings" / "par-malle-bouche.mei")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
#: Distributions whose modules have another name, or that others bring along.
MODULES = {"pillow": "PIL", "iiif-prezi3": "iiif_prezi3"}
BROUGHT = {"distributed": ("dask",), "starlette": ("anyio",)}
#: What hatchling has while the package is built, and no installation.
BUILDING = {"hatchling"}


def modules_of(requirements: list[str]) -> set[str]:
    """Return the modules that requirements bring, those of alamire's own extras too."""
    found: set[str] = set()
    for requirement in requirements:
        name = re.split(r"[\[<>=;~ ]", requirement)[0]
        if name == "alamire":
            inside = requirement[requirement.index("[") + 1 : requirement.index("]")]
            for extra in inside.split(","):
                found |= modules_of(EXTRAS[extra.strip()])
        else:
            found |= {MODULES.get(name, name)} if name != "pyvips-binary" else set()
            found |= set(BROUGHT.get(name, ()))
    return found


BASE = modules_of(PROJECT["dependencies"])
OPTIONAL = modules_of(EXTRAS["all"] + EXTRAS["cluster"] + EXTRAS["train"]) - BASE


def test_what_is_asked_for_is_in_the_extra_that_is_named() -> None:
    """Whoever types what a message says then has what was missing."""
    asked = 0
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "need":
                words = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
                extra, *modules = [word for word in words if isinstance(word, str)]
                assert set(modules) <= modules_of(EXTRAS[extra]), f"{path}:{node.lineno}"
                asked += 1
    assert asked > 12


def test_all_that_is_imported_is_required() -> None:
    """Every library that a module imports is a dependency, or of an extra; and none is required in vain."""
    imported: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                imported.add(node.module.split(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - {"alamire", *BUILDING}
    assert foreign - BASE - OPTIONAL == set()
    # uvicorn takes these by itself where they are there.
    assert (BASE | OPTIONAL) - foreign == {"httptools", "uvloop"}


def test_what_is_missing_is_named() -> None:
    """One library or several, and what to type."""
    with pytest.raises(Refused, match=r"needs no_such, which is not installed: pip install 'alamire\[x\]'"):
        need("x", "no_such", "json")
    with pytest.raises(Refused, match="needs no_a, no_b and no_c, which are not installed"):
        need("x", "no_a", "no_b", "no_c")
    need("x", "json", "re")


@pytest.mark.parametrize(
    ("extra", "missing", "words"),
    [
        ("parquet", "pyarrow", ["notes", SONG, "-o", "out.parquet"]),
        ("parquet", "pyarrow", ["analyse", "cadences", SONG, "-o", "out.parquet"]),
        ("cluster", "distributed", ["analyse", "cadences", SONG, "--workers", "1", "-o", "out.csv"]),
        ("engrave", "verovio", ["convert", SONG, "-o", "out.svg"]),
        ("engrave", "svglib", ["convert", SONG, "-o", "out.pdf"]),
        ("publish", "pyvips", ["publish", "out", "--base-url", "https://example.org"]),
        ("publish", "simplejpeg", ["derive"]),
        ("review", "onnxruntime", ["review", "leuven-chansonnier"]),
        ("recognise", "onnxruntime", ["recognise", str(SAMPLE / "scans" / "0042.tif"), "-o", "out.mei"]),
        ("train", "torch", ["tune", "leuven-chansonnier"]),
        ("all", "onnxruntime", ["demo", "--into", "out"]),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)  # fmt: skip
def test_a_command_without_its_extra_says_what_to_install(
    extra: str, missing: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused (3) before anything is written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, missing, None)
    for loaded in (model.shipped_model, lines._session):  # by a test before, in this process
        loaded.cache_clear()
    runner = CliRunner()
    assert runner.invoke(main, ["init"]).exit_code == 0
    result = runner.invoke(main, words)
    assert result.exit_code == 3, result.output
    assert missing in result.stderr and f"pip install 'alamire[{extra}]'" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


def test_the_server_without_its_extra_says_what_to_install() -> None:
    """Its modules import Starlette at once, so that the room asks at its door."""
    code = "import sys; sys.modules['starlette'] = None; from alamire.cli import main; main(['serve'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode in (2, 3) and "Traceback" not in done.stderr


#: Runs commands with every optional library hidden, and prints the exit code and messages of each.
_BARE = """
import json, sys
hidden, commands = json.loads(sys.argv[1])
sys.modules.update(dict.fromkeys(hidden))
from click.testing import CliRunner
from alamire.cli import main
for words in commands:
    result = CliRunner().invoke(main, words)
    print(json.dumps([words, result.exit_code, repr(result.exception), result.output[-300:]]))
"""


def test_the_base_does_what_it_says(tmp_path: Path) -> None:
    """An archive, its manifests, notes, analyses and conversions, and every command's help, with no extra."""
    archive = ["--archive", str(tmp_path / "archive")]
    commands = [
        *([name, "--help"] for name in main.commands),
        ["init", str(tmp_path / "archive")],
        ["ingest", str(SAMPLE), *archive],
        ["list", *archive],
        ["show", "leuven-chansonnier", *archive],
        ["verify", *archive],
        ["reindex", *archive],
        ["manifest", "-o", str(tmp_path / "manifests"), *archive],
        ["lint", str(tmp_path / "manifests" / "leuven-chansonnier.json")],
        ["notes", SONG, "-o", str(tmp_path / "notes.csv")],
        ["notes", SONG, "--json"],
        *(["analyse", name, SONG] for name in ("ambitus", "cadences", "dissonances", "modules", "mode")),
        ["analyse", "mode", SONG, "--set", "keys=yes"],
        *(["analyse", "cadences", SONG, "--plot", str(tmp_path / f"roll.{to}")] for to in ("html", "png")),
        *(["convert", SONG, "-o", str(tmp_path / f"song.{to}")] for to in ("musicxml", "mxl", "mei", "mid")),
    ]
    given = json.dumps([sorted(OPTIONAL), commands])
    done = subprocess.run([sys.executable, "-c", _BARE, given], capture_output=True, text=True, check=True)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result for result in results if result[1]] == []
    assert len(results) == len(commands)


def test_tables_are_the_same_without_pyarrow(tmp_path: Path) -> None:
    """Only how pandas keeps their words differs."""
    code = (
        "import sys; sys.modules.update(dict.fromkeys(sys.argv[2:])); import alamire; "
        "piece = alamire.read(sys.argv[1]); print(piece.notes.to_csv()); "
        "print(alamire.analysis.modules(piece).to_csv())"
    )
    bare, full = (
        subprocess.run(
            [sys.executable, "-c", code, SONG, *hidden], capture_output=True, text=True, check=True
        ).stdout
        for hidden in (["pyarrow"], [])
    )
    assert bare == full and len(bare) > 10_000
