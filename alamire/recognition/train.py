"""Train the reader: ``python -m alamire.recognition.train MODEL_FOLDER --minutes 60``.

Processes write pages without end, the network learns from what they have written, and every few minutes it
is measured on pages of numbers that are never trained on, and kept. Begun again with the same folder, it
goes on.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from alamire.recognition.classes import SEEN, STRIDE
from alamire.recognition.lessons import HELD_OUT, Lesson, lessons, unpacked
from alamire.recognition.measure import errors
from alamire.recognition.network import Network, save_onnx, together
from alamire.recognition.scribe.grammar import Event
from alamire.recognition.scribe.hand import KINDS
from alamire.recognition.staff import ROWS

_songs: Sequence[Sequence[Event]] = ()


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
    parser.add_argument("--batch", type=int, default=24, help="strips of one step")
    parser.add_argument("--rate", type=float, default=2e-3, help="learning rate at its highest")
    parser.add_argument("--pool", type=int, default=20_000, help="strips kept to learn from")
    parser.add_argument("--songs", type=Path, help="a folder of encodings whose voices the scribe copies too")
    parser.add_argument(
        "--lines", action="store_true", help="train lines.onnx, which marks staff lines, instead"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the network and the pages")
    return parser


def train(
    folder: Path, seconds: float, *, workers: int = 1, batch: int = 24, rate: float = 2e-3,
    pool: int = 20_000, songs: Path | None = None, seed: int = 1,
) -> None:  # fmt: skip
    """Train for some seconds, on a GPU where there is one; go on with what is in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - workers))
    training = Training(folder, device, rate, seconds)
    voices = _voices(songs) if songs else ()
    first = seed * 10_000_000 + training.pages
    with multiprocessing.get_context("spawn").Pool(workers, _start, (voices,)) as writers:
        written = writers.imap_unordered(_write, count(first), chunksize=1)
        training.run(_fed(written, pool, batch, training, workers))
        writers.terminate()
    training.keep(final=True)


def _start(songs: Sequence[Sequence[Event]]) -> None:
    global _songs
    _songs = songs


def _write(seed: int) -> list[Lesson]:
    return lessons(seed, songs=_songs)


def _voices(folder: Path) -> list[list[Event]]:
    from alamire.recognition.scribe.songs import voices

    return voices(folder)


def _averaged(before: Tensor, now: Tensor, count: Tensor | int) -> Tensor:
    """Return the mean over the last steps: some at first, five hundred later."""
    kept = min(0.998, (1 + int(count)) / (10 + int(count)))
    return before + (now - before) * (1 - kept) if before.is_floating_point() else now


class Training:
    """A network in training: what it has learnt, how long, and how well it does."""

    def __init__(self, folder: Path, device: str, rate: float, seconds: float) -> None:
        """Go on with what is in the folder, or begin."""
        self.folder, self.device, self.seconds = folder, device, seconds
        self.network = Network().to(device)
        self.averaged = torch.optim.swa_utils.AveragedModel(self.network, avg_fn=_averaged, use_buffers=True)
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

    def run(self, batches: Iterator[list[Lesson]]) -> None:
        """Learn until the time is over."""
        started = last = time.monotonic()
        recent: deque[float] = deque(maxlen=200)
        for batch in batches:
            spent = (time.monotonic() - started) / self.seconds
            if spent >= 1:
                return
            warm = min(1.0, (self.steps + 1) / 300)
            for group in self.optimiser.param_groups:
                group["lr"] = self.rate * warm * max(0.02, 0.5 * (1 + math.cos(math.pi * spent)))
            recent.append(self.learn(batch))
            if time.monotonic() - last > min(300, self.seconds / 8):
                last = time.monotonic()
                self.keep(loss=float(np.mean(recent)), minutes=(last - started) / 60)

    def learn(self, batch: Sequence[Lesson]) -> float:
        """Take one step; return the loss."""
        strips, lengths, targets, target_lengths = prepared(batch, self.device)
        self.network.train()
        shapes, heights = self.network(strips)
        logs = together(shapes, heights)
        loss = self.loss(logs.transpose(0, 1), targets, lengths, target_lengths)
        loss = loss + placed(logs, batch, self.device) * max(0.02, 0.5 * 0.999**self.steps)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.averaged.update_parameters(self.network)
        self.steps += 1
        return float(loss.detach())

    def keep(self, *, final: bool = False, **facts: float) -> None:
        """Measure on pages of each kind that were never trained on, and write everything down."""
        network = cast(Network, self.averaged.module).eval()
        pages = 12 if final else 4
        wrong = {}
        for kind in KINDS:
            held = [lesson for page in range(pages) for lesson in lessons(HELD_OUT + page, kind)]
            wrong[kind] = round(symbol_error(network, held, self.device), 4)
        self.log.append({"steps": self.steps, "pages": self.pages, "error": wrong, **facts})
        (self.folder / "log.json").write_text(json.dumps(self.log, indent=1), "utf-8")
        print(json.dumps(self.log[-1]), flush=True)
        torch.save(
            {
                "network": self.network.state_dict(),
                "averaged": self.averaged.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "steps": self.steps,
                "pages": self.pages,
            },
            self.folder / "training.pt",
        )
        save_onnx(network, self.folder / "reader.onnx")
        torch.save(network.state_dict(), self.folder / "reader.pt")
        if final:
            from alamire.recognition.card import write_card

            write_card(
                self.folder, "reader", "alamire reader of white mensural notation", pages=self.pages,
                steps=self.steps, symbol_error_on_unseen_synthetic_pages=wrong,
            )  # fmt: skip


