"""The examples of docs/python.md, of the README and of the docstrings, run in their order."""

from __future__ import annotations

import re
import shutil
from doctest import DocTestParser
from pathlib import Path
from typing import Any

import pytest

import alamire
from tests.conftest import ROOT

FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
#: What the network makes of a scan is measured in tests/benchmarks.
pytestmark = pytest.mark.usefixtures("ruled_reader")


def run_examples(page: Path, names: dict[str, Any]) -> int:
    """Run the Python of a page, a block after the other; return how many there are."""
    blocks = FENCE.findall(page.read_text("utf-8"))
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)
    return len(blocks)


@pytest.fixture
def folder(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the samples in it, where examples are run."""
    (tmp_path / "samples").symlink_to(samples)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_pages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every block runs after those before it, and does what it says."""
    names: dict[str, Any] = {}
    assert run_examples(ROOT / "docs" / "python.md", names) == 6
    assert len(list((folder / "converted").glob("*.mid"))) == len(names["source"].pieces)
    assert {"song.musicxml", "cadences.png", "site"} <= {path.name for path in folder.iterdir()}
    assert alamire.open()["leuven-chansonnier"].folder.version("leuven-chansonnier") == 2
    told = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"(\d+) of \1 images", told[-1])
    assert run_examples(ROOT / "README.md", {}) == 1


def test_every_function_has_an_example_that_runs(folder: Path, samples: Path) -> None:
    """One in its docstring at least; that of ``tune`` alone asks for pages that a person has confirmed."""
    songs = samples / "leuven-chansonnier" / "encodings"
    for name in ("song.krn", "cantus.mei", "tenor.mei", "bassus.mei", "masses.mei", "songs/one.mei"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(songs / "par-malle-bouche.mei", folder / name)
    shutil.copy(samples / "leuven-chansonnier" / "scans" / "0041.tif", folder / "scan.tif")
    shutil.copytree(ROOT / "manifests", folder / "manifests")
    alamire.ingest("samples/leuven-chansonnier", archive=alamire.init("demo/archive"))
    for name in sorted(set(alamire.__all__) - {"TICKS", "__version__", "analysis"}):
        examples = DocTestParser().get_examples(getattr(alamire, name).__doc__)
        assert examples, name
        values: dict[str, Any] = {"alamire": alamire}
        for example in examples if name != "tune" else ():
            exec(compile(example.source, name, "exec"), values)


def test_the_surface_has_public_names_only() -> None:
    """``dir`` shows what is offered, whatever has been loaded."""
    assert dir(alamire) == sorted(alamire.__all__)
    for name in alamire.__all__:
        assert getattr(alamire, name) is getattr(alamire, name)
        assert name == "__version__" or getattr(alamire, name).__doc__
