"""The pages: a few plain ones, without any script but the viewer's."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse

from alamire.iiif.facts import attributed
from alamire.iiif.ranges import canvases_of
from alamire.iiif.texts import heading
from alamire.images.geometry import fitting
from alamire.server.answers import base_of
from alamire.server.holdings import Book
from alamire.server.markup import Markup, element, join
from alamire.source.description import Description, LanguageMap, Piece, Surface

#: Nothing comes from elsewhere. The viewer writes its styles into the page, hence the exception.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
THUMBNAIL = 400


def front_page(request: Request, books: list[Book]) -> HTMLResponse:
    """Return the page that lists the songbooks."""
    root = _root(request)
    cards = [_card(book, root) for book in books]
    if cards:
        listing = element("ul", *cards, class_="books")
    else:
        listing = element(
            "p", "This archive is empty. Add a songbook with ", element("code", "alamire ingest"), "."
        )
    links = element("p", element("a", "IIIF collection", href=f"{root}/iiif/collection"), class_="links")
    return _page(request, "Songbooks", element("h1", "Songbooks"), listing, links)


def source_page(request: Request, book: Book) -> HTMLResponse:
    """Return the page about a songbook: its facts and its pieces."""
    root, songbook, description = _root(request), book.songbook, book.songbook.description
    labels = [surface.label for surface in songbook.surfaces]
    rows = [_piece_row(piece, labels, book, root) for piece in description.pieces]
    summary = [element("p", line, lang=tag) for tag, line in _lines(description.summary)]
    pieces = _table(rows) if rows else element("p", "No pieces are described yet.")
    view = f"{root}/view/{songbook.id}"
    links = [("Open in the viewer", view), ("IIIF manifest", f"{root}/iiif/{songbook.id}/manifest")]
    body = [
        element("h1", _title(description)),
        *summary,
        element("p", *_between([element("a", text, href=href) for text, href in links]), class_="links"),
        element("dl", *_facts(description)),
        element("h2", "Pieces"),
        pieces,
        *[element("p", line, class_="attribution") for _, line in _lines(description.attribution)],
    ]
    return _page(request, _title(description), *body)


def viewer_page(request: Request, book: Book, canvas: str, *, installed: bool) -> HTMLResponse:
    """Return the page that shows a songbook in Mirador, or says how to get Mirador."""
    if not installed:
        return _page(request, _title(book.songbook.description), *_without_viewer(request, book))
    root = _root(request)
    viewer = element(
        "main",
        element("noscript", "The viewer needs JavaScript."),
        id="viewer",
        data_manifest=f"{base_of(request)}/iiif/{book.songbook.id}/manifest",
        data_canvas=canvas or None,
    )
    scripts = [
        element("script", src=f"{root}/static/{name}", defer=True)
        for name in ("mirador/mirador.min.js", "viewer.js")
    ]
    crumb = element("a", _title(book.songbook.description), href=f"{root}/source/{book.songbook.id}")
    return _document(request, _title(book.songbook.description), "viewing", crumb, join(viewer, *scripts))


def error_page(request: Request, status: int, reason: str) -> HTMLResponse:
    """Return a page that says what went wrong."""
    title = "Not found" if status == 404 else f"Error {status}"
    return _page(request, title, element("h1", title), element("p", reason), status=status)


def _without_viewer(request: Request, book: Book) -> list[Markup]:
    address = f"{base_of(request)}/iiif/{book.songbook.id}/manifest"
    return [
        element("h1", _title(book.songbook.description)),
        element(
            "p", "The viewer, Mirador, was not installed with alamire, because npm was not there. To get it:"
        ),
        element("pre", element("code", "python -m alamire.server.viewer_build")),
        element(
            "p", "This needs Node.js's npm, once; reload this page afterwards. Any other IIIF viewer opens"
        ),
        element("p", element("a", address, href=address)),
    ]


def _card(book: Book, root: str) -> Markup:
    description = book.songbook.description
    count = len(description.pieces)
    facts = [description.shelfmark, f"{count} piece{'' if count == 1 else 's'}" if count else ""]
    shown = [
        element("img", src=source, alt="", width=str(width), height=str(height), loading="lazy")
        for source, width, height in _thumbnail(book, root)
    ]
    view = element("a", "Open in the viewer", href=f"{root}/view/{book.songbook.id}", tabindex="0")
    return element(
        "li",
        element(
            "a",
            *shown,
            class_="cover",
            href=f"{root}/view/{book.songbook.id}",
            tabindex="-1",
            aria_hidden="true",
        ),
        element("h2", element("a", _title(description), href=f"{root}/source/{book.songbook.id}")),
        element("p", " · ".join(fact for fact in facts if fact)),
        element("p", view),
    )


def _thumbnail(book: Book, root: str) -> list[tuple[str, int, int]]:
    """Return address and size of a songbook's picture: its start if it was photographed, else a scan."""
    surfaces = list(book.songbook.surfaces)
    start = canvases_of(book.songbook.description.start, [surface.label for surface in surfaces])[:1]
    ordered = [surfaces[index] for index in start] + surfaces
    return [_picture(surface, book, root) for surface in _photographed_first(ordered)[:1]]


