"""What commands print: answers on standard output, messages on standard error, and exit codes."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from alamire.errors import Place, Problem, Refused, Severity

FINE = 0
PROBLEMS_FOUND = 1
WRONG_USAGE = 2
REFUSED = 3

#: So many warnings of one code are told one by one.
SHOWN = 3
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def print_json(document: object) -> None:
    """Print one JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def say(message: str) -> None:
    """Print a message for the person at the terminal, on standard error."""
    click.echo(message, err=True)


def print_problems(problems: Iterable[Problem], *, as_json: bool = False) -> None:
    """Print problems, a line each on standard error, or as one JSON document on standard output."""
    found = list(problems)
    if as_json:
        print_json({"problems": [problem.as_json() for problem in found]})
        return
    for problem in _in_short(found):
        severity = click.style(str(problem.severity), fg=_COLOURS[problem.severity], bold=True)
        say(str(problem).replace(str(problem.severity), severity, 1))


def _in_short(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Every error; of the others, the first few of each code and how many more there are."""
    counts = Counter(problem.code for problem in problems)
    told: Counter[str] = Counter()
    for problem in problems:
        told[problem.code] += 1
        if problem.severity is Severity.ERROR or told[problem.code] <= SHOWN:
            yield problem
        elif told[problem.code] == SHOWN + 1:
            more = counts[problem.code] - SHOWN
            yield replace(
                problem, place=Place(), message=f"and {more} more like it; --json tells each of them"
            )


def print_table(rows: Sequence[Sequence[object]], header: Sequence[str]) -> None:
    """Print rows in columns as wide as they need; nothing but the header where there are none."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(header), *texts]) for i in range(len(header))]
    for row in [list(header), *texts]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a failure to write a file or folder into a refusal that names it."""
    try:
        yield
    except OSError as error:
        message = f"cannot be written ({error.strerror or error}): name another place with -o, or make room"
        raise Refused((Problem("not-writable", Place(str(path)), Severity.ERROR, message),)) from error


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal and nothing when piped; yields the function that moves it on."""
    if not sys.stderr.isatty() or length <= 0:
        yield lambda _step: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        step: Any = bar.update
        yield step
