"""Images that viewers ask for again and again (thumbnails, a page on a screen), kept on disk.

They lie in a folder of the archive's derivatives, up to a bound, and may be deleted at any time. Each file
begins with the digest of the rest, so that a file that was damaged or half written is not taken for an image.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from pathlib import Path

from alamire.images.geometry import Crop
from alamire.images.request import ImageRequest
from alamire.writing import write_bytes

_log = logging.getLogger(__name__)
#: The longest side of an image that is kept, in pixels.
LONGEST = 1024
#: What all kept images together may take, in bytes.
MOST = 512 * 2**20
_DIGEST = 32
_HOUR = 3600.0


class KeptImages:
    """A folder of rendered images, the least used of which are deleted when there are too many."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self._folder = folder
        self._most = most
        self._written = most  # What lies there already is counted at the first writing.
        self._lock = threading.Lock()
        self._told = False

    def find(self, key: str) -> bytes | None:
        """Return a kept image; None where it is not there."""
        path = self._place(key)
        try:
            with path.open("rb") as stream:
                data = stream.read()
                written = os.fstat(stream.fileno()).st_mtime
        except OSError:
            return None
        body = data[_DIGEST:]
        if hashlib.sha256(body).digest() != data[:_DIGEST]:
            path.unlink(missing_ok=True)
            return None
        if time.time() - written > _HOUR:
            self._touch(path)
        return body

    def keep(self, key: str, body: bytes) -> None:
        """Keep an image; if that fails, the log says so once, and the image is rendered again next time."""
        path = self._place(key)
        try:
            write_bytes(path, hashlib.sha256(body).digest() + body, lasting=False)
        except OSError as error:
            if not self._told:
                self._told = True
                _log.warning("%s: rendered images are not kept: %s", self._folder, error)
            return
        self._make_room(len(body))

    def _place(self, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return self._folder / name[:2] / name

    def _make_room(self, added: int) -> None:
        """Delete the least used images when so many were added that there may be too many."""
        with self._lock:
            self._written += added
            if self._written < self._most // 8:
                return
            self._written = 0
        found = sorted(_files(self._folder), reverse=True)
        total = 0
        for _, size, path in found:
            total += size
            if total > self._most - self._most // 8:
                path.unlink(missing_ok=True)

    def _touch(self, path: Path) -> None:
        try:
            os.utime(path)
        except OSError:
            return


def is_asked_again(crop: Crop, request: ImageRequest, whole: tuple[int, int]) -> bool:
    """Say whether viewers ask for such an image again and again: a whole page, upright and small."""
    upright = not request.rotation.mirrored and request.rotation.degrees % 360 == 0
    entire = (crop.width, crop.height) == whole
    return upright and entire and max(crop.out_width, crop.out_height) <= LONGEST


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    found = []
    for path in folder.glob("*/*"):
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append((stat.st_mtime, stat.st_size, path))
    return found
