"""From ink to scan: parchment or paper, light, age, and what a camera and a film make of them."""

from __future__ import annotations

import io
import random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Plane = NDArray[np.float32]
FILMS = ("colour", "grey", "microfilm", "bitonal")


def noise(random_state: np.random.Generator, width: int, height: int, cell: float) -> Plane:
    """Return smooth noise of about unit spread, whose blots are ``cell`` pixels wide."""
    small = random_state.standard_normal((max(2, int(height / cell) + 2), max(2, int(width / cell) + 2)))
    image = Image.fromarray(small.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(image, dtype=np.float32)


def photograph(
    black: Image.Image, red: Image.Image, chance: random.Random, film: str, *, printed: bool
) -> Image.Image:
    """Lay ink (two layers, 255 covered) on a ground and photograph it; "RGB" or "L" as the film is."""
    made = np.random.default_rng(chance.getrandbits(32))
    width, height = black.size
    ink = _age(np.asarray(black, dtype=np.float32) / 255, made, chance)
    rubric = np.asarray(red, dtype=np.float32) / 255
    light = np.full((height, width), 1.0, np.float32)
    if chance.random() < 0.9:
        light += noise(made, width, height, max(width, height) / 2) * chance.uniform(0, 0.06)
        light += noise(made, width, height, 40) * chance.uniform(0, 0.025)
    if chance.random() < 0.45:
        across = np.linspace(-1, 1, width, dtype=np.float32) * chance.choice([-1, 1])
        light *= 1 - np.clip((across - 0.8) * 5, 0, 1)[None, :] ** 1.5 * chance.uniform(0.1, 0.55)
    light = np.clip(light, 0.2, 1.25)
    if chance.random() < (0.35 if film != "bitonal" else 0.2):
        light *= _stains(made, chance, width, height)
    if chance.random() < 0.5:
        light *= 1 - _show_through(ink + rubric, made, chance)
    paper, black_ink, red_ink = _colours(chance, printed=printed)
    covered, reddened = ink[..., None], np.clip(rubric, 0, 1)[..., None]
    page = paper * light[..., None]
    page = page * (1 - reddened) + red_ink * np.sqrt(light)[..., None] * reddened
    page = page * (1 - covered) + black_ink * covered
    page = page[..., :3] if film == "colour" else page @ np.array([[0.3], [0.59], [0.11]], np.float32)
    written = (np.asarray(black) > 80) | (np.asarray(red) > 80)
    return _develop(page, written, made, chance, film)


def _age(ink: NDArray[Any], made: np.random.Generator, chance: random.Random) -> Plane:
    height, width = ink.shape
    if chance.random() < 0.55:
        strength = np.clip(
            1 - chance.uniform(0, 0.25) + noise(made, width, height, 60) * chance.uniform(0, 0.2), 0.25, 1
        )
        ink = ink * strength
    if chance.random() < 0.4:
        worn = noise(made, width, height, chance.uniform(1.5, 4))
        ink = ink * np.clip(1.6 - np.maximum(worn - chance.uniform(0.6, 1.6), 0) * 1.5, 0, 1)
    return np.asarray(np.clip(ink, 0, 1), dtype=np.float32)


def _stains(made: np.random.Generator, chance: random.Random, width: int, height: int) -> Plane:
    shade = noise(made, width, height, chance.uniform(50, 200))
    stained = np.clip(shade - chance.uniform(0.5, 1.5), 0, 1) * chance.uniform(0.1, 0.45)
    if chance.random() < 0.4:  # foxing, foul biting of ink, dirt
        stained += np.clip(noise(made, width, height, 2.5) - chance.uniform(1.6, 2.6), 0, 1) * chance.uniform(
            0.2, 0.9
        )
    return np.asarray(1 - np.clip(stained, 0, 0.85), dtype=np.float32)


def _show_through(ink: NDArray[Any], made: np.random.Generator, chance: random.Random) -> Plane:
    height, width = ink.shape
    other = np.roll(
        ink[:, ::-1], (chance.randint(-height // 3, height // 3), chance.randint(-20, 20)), (0, 1)
    )
    blurred = Image.fromarray((np.clip(other, 0, 1) * 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(chance.uniform(0.6, 2.2))
    )
    uneven = np.clip(0.6 + noise(made, width, height, 80) * 0.5, 0, 1)
    through = np.asarray(blurred, dtype=np.float32) / 255 * uneven * chance.uniform(0.04, 0.4)
    return np.asarray(through, dtype=np.float32)


def _colours(chance: random.Random, *, printed: bool) -> tuple[Plane, Plane, Plane]:
    bright = chance.uniform(0.7, 1.0)
    warm = chance.uniform(0.0, 0.22)
    paper = np.array([bright, bright * (1 - warm * 0.35), bright * (1 - warm)], np.float32)
    dark = chance.uniform(0.02, 0.25) if printed else chance.uniform(0.05, 0.42)
    brown = 0.0 if printed else chance.uniform(0, 0.5)
    black = np.array([dark, dark * (1 - brown * 0.35), dark * (1 - brown * 0.6)], np.float32)
    red = np.array(
        [chance.uniform(0.55, 0.8), chance.uniform(0.1, 0.3), chance.uniform(0.08, 0.22)], np.float32
    )
    return paper, black, red


def _develop(
    page: NDArray[Any],
    written: NDArray[np.bool_],
    made: np.random.Generator,
    chance: random.Random,
    film: str,
) -> Image.Image:
    height, width, planes = page.shape
    image = Image.fromarray((np.clip(page, 0, 1) * 255).astype(np.uint8).squeeze())
    if chance.random() < 0.85:
        image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.2, 0.85)))
    page = np.asarray(image, dtype=np.float32).reshape(height, width, planes) / 255
    grain = chance.uniform(0, 0.05) * (1.3 if film == "microfilm" else 1)
    page = page + made.standard_normal((height, width, 1), dtype=np.float32) * grain
    if film in ("microfilm", "bitonal"):
        paper = float(np.percentile(page, 90))
        middle = paper * chance.uniform(0.5, 0.78)
        if written.any():  # whoever exposes a film sees to it that most of what is written stays
            kept = float(np.percentile(page[written], 100 * chance.uniform(0.6, 0.9)))
            middle = max(middle, min(kept, 0.88 * paper))
        hard = chance.uniform(4, 11) if film == "microfilm" else chance.uniform(18, 45)
        page = 1 / (1 + np.exp(-(page - middle) / max(paper, 0.05) * hard))
        if film == "bitonal" and chance.random() < 0.5:
            page = (page > 0.5).astype(np.float32)
    pixels = (np.clip(page, 0, 1) * 255).astype(np.uint8).squeeze()
    image = Image.fromarray(pixels)
    if (film != "colour" and chance.random() < 0.7) or chance.random() < 0.4:
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=chance.randint(35, 92))
        image = Image.open(packed)
        image.load()
    return image
