"""alamire demo: the whole way through, on the samples."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

import alamire
from alamire.cli.notes import write_table
from alamire.cli.output import print_problems, say
from alamire.door import BASE_URL
from alamire.errors import Refused
from alamire.extras import need


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
    need("all", "onnxruntime", "pyvips", *(("starlette", "uvicorn") if serving else ()))
    folder = samples or _samples()
    archive = into / "archive"
    base_url = f"http://localhost:{port}" if serving else BASE_URL
    _ingest(folder, archive)
    _publish(ctx, archive, into / "manifests", base_url)
    _analyse(archive, into / "findings")
    _recognise(archive)
    _tell(into.resolve(), archive, base_url)
    if serving:
        from alamire.cli.serve import serve

        serve(archive, "127.0.0.1", port, None)


def _samples() -> Path:
    package = Path(alamire.__file__).parent
    for folder in (package / "samples", package.parent / "samples"):
        if folder.is_dir():
            return folder
    raise click.UsageError("the samples are not installed here; name their folder with --samples DIR")


def _ingest(samples: Path, path: Path) -> None:
    if not (path / "alamire.toml").exists():
        alamire.init(path)
    deliveries = [sheet.parent for sheet in sorted(samples.glob("*/source.toml"))]
    for done in alamire.ingest(deliveries, archive=path):
        if done.refused:
            raise Refused(done.problems)
        print_problems(done.problems)
        said = f"version {done.version}" if done.version else "already there, nothing to write"
        say(f"Ingested {done.source}: {said}")


def _publish(ctx: click.Context, archive: Path, output: Path, base_url: str) -> None:
    from alamire.cli import manifest

    ctx.invoke(
        manifest.command, sources=(), output=output, image_base=None, base_url=base_url, archive_path=archive
    )


def _analyse(path: Path, output: Path) -> None:
    names = list(alamire.analysis.ANALYSES)
    say(f"Analysing: {', '.join(names)}")
    archive = alamire.open(path)
    for name in names:
        found = alamire.analyse(name, list(archive), archive=archive)
        print_problems(found.problems)
        write_table(found.table, output / f"{name}.csv")
        found.draw(output / f"{name}.png")


def _recognise(path: Path) -> None:
    """Read the pages of a piece that has an encoding, keep the drafts, and say how far they agree with it."""
    from alamire.recognition.against import agreement

    archive = alamire.open(path)
    source, encoding = "leuven-chansonnier", "encodings/jay-pris-amours.mei"
    for folio in ("16v", "17r") if source in archive else ():
        try:
            (reading,) = alamire.recognise(f"{source}/{folio}", archive=archive).readings
        except Refused as refused:  # somebody has corrected it
            print_problems(refused.problems)
            continue
        compared = agreement(reading, archive[source].path_of(encoding).read_bytes(), encoding)
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
