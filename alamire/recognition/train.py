"""Train the reader: ``python -m alamire.recognition.train MODEL_FOLDER --minutes 60``.

Processes write pages without end, the network learns from what they have written, and every few minutes it
is measured on pages of numbers that are never trained on, and kept. Begun again with the same folder, it
goes on.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from alamire.recognition.classes import SEEN, STRIDE
from alamire.recognition.feed import Feed
from alamire.recognition.lessons import BYTES, HELD_OUT, Lesson, lessons, unpack
from alamire.recognition.measure import errors
from alamire.recognition.network import Network, save_onnx, together
from alamire.recognition.scribe.grammar import Event
from alamire.recognition.scribe.hand import KINDS
from alamire.recognition.staff import ROWS
from alamire.recognition.varied import vary
from alamire.writing import replacing, write_text

BATCHES = {"cpu": 24, "cuda": 128}  # strips of one step


def main(words: Sequence[str] | None = None) -> None:
    """Train on pages of the scribe: the reader, FOLDER/reader.onnx with its card, or the finder of lines."""
    given = _parser().parse_args(words)
    if given.lines:
        from alamire.recognition.line_network import train_lines

        train_lines(given.folder, given.minutes * 60, workers=given.workers, seed=given.seed)
        return
    train(
        given.folder, given.minutes * 60, workers=given.workers, batch=given.batch, rate=given.rate,
        pool=given.pool, songs=given.songs, seed=given.seed,
    )  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m alamire.recognition.train", description=(__doc__ or "").partition("\n\n")[2],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )  # fmt: skip
    cores = os.cpu_count() or 2
    parser.add_argument("folder", type=Path, help="where the model goes, and goes on from")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long to train")
    parser.add_argument("--workers", type=int, default=max(1, cores - 1), help="processes that write pages")
    parser.add_argument(
        "--batch", type=int, help="strips of one step; 24 on a CPU, 128 on a GPU, if not given"
    )
    parser.add_argument("--rate", type=float, default=2e-3, help="learning rate at its highest")
    parser.add_argument("--pool", type=int, default=20_000, help="strips kept to learn from")
    parser.add_argument("--songs", type=Path, help="a folder of encodings whose voices the scribe copies too")
    parser.add_argument(
        "--lines", action="store_true", help="train lines.onnx, which marks staff lines, instead"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the network and the pages")
    return parser


def train(
    folder: Path, seconds: float, *, workers: int = 1, batch: int | None = None, rate: float = 2e-3,
    pool: int = 20_000, songs: Path | None = None, seed: int = 1,
) -> None:  # fmt: skip
    """Train for some seconds, on a GPU where there is one; go on with what is in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - workers))
    training = Training(folder, device, rate, seconds)
    write = partial(lessons, songs=_voices(songs) if songs else ())
    first, before = seed * 10_000_000 + training.pages, training.pages
    with Feed(write, first, workers=workers, keep=pool, seed=first) as feed:
        for some in batches(feed, batch or BATCHES[device]):
            training.pages = before + feed.pages
            if not training.go_on(some):
                break
    training.keep(final=True)


def batches(feed: Feed[Lesson], size: int) -> Iterator[list[Lesson]]:
    """Yield strips of like length, without end."""
    chance = random.Random(feed.pages)
    while True:
        chosen = sorted(feed.draw(size * 8), key=lambda lesson: lesson.strip.shape[1])
        groups = [chosen[start : start + size] for start in range(0, max(1, len(chosen) - size + 1), size)]
        chance.shuffle(groups)
        yield from groups


def _voices(folder: Path) -> list[list[Event]]:
    from alamire.recognition.scribe.songs import voices

    return voices(folder)


