"""Pictures of how often: bars of what an analysis found, and the profiles of voices side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.findings import FINDING_COLUMNS
from alamire.analysis.picture import INK, MIDDLE, bare_figure, figure_of, nothing, plain_axes, title
from alamire.analysis.profile import PROFILES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: How many bars, voices and values one picture can show.
MOST_BARS, MOST_VOICES, MOST_VALUES = 30, 6, 16
_COLORS = ("#8c5a2b", "#1f4e79", "#c9b79c", "#4b7f52", "#7a5c99", "#b0a597")


def plot_counts(name: str, findings: pd.DataFrame) -> Figure:
    """Draw how often each kind of finding occurs, the most frequent on top."""
    if findings.empty:
        return nothing(name, findings)
    kinds = _kinds(name, findings)
    counts = kinds.value_counts()
    shown = counts.head(MOST_BARS)
    figure, axes = figure_of(9, 1.6 + 0.28 * len(shown))
    axes.barh(range(len(shown)), shown.to_numpy(), color=MIDDLE)
    for row, count in enumerate(shown.to_numpy()):
        axes.text(float(count), row, f" {count}", va="center", fontsize=7, color=INK)
    axes.set_yticks(range(len(shown)), shown.index, fontsize=8)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    _count_in_wholes(axes)
    axes.set_xlabel("pieces" if name == "mode" else "occurrences")
    more = f", the {len(shown)} most frequent of {len(counts)}" if len(counts) > len(shown) else ""
    what = f"{name.replace('-', ' ').capitalize()}{more}"
    axes.set_title(title(what, findings, len(findings)), color=INK, loc="left")
    return figure


def _kinds(name: str, findings: pd.DataFrame) -> pd.Series[str]:
    """Return the words that name the kind of each finding: else what its first own column says."""
    if name in _KINDS:
        return _KINDS[name](findings)
    return findings[findings.columns[len(FINDING_COLUMNS)]].astype(str)


#: What tells the kinds of findings apart, where it is not the first column that the analysis adds.
_KINDS: dict[str, Callable[[pd.DataFrame], pd.Series[str]]] = {
    "dissonances": lambda found: found["treatment"] + _where(found["figure"], " " + found["figure"], ""),
    "parallels": lambda found: found["kind"] + " " + found["interval"],
    "mode": lambda found: found["final"] + " " + found["scale"] + ", " + found["octave"],
    "ficta": lambda found: _where(found["rule"], found["rule"], "no rule") + ", editor " + found["editor"],
    "underlay": lambda found: _where(found["doubt"], found["doubt"], "fits"),
}


def _where(stated: pd.Series[str], words: pd.Series[str], otherwise: str) -> pd.Series[str]:
    """Return the words where anything is stated, and what stands for them elsewhere."""
    return words.where(stated != "", otherwise)


def _count_in_wholes(axes: Axes) -> None:
    locator: Any = axes.xaxis.get_major_locator()  # a MaxNLocator, as axes have it
    locator.set_params(integer=True)


def plot_concordances(name: str, findings: pd.DataFrame) -> Figure:
    """Draw for each two voices that share a melody how many notes of it agree, the longest on top.

    A pair of voices is drawn once, though both pieces may have it in their findings.
    """
    if findings.empty:
        return nothing(name, findings)
    pairs: dict[tuple[str, str], list[int]] = {}
    statements: Iterator[Any] = findings.itertuples()
    for row in statements:
        voice, other = f"{row.piece} · {row.voices[0]}", f"{row.other_piece} · {row.other_voice}"
        if (other, voice) not in pairs:
            pairs.setdefault((voice, other), []).append(int(row.notes))
    ranked = sorted(pairs.items(), key=lambda pair: -max(pair[1]))
    shown = ranked[:MOST_BARS]
    figure, axes = figure_of(9, 1.6 + 0.28 * len(shown))
    for row, (_, notes) in enumerate(shown):
        axes.barh(row, max(notes), color=MIDDLE)
        more = f" ({len(notes)} statements)" if len(notes) > 1 else ""
        axes.text(max(notes), row, f" {max(notes)}{more}", va="center", fontsize=7, color=INK)
    axes.set_yticks(range(len(shown)), [f"{voice} ~ {other}" for (voice, other), _ in shown], fontsize=8)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    _count_in_wholes(axes)
    axes.set_xlabel("notes that agree, in the longest statement")
    more = f", the {len(shown)} longest of {len(pairs)}" if len(pairs) > len(shown) else ""
    axes.set_title(title(f"Concordances{more}", findings, len(findings)), color=INK, loc="left")
    return figure


def plot_profiles(name: str, findings: pd.DataFrame) -> Figure:
    """Draw the three profiles, voices (or pieces, where there are several) side by side."""
    if findings.empty:
        return nothing(name, findings)
    several = findings["piece"].nunique() > 1
    labels = findings["piece"] if several else findings["voices"].map("".join)
    there = list(dict.fromkeys(labels))
    shown = there[:MOST_VOICES]
    figure = bare_figure(10, 8.4)
    for place, profile in enumerate(PROFILES):
        axes = plain_axes(figure.add_subplot(3, 1, place + 1))
        chosen = (findings["profile"] == profile) & labels.isin(shown)
        table = pd.crosstab(
            findings["value"][chosen], labels[chosen], findings["weight"][chosen], aggfunc="sum"
        )
        table = 100 * table.fillna(0) / table.sum()
        table = table.loc[_order(profile, table)]
        width = 0.8 / len(shown)
        for voice, label in enumerate(shown):
            at = np.arange(len(table)) + (voice - (len(shown) - 1) / 2) * width
            axes.bar(at, table.get(label, 0), width=width, color=_COLORS[voice], label=label)
        axes.set_xticks(range(len(table)), table.index, fontsize=8)
        axes.set_ylabel("% of the time" if profile == "pitch-class" else "% of them")
        axes.set_xlabel(
            {"pitch-class": "pitch class", "duration": "duration (semibreves)"}.get(
                profile, "melodic interval (negative: descending)"
            )
        )
        if place == 0:
            cut = f" (the first {len(shown)} shown)" if len(shown) < len(there) else ""
            axes.set_title(title("Profiles", findings, len(findings)) + cut, color=INK, loc="left")
            axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8)
    figure.subplots_adjust(hspace=0.5)
    return figure


def _order(profile: str, table: pd.DataFrame) -> list[str]:
    """Return the values that are most frequent, in the order of pitch, length or size."""
    frequent = list(table.sum(axis=1).sort_values(ascending=False).head(MOST_VALUES).index)
    if profile == "duration":
        return sorted(frequent, key=Fraction)
    if profile == "pitch-class":
        return sorted(frequent, key=lambda value: ("CDEFGAB".index(value[0]), value.count("#") - len(value)))
    return sorted(frequent, key=_size)


def _size(interval: str) -> tuple[int, str]:
    digits = "".join(character for character in interval if character.isdigit())
    size = int(digits) * (-1 if interval.startswith("-") else 1)
    return size, interval
