"""Parse XML from strangers: no entities, no network, no document types, no unbounded trees."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from alamire.errors import Place, Refused
from alamire.notation.voice import refuse_if_empty

#: What the parser says of the line, which the place of the problem says already.
_WHERE = re.compile(r",? line \d+, column \d+ \(<string>, line \d+\)$| \(<string>, line \d+\)$")
#: An element of a document. lxml has no public name for its type.
Element = etree._Element
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


class _NothingOutside(etree.Resolver):
    """Answers every reference to another document, such as a DTD on the network, with an empty one."""

    def resolve(self, system_url: str | None, public_id: str | None, context: object) -> Any:
        """Return an empty document: nothing outside of the file is ever read."""
        return self.resolve_string("", context)


def parse_xml(data: bytes, name: str, *, bare: bool = False) -> Element:
    """Return the root element; Refused, with the line, where the XML is not well-formed or empty.

    A ``bare`` tree has no comments, no processing instructions and no white space between elements: it is
    for formats that say nothing there.
    """
    refuse_if_empty(data, name)
    # Collecting ids would make one that is used twice an error; alamire tells of it and reads on.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
        remove_blank_text=bare,
        remove_comments=bare,
        remove_pis=bare,
    )
    parser.resolvers.add(_NothingOutside())
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        row = getattr(error, "lineno", None)
        what = _WHERE.sub("", str(error))
        message = f"the XML is not well-formed: {what}; export it, or copy it, again"
        raise Refused.because("not-well-formed", Place(name, row), message) from error


class _Names(dict[object, str]):
    """Tags to names without their namespace, each taken apart once; "" for those of comments and the like."""

    def __missing__(self, tag: object) -> str:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(self) < _MOST_NAMES:
            self[tag] = name
        return name


#: Formats have some hundreds of names; files of strangers may have any number.
_MOST_NAMES = 10_000
#: ``NAMES[element.tag]`` is what ``local`` returns, for loops over many elements.
NAMES = _Names()


def local(element: Element) -> str:
    """Return the name without its namespace; "" for comments and the like."""
    return NAMES[element.tag]


def gather(root: Element, groups: Mapping[str, Sequence[str]]) -> dict[str, list[Element]]:
    """Return for each group the elements of its names, in their order, from one pass over the tree."""
    found: dict[str, list[Element]] = {group: [] for group in groups}
    lists = {name: found[group] for group, names in groups.items() for name in names}
    for element in root.iter(*[f"{{*}}{name}" for name in lists]):
        lists[NAMES[element.tag]].append(element)
    return found


_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_ESCAPE = re.compile(r"_([0-9a-f]+)_")


def parent_of(element: Element) -> Element:
    """Return the element around another, which is not the root."""
    parent = element.getparent()
    assert parent is not None
    return parent


def as_xml_id(name: str) -> str:
    """Return an id that XML allows (an NCName) for any id; ``from_xml_id`` gives the first back."""
    if _NAME.fullmatch(name) and not _ESCAPE.search(name):
        return name
    plain = re.sub(r"[^A-Za-z0-9.-]", lambda match: f"_{ord(match[0]):x}_", name)
    return plain if _NAME.fullmatch(plain) else f"_{ord(plain[0]):x}_{plain[1:]}" if plain else "_"


def from_xml_id(name: str) -> str:
    """Return the id that ``as_xml_id`` was given."""
    return "" if name == "_" else _ESCAPE.sub(lambda match: chr(int(match[1], 16)), name)
