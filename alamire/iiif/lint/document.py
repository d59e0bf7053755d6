"""A IIIF document taken apart once, so that each rule can be one short function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

#: Where resources may be; other members (services, geography) have types of their own.
OPAQUE = ("service", "services", "navPlace", "features", "geometry", "properties", "stylesheet")
RESOURCES = (
    "Manifest",
    "Collection",
    "Canvas",
    "Range",
    "AnnotationPage",
    "AnnotationCollection",
    "Annotation",
)


@dataclass(frozen=True)
class Node:
    """A JSON object of the document: what it says, where it is, and the nodes that hold it."""

    value: Mapping[str, Any]
    path: str
    key: str
    parents: tuple[Node, ...] = ()

    @property
    def type(self) -> str:
        """What the object says it is."""
        found = self.value.get("type", "")
        return found if isinstance(found, str) else ""

    @property
    def id(self) -> str:
        """The object's id, or nothing."""
        found = self.value.get("id", "")
        return found if isinstance(found, str) else ""

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

    def __str__(self) -> str:
        return f"{self.type or 'object'} {self.id}".strip()


@dataclass(frozen=True)
class Document:
    """All nodes of a document in reading order, the definitions by id, and every id and service."""

    root: Node
    nodes: tuple[Node, ...]
    defined: dict[str, Node] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Document:
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
        for service in node.list_of("service"):
            if isinstance(service, Mapping):
                yield str(service.get("id") or service.get("@id") or "")


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
        return target_ids(value.get("id", []))
    return []


def without_fragment(address: str) -> str:
    """Return an address without what follows its ``#``."""
    return address.partition("#")[0]
