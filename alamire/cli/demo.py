"""alamire demo: the whole way through, on the samples."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from alamire.cli.options import DEFAULT_BASE_URL
from alamire.cli.output import print_problems, say


@click.command("demo")
@click.option(
    "--into",
    default="demo",
    show_default="./demo",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder that the demo writes to.",
)
@click.option("--samples", type=click.Path(path_type=Path, file_okay=False, exists=True), default=None,
              help="The folder of sample deliveries.")  # fmt: skip
@click.option("--serve", "serving", is_flag=True, help="Go on to serve the archive.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to serve at."
)
@click.pass_context
def command(ctx: click.Context, into: Path, samples: Path | None, serving: bool, port: int) -> None:
    """Ingest the samples, make manifests, analyse, read a page, and say what to open and where it is."""
    folder = samples or _samples()
    archive = into / "archive"
    base_url = f"http://localhost:{port}" if serving else DEFAULT_BASE_URL
    _ingest(folder, archive)
    _publish(ctx, archive, into / "manifests", base_url)
    _analyse(archive, into / "findings")
    _recognise(archive)
    _tell(into.resolve(), archive, base_url)
    if serving:
        from alamire.cli.serve import serve

        serve(archive, "127.0.0.1", port, None)


def _samples() -> Path:
    import alamire

    package = Path(alamire.__file__).parent
    for folder in (package / "samples", package.parent / "samples"):
        if folder.is_dir():
            return folder
    raise click.UsageError("the samples are not installed here; name their folder with --samples DIR")


def _ingest(samples: Path, path: Path) -> None:
    from alamire.archive.home import ArchiveFolder
    from alamire.deliveries.delivery import read_delivery
    from alamire.deliveries.plan import make_plan
    from alamire.deliveries.run import run
    from alamire.errors import Refused

    archive = ArchiveFolder.open(path) if (path / "alamire.toml").exists() else ArchiveFolder.create(path)
    for sheet in sorted(samples.glob("*/source.toml")):
        plan = make_plan(read_delivery(sheet.parent), archive)
        print_problems(plan.problems)
        if plan.refused:
            raise Refused(tuple(plan.problems))
        outcome = run(plan, archive)
        print_problems(outcome.problems)
        done = f"version {outcome.version}" if outcome.version else "already there, nothing to write"
        say(f"Ingested {plan.slug}: {done}")


def _publish(ctx: click.Context, archive: Path, output: Path, base_url: str) -> None:
    from alamire.cli import manifest

    ctx.invoke(
        manifest.command, sources=(), output=output, image_base=None, base_url=base_url, archive_path=archive
    )


def _analyse(archive: Path, output: Path) -> None:
    import alamire
    from alamire.analysis import ANALYSES, problems_of
    from alamire.analysis.plot import plot_findings
    from alamire.cli.notes import write_table

    say(f"Analysing: {', '.join(ANALYSES)}")
    opened = alamire.open(archive)
    for name in ANALYSES:
        findings = opened.analyse(name)
        print_problems(problems_of(findings))
        write_table(findings, output / f"{name}.csv")
        plot_findings(name, findings, output / f"{name}.png")


def _recognise(path: Path) -> None:
    """Read the pages of a piece that has an encoding, keep the drafts, and say how far they agree with it."""
    from alamire.archive.home import ArchiveFolder
    from alamire.errors import Refused
    from alamire.recognition.against import agreement
    from alamire.recognition.kept import keep_reading, leaves, model_for, read_leaf

    archive = ArchiveFolder.open(path)
    source, encoding = "leuven-chansonnier", "encodings/jay-pris-amours.mei"
    if source not in archive.sources():
        return
    for folio in ("16v", "17r"):
        leaf = leaves(archive, source, folio)[0]
        reading = read_leaf(leaf, model_for(archive, source))
        try:
            keep_reading(archive, leaf, reading)
        except Refused as refused:
            print_problems(refused.problems)
        compared = agreement(reading, archive.store.read(source, encoding), encoding)
        said = f"Read {folio} from its scan: {len(reading.symbols)} symbols"
        say(f"{said}; it agrees with its encoding in {compared}")


def _tell(into: Path, archive: Path, base_url: str) -> None:
    click.echo(
        f"""
The archive (an OCFL store)   {into / "archive"}
IIIF manifests                {into / "manifests"}
Findings, tables and plots    {into / "findings"}

Look around:
{_activation()}  alamire list --archive {archive}
  alamire show leuven-chansonnier --archive {archive}
  alamire analyse vertical-intervals leuven-chansonnier/par-malle-bouche --archive {archive}
  alamire review leuven-chansonnier --archive {archive}
  alamire serve --archive {archive}
and open {base_url}/ in a browser."""
    )


def _activation() -> str:
    """Return the line that makes ``alamire`` known to a shell, and nothing where it is known already."""
    scripts = Path(sys.executable).parent
    found = shutil.which("alamire")
    if not (scripts / "activate").is_file() or (found and Path(found).parent == scripts):
        return ""
    here = scripts.relative_to(Path.cwd()) if scripts.is_relative_to(Path.cwd()) else scripts
    return f"  . {here / 'activate'}\n"
