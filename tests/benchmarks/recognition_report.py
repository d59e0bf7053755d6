"""The worst pages with their errors drawn on them, and what is taken for what, as one HTML page."""

from __future__ import annotations

import html
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from alamire.recognition.scans import open_scan

if TYPE_CHECKING:
    from recognition import Read

WORST = 8


def write_report(folder: Path, pages: list[Read]) -> None:
    """Write ``index.html`` and its pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    ranked = sorted(pages, key=lambda page: -page.wrong / max(1, len(page.true)))[:WORST]
    parts = ["<!doctype html><meta charset='utf-8'><title>Recognition: errors</title>", STYLE]
    parts.append("<h1>Confusions</h1>" + confusions(pages))
    for number, page in enumerate(ranked):
        name = f"page-{number}.jpg"
        drawn(page).save(folder / name, quality=88)
        share = page.wrong / max(1, len(page.true))
        parts.append(
            f"<h2>{html.escape(page.scan.name)}: {page.wrong} of {len(page.true)} ({share:.1%})</h2>"
        )
        parts.append(f"<img src='{name}' alt=''>")
    (folder / "index.html").write_text("\n".join(parts), "utf-8")


STYLE = """<style>body{font:15px system-ui;margin:2rem}table{border-collapse:collapse}
td,th{padding:.1rem .6rem;border-bottom:1px solid #ddd;text-align:left}img{max-width:100%}</style>
<p>Red: read wrongly (what it is / what was read). Orange: read where nothing is. Blue: not read.</p>"""


def confusions(pages: list[Read]) -> str:
    """A table of what was taken for what, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for page in pages:
        for read, true in page.pairs:
            is_, said = (
                page.true[true] if true is not None else "nothing",
                page.names[read] if read is not None else "nothing",
            )
            if is_ == said:
                continue
            shape, other = is_.rsplit("-", 1)[0], said.rsplit("-", 1)[0]
            counts[(shape, other if other != shape else "the same, elsewhere")] += 1
    rows = "".join(f"<tr><td>{count}<td>{is_}<td>{said}" for (is_, said), count in counts.most_common(40))
    return f"<table><tr><th>times<th>what it is<th>what was read</tr>{rows}</table>"


def drawn(page: Read) -> Image.Image:
    """The page with its errors."""
    scan = open_scan(page.scan, 1800)
    larger = max(1.0, 1800 / max(scan.grey.shape))
    image = Image.fromarray(scan.grey).convert("RGB")
    image = image.resize((round(image.width * larger), round(image.height * larger)))
    factor = scan.factor * larger
    pen = ImageDraw.Draw(image)
    symbols = page.reading.symbols
    last = (0.0, 0.0, 0.0, 0.0)
    for read, true in page.pairs:
        if read is not None:
            left, top, right, bottom = last = tuple(side * factor for side in symbols[read].box)  # type: ignore[assignment]
        if read is not None and true is not None and page.names[read] == page.true[true]:
            continue
        if read is None:
            assert true is not None
            pen.text((last[2] + 2, last[1] - 12), page.true[true], fill=(20, 70, 220))
            pen.line([(last[2] + 2, last[1]), (last[2] + 2, last[3])], fill=(20, 70, 220), width=2)
            continue
        colour = (200, 30, 20) if true is not None else (230, 130, 0)
        pen.rectangle((left, top, right, bottom), outline=colour, width=2)
        said = f"{page.true[true]} / {page.names[read]}" if true is not None else page.names[read]
        pen.text((left, top - 12), said, fill=colour)
    return image
