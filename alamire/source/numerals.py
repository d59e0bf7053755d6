"""Roman numerals as scribes write them: additive or subtractive, with a final j."""

from __future__ import annotations

import re
from itertools import pairwise

_VALUES = {"i": 1, "j": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_STEPS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
#: Accepts ``iiii`` and ``xxxx`` as well as ``iv`` and ``xl``; a ``j`` only as the last stroke.
ROMAN = re.compile(
    r"m*(?:cm|cd|d?c{0,4})(?:xc|xl|l?x{0,4})(?:i[xX]|i[vV]|j[xv]|v?(?:i{0,4}|i{0,3}j))",
    re.IGNORECASE,
)


def is_roman(text: str) -> bool:
    """Say whether the text is a Roman numeral, all in one case."""
    return bool(text) and text in (text.lower(), text.upper()) and bool(ROMAN.fullmatch(text))


def roman_value(text: str) -> int:
    """Return the value of a Roman numeral; ValueError where it is none."""
    if not is_roman(text):
        raise ValueError(f"{text!r} is not a Roman numeral in one case, such as xlvij")
    values = [_VALUES[letter] for letter in text.lower()]
    signed = [-this if this < following else this for this, following in pairwise(values)]
    return sum(signed) + values[-1]


def to_roman(value: int, like: str = "i") -> str:
    """Return a Roman numeral in the hand of ``like``: its case, and its final j where it has one."""
    if value < 1:
        raise ValueError(f"Roman numerals begin at 1, not at {value}")
    text = ""
    for amount, letters in _STEPS:
        text += letters * (value // amount)
        value %= amount
    if like.lower().endswith("j") and text.endswith("i"):
        text = text[:-1] + "j"
    return text.upper() if like.isupper() else text
