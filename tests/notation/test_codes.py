"""Every code of a problem that the readers and writers may report is explained in docs/notation.md."""

from __future__ import annotations

import re
from pathlib import Path

import alamire

PACKAGE = Path(alamire.__file__).parent / "notation"
PAGE = PACKAGE.parents[1] / "docs" / "notation.md"


def test_every_code_is_explained() -> None:
    """Codes are found where problems are made: the first argument of refuse and Problem, and in tables."""
    made = re.compile(
        r"""(?:refuse|Problem|tell|remarks\.add)\(\s*"([a-z-]+)"|"""
        r"""\("([a-z]+(?:-[a-z]+)+)", (?:self|context)\."""
    )
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        found |= {one or other for one, other in made.findall(path.read_text("utf-8"))}
    assert len(found) > 12
    text = PAGE.read_text("utf-8")
    assert sorted(code for code in found if f"`{code}`" not in text) == []
