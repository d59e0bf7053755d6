"""How large the picture is that stands for a surface without scans."""

from __future__ import annotations

from collections.abc import Sequence

from alamire.source.description import PageType, Scan, Surface

#: The size of a placeholder in a book of which nothing was photographed.
PAGE = (1200, 1700)
OPENING = (2400, 1700)


def main_scan(surface: Surface) -> Scan | None:
    """Return the scan that a canvas is as large as: the first in natural light, else the first."""
    return next((scan for scan in surface.scans if scan.kind == "natural"), next(iter(surface.scans), None))


def size_of(surface: Surface) -> tuple[int, int] | None:
    """Return width and height of a photographed surface, and None where they are not known."""
    scan = main_scan(surface)
    return (scan.width, scan.height) if scan and scan.width > 0 and scan.height > 0 else None


def placeholder_size(surfaces: Sequence[Surface], index: int) -> tuple[int, int]:
    """Return width and height of the placeholder image: the shape of its nearest neighbour, 1700 high.

    A neighbour counts only where it is like it: an opening for an opening, a page for a page.
    """
    return placeholder_sizes(surfaces)[index]


def placeholder_sizes(surfaces: Sequence[Surface]) -> list[tuple[int, int]]:
    """Return what :func:`placeholder_size` gives for each surface, in one pass each way."""
    before = _nearest(surfaces)
    after = _nearest(surfaces[::-1])[::-1]
    sizes = []
    for surface, (left, gap_left), (right, gap_right) in zip(surfaces, before, after, strict=True):
        found = left if left and (not right or gap_left <= gap_right) else right
        sizes.append(_drawn(found) if found else (OPENING if _is_wide(surface) else PAGE))
    return sizes


def _nearest(surfaces: Sequence[Surface]) -> list[tuple[tuple[int, int] | None, int]]:
    last: dict[bool, tuple[tuple[int, int], int]] = {}
    found: list[tuple[tuple[int, int] | None, int]] = []
    for index, surface in enumerate(surfaces):
        wide = _is_wide(surface)
        size = size_of(surface)
        if size and surface.page_type is not PageType.BINDING:
            last[wide] = (size, index)
        known = last.get(wide)
        found.append((known[0], index - known[1]) if known else (None, 0))
    return found


def _is_wide(surface: Surface) -> bool:
    return surface.page_type is PageType.OPENING or "–" in surface.label


def _drawn(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    return max(1, round(width * PAGE[1] / height)), PAGE[1]
