"""Every code of a problem that any room may report is explained on a page of docs/."""

from __future__ import annotations

import re
from pathlib import Path

import alamire

PACKAGE = Path(alamire.__file__).parent
PAGES = PACKAGE.parent / "docs"
#: Where problems are made: by their class, by what a module calls for its own, or as findings of a reading.
MADE = re.compile(
    r"""\b(?:Problem\.(?:error|warning|remark)|because|_?[Pp]roblem|_?warning|_?told|_?tell|report|remarks\.add|Finding)"""
    r"""\(\s*"([a-z]+(?:-[a-z]+)*)"(?:[,)]| if )"""
)


def test_every_code_of_the_package_is_explained() -> None:
    """A code that somebody meets in a message can be looked up."""
    made = {code for path in PACKAGE.rglob("*.py") for code in MADE.findall(path.read_text("utf-8"))}
    known = "not-empty no-scheduler silent-voice damaged-inventory no-such-voice lacuna off-the-beat"
    assert set(known.split()) <= made
    text = "".join(page.read_text("utf-8") for page in PAGES.glob("*.md"))
    assert sorted(code for code in made if f"`{code}`" not in text) == []
