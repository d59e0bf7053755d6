"""alamire tune: teach the reader the hand of a source."""

from __future__ import annotations

from pathlib import Path

import click

import alamire
from alamire.cli.options import archive_option, json_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_json, progress, say


@click.command("tune")
@click.argument("source", metavar="SOURCE")
@click.option(
    "--minutes", default=7.0, show_default=True, type=click.FloatRange(0.05, 600), help="How long to learn."
)
@archive_option
@json_option
@click.pass_context
def command(ctx: click.Context, source: str, minutes: float, archive_path: Path, as_json: bool) -> None:
    """Teach the reader a source's hand, from the pages that a person has confirmed with alamire review.

    A quarter of these pages, one at least, is kept apart and measures the reader before and after. The tuned
    model is kept with the source, and alamire recognise uses it there; it is thrown away where it does no
    better. Needs PyTorch: pip install 'alamire[train]'.
    """
    with progress() as shown:
        found = alamire.tune(source, minutes=minutes, archive=archive_path, progress=shown)
    tuned = found.tuned
    if as_json:
        print_json(found.as_json())
    else:
        say(
            f"{source}: {tuned.before:.1%} symbol error before, {tuned.after:.1%} after, on "
            f"{tuned.measured_on} of {tuned.learnt_from + tuned.measured_on} verified pages; "
            + (f"kept as version {found.version}" if found.kept else "no better, and so not kept")
        )
    ctx.exit(FINE if found.kept else PROBLEMS_FOUND)
