"""Tune the reader to a hand or a fount: it learns from pages that a person has verified.

Some verified pages are kept apart; the reader is measured on them before and after, and a tuned model that
does no better there is not kept. What it has learnt before is not forgotten: every second strip that it sees
is the scribe's.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from alamire.errors import Refused
from alamire.recognition.lessons import Lesson, carelessly_found, lesson, lessons
from alamire.recognition.measure import errors
from alamire.recognition.model import SHIPPED, Model
from alamire.recognition.network import load_onnx, save_onnx
from alamire.recognition.page import read_staves
from alamire.recognition.reading import PageReading
from alamire.recognition.scans import ScanPicture, open_scan
from alamire.recognition.staff import UNIT
from alamire.recognition.train import Training

# One to learn from and one to be measured on; no record tells how the share and the rate were set.
LEAST_PAGES = 2
KEPT_APART = 0.25  # of the verified pages, to be measured on: one at least
RATE = 6e-4  # of learning, at its highest


@dataclass(frozen=True)
class Verified:
    """A page whose confirmed staves are right: its scan's file and its reading."""

    scan: Path
    reading: PageReading


@dataclass(frozen=True)
class Tuned:
    """What tuning came to: errors on pages that it did not see, before and after."""

    before: float
    after: float
    learnt_from: int
    measured_on: int
    seconds: float

    @property
    def better(self) -> bool:
        """Whether the tuned model is to be kept."""
        return self.after < self.before


@dataclass(frozen=True)
class _Page:
    scan: ScanPicture
    reading: PageReading


def tune(
    pages: Sequence[Verified],
    folder: Path,
    *,
    base: Path = SHIPPED,
    seconds: float = 420,
    unseen: Sequence[Verified] | None = None,
    seed: int = 1,
    step: Callable[[float], None] = lambda part: None,
) -> Tuned:
    """Tune a model to pages, and write ``reader.onnx`` into the folder.

    ``unseen`` pages measure it; without them, a quarter of the pages is kept apart for that. Refused where
    there are too few.
    """
    if len(pages) < (LEAST_PAGES if unseen is None else 1):
        said = (
            f"{len(pages)} verified pages are too few: confirm all staves of {LEAST_PAGES} or more with "
            "alamire review. Some are kept apart to measure what tuning does"
        )
        raise Refused.because("too-few-pages", "", said)
    chance = random.Random(seed)
    shuffled = list(pages)
    chance.shuffle(shuffled)
    if unseen is None:
        apart = max(1, round(len(shuffled) * KEPT_APART))
        shuffled, unseen = shuffled[apart:], shuffled[:apart]
    learn = [_open(page) for page in shuffled]
    measure = [_open(page) for page in unseen]
    started = time.monotonic()
    before = _error(Model(base), measure)
    folder.mkdir(parents=True, exist_ok=True)
    training = _training(folder, base, seconds)
    _learn(training, learn, chance, seconds, step)
    save_onnx(training.network.eval(), folder / "reader.onnx")
    after = _error(Model(folder / "reader.onnx"), measure)
    return Tuned(before, after, len(learn), len(measure), time.monotonic() - started)


def card_of(tuned: Tuned, source: str, base: str) -> dict[str, object]:
    """Return the card of a tuned model."""
    return {
        "name": f"alamire reader tuned to {source}",
        "tuned_from": base,
        "date": datetime.now(UTC).date().isoformat(),
        "pages_learnt_from": tuned.learnt_from,
        "pages_measured_on": tuned.measured_on,
        "symbol_error_before": round(tuned.before, 4),
        "symbol_error_after": round(tuned.after, 4),
    }


def _open(page: Verified) -> _Page:
    """Open a scan as large as its staves are read, with its reading at that size."""
    units = [staff.staff.unit for staff in page.reading.staves] or [float(UNIT)]
    longest = round(max(page.reading.width, page.reading.height) * min(1.0, 1.25 * UNIT / min(units)))
    scan = open_scan(page.scan, longest)
    staves = [
        replace(
            staff,
            staff=staff.staff.scaled(scan.factor),
            symbols=tuple(replace(symbol, x=symbol.x * scan.factor) for symbol in staff.symbols),
        )
        for staff in page.reading.staves
        if staff.confirmed
    ]
    return _Page(scan, replace(page.reading, staves=tuple(staves)))


def _training(folder: Path, base: Path, seconds: float) -> Training:
    training = Training(folder, "cpu", RATE, seconds)
    training.network = load_onnx(base)
    training.optimiser = torch.optim.AdamW(training.network.parameters(), RATE, weight_decay=1e-3)
    training.averaged = torch.optim.swa_utils.AveragedModel(training.network)
    training.steps = 3000  # the places of symbols matter less than at the beginning
    return training


def _learn(
    training: Training,
    pages: Sequence[_Page],
    chance: random.Random,
    seconds: float,
    step: Callable[[float], None],
) -> None:
    started = time.monotonic()
    written: list[Lesson] = []
    number = 500_000_000
    while (spent := (time.monotonic() - started) / seconds) < 1:
        step(spent)
        own = [
            lesson(page.scan.grey, carelessly_found(staff.staff, chance), staff.symbols)
            for page in pages
            for staff in page.reading.staves
        ]
        while len(written) < max(24, len(own)) or chance.random() < 0.3:
            written += lessons(number)
            number += 1
        together = own + chance.sample(written, min(len(own), len(written)))
        written = written[-400:]
        together.sort(key=lambda lesson: lesson.strip.shape[1] * chance.uniform(0.9, 1.1))
        batches = [together[start : start + 12] for start in range(0, len(together), 12)]
        chance.shuffle(batches)
        for batch in batches:
            spent = min(1.0, (time.monotonic() - started) / seconds)
            for group in training.optimiser.param_groups:
                group["lr"] = (
                    RATE * min(1.0, spent * 20 + 0.05) * max(0.02, 0.5 * (1 + np.cos(np.pi * spent)))
                )
            training.learn(batch)
            if spent >= 1:
                break


def _error(model: Model, pages: Sequence[_Page]) -> float:
    """Return the edits for each true symbol, staves being given."""
    from alamire.recognition.tracing import FoundStaff

    wrong = total = 0
    for page in pages:
        for staff in page.reading.staves:
            read = read_staves(page.scan, [FoundStaff(staff.staff, 1.0)], model)
            names = [symbol.agnostic for each in read for symbol in each.symbols]
            wrong += errors(names, [symbol.agnostic for symbol in staff.symbols])
            total += len(staff.symbols)
    return wrong / max(1, total)
