"""Fetches the viewer, Mirador, through npm: when the package is built, and later with ``python -m``.

Only Mirador's own package is fetched: its distribution holds all that it needs. Where npm is absent
the installation goes on, and the viewer page says how to get it.

The build hook loads this module alone, where alamire cannot be imported yet; it imports nothing of it.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

MIRADOR = "mirador@4.0.0"
#: What is taken from the package, and what it is called here.
FILES = {"package/dist/mirador.min.js": "mirador.min.js", "package/LICENSE": "LICENSE"}
TIMEOUT = 180


class NoViewer(Exception):
    """Mirador could not be fetched; the message says why and what to do."""


def fetch_mirador(folder: Path) -> bool:
    """Put Mirador in a folder; False where it is there already. NoViewer where that cannot be done."""
    if all((folder / name).exists() for name in FILES.values()):
        return False
    with tempfile.TemporaryDirectory() as work:
        unpacked = fetch_package(MIRADOR, Path(work))
        folder.mkdir(parents=True, exist_ok=True)
        for inside, name in FILES.items():
            partial = folder / f".{name}.partial"
            try:
                shutil.copyfile(unpacked / inside, partial)
                partial.replace(folder / name)
            finally:
                partial.unlink(missing_ok=True)
    return True


def fetch_package(package: str, work: Path) -> Path:
    """Fetch a package of npm into a folder, unpack it there, and return the folder."""
    npm = shutil.which("npm")
    if npm is None:
        raise NoViewer("npm is not installed; install Node.js")
    command = [npm, "pack", "--silent", "--ignore-scripts", package]
    try:
        result = subprocess.run(
            command, cwd=work, capture_output=True, text=True, timeout=TIMEOUT, check=True
        )
    except subprocess.CalledProcessError as error:
        raise NoViewer(f"npm could not fetch {package}: {error.stderr.strip()[-500:]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoViewer(f"npm could not fetch {package}: {error}") from error
    try:
        with tarfile.open(work / result.stdout.split()[-1]) as archive:
            _unpack(archive, work)
    except (OSError, IndexError, tarfile.TarError) as error:
        raise NoViewer(f"npm's archive of {package} could not be read: {error}") from error
    return work


def _unpack(archive: tarfile.TarFile, work: Path) -> None:
    """Unpack plain files and folders only, none outside of the folder."""
    if hasattr(tarfile, "data_filter"):
        archive.extractall(work, filter="data")
        return
    # Python before 3.11.4, as Debian 12 has it, knows no filters.
    for member in archive.getmembers():
        inside = (work / member.name).resolve().is_relative_to(work.resolve())
        if inside and (member.isfile() or member.isdir()):
            archive.extract(member, work)


def main() -> int:
    """Fetch Mirador for this installation; the exit code says whether it is there."""
    from alamire.publication import static_files

    folder = static_files.MIRADOR.parent
    try:
        fetched = fetch_mirador(folder)
    except NoViewer as error:
        print(f"Mirador was not fetched: {error}", file=sys.stderr)
        return 1
    print(f"Mirador is {'now' if fetched else 'already'} in {folder}")
    return 0


if TYPE_CHECKING:
    BuildHook: Any = object
else:
    BuildHook = object
    with contextlib.suppress(ImportError):  # hatchling is there only while the package is built
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as BuildHook


class ViewerBuildHook(BuildHook):  # type: ignore[misc]  # hatchling is no dependency
    """Hatchling calls this before it builds the package, for an editable installation too."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch Mirador into the package; say why not where that fails, and let the build go on."""
        folder = Path(self.root) / "alamire" / "publication" / "static" / "mirador"
        try:
            fetch_mirador(folder)
        except (NoViewer, OSError) as error:
            self.app.display_warning(
                f"The viewer page will be without Mirador: {error}. Get it later with "
                "`python -m alamire.publication.viewer_build`"
            )


if __name__ == "__main__":
    sys.exit(main())
