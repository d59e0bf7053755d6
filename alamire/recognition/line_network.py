"""The network that marks staff lines on a whole page, in PyTorch, and its training.

Where ink is faint, grainy or shows through, no comb finds lines that a person sees at once, since a person
looks at the whole. This looks at a page at five sizes and says for every second column of every row whether
a staff line runs there (after Ronneberger, Fischer and Brox, "U-Net", MICCAI 2015); the comb then goes over
what it says. It learns from the scribe's pages, whose lines are known, and from nothing else.
"""

from __future__ import annotations

import copy
import json
import math
import os
import random
import time
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor, nn

from alamire.recognition.card import write_card
from alamire.recognition.feed import Feed
from alamire.recognition.lessons import HELD_OUT
from alamire.recognition.lines import ACROSS, DEEP, contrast
from alamire.recognition.scribe.page import WrittenPage, write_page
from alamire.recognition.staff import Grey

CROP = (256, 384)  # rows and columns of what is learnt from at once
PARTS = 3  # of each page
BATCHES = {"cpu": 4, "cuda": 16}  # parts of one step
Plane = NDArray[np.float32]


class _Twice(nn.Module):
    """Two convolutions, each normalised."""

    def __init__(self, before: int, after: int, dilation: int = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(before, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(),
            nn.Conv2d(after, after, 3, 1, dilation, dilation, bias=False), nn.BatchNorm2d(after), nn.ReLU(),
        )  # fmt: skip

    def forward(self, planes: Tensor) -> Tensor:
        """Return the planes after both."""
        return self.body(planes)


class LineNetwork(nn.Module):
    """Pages (batch, 1, rows, columns) to how likely a line is (batch, rows, columns / 2), 0 to 1.

    Rows and columns are multiples of sixteen and thirty-two.
    """

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        sizes = [width, width * 2, width * 3, width * 4]
        self.first = nn.Sequential(
            nn.Conv2d(1, width, (3, 5), (1, ACROSS), (1, 2), bias=False), nn.BatchNorm2d(width), nn.ReLU()
        )
        self.down = nn.ModuleList([_Twice(before, after) for before, after in pairwise(sizes)])
        self.deep = nn.Sequential(_Twice(sizes[3], sizes[3], 2), _Twice(sizes[3], sizes[3], 4))
        self.up = nn.ModuleList(
            [_Twice(sizes[3] + sizes[2], sizes[2]), _Twice(sizes[2] + sizes[1], sizes[1])]
        )
        self.said = nn.Sequential(
            nn.Conv2d(sizes[1] + width, width, 3, 1, 1), nn.ReLU(), nn.Conv2d(width, 1, 1)
        )

    def forward(self, pages: Tensor) -> Tensor:
        """Mark the lines of pages."""
        return torch.sigmoid(self.odds(pages))

    def odds(self, pages: Tensor) -> Tensor:
        """Return the logarithms of the odds, which training takes."""
        kept = [self.first(pages)]
        for step in self.down:
            kept.append(step(nn.functional.max_pool2d(kept[-1], 2)))
        planes = kept.pop()
        planes = planes + _larger(self.deep(nn.functional.max_pool2d(planes, 2)))
        for step in self.up:
            planes = step(torch.cat([_larger(planes), kept.pop()], 1))
        return self.said(torch.cat([_larger(planes), kept.pop()], 1))[:, 0]


def _larger(planes: Tensor) -> Tensor:
    return nn.functional.interpolate(planes, scale_factor=2.0, mode="nearest")


def lines_of(page: WrittenPage) -> Image.Image:
    """Draw the lines of a page's staves alone, white on black, at the size of the page."""
    drawn = Image.new("L", page.image.size, 0)
    pen = ImageDraw.Draw(drawn)
    for written in page.staves:
        staff = written.staff
        width = max(2, round(staff.unit * 0.2))
        for height in (0, 2, 4, 6, 8):
            pen.line([(x, staff.level(height, x)) for x in staff.xs], 255, width)
    return drawn


def lessons(seed: int) -> list[tuple[Grey, Grey]]:
    """Return parts of the page of a number, larger or smaller and turned a little, and their lines."""
    chance = random.Random(seed + 3)
    page = write_page(seed, opening=chance.random() < 0.4)
    grey, lines = page.image.convert("L"), lines_of(page)
    unit = page.staves[0].staff.unit if page.staves else 10.0
    return [_part(grey, lines, unit, chance) for _ in range(PARTS)]


def _part(grey: Image.Image, lines: Image.Image, unit: float, chance: random.Random) -> tuple[Grey, Grey]:
    factor = math.exp(chance.uniform(math.log(6.0), math.log(18.0))) / unit
    turn = chance.gauss(0, 0.8)
    size = max(40, round(grey.width * factor)), max(40, round(grey.height * factor))
    paper = int(np.median(np.asarray(grey)))
    method = Image.Resampling.BOX if factor < 1 else Image.Resampling.BICUBIC
    turned = grey.resize(size, method).rotate(turn, Image.Resampling.BILINEAR, fillcolor=paper)
    true = lines.resize(size, method).rotate(turn, Image.Resampling.BILINEAR)
    rows, columns = CROP
    left = chance.randint(min(0, size[0] - columns), max(0, size[0] - columns))
    top = chance.randint(min(0, size[1] - rows), max(0, size[1] - rows))
    whole = Image.new("L", (columns, rows), paper)
    whole.paste(turned, (-left, -top))
    seen = np.asarray(whole)
    if chance.random() < 0.5:  # the film, the sensor
        made = np.random.default_rng(chance.getrandbits(32))
        spread = chance.uniform(0, 0.25) * float(np.ptp(np.percentile(seen, (1, 90))))
        seen = np.clip(seen + made.normal(0, spread, seen.shape), 0, 255).astype(np.uint8)
    return seen, np.asarray(true.crop((left, top, left + columns, top + rows)))


def train_lines(
    folder: Path, seconds: float, *, workers: int = 1, batch: int | None = None, seed: int = 1
) -> None:
    """Learn to mark lines for some seconds; write FOLDER/lines.onnx and lines.pt, or go on from these."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - workers))
    network, before = LineNetwork().to(device), 0
    if (folder / "lines.pt").is_file():
        network.load_state_dict(torch.load(folder / "lines.pt", map_location=device, weights_only=True))
        before = int(json.loads((folder / "lines.json").read_text("utf-8"))["pages"])
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=1e-4)
    started, step = time.monotonic(), 0
    losses: list[Tensor] = []
    first = seed * 10_000_000 + before
    with Feed(lessons, first, workers=workers, keep=3000, seed=first) as feed:
        while (spent := (time.monotonic() - started) / seconds) < 1:
            for group in optimiser.param_groups:
                group["lr"] = 3e-3 * min(1.0, (step + 1) / 100) * max(0.02, math.cos(math.pi / 2 * spent))
            losses.append(_learn(network, optimiser, feed.draw(batch or BATCHES[device]), device))
            step += 1
            if len(losses) == 200:
                loss, minutes = float(torch.stack(losses).mean()), spent * seconds / 60
                said = {
                    "steps": step,
                    "pages": feed.pages,
                    "loss": round(loss, 4),
                    "minutes": round(minutes, 2),
                }
                print(json.dumps(said), flush=True)
                losses.clear()
        pages = before + feed.pages
    keep_lines(network.to("cpu"), folder, pages=pages)


def keep_lines(network: LineNetwork, folder: Path, *, pages: int) -> None:
    """Write the network, and beside it what it was trained on and how well it does on pages it never saw."""
    torch.save(network.state_dict(), folder / "lines.pt")
    save_lines(network, folder / "lines.onnx")
    found, false = measure(network)
    write_card(
        folder, "lines", "alamire finder of staff lines", pages=pages,
        line_found_on_unseen_synthetic_pages=round(found, 4), falsely_found=round(false, 4),
    )  # fmt: skip


def measure(network: LineNetwork, pages: int = 24) -> tuple[float, float]:
    """Return what part of the lines is found on unseen pages, and what part of what is found is none."""
    network.eval()
    there = hit = said = beside = 0
    with torch.no_grad():
        for number in range(pages):
            for seen, lines in lessons(HELD_OUT + number):
                marks = network(torch.from_numpy(contrast(seen))[None, None])[0].numpy() > 0.5
                true = lines.reshape(len(lines), -1, ACROSS).mean(2)
                there, hit = there + int((true > 160).sum()), hit + int((marks & (true > 160)).sum())
                near = np.maximum(true, np.maximum(np.roll(true, 1, 0), np.roll(true, -1, 0))) > 60
                said, beside = said + int(marks.sum()), beside + int((marks & ~near).sum())
    return hit / max(1, there), beside / max(1, said)


def _learn(
    network: LineNetwork, optimiser: torch.optim.Optimizer, some: list[tuple[Grey, Grey]], device: str
) -> Tensor:
    network.train()
    pages = torch.from_numpy(np.stack([contrast(seen) for seen, _ in some]))[:, None].to(device)
    true = torch.from_numpy(np.stack([lines for _, lines in some]).astype(np.float32) / 255).to(device)
    true = true.view(*true.shape[:2], -1, ACROSS).mean(3)
    odds = network.odds(pages)
    loss = nn.functional.binary_cross_entropy_with_logits(
        odds, true, pos_weight=torch.tensor(3.0, device=device)
    )
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return loss.detach()


def save_lines(network: LineNetwork, path: Path) -> None:
    """Write the network in the form that finding takes: pages of any size."""
    network = copy.deepcopy(network).to("cpu").eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            network, (torch.zeros(1, 1, 10 * DEEP, 12 * DEEP),), str(path), input_names=["page"],
            output_names=["lines"], dynamic_axes={"page": {2: "rows", 3: "columns"}},
            opset_version=17, dynamo=False,
        )  # fmt: skip
