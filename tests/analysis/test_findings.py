"""Findings: the columns all analyses share, joining tables, and pictures of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from alamire.analysis import ANALYSES, FINDING_COLUMNS, combine, melodic_intervals, problems_of
from alamire.analysis.plot import plot_findings
from alamire.errors import Refused
from tests.analysis.pieces import piece

DUO = piece(Superius="C5:2 D5:2 r:2 E5:2", Tenor="A3:4 B3:2 C4:2")


@pytest.mark.parametrize("name", ANALYSES)
def test_every_analysis_keeps_the_contract(name: str) -> None:
    """The shared columns come first, rows know their folio, and ids are those of notes in the piece."""
    findings = ANALYSES[name].function(DUO)
    assert list(findings.columns[:7]) == FINDING_COLUMNS
    ids = {note.id for line in DUO.voices for note in line.notes}
    for row in findings.itertuples():
        assert (row.source, row.piece) == ("book", "tiny")
        assert row.folio == "1v–2r"
        assert row.ids and set(row.ids) <= ids
        assert isinstance(row.voices, tuple)


@pytest.mark.parametrize("name", ANALYSES)
def test_every_analysis_cites_its_definition(name: str) -> None:
    """The docstring names the source of the definition."""
    assert re.search(r"documentation\)|\b1\d{3}\b|\b20\d\d", ANALYSES[name].function.__doc__ or "")


@pytest.mark.parametrize("name", ANALYSES)
def test_findings_survive_parquet(name: str, tmp_path: Path) -> None:
    """A table and the problems it carries can be written and read again, with rows or without."""
    for table in (ANALYSES[name].function(DUO), ANALYSES[name].function(piece(Tenor="r:2"))):
        table.to_parquet(tmp_path / "findings.parquet", index=False)
        again = pd.read_parquet(tmp_path / "findings.parquet")
        assert len(again) == len(table)
        assert list(again.columns) == list(table.columns)


def test_tables_are_combined_with_their_problems() -> None:
    """What was left out of each piece is still known of all of them together."""
    tables = [melodic_intervals(piece(Tenor="C4:1 D4:1")), melodic_intervals(piece(Tenor="r:2"))]
    together = combine(tables)
    assert together["interval"].tolist() == ["M2"]
    assert [problem.code for problem in problems_of(together)] == ["silent-voice"]
    assert [len(problems_of(table)) for table in tables] == [0, 1]
    assert list(combine([]).columns) == FINDING_COLUMNS


def test_where_a_voice_divides_it_is_said() -> None:
    """Of two notes sounding together in one voice the first is analysed, and the other is named."""
    whole = piece(Superius="C5:2 D5:2")
    first, second = whole.voices[0].notes
    extra = first._replace(id="extra", step="A", octave=4)
    divided = replace(whole.voices[0], notes=(first, extra, second))
    findings = melodic_intervals(replace(whole, voices=(divided,)))
    assert findings["interval"].tolist() == ["M2"]
    [problem] = problems_of(findings)
    assert problem.code == "divided-voice"
    assert "breve 1" in problem.message


def test_a_rest_yields_to_a_note_in_the_same_voice() -> None:
    """Where half of a divided voice rests, the other half is what is heard."""
    whole = piece(Superius="r:4 D5:2", Tenor="A4:4 B4:2")
    rest, last = whole.voices[0].notes
    sung = whole.voices[1].notes[0]._replace(id="sung", onset=rest.duration // 2, duration=rest.duration // 2)
    mixed = replace(whole.voices[0], notes=(rest, sung, last))
    findings = melodic_intervals(replace(whole, voices=(mixed,)))
    assert findings["interval"].tolist() == ["P4"]
    assert not problems_of(findings)


def test_a_gap_is_silence() -> None:
    """A voice that is encoded with nothing between two notes rests there, and before it enters."""
    whole = piece(Superius="C5:2 E5:2 D5:2", Tenor="A4:2 B4:2 A4:2")
    upper = whole.voices[0]
    late = replace(upper, notes=upper.notes[2:])
    holed = replace(upper, notes=upper.notes[::2])
    assert len(melodic_intervals(replace(whole, voices=(holed,)))) == 0
    assert ANALYSES["vertical-intervals"].function(replace(whole, voices=(late, whole.voices[1])))[
        "interval"
    ].tolist() == ["P4"]
    assert len(melodic_intervals(replace(whole, voices=(holed,)), rests="across")) == 1


@pytest.mark.parametrize("name", ANALYSES)
@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_every_analysis_draws_a_picture(name: str, suffix: str, tmp_path: Path) -> None:
    """Each format opens with its own signature, and drawing twice gives the same SVG words."""
    path = tmp_path / "new" / f"picture{suffix}"
    plot_findings(name, ANALYSES[name].function(DUO), path)
    start = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix]
    assert path.read_bytes().startswith(start)


@pytest.mark.parametrize("name", ANALYSES)
def test_no_findings_are_drawn_as_such(name: str, tmp_path: Path) -> None:
    """A piece without notes gives a picture that says so."""
    plot_findings(name, ANALYSES[name].function(piece(Tenor="r:2")), tmp_path / "none.png")
    assert (tmp_path / "none.png").stat().st_size > 500


def test_ngrams_are_drawn_as_bars(tmp_path: Path) -> None:
    """Successions have no heat map; the most frequent are counted."""
    plot_findings("melodic-intervals", melodic_intervals(DUO, n=2), tmp_path / "ngrams.png")
    assert (tmp_path / "ngrams.png").stat().st_size > 2000


def test_other_picture_formats_are_refused(tmp_path: Path) -> None:
    """The message says which formats there are, and nothing is written."""
    with pytest.raises(Refused, match=r"\.png, \.svg, \.pdf"):
        plot_findings("ambitus", ANALYSES["ambitus"].function(DUO), tmp_path / "picture.gif")
    assert not list(tmp_path.iterdir())
