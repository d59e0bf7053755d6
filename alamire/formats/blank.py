"""Files that hold nothing, though their size is not 0."""

from __future__ import annotations

#: White space, marks of byte order, nulls, and the end of a file as DOS marks it.
_BLANK = b"\xef\xbb\xbf\xfe\xff \t\r\n\v\f\0\x1a"


def is_blank(data: bytes) -> bool:
    """Say whether a file holds nothing, or nothing but white space."""
    return not data[:256].strip(_BLANK) and not data.strip(_BLANK)
