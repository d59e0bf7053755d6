"""What commands print: answers on standard output, messages on standard error, and exit codes."""

from __future__ import annotations

import errno
import json
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import click

from alamire.errors import AlamireError, Place, Problem, Severity
from alamire.progress import Progress, silent
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
    """Yield every error, and of the other problems the first few of each code and how many more there are."""
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


def explain(error: OSError | sqlite3.Error) -> Problem:
    """Return the problem that a failure of a disk or of the catalogue is, with the next step."""
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


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a bar for each work under way on a terminal, and nothing when piped; yields what is to be told."""
    if not sys.stderr.isatty():
        yield silent
        return
    with ExitStack() as shown:
        bar: Any = None

        def tell(done: int, total: int, what: str) -> None:
            nonlocal bar
            if total > 0 and (bar is None or bar.label != what):
                shown.close()
                bar = shown.enter_context(click.progressbar(length=total, label=what, file=sys.stderr))
            if bar is not None:
                bar.update(done - bar.pos)
            if done >= total:  # what is said next stands on a line of its own
                shown.close()
                bar = None

        yield tell
