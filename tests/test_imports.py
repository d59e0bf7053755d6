"""The imports point the way the design says, and heavy things wait until they are used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import alamire

PACKAGE = Path(alamire.__file__).parent
#: From the roof down: a room imports itself and what comes after it.
ORDER = (
    "cli", "server", "door", "publication", "iiif", "recognition", "analysis", "notation",
    "images", "deliveries", "archive", "formats", "source", "writing", "collector", "progress", "extras",
    "errors",
)  # fmt: skip
#: The functions that ``alamire`` itself has.
DOOR = set(alamire.__all__) - {"TICKS", "__version__", "analysis"}
#: The names that ``alamire`` itself has, by the room that they come from.
SURFACE = {"TICKS": "notation", "__version__": "errors", **dict.fromkeys(DOOR, "door")}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem in ORDER)


def room_of(path: Path) -> str:
    """Return the room that a module is in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Return the line and the full name of everything that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = [*path.relative_to(PACKAGE.parent).with_suffix("").parts]
            base = ".".join(package[: -node.level]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            if module == "alamire":
                yield from ((node.lineno, f"alamire.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, module


def named(path: Path) -> str:
    """Return a short name of a module for the test's own name."""
    return path.relative_to(PACKAGE).as_posix()


def test_every_room_is_in_the_order() -> None:
    """A new room has its place in the order before it has modules."""
    rooms = {room_of(path) for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE}
    assert rooms <= set(ORDER)


def test_the_map_of_the_house_is_the_order() -> None:
    """The table of docs/design.md has the rooms from the roof down, and no other."""
    page = (PACKAGE.parent / "docs" / "design.md").read_text("utf-8")
    table = page.partition("## Rooms")[2].partition("\n## ")[0]
    rooms = re.findall(r"^\| `([a-z]+)(?:\.py)?` \|", table, re.MULTILINE)
    assert tuple(rooms) == ORDER


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_point_down(path: Path) -> None:
    """No module imports from a room above its own."""
    mine = ORDER.index(room_of(path))
    for line, name in imports_of(path):
        if name.split(".")[0] != "alamire":
            continue
        part = name.partition(".")[2].split(".")[0]
        room = SURFACE.get(part, part) or "door"
        assert ORDER.index(room) >= mine, f"{path}:{line} imports {name} from above"


#: Rooms that know nothing of one another, though one has to stand above the other in the list.
STRANGERS = {"images": {"deliveries", "archive"}, "formats": {"source", "writing", "collector", "errors"}}


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) in STRANGERS], ids=named)
def test_strangers_do_not_meet(path: Path) -> None:
    """Pictures know no deliveries and no archive; formats know bytes alone."""
    met = {name.split(".")[1] for _, name in imports_of(path) if name.startswith("alamire.")}
    assert not met & STRANGERS[room_of(path)]


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) != "cli"], ids=named)
def test_click_is_the_command_lines_alone(path: Path) -> None:
    """Nothing below cli imports click."""
    assert not [name for _, name in imports_of(path) if name.split(".")[0] == "click"]


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room_of(path) not in ("cli", "server")], ids=named
)
def test_starlette_is_the_servers_alone(path: Path) -> None:
    """Nothing below server imports Starlette or uvicorn."""
    assert not [name for _, name in imports_of(path) if name.split(".")[0] in ("starlette", "uvicorn")]


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) == "source"], ids=named)
def test_source_does_no_io(path: Path) -> None:
    """The room of pure facts opens, reads and lists nothing."""
    doors = {"os", "io", "pathlib", "shutil", "subprocess", "socket", "tempfile", "urllib", "glob", "sqlite3"}
    assert not [name for _, name in imports_of(path) if name.split(".")[0] in doors]
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    assert not [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "open"]


def test_importing_alamire_loads_nothing_heavy() -> None:
    """``import alamire`` brings in no library but Python's own, so that it takes no time."""
    heavy = "numpy pandas music21 matplotlib pyvips PIL lxml click starlette iiif_prezi3 openpyxl jsonschema"
    code = f"import sys, alamire; print([m for m in {heavy.split()!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_surface_is_what_it_says() -> None:
    """Every public name of alamire can be had, and no other."""
    for name in ("TICKS", "__version__", "analysis"):
        assert getattr(alamire, name)
    assert set(alamire.__all__) <= set(dir(alamire))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = alamire.nonsense
