"""Rules on pointing: ranges, starts, targets and partOf lead to something that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from alamire.iiif.lint.document import IiifDocument, Node, id_of, target_ids, type_of, without_fragment
from alamire.iiif.lint.names import meant_motivation
from alamire.iiif.lint.rule import Finding, Rule, error, warning


def range_target(document: IiifDocument) -> Iterator[Finding]:
    """Items of ranges that are not in the manifest."""
    if not document.is_manifest:
        return
    for node in document.definitions("Range"):
        for item in node.list_of("items"):
            for address in target_ids(item):
                found = document.defined.get(address) or document.defined.get(without_fragment(address))
                if found is None or found.type not in ("Canvas", "Range"):
                    yield node, f"the range points to {address}, which is no canvas or range of this manifest"


def range_cycle(document: IiifDocument) -> Iterator[Finding]:
    """Ranges that contain themselves."""
    children = {
        node.id: [address for item in node.list_of("items") for address in target_ids(item)]
        for node in document.definitions("Range")
    }
    for node in document.definitions("Range"):
        seen, waiting = set(), list(children.get(node.id, []))
        while waiting:
            address = waiting.pop()
            if address == node.id:
                yield node, "the range contains itself"
                break
            if address in children and address not in seen:
                seen.add(address)
                waiting += children[address]


def start(document: IiifDocument) -> Iterator[Finding]:
    """A start that is no canvas of the manifest."""
    if not document.is_manifest:
        return
    for node in document.of_type("Manifest", "Range"):
        for address in target_ids(node.value.get("start", [])):
            found = document.defined.get(without_fragment(address))
            if found is None or found.type != "Canvas":
                yield node, f"start is {address}, which is no canvas of this manifest"


def annotation_target(document: IiifDocument) -> Iterator[Finding]:
    """Annotations on what is not in the manifest."""
    if not document.is_manifest:
        return
    for node in document.definitions("Annotation"):
        if is_painting(node):
            continue
        for address in target_ids(node.value.get("target", [])):
            found = document.defined.get(address) or document.defined.get(without_fragment(address))
            if found is None and without_fragment(address) not in document.addresses:
                yield node, f"the annotation is on {address}, which is not in this manifest"
            elif found is not None and found.type == "AnnotationPage":
                yield node, f"the annotation is on the annotation page {address}, which is not shown"


def target_missing(document: IiifDocument) -> Iterator[Finding]:
    """Annotations on nothing."""
    for node in document.of_type("Annotation"):
        if not target_ids(node.value.get("target", [])) and ("body" in node.value or "target" in node.value):
            yield node, "the annotation has no target"


def painting_elsewhere(document: IiifDocument) -> Iterator[Finding]:
    """What is painted must target the canvas that it is in."""
    for node in document.definitions("Annotation"):
        canvas = node.within("Canvas")
        if canvas is None or not is_painting(node) or not canvas.id:
            continue
        for address in target_ids(node.value.get("target", [])):
            if without_fragment(address) != without_fragment(canvas.id):
                yield node, f"the image is in canvas {canvas.id} and is painted on {address}"


def part_of(document: IiifDocument) -> Iterator[Finding]:
    """A part of this manifest that says it is part of another."""
    manifest = document.root
    if not document.is_manifest or not manifest.id:
        return
    for node in document.definitions("Canvas", "Range"):
        claims = [entry for entry in node.list_of("partOf") if isinstance(entry, Mapping)]
        owners = [id_of(entry) for entry in claims if type_of(entry) == "Manifest"]
        if owners and manifest.id not in owners:
            yield node, f"partOf names {owners[0]}, and this manifest is {manifest.id}"


def is_painting(node: Node) -> bool:
    """Say whether an annotation's motivation is painting."""
    return "painting" in map(meant_motivation, node.list_of("motivation"))


RULES: tuple[Rule, ...] = (
    error(
        "range-target", "Choosing the entry in the table of contents does nothing, or fails.", range_target
    ),
    error("range-cycle", "A viewer that draws the table of contents never ends.", range_cycle),
    error("start-target", "The viewer opens the first canvas, or nothing.", start),
    error("annotation-target", "The annotation is never shown.", annotation_target),
    error("target-missing", "An annotation must say what it is about.", target_missing),
    error("painting-elsewhere", "Viewers disagree on where the image appears.", painting_elsewhere),
    warning("part-of-mismatch", "A canvas opened by its partOf lands in another manifest.", part_of),
)
