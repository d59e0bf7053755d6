"""Rows of the sheet become surfaces in the order of the book, still without ids and without digests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from alamire.deliveries.codes import report
from alamire.deliveries.contents import Contents, clean_path
from alamire.deliveries.cutnames import find_cut_names
from alamire.deliveries.registers import parse_place
from alamire.deliveries.sheet import Row
from alamire.errors import Problem
from alamire.source.description import Kind, PageType, Scan, Surface
from alamire.source.folio import GRAMMAR, Label, normalise, parse_label
from alamire.source.spelling import compose

_Say = Callable[[str, str], None]


@dataclass(frozen=True)
class SheetEntry:
    """A row of the sheet with its cells understood; ``file`` is a path in the delivery, empty for no scan.

    ``name`` is the label in the form that all spellings of it share (``14 recto`` is ``14r``).
    """

    row: Row
    name: str
    file: str
    kind: Kind
    page_type: PageType
    order: Decimal | None
    place: tuple[int, int, int, int] | None = None


def read_entries(
    rows: Sequence[Row], contents: Contents, sheet: str
) -> tuple[list[SheetEntry], list[Problem]]:
    """Return the rows with their cells understood, and everything that is wrong with them."""
    problems: list[Problem] = []
    given = _given_types(rows)
    cut = find_cut_names(rows, contents.files, sheet)
    problems += cut.problems
    whole = [replace(row, file="") if row.number in cut.meant else row for row in rows]
    entries = [
        replace(_place(row, given, contents, sheet, problems, known=written is row), row=written)
        for written, row in zip(rows, whole, strict=True)
    ]
    used: dict[str, Row] = {}
    for entry in entries:
        if entry.file and (first := used.setdefault(entry.file, entry.row)) is not entry.row:
            message = (
                f"names {entry.file}, as row {first.number} does: if the scan shows an opening, "
                "write one row for it with a label such as 14v–15r"
            )
            problems.append(report("duplicate-file", message, sheet, entry.row.number, entry.row.label))
    problems += _order_problems(entries, sheet)
    return entries, problems


def check_forgotten(
    forgotten: Sequence[str], rows: Sequence[Row], contents: Contents, sheet: str
) -> list[Problem]:
    """Return which pictures in scans/ no row names."""
    # A file that a row misspells is reported at the row, and not a second time here.
    meant = {contents.spelled_like(path) for row in rows if (path := _scan_path(row.file))}
    meant |= set(find_cut_names(rows, contents.files, sheet).meant.values())
    message = f"is named by no row of {sheet}: add a row, or take the file out"
    return [report("unnamed-file", message, name) for name in forgotten if name not in meant]


def build_surfaces(entries: Sequence[SheetEntry], sheet: str) -> tuple[list[Surface], list[Problem]]:
    """Return the surfaces in the book's order; rows of one label and page type are one surface."""
    groups: dict[tuple[str, PageType], list[SheetEntry]] = defaultdict(list)
    problems: list[Problem] = []
    for entry in entries:
        group = groups[(entry.name, entry.page_type)]
        alike = [other for other in group if _names_the_same(other.row, entry.row)]
        if alike and entry.row.label:
            message = (
                f"has the label of row {alike[0].row.number}: correct one of them, give another kind if the "
                "scan was made otherwise, or write [14]r or 14bis r, with a note, if the book counts so"
            )
            problems.append(report("duplicate-label", message, sheet, entry.row.number, entry.row.label))
        group.append(entry)
    ordered = list(groups.values())
    if all(any(p.order is not None for p in group) for group in ordered):
        ordered.sort(key=lambda group: next(p.order for p in group if p.order is not None))
    return [_surface(position, group) for position, group in enumerate(ordered, start=1)], problems


def _names_the_same(row: Row, other: Row) -> bool:
    """Say whether two rows of one label exclude each other, by the files and kinds that they name."""
    kinds = {each.kind.lower() or Kind.NATURAL.value for each in (row, other)}
    return not row.file or not other.file or len(kinds) == 1


def _surface(position: int, group: Sequence[SheetEntry]) -> Surface:
    notes = list(dict.fromkeys(entry.row.note for entry in group if entry.row.note))
    scans = tuple(Scan(entry.file, entry.kind, place=entry.place) for entry in group if entry.file)
    first = group[0]
    return Surface("", position, first.row.label, first.page_type, _join_notes(notes), scans)


def _join_notes(notes: Sequence[str]) -> str:
    """Return notes as one text: a note that is no sentence gets a semicolon before the next."""
    separated = [note if note.endswith((".", "!", "?")) else f"{note};" for note in notes[:-1]]
    return " ".join([*separated, *notes[-1:]])


def describe_scans(surfaces: Sequence[Surface], described: Mapping[str, Scan]) -> list[Surface]:
    """Return the surfaces with size, media type and digest of each scan as ``described`` has them."""
    return [
        replace(
            surface,
            scans=tuple(
                replace(described[scan.file], kind=scan.kind, place=scan.place)
                if scan.file in described
                else scan
                for scan in surface.scans
            ),
        )
        for surface in surfaces
    ]


