"""Parse XML from strangers: no entities, no network, no document types, no unbounded trees."""

from __future__ import annotations

from typing import Any

from lxml import etree

from alamire.notation.voice import refuse

XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def parse_xml(data: bytes, name: str) -> Any:
    """Return the root element; Refused, with the line, where the XML is not well-formed."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        row = getattr(error, "lineno", None)
        raise refuse("not-well-formed", name, row, f"the XML is not well-formed: {error}") from error


def local(element: Any) -> str:
    """Return the name without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
