"""Colour profiles made from the published numbers of colour spaces, and colours converted without a library.

The profiles are ICC version 2, matrix and curves (ICC.1:2001-04, section 6.3.1.2). The formulas are those of
Lindbloom, http://www.brucelindbloom.com, with colours adapted to D50 after Bradford.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

D50, D65 = (0.9642, 1.0, 0.8249), (0.95047, 1.0, 1.08883)
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def _srgb_linear(value: Any) -> Any:
    return np.where(value <= 0.04045, value / 12.92, ((np.maximum(value, 0) + 0.055) / 1.055) ** 2.4)


def _lightness_linear(value: Any) -> Any:
    """The curve of eciRGB v2: a channel is the lightness L* of its light."""
    return np.where(value <= 0.08, value * 100 / 903.3, ((value + 0.16) / 1.16) ** 3)


@dataclass(frozen=True)
class Space:
    """An RGB colour space: its primaries (x, y), its white, and the curve from numbers to light."""

    name: str
    primaries: tuple[tuple[float, float], ...]
    white: tuple[float, float, float]
    linear: Callable[[Any], Any]

    @property
    def to_xyz(self) -> Any:
        """The matrix from linear light to XYZ under D50."""
        columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in self.primaries]).T
        matrix = columns * np.linalg.solve(columns, np.array(self.white))
        cones = (_BRADFORD @ np.array(D50)) / (_BRADFORD @ np.array(self.white))
        return np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD @ matrix


SRGB = Space("sRGB", ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)), D65, _srgb_linear)
ADOBE = Space("Adobe RGB", ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), D65, lambda v: v ** (563 / 256))
PROPHOTO = Space("ProPhoto", ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), D50, lambda v: v**1.8)
ECI = Space("eciRGB v2", ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08)), D50, _lightness_linear)


def profile(space: Space) -> bytes:
    """Return the ICC profile of an RGB space."""
    curve = _curve(space.linear)
    columns = dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), space.to_xyz.T, strict=True))
    tags = _described(space.name) | {tag: _xyz(column) for tag, column in columns.items()}
    return _icc(b"RGB ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def grey_profile(linear: Callable[[Any], Any]) -> bytes:
    """Return the ICC profile of grey with a curve of its own."""
    return _icc(b"GRAY", _described("grey") | {b"kTRC": _curve(linear)})


def numbers_of(lab: Any, space: Space) -> Any:
    """Return the numbers, from 0 to 1, that colours have in a space (the curve inverted by bisection)."""
    light = np.linalg.solve(space.to_xyz, lab_to_xyz(lab).T).T
    low, high = np.zeros_like(light), np.ones_like(light)
    for _ in range(40):
        middle = (low + high) / 2
        below = space.linear(middle) < light
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def lab_of(numbers: Any, space: Space = SRGB) -> Any:
    """Return CIELAB under D50 of numbers from 0 to 1 in a space."""
    return xyz_to_lab(space.linear(np.asarray(numbers, float)) @ space.to_xyz.T)


def xyz_to_lab(xyz: Any) -> Any:
    """Return CIELAB of XYZ, both under D50."""
    ratio = np.asarray(xyz) / np.array(D50)
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def lab_to_xyz(lab: Any) -> Any:
    """Return XYZ of CIELAB, both under D50."""
    lab = np.asarray(lab, float)
    y = (lab[..., 0] + 16) / 116
    root = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], axis=-1)
    return np.where(root > 6 / 29, root**3, (116 * root - 16) * 27 / 24389) * np.array(D50)


def delta_e(first: Any, second: Any) -> Any:
    """Return the distance of colours in CIELAB (CIE 1976, which is never much below that of 2000)."""
    return np.sqrt(((np.asarray(first) - np.asarray(second)) ** 2).sum(-1))


def _described(name: str) -> dict[bytes, bytes]:
    text = name.encode() + b"\0"
    description = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(8 + 3 + 67)
    return {b"desc": description, b"cprt": b"text" + bytes(4) + b"none\0", b"wtpt": _xyz(D50)}


def _xyz(values: Any) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(float(value) * 65536) for value in values))


def _curve(linear: Callable[[Any], Any]) -> bytes:
    table = np.round(linear(np.linspace(0, 1, 4096)) * 65535).astype(">u2")
    return b"curv" + bytes(4) + struct.pack(">I", len(table)) + bytes(table.tobytes())


def _icc(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Return a display profile: 128 bytes of header, the list of tags, and their data."""
    place, entries, body = 132 + 12 * len(tags), b"", b""
    for tag, data in tags.items():
        data += bytes(-len(data) % 4)
        entries += struct.pack(">4sII", tag, place + len(body), len(data))
        body += data
    header = struct.pack(
        ">I4sI4s4s4s12s4s4s4x4x4x8x4x12s4x44x",
        place + len(body), b"test", 0x02400000, b"mntr", space, b"XYZ ",
        struct.pack(">6H", 2026, 1, 1, 0, 0, 0), b"acsp", b"APPL", _xyz(D50)[8:],
    )  # fmt: skip
    return header + struct.pack(">I", len(tags)) + entries + body
