"""``alamire serve``: what it says when it cannot."""

from __future__ import annotations

import socket
from pathlib import Path

from click.testing import CliRunner

from alamire.archive.home import ArchiveFolder
from alamire.cli import main


def test_an_address_in_use_is_said(tmp_path: Path) -> None:
    """A port that someone listens on is wrong usage, and the message says what to do."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["serve", "--archive", str(archive.path), "--port", str(port)])
    assert result.exit_code == 2
    assert f"cannot listen on 127.0.0.1, port {port}" in result.stderr
    assert "--port" in result.stderr


def test_a_host_that_is_none_is_said(tmp_path: Path) -> None:
    """So is a host without an address."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    result = CliRunner().invoke(main, ["serve", "--archive", str(archive.path), "--host", "no host"])
    assert result.exit_code == 2
    assert "cannot listen on no host" in result.stderr


def test_a_folder_that_is_no_archive_is_said(tmp_path: Path) -> None:
    """Nothing is listened on for a folder without an archive."""
    result = CliRunner().invoke(main, ["serve", "--archive", str(tmp_path)])
    assert result.exit_code == 2
    assert "archive" in result.stderr


def test_the_image_base_is_an_address(tmp_path: Path) -> None:
    """Another image server is named by its address, not by a path."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    result = CliRunner().invoke(main, ["serve", "--archive", str(archive.path), "--image-base", "images"])
    assert result.exit_code == 2
    assert "--image-base" in result.stderr
