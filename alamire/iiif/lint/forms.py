"""Rules on how a document writes things: types, motivations and keys of Presentation 3, lists of objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from alamire.iiif.lint.document import IiifDocument, Node
from alamire.iiif.lint.names import RESOURCES, is_plain, meant_motivation, meant_type
from alamire.iiif.lint.rule import Finding, Rule, error

#: Where every object is a resource of IIIF or a content resource, which has an id and a type.
_RESOURCES = (
    "items", "annotations", "structures", "body", "target", "source", "selector", "thumbnail", "logo",
    "provider", "homepage", "rendering", "seeAlso", "partOf", "start", "placeholderCanvas",
    "accompanyingCanvas", "first", "last", "next", "prev",
)  # fmt: skip
#: What must be a list of objects, even of one.
_LISTS = (
    "service", "services", "thumbnail", "logo", "provider", "homepage", "rendering", "seeAlso", "partOf",
    "items", "annotations", "structures", "metadata",
)  # fmt: skip


def type_name(document: IiifDocument) -> Iterator[Finding]:
    """Types by another name than theirs."""
    for node in document.nodes:
        for value in (node.value, *node.services("service", "services")):
            if advice := _type_advice(value.get("type")):
                yield node, f"the type {value['type']!r} {advice}"


def motivation_name(document: IiifDocument) -> Iterator[Finding]:
    """Motivations by another name than theirs."""
    for node in document.of_type("Annotation"):
        for stated in node.list_of("motivation"):
            if isinstance(stated, str) and meant_motivation(stated) != stated:
                yield node, f"the motivation {stated!r} is written {meant_motivation(stated)!r}"


def missing_type(document: IiifDocument) -> Iterator[Finding]:
    """Resources that don't say what they are."""
    for node in document.nodes:
        if _is_resource(node) and not node.type:
            yield node, f"the {node.key or 'document'} {node.id}".rstrip() + " has no type"


def older_keys(document: IiifDocument) -> Iterator[Finding]:
    """Ids and types under the keys of Presentation 2."""
    for node in document.nodes:
        if not _is_resource(node):
            continue
        for key in ("id", "type"):
            if older := node.value.get(f"@{key}"):
                right = meant_type(older) if key == "type" else older
                yield node, f"{'@' + key!r} is written {key!r} in Presentation 3: {right!r}"


def list_of_objects(document: IiifDocument) -> Iterator[Finding]:
    """A single object, or an address, where a list of objects must be."""
    for node in document.nodes:
        for key in _LISTS:
            value = node.value.get(key)
            if value is None or (key == "items" and node.type not in (*RESOURCES, "Choice")):
                continue
            if fault := _list_fault(value):
                yield node, f"{key} {fault}"


def _list_fault(value: Any) -> str:
    if isinstance(value, list):
        loose = next((entry for entry in value if not isinstance(entry, Mapping)), None)
        return "" if loose is None else f"has {loose!r} in its list, and must have objects with id and type"
    what = "a single object" if isinstance(value, Mapping) else repr(value)
    return f"is {what}, and must be a list of objects, even for one"


def _type_advice(written: Any) -> str:
    if isinstance(written, list):
        return f"is a list, and must be one word, {meant_type(written)!r}"
    if not isinstance(written, str) or is_plain(written):
        return ""
    right = meant_type(written)
    return f"is written {right!r}" if right != written else "has a prefix, and Presentation 3 has none"


def _is_resource(node: Node) -> bool:
    """Say whether an object is in a place where IIIF says what may be: not within data of others."""
    return not node.parents or (node.key in _RESOURCES and node.parents[-1].type not in ("", "Feature"))


RULES: tuple[Rule, ...] = (
    error("type-name", "A viewer that looks for Image finds none, and shows nothing.", type_name),
    error("motivation-name", "What is not painting by its name is not painted.", motivation_name),
    error("missing-type", "A viewer cannot tell what it is, and leaves it out.", missing_type),
    error("older-keys", "A viewer of Presentation 3 reads id and type, and finds none.", older_keys),
    error("list-of-objects", "A viewer that goes through a list fails, or finds nothing.", list_of_objects),
)
