"""What a model is: on what it was trained, when, and how well it did."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path


def digest_of(path: Path) -> str:
    """Return the sha256 of a model's file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_card(folder: Path, *, steps: int, pages: int, error: dict[str, float], **more: object) -> None:
    """Write ``reader.json`` beside ``reader.onnx``."""
    card = {
        "name": "alamire reader of white mensural notation",
        "trained_on": f"{pages:,} pages written by alamire.recognition.scribe; no scan of any book",
        "steps": steps,
        "date": datetime.now(UTC).date().isoformat(),
        "sha256": digest_of(folder / "reader.onnx"),
        "symbol_error_on_unseen_synthetic_pages": error,
        **more,
    }
    (folder / "reader.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")
