"""Rules on the document as a whole: context, labels, behaviours, properties that do not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from alamire.iiif.lint.document import IiifDocument
from alamire.iiif.lint.rule import Finding, Rule, error, info, warning

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
#: Contexts that also explain annotations: those of the Web Annotation model and of Content Search.
_ANNOTATIONS = ("http://www.w3.org/ns/anno.jsonld", "http://iiif.io/api/search/2/context.json")

_CONFLICTS = (
    {"unordered", "individuals", "continuous", "paged"},
    {"auto-advance", "no-auto-advance"},
    {"repeat", "no-repeat"},
    {"facing-pages", "non-paged"},
    {"multi-part", "together"},
    {"sequence", "thumbnail-nav", "no-nav"},
)
_LISTS = {"Collection", "Manifest", "Range"}
_WHERE: dict[str, set[str]] = {
    "auto-advance": {*_LISTS, "Canvas"},
    "no-auto-advance": {*_LISTS, "Canvas"},
    "repeat": {"Collection", "Manifest"},
    "no-repeat": {"Collection", "Manifest"},
    "unordered": _LISTS,
    "individuals": _LISTS,
    "continuous": _LISTS,
    "paged": _LISTS,
    "facing-pages": {"Canvas"},
    "non-paged": {"Canvas"},
    "multi-part": {"Collection"},
    "together": {"Collection"},
    "sequence": {"Range"},
    "thumbnail-nav": {"Range"},
    "no-nav": {"Range"},
    "hidden": {"AnnotationCollection", "AnnotationPage", "Annotation", "SpecificResource", "Choice"},
}
_DESCRIPTIVE = {
    "id", "type", "label", "metadata", "summary", "requiredStatement", "rights", "provider", "thumbnail",
    "navDate", "placeholderCanvas", "accompanyingCanvas", "behavior", "seeAlso", "service", "homepage",
    "rendering", "partOf", "items", "annotations",
}  # fmt: skip
_PROPERTIES: dict[str, set[str]] = {
    "Manifest": _DESCRIPTIVE | {"viewingDirection", "services", "start", "structures"},
    "Collection": _DESCRIPTIVE | {"viewingDirection", "services"},
    "Canvas": _DESCRIPTIVE | {"height", "width", "duration"},
    "Range": _DESCRIPTIVE | {"viewingDirection", "start", "supplementary"},
}


def context(document: IiifDocument) -> Iterator[Finding]:
    """The context comes first in the document and last in the list."""
    stated = document.root.value.get("@context")
    listed = stated if isinstance(stated, list) else [stated]
    if document.root.type.startswith("Annotation") and set(_ANNOTATIONS) & {str(entry) for entry in listed}:
        return
    if CONTEXT not in listed:
        yield document.root, f"@context is {stated!r} and must be, or end with, {CONTEXT}"
    elif listed[-1] != CONTEXT:
        yield document.root, f"the last @context must be {CONTEXT}"


def missing_label(document: IiifDocument) -> Iterator[Finding]:
    """Manifests, collections and entries of a table without a name."""
    for node in document.nodes:
        entry = node.key == "items" and bool(node.parents) and node.parents[-1].type == "Collection"
        named = node.type == "Collection" or (node.type == "Manifest" and (entry or not node.parents))
        if named and node.key != "partOf" and not node.value.get("label"):
            yield node, f"the {node.type} has no label"
        unlisted = {"no-nav", "sequence"} & {str(entry) for entry in node.list_of("behavior")}
        if node.type == "Range" and node.is_definition and not unlisted and not node.value.get("label"):
            yield node, "the range has no label, so the table of contents has a blank entry"


def canvas_label(document: IiifDocument) -> Iterator[Finding]:
    """Canvases without a name, where there are several to tell apart."""
    for node in document.definitions("Canvas"):
        several = bool(node.parents) and len(node.parents[-1].list_of("items")) > 1
        if several and not node.value.get("label") and node.key == "items":
            yield node, "the canvas has no label; viewers count instead"


def empty(document: IiifDocument) -> Iterator[Finding]:
    """Lists that must not be empty."""
    for node in document.definitions("Manifest", "Range"):
        if not node.value.get("items"):
            yield node, f"the {node.type} has no items"


def behavior_conflict(document: IiifDocument) -> Iterator[Finding]:
    """Behaviours that exclude each other."""
    for node in document.nodes:
        stated = {entry for entry in node.list_of("behavior") if isinstance(entry, str)}
        for group in _CONFLICTS:
            if len(both := sorted(stated & group)) > 1:
                yield node, f"{' and '.join(both)} exclude each other"


def behavior_unknown(document: IiifDocument) -> Iterator[Finding]:
    """Behaviours that nobody knows."""
    for node in document.nodes:
        for stated in map(str, node.list_of("behavior")):
            if stated not in _WHERE:
                yield node, f"behavior {stated!r} is not one of Presentation 3{_meant(stated, _WHERE)}"


def behavior_misplaced(document: IiifDocument) -> Iterator[Finding]:
    """Behaviours that mean nothing where they stand."""
    for node in document.nodes:
        for stated in map(str, node.list_of("behavior")):
            if stated in _WHERE and node.type and node.type not in _WHERE[stated]:
                yield node, f"behavior {stated} has no meaning on a {node.type}"


def unknown_property(document: IiifDocument) -> Iterator[Finding]:
    """Properties of no specification, where no other context explains them."""
    if isinstance(document.root.value.get("@context"), list):
        return
    for node in document.of_type(*_PROPERTIES):
        known = _PROPERTIES[node.type]
        for key in node.value:
            if key not in known and key not in ("@context", "@id", "@type"):
                yield node, f"{key!r} is no property of a {node.type}{_meant(key, known)}"


def _meant(word: str, known: dict[str, set[str]] | set[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; is {close[0]!r} meant?" if close else ""


RULES: tuple[Rule, ...] = (
    error("context", "Readers of JSON-LD and some viewers tell the version by it.", context),
    error("missing-label", "Lists and tables of contents show a blank.", missing_label),
    info("canvas-label", "Readers cannot cite the page.", canvas_label),
    error("empty-items", "A manifest without canvases or a range without items shows nothing.", empty),
    error("behavior-conflict", "Each viewer picks another of the two.", behavior_conflict),
    warning("behavior-unknown", "Viewers ignore it in silence.", behavior_unknown),
    warning("behavior-misplaced", "Viewers ignore it in silence.", behavior_misplaced),
    warning("unknown-property", "A misspelt property is dropped in silence.", unknown_property),
)
