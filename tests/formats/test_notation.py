"""By what encodings of music are known: in a delivery and where they are read alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from alamire.deliveries.encodings import check_encoding
from alamire.formats.notation import XML_ROOTS
from alamire.notation.reading import format_of


@pytest.mark.parametrize("root", sorted(XML_ROOTS))
def test_a_delivery_knows_what_is_read(root: str, tmp_path: Path) -> None:
    """A root element that has a reader is no unknown encoding, and is read as its format."""
    path = tmp_path / "song.xml"
    path.write_text(f"<{root}/>")
    assert check_encoding(path, path.name) == []
    assert format_of(path.read_bytes()) == XML_ROOTS[root]
