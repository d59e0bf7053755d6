"""A finding in words that a reader understands, for annotations and for the names of marks on pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from alamire.analysis.findings import FINDING_COLUMNS


def in_words(name: str, row: Mapping[str, Any]) -> str:
    """Return one sentence about a finding of the analysis ``name``; any analysis has one.

    Without words of its own, an analysis is named, with its columns and their values.
    """
    return _WORDS.get(name, _in_general)(name, row)


def _cadence(_name: str, row: Mapping[str, Any]) -> str:
    roles = ", ".join(
        f"{voice} {role}" for voice, role in zip(row["voices"], row.get("roles", ()), strict=False) if role
    )
    kind = str(row["kind"])
    said = f"{kind[:1].upper()}{kind[1:]} cadence on {_typeset(str(row['tone']))} (breve {row['breve']})"
    return f"{said}: {roles}" if roles else said


def _dissonance(_name: str, row: Mapping[str, Any]) -> str:
    figure = f" {row['figure']}" if row.get("figure") else ""
    return f"Dissonance (breve {row['breve']}), {row['treatment']}{figure}: {', '.join(row['voices'])}"


def _in_general(name: str, row: Mapping[str, Any]) -> str:
    told = [
        f"{column.replace('_', ' ')} {_plain(value)}"
        for column, value in row.items()
        if column not in FINDING_COLUMNS and _plain(value)
    ]
    what = name.replace("-", " ").capitalize()
    voices = ", ".join(voice for voice in row["voices"] if voice)
    return f"{what} (breve {row['breve']}), {voices}" + (f": {'; '.join(told)}" if told else "")


def _plain(value: Any) -> str:
    """A value as words: lists joined, yes and no, numbers short, nothing for what is missing."""
    if isinstance(value, tuple | list):
        return ", ".join(part for part in map(_plain, value) if part)
    if value is None or value != value:
        return ""
    if str(value) in ("True", "False"):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _typeset(tone: str) -> str:
    return tone.replace("#", "♯").replace("b", "♭")


_WORDS: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    "cadences": _cadence,
    "dissonances": _dissonance,
}