def _photographed_first(surfaces: list[Surface]) -> list[Surface]:
    return [surface for surface in surfaces if _natural(surface)] + surfaces


def _natural(surface: Surface) -> bool:
    return any(scan.kind == "natural" for scan in surface.scans)


def _picture(surface: Surface, book: Book, root: str) -> tuple[str, int, int]:
    scan = next((scan for scan in surface.scans if scan.kind == "natural"), None)
    size = (scan.width, scan.height) if scan and scan.width else book.surfaces[surface.id][1]
    width, height = fitting(*size, THUMBNAIL * THUMBNAIL)
    address = f"{root}/iiif/image/{book.songbook.id}.{surface.id}/full/!{THUMBNAIL},{THUMBNAIL}/0/default.jpg"
    return address, width, height


def _piece_row(piece: Piece, labels: list[str], book: Book, root: str) -> Markup:
    title: str = piece.title
    if canvases_of(piece.folios, labels):
        title = element("a", piece.title, href=f"{root}/view/{book.songbook.id}?piece={quote(piece.id)}")
    files = [
        element(
            "a", _named(encoding.file, encoding.voice), href=_file(encoding.file, book, root), download=True
        )
        for encoding in piece.encodings
    ]
    cells = [title, piece.composer or "anonymous", piece.folios, ", ".join(piece.voices)]
    shown = [element("td", cell) for cell in cells]
    return element("tr", element("th", cells[0], scope="row"), *shown[1:], element("td", *_between(files)))


def _named(file: str, voice: str) -> str:
    suffix = file.rpartition(".")[2].upper()
    return f"{voice} ({suffix})" if voice else suffix


def _file(path: str, book: Book, root: str) -> str:
    return f"{root}/iiif/{book.songbook.id}/files/{quote(path)}"


def _table(rows: list[Markup]) -> Markup:
    names = ("Piece", "Composer", "Folios", "Voices", "Encodings")
    head = element("tr", *[element("th", name, scope="col") for name in names])
    table = element("table", element("thead", head), element("tbody", *rows))
    return element("div", table, class_="wide", tabindex="0", role="region", aria_label="Pieces")


def _facts(description: Description) -> list[Markup]:
    pairs = [("Shelfmark", [description.shelfmark]), ("Siglum", [description.siglum])]
    pairs += [
        (heading(key).get("en", heading(key).get("none", [key]))[0], [attributed(one) for one in statements])
        for key, statements in description.facts.items()
    ]
    return [
        join(element("dt", name), *[element("dd", value) for value in values if value])
        for name, values in pairs
        if any(values)
    ]


def _title(description: Description) -> str:
    texts = description.title.get("en") or next(iter(description.title.values()), ())
    return texts[0] if texts else description.shelfmark or description.id


def _lines(texts: LanguageMap) -> list[tuple[str | None, str]]:
    """Return a text in English where there is English, else in every language."""
    chosen = {"en": texts["en"]} if "en" in texts else texts
    return [(None if tag == "none" else tag, line) for tag, lines in chosen.items() for line in lines]


def _between(items: list[Markup]) -> list[str]:
    return [part for item in items for part in (" · ", item)][1:]


def _root(request: Request) -> str:
    """Return the path that every page is below: empty unless the server is part of a larger site."""
    return urlsplit(base_of(request)).path.rstrip("/")


def _page(request: Request, title: str, *body: Markup, status: int = 200) -> HTMLResponse:
    return _document(request, title, "reading", join(""), element("main", *body), status)


def _document(
    request: Request, title: str, kind: str, crumb: Markup, body: Markup, status: int = 200
) -> HTMLResponse:
    root = _root(request)
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
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return HTMLResponse(f"<!doctype html>\n{page}\n", status_code=status, headers=headers)
