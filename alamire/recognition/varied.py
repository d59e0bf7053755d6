"""Strips as another hand, another press or another film would have given them."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from alamire.recognition.classes import SEEN
from alamire.recognition.staff import MIDDLE


def vary(strips: Tensor) -> tuple[Tensor, float]:
    """Return strips (batch, 1, rows, columns; ground 0, ink 1) otherwise, and how much wider they are.

    All are stretched alike; each is slanted, waved, heightened, thickened, blurred, faded and grained its
    own way, or left. What stood on the middle line at a column is now at that column times the second.
    """
    wider = math.exp(float(torch.empty(()).uniform_(-0.2, 0.2)))
    strips = _bent(strips, wider)
    strips = _vary_ink(strips)
    strips = _lit(strips)
    return strips, wider


def _some(strips: Tensor, chance: float, low: float, high: float) -> Tensor:
    """Return a number between two for some of the strips, and 0 for the others: (batch, 1, 1, 1)."""
    shape = (len(strips), 1, 1, 1)
    drawn = torch.empty(shape, device=strips.device).uniform_(low, high)
    return drawn * (torch.rand(shape, device=strips.device) < chance)


def _bent(strips: Tensor, wider: float) -> Tensor:
    """Stretch, slant, wave and crumple a little: as hands lean and differ, and as staves are found."""
    batch, _, rows, columns = strips.shape
    made = round(columns * wider)
    made += -made % SEEN
    device = strips.device
    y = torch.arange(rows, device=device, dtype=torch.float32)[None, :, None] - MIDDLE
    x = torch.arange(made, device=device, dtype=torch.float32)[None, None, :]
    slant, taller, down = (_some(strips, 0.5, -end, end)[:, 0] for end in (0.1, 0.05, 1.3))
    height, length = _some(strips, 0.4, 0.0, 1.2)[:, 0], torch.rand(batch, 1, 1, device=device) * 400 + 120
    phase = torch.rand(batch, 1, 1, device=device) * 2 * math.pi
    from_y = y * (1 + taller) + down + height * torch.sin(2 * math.pi * x / length + phase) + MIDDLE
    from_x = x / wider + y * slant
    few = torch.randn(batch, 2, rows // 10, max(2, made // 10), device=device)
    crumpled = functional.interpolate(few, (rows, made), mode="bicubic") * _some(strips, 0.4, 0.0, 0.9)
    from_x, from_y = from_x + crumpled[:, 0], from_y + crumpled[:, 1]
    grid = torch.stack([from_x * 2 / (columns - 1) - 1, from_y * 2 / (rows - 1) - 1], 3)
    return functional.grid_sample(strips, grid, align_corners=True)


def _vary_ink(strips: Tensor) -> Tensor:
    """More ink or less, sharp or blurred."""
    thick = functional.max_pool2d(strips, 3, 1, 1)
    thin = -functional.max_pool2d(-strips, 3, 1, 1)
    soft = functional.avg_pool2d(strips, 3, 1, 1, count_include_pad=False)
    for other, chance, most in ((thick, 0.2, 0.6), (thin, 0.2, 0.5), (soft, 0.25, 1.0)):
        strips = strips + (other - strips) * _some(strips, chance, 0.0, most)
    return strips


def _lit(strips: Tensor) -> Tensor:
    """Fade in places, darken, lighten, stain, and add the grain of the film."""
    strips = strips * (1 - _clouds(strips) * _some(strips, 0.25, 0.0, 0.6))
    strips = strips * (1 + _some(strips, 0.5, -0.25, 0.25)) + _some(strips, 0.5, -0.08, 0.08)
    strips = strips + (_clouds(strips) - 0.5) * _some(strips, 0.2, 0.0, 0.35)
    return strips + torch.randn_like(strips) * _some(strips, 0.35, 0.0, 0.14)


def _clouds(strips: Tensor) -> Tensor:
    """Return something between 0 and 1 that changes slowly over each strip."""
    batch, _, rows, columns = strips.shape
    few = torch.rand(batch, 1, 4, max(2, columns // 40), device=strips.device)
    return functional.interpolate(few, (rows, columns), mode="bilinear")
