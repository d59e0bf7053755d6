"""Training and tuning, shortly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alamire.errors import Refused
from alamire.recognition.correction import corrected
from alamire.recognition.model import Model
from alamire.recognition.page import read_scan
from alamire.recognition.scribe.page import write_page

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'alamire[train]'")
pytestmark = pytest.mark.slow


def test_training_learns_goes_on_and_says_what_it_did(tmp_path: Path) -> None:
    """One command writes a model that runs, its card and a log; begun again it goes on."""
    from alamire.recognition.train import main

    words = [str(tmp_path / "model"), "--minutes", "0.25", "--batch", "8", "--pool", "100"]
    main(words)
    card = json.loads((tmp_path / "model" / "reader.json").read_text("utf-8"))
    model = Model(tmp_path / "model" / "reader.onnx")
    assert card["sha256"] == model.digest
    assert set(card["symbol_error_on_unseen_synthetic_pages"]) == {"type", "woodcut", "chanson", "choirbook"}
    steps = card["steps"]
    assert steps > 0
    main(words)
    log = json.loads((tmp_path / "model" / "log.json").read_text("utf-8"))
    assert [entry["steps"] for entry in log] == sorted(entry["steps"] for entry in log)
    assert log[-1]["steps"] > steps


def test_tuning_learns_a_hand(tmp_path: Path) -> None:
    """Of pages of one scribe; measured on pages that it did not see, and told."""
    from alamire.recognition.tune import Verified, tune

    pages = []
    for number in range(3):
        page = write_page(1_800_000_000 + number, "chanson", "microfilm")
        path = tmp_path / f"{number}.png"
        page.image.save(path)
        names = page.names
        pages.append(Verified(path, corrected(read_scan(path), names)))
    tuned = tune(pages, tmp_path / "tuned", seconds=20)
    assert (tuned.learnt_from, tuned.measured_on) == (2, 1)
    assert tuned.after < tuned.before + 0.1
    read_scan(pages[0].scan, Model(tmp_path / "tuned" / "reader.onnx"))


def test_one_page_is_too_few(tmp_path: Path) -> None:
    """Nothing would be left to measure with."""
    from alamire.recognition.tune import tune

    with pytest.raises(Refused, match="too few"):
        tune([], tmp_path)


def test_another_networks_file_is_no_model(tmp_path: Path) -> None:
    """It runs, and is refused all the same: it knows other symbols."""
    from alamire.recognition.network import Network, save_onnx

    network = Network()
    network.shape = torch.nn.Conv1d(160, 7, 3, padding=1)
    save_onnx(network, tmp_path / "other.onnx")
    with pytest.raises(Refused, match="other symbols"):
        Model(tmp_path / "other.onnx")