def prepared(batch: Sequence[Lesson], device: str) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return strips side by side, how many places each has, all classes, and how many each strip has."""
    widest = max(lesson.strip.shape[1] for lesson in batch)
    widest += -widest % SEEN
    strips = np.zeros((len(batch), 1, ROWS, widest), np.float32)
    for row, lesson in enumerate(batch):
        strips[row, 0, :, : lesson.strip.shape[1]] = varied(unpacked(lesson.strip))
    lengths = [(lesson.strip.shape[1] + STRIDE - 1) // STRIDE for lesson in batch]
    targets = [number for lesson in batch for number in lesson.classes]
    return (
        torch.from_numpy(strips).to(device), torch.tensor(lengths),
        torch.tensor(targets, dtype=torch.long), torch.tensor([len(lesson.classes) for lesson in batch]),
    )  # fmt: skip


def varied(strip: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a strip a little darker, noisier, higher or lower than it was."""
    made = np.random.default_rng(random.getrandbits(32))
    if made.random() < 0.5:
        strip = strip * np.float32(made.uniform(0.75, 1.25)) + np.float32(made.uniform(-0.08, 0.08))
    if made.random() < 0.3:
        strip = strip + made.standard_normal(strip.shape, dtype=np.float32) * np.float32(
            made.uniform(0, 0.12)
        )
    if made.random() < 0.3:
        strip = np.roll(strip, int(made.integers(-1, 2)), 0)
    return strip


def placed(logs: Tensor, batch: Sequence[Lesson], device: str) -> Tensor:
    """Return how unlikely each symbol is where it stands: teaches the places that CTC alone leaves open."""
    rows, places, numbers = [], [], []
    for row, lesson in enumerate(batch):
        for number, column in zip(lesson.classes, lesson.columns, strict=True):
            rows.append(row)
            places.append(min(max(column // STRIDE, 0), logs.shape[1] - 1))
            numbers.append(number)
    if not rows:
        return logs.sum() * 0
    picked = logs[torch.tensor(rows), torch.tensor(places), torch.tensor(numbers)]
    return -picked.to(device).mean()


def _fed(
    written: Iterator[list[Lesson]], pool: int, batch: int, training: Training, workers: int
) -> Iterator[list[Lesson]]:
    """Yield batches of strips of like length from the last that were written."""
    kept: list[Lesson] = []
    chance = random.Random(training.steps)

    def take() -> None:
        training.pages += 1
        for lesson in next(written):
            if len(kept) < pool:
                kept.append(lesson)
            else:
                kept[chance.randrange(pool)] = lesson

    while len(kept) < batch * 12:
        take()
    while True:
        chosen = sorted(chance.sample(kept, min(len(kept), batch * 8)), key=lambda one: one.strip.shape[1])
        groups = [chosen[start : start + batch] for start in range(0, len(chosen) - batch + 1, batch)]
        chance.shuffle(groups)
        yield from groups
        for _ in range(6 * workers):
            take()


def symbol_error(network: nn.Module, held: Sequence[Lesson], device: str) -> float:
    """Return the edits that the readings of strips need, for each symbol that stands there."""
    wrong = total = 0
    with torch.no_grad():
        for lesson in held:
            strip = torch.from_numpy(unpacked(lesson.strip))[None, None].to(device)
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
