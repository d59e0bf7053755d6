"""The options of analyses: what each accepts, said where a value is none of it."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from alamire.errors import WrongUsage


class WrongOption(WrongUsage):
    """An option of an analysis has a value that it doesn't accept; the message says what it does.

    It exists so that a command can tell wrong usage from a piece that cannot be analysed.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, "settings")


def check_option(name: str, value: str, accepted: Sequence[str]) -> None:
    """Raise WrongOption where an option has none of the accepted words."""
    if value not in accepted:
        raise WrongOption(f"{name} must be one of {', '.join(accepted)}, not {value!r}")


def check_least(name: str, value: float, least: float) -> None:
    """Raise WrongOption where a number is less than ``least``, or none."""
    if not least <= value < inf:
        raise WrongOption(f"{name} must be {least:g} or more, not {value:g}")


def check_share(name: str, value: float) -> None:
    """Raise WrongOption where a share is not from 0 to 1."""
    if not 0 <= value <= 1:
        raise WrongOption(f"{name} must be from 0 to 1, not {value:g}")