def _place(
    row: Row,
    given: Mapping[str, set[PageType]],
    contents: Contents,
    sheet: str,
    problems: list[Problem],
    known: bool,
) -> SheetEntry:
    def say(code: str, message: str) -> None:
        problems.append(report(code, message, sheet, row.number, row.label))

    label = _parse(row.label)
    name = str(label or row.label)
    if not row.label:
        say("no-label", "has no label: write the folio, such as 14v, or words such as front cover")
    kind, page_type = Kind.NATURAL, _default_type(label)
    if row.kind and row.kind.lower() not in set(Kind):
        say("unknown-kind", f"no kind is called {row.kind!r}: it is one of {', '.join(Kind)}")
    elif row.kind:
        kind = Kind(row.kind.lower())
    if row.page_type and row.page_type.lower() not in set(PageType):
        say(
            "unknown-page-type",
            f"no page type is called {row.page_type!r}: it is one of {', '.join(PageType)}",
        )
    elif row.page_type:
        page_type = PageType(row.page_type.lower())
    elif len(given.get(name, ())) == 1:
        (page_type,) = given[name]
    if label is None and row.label and page_type not in (PageType.OTHER, PageType.BINDING):
        say("label-form", f"{row.label!r} is kept, but no piece can be placed on it: {GRAMMAR}")
    file = _file(row, contents, say)
    if known and not row.file and page_type is not PageType.MISSING:
        message = (
            "names no file; the surface is shown as not photographed. If the leaf is lost, write missing"
        )
        if not row.page_type:
            say("missing-without-type", message + " as its page_type")
    if row.file and page_type is PageType.MISSING:
        say("scan-of-missing", "names a scan of a surface that is missing: change the page_type or the file")
    place = parse_place(row.place)
    if row.place and place is None:
        say("bad-place", f"{row.place!r} is no place: write x,y,width,height in pixels of the natural scan")
    return SheetEntry(row, name, file, kind, page_type, _order(row, say), place)


def _given_types(rows: Sequence[Row]) -> dict[str, set[PageType]]:
    given: dict[str, set[PageType]] = defaultdict(set)
    for row in rows:
        if row.page_type.lower() in set(PageType):
            given[str(_parse(row.label) or row.label)].add(PageType(row.page_type.lower()))
    return given


def _parse(label: str) -> Label | None:
    try:
        return parse_label(normalise(label))
    except ValueError:
        return None


def _default_type(label: Label | None) -> PageType:
    if label is None:
        return PageType.PAGE
    if label.is_opening:
        return PageType.OPENING
    if label.words:
        return PageType.PASTEDOWN if "pastedown" in label.words else PageType.BINDING
    return PageType.FLYLEAF if label.leaves and "flyleaf" in label.leaves[0].kind else PageType.PAGE


def _scan_path(text: str) -> str | None:
    path = clean_path(text) if text else None
    return path if path is None or path.startswith("scans/") else f"scans/{path}"


def _file(row: Row, contents: Contents, say: _Say) -> str:
    if not row.file:
        return ""
    path = clean_path(row.file)
    if path is None:
        say("unsafe-path", f"{row.file!r} leads out of the delivery: write a path such as scans/0001.tif")
        return ""
    inside = _scan_path(row.file) or path
    if inside in contents.files:
        return inside
    if (other := contents.spelled_like(inside)) is not None:
        say("name-spelling", f"names {path}, but the file is called {other}: spell it alike")
    elif path in contents.files:
        say("outside-scans", f"names {path}, which is not in scans/: move the file there")
    else:
        say("missing-file", f"names {compose(row.file)}, which is not in scans/: add it or correct the row")
    return ""


def _order(row: Row, say: _Say) -> Decimal | None:
    if not row.order:
        return None
    try:
        number = Decimal(row.order.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        say("bad-order", f"{row.order!r} is no number: write 1, 2, 3 or 12.5, or leave the column out")
        return None
    return number


def _order_problems(entries: Sequence[SheetEntry], sheet: str) -> list[Problem]:
    orders: dict[tuple[str, PageType], SheetEntry] = {}
    for entry in entries:
        if entry.order is not None:
            orders.setdefault((entry.name, entry.page_type), entry)
    problems: list[Problem] = []
    taken: dict[Decimal | None, SheetEntry] = {}
    for entry in orders.values():
        if (first := taken.setdefault(entry.order, entry)) is not entry:
            message = f"has the order {entry.order} of row {first.row.number}: give each surface its own"
            problems.append(report("bad-order", message, sheet, entry.row.number, entry.row.label))
    for entry in entries:
        blank = not entry.row.order and (entry.name, entry.page_type) not in orders
        if orders and blank and entry.row.label:
            message = "has no order while other rows have one: number all rows or none"
            problems.append(report("bad-order", message, sheet, entry.row.number, entry.row.label))
    return problems
