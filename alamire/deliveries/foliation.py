"""Whether the labels of a book run as foliations do: forwards, each once, none left out without a note.

Real books skip, repeat and misbind: then the sheet has a note, and nothing is reported. Excerpts leave out
openings; :func:`_is_slip` tells them from slips of the pen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from alamire.deliveries.codes import report
from alamire.deliveries.sheet import Row
from alamire.deliveries.surfaces import SheetEntry
from alamire.errors import Problem
from alamire.source.description import Description, PageType, Surface
from alamire.source.folio import (
    FolioRange,
    Label,
    Leaf,
    Span,
    normalise,
    parse_label,
    parse_range,
    resolve_range,
)

SOURCE = "source.toml"
#: Page types that take part in a book's foliation; flyleaves have one of their own.
_FOLIATED = (PageType.PAGE, PageType.OPENING, PageType.MISSING)
#: A note explains an order of labels if it has a number, or a word that begins so.
_OF_ORDER = (
    r"repeat|twice|double|dupl|number|foli|pagin|count|order|misb|bound|rebound|swap|exchang|invert|sic\b|"
    r"répét|intervert|erreur|zähl|doppelt|vertausch|gebunden|falsch|rilegat|ripet|error|repet|"
    r"verkeerd|dubbel|gebonden"
)
#: It explains what is left out if it has a word that begins so, too.
_OF_LOSS = (
    r"skip|miss|lack|lost|want|omit|photograph|blank|excerpt|extract|fragment|cut|torn|gap|jump|"
    r"saut|manqu|perdu|lacun|arrach|vierge|fehl|verlor|übersprung|herausg|leer|"
    r"salt|manca|perd|bianc|falta|ontbre|overgeslag|deest|desunt|vac"
)
_EXPLAINS_ORDER = re.compile(rf"\d|\b(?:{_OF_ORDER})", re.IGNORECASE)
_EXPLAINS_LOSS = re.compile(rf"\d|\b(?:not |{_OF_ORDER}|{_OF_LOSS})", re.IGNORECASE)
#: Steps to the next side that a foliation must have for each step that leaves sides out, to call this a skip.
#: Of Il Lauro Secco seven openings of each part-book were scanned: 7 steps to 6. Of the sample of the Leuven
#: Chansonnier some pages were: 6 to 2.
_WHOLE = 2
#: The same where the sides left out may lie between two excerpts.
_SURELY_WHOLE = 8
#: The most sides (two leaves) that are left out by skipping a number or forgetting a leaf.
_FEW = 4

_Key = tuple[int, str, int, int, int]


@dataclass(frozen=True)
class Side:
    """A side of a leaf, or a page, with the index of the surface that shows it and that surface's row."""

    leaf: Leaf
    index: int
    row: int
    label: str
    note: str = ""

    @property
    def key(self) -> _Key:
        """Order within a foliation; signatures by their gathering first."""
        _, gathering, value, suffix, side = self.leaf.key
        return (len(gathering), gathering, value, suffix, side)

    @property
    def is_recto(self) -> bool:
        """Whether it lies on the right of an opening: rectos, and pages with odd numbers."""
        return self.leaf.value % 2 == 1 if self.leaf.kind == "page" else self.leaf.side == "r"


@dataclass(frozen=True)
class Break:
    """Where labels do not run on, between two sides; ``at`` is the side that seems wrong.

    Where it is no ``slip``, it may only be the gap between two excerpts; a piece that goes across it is
    reported.
    """

    code: str
    before: Side
    after: Side
    at: Side
    message: str
    slip: bool = True


def check_foliation(
    surfaces: Sequence[Surface], entries: Sequence[SheetEntry], sheet: str, description: Description | None
) -> list[Problem]:
    """Return where labels run backwards, repeat or skip without a note, and ranges that go across."""
    starts = _starts(description, [surface.label for surface in surfaces])
    breaks = [each for sides in _foliations(surfaces, entries).values() for each in _breaks(sides, starts)]
    problems = [
        report(each.code, each.message, sheet, each.at.row, each.at.label) for each in breaks if each.slip
    ]
    if description is not None:
        problems += _ranges_over_breaks(description, [surface.label for surface in surfaces], breaks)
    return problems


def _starts(description: Description | None, labels: Sequence[str]) -> set[int] | None:
    """Return the surfaces (by index) on which pieces begin; None where no piece is known."""
    pieces = [piece.folios for piece in description.pieces if piece.folios] if description else []
    spans = [span for folios in pieces for span in parse_range(normalise(folios)).spans]
    return {where[0] for span in spans if (where := resolve_range(str(span), labels))} if pieces else None


