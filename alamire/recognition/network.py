"""The network that reads strips, in PyTorch; training alone needs it, reading takes its ONNX form.

Convolutions see the strip, dilated ones look along it, and two heads say for every two columns which shape
stands there, if any, and at which height: a staff is a line of text whose letters stand at heights. Trained
with connectionist temporal classification (Graves et al., ICML 2006), as readers of single staves have been
since Calvo-Zaragoza and Rizo ("End-to-End Neural Optical Music Recognition of Monophonic Scores", 2018).
"""

from __future__ import annotations

import copy
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from alamire.errors import Refused
from alamire.recognition.classes import SEEN, STRIDE
from alamire.recognition.shapes import VOCABULARY
from alamire.recognition.staff import ROWS
from alamire.recognition.symbols import HEIGHTS

PLACES = SEEN // STRIDE  # answers that each place of the line gives
#: Significant bits of the weights that are kept, of 24. Learning on a GPU goes by 8 (bfloat16); with 13 the
#: file compresses to three quarters, and probabilities change by less than a thousandth.
KEPT_BITS = 13


class _Block(nn.Module):
    """A convolution with its normalisation; with ``kept`` its input is added to what it gives."""

    def __init__(
        self, before: int, after: int, stride: tuple[int, int] = (1, 1), *, kept: bool = False
    ) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(after)
        self.kept = kept

    def forward(self, planes: Tensor) -> Tensor:
        """Return the planes after it."""
        made = self.norm(self.convolution(planes))
        return torch.relu(made + planes if self.kept else made)


class _Along(nn.Module):
    """A dilated convolution along the strip, added to its input."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm = nn.BatchNorm1d(width)

    def forward(self, line: Tensor) -> Tensor:
        """Return the line after it."""
        return line + torch.relu(self.norm(self.convolution(line)))


class Network(nn.Module):
    """Strips (batch, 1, ROWS, columns) to log probabilities.

    ``columns`` is a multiple of four. Gives shapes (batch, columns / 2, 1 + VOCABULARY) of which the first is
    nothing, and heights (batch, columns / 2, HEIGHTS).
    """

    def __init__(self, width: int = 224) -> None:
        """Make an untrained network; ``width`` is that of the line."""
        super().__init__()
        self.seen = nn.Sequential(
            nn.Conv2d(1, 24, 5, 2, 2, bias=False), nn.BatchNorm2d(24), nn.ReLU(),
            _Block(24, 48, (2, 2)), _Block(48, 48, kept=True),
            _Block(48, 96, (2, 1)), _Block(96, 96, kept=True), _Block(96, 96, kept=True),
        )  # fmt: skip
        self.flat = nn.Sequential(
            nn.Conv1d(96 * (ROWS // 8), width, 1, bias=False), nn.BatchNorm1d(width), nn.ReLU(),
            nn.Dropout(0.1),
        )  # fmt: skip
        self.along = nn.Sequential(*(_Along(width, dilation) for dilation in (1, 2, 4, 8, 16)))
        self.shape = nn.Conv1d(width, PLACES * (1 + len(VOCABULARY)), 3, padding=1)
        self.height = nn.Conv1d(width, PLACES * HEIGHTS, 3, padding=1)

    def forward(self, strips: Tensor) -> tuple[Tensor, Tensor]:
        """Read strips."""
        planes = self.seen(strips)
        line = self.along(self.flat(planes.flatten(1, 2)))
        return _answers(self.shape(line), 1 + len(VOCABULARY)), _answers(self.height(line), HEIGHTS)


def _answers(line: Tensor, classes: int) -> Tensor:
    """Return the log probabilities (batch, places, classes) of a line that has PLACES answers to a place."""
    apart = line.unflatten(1, (PLACES, classes)).permute(0, 3, 1, 2)
    return torch.log_softmax(apart.flatten(1, 2), 2)


def together(shapes: Tensor, heights: Tensor) -> Tensor:
    """Return the log probabilities (batch, places, classes) of nothing and of each shape at each height."""
    pairs = shapes[:, :, 1:, None] + heights[:, :, None, :]
    return torch.cat([shapes[:, :, :1], pairs.flatten(2)], 2)


def save_onnx(network: Network, path: Path) -> None:
    """Write the network in the form that reading takes: any number of strips, of any length.

    Nothing is folded together: the file holds every weight, rounded a little (KEPT_BITS), under its name
    here, so that :func:`load_onnx` can go on from it. onnxruntime folds the normalisation into the
    convolutions when it opens the file.
    """
    network = copy.deepcopy(network).to("cpu").eval()
    network.load_state_dict({name: _round(value) for name, value in network.state_dict().items()})
    with warnings.catch_warnings():
        # the exporter that needs no further package is called old, and works
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            network,
            (torch.zeros(1, 1, ROWS, 400),),
            str(path),
            input_names=["strips"],
            output_names=["shapes", "heights"],
            dynamic_axes={
                "strips": {0: "batch", 3: "columns"},
                "shapes": {0: "batch", 1: "places"},
                "heights": {0: "batch", 1: "places"},
            },
            opset_version=17,
            dynamo=False,
            training=torch.onnx.TrainingMode.PRESERVE,  # the default folds the normalisation
            do_constant_folding=False,
        )


def _round(values: Tensor) -> Tensor:
    """Return 32-bit floats with KEPT_BITS significant bits; other numbers as they are."""
    if values.dtype != torch.float32:
        return values
    dropped = 24 - KEPT_BITS
    near = values.contiguous().view(torch.int32) + (1 << (dropped - 1))
    return ((near >> dropped) << dropped).view(torch.float32)


def load_onnx(path: Path) -> Network:
    """Return the network that :func:`save_onnx` wrote, to be trained further.

    Refused where the file lacks weights, as those do that earlier versions wrote, or has others.
    """
    import onnx
    from onnx.numpy_helper import to_array

    kept = onnx.load(path).graph.initializer
    state = {each.name: torch.from_numpy(to_array(each).copy()) for each in kept}
    network = Network()
    for name, value in network.state_dict().items():
        if name.endswith(".num_batches_tracked"):  # a counter that nothing here goes by
            state[name] = value
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        said = "this model does not hold all that training needs; train it anew with this version of alamire"
        raise Refused.because("unusable-model", path.name, said) from error
    return network
