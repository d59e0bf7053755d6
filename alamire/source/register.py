"""Scans of a surface in register: where each lies on the natural scan, and how it is served."""

from __future__ import annotations

from dataclasses import dataclass

from alamire.source.description import Kind, Scan, Surface


@dataclass(frozen=True)
class Register:
    """A scan laid on the natural scan of its surface.

    ``x``, ``y``, ``width`` and ``height`` are its box in the natural scan's pixels, part of which may lie
    outside; ``natural`` is that scan's size (width, height), ``scanned`` the scan's own.
    """

    x: int
    y: int
    width: int
    height: int
    natural: tuple[int, int]
    scanned: tuple[int, int]

    @property
    def finer(self) -> float:
        """How many pixels of the scan lie on a pixel of the natural scan; at least 1, to lose none."""
        return max(1.0, self.scanned[0] / self.width)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image served: the natural scan's shape, at this scan's resolution."""
        width, height = self.natural
        return round(width * self.finer), round(height * self.finer)

    @property
    def overlaps(self) -> bool:
        """Whether any of the scan lies on the natural scan."""
        width, height = self.natural
        return self.x < width and self.y < height and self.x + self.width > 0 and self.y + self.height > 0


def register_of(surface: Surface, scan: Scan) -> Register | None:
    """Return how a scan lies on its surface; None where it shows all of it, as nearly all scans do."""
    natural = natural_scan(surface)
    if scan.place is None or natural is None or scan is natural:
        return None
    if min(natural.width, natural.height, scan.width, scan.height) <= 0:
        return None
    return Register(*scan.place, (natural.width, natural.height), (scan.width, scan.height))


def natural_scan(surface: Surface) -> Scan | None:
    """Return the first scan of a surface in natural light; None where there is none."""
    return next((scan for scan in surface.scans if scan.kind is Kind.NATURAL), None)
