"""Images as they are being served: kept with the index of their tiles, their files open, within bounds.

Everything here is called from the event loop; what may block is left to the caller's threads, but for
opening a file whose index is known and asking after its state, which take microseconds.
"""

from __future__ import annotations

import os
import resource
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from alamire.archive.stamp import Stamp, stamp_of
from alamire.formats import jpeg
from alamire.images.errors import UnreadableScan
from alamire.images.tiles import TileIndex
from alamire.publication.holdings import Picture

#: The most images that are known at once; an index is about 7 kB for 100 megapixels.
KNOWN = 2048


@dataclass(frozen=True, slots=True)
class OpenImage:
    """An image that was asked for: what it stands for, its pyramid, and the files that this was read from.

    ``inventory`` and ``source_stamp`` tell whether the source is still at the version it was found at,
    ``file_stamp`` whether the pyramid is still the file that the index was read from.
    """

    identifier: str
    picture: Picture
    pyramid: Path
    index: TileIndex
    inventory: str
    source_stamp: Stamp
    file_stamp: Stamp
    tag: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the full image."""
        return self.index.width, self.index.height

    def is_current(self) -> bool:
        """Say whether the source is at the version that the image was found at."""
        try:
            return stamp_of(os.stat(self.inventory)) == self.source_stamp  # noqa: PTH116 - on every tile
        except OSError:
            return False


class Handle:
    """A pyramid's file, open for as long as someone refers to it; it is read at no place of its own."""

    __slots__ = ("fd",)

    def __init__(self, path: Path) -> None:
        self.fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def __del__(self) -> None:
        if hasattr(self, "fd"):
            os.close(self.fd)

    def is_still(self, stamp: Stamp) -> bool:
        """Say whether the file is as it was at a stamp."""
        return stamp_of(os.fstat(self.fd)) == stamp


class OpenImages:
    """The images that were asked for last, and the files of some of them."""

    def __init__(self, known: int = KNOWN, files: int | None = None) -> None:
        """Keep so many images and so many files; by default a half of the files that a process may open."""
        allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._most_files = files or max(16, min(1024, allowed // 2))
        self._most_known = known
        self._known: OrderedDict[str, OpenImage] = OrderedDict()
        self._files: OrderedDict[str, Handle] = OrderedDict()

    def get(self, identifier: str) -> OpenImage | None:
        """Return an image if it is known and its source has not changed since."""
        image = self._known.get(identifier)
        if image is None:
            return None
        if not image.is_current():
            self.forget(image)
            return None
        self._known.move_to_end(identifier)
        return image

    def add(self, image: OpenImage) -> None:
        """Keep an image."""
        self._known[image.identifier] = image
        self._known.move_to_end(image.identifier)
        self._files.pop(image.identifier, None)
        while len(self._known) > self._most_known:
            self.forget(next(iter(self._known.values())))

    def forget(self, image: OpenImage) -> None:
        """Keep an image no longer; its file is closed when the last reading of it ends."""
        self._known.pop(image.identifier, None)
        self._files.pop(image.identifier, None)

    def handle(self, image: OpenImage) -> Handle:
        """Return the file of an image; UnreadableScan where it is not the file that was indexed."""
        handle = self._files.get(image.identifier)
        if handle is None:
            try:
                handle = Handle(image.pyramid)
            except OSError as error:
                raise UnreadableScan(f"{image.pyramid}: the derivative cannot be read ({error})") from error
            self._files[image.identifier] = handle
            if len(self._files) > self._most_files:
                self._files.popitem(last=False)
        else:
            self._files.move_to_end(image.identifier)
        if not handle.is_still(image.file_stamp):
            self.forget(image)
            raise UnreadableScan(f"{image.pyramid}: the derivative was changed by someone else")
        return handle


def read_warm(fd: int, index: TileIndex, place: tuple[int, int, int]) -> bytearray | None:
    """Return a tile if the system has it in memory; None where the disk would be waited for, or it fails.

    So a tile that was read before is served without a change of thread, and no tile ever holds up another.
    """
    number, column, row = place
    level = index.levels[number]
    tile = row * level.columns + column
    count, head = level.counts[tile], level.head
    answer = bytearray(len(head) - 2 + count)
    # The tile's own first two bytes, which mark its start, go where the head ends, and the head over them.
    room = memoryview(answer)[len(head) - 2 :]
    try:
        got = os.preadv(fd, [room], level.offsets[tile], _WITHOUT_WAITING)
    except OSError:
        return None
    if got != count or not jpeg.is_framed(room):
        return None
    answer[: len(head)] = head
    return answer


#: Linux alone can say that it would have to wait; elsewhere every tile is read in a thread.
_WITHOUT_WAITING = getattr(os, "RWF_NOWAIT", 0)
