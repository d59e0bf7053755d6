"""The networks as other processors run them: other kernels, other numbers of threads, other roundings.

onnxruntime chooses its kernels by the instruction sets that it finds, so the same weights answer a little
otherwise elsewhere. ``pytest --rounding plain`` runs every network without the fused and blocked kernels, on
one thread; ``--rounding coarse`` rounds all answers as no processor does, to a thousandth. A test that then
fails asserts how well a network reads, which belongs into ``tests/benchmarks``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

CHOICES = ("plain", "coarse")
#: In log probability and in probability alike; between kernels the answers differ by some millionths.
STEP = 1e-3


def round_as_elsewhere(how: str) -> None:
    """Let every network of this process, made from now on, answer as it does elsewhere."""
    import onnxruntime

    onnxruntime.InferenceSession = {"plain": _plain, "coarse": _coarse}[how](onnxruntime)


def _plain(onnxruntime: Any) -> type:
    class Plain(onnxruntime.InferenceSession):  # type: ignore[misc, name-defined]
        """A session with the plainest kernels, on one thread."""

        def __init__(self, path: str, options: Any, **more: Any) -> None:
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
            options.intra_op_num_threads = 1
            super().__init__(path, options, **more)

    return Plain


def _coarse(onnxruntime: Any) -> type:
    class Coarse(onnxruntime.InferenceSession):  # type: ignore[misc, name-defined]
        """A session whose answers are rounded to a thousandth."""

        def run(self, *asked: Any) -> list[Any]:
            return [np.round(answer / STEP) * np.float32(STEP) for answer in super().run(*asked)]

    return Coarse
