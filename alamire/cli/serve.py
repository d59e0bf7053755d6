"""alamire serve: the server."""

from __future__ import annotations

from pathlib import Path

import click

import alamire
from alamire.cli.options import archive_option, base_url_option, check_address
from alamire.cli.output import say


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on."
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="How many processes serve."
)
@click.option(
    "--image-base", default=None, callback=check_address, help="The address of another IIIF image server."
)
@base_url_option(None, "as each request says")
@archive_option
def command(
    host: str, port: int, workers: int, image_base: str | None, base_url: str | None, archive_path: Path
) -> None:
    """Serve the archive: pages at /, images, manifests and the collection below /iiif/.

    Workers are replaced one by one, dropping no request, when the process that started them gets SIGHUP.
    """
    serve(alamire.open(archive_path).path, host, port, base_url, image_base=image_base, workers=workers)


def serve(
    archive: Path,
    host: str,
    port: int,
    base_url: str | None,
    *,
    image_base: str | None = None,
    workers: int = 1,
) -> None:
    """Serve an archive until interrupted."""
    from alamire.server import processes

    try:
        listening = processes.listen(host, port)
    except processes.CannotListen as error:
        raise click.UsageError(f"{error}; name another with --host and --port") from error
    with listening:
        shown = "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host
        say(f"Serving {archive} at http://{shown}:{port}/ (Ctrl-C ends)")
        processes.serve(listening, archive, base_url, image_base, workers)
