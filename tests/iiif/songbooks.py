"""Songbooks made up for the tests: every shape that a manifest must be able to show."""

from __future__ import annotations

from alamire.source.description import (
    Agent,
    Description,
    Encoding,
    Gathering,
    Kind,
    PageType,
    PieceDescription,
    Scan,
    Songbook,
    Statement,
    Surface,
)

BASE = "https://iiif.example.net"


def scan(number: int, kind: Kind = Kind.NATURAL, width: int = 3000, height: int = 4200) -> Scan:
    """A scan of a page."""
    return Scan(f"scans/{number:04d}-{kind}.tif", kind, f"{number:0128x}", width, height, "image/tiff")


def surface(number: int, label: str, page_type: PageType = PageType.PAGE, *kinds: Kind) -> Surface:
    """A surface with a scan of each kind, in natural light where none is named."""
    scans = tuple(scan(number, kind) for kind in kinds or (Kind.NATURAL,))
    return Surface(f"s{number:04d}", number, label, page_type, scans=scans)


def missing(number: int, label: str, page_type: PageType = PageType.MISSING, note: str = "") -> Surface:
    """A surface without scans."""
    return Surface(f"s{number:04d}", number, label, page_type, note)


def full_songbook() -> Songbook:
    """A chansonnier with covers, a flyleaf, a missing leaf, ultraviolet, disputed facts and pieces."""
    surfaces = (
        surface(1, "front cover", PageType.BINDING),
        surface(2, "front pastedown", PageType.PASTEDOWN),
        surface(3, "front flyleaf 1r", PageType.FLYLEAF),
        surface(4, "front flyleaf 1v", PageType.FLYLEAF),
        surface(5, "1r"),
        surface(6, "1v", PageType.PAGE, Kind.ULTRAVIOLET, Kind.NATURAL, Kind.ULTRAVIOLET),
        missing(7, "2r"),
        missing(8, "2v", note="cut out before 1800"),
        surface(9, "3r"),
        surface(10, "3v"),
        missing(11, "4r", PageType.PAGE, "not photographed"),
        surface(12, "spine", PageType.BINDING),
    )
    return Songbook(full_description(), surfaces)


def full_description() -> Description:
    """A description in which everything is said."""
    return Description(
        id="test-chansonnier",
        title={"en": ("Test Chansonnier",), "nl": ("Proefchansonnier",)},
        shelfmark="ms. 1",
        siglum="XX-T",
        summary={"en": ("A small book.",), "es-419": ("Un libro pequeño.",)},
        facts={
            "date": (Statement("c. 1475", "KBF"), Statement("1465–75", "Newberry Consort")),
            "leaves": (Statement("95 of 96", "pwch"), Statement("96")),
            "patron": (Statement("unknown"),),
        },
        rights="https://creativecommons.org/licenses/by/4.0/deed.nl",
        attribution={"en": ("Provided by the test.",)},
        homepage="https://example.net/book",
        provider=(Agent("Test Library", "https://example.net/", "https://example.net/logo.svg"), Agent("B")),
        start="1v",
        pieces=(
            PieceDescription(
                "helas",
                "Helas",
                "ff. 1v–2r",
                "Busnoys",
                ("Superius", "Tenor"),
                (Encoding("encodings/helas superius.mei", "Superius"), Encoding("encodings/helas.krn")),
                "fr",
                "two strophes",
            ),
            PieceDescription("ma-bouche", "Ma bouche rit", "2v–4r"),
            PieceDescription("lost", "Lost", "80r–81r"),
        ),
        gatherings=(Gathering("1", "1r–2v"), Gathering("2", "3r–4v")),
        languages=("fr", "xx"),
    )


def partbooks() -> Songbook:
    """A set of two partbooks photographed by opening."""
    names = ("Canto", "Basso")
    surfaces = tuple(
        surface(index, f"{name}: {folio}v–{folio + 1}r", PageType.OPENING)
        for index, (name, folio) in enumerate(((n, f) for n in names for f in (1, 2)), start=1)
    )
    pieces = (PieceDescription("a", "A", "Canto: 1v–2r, Basso: 1v–2r"),)
    return Songbook(Description("parts", {"it": ("Parti",)}, partbooks=True, pieces=pieces), surfaces)
