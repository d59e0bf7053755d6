"""The options of analyses: what each accepts, and the message where a value is not accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from inspect import signature
from math import inf
from numbers import Real

from alamire.errors import WrongUsage


class WrongOption(WrongUsage):
    """An option of an analysis has a value that is not accepted; the message says which are.

    It exists so that a command can tell wrong usage from a piece that cannot be analysed.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, "settings")


def check_piece(given: object) -> None:
    """Raise WrongUsage where an analysis is given anything but a piece, such as the path of one."""
    if not hasattr(given, "voices"):
        raise WrongUsage(
            f"an analysis takes a piece, such as alamire.read gives, not a {type(given).__name__}"
        )


def check_known(analysis: Callable[..., object], options: Iterable[str]) -> None:
    """Raise WrongOption, with what there is, where an analysis has no option of a name."""
    parameters = signature(analysis).parameters.values()
    known = [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]
    for name in options:
        if name not in known:
            there = ", ".join(each for each in known if each != "corpus")
            raise WrongOption(f"{analysis.__name__} has no option {name!r}; it has: {there}")


def check_option(name: str, value: str, accepted: Sequence[str]) -> None:
    """Raise WrongOption where the value of an option is none of the accepted words."""
    if value not in accepted:
        raise WrongOption(f"{name} must be one of {', '.join(accepted)}, not {value!r}")


def check_least(name: str, value: float, least: float) -> None:
    """Raise WrongOption where a value is less than ``least``, infinite or no number."""
    if not isinstance(value, Real) or not least <= value < inf:
        raise WrongOption(f"{name} must be {least:g} or more, not {value!r}")


def check_share(name: str, value: float) -> None:
    """Raise WrongOption where a share is not from 0 to 1."""
    if not isinstance(value, Real) or not 0 <= value <= 1:
        raise WrongOption(f"{name} must be from 0 to 1, not {value!r}")
