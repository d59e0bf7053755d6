"""What was read from a scan: staves, the symbols on them, and the parts that they are thought to belong to.

A reading is a draft until a person has confirmed it, staff by staff. It is kept as JSON (``to_json``), which
the correction page and ``alamire tune`` work on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from alamire.errors import Place, Problem
from alamire.recognition.shapes import Shape, shape_of
from alamire.recognition.staff import StaffLines
from alamire.recognition.symbols import Candidate, Symbol

FORM = 1


@dataclass(frozen=True)
class Finding:
    """What a check has to say of symbols, by the indices of staff and symbol.

    ``missing`` are the places where a sign may be missing: after these symbols, or, where the second index
    is -1, before the first of the staff; ``sign`` is its agnostic name, "" where any may be.
    """

    code: str
    message: str
    at: tuple[tuple[int, int], ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    sign: str = ""


@dataclass(frozen=True)
class StaffReading:
    """A staff of the scan, what stands on it from left to right, and the part it belongs to.

    ``confirmed`` says that a person has looked at it and found it right; ``indent`` how far, in staff
    spaces, it begins to the right of the others.
    """

    staff: StaffLines
    symbols: tuple[Symbol, ...]
    part: int = 0
    indent: float = 0.0
    confirmed: bool = False


@dataclass(frozen=True)
class PageReading:
    """A scan read: sizes in pixels of the scan with its orientation applied.

    ``parts`` are names for the parts, proposals to confirm; ``model`` is the digest of what read it and
    ``date`` when; ``history`` says who changed it, when, and how many minutes that took.
    """

    width: int
    height: int
    staves: tuple[StaffReading, ...]
    parts: tuple[str, ...] = ()
    file: str = ""
    folio: str = ""
    model: str = ""
    date: str = ""
    findings: tuple[Finding, ...] = ()
    history: tuple[dict[str, Any], ...] = field(default=())

    @property
    def symbols(self) -> list[Symbol]:
        """All symbols, staff by staff."""
        return [symbol for staff in self.staves for symbol in staff.symbols]

    def members(self) -> dict[int, list[tuple[int, StaffReading]]]:
        """Return the staves with symbols of each part, by their rows."""
        parts: dict[int, list[tuple[int, StaffReading]]] = {}
        for row, staff in enumerate(self.staves):
            if staff.symbols:
                parts.setdefault(staff.part, []).append((row, staff))
        return parts

    def agnostic(self) -> str:
        """Return the symbols in reading order, by their published names, with tabs between."""
        return "\t".join(symbol.published for symbol in self.symbols)

    def remarks(self) -> list[Problem]:
        """Return the findings of the checks, each with its page, its staff, and the sign where it begins."""
        return [self._remark(finding) for finding in self.findings]

    def _remark(self, finding: Finding) -> Problem:
        file, detail, said = "" if self.folio else self.file, "", finding.message
        if places := finding.at or finding.missing:
            row, column = places[0]
            names_it = said.startswith(("staff ", "the "))
            detail = "" if names_it else f"staff {row + 1}"
            said += f" (sign {column + 1})" if finding.at else f" (after sign {column + 1})"
        return Problem.remark(finding.code, Place(file, folio=self.folio, detail=detail), said)


def to_json(reading: PageReading) -> str:
    """Write a reading as JSON that ``from_json`` reads back to the same."""
    data = {"form": FORM, **_fields(reading)}
    return json.dumps(data, default=_written, ensure_ascii=False, indent=1)


def _written(part: object) -> object:
    """Return what JSON has for a part of a reading: names for shapes, names and odds for candidates."""
    if isinstance(part, Shape):
        return part.name
    if isinstance(part, Candidate):
        return [str(part), part.odds]
    return _fields(part)


def _fields(part: Any) -> dict[str, object]:
    return {each.name: getattr(part, each.name) for each in fields(part)}


def from_json(text: str) -> PageReading:
    """Read what ``to_json`` wrote; ValueError, saying where, for anything else."""
    try:
        data = json.loads(text)
        if data.pop("form") != FORM:
            raise ValueError(f"this alamire reads readings of form {FORM}")
        staves = [
            StaffReading(
                StaffLines(
                    tuple(map(float, staff["staff"]["xs"])), tuple(map(float, staff["staff"]["middle"])),
                    float(staff["staff"]["unit"]),
                ),
                tuple(_symbol(symbol) for symbol in staff["symbols"]),
                int(staff["part"]), float(staff["indent"]), bool(staff["confirmed"]),
            )
            for staff in data.pop("staves")
        ]  # fmt: skip
        findings = tuple(
            Finding(
                each["code"], each["message"], _places(each["at"]), _places(each.get("missing", ())),
                each.get("sign", ""),
            )
            for each in data.pop("findings")
        )  # fmt: skip
        parts, history = tuple(data.pop("parts")), tuple(data.pop("history"))
        return PageReading(staves=tuple(staves), findings=findings, parts=parts, history=history, **data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no reading: {type(error).__name__} {error}") from error


def _places(data: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((int(row), int(column)) for row, column in data)


def _symbol(data: dict[str, Any]) -> Symbol:
    alternatives, unread = (
        tuple(Candidate.named(str(name), float(odds)) for name, odds in data.pop(names, ()))
        for names in ("alternatives", "unread")
    )
    box = tuple(map(float, data.pop("box")))
    if len(box) != 4:
        raise ValueError("a box has four sides")
    stem = data.pop("stem", "")
    if stem not in ("", "up", "down"):
        raise ValueError(f"a stem points up or down, not {stem!r}")
    return Symbol(
        shape_of(data.pop("shape")), alternatives=alternatives, unread=unread,
        box=(box[0], box[1], box[2], box[3]), stem=stem, **data,
    )  # fmt: skip
