"""What commands print: answers on standard output, messages on standard error, and exit codes."""

from __future__ import annotations

import errno
import json
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from alamire.errors import AlamireError, Place, Problem, Refused, Severity
from alamire.writing import FULL, UNWRITABLE, disk_full

FINE = 0
PROBLEMS_FOUND = 1
WRONG_USAGE = 2
REFUSED = 3

#: The path of a file that the archive keeps.
_KEPT = re.compile(r"/v[0-9]+/content/")
#: So many warnings of one code are told one by one.
SHOWN = 3
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def print_json(document: object) -> None:
    """Print one JSON document on standard output."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    # A file's name that is not in UTF-8 has what UTF-8 cannot write; in JSON an escape says the same.
    click.echo(text.encode("utf-8", "backslashreplace").decode())


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
            more = f"and {counts[problem.code] - SHOWN} more like it"
            yield replace(problem, place=Place(), message=f"{more}; {_where_all_are()}")


def _where_all_are() -> str:
    """Say how to see what is not shown: not every command has --json."""
    context = click.get_current_context(silent=True)
    if context is None or any("--json" in each.opts for each in context.command.params):
        return "--json tells each of them"
    return "name fewer targets to see each of them"


def print_table(rows: Sequence[Sequence[object]], header: Sequence[str]) -> None:
    """Print rows in columns as wide as they need; nothing but the header where there are none."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(header), *texts]) for i in range(len(header))]
    for row in [list(header), *texts]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@contextmanager
def writing(path: Path, advice: str = "name another place with -o, or make room") -> Iterator[None]:
    """Turn a failure to write a file or folder into a refusal that names it and says what to do.

    A failure of another file, such as one that is read meanwhile, is left to :func:`explain`.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, AlamireError | BrokenPipeError) or not _concerns(error, path):
            raise
        message = f"cannot be written ({error.strerror or error}): {advice}"
        raise Refused.because("not-writable", path, message) from error


def explain(error: OSError | sqlite3.Error) -> Problem:
    """Return what a failure of a disk or of the catalogue comes to, with the next step."""
    full = getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
    if full or (isinstance(error, OSError) and error.errno in FULL):
        place = "" if full else str(getattr(error, "filename", None) or "")
        return disk_full(place)
    if isinstance(error, sqlite3.Error):
        message = (
            f"cannot be used ({error}): allow writing it, make room, or delete it and run `alamire reindex`"
        )
        return Problem.error("catalogue-unusable", "catalogue.sqlite", message)
    if isinstance(error, AlamireError):
        return Problem.error("unreadable-scan", "", str(error))
    place = str(error.filename or "")
    if error.errno == errno.ENOENT and _KEPT.search(place):
        message = "is missing from the archive: run `alamire verify`, and restore what it names from a copy"
        return Problem.error("missing-file", place, message)
    step = "allow it, or name another place" if error.errno in UNWRITABLE else "mend that and try again"
    return Problem.error("no-access", place, f"cannot be read or written ({error.strerror or error}): {step}")


def _concerns(error: OSError, path: Path) -> bool:
    """Say whether an error is of a path, what is below it, a folder above it, or a partial file beside it."""
    if not error.filename:
        return True
    named, path = Path(error.filename).absolute(), path.absolute()
    if path.is_relative_to(named):
        return True
    return named.is_relative_to(path.parent) and path.name in named.relative_to(path.parent).parts[0]


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal and nothing when piped; yields the function that moves it on."""
    if not sys.stderr.isatty() or length <= 0:
        yield lambda _step: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        step: Any = bar.update
        yield step
