"""Commands parse, call one function, and print: what they do is done by functions that Python has too."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import alamire
from alamire.cli import main
from alamire.cli.usage import Command
from alamire.errors import WrongUsage

FOLDER = Path(alamire.__file__).parent / "cli"
MODULES = sorted(FOLDER.glob("*.py"))
#: From below the door a command has only how things go wrong, how files are written, and what is installed.
GROUND = ("alamire.errors", "alamire.extras", "alamire.progress", "alamire.writing")
#: Beyond the door: the two servers, which Python does not start, and what the demo holds its reading against.
BEYOND = {
    "demo.py": ["alamire.recognition.against"],
    "review.py": ["alamire.server.processes", "alamire.server.review.process"],
    "serve.py": ["alamire.server"],
}


def imports_of(tree: ast.AST) -> Iterator[str]:
    """Yield each module of alamire that is imported when a command runs, what only types need left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("alamire."):
            yield str(node.module)
        elif isinstance(node, ast.ImportFrom) and node.module == "alamire":
            yield from (f"alamire.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("alamire."))
        yield from imports_of(node)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_commands_go_through_the_door(path: Path) -> None:
    """No command reaches into a room."""
    found = {name for name in imports_of(ast.parse(path.read_text("utf-8"))) if "alamire.cli" not in name}
    rooms = sorted(name for name in found if name not in GROUND and not name.startswith("alamire.door"))
    assert rooms == [name for name in rooms if name.startswith(tuple(BEYOND.get(path.name, ())))]


@pytest.mark.parametrize("name", sorted(main.commands))
def test_a_command_fits_a_screen(name: str) -> None:
    """Its own statements, without what it is told and what it says of itself, are 40 lines at most."""
    function = main.commands[name].callback
    assert function is not None
    lines = inspect.getsource(inspect.unwrap(function)).splitlines()
    (tree,) = ast.parse("\n".join(lines)).body
    assert isinstance(tree, ast.FunctionDef)
    first = tree.body[1] if ast.get_docstring(tree) else tree.body[0]
    assert len(lines) - first.lineno < 40


@click.command("try", cls=Command)
@click.argument("targets", metavar="TARGET...", nargs=-1)
@click.option("-o", "--output")
@click.option("--voice", "voices", multiple=True)
@click.pass_context
def attempt(ctx: click.Context, targets: tuple[str, ...], output: str, voices: tuple[str, ...]) -> None:
    """Go wrong in the words of a function."""
    raise WrongUsage("{voices} and {output} of {targets} do not {fit}", targets[0] if targets else "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Error: --voice and -o of TARGET do not fit"),
        (["output"], "Error: Invalid value for -o: --voice and -o of TARGET do not fit"),
        (["targets"], "Error: Invalid value for TARGET: --voice and -o of TARGET do not fit"),
    ],
)
def test_wrong_usage_of_a_function_is_said_in_options(words: list[str], said: str) -> None:
    """Exit code 2, and each argument as the command line writes it."""
    from click.testing import CliRunner

    result = CliRunner().invoke(attempt, words)
    assert result.exit_code == 2
    assert said in result.stderr and "Usage: try" in result.stderr
    assert str(WrongUsage("{voices} do not {fit}")) == "voices do not fit"


def test_suffixes_are_those_of_what_writes() -> None:
    """The help has them without loading it."""
    from alamire.analysis.analysed import PICTURES
    from alamire.cli import analyse, convert
    from alamire.notation.export import FORMATS

    assert analyse.PICTURES == PICTURES
    assert tuple(FORMATS) == convert.SUFFIXES
