"""Folios: the labels of surfaces and the ranges that pieces stand on.

A label is a name, not a position: labels repeat, skip and are inferred, so the order of a book is
a fact of its own and a range is resolved against the book's labels, in the book's order.

Parsing and printing are inverse on everything they accept; :func:`normalise` turns what people also
write (``fol. 14 verso``) into the form accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from alamire.source.numerals import is_roman, roman_value, to_roman

GRAMMAR = (
    "a folio is written 14r, 14v, [2]v (inferred), xlvij r, 10bis r; a page p. 12; a signature sig. B2r; "
    "other surfaces are front flyleaf 1r, back flyleaf 1v, front pastedown, back pastedown, front cover, "
    "back cover, spine, fore-edge; an opening 14v–15r; a partbook comes first, as in Canto: 6r"
)
BINDING_WORDS = ("front cover", "back cover", "front pastedown", "back pastedown", "spine", "fore-edge",
                 "head edge", "tail edge")  # fmt: skip
_SUFFIXES = ("", "a", "b", "c", "d", "bis", "ter", "quater")
_LEAF = re.compile(
    r"(?P<fly>(?:front|back) flyleaf )?(?:sig\. (?P<gathering>[A-Za-z]{1,2}))?(?P<open>\[)?"
    r"(?P<number>[1-9][0-9]{0,4}|[ivxlcdmj]+|[IVXLCDMJ]+)(?P<suffix>bis|ter|quater|[abcd])?"
    r"(?P<close>\])?(?P<space> )?(?P<side>[rv])?"
)
_FOLIO_WORDS = re.compile(
    r"\b(?:[Ff]ols?|[Ff]olios?|[Ff]o|[Ff]{1,2}|cc?|[Cc]art[ae]|[Bb]l|Blatt)"
    r"(?:\.? |\.)(?=[\[\dIVXLCDMivxlcdmj])"
)
_PAGE_WORDS = re.compile(
    r"(?<!sig\. )\b(?:[Pp][Pp]?|[Pp]ages?|[Pp]gs?|[Pp][aá]gs?|[Pp]agg|[Bb]lz|[Bb]ladzijden?|Seiten?)"
    r"(?:\.? |\.|)(?=\[?\d)|(?<!sig\. )\b[Pp]p?\.?(?=\[)|\bS\. ?(?=\[?\d)"
)
_PAGE_NUMBER = r"(\[?(?:[1-9][0-9]{0,4}|[ivxlcdmj]+|[IVXLCDMJ]+)\]?)"
_PAGE_RANGE = re.compile(rf"pp?\. {_PAGE_NUMBER}(?:\s*[-‐‑‒–—\u2212]\s*(?:pp?\. ?)?{_PAGE_NUMBER})?")
_NUMBERS = re.compile(r"\[?[1-9][0-9]{0,4}\]?(?:–\[?[1-9][0-9]{0,4}\]?)?")
_PAGE = re.compile(r"(?P<open>\[)?(?P<number>[1-9][0-9]{0,4}|[ivxlcdmj]+|[IVXLCDMJ]+)(?P<close>\])?")


@dataclass(frozen=True)
class Leaf:
    """A side of a leaf (``side`` is ``r``, ``v`` or empty for the leaf as a whole) or a page (``p``)."""

    number: str
    side: str = ""
    suffix: str = ""
    inferred: bool = False
    kind: str = "folio"
    gathering: str = ""

    @property
    def value(self) -> int:
        """The number as an integer, whatever numerals it is written in."""
        return int(self.number) if self.number.isdigit() else roman_value(self.number)

    @property
    def key(self) -> tuple[str, str, int, int, int]:
        """Order among leaves of one kind; brackets and the kind of numeral do not matter."""
        side = {"r": 0, "v": 1}.get(self.side, 0)
        return (self.kind, self.gathering, self.value, _SUFFIXES.index(self.suffix), side)

    def __str__(self) -> str:
        number = self.number + self.suffix
        number = f"[{number}]" if self.inferred else number
        if self.kind == "page":
            return f"p. {number}"
        gap = " " if self.side and (self.suffix or not self.number.isdigit()) else ""
        before = {"folio": "", "signature": f"sig. {self.gathering}"}.get(self.kind, f"{self.kind} ")
        return f"{before}{number}{gap}{self.side}"


@dataclass(frozen=True)
class Label:
    """What a surface is called: one or two leaves' sides, or words such as ``front cover``."""

    leaves: tuple[Leaf, ...] = ()
    words: str = ""
    partbook: str = ""
    dash: str = field(default="–", compare=False)

    @property
    def is_opening(self) -> bool:
        """Whether one surface shows a verso and the recto facing it."""
        return len(self.leaves) == 2

    def __str__(self) -> str:
        if len(self.leaves) == 2 and self.leaves[0].kind == "page":
            numbers = [str(leaf).removeprefix("p. ") for leaf in self.leaves]
            body = f"pp. {numbers[0]}{self.dash}{numbers[1]}"
        else:
            body = self.dash.join(str(leaf) for leaf in self.leaves) or self.words
        return f"{self.partbook}: {body}" if self.partbook else body


