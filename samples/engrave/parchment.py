"""Parchment, and how ink sits on it: page images from masks, in ordinary and in ultraviolet light."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Array = NDArray[Any]  # of float32 or float64
BLACK_INK = (44, 29, 19)
RED_INK = (158, 66, 44)


def noise(random: np.random.Generator, size: tuple[int, int], cell: int) -> Array:
    """Return smooth noise from 0 to 1 whose features are about ``cell`` pixels wide."""
    width, height = size
    grid = random.random((height // cell + 3, width // cell + 3)).astype(np.float32)
    image = Image.fromarray(grid).resize((width + 2 * cell, height + 2 * cell), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(image, np.float32)[cell : cell + height, cell : cell + width], 0, 1)


def depth(mask: Image.Image, size: tuple[int, int]) -> Array:
    """Return a mask drawn at twice the size as coverage from 0 to 1."""
    return np.asarray(mask.resize(size, Image.Resampling.BOX), np.float32) / 255


def edge_distance(random: np.random.Generator, size: tuple[int, int], recto: bool) -> tuple[Array, Array]:
    """Return the distance from the leaf's three cut edges (uneven) and from its gutter, in pixels."""
    width, height = size
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    wave_x = noise(random, (1, height), 160) * 4 + noise(random, (1, height), 30) * 1.5
    wave_y = noise(random, (width, 1), 160) * 4 + noise(random, (width, 1), 30) * 1.5
    outer = (width - 1 - x) if recto else x
    gutter = x if recto else (width - 1 - x)
    cut = np.minimum(outer - 16 - wave_x, np.minimum(y - 14 - wave_y, height - 15 - y - wave_y[:, ::-1]))
    return cut, np.broadcast_to(gutter, (height, width))


def leaf(
    random: np.random.Generator, size: tuple[int, int], recto: bool, tone: float = 0.0
) -> tuple[Array, Array]:
    """Return the bare leaf (RGB, 0–255) and how stained it is (0–1)."""
    cut, gutter = edge_distance(random, size, recto)
    base = np.array([233, 217, 184], np.float32) - tone * np.array([6, 12, 20], np.float32)
    cloud = 0.5 * noise(random, size, 420) + 0.3 * noise(random, size, 130) + 0.2 * noise(random, size, 38)
    fibre = noise(random, size, 6) - 0.5
    stain = np.clip(noise(random, size, 300) - 0.72, 0, 1) * 2.6
    rim = np.exp(-np.maximum(cut, 0) / 36) * 0.55 + np.exp(-np.maximum(cut, 0) / 170) * 0.3
    thumb = _thumbing(size, recto) * (0.5 + 0.5 * noise(random, size, 60))
    soil = np.clip(stain * 0.5 + rim * (0.45 + 0.6 * noise(random, size, 90)) + thumb * 0.5, 0, 1.2)
    page = base + ((cloud - 0.5) * 30 + fibre * 4)[..., None]
    page = page * (1 - soil[..., None] * np.array([0.18, 0.27, 0.40], np.float32))
    shade = 1 - 0.42 * np.exp(-gutter / 26) - 0.16 * np.exp(-gutter / 120)
    page *= shade[..., None]
    follicles = (random.random((size[1], size[0])) > 0.9991).astype(np.float32)
    spots = Image.fromarray((follicles * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.3))
    page -= np.asarray(spots, np.float32)[..., None] * np.array([0.55, 0.6, 0.6], np.float32)
    return _on_table(page, cut, size), np.clip(soil, 0, 1)


def _thumbing(size: tuple[int, int], recto: bool) -> Array:
    width, height = size
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    corner = (width * 0.97 if recto else width * 0.03, height * 0.96)
    dark: Array = np.exp(-(((x - corner[0]) / 170) ** 2 + ((y - corner[1]) / 240) ** 2))
    return dark


def _on_table(page: Array, cut: Array, size: tuple[int, int]) -> Array:
    table = np.array([38, 35, 33], np.float32) * (0.55 + 0.45 * np.clip(-cut / 16, 0, 1))[..., None]
    leaves = np.where((cut < -1) & (cut > -7), 1.0, 0.0)[..., None] * np.array([70, 62, 48], np.float32)
    inside = np.clip(cut / 1.5 + 0.5, 0, 1)[..., None]
    laid: Array = page * inside + (table + leaves) * (1 - inside)
    return laid


def lay_ink(page: Array, cover: Array, colour: tuple[int, int, int], strength: Array) -> Array:
    """Return the page with ink on it; where it is thin the parchment shines through."""
    body = np.clip(cover * strength, 0, 1)[..., None]
    inked: Array = page * (1 - body) + np.array(colour, np.float32) * body
    return inked


def wear(random: np.random.Generator, size: tuple[int, int], faded: float = 0.0) -> Array:
    """Return how strong ink is from place to place; ``faded`` bleaches a patch of the page."""
    width, height = size
    strength = 1.02 - 0.24 * noise(random, size, 70) - 0.16 * noise(random, size, 11)
    if faded:
        x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        patch = np.exp(
            -(((x - width * 0.66) / (width * 0.24)) ** 2 + ((y - height * 0.63) / (height * 0.13)) ** 2)
        )
        strength *= 1 - faded * patch * (0.75 + 0.25 * noise(random, size, 50))
    return strength


def show_through(page: Array, cover: Array, random: np.random.Generator, size: tuple[int, int]) -> Array:
    """Return the page with a trace of the ink on its other side."""
    mirrored = Image.fromarray((cover[:, ::-1] * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(2.2))
    trace = np.asarray(mirrored, np.float32) / 255 * (0.05 + 0.11 * noise(random, size, 240))
    return page * (1 - trace[..., None] * np.array([0.75, 0.85, 1.0], np.float32))


def ultraviolet(soil: Array, ink: Array, lines: Array, random: np.random.Generator, size: tuple[int, int],
                recto: bool) -> Array:  # fmt: skip
    """Return the page as under ultraviolet light: parchment glows blue, iron-gall ink stays dark."""
    cut, gutter = edge_distance(random, size, recto)
    glow = 0.96 - 0.5 * soil + 0.16 * (noise(random, size, 120) - 0.5) + 0.05 * (noise(random, size, 5) - 0.5)
    width, height = size
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    glow = glow * (1 - 0.3 * (x**2 + y**2) / 2) * (1 - 0.4 * np.exp(-gutter / 40))
    page = glow[..., None] * np.array([126, 152, 226], np.float32)
    page = lay_ink(page, lines, (66, 58, 118), np.full_like(lines, 0.45))
    page = lay_ink(page, ink, (20, 18, 46), np.full_like(ink, 0.86))
    inside = np.clip(cut / 1.5 + 0.5, 0, 1)[..., None]
    return page * inside + np.array([10, 9, 20], np.float32) * (1 - inside)


def finish(page: Array) -> Image.Image:
    """Return the page as an image."""
    image: Image.Image = Image.fromarray(np.clip(page, 0, 255).astype(np.uint8), "RGB")
    return image.filter(ImageFilter.GaussianBlur(0.45))
