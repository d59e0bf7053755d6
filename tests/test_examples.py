"""The examples of the documentation, run as a reader runs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

EXAMPLES = ROOT / "docs" / "examples"


def run(name: str, *words: object) -> str:
    """Run an example in a process of its own; return what it prints."""
    command = [sys.executable, str(EXAMPLES / name), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_song_in_depth(samples: Path, tmp_path: Path) -> None:
    """It names the final, the cadences and where on the page the last one stands, and draws pictures."""
    song = samples / "leuven-chansonnier" / "encodings" / "par-malle-bouche.mei"
    said = run("one_song.py", song, tmp_path / "pictures")
    assert "final F" in said
    assert "the authentic cadence on F at breve 30 is written here" in said
    assert "z-par-malle-bouche-s-0106" in said
    pictures = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert pictures == {"ambitus.png", "cadences.png", "imitation.png"}


@pytest.mark.slow
def test_a_corpus_question(real_data: Path, tmp_path: Path) -> None:
    """It has a row for each composer with the pieces at hand, and one for each generation."""
    said = run("imitation_by_generation.py", real_data / "jrp", tmp_path / "generations.png")
    rows = {line.split("  ")[0].strip(): line.split() for line in said.splitlines()}
    assert float(rows["Du Fay"][3]) == 6.0
    assert {"Ockeghem", "Obrecht", "Isaac"} <= set(rows)
    first, second, third = (float(rows[generation][1]) for generation in "123")
    assert first < second < third
    assert (tmp_path / "generations.png").stat().st_size > 10_000
