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
    """Whatever the analyses and the readers of notation import, and what that imports, is in the digest."""
    left, seen = {*PACKAGE.glob("analysis/*.py"), *PACKAGE.glob("notation/*/*.py")}, set[Path]()
    while left:
        path = left.pop()
        seen.add(path)
        for _, name in imports_of(path):
            place = PACKAGE.parent.joinpath(*name.split("."))
            modules = {place.with_suffix(".py"), place / "__init__.py"} if name.startswith("alamire.") else ()
            left |= {module for module in modules if module.is_file()} - seen
    assert {path.relative_to(PACKAGE).parts[0] for path in seen} == set(MAKERS)
