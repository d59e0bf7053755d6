"""Training and tuning, shortly."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from alamire.errors import Refused
from alamire.recognition.card import digest_of
from alamire.recognition.correction import with_true_symbols
from alamire.recognition.model import Model, shipped_model
from alamire.recognition.page import read_scan
from alamire.recognition.scribe.hand import KINDS
from alamire.recognition.scribe.page import write_page
from alamire.recognition.shapes import VOCABULARY

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
    assert set(card["symbol_error_on_unseen_synthetic_pages"]) == set(KINDS)
    steps = card["steps"]
    assert steps > 0
    main(words)
    log = json.loads((tmp_path / "model" / "log.json").read_text("utf-8"))
    assert [entry["steps"] for entry in log] == sorted(entry["steps"] for entry in log)
    assert log[-1]["steps"] > steps


def test_the_finder_of_lines_is_trained_by_the_same_command(tmp_path: Path) -> None:
    """It writes a network that marks pages of any size, and a card that says how well."""
    import onnxruntime

    from alamire.recognition.train import main

    main([str(tmp_path), "--lines", "--minutes", "0.1"])
    before = json.loads((tmp_path / "lines.json").read_text("utf-8"))
    main([str(tmp_path), "--lines", "--minutes", "0.1"])
    card = json.loads((tmp_path / "lines.json").read_text("utf-8"))
    assert card["pages"] > before["pages"] > 0, "begun again it goes on, with other pages"
    assert card["sha256"] == digest_of(tmp_path / "lines.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "lines.onnx"), providers=["CPUExecutionProvider"])
    (lines,) = session.run(["lines"], {"page": np.zeros((1, 1, 96, 160), np.float32)})
    assert lines.shape == (1, 96, 80)


def test_varied_strips_keep_their_symbols_where_they_are_said_to_be() -> None:
    """Whatever is done to a strip, what stood on the middle line at a column is where the stretch puts it."""
    from alamire.recognition.staff import MIDDLE, ROWS
    from alamire.recognition.varied import vary

    torch.manual_seed(3)
    strips = torch.zeros(6, 1, ROWS, 400)
    strips[:, :, MIDDLE - 4 : MIDDLE + 5, 196:205] = 1.0
    widths = set()
    for _ in range(12):
        changed, wider = vary(strips)
        assert changed.shape[:3] == strips.shape[:3]
        assert changed.shape[3] >= 400 * wider - 1
        smooth = torch.nn.functional.avg_pool2d(changed, 7, 1, 3)
        columns = smooth.amax((1, 2)).argmax(1)
        assert (columns - 200 * wider).abs().max() < 6
        widths.add(round(wider, 2))
    assert len(widths) > 6


def _numbers(page: int) -> list[int]:
    if page >= 1_000:
        raise ValueError(f"page {page}")
    return [page, page]


def test_lessons_are_fed_from_the_last_pages_and_a_failure_is_told() -> None:
    """Processes write them; what a process cannot write is not waited for in vain."""
    from alamire.recognition.feed import Feed

    with Feed(_numbers, 10, workers=1, keep=6) as feed:
        drawn = feed.draw(6)
        assert len(drawn) == 6
        assert set(drawn) <= set(range(10, 1_000))
        assert feed.pages >= 3
    with Feed(_numbers, 1_000, workers=1, keep=6) as feed, pytest.raises(ValueError, match="page 1000"):
        feed.draw(6)


def test_tuning_learns_a_hand(tmp_path: Path) -> None:
    """Of pages of one scribe: a network of its own, measured on a page that it did not see.

    How much better it reads is measured in ``tests/benchmarks``.
    """
    from alamire.recognition.tune import Verified, tune

    pages = []
    for number in range(3):
        page = write_page(1_800_000_000 + number, "chanson", "microfilm")
        path = tmp_path / f"{number}.png"
        page.image.save(path)
        names = page.names
        pages.append(Verified(path, with_true_symbols(read_scan(path), names)))
    tuned = tune(pages, tmp_path / "tuned", seconds=20)
    assert (tuned.learnt_from, tuned.measured_on) == (2, 1)
    assert tuned.before >= 0 and tuned.after >= 0
    model = Model(tmp_path / "tuned" / "reader.onnx")
    assert model.digest != shipped_model().digest
    assert read_scan(pages[0].scan, model).model == model.digest


def test_the_shipped_reader_can_be_trained_further() -> None:
    """From its ONNX file alone comes the network in PyTorch, which reads what onnxruntime reads."""
    import onnxruntime

    from alamire.recognition.model import SHIPPED
    from alamire.recognition.network import load_onnx
    from alamire.recognition.staff import ROWS

    strips = np.random.default_rng(1).random((2, 1, ROWS, 400), np.float32)
    network = load_onnx(SHIPPED).eval()
    with torch.no_grad():
        mine = [answer.numpy() for answer in network(torch.from_numpy(strips))]
    session = onnxruntime.InferenceSession(str(SHIPPED), providers=["CPUExecutionProvider"])
    for answer, same in zip(mine, session.run(["shapes", "heights"], {"strips": strips}), strict=True):
        np.testing.assert_allclose(answer, same, atol=1e-4)
    norms = [each for each in network.modules() if isinstance(each, torch.nn.modules.batchnorm._BatchNorm)]
    assert len(norms) == 12
    assert all(float(each.running_mean.abs().max()) > 0 for each in norms), "what was seen is kept too"


def test_what_is_learnt_survives_the_file(tmp_path: Path) -> None:
    """Weights, means and variances, but for their last bits; what was rounded once stays as it is."""
    from alamire.recognition.network import KEPT_BITS, Network, load_onnx, save_onnx
    from alamire.recognition.staff import ROWS

    torch.manual_seed(5)
    network = Network()
    network.train()(torch.rand(3, 1, ROWS, 200))
    with torch.no_grad():
        for parameter in network.parameters():  # what is equal is written once; after training nothing is
            parameter += 0.01 * torch.rand_like(parameter)
    save_onnx(network, tmp_path / "reader.onnx")
    back = load_onnx(tmp_path / "reader.onnx")
    state = {name: value for name, value in network.state_dict().items() if "num_batches" not in name}
    for name, value in state.items():
        assert torch.allclose(back.state_dict()[name], value, rtol=2.0**-KEPT_BITS, atol=0), name
    save_onnx(back, tmp_path / "again.onnx")
    assert (tmp_path / "again.onnx").read_bytes() == (tmp_path / "reader.onnx").read_bytes()


def test_weights_that_were_folded_are_not_trained_further(tmp_path: Path) -> None:
    """Earlier versions wrote convolutions with the normalisation in them: such a file is refused, and why."""
    import onnx

    from alamire.recognition.model import SHIPPED
    from alamire.recognition.network import load_onnx

    model = onnx.load(SHIPPED)
    kept = [each for each in model.graph.initializer if "running" not in each.name]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    onnx.save(model, tmp_path / "folded.onnx")
    with pytest.raises(Refused, match="train it anew"):
        load_onnx(tmp_path / "folded.onnx")


def test_one_page_is_too_few(tmp_path: Path) -> None:
    """Nothing would be left to measure with."""
    from alamire.recognition.tune import tune

    with pytest.raises(Refused, match="too few"):
        tune([], tmp_path)


def test_another_networks_file_is_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs, and is refused all the same: it knows other symbols."""
    from alamire.recognition.network import Network, save_onnx

    monkeypatch.setattr("alamire.recognition.network.VOCABULARY", VOCABULARY[:6])
    save_onnx(Network(), tmp_path / "other.onnx")
    with pytest.raises(Refused, match="other symbols"):
        Model(tmp_path / "other.onnx")
