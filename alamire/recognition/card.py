"""What a model is: on what it was trained, when, and how well it did."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from alamire.writing import write_text


def digest_of(path: Path) -> str:
    """Return the sha256 of a model's file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_card(folder: Path, stem: str, name: str, *, pages: int, **more: object) -> None:
    """Write FOLDER/STEM.json beside the model STEM.onnx."""
    card = {
        "name": name,
        "trained_on": f"{pages:,} pages written by alamire.recognition.scribe; no scan of any book",
        "pages": pages,
        "date": datetime.now(UTC).date().isoformat(),
        "sha256": digest_of(folder / f"{stem}.onnx"),
        **more,
    }
    write_text(folder / f"{stem}.json", json.dumps(card, indent=2) + "\n")
