"""The tags of a TIFF that are read and written here, by name, and the kinds of their values.

After TIFF 6.0 (Adobe 1992), its Technical Note 2 (JPEG in TIFF, 1995) and the BigTIFF design (2004).
"""

from __future__ import annotations

from enum import IntEnum


class Tag(IntEnum):
    """A tag of a page. EXIF has the same number for the orientation."""

    SUBFILE = 254
    WIDTH = 256
    HEIGHT = 257
    BITS = 258
    COMPRESSION = 259
    PHOTOMETRIC = 262
    STRIP_OFFSETS = 273
    ORIENTATION = 274
    SAMPLES = 277
    ROWS_PER_STRIP = 278
    STRIP_COUNTS = 279
    X_RESOLUTION = 282
    PLANES = 284
    RESOLUTION_UNIT = 296
    TILE_WIDTH = 322
    TILE_HEIGHT = 323
    TILE_OFFSETS = 324
    TILE_COUNTS = 325
    JPEG_TABLES = 347
    SUBSAMPLING = 530
    PROFILE = 34675


class Kind(IntEnum):
    """The kind of a tag's values."""

    BYTE = 1
    ASCII = 2
    SHORT = 3
    LONG = 4
    RATIONAL = 5
    SIGNED_BYTE = 6
    UNDEFINED = 7
    SIGNED_SHORT = 8
    SIGNED_LONG = 9
    SIGNED_RATIONAL = 10
    FLOAT = 11
    DOUBLE = 12
    OFFSET = 13
    LONG8 = 16
    SIGNED_LONG8 = 17
    OFFSET8 = 18


#: The letters that ``struct`` has for the kinds whose values are numbers.
LETTERS: dict[int, str] = {
    Kind.BYTE: "B",
    Kind.SHORT: "H",
    Kind.LONG: "I",
    Kind.SIGNED_BYTE: "b",
    Kind.SIGNED_SHORT: "h",
    Kind.SIGNED_LONG: "i",
    Kind.FLOAT: "f",
    Kind.DOUBLE: "d",
    Kind.OFFSET: "I",
    Kind.LONG8: "Q",
    Kind.SIGNED_LONG8: "q",
    Kind.OFFSET8: "Q",
}
#: Values of tags: a page that is a smaller copy of another,
REDUCED = 1
#: pixels as they are, or in JPEG,
UNCOMPRESSED, JPEG = 1, 7
#: colours as JPEG has them,
YCBCR = 6
#: samples side by side in one plane, or each in its own.
ONE_PLANE, PLANES_APART = 1, 2
