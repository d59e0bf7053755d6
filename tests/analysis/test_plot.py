"""What pictures say: what is left out, and labels that don't lie on each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from alamire.analysis import FINDING_COLUMNS, Corpus, cadences, combine, concordances, imitation, profile
from alamire.analysis.picture import with_room
from alamire.analysis.plot_counts import plot_concordances, plot_counts, plot_profiles
from alamire.analysis.plot_imitation import plot_imitation
from alamire.analysis.plot_time import plot_cadences
from tests.analysis.pieces import piece
from tests.analysis.test_cadences import FOUR
from tests.analysis.test_concordances import MELODY, named, transposed


def words(figure: Any) -> list[str]:
    """Return all that is written in the first axes of a figure, but for the axes themselves."""
    axes = figure.axes[0]
    return [axes.get_title(loc="left"), *(text.get_text() for text in axes.texts)]


def test_the_strongest_have_room_first() -> None:
    """Of two that are too near to each other the one of higher rank is written, of equals the first."""
    assert with_room([0, 1, 5], [1, 2, 1], 2) == [1, 2]
    assert with_room([0, 1, 2], [1, 1, 1], 2) == [0, 2]
    assert with_room([], [], 1) == []


def test_profiles_left_out_are_counted() -> None:
    """Of eight pieces six are drawn, and the title says so; six are all of six."""
    tables = [profile(replace(piece(Tenor="C4:4 D4:4"), id=f"song-{number}")) for number in range(8)]
    assert words(plot_profiles("profile", combine(tables)))[0] == "Profiles: 8 pieces (the first 6 shown)"
    assert words(plot_profiles("profile", combine(tables[:6])))[0] == "Profiles: 6 pieces"


def test_a_pair_of_voices_is_one_bar_of_notes() -> None:
    """Both sides have the finding; the bar names both, and is as long as notes agree."""
    song = named("song", MELODY)
    mass = named("mass", f"{transposed(MELODY, 4)} r:8 {transposed(MELODY, 4)}")
    corpus = Corpus([song, mass])
    figure = plot_concordances(
        "concordances", combine([concordances(each, corpus=corpus) for each in (song, mass)])
    )
    (bar,) = figure.axes[0].patches
    assert bar.get_width() == 19
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["song · Tenor ~ mass · Tenor"]
    assert words(figure)[1] == " 19 (2 statements)"


def test_letters_that_would_overlap_are_dropped() -> None:
    """Of many cadences of a long piece among others the tones are written where there is room."""
    long = {name: " ".join([text] * 200) for name, text in FOUR.items()}
    tables = [cadences(replace(piece(**long), id=name)) for name in ("one", "two")]
    figure = plot_cadences("cadences", combine(tables))
    places = sorted(text.xy[0] for text in figure.axes[0].texts if text.xy[1] == 0)
    assert 20 < len(places) < len(tables[0])
    nearest = min(two - one for one, two in pairwise(places))
    assert nearest >= 0.012 * max(places)


def test_soggetti_that_would_overlap_are_dropped() -> None:
    """Two points that a voice begins close to each other have one label."""
    tune, other = "D4:2 A4:1 F4:1 G4:2 E4:1 F4:1 D4:2", "G4:1 E4:2 C4:1 D4:1 F4:2 A4:1 B4:2"
    song = piece(Superius=f"{tune} r:2 {other} r:300 {tune}", Tenor=f"r:2 {tune} r:2 {other} r:300 {tune}")
    found = imitation(song)
    assert len(found) == 3
    assert len(words(plot_imitation("imitation", found))) == 1 + 2


def test_kinds_are_told_apart_by_the_first_column_of_its_own() -> None:
    """An analysis that names no kinds is counted by the first column that it adds, whatever it holds."""
    table = profile(piece(Tenor="C4:4 D4:4"))[FINDING_COLUMNS].assign(final=62, other="x")
    figure = plot_counts("finals", table)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["62"]
    assert words(figure)[1] == f" {len(table)}"
