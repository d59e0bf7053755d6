"""alamire: songbooks of early polyphony, their manifests, their voices and what is found in them.

``open`` opens an archive, ``read`` reads a bare encoding (``read_all`` a corpus of them), ``analysis`` has
the analyses. Names are loaded when first used, so that ``import alamire`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alamire import analysis
    from alamire.library import open_archive as open
    from alamire.library import read_piece as read
    from alamire.library import read_pieces as read_all
    from alamire.notation.voice import TICKS

    __version__: str

__all__ = ["TICKS", "__version__", "analysis", "open", "read", "read_all"]

_HOMES = {
    "open": ("alamire.library", "open_archive"),
    "read": ("alamire.library", "read_piece"),
    "read_all": ("alamire.library", "read_pieces"),
    "TICKS": ("alamire.notation.voice", "TICKS"),
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module, and keep it."""
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("alamire")
    elif name == "analysis":
        value = import_module("alamire.analysis")
    elif name in _HOMES:
        module, attribute = _HOMES[name]
        value = getattr(import_module(module), attribute)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted({*globals(), *__all__})
