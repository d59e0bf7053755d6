"""alamire serve: the server."""

from __future__ import annotations

from pathlib import Path

import click

from alamire.cli.options import archive_option, base_url_option
from alamire.cli.output import say


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on."
)
@base_url_option(None, "as each request says")
@archive_option
def command(host: str, port: int, base_url: str | None, archive_path: Path) -> None:
    """Serve the archive: pages at /, images, manifests and the collection below /iiif/."""
    from alamire.archive.home import Archive

    serve(Archive.open(archive_path).path, host, port, base_url)


def serve(archive: Path, host: str, port: int, base_url: str | None) -> None:
    """Serve an archive until interrupted."""
    import uvicorn

    from alamire.server.app import create_app

    say(f"Serving {archive} at http://{'localhost' if host == '127.0.0.1' else host}:{port}/ (Ctrl-C ends)")
    uvicorn.run(create_app(archive, base_url), host=host, port=port, log_level="warning")
