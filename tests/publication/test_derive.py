"""All pyramids at once, and another image server that serves them by the ids of our manifests."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from alamire.archive.home import ArchiveFolder
from alamire.cli import main
from tests.server.conftest import serving
from tests.server.songbook import draw_page, ingest, make_archive, make_delivery

IIPSRV = Path("/usr/lib/iipimage-server/iipsrv.fcgi")


def derive(archive: Path, *words: str) -> dict[str, str]:
    """Run ``alamire derive --json``; return the pyramid of each image."""
    result = CliRunner().invoke(main, ["derive", *words, "--json", "--archive", str(archive)])
    assert result.exit_code == 0, result.stderr
    images: dict[str, str] = json.loads(result.stdout)["images"]
    return images


def test_every_image_has_a_pyramid_and_a_link(tmp_path: Path) -> None:
    """Scans of all kinds and placeholders: each link leads to a TIFF; a second run changes nothing."""
    archive = make_archive(tmp_path)
    images = derive(archive)
    assert {"small-book.s0001", "small-book.s0003.ultraviolet", "small-book.s0006"} <= set(images)
    links = archive / "derivatives" / "images"
    assert {path.name for path in links.iterdir()} == set(images)
    for name, pyramid in images.items():
        assert (links / name).resolve() == Path(pyramid).resolve()
        assert (links / name).read_bytes()[:4] == b"II+\0"
    before = {path: path.lstat().st_mtime_ns for path in links.iterdir()}
    derive(archive)
    assert {path: path.lstat().st_mtime_ns for path in links.iterdir()} == before


def test_links_follow_the_source(tmp_path: Path) -> None:
    """After a page was scanned anew its link leads to the new pyramid; what is gone has no link."""
    delivery = make_delivery(tmp_path / "delivery")
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(delivery, archive)
    before = derive(archive.path)
    stale = archive.path / "derivatives" / "images" / "small-book.s0099"
    stale.symlink_to("nowhere")
    draw_page("anew", delivery / "scans" / "1r.tif")
    ingest(delivery, archive)
    after = derive(archive.path, "small-book")
    assert after["small-book.s0001"] != before["small-book.s0001"]
    link = archive.path / "derivatives" / "images" / "small-book.s0001"
    assert link.resolve() == Path(after["small-book.s0001"]).resolve()
    assert not stale.is_symlink()


def test_a_source_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Exit code 2, with the name."""
    archive = make_archive(tmp_path)
    result = CliRunner().invoke(main, ["derive", "other", "--archive", str(archive)])
    assert result.exit_code == 2
    assert "'other'" in result.stderr


@pytest.fixture
def iip(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """An archive with its pyramids, and the address of an iipsrv that serves them (through nginx)."""
    missing = [name for name in ("nginx", "spawn-fcgi") if not shutil.which(name)]
    if missing or not IIPSRV.exists():
        pytest.skip("nginx, spawn-fcgi or iipsrv (Debian: iipimage-server) is not here")
    archive = make_archive(tmp_path)
    derive(archive)
    ports = []
    for _ in range(2):
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            ports.append(found.getsockname()[1])
    tmp_path.chmod(0o755)
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/nginx.log; user root;"
        "events {} http { access_log off; "
        + "".join(f"{name}_temp_path {tmp_path}/{name}; " for name in ("client_body", "fastcgi", "proxy"))
        + f"uwsgi_temp_path {tmp_path}/uwsgi; scgi_temp_path {tmp_path}/scgi;"
        f"server {{ listen 127.0.0.1:{ports[1]}; location ~ ^/images/(.*)$ {{"
        f"fastcgi_pass 127.0.0.1:{ports[0]};"
        "fastcgi_param QUERY_STRING IIIF=$1; fastcgi_param REQUEST_METHOD $request_method;"
        "fastcgi_param REQUEST_URI $request_uri; fastcgi_param HTTP_HOST $http_host; } } }"
    )
    environment = {
        **os.environ,
        "FILESYSTEM_PREFIX": f"{archive}/derivatives/images/",
        "LOGFILE": str(tmp_path / "iip.log"),
    }
    servers = [
        subprocess.Popen(
            ["spawn-fcgi", "-n", "-a", "127.0.0.1", "-p", str(ports[0]), "--", str(IIPSRV)], env=environment
        ),
        subprocess.Popen(["nginx", "-c", str(tmp_path / "nginx.conf")]),
    ]
    try:
        for port in ports:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
        yield archive, f"http://127.0.0.1:{ports[1]}/images"
    finally:
        for server in servers:
            server.terminate()
            server.wait(timeout=20)


def picture(answer: httpx.Response) -> Image.Image:
    """Return the image of an answer."""
    assert answer.headers["content-type"] == "image/jpeg", answer.text
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="nginx needs root here")
def test_iipsrv_serves_what_our_manifests_name(iip: tuple[Path, str]) -> None:
    """With --image-base, a manifest's images come from iipsrv, of our size and with our pixels."""
    archive, base = iip
    command = ["manifest", "small-book", "--image-base", base, "--archive", str(archive)]
    manifest = json.loads(CliRunner().invoke(main, command).stdout)
    body = manifest["items"][0]["items"][0]["items"][0]["body"]
    service = body["service"][0]["id"]
    assert service == f"{base}/small-book.s0001"
    with serving(archive) as ours, httpx.Client(trust_env=False, timeout=30) as client:
        for path in (
            "0,0,512,512/512,/0/default.jpg",
            "1024,1536,176,164/176,/0/default.jpg",
            "full/300,/0/default.jpg",
        ):
            theirs, mine = (
                picture(client.get(f"{address}/{path}"))
                for address in (service, f"{ours}/iiif/2/small-book.s0001")
            )
            assert theirs.size == mine.size
            assert np.abs(np.asarray(theirs, int) - np.asarray(mine, int)).mean() < 3
