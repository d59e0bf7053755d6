"""The options of analyses: what each accepts, and the message where a value is not accepted."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from alamire.errors import WrongUsage


class WrongOption(WrongUsage):
    """An option of an analysis has a value that is not accepted; the message says which are.

    It exists so that a command can tell wrong usage from a piece that cannot be analysed.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, "settings")


def check_option(name: str, value: str, accepted: Sequence[str]) -> None:
    """Raise WrongOption where the value of an option is none of the accepted words."""
    if value not in accepted:
        raise WrongOption(f"{name} must be one of {', '.join(accepted)}, not {value!r}")


def check_least(name: str, value: float, least: float) -> None:
    """Raise WrongOption where a value is less than ``least``, infinite or no number."""
    if not least <= value < inf:
        raise WrongOption(f"{name} must be {least:g} or more, not {value:g}")


def check_share(name: str, value: float) -> None:
    """Raise WrongOption where a share is not from 0 to 1."""
    if not 0 <= value <= 1:
        raise WrongOption(f"{name} must be from 0 to 1, not {value:g}")
