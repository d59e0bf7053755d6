"""The trained reader as it is used: an ONNX file, run by onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alamire.errors import Refused
from alamire.extras import need
from alamire.recognition.card import digest_of
from alamire.recognition.classes import SEEN, STRIDE
from alamire.recognition.decode import Decoded, Logs, decode
from alamire.recognition.shapes import VOCABULARY
from alamire.recognition.staff import ROWS
from alamire.recognition.symbols import HEIGHTS

# Rows and places by which a strip is shifted, for each look at it.
LOOKS = ((0, 0), (1, 1), (-1, 1))
SHIPPED = Path(__file__).with_name("weights") / "reader.onnx"


class Model:
    """A reader of strips; ``digest`` tells models apart."""

    def __init__(self, path: Path = SHIPPED, threads: int = 2) -> None:
        """Load a model; Refused where the file is none, or reads other symbols than this alamire knows."""
        need("recognise", "onnxruntime")
        import onnxruntime

        if not path.is_file():
            raise _refused(path, "there is no such model; train one with python -m alamire.recognition.train")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, min(threads, os.cpu_count() or 1))
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime has a dozen errors for a damaged file
            raise _refused(
                path, f"this is no model that can be run ({str(error).splitlines()[0][:120]})"
            ) from error
        named = {
            each.name: each.shape for each in [*self._session.get_inputs(), *self._session.get_outputs()]
        }
        fits = (
            set(named) == {"strips", "shapes", "heights"}
            and named["strips"][2] == ROWS
            and named["shapes"][2] == 1 + len(VOCABULARY)
            and named["heights"][2] == HEIGHTS
        )
        if not fits:
            raise _refused(
                path, "this model was made for other symbols or another version of alamire; train it anew"
            )
        self.path = path
        self.digest = digest_of(path)

    def read(self, strips: Sequence[NDArray[np.float32]]) -> list[list[Decoded]]:
        """Read strips (each ROWS × columns), those of like length together.

        Each is looked at three times: as it is, and a row higher and a row lower, both half of what the
        network sees as one further right. Staves are found to a pixel, and no sign always lies on a border.
        """
        order = sorted(range(len(strips)), key=lambda index: strips[index].shape[1])
        found: list[list[Decoded]] = [[] for _ in strips]
        for start in range(0, len(order), 4):
            some = order[start : start + 4]
            looks = [
                self._look([_shift(strips[index], rows) for index in some], places) for rows, places in LOOKS
            ]
            for place, index in enumerate(some):
                found[index] = decode(*_together([look[place] for look in looks]))
        return found

    def _look(self, strips: Sequence[NDArray[np.float32]], places: int) -> list[tuple[Logs, Logs]]:
        """Run strips put some places to the right; what is said is put back to where it belongs."""
        if not places:
            return self._run(strips)
        wide = [np.pad(strip, ((0, 0), (places * STRIDE, 0)), mode="edge") for strip in strips]
        return [(shape[places:], height[places:]) for shape, height in self._run(wide)]

    def _run(self, strips: Sequence[NDArray[np.float32]]) -> list[tuple[Logs, Logs]]:
        widest = max(strip.shape[1] for strip in strips)
        widest += -widest % SEEN
        batch = np.zeros((len(strips), 1, ROWS, widest), np.float32)
        for row, strip in enumerate(strips):
            batch[row, 0, :, : strip.shape[1]] = strip
        shapes, heights = self._session.run(["shapes", "heights"], {"strips": batch})
        places = [(strip.shape[1] + STRIDE - 1) // STRIDE for strip in strips]
        return [(shapes[row, :count], heights[row, :count]) for row, count in enumerate(places)]


def _shift(strip: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    """Return a strip some rows lower (or higher), its edge repeated."""
    if not rows:
        return strip
    moved = np.roll(strip, rows, 0)
    moved[: max(rows, 0)] = strip[0]
    if rows < 0:
        moved[rows:] = strip[-1]
    return moved


def _together(looks: Sequence[tuple[Logs, Logs]]) -> tuple[Logs, Logs]:
    """Return the mean of what several looks say, as log probabilities."""
    shapes = np.mean([np.exp(shape) for shape, _ in looks], axis=0)
    heights = np.mean([np.exp(height) for _, height in looks], axis=0)
    return np.log(shapes + 1e-9), np.log(heights + 1e-9)


@cache
def shipped_model() -> Model:
    """Return the reader that comes with the package."""
    return Model()


def _refused(path: Path, why: str) -> Refused:
    return Refused.because("unusable-model", path.name, why)
