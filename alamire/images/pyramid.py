"""From a master to the one derivative that is served: a tiled pyramidal BigTIFF with JPEG inside.

Tiles are 512 pixels wide, sRGB with its profile, 8 bit, the orientation applied. The master is streamed, so
that memory grows with its width alone. Quality and whole chroma are chosen in ``docs/images.md``; other image
servers (IIPImage, Cantaloupe) serve the same file.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alamire.extras import need
from alamire.images.errors import UnreadableScan

if TYPE_CHECKING:
    from alamire.images.levels import Levels
    from alamire.source.register import Register

QUALITY = 85


def make_pyramid(master: Path, out: Path, register: Register | None = None) -> None:
    """Write the pyramid of a master to ``out``, laid on the natural scan as ``register`` says.

    UnreadableScan where the master is damaged or no image.
    """
    need("publish", "pyvips", "simplejpeg")
    import pyvips

    from alamire.images.masters import open_master

    try:
        with open_master(master, out.with_name(f"{out.name}.turning")) as image:
            write_pyramid(lay(image, register) if register else image, out)
    except pyvips.Error as error:
        raise UnreadableScan(f"{master}: no pyramid can be made of it: {_reason(error)}") from error


def lay(image: Any, register: Register) -> Any:
    """Return a scan scaled, moved and cut to lie on the natural scan; black where it has no pixels."""
    finer = register.finer
    scaled = image.resize(
        register.width * finer / image.width, vscale=register.height * finer / image.height, kernel="lanczos3"
    )
    return scaled.embed(
        round(register.x * finer),
        round(register.y * finer),
        *register.size,
        extend="background",
        background=[0, 0, 0],
    )


def write_pyramid(image: Any, out: Path) -> None:
    """Write an image of libvips, which is 8-bit sRGB, as a pyramid; its rows are streamed."""
    import pyvips

    from alamire.formats.bigtiff import BigTiff
    from alamire.images.levels import Levels

    profile = bytes(pyvips.Operation.call("profile_load", "srgb"))
    failures: list[Exception] = []
    with out.open("wb") as stream, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        levels = Levels(BigTiff(stream, profile), image.width, image.height, QUALITY, pool)
        target = pyvips.TargetCustom()
        target.on_write(lambda data: _feed(levels, data, failures))
        try:
            image.rawsave_target(target)
        except pyvips.Error:
            if not failures:
                raise
        if failures:
            raise failures[0]
        levels.finish()


def _feed(levels: Levels, data: Any, failures: list[Exception]) -> int:
    """Pass rows on. An error, which cannot pass through libvips, is kept for later."""
    try:
        return levels.feed(data)
    except Exception as error:
        failures.append(error)
        return -1


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "; ".join(lines[1:3] or lines[:1]) or type(error).__name__
