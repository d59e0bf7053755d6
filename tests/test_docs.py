"""What the pages of docs/ promise: links that lead somewhere, and every public name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import alamire
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    """A link of a page to a file has that file; ``make docs`` checks those to headings as well."""
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", [name for name in alamire.__all__ if not name.startswith("__")])
def test_every_public_name_is_in_the_reference(name: str) -> None:
    """What ``import alamire`` gives can be looked up."""
    text = (ROOT / "docs" / "python.md").read_text("utf-8")
    assert re.search(rf":: alamire\.{name}$", text, re.MULTILINE)
