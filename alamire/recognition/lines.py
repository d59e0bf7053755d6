"""Where staff lines run on a page, as a trained network sees them, for pages whose ink alone does not say."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alamire.extras import need
from alamire.recognition.comb import Plane, box
from alamire.recognition.staff import Grey

ACROSS = 2  # columns of a page that one answer stands for
DEEP = 32  # rows and columns come in these
SHIPPED = Path(__file__).with_name("weights") / "lines.onnx"


def contrast(grey: Grey) -> Plane:
    """Return how much darker each pixel is than what surrounds it, in units of what is usual for ink here."""
    plane = grey.astype(np.float32)
    half = max(12, max(grey.shape) // 60)
    dark = box(box(plane, half, 0), half, 1) - plane
    usual = float(np.percentile(dark[::3, ::3], 97))
    return np.asarray(np.clip(dark / max(usual, 4.0), -1.0, 1.5), dtype=np.float32)


def line_map(grey: Grey) -> Plane:
    """Return how likely a staff line is at each pixel of a page, 0 to 1."""
    height, width = grey.shape
    padded: NDArray[np.float32] = np.pad(contrast(grey), ((0, -height % DEEP), (0, -width % DEEP)))
    (lines,) = _session().run(["lines"], {"page": padded[None, None]})
    return np.asarray(np.repeat(lines[0], ACROSS, 1)[:height, :width], dtype=np.float32)


@cache
def _session() -> Any:
    need("recognise", "onnxruntime")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(SHIPPED), options, providers=["CPUExecutionProvider"])
