"""What a rule is: a stable code, how bad a finding is, why it matters, and a check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from alamire.errors import Severity
from alamire.iiif.lint.document import IiifDocument, Node

#: What a check yields: where, and what is wrong there.
Finding = tuple[Node, str]
Check = Callable[[IiifDocument], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """One thing that lint looks for."""

    code: str
    severity: Severity
    why: str
    check: Check


def error(code: str, why: str, check: Check) -> Rule:
    """Return a rule whose findings break the specification or a viewer."""
    return Rule(code, Severity.ERROR, why, check)


def warning(code: str, why: str, check: Check) -> Rule:
    """Return a rule whose findings some viewer or harvester will stumble over."""
    return Rule(code, Severity.WARNING, why, check)


def info(code: str, why: str, check: Check) -> Rule:
    """Return a rule whose findings are worth knowing and may be meant."""
    return Rule(code, Severity.INFO, why, check)
