"""The scripts of the pages, by their own tests: run by Node, told what the server tells them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from alamire.recognition.boxes import box_of
from alamire.recognition.shapes import VOCABULARY, Stem
from alamire.recognition.staff import StaffLines
from alamire.recognition.symbols import parse
from alamire.server.review.vocabulary import vocabulary
from tests.scripts import check

HERE = Path(__file__).parent
LINES = StaffLines((100.0, 500.0, 900.0), (300.0, 310.0, 290.0), 20.0)
X = 250.0


def boxed(name: str, stem: Stem, before: float | None, after: float | None) -> dict[str, Any]:
    """What the page is to box, and the box that it should have."""
    infinite = float("inf")
    symbol = replace(parse(name), stem=stem, x=X)
    box = box_of(LINES, symbol, -infinite if before is None else before, infinite if after is None else after)
    lines = {"xs": LINES.xs, "middle": LINES.middle, "unit": LINES.unit}
    return {
        "name": name, "stem": stem, "lines": lines, "x": X, "before": before, "after": after, "box": box
    }  # fmt: skip


def test_tools_are_pinned_to_the_digit() -> None:
    """What checks the scripts today checks them the same way tomorrow; no lock file is needed for that."""
    package = json.loads((HERE / "package.json").read_text("utf-8"))
    pinned = package["devDependencies"] | package["overrides"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pinned.values())


def test_without_npm_the_check_is_left_out_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor does it fail where npm cannot reach anything; nothing is kept of the attempt but its folder."""
    monkeypatch.setattr(check, "TOOLS", tmp_path / "scripts")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert check.check() == 0
    assert "not checked: npm is not installed" in capsys.readouterr().out
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\nexit 1\n", "utf-8")
    npm.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(npm))
    assert check.check() == 0
    assert "could not fetch the tools (npm error code ENOTFOUND)" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "scripts").iterdir()] == ["package.json"]


def test_the_scripts_pass_their_own_tests(tmp_path: Path) -> None:
    """Under Node's runner, from 18 on; with every shape that the server sends, and its box by Python."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here to run the tests of the pages' scripts")
    stems: tuple[Stem, ...] = ("up", "down")
    said = {
        "vocabulary": vocabulary(),
        "boxes": [
            boxed(f"{shape.name}-{height}", stem, before, after)
            for shape in VOCABULARY
            for stem in stems
            for height, before, after in (("L3", None, None), ("S1", X - 8, X + 6))
        ],
    }
    told = tmp_path / "vocabulary.json"
    told.write_text(json.dumps(said), "utf-8")
    tests = sorted(map(str, HERE.glob("*/*.test.mjs")))
    result = subprocess.run(
        [node, "--test", "--test-reporter=spec", *tests],
        env={**os.environ, "REVIEW_VOCABULARY": str(told)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
