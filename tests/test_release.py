"""A release has one version, wherever it is written, and runs on the Pythons that it promises."""

from __future__ import annotations

import re
import tomllib

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_version_is_the_same_everywhere() -> None:
    """The package, how it is cited, and the newest section of the changelog."""
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert cited and cited[1] == PROJECT["version"]
    assert newest and newest[1] == PROJECT["version"]


def test_the_suite_runs_on_every_python_that_is_promised() -> None:
    """Continuous integration has each of them, and no other."""
    bounds = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"])
    assert bounds
    promised = [f"3.{minor}" for minor in range(int(bounds[1]), int(bounds[2]))]
    named = re.search(r"^for version in (.+); do$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert named and named[1].split() == promised
