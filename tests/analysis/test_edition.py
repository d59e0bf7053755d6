"""The name under which findings are kept rises with whatever makes them."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from alamire.analysis.edition import MAKERS, edition
from tests.test_imports import PACKAGE, imports_of


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The code that makes findings, somewhere else."""
    for maker in MAKERS:
        copy = shutil.copytree if (PACKAGE / maker).is_dir() else shutil.copy2
        copy(PACKAGE / maker, tmp_path / maker)
    return tmp_path


def test_the_same_code_has_the_same_edition(copied: Path) -> None:
    """It depends on the code alone, not on the place, and says the version that a person knows."""
    assert edition() == edition(MAKERS, copied)
    assert edition().startswith(f"{version('alamire')}.")


@pytest.mark.parametrize("change", ["analysis/cadences.py", "notation/mei/layer.py", "errors.py"])
def test_a_changed_line_is_another_edition(copied: Path, change: str) -> None:
    """An analysis, a reader of notation, what both stand on: findings of each are made anew."""
    with (copied / change).open("a", encoding="utf-8") as source:
        source.write("CHANGED = True\n")
    assert edition(MAKERS, copied) != edition()


def test_a_module_that_is_new_or_renamed_is_another_edition(copied: Path) -> None:
    """Names count, and so does where a module ends, besides what is in it."""
    (copied / "analysis" / "cadences.py").rename(copied / "analysis" / "closes.py")
    assert edition(MAKERS, copied) != edition()


def test_every_room_that_findings_depend_on_is_counted() -> None:
    """Whatever an analysis imports, and what that imports in turn, is in a room or module of the digest."""
    left, seen = {"analysis"}, set[str]()
    while left:
        room = left.pop()
        seen.add(room)
        place = PACKAGE / room
        for path in place.rglob("*.py") if place.is_dir() else [PACKAGE / f"{room}.py"]:
            names = [name.split(".") for _, name in imports_of(path)]
            left |= {name[1] for name in names if name[0] == "alamire" and len(name) > 1} - seen
    assert seen == {maker.removesuffix(".py") for maker in MAKERS}
