"""The description of a songbook: pure facts, with who says so where scholars disagree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from alamire.source.folio import resolve_range


@dataclass(frozen=True)
class Statement:
    """One value of a fact and who states it (``by`` is empty where the curator does)."""

    value: str
    by: str = ""


#: A text by language tag (BCP 47; ``none`` where no language applies), e.g. ``{"en": ("Chansonnier",)}``.
LanguageMap = dict[str, tuple[str, ...]]


class Kind(StrEnum):
    """How a scan was made."""

    NATURAL = "natural"
    ULTRAVIOLET = "ultraviolet"
    INFRARED = "infrared"
    RAKING = "raking"
    MULTISPECTRAL = "multispectral"


class PageType(StrEnum):
    """What a surface is in the book (after DIAMM)."""

    PAGE = "page"
    OPENING = "opening"
    FLYLEAF = "flyleaf"
    PASTEDOWN = "pastedown"
    BINDING = "binding"
    MISSING = "missing"
    OTHER = "other"


@dataclass(frozen=True)
class Scan:
    """One image of a surface: its path in the delivery, its kind and its digest (sha512, hex).

    ``place`` is its box (x, y, width, height) in the pixels of the natural scan, where one is given.
    """

    file: str
    kind: Kind = Kind.NATURAL
    sha512: str = ""
    width: int = 0
    height: int = 0
    media_type: str = ""
    place: tuple[int, int, int, int] | None = None


@dataclass(frozen=True)
class Surface:
    """One side of a leaf (or an opening, a cover …) in the order of the book.

    ``id`` is stable (``s0001``): it survives relabelling and is never made from the label.
    A surface without scans is missing or was not photographed; it keeps its place.
    """

    id: str
    order: int
    label: str
    page_type: PageType = PageType.PAGE
    note: str = ""
    scans: tuple[Scan, ...] = ()

    @property
    def numbered_scans(self) -> list[tuple[Scan, int]]:
        """Each scan with its number among those of its kind, from 1."""
        seen: Counter[Kind] = Counter()
        found = []
        for scan in self.scans:
            seen[scan.kind] += 1
            found.append((scan, seen[scan.kind]))
        return found


@dataclass(frozen=True)
class Encoding:
    """A file of notation of a piece; ``voice`` is named where it holds a single voice (a part)."""

    file: str
    voice: str = ""
    note: str = ""


@dataclass(frozen=True)
class PieceDescription:
    """A composition as it stands in this source."""

    id: str
    title: str
    folios: str = ""
    composer: str = ""
    voices: tuple[str, ...] = ()
    encodings: tuple[Encoding, ...] = ()
    language: str = ""
    note: str = ""


@dataclass(frozen=True)
class Gathering:
    """A quire: its label and its folio range."""

    label: str
    folios: str


@dataclass(frozen=True)
class Agent:
    """A provider: a name, a homepage and a logo, each only where given."""

    name: str
    homepage: str = ""
    logo: str = ""
    id: str = ""


@dataclass(frozen=True)
class Description:
    """All that source.toml says. ``facts`` keeps disputed statements in the curator's order."""

    id: str
    title: LanguageMap
    shelfmark: str = ""
    siglum: str = ""
    summary: LanguageMap = field(default_factory=dict)
    facts: dict[str, tuple[Statement, ...]] = field(default_factory=dict)
    rights: str = ""
    attribution: LanguageMap = field(default_factory=dict)
    attribution_label: LanguageMap = field(default_factory=dict)
    homepage: str = ""
    provider: tuple[Agent, ...] = ()
    start: str = ""
    viewing_direction: str = "left-to-right"
    partbooks: bool = False
    pieces: tuple[PieceDescription, ...] = ()
    gatherings: tuple[Gathering, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Songbook:
    """A description together with its surfaces in order: everything a manifest needs to know."""

    description: Description
    surfaces: tuple[Surface, ...] = ()

    @property
    def id(self) -> str:
        """The identifier of the source."""
        return self.description.id

    def surfaces_of(self, piece: PieceDescription) -> list[Surface]:
        """Return the surfaces on a piece's folios, in order; ValueError where the folios cannot be read."""
        if not piece.folios:
            return []
        labels = [surface.label for surface in self.surfaces]
        return [self.surfaces[place] for place in resolve_range(piece.folios, labels)]

    def piece(self, piece_id: str) -> PieceDescription:
        """Return the piece with this identifier; KeyError where there is none."""
        for piece in self.description.pieces:
            if piece.id == piece_id:
                return piece
        raise KeyError(piece_id)