def parse_label(text: str) -> Label:
    """Return the label that a text spells; ValueError states the grammar where it spells none."""
    partbook, body = _split_partbook(text)
    if body in BINDING_WORDS:
        return Label(words=body, partbook=partbook)
    ends, dash = _split_dash(body)
    pages = body.startswith("pp. ")
    if pages and len(ends) == 2:
        ends = ["p. " + ends[0].removeprefix("pp. "), "p. " + ends[1]]
    if len(ends) > 2 or (pages and len(ends) != 2):
        raise ValueError(f"{text!r} is not the label of a surface: {GRAMMAR}")
    leaves = tuple(_parse_leaf(end, text) for end in ends)
    if len(leaves) == 2 and not pages and not all(leaf.side for leaf in leaves):
        raise ValueError(f"{text!r} is not an opening: write both sides, as in 14v–15r")
    return Label(leaves=leaves, partbook=partbook, dash=dash)


@dataclass(frozen=True)
class Span:
    """From one side to another, both included; ``end`` is None for a single side."""

    start: Leaf
    end: Leaf | None = None
    partbook: str = ""
    dash: str = field(default="–", compare=False)

    @property
    def bounds(self) -> tuple[Leaf, Leaf]:
        """The first and the last side meant: ``14v–15`` ends on 15r, ``14–15`` on 15v, and ``14`` on 14v."""
        last = self.end or self.start
        if not last.side and last.kind != "page":
            last = replace(last, side="r" if self.start.side and self.end else "v")
        first = self.start
        if not first.side and first.kind != "page":
            first = replace(first, side="r")
        return first, last

    def __str__(self) -> str:
        body = str(self.start) if self.end is None else f"{self.start}{self.dash}{self.end}"
        if self.end is not None and self.start.kind == "page":
            body = f"{str(self.start).replace('p.', 'pp.', 1)}{self.dash}{str(self.end).removeprefix('p. ')}"
        return f"{self.partbook}: {body}" if self.partbook else body


@dataclass(frozen=True)
class FolioRange:
    """The spans that a piece or a gathering stands on, as written (``ff. 52v–54r, 60r``)."""

    spans: tuple[Span, ...]
    prefix: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.prefix + ", ".join(str(span) for span in self.spans)

    def expand(self) -> list[Leaf]:
        """Return every side named, counting on from leaf to leaf (a skipped number is not known here)."""
        return [leaf for span in self.spans for leaf in _expand(span)]


def parse_range(text: str) -> FolioRange:
    """Return the range that a text spells (``ff. 52v–54r``); ValueError where it spells none."""
    match = re.match(r"ff?\. ", text)
    prefix = match.group() if match else ""
    return FolioRange(tuple(_parse_span(part) for part in text[len(prefix) :].split(", ")), prefix)


def resolve_range(text: str, labels: Sequence[str]) -> list[int]:
    """Return the indices into ``labels`` of the surfaces that a range names, in the book's order.

    Where both ends are in the book, everything between them is meant, whatever it is called; where
    an end is not, the surfaces whose numbers lie within. An opening counts for both of its sides.
    """
    index = _index(tuple(labels))
    found: set[int] = set()
    for span in parse_range(normalise(text)).spans:
        found.update(_resolve_span(span, index))
    return sorted(found)


def normalise(text: str) -> str:
    """Return the accepted form of what people also write: ``fol. 14 verso`` becomes ``14v``."""
    text = " ".join(text.split()).replace("; ", ", ")
    text = _FOLIO_WORDS.sub("", text)
    text = _PAGE_WORDS.sub("p. ", text)
    text = re.sub(r"\s*[-‐‑‒–—\u2212]\s*(?=[\[\dIVXLCDMivxlcdmj])", "–", text)
    text = re.sub(r"\s*\b(recto|verso)\b", lambda match: " " + match.group(1)[0], text)
    text = re.sub(r"(?<=\d)(\]?)(?: |\.)([rv])\b", r"\1\2", text)
    return ", ".join(_with_pages(text.split(", ")))


def _with_pages(parts: Sequence[str]) -> Iterator[str]:
    """Write pages in one form: ``p. 1–4``, ``p. 1–p. 4``, and ``1–4`` after other pages, are ``pp. 1–4``."""
    pages = False
    for part in parts:
        before, separator, body = part.rpartition(": ")
        if pages and _NUMBERS.fullmatch(body):
            body = f"p. {body}"
        if match := _PAGE_RANGE.fullmatch(body):
            body = f"pp. {match[1]}–{match[2]}" if match[2] else f"p. {match[1]}"
        pages = body.startswith(("p. ", "pp. "))
        yield before + separator + body


