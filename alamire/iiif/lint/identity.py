"""Rules on ids: present, unique, stable, and addresses that a viewer can fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alamire.iiif.lint.document import IiifDocument, Node, id_of
from alamire.iiif.lint.names import CONTENT, RESOURCES
from alamire.iiif.lint.rule import Finding, Rule, error, warning

_INVENTED = re.compile(r"https?://example\.org/iiif/\d+(?:/.*)?")
#: Where an object is a file, a page or an agent, which is nothing without its address.
_LINKED = ("thumbnail", "logo", "rendering", "homepage", "seeAlso", "provider")
_SHOWN = ("body", "items", "source")
_LOCAL = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)")


def missing_id(document: IiifDocument) -> Iterator[Finding]:
    """A resource that is defined without an id."""
    for node in document.of_type(*RESOURCES):
        if not node.id:
            yield node, f"the {node.type} has no id"
    for node in document.nodes:
        shown = node.type in CONTENT and node.key in _SHOWN and "value" not in node.value
        if not node.id and node.parents and (shown or (node.key in _LINKED and node.type not in RESOURCES)):
            yield node, f"the {node.key} has no id, so there is nothing to fetch"


def duplicate_id(document: IiifDocument) -> Iterator[Finding]:
    """Two definitions with one id."""
    for node in document.definitions(*RESOURCES):
        first = document.defined.get(node.id)
        if node.id and first is not None and first is not node:
            yield node, f"{node} has the id of the {first.type} at {first.path}"


def not_an_address(document: IiifDocument) -> Iterator[Finding]:
    """An id that is no web address."""
    for node in document.definitions(*RESOURCES):
        if node.id and not re.match(r"https?://[^\s/]", node.id):
            yield node, f"the id {node.id!r} is not an http or https address"


def canvas_fragment(document: IiifDocument) -> Iterator[Finding]:
    """A canvas whose id has a fragment."""
    for node in document.definitions("Canvas"):
        if "#" in node.id:
            yield node, f"the id {node.id} has a fragment, so a part of the canvas cannot be addressed"


def invented_id(document: IiifDocument) -> Iterator[Finding]:
    """An id that a library made up."""
    for node in document.nodes:
        if _INVENTED.fullmatch(node.id):
            yield node, f"the id {node.id} was made up by a library that was given none"


def mixed_content(document: IiifDocument) -> Iterator[Finding]:
    """A page on https may not fetch these."""
    if not document.root.id.startswith("https://"):
        return
    for node in document.nodes:
        fetched = [node.id] if _is_fetched(node) else []
        fetched += map(id_of, node.services("service", "services"))
        for address in fetched:
            if address.startswith("http://") and not _LOCAL.match(address):
                yield node, f"{address} is http in a document that is https"


def _is_fetched(node: Node) -> bool:
    """Say whether a viewer reads what this object names, to show it or to list it."""
    if node.type in ("Image", "Sound", "Video"):
        return True
    listed = node.key in ("items", "annotations") and not node.is_definition
    return listed and node.type in ("Manifest", "Collection", "AnnotationPage")


RULES: tuple[Rule, ...] = (
    error("missing-id", "Annotations, ranges and links can only point to what has an id.", missing_id),
    error("duplicate-id", "A viewer keeps one of the two and shows it in both places.", duplicate_id),
    error("id-not-web", "Ids must be http or https addresses; viewers resolve them.", not_an_address),
    error(
        "canvas-fragment", "Targets add #xywh= to a canvas id; a second fragment is lost.", canvas_fragment
    ),
    error(
        "invented-id", "A made-up id changes with each export, and annotations lose their page.", invented_id
    ),
    warning(
        "mixed-content", "Browsers block http images and info.json in a page that is https.", mixed_content
    ),
)
