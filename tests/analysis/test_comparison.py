"""What changes between the source's reading and the editor's."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import alamire
from alamire.analysis import ANALYSES, compare
from alamire.cli import main


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """A song with one sharp by the editor."""
    path = tmp_path / "song.krn"
    path.write_text("**kern\t**kern\n1d\t1a\n1e\t1f#i\n1d\t1a\n*-\t*-\n", "utf-8")
    return path


def test_only_what_differs_is_told_by_reading(song: Path) -> None:
    """The two steps to and from the sharp are there once as each reading has them; the tenor's are not."""
    found = compare(alamire.read(song), "melodic-intervals")
    assert list(found.columns[7:9]) == ["reading", "interval"]
    assert found.groupby("reading")["interval"].apply(list).to_dict() == {
        "editor": ["-m3", "m3"],
        "source": ["-M3", "M3"],
    }


@pytest.mark.parametrize("name", sorted(ANALYSES))
def test_nothing_differs_without_editors(song: Path, name: str) -> None:
    """Where the sharp is the source's own, no analysis tells of a difference."""
    song.write_text(song.read_text("utf-8").replace("#i", "#"), "utf-8")
    assert compare(alamire.read(song), name).empty


def test_the_command_tells_both_readings(song: Path) -> None:
    """``--ficta both`` prints the differences."""
    result = CliRunner().invoke(main, ["analyse", "melodic-intervals", str(song), "--ficta", "both"])
    readings = list(pd.read_csv(io.StringIO(result.stdout))["reading"])
    assert readings == ["source", "editor", "source", "editor"], "in order of time"
