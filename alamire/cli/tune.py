"""alamire tune: teach the reader the hand of a source."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from alamire.cli.options import archive_option, json_option
from alamire.cli.output import PROBLEMS_FOUND, print_json, progress, say
from alamire.errors import Refused


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
    from alamire.archive.drafts import keep
    from alamire.archive.home import ArchiveFolder
    from alamire.recognition.kept import TUNED, readings

    archive = ArchiveFolder.open(archive_path)
    archive.songbook(source)
    try:
        from alamire.recognition.tune import Verified, card_of, tune
    except ModuleNotFoundError as missing:
        said = f"tuning needs {missing.name}, which is not installed: pip install 'alamire[train]'"
        raise Refused.because("not-installed", "", said) from missing
    pages = [
        Verified(leaf.scan, reading)
        for leaf, reading in readings(archive, source)
        if any(staff.symbols for staff in reading.staves)
        and all(staff.confirmed for staff in reading.staves if staff.symbols)
    ]
    with tempfile.TemporaryDirectory(prefix="alamire-") as scratch, progress(100, "tuning") as step:
        folder, told = Path(scratch), 0

        def tell(part: float) -> None:
            nonlocal told
            step(int(part * 100) - told)
            told = int(part * 100)

        tuned = tune(pages, folder, seconds=minutes * 60, step=tell)
        step(100 - told)
        card = card_of(tuned, source, "reader.onnx of the package")
        version = None
        if tuned.better:
            files = {
                TUNED: (folder / "reader.onnx").read_bytes(),
                "models/reader.json": (json.dumps(card, indent=2) + "\n").encode(),
            }
            version = keep(archive, source, files, message=f"Tune the reader to {source}")
    if as_json:
        print_json({**card, "kept": tuned.better, "version": version})
    else:
        say(
            f"{source}: {tuned.before:.1%} symbol error before, {tuned.after:.1%} after, on "
            f"{tuned.measured_on} of {tuned.learnt_from + tuned.measured_on} verified pages; "
            + (f"kept as version {version}" if tuned.better else "no better, and so not kept")
        )
    if not tuned.better:
        ctx.exit(PROBLEMS_FOUND)
