"""One root error, and the problem that every check reports.

Problems are facts about what was examined; they are collected and shown together, so that the
first bad file does not hide the rest. Errors are for what stops the work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import Self


class Severity(StrEnum):
    """How much a problem matters: an error refuses the work, a warning does not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Place:
    """Where a problem is: any of a file, a row of a sheet, a folio, and a detail such as a breve."""

    file: str = ""
    row: int | None = None
    folio: str = ""
    detail: str = ""

    def __str__(self) -> str:
        parts = [self.file, f"row {self.row}" if self.row is not None else ""]
        parts += [f"folio {self.folio}" if self.folio else "", self.detail]
        return ", ".join(part for part in parts if part)


#: What a problem may be said to be at: a file alone, or a place in it.
Where = Place | PurePath | str


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a stable code, where, how bad, and what to do next.

    ``also`` are the others of its kind in the same piece, which are told with it.
    """

    code: str
    place: Place
    severity: Severity
    message: str
    also: tuple[Problem, ...] = ()

    @classmethod
    def error(cls, code: str, place: Where, message: str) -> Problem:
        """Return a problem that refuses the work; ``place`` may be a file's name or path."""
        return cls(code, _place(place), Severity.ERROR, message)

    @classmethod
    def warning(cls, code: str, place: Where, message: str) -> Problem:
        """Return a problem that the work goes on with; ``place`` may be a file's name or path."""
        return cls(code, _place(place), Severity.WARNING, message)

    @classmethod
    def remark(cls, code: str, place: Where, message: str) -> Problem:
        """Return a problem that is worth knowing and not wrong; ``place`` may be a file's name or path."""
        return cls(code, _place(place), Severity.INFO, message)

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        return f"{self.severity}: {where}{self.message} [{self.code}]"

    def as_json(self) -> dict[str, object]:
        """Return the problem as a JSON object with the keys of the command line's --json output.

        ``also`` has those that are told with it, one by one; ``count`` is how many they are with itself.
        """
        return {
            "code": self.code,
            "severity": str(self.severity),
            "file": self.place.file,
            "row": self.place.row,
            "folio": self.place.folio,
            "detail": self.place.detail,
            "message": self.message,
            "count": 1 + len(self.also),
            "also": [
                {
                    "file": other.place.file,
                    "row": other.place.row,
                    "detail": other.place.detail,
                    "message": other.message,
                }
                for other in self.also
            ],
        }


def _place(place: Where) -> Place:
    return place if isinstance(place, Place) else Place(str(place))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Say whether any of the problems refuses the work."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one: ``1 file``, ``2 deliveries``."""
    if number == 1:
        return f"{number} {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("ry") else f"{number} {noun}s"


class AlamireError(Exception):
    """The root of every error that alamire raises on purpose."""


@dataclass
class Refused(AlamireError):
    """The work was refused and nothing was written; the problems say why."""

    problems: tuple[Problem, ...] = field(default_factory=tuple)

    @classmethod
    def because(cls, code: str, place: Where, message: str) -> Self:
        """Return the refusal with one problem; ``place`` may be a file's name or path."""
        return cls((Problem.error(code, place, message),))

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class NotFound(AlamireError, KeyError):
    """What was asked for is not there; the message says what is."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class WrongUsage(AlamireError, ValueError):
    """An argument is not one that is accepted, or does not go with another; the message says what is.

    Arguments stand in it in braces, so that a command can name its options in their place. ``argument`` is
    the one that is wrong, "" where it is how several go together.
    """

    def __init__(self, message: str, argument: str = "") -> None:
        super().__init__(message)
        self.argument = argument

    def said(self, spell: Callable[[str], str]) -> str:
        """Return the message with each argument as ``spell`` writes it."""
        return re.sub(r"\{(\w+)\}", lambda found: spell(found[1]), str(self.args[0]))

    def __str__(self) -> str:
        return self.said(str)
