"""Files that hold nothing."""

from __future__ import annotations

import pytest

from alamire.formats.blank import is_blank


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t", b"\xef\xbb\xbf\n", b"\xff\xfe", b"\0" * 4096, b"\x1a", b" " * 300]
)
def test_white_space_is_nothing(data: bytes) -> None:
    """Nor are marks of byte order, nulls and the end of a file as DOS marks it."""
    assert is_blank(data)


@pytest.mark.parametrize("data", [b".", b" " * 300 + b"**kern", "\ufeff\xa7".encode()])
def test_a_sign_is_something(data: bytes) -> None:
    """Wherever it stands."""
    assert not is_blank(data)
