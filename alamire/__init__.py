"""alamire: songbooks of early polyphony, their manifests, their voices and what is found in them.

``open`` opens an archive and ``init`` makes one, ``read`` reads a bare encoding (``read_all`` a corpus of
them); ``analysis`` has the analyses. The others do what the command of their name does: ``ingest``,
``verify``, ``reindex``, ``recognise``, ``tune``, ``convert``, ``notes``, ``analyse`` (and ``annotate``),
``manifest``, ``lint``, ``derive`` and ``publish``. Names are loaded when first used, so that
``import alamire`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alamire import analysis
    from alamire.door.analyse import analyse, annotate
    from alamire.door.archive import new_archive as init
    from alamire.door.archive import open_archive as open
    from alamire.door.convert import convert
    from alamire.door.ingest import ingest
    from alamire.door.lint import lint
    from alamire.door.notes import notes
    from alamire.door.pieces import read_piece as read
    from alamire.door.pieces import read_pieces as read_all
    from alamire.door.publish import derive, manifest, publish
    from alamire.door.recognise import recognise, tune
    from alamire.door.verify import reindex, verify
    from alamire.notation.voice import TICKS

    __version__: str

__all__ = [
    "TICKS",
    "__version__",
    "analyse",
    "analysis",
    "annotate",
    "convert",
    "derive",
    "ingest",
    "init",
    "lint",
    "manifest",
    "notes",
    "open",
    "publish",
    "read",
    "read_all",
    "recognise",
    "reindex",
    "tune",
    "verify",
]

#: Where each public name is at home: a module, and its name there where that is another.
_HOMES = {
    "TICKS": ("alamire.notation.voice", "TICKS"),
    "analyse": ("alamire.door.analyse", "analyse"),
    "annotate": ("alamire.door.analyse", "annotate"),
    "convert": ("alamire.door.convert", "convert"),
    "derive": ("alamire.door.publish", "derive"),
    "ingest": ("alamire.door.ingest", "ingest"),
    "init": ("alamire.door.archive", "new_archive"),
    "lint": ("alamire.door.lint", "lint"),
    "manifest": ("alamire.door.publish", "manifest"),
    "notes": ("alamire.door.notes", "notes"),
    "open": ("alamire.door.archive", "open_archive"),
    "publish": ("alamire.door.publish", "publish"),
    "read": ("alamire.door.pieces", "read_piece"),
    "read_all": ("alamire.door.pieces", "read_pieces"),
    "recognise": ("alamire.door.recognise", "recognise"),
    "reindex": ("alamire.door.verify", "reindex"),
    "tune": ("alamire.door.recognise", "tune"),
    "verify": ("alamire.door.verify", "verify"),
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
    """Return the public names, loaded or not, and nothing else."""
    return sorted(__all__)
