"""Every pyramid of songbooks made at once, and a folder of links by which other image servers find them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alamire.extras import need
from alamire.publication.holdings import Holdings, SongbookVersion
from alamire.writing import replace_link

#: Is told how many images are done.
Step = Callable[[int], None]


def derive(
    holdings: Holdings, books: Sequence[SongbookVersion], step: Step = lambda done: None
) -> dict[str, Path]:
    """Return the pyramid of every image by its id; those that are not there yet are made.

    Several are made at a time, as cores and memory allow. UnreadableScan where a master is damaged.
    """
    need("publish", "pyvips", "simplejpeg")
    identifiers = [identifier for book in books for identifier in book.scans]
    found = {}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        made = pool.map(lambda identifier: holdings.pyramid(holdings.picture(identifier)), identifiers)
        for identifier, pyramid in zip(identifiers, made, strict=True):
            found[identifier] = pyramid
            step(1)
    return found


def link_by_id(folder: Path, pyramids: dict[str, Path], sources: Sequence[str]) -> None:
    """Have ``folder`` hold a link to each pyramid, named by the id of its image and nothing else.

    Links of these sources that lead to other pyramids than they should, or to none, are mended or taken away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for link in folder.iterdir():
        if link.name.split(".")[0] in sources and link.name not in pyramids:
            link.unlink()
    for identifier, pyramid in pyramids.items():
        link, target = folder / identifier, Path(os.path.relpath(pyramid, folder))
        if not (link.is_symlink() and link.readlink() == target):
            replace_link(link, target)
