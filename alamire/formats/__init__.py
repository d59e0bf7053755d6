"""Files as bytes: what the formats of scans and encodings look like, with no archive and no pictures."""

from __future__ import annotations

from typing import Protocol


class Bytes(Protocol):
    """What bytes and memory maps have in common here."""

    def __len__(self) -> int: ...
    def __getitem__(self, key: slice, /) -> bytes: ...
    def find(self, sub: bytes, start: int = ..., end: int = ..., /) -> int: ...
    def rfind(self, sub: bytes, start: int = ..., end: int = ..., /) -> int: ...
