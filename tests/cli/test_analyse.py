"""alamire analyse with the options of each analysis."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import alamire
from alamire.analysis import ANALYSES
from alamire.cli import main


def run(*words: object) -> Result:
    """Run alamire analyse."""
    return CliRunner().invoke(main, ["analyse", *map(str, words)])


@pytest.fixture
def song(samples: Path) -> Path:
    """A song of the sample."""
    return samples / "leuven-chansonnier" / "encodings" / "par-malle-bouche.mei"


@pytest.mark.parametrize("name", sorted(ANALYSES))
def test_every_analysis_is_a_table_and_a_picture(song: Path, tmp_path: Path, name: str) -> None:
    """It prints rows with the columns that all findings have, and draws them."""
    targets = [song]
    if ANALYSES[name].corpus:
        targets.append(tmp_path / "copy.mei")
        targets[1].write_bytes(song.read_bytes())
    if name == "underlay":  # the song has but an incipit
        targets = [tmp_path / "words.krn"]
        targets[0].write_text("**kern\t**text\n1c\tHe-\n1d\t-las\n*-\t*-\n", "utf-8")
    result = run(name, *targets, "--plot", tmp_path / "out.png")
    assert result.exit_code in (0, 1), result.output
    table = pd.read_csv(io.StringIO(result.stdout))
    assert list(table)[:7] == ["source", "piece", "folio", "breve", "onset", "voices", "ids"]
    assert len(table)
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


def test_settings_reach_the_analysis(song: Path) -> None:
    """n=2 gives pairs of intervals; against=lowest leaves the pairs of upper voices out."""
    single = pd.read_csv(io.StringIO(run("melodic-intervals", song).stdout))
    pairs = pd.read_csv(io.StringIO(run("melodic-intervals", song, "--set", "n=2").stdout))
    assert len(pairs) < len(single)
    words = ("vertical-intervals", song, "--set", "against=lowest", "--set", "compound=no")
    assert run(*words).exit_code in (0, 1)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("n", "KEY=VALUE"),
        ("colour=red", "one of rests, unisons, n"),
        ("n=many", "a number was expected"),
        ("rests=loud", "one of break, across was expected"),
    ],
)
def test_a_setting_that_does_not_fit_is_wrong_usage(song: Path, setting: str, told: str) -> None:
    """What would fit is said."""
    result = run("melodic-intervals", song, "--set", setting)
    assert result.exit_code == 2
    assert told in result.output


@pytest.mark.parametrize(
    ("name", "setting", "told"),
    [
        ("melodic-intervals", "n=0", "n must be 1 or more, not 0"),
        ("vertical-intervals", "n=-1", "n must be 1 or more, not -1"),
        ("modules", "n=0", "n must be 1 or more"),
        ("vertical-intervals", "voices=Tenor,Nobody", "Nobody: no such voice in par-malle-bouche"),
        ("imitation", "notes=0", "notes must be 2 or more"),
        ("imitation", "with_words=1", "with_words must be 2 or more"),
        ("imitation", "apart=-1", "apart must be 0 or more"),
        ("imitation", "apart=inf", "apart must be 0 or more, not inf"),
        ("imitation", "flex=-1", "flex must be 0 or more"),
        ("cadences", "threshold=9", "threshold must be from 0 to 1, not 9"),
        ("cadences", "threshold=nan", "threshold must be from 0 to 1"),
        ("texture", "together=9", "together must be from 0 to 1"),
        ("ficta", "least=2", "least must be from 0 to 1"),
        ("concordances", "likeness=2", "likeness must be from 0 to 1"),
    ],
)
def test_a_value_that_an_analysis_refuses_is_wrong_usage(
    song: Path, name: str, setting: str, told: str
) -> None:
    """The analysis says what it accepts, and nothing is printed as a table."""
    result = run(name, song, "--set", setting)
    assert result.exit_code == 2, result.output
    assert told in " ".join(result.stderr.split())
    assert not result.stdout


def test_a_piano_roll_is_a_page_of_its_own(song: Path, tmp_path: Path) -> None:
    """Every note is told with its place, findings are told in words, and nothing is fetched."""
    page = tmp_path / "roll.html"
    assert run("cadences", song, "--plot", page).exit_code in (0, 1)
    text = page.read_text("utf-8")
    sounding = sum(not note.is_rest for voice in alamire.read(song).voices for note in voice.notes)
    assert text.count("<rect ") == sounding
    assert "folio 50v, par-malle-bouche-s-0002" in text
    assert "Authentic cadence on F (breve 3): Tenor cantizans, Contratenor bassizans" in text
    assert "src=" not in text and "href=" not in text


def test_a_piano_roll_shows_one_piece(song: Path, tmp_path: Path) -> None:
    """Two are wrong usage, and nothing is written."""
    result = run("cadences", song, song, "--plot", tmp_path / "roll.html")
    assert result.exit_code == 2
    assert not (tmp_path / "roll.html").exists()


def test_a_roll_is_a_picture_too(song: Path, tmp_path: Path) -> None:
    """With one colour for each voice and findings framed; without --plot there is nothing to draw."""
    assert run("cadences", song, "--plot", tmp_path / "roll.svg", "--roll").exit_code == 0
    drawn = (tmp_path / "roll.svg").read_text("utf-8").lower()
    assert all(color in drawn for color in ("#0072b2", "#e69f00", "#009e73", "#d55e00"))
    assert run("cadences", song, "--plot", tmp_path / "chart.svg").exit_code == 0
    assert (tmp_path / "chart.svg").read_text("utf-8").lower() != drawn
    assert run("cadences", song, "--roll").exit_code == 2