class Training:
    """A network in training: what it has learnt, how long, and how well it does."""

    def __init__(self, folder: Path, device: str, rate: float, seconds: float) -> None:
        """Go on with what is in the folder, or begin."""
        self.folder, self.device, self.seconds = folder, device, seconds
        self.network = Network().to(device)
        self.averaged = torch.optim.swa_utils.AveragedModel(
            self.network, multi_avg_fn=self._average, use_buffers=True
        )
        self.optimiser = torch.optim.AdamW(self.network.parameters(), rate, weight_decay=1e-3)
        self.rate = rate
        self.steps = self.pages = 0
        self.log: list[dict[str, Any]] = []
        state = folder / "training.pt"
        if state.is_file():
            kept = torch.load(state, map_location=device, weights_only=True)
            self.network.load_state_dict(kept["network"])
            self.averaged.load_state_dict(kept["averaged"])
            self.optimiser.load_state_dict(kept["optimiser"])
            self.steps, self.pages = kept["steps"], kept["pages"]
            self.log = json.loads((folder / "log.json").read_text("utf-8"))
        self.loss = nn.CTCLoss(blank=0, zero_infinity=True)

        self._started = self._kept = time.monotonic()
        self._recent: deque[Tensor] = deque(maxlen=200)

    def go_on(self, batch: Sequence[Lesson]) -> bool:
        """Learn from a batch, and keep what was learnt every few minutes; False once the time is over."""
        now = time.monotonic()
        spent = (now - self._started) / self.seconds
        if spent >= 1:
            return False
        warm = min(1.0, (self.steps + 1) / 300)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * warm * max(0.02, 0.5 * (1 + math.cos(math.pi * spent)))
        self._recent.append(self.learn(batch))
        if now - self._kept > min(300, self.seconds / 8):
            loss = float(torch.stack(list(self._recent)).mean())
            self.keep(loss=round(loss, 4), minutes=round((now - self._started) / 60, 2))
            self._kept = time.monotonic()
        return True

    def learn(self, batch: Sequence[Lesson]) -> Tensor:
        """Take one step; return the loss."""
        strips, lengths, targets, target_lengths = prepare(batch)
        with torch.no_grad():
            looked_at, wider = vary(brought(strips, self.device))
        lengths = (lengths * wider / STRIDE).ceil().long().clamp(max=looked_at.shape[3] // STRIDE)
        self.network.train()
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
            shapes, heights = self.network(looked_at)
        logs = together(shapes.float(), heights.float())
        loss = self.loss(logs.transpose(0, 1), targets, lengths, target_lengths)
        loss = loss + loss_of_places(logs, batch, wider) * max(0.02, 0.5 * 0.999**self.steps)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.steps += 1
        self.averaged.update_parameters(self.network)
        return loss.detach()

    def _average(self, means: list[Tensor], now: list[Tensor], _: Tensor | int) -> None:
        """Bring means over the last steps, some at first, a thousand later, up to now."""
        kept = min(0.999, (1 + self.steps) / (10 + self.steps))
        for mean, value in zip(means, now, strict=True):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - kept)
            else:
                mean.copy_(value)

    def keep(self, *, final: bool = False, **facts: float) -> None:
        """Measure on pages of each kind that were never trained on, and write everything down."""
        network = cast(Network, self.averaged.module).eval()
        pages = 12 if final else 4
        wrong = {}
        for kind in KINDS:
            held = [lesson for page in range(pages) for lesson in _held(page, kind)]
            wrong[kind] = round(symbol_error(network, held, self.device), 4)
        self.log.append({"steps": self.steps, "pages": self.pages, "error": wrong, **facts})
        write_text(self.folder / "log.json", json.dumps(self.log, indent=1))
        print(json.dumps(self.log[-1]), flush=True)
        state = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "steps": self.steps,
            "pages": self.pages,
        }
        with replacing(self.folder / "training.pt") as partial:
            torch.save(state, partial)
        save_onnx(network, self.folder / "reader.onnx")
        if final:
            from alamire.recognition.card import write_card

            write_card(
                self.folder, "reader", "alamire reader of white mensural notation", pages=self.pages,
                steps=self.steps, symbol_error_on_unseen_synthetic_pages=wrong,
            )  # fmt: skip


@cache
def _held(page: int, kind: str) -> list[Lesson]:
    return lessons(HELD_OUT + page, kind)


def prepare(batch: Sequence[Lesson]) -> tuple[NDArray[np.uint8], Tensor, Tensor, Tensor]:
    """Return strips side by side, how many columns each has, all classes, and how many each strip has."""
    widest = max(lesson.strip.shape[1] for lesson in batch)
    widest += -widest % SEEN
    strips = np.full((len(batch), ROWS, widest), BYTES[0], np.uint8)
    for row, lesson in enumerate(batch):
        strips[row, :, : lesson.strip.shape[1]] = lesson.strip
    targets = [number for lesson in batch for number in lesson.classes]
    return (
        strips, torch.tensor([lesson.strip.shape[1] for lesson in batch]),
        torch.tensor(targets, dtype=torch.long), torch.tensor([len(lesson.classes) for lesson in batch]),
    )  # fmt: skip


def brought(strips: NDArray[np.uint8], device: str) -> Tensor:
    """Return strips of bytes where the network is, as it takes them: ground 0, ink 1."""
    there = torch.from_numpy(strips).to(device, non_blocking=True)
    ground, ink = BYTES
    return ((there.float() - ground) / ink)[:, None]


def loss_of_places(logs: Tensor, batch: Sequence[Lesson], wider: float) -> Tensor:
    """Return how unlikely each symbol is where it stands: teaches the places that CTC alone leaves open."""
    rows = np.repeat(np.arange(len(batch)), [len(lesson.classes) for lesson in batch])
    if not len(rows):
        return logs.sum() * 0
    columns = np.concatenate([lesson.columns for lesson in batch])
    places = np.clip(columns * wider // STRIDE, 0, logs.shape[1] - 1)
    numbers = np.concatenate([lesson.classes for lesson in batch])
    each = (torch.from_numpy(index.astype(np.int64)).to(logs.device) for index in (rows, places, numbers))
    return -logs[tuple(each)].mean()


def symbol_error(network: nn.Module, held: Sequence[Lesson], device: str) -> float:
    """Return the edits that the readings of strips need, for each symbol that stands there."""
    wrong = total = 0
    with torch.no_grad():
        for lesson in held:
            strip = torch.from_numpy(unpack(lesson.strip))[None, None].to(device)
            best = together(*network(strip))[0].argmax(1).cpu().numpy()
            read = [
                int(number)
                for place, number in enumerate(best)
                if number and (place == 0 or best[place - 1] != number)
            ]
            wrong += errors(read, list(lesson.classes))
            total += len(lesson.classes)
    return wrong / max(total, 1)


if __name__ == "__main__":
    main()
