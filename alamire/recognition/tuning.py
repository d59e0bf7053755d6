"""A source's own reader: tuned to the pages that a person has confirmed, and kept where it does better."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alamire.archive.drafts import keep
from alamire.archive.home import ArchiveFolder
from alamire.extras import need
from alamire.progress import Progress, silent
from alamire.recognition.kept import TUNED, readings

if TYPE_CHECKING:
    from alamire.recognition.tune import Tuned


@dataclass(frozen=True)
class TunedSource:
    """What tuning came to: the errors before and after, the model's card, and the version that keeps it.

    ``version`` is None where the tuned model does no better, and so was thrown away.
    """

    tuned: Tuned
    card: dict[str, object]
    version: int | None = None

    @property
    def kept(self) -> bool:
        """Whether the tuned model does better, and is kept."""
        return self.tuned.better

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON object with the keys of the command line's --json output."""
        return {**self.card, "kept": self.kept, "version": self.version}


def tune_source(
    archive: ArchiveFolder, slug: str, seconds: float, progress: Progress = silent
) -> TunedSource:
    """Tune the reader to a source's confirmed pages, and keep it with the source where it does better.

    ``progress`` is told of hundredths of the time. Refused where PyTorch is not installed or too few pages
    are confirmed, NotFound where there is no such source.
    """
    need("train", "torch", "onnx", "onnxruntime", "pyvips")
    from alamire.recognition.tune import Verified, card_of, tune

    archive.songbook(slug)
    pages = [
        Verified(leaf.scan, reading)
        for leaf, reading in readings(archive, slug)
        if any(staff.symbols for staff in reading.staves)
        and all(staff.confirmed for staff in reading.staves if staff.symbols)
    ]
    progress(0, 100, "tuning")
    with tempfile.TemporaryDirectory(prefix="alamire-") as scratch:
        folder = Path(scratch)
        tuned = tune(
            pages, folder, seconds=seconds, step=lambda part: progress(int(part * 100), 100, "tuning")
        )
        progress(100, 100, "tuning")
        card = card_of(tuned, slug, "reader.onnx of the package")
        if not tuned.better:
            return TunedSource(tuned, card)
        files = {
            TUNED: (folder / "reader.onnx").read_bytes(),
            "models/reader.json": (json.dumps(card, indent=2) + "\n").encode(),
        }
        return TunedSource(tuned, card, keep(archive, slug, files, message=f"Tune the reader to {slug}"))