def _foliations(surfaces: Sequence[Surface], entries: Sequence[SheetEntry]) -> dict[object, list[Side]]:
    """Return the sides of each foliation in order; an opening gives its sides unless shown alone too."""
    rows: dict[tuple[str, PageType], Row] = {}
    for entry in entries:
        rows.setdefault((entry.name, entry.page_type), entry.row)
    found: dict[object, list[tuple[Side, bool]]] = defaultdict(list)
    for index, surface in enumerate(surfaces):
        label = _label(surface.label)
        if label is None or surface.page_type not in (*_FOLIATED, PageType.FLYLEAF):
            continue
        row = rows.get((str(label), surface.page_type))
        for leaf in label.leaves:
            side = Side(leaf, index, row.number if row else 0, surface.label, surface.note)
            found[_foliation(label, leaf, surface.page_type)].append((side, label.is_opening))
    foliations = {}
    for key, sides in found.items():
        alone = {side.key for side, opening in sides if not opening}
        foliations[key] = [side for side, opening in sides if not opening or side.key not in alone]
    return foliations


def _label(text: str) -> Label | None:
    try:
        return parse_label(normalise(text))
    except ValueError:
        return None


def _foliation(label: Label, leaf: Leaf, page_type: PageType) -> object:
    """Return what tells foliations apart: part-book, kind of leaf and numeral, whether sides are named."""
    numeral = "arabic" if leaf.number.isdigit() else "roman"
    flyleaf = page_type is PageType.FLYLEAF
    case = leaf.gathering.islower()
    return (label.partbook, leaf.kind, flyleaf, case, numeral, bool(leaf.side))


