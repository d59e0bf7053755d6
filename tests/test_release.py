"""A release has one version, wherever it is written."""

from __future__ import annotations

import re
import tomllib

from tests.conftest import ROOT


def test_the_version_is_the_same_everywhere() -> None:
    """The package, how it is cited, and the newest section of the changelog."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert cited and cited[1] == version
    assert newest and newest[1] == version
