"""A small archive with a songbook of ten surfaces, as the tests of the server need it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from alamire.archive.home import ArchiveFolder
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import make_plan
from alamire.deliveries.run import run

SOURCE = "small-book"
SIZE = (1200, 1700)
SCANNED = ("1r", "1v", "2r", "2v", "3r", "4v", "5r")
TOML = """id = "small-book"
title = {en = "A small book", nl = "Een klein boek"}
shelfmark = "Nowhere, ms. 1"
rights = "https://creativecommons.org/publicdomain/zero/1.0/"
[summary]
en = "Drawn for the tests & <nothing> else."
[attribution]
en = "Drawn for the tests; no photograph."
[facts]
date = [{value = "c. 1475", by = "one"}, {value = "c. 1480", by = "another"}]
[[pieces]]
id = "first-song"
title = "First song"
composer = "Busnoys"
folios = "1v–2r"
voices = ["Superius", "Tenor"]
  [[pieces.encodings]]
  file = "encodings/first-song.krn"
[[pieces]]
id = "second-song"
title = "Second song"
folios = "4v–5r"
"""
KERN = "**kern\t**kern\n4c\t4e\n4d\t4f\n*-\t*-\n"


def draw_page(label: str, path: Path, size: tuple[int, int] = SIZE) -> None:
    """Draw a page whose label and staves can be recognised in a screenshot."""
    image = Image.new("RGB", size, (238, 226, 196))
    pen = ImageDraw.Draw(image)
    for staff in range(6):
        for line in range(5):
            y = 330 + staff * 210 + line * 18
            pen.line([(140, y), (size[0] - 140, y)], fill=(90, 60, 40), width=2)
    pen.text((size[0] / 2, 150), label, font=ImageFont.load_default(120), fill=(150, 30, 20), anchor="mm")
    image.save(path, dpi=(300, 300))


def make_delivery(folder: Path) -> Path:
    """Write the delivery: seven scans, an ultraviolet one, a missing leaf, a song with an encoding."""
    (folder / "scans").mkdir(parents=True)
    (folder / "encodings").mkdir()
    rows = ["file,label,kind,page_type,note"]
    for label in ("1r", "1v", "2r", "2v", "3r"):
        draw_page(label, folder / "scans" / f"{label}.tif")
        rows.append(f"scans/{label}.tif,{label},,,")
    draw_page("2r ultraviolet", folder / "scans" / "2r-uv.tif")
    rows.append("scans/2r-uv.tif,2r,ultraviolet,,")
    rows += [",3v,,missing,cut out", ",4r,,missing,cut out"]
    for label in ("4v", "5r"):
        draw_page(label, folder / "scans" / f"{label}.tif")
        rows.append(f"scans/{label}.tif,{label},,,")
    (folder / "sheet.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (folder / "source.toml").write_text(TOML, "utf-8")
    (folder / "encodings" / "first-song.krn").write_text(KERN, "utf-8")
    return folder


def make_archive(folder: Path) -> Path:
    """Ingest the delivery into a new archive and return its path."""
    archive = ArchiveFolder.create(folder / "archive")
    ingest(make_delivery(folder / "delivery"), archive)
    return archive.path


def ingest(delivery: Path, archive: ArchiveFolder) -> None:
    """Ingest a delivery that must be good."""
    plan = make_plan(read_delivery(delivery), archive)
    assert not plan.refused, plan.problems
    run(plan, archive)
