"""The cache of pyramids: keyed by the digest of what they were made from, deletable at any time."""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

from alamire.images.admission import of_this_machine
from alamire.images.masters import needed_memory
from alamire.images.placeholder import Placeholder, draw_placeholder
from alamire.images.pyramid import QUALITY, make_pyramid, write_pyramid
from alamire.source.register import Register
from alamire.writing import replacing

#: Part of every key: a change to how pyramids are made makes new ones.
RECIPE = f"2-q{QUALITY}"


class Derivatives:
    """Pyramids in a folder. Each appears whole, by a rename, and is made once however many ask for it."""

    def __init__(self, folder: Path) -> None:
        """Keep derivatives in a folder, which need not exist yet."""
        self._folder = folder
        self._admission = of_this_machine()
        self._making = threading.Lock()
        self._locks: weakref.WeakValueDictionary[str, _Lock] = weakref.WeakValueDictionary()

    def place(self, digest: str) -> Path:
        """Return where the pyramid of a master with this digest is, or would be."""
        key = hashlib.sha256(f"{RECIPE} {digest}".encode()).hexdigest()
        return self._folder / "pyramids" / key[:2] / f"{key}.tif"

    def pyramid(self, digest: str, master: Path, register: Register | None = None) -> Path:
        """Return the pyramid of a master, laid on another scan or not, made now if it is not there."""
        key = f"{digest} {astuple(register)}" if register else digest
        return self._ensure(self.place(key), lambda out: self._make(master, out, register))

    def placeholder(self, placeholder: Placeholder) -> Path:
        """Return the pyramid of the picture that stands for a surface without a scan."""
        return self._ensure(self.place(repr(astuple(placeholder))), lambda out: _draw(placeholder, out))

    def _make(self, master: Path, out: Path, register: Register | None) -> None:
        with self._admission.hold(needed_memory(master)):
            make_pyramid(master, out, register)

    def _ensure(self, path: Path, make: Callable[[Path], None]) -> Path:
        if not path.exists():
            lock = self._lock(path.name)
            with lock.held:
                if not path.exists():
                    with replacing(path, lasting=False) as partial:
                        make(partial)
        return path

    def _lock(self, key: str) -> _Lock:
        with self._making:
            return self._locks.setdefault(key, _Lock())


class _Lock:
    """A lock that can be referred to weakly, so that it lasts only as long as someone waits for it."""

    def __init__(self) -> None:
        self.held = threading.Lock()


def _draw(placeholder: Placeholder, out: Path) -> None:
    import pyvips

    picture = pyvips.Image.new_from_array(draw_placeholder(placeholder), interpretation="srgb")
    write_pyramid(picture, out)
