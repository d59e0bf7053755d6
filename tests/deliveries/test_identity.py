"""Stable ids of surfaces from one version to the next."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from alamire.deliveries.identity import assign_ids
from alamire.source.description import PageType, Scan, Surface


def surface(label: str, digest: str = "", page_type: PageType = PageType.PAGE, id: str = "") -> Surface:
    """Return a surface with one scan of this digest, or none."""
    scans = (Scan(f"scans/{label}.tif", sha512=digest),) if digest else ()
    return Surface(id, 0, label, page_type, scans=scans)


def ids(*args: list[Surface] | tuple[Surface, ...]) -> list[str]:
    """Return the ids assigned."""
    return [each.id for each in assign_ids(*args)]


BOOK = assign_ids([surface("1r", "a"), surface("1v", "b"), surface("2r"), surface("2v", "d")])


def test_first_ids_are_counted() -> None:
    """The first version counts from s0001 in the book's order."""
    assert [each.id for each in BOOK] == ["s0001", "s0002", "s0003", "s0004"]


def test_a_corrected_label_keeps_its_id() -> None:
    """The scan tells which surface it is, even where labels were swapped."""
    assert ids([surface("1v", "a"), surface("1r", "b"), surface("2r"), surface("2v", "d")], BOOK) == [
        "s0001", "s0002", "s0003", "s0004",
    ]  # fmt: skip


def test_a_new_photograph_keeps_its_id() -> None:
    """The label tells which surface it is where the scan is another one."""
    assert ids([surface("1r", "new"), surface("2v", "d")], BOOK) == ["s0001", "s0004"]


def test_a_found_leaf_keeps_the_id_of_its_placeholder() -> None:
    """A missing leaf that turns up is the same surface, though its page type changes."""
    book = assign_ids([surface("1r", page_type=PageType.MISSING)])
    assert ids([surface("1r", "found")], book) == ["s0001"]


def test_a_relabelled_placeholder_is_known_by_its_place() -> None:
    """What stands after the same neighbour without a scan is the same surface."""
    relabelled = [surface("1r", "a"), surface("1v", "b"), surface("[2]r"), surface("2v", "d")]
    assert ids(relabelled, BOOK) == ["s0001", "s0002", "s0003", "s0004"]


def test_an_inserted_surface_gets_a_number_never_used() -> None:
    """Neither a number in use nor one that was given up is used again."""
    gone = [surface("9r", "z", id="s0007")]
    assert ids([BOOK[0], surface("1bis r", "n"), BOOK[1]], BOOK, gone) == ["s0001", "s0008", "s0002"]


def test_a_surface_that_comes_back_gets_its_id_back() -> None:
    """A scan known from an older version brings the surface's old id."""
    assert ids([surface("9r", "z")], BOOK, [surface("9r", "z", id="s0007")]) == ["s0007"]


def test_identical_scans_are_told_apart_by_label() -> None:
    """Two blank pages with the same content keep their own ids, whatever their order."""
    book = assign_ids([surface("1r", "blank"), surface("1v", "blank")])
    assert ids([surface("1v", "blank"), surface("1r", "blank")], book) == ["s0002", "s0001"]


@given(st.permutations(list(BOOK)), st.integers(0, 4))
def test_ids_follow_the_surfaces_through_any_order(order: list[Surface], kept: int) -> None:
    """Reordered and shortened books keep the ids, and no id is given twice."""
    bare = [replace(each, id="") for each in order[:kept]] + [surface("new", "n")]
    found = ids(bare, BOOK)
    assert found[:-1] == [each.id for each in order[:kept]]
    assert found[-1] == "s0005"
