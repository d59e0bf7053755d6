"""Which alamire made a finding: its version, and a digest of the code that decides what is found.

What is kept is kept under this name and made anew under another, so nobody has to remember to raise a number
when an analysis changes. The price is that a comment in that code makes findings anew too.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

#: The rooms and modules whose code decides what is found; a test compares them with what analyses import.
MAKERS = (
    "analysis", "notation", "formats", "source",
    "writing.py", "extras.py", "collector.py", "errors.py",
)  # fmt: skip
_PACKAGE = Path(__file__).parents[1]


@cache
def edition(makers: tuple[str, ...] = MAKERS, package: Path = _PACKAGE) -> str:
    """Return the version of alamire with the digest of its code, as in ``0.2.0.1b4a172f``.

    The sources of all makers are read once a process, in some 5 ms.
    """
    digest = hashlib.sha256()
    for maker in makers:
        place = package / maker
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            source = path.read_bytes()
            digest.update(f"{path.relative_to(package).as_posix()} {len(source)}\n".encode() + source)
    return f"{version('alamire')}.{digest.hexdigest()[:8]}"
