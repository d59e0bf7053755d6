"""The light check of encodings: spines and well-formedness."""

from __future__ import annotations

from pathlib import Path

import pytest

from alamire.deliveries.encodings import check_encoding
from tests.deliveries.making import KERN, MEI


def check(folder: Path, text: str | bytes, name: str = "a.krn") -> list[tuple[str, int | None]]:
    """Return (code, row) of the problems of an encoding with this text."""
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(problem.code, problem.place.row) for problem in check_encoding(folder / name, name)]


@pytest.mark.parametrize(
    "text",
    [
        KERN,
        KERN.replace("\n", "\r\n"),
        "!!!COM: Ockeghem\n" + KERN + "!!!END: x\n",
        "**kern\n*+\n*\t**text\n4c\ta\n*-\t*-\n",
        "**kern\t**kern\t**kern\n*v\t*v\t*\n4c\t4d\n*-\t*-\n",
        "**kern\n4c\n*-\n**kern\t**kern\n4c\t4e\n*-\t*-\n",
        "**kern\t**kern\n4c\t4e\n*-\t*\n4e\n*-\n",
    ],
)
def test_spines_that_match_are_fine(tmp_path: Path, text: str) -> None:
    """Splits, joins, added and ended spines are followed."""
    assert check(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("**kern\t**kern\n4c\n*-\t*-\n", 2),
        ("**kern\t**kern\n*^\t*\n4c\t4e\n", 3),
        ("**kern\t**kern\n!!note\n4c\t4e\t4g\n*-\t*-\n", 3),
        ("**kern\n*-\n4c\n", 3),
    ],
)
def test_spines_that_do_not_match_name_the_line(tmp_path: Path, text: str, row: int) -> None:
    """The first line that has too few or too many fields is named."""
    assert check(tmp_path, text) == [("kern-spines", row)]


def test_a_kern_file_cut_short_is_warned_of(tmp_path: Path) -> None:
    """Spines that run past the end are told."""
    assert check(tmp_path, "**kern\n4c\n") == [("kern-unfinished", None)]


def test_every_real_encoding_passes(real_data: Path) -> None:
    """None of the real Humdrum and MEI files is refused by this check."""
    files = [*real_data.rglob("*.krn"), *real_data.rglob("*.mei")]
    found = [p for f in files for p in check_encoding(f, f.name) if p.severity == "error"]
    assert len(files) > 50 and found == []


def test_xml_is_checked_by_its_content(tmp_path: Path) -> None:
    """MEI is fine; cut MEI is not, at the line where it ends."""
    assert check(tmp_path, MEI, "a.mei") == []
    assert check(tmp_path, MEI.encode("utf-16"), "a.mei") == []
    assert check(tmp_path, MEI[:-8], "a.mei")[0][0] == "xml-malformed"


def test_entities_are_not_expanded_and_no_file_is_fetched(tmp_path: Path) -> None:
    """A billion laughs and an outside file are refused without being read."""
    laughs = '<!DOCTYPE mei [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><mei>&b;</mei>'
    outside = f'<!DOCTYPE mei [<!ENTITY a SYSTEM "file://{tmp_path}/secret">]><mei>&a;</mei>'
    assert check(tmp_path, laughs, "a.mei") == [("xml-entities", None)]
    assert check(tmp_path, outside, "a.mei") == [("xml-entities", None)]


def test_what_is_no_notation_is_warned_of(tmp_path: Path) -> None:
    """A text, other XML and an empty file."""
    assert check(tmp_path, "la la la", "a.txt") == [("unknown-encoding", None)]
    assert check(tmp_path, "<svg/>", "a.svg") == [("unknown-encoding", None)]
    assert check(tmp_path, " \n", "a.krn") == [("empty-file", None)]


def test_an_id_given_twice_is_warned_of(tmp_path: Path) -> None:
    """Real files have such ids; they can be read, but not every note can be addressed."""
    text = '<mei><note xml:id="a"/><note xml:id="a"/></mei>'
    assert check(tmp_path, text, "a.mei") == [("duplicate-ids", None)]
