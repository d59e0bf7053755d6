"""alamire review: correct what was read from a scan."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from alamire.cli.options import archive_option
from alamire.cli.output import print_problems, say
from alamire.door.targets import split_target
from alamire.errors import Problem
from alamire.extras import need


@click.command("review")
@click.argument("target", metavar="SOURCE[/FOLIO|/PIECE]")
@click.option(
    "--who", help="Who corrects, for the history of the source.  [default: the name you are logged in with]"
)
@click.option(
    "--port", default=0, type=click.IntRange(0, 65535), help="The port on 127.0.0.1.  [default: a free one]"
)
@click.option(
    "--open/--no-open", "opens", default=True, show_default=True, help="Open the page in a browser."
)
@archive_option
def command(target: str, who: str | None, port: int, opens: bool, archive_path: Path) -> None:
    """Correct readings of surfaces in a browser, with the keyboard alone.

    The scan's staves stand above what was read of them, coloured by how sure the reader was. Tab goes to the
    next doubtful place: a symbol, or a gap where one may be missing; f goes to the next page with something
    to confirm, b to the one before; ? shows all keys. Given a SOURCE or a PIECE it begins with the first
    page that has something to confirm, given a FOLIO with that. Saving keeps a new version of the source. The
    page is served on this machine alone, apart from the public server, and its address opens once.
    """
    source, part = split_target(target)
    if not source:
        raise click.BadParameter(
            "name a source, as SOURCE, SOURCE/16v or SOURCE/PIECE", param_hint="SOURCE[/FOLIO|/PIECE]"
        )
    need("review", "starlette", "uvicorn", "httptools", "pyvips", "simplejpeg", "onnxruntime")
    from alamire.server.processes import CannotListen
    from alamire.server.review.process import serve

    def ready(address: str, problems: list[Problem]) -> None:
        print_problems(problems)
        say(f"Correct {source}{part and '/'}{part} at {address} (Ctrl-C ends)")
        if opens:
            import webbrowser

            webbrowser.open(address)

    try:
        serve(archive_path, source, part, who or _user(), port, ready)
    except CannotListen as error:
        raise click.UsageError(f"{error}; name another with --port") from error


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
