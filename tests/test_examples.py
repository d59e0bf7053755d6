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
    done = ended(name, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ended(name: str, *words: object) -> subprocess.CompletedProcess[str]:
    """Run an example, whether or not it comes to its end."""
    command = [sys.executable, str(EXAMPLES / name), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_one_song_in_depth(samples: Path, tmp_path: Path) -> None:
    """It names the final, the cadences and where on the page the last one stands, and draws pictures."""
    song = samples / "leuven-chansonnier" / "encodings" / "par-malle-bouche.mei"
    said = run("one_song.py", song, tmp_path / "pictures")
    assert "final F" in said
    assert "the authentic cadence on F at breve 30 is written here" in said
    assert "z-par-malle-bouche-s-0106" in said
    pictures = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert pictures == {"ambitus.png", "cadences.png", "imitation.png"}


def test_a_song_with_little_in_it_is_told_to_its_end(tmp_path: Path) -> None:
    """Two notes have no cadence and no imitation, which is no failure."""
    song = tmp_path / "short.krn"
    song.write_text("**kern\t**kern\n4c\t4e\n4d\t4f\n*-\t*-\n", "utf-8")
    assert run("one_song.py", song, tmp_path / "pictures")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["one_song.py", "no-such-song.krn"], "no-such-song.krn"),
        (["imitation_by_generation.py"], "name a folder of **kern files"),
        (["imitation_by_generation.py", "samples"], "samples holds no scores: name a folder of **kern files"),
    ],
)
def test_what_is_missing_is_said(words: list[str], said: str) -> None:
    """Without its scores an example says what to name, in one line."""
    done = ended(*words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_known_composers(tmp_path: Path) -> None:
    """Scores that cannot be read are told, and so is that nothing is left to compare."""
    (tmp_path / "bad.krn").write_text("no Humdrum", "utf-8")
    (tmp_path / "short.krn").write_text("**kern\t**kern\n4c\t4e\n4d\t4f\n*-\t*-\n", "utf-8")
    done = ended("imitation_by_generation.py", tmp_path)
    assert done.returncode == 1
    assert "bad.krn" in done.stderr
    assert "none of its scores is by Du Fay" in done.stderr


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
