"""The pages: a few plain ones, without any script but the viewer's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from alamire.iiif.facts import attributed
from alamire.iiif.linked import is_web_address
from alamire.iiif.placeholder import main_scan, placeholder_size, size_of
from alamire.iiif.texts import heading
from alamire.images.geometry import fitting
from alamire.publication.holdings import SongbookVersion
from alamire.publication.markup import Markup, element, join
from alamire.publication.rights import rights_in_words
from alamire.source.card import Card
from alamire.source.description import Agent, Description, Encoding, Kind, LanguageMap, PieceDescription
from alamire.source.identifiers import image_id

#: Nothing comes from elsewhere. The viewer writes its styles into the page, hence the exception.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
COVER = 400  # pixels of the longer side of a picture on the front page


class Thumbnail(NamedTuple):
    """A small picture: its address, and the size that it is shown in."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Site:
    """Where the pages are, and how a thumbnail is had there.

    ``base`` is the address that everything is below; ``thumbnail`` is told that, the id of an image, and the
    size (width, height) of the image.
    """

    base: str
    thumbnail: Callable[[str, str, tuple[int, int]], Thumbnail]

    @property
    def root(self) -> str:
        """The path that every page is below: empty unless the pages are part of a larger site."""
        return urlsplit(self.base).path.rstrip("/")


def front_page(site: Site, cards: Sequence[Card]) -> str:
    """Return the page that lists the songbooks."""
    root = site.root
    if cards:
        listing = element("ul", *[_entry(card, site) for card in cards], class_="books")
    else:
        listing = element(
            "p", "This archive is empty. Add a songbook with ", element("code", "alamire ingest"), "."
        )
    links = element("p", element("a", "IIIF collection", href=f"{root}/iiif/collection"), class_="links")
    return _page(site, "Songbooks", element("h1", "Songbooks"), listing, links)


def source_page(site: Site, book: SongbookVersion) -> str:
    """Return the page about a songbook: its facts, its pieces, and who allows what with it."""
    root, songbook, description = site.root, book.songbook, book.songbook.description
    rows = [_piece_row(piece, book, root) for piece in description.pieces]
    summary = [element("p", line, lang=tag) for tag, line in _lines(description.summary)]
    pieces = _table_of_pieces(rows) if rows else element("p", "No pieces are described yet.")
    view = f"{root}/view/{songbook.id}"
    links = [("Open in the viewer", view), ("IIIF manifest", f"{root}/iiif/{songbook.id}/manifest")]
    body = [
        element("h1", _title(description)),
        *summary,
        element("p", *_with_dots([element("a", text, href=href) for text, href in links]), class_="links"),
        element("dl", *_facts(description)),
        element("h2", "Pieces"),
        pieces,
        *_rights(description),
    ]
    return _page(site, _title(description), *body)


def viewer_page(
    site: Site, book: SongbookVersion, canvas: str, *, installed: bool, pieces: str | None = None
) -> str:
    """Return the page that shows a songbook in Mirador, or says how to get Mirador.

    ``pieces`` is JSON, the canvas of each piece by its id, for a page that no server has looked one up for.
    """
    if not installed:
        return _page(site, _title(book.songbook.description), *_without_viewer(site, book))
    root = site.root
    # Mirador brings a main of its own, and a page has one.
    viewer = element(
        "div",
        element("noscript", element("main", "The viewer needs JavaScript.")),
        id="viewer",
        data_manifest=f"{site.base}/iiif/{book.songbook.id}/manifest",
        data_canvas=canvas or None,
        data_pieces=pieces,
    )
    scripts = [
        element("script", src=f"{root}/static/{name}", defer=True)
        for name in ("mirador/mirador.min.js", "viewer.js")
    ]
    crumb = element("a", _title(book.songbook.description), href=f"{root}/source/{book.songbook.id}")
    return _document(site, _title(book.songbook.description), "viewing", crumb, join(viewer, *scripts))


def error_page(site: Site, status: int, reason: str) -> str:
    """Return a page that says what went wrong."""
    title = "Not found" if status == 404 else f"Error {status}"
    return _page(site, title, element("h1", title), element("p", reason))


def _without_viewer(site: Site, book: SongbookVersion) -> list[Markup]:
    address = f"{site.base}/iiif/{book.songbook.id}/manifest"
    return [
        element("h1", _title(book.songbook.description)),
        element(
            "p", "The viewer, Mirador, was not installed with alamire, because npm was not there. To get it:"
        ),
        element("pre", element("code", "python -m alamire.publication.viewer_build")),
        element(
            "p", "This needs Node.js's npm, once; reload this page afterwards. Any other IIIF viewer opens"
        ),
        element("p", element("a", address, href=address)),
    ]


def _entry(card: Card, site: Site) -> Markup:
    view = f"{site.root}/view/{card.id}"
    facts = [card.shelfmark, f"{card.pieces} piece{'' if card.pieces == 1 else 's'}" if card.pieces else ""]
    cover = [
        element("img", src=address, alt="", width=str(width), height=str(height), loading="lazy")
        for address, width, height in _covers(card, site)
    ]
    return element(
        "li",
        element("a", *cover, class_="cover", href=view, tabindex="-1", aria_hidden="true"),
        element("h2", element("a", _title(card), href=f"{site.root}/source/{card.id}")),
        element("p", " · ".join(fact for fact in facts if fact)),
        element("p", element("a", "Open in the viewer", href=view, tabindex="0")),
    )