def _breaks(sides: Sequence[Side], starts: set[int] | None) -> list[Break]:
    steps = list(pairwise(sides))
    onward = sum(1 for before, after in steps if _gap(before, after) == 0)
    back = [after for before, after in steps if after.key < before.key]
    if len(back) > max(len(steps) // 2, 1) and not any(map(_has_note, sides, sides)):
        message = (
            f"the labels run backwards, from {sides[0].label} (row {sides[0].row}) to {sides[-1].label} "
            f"(row {sides[-1].row}): sort the rows, or number them in a column order"
        )
        return [Break("labels-backwards", sides[0], back[0], back[0], message)]
    skips = sum(
        1 for before, after in steps if _gap(before, after) > 0 and not _has_note_of_loss(before, after)
    )
    return list(_each_break(sides, _Run(onward, skips, starts)))


@dataclass(frozen=True)
class _Run:
    """How many steps of a foliation go to the next side, how many leave sides out, and where pieces begin."""

    onward: int
    skips: int
    starts: set[int] | None


def _each_break(sides: Sequence[Side], run: _Run) -> Iterator[Break]:
    seen: dict[object, Side] = {}
    keys = {side.key for side in sides}
    repeating = False
    odd: set[int] = set()
    apart: set[int] = set()  # the second sides of openings that are told
    for place, after in enumerate(sides):
        before = sides[place - 1] if place else None
        first = seen.setdefault(after.key, after)
        again, repeating = repeating, first is not after
        if before is None:
            continue
        if _has_note(before, after) or (after.key > before.key and _has_note_of_loss(before, after)):
            continue
        if before.index == after.index:
            if _gap(before, after) != 0:
                apart.add(place)
                yield Break(_code(before, after), before, after, after, _say_opening(before, after))
        elif first is not after:
            if not again or _gap(before, after) != 0:
                yield Break("labels-repeat", before, after, after, _say_repeat(first, after))
        elif after.key < before.key and place - 1 not in apart:
            message, culprit = _say_backwards(sides, place)
            odd.add(culprit)
            yield Break("labels-backwards", before, after, sides[culprit], message)
        elif (gap := _gap(before, after)) > 0 and not _are_elsewhere(before, after, keys):
            turns_back = place + 1 < len(sides) and sides[place + 1].key < after.key
            alone = place + 1 == len(sides) or (place == 1 and run.starts is not None)
            alone = alone and after.index not in (run.starts or ())
            slip = not turns_back and place - 1 not in odd and _is_slip(before, after, gap, run, alone)
            yield Break("labels-skip", before, after, after, _say_skip(before, after, gap), slip)


def _code(before: Side, after: Side) -> str:
    return "labels-skip" if after.key > before.key else "labels-backwards"


def _gap(before: Side, after: Side) -> int:
    """Return how many sides lie between two: 0 where the second comes next, -1 where it comes before.

    The end of a gathering is not known, but each leaf has two sides, and the next gathering begins with its
    first.
    """
    first, second = before.leaf, after.leaf
    if after.key <= before.key:
        return -1
    per_leaf = 2 if first.side else 1
    if first.gathering != second.gathering:
        return (first.side == "r") + (second.value - 1) * per_leaf + (second.side == "v")
    if first.value == second.value:
        turned = first.side in ("v", "") and second.side in ("r", "")
        return 0 if first.suffix == second.suffix or turned else 1
    sides = (second.value - first.value) * per_leaf
    if first.side:
        sides += (second.side == "v") - (first.side == "v")
    return sides - 1


def _are_elsewhere(before: Side, after: Side, keys: set[_Key]) -> bool:
    """Say whether all sides between these two stand elsewhere in the book."""
    first, second = before.leaf, after.leaf
    if second.value - first.value > 3:
        return False
    between = [
        (len(first.gathering), first.gathering, value, 0, side)
        for value in range(first.value, second.value + 1)
        for side in ((0, 1) if first.side else (0,))
    ]
    inside = [key for key in between if before.key < key < after.key]
    return bool(inside) and all(key in keys for key in inside)


def _is_slip(before: Side, after: Side, gap: int, run: _Run, alone: bool) -> bool:
    """Say whether sides left out are more likely a slip than an excerpt.

    In a book that is otherwise whole a leaf is left out between a verso and the recto that should face it,
    or a single side is. Excerpts begin on versos and end on rectos, leave out openings, and a piece begins
    where they go on. A side ``alone`` at an end of the book is no excerpt.
    """
    surely_whole = run.onward >= _SURELY_WHOLE * run.skips
    if gap == 1:
        return run.onward >= run.skips
    if after.is_recto and not before.is_recto:
        return surely_whole or (gap <= _FEW and run.onward >= _WHOLE * run.skips)
    if alone and run.onward >= _WHOLE * run.skips:
        return True
    nothing_begins = run.starts is not None and after.index not in run.starts
    return gap <= _FEW and (surely_whole or (nothing_begins and run.onward >= _WHOLE * run.skips))


def _has_note(before: Side, after: Side) -> bool:
    return any(_EXPLAINS_ORDER.search(side.note) for side in (before, after))


def _has_note_of_loss(before: Side, after: Side) -> bool:
    return any(_EXPLAINS_LOSS.search(side.note) for side in (before, after))


def _say_repeat(first: Side, after: Side) -> str:
    return (
        f"{after.label} is {first.label} again (row {first.row}): correct one of them, or say in a note that "
        "the book counts so"
    )


def _say_backwards(sides: Sequence[Side], place: int) -> tuple[str, int]:
    """Return the message for labels that turn back, and the place of the side that seems to be wrong."""
    before, after = sides[place - 1], sides[place]
    for culprit, left, right in ((place - 1, place - 2, place), (place, place - 1, place + 1)):
        if left < 0 or right >= len(sides):
            continue
        around = sides[left].leaf, sides[right].leaf
        if _gap(sides[left], sides[right]) == 1 and around[0].gathering == around[1].gathering:
            meant = FolioRange((Span(*around),)).expand()[1]
            message = (
                f"{sides[culprit].label} stands between {sides[left].label} and {sides[right].label}, "
                f"where {meant} is expected: correct it, or say in a note that the book counts so"
            )
            return message, culprit
    message = (
        f"{after.label} comes after {before.label} (row {before.row}): correct the labels or the order of "
        "the rows, or say in a note that the book is so"
    )
    return message, place


def _say_opening(before: Side, after: Side) -> str:
    return (
        f"{before.leaf} and {after.leaf} do not face each other: correct one of them, or say in a note that "
        "the book counts so"
    )


def _say_skip(before: Side, after: Side, gap: int) -> str:
    unit = "page" if before.leaf.kind == "page" else "side" if before.leaf.side else "leaf"
    plural = {"leaf": "leaves"}.get(unit, unit + "s")
    what = f"a {unit} is" if gap == 1 else f"{gap} {plural} are"
    return (
        f"{what} left out between {before.label} (row {before.row}) and {after.label}: correct the label, "
        "add rows for what is missing, or say in a note that the book counts so"
    )


def _ranges_over_breaks(
    description: Description, labels: Sequence[str], breaks: Sequence[Break]
) -> list[Problem]:
    """Return a problem for each range of a piece or gathering that has a break within it."""
    slips = [each for each in breaks if each.slip]
    wanted = [(f"piece {piece.id}", piece.folios, breaks) for piece in description.pieces]
    wanted += [(f"gathering {each.label}", each.folios, slips) for each in description.gatherings]
    problems = []
    for detail, folios, looked_at in wanted:
        for span in parse_range(normalise(folios)).spans if folios else ():
            where = resolve_range(str(span), labels)
            inside = [each for each in looked_at if {each.before.index, each.after.index} <= set(where)]
            if inside:
                on = ", ".join(labels[index] for index in where[:8]) + (", …" if len(where) > 8 else "")
                message = _say_range(str(span), inside[0], on)
                problems.append(report("range-over-break", message, SOURCE, folio=folios, detail=detail))
    return problems


def _say_range(span: str, first: Break, on: str) -> str:
    between = f"{first.before.label} (row {first.before.row}) and {first.after.label} (row {first.after.row})"
    return (
        f"{span} goes across the labels {between}, which do not follow each other; it is taken to be on {on}"
        ": correct the sheet or the range"
    )
