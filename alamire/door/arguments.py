"""What the functions of the door accept: a path, one thing or several, an address.

Whatever else is given is wrong usage, which says what is accepted, before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any, cast
from urllib.parse import urlsplit

from alamire.errors import WrongUsage

#: What an address must be, as the command line says it too.
ADDRESS = "must be http(s)://host[:port][/path], such as https://iiif.example.org"


def as_path(given: Path | str, argument: str) -> Path:
    """Return a path; WrongUsage where it is none, or empty, which would be the folder one stands in."""
    if not isinstance(given, str | PurePath) or given == "":
        raise WrongUsage(f"{{{argument}}} must be a path (a string or a Path), not {_shown(given)}")
    return Path(given)


def several(given: object, kinds: tuple[type, ...], argument: str, accepted: str) -> list[Any]:
    """Return one thing of these kinds, or several, as a list; WrongUsage says what is accepted."""
    one = isinstance(given, (*kinds, dict)) or not isinstance(given, Iterable)
    things = [given] if one else list(cast("Iterable[object]", given))
    for each in things:
        if not isinstance(each, kinds) or each == "":
            raise WrongUsage(f"{{{argument}}} must be {accepted}, or several, not {_shown(each)}")
    return things


def names(given: str | Iterable[str], argument: str, accepted: str = "the name of a source") -> list[str]:
    """Return one name, or several, as a list: a string is one name, and not its letters."""
    return several(given, (str,), argument, accepted)


def address(given: str, argument: str) -> str:
    """Return a web address without the slash at its end; WrongUsage where it is none, or has a query."""
    parts = urlsplit(given) if isinstance(given, str) else None
    if (
        not parts
        or parts.scheme not in ("http", "https")
        or not parts.netloc
        or parts.query
        or parts.fragment
    ):
        raise WrongUsage(f"{{{argument}}} {ADDRESS}, not {_shown(given)}")
    return given.rstrip("/")


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else f"a {type(given).__name__}"