def _covers(card: Card, site: Site) -> list[Thumbnail]:
    """Return the picture of a songbook; none where it has no surfaces."""
    if card.face is None:
        return []
    scan = main_scan(card.face)
    identifier = image_id(card.id, card.face.id, scan.kind if scan else Kind.NATURAL, 1)
    size = size_of(card.face) or placeholder_size([card.face], 0)
    return [site.thumbnail(site.base, identifier, size)]


def rendered_thumbnail(base: str, identifier: str, size: tuple[int, int]) -> Thumbnail:
    """Return a thumbnail as a server makes it, which makes any size."""
    width, height = fitting(*size, COVER * COVER)
    service = f"{urlsplit(base).path.rstrip('/')}/iiif/image/{identifier}"
    return Thumbnail(f"{service}/full/!{COVER},{COVER}/0/default.jpg", width, height)


def _piece_row(piece: PieceDescription, book: SongbookVersion, root: str) -> Markup:
    title: str = piece.title
    if piece.id in book.beginnings:
        title = element("a", piece.title, href=f"{root}/view/{book.songbook.id}?piece={quote(piece.id)}")
    files = [_link_to_file(encoding, book, root) for encoding in piece.encodings]
    cells = (piece.composer or "anonymous", piece.folios, ", ".join(piece.voices))
    return element(
        "tr",
        element("th", title, scope="row"),
        *[element("td", cell) for cell in cells],
        element("td", *_with_dots(files)),
    )


def _link_to_file(encoding: Encoding, book: SongbookVersion, root: str) -> Markup:
    suffix = encoding.file.rpartition(".")[2].upper()
    words = f"{encoding.voice} ({suffix})" if encoding.voice else suffix
    address = f"{root}/iiif/{book.songbook.id}/files/{quote(encoding.file)}"
    return element("a", words, href=address, download=True)


def _table_of_pieces(rows: list[Markup]) -> Markup:
    names = ("Piece", "Composer", "Folios", "Voices", "Encodings")
    head = element("tr", *[element("th", name, scope="col") for name in names])
    table = element("table", element("thead", head), element("tbody", *rows))
    return element("div", table, class_="wide", tabindex="0", role="region", aria_label="Pieces")


def _facts(description: Description) -> list[Markup]:
    pairs = [("Shelfmark", [description.shelfmark]), ("Siglum", [description.siglum])]
    pairs += [
        (
            heading(key).get("en", heading(key).get("none", [key]))[0],
            [attributed(statement) for statement in statements],
        )
        for key, statements in description.facts.items()
    ]
    return [
        join(element("dt", name), *[element("dd", value) for value in values if value])
        for name, values in pairs
        if any(values)
    ]


def _rights(description: Description) -> list[Markup]:
    """Return what may be done with a songbook, what must be shown with it, and who provides it."""
    entries: list[tuple[str, list[Markup]]] = []
    if description.rights:
        words, page = rights_in_words(description.rights)
        shown = element("a", words, href=page, rel="license") if page else join(words)
        entries.append(("Rights", [element("dd", shown)]))
    statement = [element("dd", line, lang=tag) for tag, line in _lines(description.attribution)]
    label = [line for _, line in _lines(description.attribution_label)] or ["Attribution"]
    entries.append((label[0], statement))
    entries.append(("Provided by", [element("dd", _agent(agent)) for agent in description.provider]))
    terms = [join(element("dt", name), *values) for name, values in entries if values]
    return [element("h2", "Rights"), element("dl", *terms)] if terms else []


def _agent(agent: Agent) -> Markup:
    home = next((address for address in (agent.homepage, agent.id) if is_web_address(address)), "")
    return element("a", agent.name, href=home) if home else join(agent.name)


def _title(described: Description | Card) -> str:
    texts = described.title.get("en") or next(iter(described.title.values()), ())
    return texts[0] if texts else described.shelfmark or described.id


def _lines(texts: LanguageMap) -> list[tuple[str | None, str]]:
    """Return a text in English where there is English, else in every language."""
    chosen = {"en": texts["en"]} if "en" in texts else texts
    return [(None if tag == "none" else tag, line) for tag, lines in chosen.items() for line in lines]


def _with_dots(items: list[Markup]) -> list[str]:
    return [part for item in items for part in (" · ", item)][1:]


def _page(site: Site, title: str, *body: Markup) -> str:
    return _document(site, title, "reading", join(""), element("main", *body))


def _document(site: Site, title: str, kind: str, crumb: Markup, body: Markup) -> str:
    root = site.root
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title if title == "Songbooks" else f"{title} – songbooks"),
        element("link", rel="icon", href=f"{root}/static/icon.svg", type="image/svg+xml"),
        element("link", rel="stylesheet", href=f"{root}/static/pages.css"),
    )
    home = element("nav", element("a", "Songbooks", href=f"{root}/"), crumb, aria_label="Where you are")
    page = element("html", head, element("body", element("header", home), body, class_=kind), lang="en")
    return f"<!doctype html>\n{page}\n"