def _split_partbook(text: str) -> tuple[str, str]:
    partbook, separator, body = text.partition(": ")
    if not separator:
        return "", text
    if not partbook or partbook != partbook.strip() or "," in partbook:
        raise ValueError(f"{text!r} names no partbook before the colon: {GRAMMAR}")
    return partbook, body


def _split_dash(body: str) -> tuple[list[str], str]:
    dash = "–" if "–" in body else "-"
    if body in BINDING_WORDS or dash not in body:
        return [body], "–"
    return body.split(dash), dash


def _parse_leaf(text: str, whole: str) -> Leaf:
    if text.startswith("p. "):
        return _parse_page(text, whole)
    match = _LEAF.fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]) or (match["fly"] and match["gathering"]):
        raise ValueError(f"{whole!r} is not the label of a surface: {GRAMMAR}")
    number, suffix, side = match["number"], match["suffix"] or "", match["side"] or ""
    leaf = Leaf(
        number, side, suffix, bool(match["open"]), kind=_kind(match), gathering=match["gathering"] or ""
    )
    if not (number.isdigit() or is_roman(number)) or str(leaf) != text:
        raise ValueError(f"{whole!r} is not the label of a surface: {GRAMMAR}")
    return leaf


def _kind(match: re.Match[str]) -> str:
    return (match["fly"] or "").strip() or ("signature" if match["gathering"] else "folio")


def _parse_page(text: str, whole: str) -> Leaf:
    match = _PAGE.fullmatch(text.removeprefix("p. "))
    if not match or bool(match["open"]) != bool(match["close"]):
        raise ValueError(f"{whole!r} is not the label of a page: {GRAMMAR}")
    if not (match["number"].isdigit() or is_roman(match["number"])):
        raise ValueError(f"{whole!r} is not the label of a page: {GRAMMAR}")
    return Leaf(match["number"], inferred=bool(match["open"]), kind="page")


def _parse_span(text: str) -> Span:
    partbook, body = _split_partbook(text)
    ends, dash = _split_dash(body)
    if body.startswith("pp. ") and len(ends) == 2:
        ends = ["p. " + ends[0].removeprefix("pp. "), "p. " + ends[1]]
    if len(ends) > 2 or (body.startswith("pp. ") and len(ends) != 2):
        raise ValueError(f"{text!r} is not a range of folios such as 52v–54r: {GRAMMAR}")
    start = _parse_leaf(ends[0], text)
    end = _parse_leaf(ends[1], text) if len(ends) == 2 else None
    span = Span(start, end, partbook, dash)
    first, last = span.bounds
    if (first.kind, first.gathering) != (last.kind, last.gathering) or first.key > last.key:
        raise ValueError(f"{text!r} runs backwards, or from one kind of leaf to another")
    return span


def _expand(span: Span) -> list[Leaf]:
    first, last = span.bounds
    leaf, leaves = first, [first]
    while leaf.key < last.key:
        leaf = _following(leaf)
        leaves.append(leaf if leaf.key < last.key else last)
    return leaves


def _following(leaf: Leaf) -> Leaf:
    if leaf.side == "r":
        return replace(leaf, side="v")
    value = leaf.value + 1
    number = str(value) if leaf.number.isdigit() else to_roman(value, leaf.number)
    return replace(leaf, number=number, suffix="", side="r" if leaf.side else "")


@lru_cache(maxsize=65536)
def _try_label(text: str) -> Label | None:
    try:
        return parse_label(normalise(text))
    except ValueError:
        return None


_Key = tuple[str, str, int, int, int]


@dataclass(frozen=True)
class _Index:
    """Where each side stands in a book: by partbook, in the book's order."""

    sides: dict[str, list[tuple[int, _Key]]]
    places: dict[tuple[str, _Key], list[int]]
    partbook_of: list[str | None]


@lru_cache(maxsize=32)
def _index(labels: tuple[str, ...]) -> _Index:
    sides: dict[str, list[tuple[int, _Key]]] = {}
    places: dict[tuple[str, _Key], list[int]] = {}
    parsed = [_try_label(label) for label in labels]
    for number, label in enumerate(parsed):
        if label is None:
            continue
        for leaf in label.leaves:
            sides.setdefault(label.partbook, []).append((number, leaf.key))
            places.setdefault((label.partbook, leaf.key), []).append(number)
    return _Index(sides, places, [label.partbook if label else None for label in parsed])


def _resolve_span(span: Span, index: _Index) -> list[int]:
    first, last = span.bounds
    starts = index.places.get((span.partbook, first.key), [])
    ends = [end for end in index.places.get((span.partbook, last.key), []) if starts and end >= starts[0]]
    if starts and ends:
        between = range(starts[0], ends[0] + 1)
        own = (span.partbook, None) if not span.partbook else (span.partbook,)
        return [number for number in between if index.partbook_of[number] in own]
    return [n for n, key in index.sides.get(span.partbook, []) if first.key <= key <= last.key]
