"""What schema validators let through in IIIF documents, and which viewer stumbles over it.

Every code is explained in ``docs/lint.md``.
"""

from __future__ import annotations

from typing import Any

from alamire.errors import Place, Problem
from alamire.iiif.lint import (
    addresses,
    dates,
    formats,
    forms,
    identity,
    links,
    painting,
    references,
    regions,
    services,
    structure,
)
from alamire.iiif.lint.document import IiifDocument, Node, type_of
from alamire.iiif.lint.names import RESOURCES
from alamire.iiif.lint.rule import Rule

#: Every rule, in the order of the documentation.
RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *forms.RULES,
    *identity.RULES,
    *references.RULES,
    *regions.RULES,
    *painting.RULES,
    *addresses.RULES,
    *services.RULES,
    *links.RULES,
    *formats.RULES,
    *dates.RULES,
)
#: What is said of documents that are not examined.
UNEXAMINED = {
    "presentation-2": "a document of Presentation 2, which is not examined",
    "unknown-document": "not a IIIF Presentation 3 document, so there is nothing to examine",
}
CODES: frozenset[str] = frozenset({rule.code for rule in RULES} | set(UNEXAMINED))


def lint(document: Any, name: str = "") -> list[Problem]:
    """Return what is wrong with a parsed IIIF document; ``name`` says in the problems which it is.

    Any JSON value may be given: what is no Presentation 3 document gets one remark and no error.
    """
    if code := _unexamined(document):
        return [Problem.remark(code, name, UNEXAMINED[code])]
    taken_apart = IiifDocument.of(document)
    return [
        Problem(rule.code, _place(name, node), rule.severity, message)
        for rule in RULES
        for node, message in rule.check(taken_apart)
    ]


def _place(name: str, node: Node) -> Place:
    return Place(name, detail=node.path if not node.id else f"{node.path} ({node.id})")


def _unexamined(document: Any) -> str:
    if not isinstance(document, dict):
        return "unknown-document"
    context, older = str(document.get("@context", "")), str(document.get("@type", ""))
    if "presentation/2" in context or (older.startswith("sc:") and structure.CONTEXT not in context):
        return "presentation-2"
    return "" if type_of(document) in RESOURCES else "unknown-document"
