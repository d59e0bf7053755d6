"""Whoever changes the code behind a kept thing is asked whether the number in its key has to rise.

Findings are named by a digest of code (``alamire.analysis.edition``). Pyramids, answers, sites and the
catalogue cost too much to be made anew for every comment: a person raises their numbers, and is asked here.
"""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass
from importlib import import_module

import pytest

from tests.test_imports import PACKAGE


@dataclass(frozen=True)
class Held:
    """A number, where it stands, what it has risen to, the code behind it, and the digest of that code."""

    name: str
    home: str
    number: int | str
    modules: tuple[str, ...]
    digest: str


HELD = (
    Held(
        "RECIPE", "alamire.images.derivatives", "2-q85",
        ("images/pyramid", "images/levels", "images/masters", "images/colour", "images/placeholder",
         "formats/bigtiff", "formats/jpeg"),
        "2208da8c0b84df47",
    ),
    Held(
        "RENDERING", "alamire.server.image_service", 3,
        ("images/render", "images/geometry", "images/request"),
        "30e1b3acbf3d272a",
    ),
    Held(
        "LEVEL0", "alamire.images.static", 1,
        ("images/static", "images/info", "images/render", "images/geometry"),
        "2893703932b8170c",
    ),
    Held(
        "FORM", "alamire.archive.catalogue", 3,
        ("archive/catalogue", "source/card", "source/surfaces_form"),
        "bb19a3b0c98f3b46",
    ),
)  # fmt: skip


#: The parts of a tree that say of which type something is.
TYPES = ("annotation", "returns", "type_params")


def said(node: object) -> str:
    """Return what code does, the same on every Python: no layout, comments, docstrings, types, imports."""
    if isinstance(node, list):
        return f"[{','.join(said(entry) for entry in node if not does_nothing(entry))}]"
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return said(ast.Assign(targets=[node.target], value=node.value))
    if isinstance(node, ast.AST):
        fields = [
            (name, value)
            for name, value in ast.iter_fields(node)
            if name not in TYPES and value not in (None, [])
        ]
        return f"{type(node).__name__}({','.join(f'{name}={said(value)}' for name, value in fields)})"
    return repr(node)


def does_nothing(node: object) -> bool:
    """Say whether a statement is an import, or a string that stands by itself, such as a docstring."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return isinstance(node.value.value, str)
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name):
        return node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.Import | ast.ImportFrom)


def digest_of(modules: tuple[str, ...]) -> str:
    """Return the digest of what modules say."""
    sources = [(PACKAGE / f"{module}.py").read_text("utf-8") for module in modules]
    return hashlib.sha256("\n".join(said(ast.parse(source)) for source in sources).encode()).hexdigest()[:16]


@pytest.mark.parametrize("held", HELD, ids=lambda held: held.name)
def test_the_number_was_thought_of(held: Held) -> None:
    """Code that makes what is kept does not change without the question whether its number has to rise."""
    number = getattr(import_module(held.home), held.name)
    digest = digest_of(held.modules)
    assert (number, digest) == (held.number, held.digest), (
        f"The code of {', '.join(held.modules)} has changed. If what it makes may differ by a single byte, "
        f"raise {held.name} in {held.home}. Either way, write {number!r} and {digest!r} into HELD."
    )


def test_layout_words_types_and_imports_are_no_change() -> None:
    """Comments, docstrings, line breaks, types and moved modules ask no question; a number does, even 0."""
    before = 'from a import g\ndef f(x):\n    """Say."""\n    y = 0\n    return g(x, y)\n'
    after = (
        "from b import g\ndef f(x: int) -> str:  # why\n    y: int = 0\n    return g(\n        x, y\n    )\n"
    )
    assert said(ast.parse(before)) == said(ast.parse(after))
    assert said(ast.parse(before)) != said(ast.parse(before.replace("0", "False")))
