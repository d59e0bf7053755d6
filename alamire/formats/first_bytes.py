"""The format of a picture, told by its first bytes and never by its name."""

from __future__ import annotations

#: The formats, as messages name them.
FORMATS = "TIFF, JPEG 2000, JPEG, PNG, WebP, GIF"
#: Bytes at the beginning of a file that are enough to tell its format.
LENGTH = 12
_STARTS = {
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\0\0\0\x0cjP  \r\n\x87\n": "JPEG2000",
    b"\xff\x4f\xff\x51": "JPEG2000",  # a bare codestream
    b"GIF8": "GIF",
}


def format_of(head: bytes) -> str | None:
    """Return TIFF, JPEG, PNG, JPEG2000, WEBP or GIF by the first bytes of a file; None for anything else."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return next((form for start, form in _STARTS.items() if head.startswith(start)), None)
