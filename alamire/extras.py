"""Libraries that an installation may lack: each belongs to an extra, named by what one does with it.

``pip install alamire`` reads, tables, analyses, plots and converts, keeps archives and makes manifests; what
else there is, and why, is in ``docs/installing.md``.
"""

from __future__ import annotations

from importlib.util import find_spec

from alamire.errors import Refused


def need(extra: str, *modules: str) -> None:
    """Go on where all these modules are installed; Refused (``not-installed``), with what to type, where not.

    It imports nothing. A door that needs an extra asks first, before anything is read or written.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        *others, last = missing
        named = f"{', '.join(others)} and {last}, which are" if others else f"{last}, which is"
        said = f"this needs {named} not installed: pip install 'alamire[{extra}]'"
        raise Refused.because("not-installed", "", said)
