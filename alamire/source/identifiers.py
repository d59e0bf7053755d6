"""Identifiers: slugs for sources and pieces, counted ids for surfaces, ids of images."""

from __future__ import annotations

import re

from alamire.source.description import Kind

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_GRAMMAR = "lower-case letters, digits and single hyphens, such as leuven-chansonnier"
_SURFACE = re.compile(r"s([0-9]{4,})")
_IMAGE = re.compile(
    rf"(?P<source>{SLUG.pattern})\.(?P<surface>s[0-9]{{4,}})"
    rf"(?:\.(?P<kind>{'|'.join(kind for kind in Kind)}))?(?:\.(?P<nth>[2-9]|[1-9][0-9]+))?"
)


def is_slug(text: str) -> bool:
    """Say whether a text can identify a source or a piece."""
    return len(text) <= 100 and bool(SLUG.fullmatch(text))


def surface_id(number: int) -> str:
    """Return the id of the n-th surface ever recorded of a source, counted from 1: ``s0001``."""
    if number < 1:
        raise ValueError(f"surfaces are counted from 1, not from {number}")
    return f"s{number:04d}"


def surface_number(identifier: str) -> int:
    """Return the number in a surface's id; ValueError where it is none."""
    match = _SURFACE.fullmatch(identifier)
    if not match:
        raise ValueError(f"{identifier!r} is not the id of a surface such as s0001")
    return int(match.group(1))


def image_id(source: str, surface: str, kind: Kind | str = Kind.NATURAL, nth: int = 1) -> str:
    """Return the id of the n-th scan of a kind of a surface: ``leuven-chansonnier.s0001.ultraviolet``."""
    parts = [source, surface]
    if kind != Kind.NATURAL:
        parts.append(str(kind))
    if nth > 1:
        parts.append(str(nth))
    return ".".join(parts)


def split_image_id(identifier: str) -> tuple[str, str, Kind, int]:
    """Return source, surface, kind and number of an image's id; ValueError where it is none."""
    match = _IMAGE.fullmatch(identifier)
    if not match:
        raise ValueError(f"{identifier!r} is not the id of an image such as leuven-chansonnier.s0001")
    return match["source"], match["surface"], Kind(match["kind"] or Kind.NATURAL), int(match["nth"] or 1)
