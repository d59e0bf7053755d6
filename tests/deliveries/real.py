"""Deliveries made from real music and real scans, as a curator would make them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from alamire.source.description import Description, Encoding, PieceDescription, Statement
from tests.source.descriptions import dump_description

#: The madrigals of Il Lauro Secco: folder, title, composer, and the folio printed at the head of the recto.
MADRIGALS = (
    ("marenzio_mentrelaura", "Mentre l'aura", "Luca Marenzio", 2),
    ("wert_horfuggi", "Hor fuggi infedel", "Giaches de Wert", 6),
    ("luzzaschi_sellauro", "Se 'l lauro è sempre verde", "Luzzasco Luzzaschi", 8),
    ("dalocca_perose", "Però se coronato", "Alberto dall'Occa", 20),
    ("spontone_tamai", "T'amai frondosa pianta", "Bartolomeo Spontone", 23),
    ("belli_amorcon", "Amor con l'arbor mio", "Girolamo Belli", 25),
    ("pigna_giustodis", "Giusto disdegno", "Francesco Pigna", 29),
)
PARTBOOKS = {"C": "Canto", "A": "Alto", "T": "Tenore", "Q": "Quinto", "B": "Basso"}

#: The songs at hand whose folios in the Leuven Chansonnier are known (pwch, or !!!folio of the JRP).
SONGS = (
    ("Oke3003", "dun-autre-amer", "D'un autre amer", "Ockeghem", "14v–15"),
    ("Ano3131", "jay-pris-amours", "J'ay pris amours", "", "16v–17r"),
    ("Ano3225", "helas-mon-cueur", "Helas mon cueur", "", "17v–18r"),
    ("Ano3226", "oublie-oublie", "Oublie oublie", "", "22v–23r"),
    ("Oke3011", "ma-bouche-rit", "Ma bouche rit", "Ockeghem", "37v–39"),
    ("Ano3229", "par-malle-bouche", "Par malle bouche", "", "50v–51r"),
    ("Ano3230", "escu-dennuy", "Escu d'ennuy", "", "51v–52r"),
    ("Ano3231", "si-vous-voullez", "Si vous voullez", "", "52v–54r"),
    ("Ano3232", "ou-beau-chastel", "Ou beau chastel", "", "63v–65r"),
)


def page_scan(pdf: Path) -> bytes:
    """Return the JPEG that a partbook page's PDF holds, byte for byte."""
    from pypdf import PdfReader

    images = PdfReader(pdf).pages[0]["/Resources"]["/XObject"].values()  # type: ignore[index]
    (image,) = (entry.get_object() for entry in images)
    return bytes(image._data)


def lauro_secco(real_data: Path, folder: Path) -> Path:
    """Make a delivery of seven madrigals: 35 openings, five MEI parts and a kern score each."""
    _empty(folder)
    rows: list[Sequence[str]] = []
    for code, name in PARTBOOKS.items():
        for stem, _, _, folio in MADRIGALS:
            file = f"scans/{stem}_{code}.jpg"
            source = real_data / "lauro-secco" / stem / f"{stem}_{code}.pdf"
            (folder / file).write_bytes(page_scan(source))
            rows.append((file, f"{name}: {folio - 1}v–{folio}r", "opening"))
    pieces = []
    for stem, title, composer, folio in MADRIGALS:
        files = [f"{stem}_mn.krn", *(f"{stem}_{code}.mei" for code in PARTBOOKS)]
        for file in files:
            shutil.copyfile(real_data / "lauro-secco" / stem / file, folder / "encodings" / file)
        pieces.append(
            PieceDescription(
                id=stem.replace("_", "-"),
                title=title,
                composer=composer,
                folios=", ".join(f"{name}: {folio - 1}v–{folio}r" for name in PARTBOOKS.values()),
                voices=tuple(PARTBOOKS.values()),
                language="it",
                encodings=(
                    Encoding(f"encodings/{files[0]}"),
                    *(Encoding(f"encodings/{stem}_{code}.mei", name) for code, name in PARTBOOKS.items()),
                ),
            )
        )
    description = Description(
        id="lauro-secco",
        title={"it": ("Il Lauro Secco",)},
        facts={"date": (Statement("1582", "SEILS dataset"),)},
        rights="https://creativecommons.org/licenses/by-nc-sa/4.0/",
        attribution={"en": ("SEILS dataset",)},
        partbooks=True,
        languages=("it",),
        pieces=tuple(pieces),
    )
    return _finish(folder, description, ("file", "label", "page_type"), rows)


def leuven_kern(real_data: Path, folder: Path) -> Path:
    """Make a delivery of nine songs of the Leuven Chansonnier, of whose pages no scan is at hand."""
    _empty(folder)
    pieces, labels = [], set()
    for number, slug, title, composer, folios in SONGS:
        (source,) = (real_data / "leuven-chansonnier").glob(f"{number}-*.krn")
        shutil.copyfile(source, folder / "encodings" / source.name)
        encodings = (Encoding(f"encodings/{source.name}"),)
        pieces.append(PieceDescription(slug, title, folios, composer, (), encodings, language="fr"))
        first, last = (int("".join(c for c in end if c.isdigit())) for end in folios.split("–"))
        sides = [(n, side) for n in range(first, last + 1) for side in "rv"]
        labels.update(sides[1:] if folios.endswith("v") else sides[1:-1])
    rows = [("", f"{number}{side}", "page", "not photographed") for number, side in sorted(labels)]
    description = Description(
        id="leuven-kern",
        title={"en": ("Leuven Chansonnier",)},
        shelfmark="Leuven, Alamire Foundation, ms. 1",
        facts={"date": (Statement("c. 1475", "KBF"), Statement("1465–75", "Newberry Consort"))},
        rights="https://creativecommons.org/licenses/by-nc-sa/4.0/",
        attribution={"en": ("Encodings: Josquin Research Project",)},
        pieces=tuple(pieces),
        languages=("fr",),
    )
    return _finish(folder, description, ("file", "label", "page_type", "note"), rows)


def _empty(folder: Path) -> None:
    (folder / "scans").mkdir(parents=True)
    (folder / "encodings").mkdir()


def _finish(
    folder: Path, description: Description, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> Path:
    (folder / "source.toml").write_text(dump_description(description), "utf-8")
    with (folder / "sheet.csv").open("w", newline="", encoding="utf-8") as sheet:
        csv.writer(sheet).writerows([header, *rows])
    return folder
