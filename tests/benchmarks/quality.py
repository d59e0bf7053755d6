"""What JPEG does to notation: bytes and colours of a drawn page at each quality, chroma whole or halved.

Run it as ``python -m tests.benchmarks.quality [FOLDER]``: it prints the table of ``docs/images.md`` and,
where a folder is named, draws the picture there. The page is one of the samples, its upper voice made red as
coloration is; at 160 pixels an inch it is what a reader sees of a whole page, where strokes are a pixel or
two wide and JPEG has most to lose.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import simplejpeg
from PIL import Image, ImageDraw

from tests.images.profiles import delta_e, lab_of

SCAN = Path(__file__).parents[2] / "samples" / "leuven-chansonnier" / "scans" / "0041.tif"
RED = np.array([178, 34, 34])
QUALITIES = (75, 80, 85, 88)
#: Where the picture looks, and how much it enlarges.
LEFT, TOP, WIDTH, HEIGHT, ZOOM = 672, 476, 110, 74, 4


def coloured_page() -> tuple[Any, Any]:
    """Return the page with its upper half's ink made red, and where its red is."""
    with Image.open(SCAN) as scan:
        page = np.asarray(scan.convert("RGB")).astype(float)
    light = page.mean(-1, keepdims=True)
    ink = np.clip((130 - light) / 70, 0, 1)
    ink[page.shape[0] // 2 :] = 0
    ink[:, :130] = ink[:, -130:] = 0
    coloured = (page * (1 - ink) + RED * ink).round().astype("uint8")
    wide = coloured.astype(int)
    return coloured, (wide[..., 0] - wide[..., 1] > 60) & (wide[..., 0] - wide[..., 2] > 50)


def through_jpeg(page: Any, quality: int, chroma: str) -> tuple[int, Any]:
    """Return the bytes that a page takes as tiles, and its pixels after that."""
    after, size = np.empty_like(page), 0
    for y in range(0, page.shape[0], 512):
        for x in range(0, page.shape[1], 512):
            tile = np.ascontiguousarray(page[y : y + 512, x : x + 512])
            data = simplejpeg.encode_jpeg(tile, quality, "RGB", chroma, fastdct=False)
            after[y : y + 512, x : x + 512] = simplejpeg.decode_jpeg(data)
            size += len(data)
    return size, after


def main(folder: Path | None = None) -> None:
    """Print the table, and draw the picture into a folder."""
    page, red = coloured_page()
    before = lab_of(page / 255)
    chroma_before = np.hypot(before[red][:, 1], before[red][:, 2]).mean()
    shown = {"original": page}
    print("| chroma | Q | KB a megapixel | red ΔE mean | red ΔE 99 % | red kept | all ΔE mean |")
    print("|---|---|---|---|---|---|---|")
    for chroma, words in (("420", "halved"), ("444", "whole")):
        for quality in QUALITIES:
            size, after = through_jpeg(page, quality, chroma)
            lab = lab_of(after / 255)
            apart = delta_e(lab, before)
            kept = np.hypot(lab[red][:, 1], lab[red][:, 2]).mean() / chroma_before
            rate = size / (page.shape[0] * page.shape[1]) * 1e3
            print(
                f"| {words} | {quality} | {rate:.0f} | {apart[red].mean():.1f} | "
                f"{np.percentile(apart[red], 99):.1f} | {kept:.0%} | {apart.mean():.1f} |"
            )
            shown[f"{words} chroma, Q {quality}"] = after
    if folder:
        names = ["original", *(f"{w} chroma, Q {q}" for q in (75, 85) for w in ("halved", "whole"))]
        draw([(name, shown[name]) for name in [*names, "whole chroma, Q 88"]], folder / "chroma.png")


def draw(pictures: list[tuple[str, Any]], out: Path) -> None:
    """Draw the same detail of each page, enlarged pixel by pixel, in two columns of three."""
    across, down = WIDTH * ZOOM + 8, HEIGHT * ZOOM + 24
    sheet = Image.new("RGB", (2 * across, -(-len(pictures) // 2) * down), "white")
    pen = ImageDraw.Draw(sheet)
    for number, (name, page) in enumerate(pictures):
        x, y = number % 2 * across, number // 2 * down
        detail = Image.fromarray(page[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH])
        sheet.paste(detail.resize((WIDTH * ZOOM, HEIGHT * ZOOM), Image.Resampling.NEAREST), (x + 4, y + 20))
        pen.text((x + 4, y + 4), name, fill="black")
    sheet.save(out, optimize=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
