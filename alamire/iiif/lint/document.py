"""A IIIF document taken apart once, so that each rule can be one short function."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from alamire.iiif.lint.names import RESOURCES, meant_type

#: Where resources may be; other members (services, geography) have types of their own.
OPAQUE = ("service", "services", "navPlace", "features", "geometry", "properties", "stylesheet")


@dataclass(frozen=True)
class Node:
    """A JSON object of the document: what it says, where it is, and the nodes that hold it."""

    value: Mapping[str, Any]
    path: str
    key: str
    parents: tuple[Node, ...] = ()

    @cached_property
    def type(self) -> str:
        """What the object is, however it says so."""
        return type_of(self.value)

    @cached_property
    def id(self) -> str:
        """The object's id, or nothing."""
        return id_of(self.value)

    @property
    def is_definition(self) -> bool:
        """Whether a resource is defined here and not only referred to."""
        if self.type == "Annotation":
            return "target" in self.value or "body" in self.value
        return self.type in RESOURCES and ("items" in self.value or not self.parents)

    def within(self, kind: str) -> Node | None:
        """Return the nearest object of a type that holds this one."""
        return next((parent for parent in reversed(self.parents) if parent.type == kind), None)

    def list_of(self, key: str) -> list[Any]:
        """Return the list under a key; a single value counts as a list of one."""
        found = self.value.get(key, [])
        return found if isinstance(found, list) else [found]

    def services(self, *keys: str) -> list[Mapping[str, Any]]:
        """Return the services of this object (under ``service``, if no other key is named)."""
        return [s for key in keys or ("service",) for s in self.list_of(key) if isinstance(s, Mapping)]

    def __str__(self) -> str:
        return f"{self.type or 'object'} {self.id}".strip()


@dataclass(frozen=True)
class IiifDocument:
    """All nodes of a document in reading order, the definitions by id, and every id and service."""

    root: Node
    nodes: tuple[Node, ...]
    defined: dict[str, Node] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> IiifDocument:
        """Take a JSON object apart."""
        root = Node(document, "$", "")
        nodes = tuple(_walk(root))
        defined: dict[str, Node] = {}
        for node in nodes:
            if node.is_definition and node.id:
                defined.setdefault(node.id, node)
        return cls(root, nodes, defined, frozenset(_addresses(nodes)))

    def of_type(self, *kinds: str) -> Iterator[Node]:
        """Yield the nodes of these types."""
        return (node for node in self.nodes if node.type in kinds)

    def definitions(self, *kinds: str) -> Iterator[Node]:
        """Yield the resources of these types that are defined here."""
        return (node for node in self.of_type(*kinds) if node.is_definition)

    @property
    def is_manifest(self) -> bool:
        """Whether everything a manifest's ranges and annotations point to should be here."""
        return self.root.type == "Manifest"


def _addresses(nodes: tuple[Node, ...]) -> Iterator[str]:
    """Yield the ids of everything that an annotation may be on: images and their services too."""
    for node in nodes:
        if node.type not in ("Annotation", "AnnotationPage") or node.is_definition:
            yield node.id
        yield from map(id_of, node.services())


def _walk(node: Node) -> Iterator[Node]:
    yield node
    parents = (*node.parents, node)
    for key, value in node.value.items():
        if key in OPAQUE or key == "@context":
            continue
        if isinstance(value, Mapping):
            yield from _walk(Node(value, f"{node.path}.{key}", key, parents))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping):
                    yield from _walk(Node(item, f"{node.path}.{key}[{index}]", key, parents))


def target_ids(value: Any) -> list[str]:
    """Return the ids that a target, a start or an item of a range points to, fragments included."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [found for entry in value for found in target_ids(entry)]
    if isinstance(value, Mapping):
        if "source" in value:
            return target_ids(value["source"])
        return [found] if (found := id_of(value)) else []
    return []


def id_of(value: Mapping[str, Any]) -> str:
    """Return the id of a JSON object, or its ``@id`` as in Presentation 2; nothing where it has neither."""
    found = value.get("id") or value.get("@id")
    return found if isinstance(found, str) else ""


def type_of(value: Mapping[str, Any]) -> str:
    """Return the type that a JSON object means, without a prefix; nothing where it has none."""
    return meant_type(value.get("type") or value.get("@type"))


def without_fragment(address: str) -> str:
    """Return an address without what follows its ``#``."""
    return address.partition("#")[0]


def path_of(address: str) -> str:
    """Return the path of a web address; nothing where a query or a fragment follows it."""
    match = re.fullmatch(r"https?://[^/?#]*(?P<path>/[^?#]*)", address)
    return match["path"] if match else ""
