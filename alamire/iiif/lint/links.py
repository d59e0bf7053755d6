"""Rules on languages, rights and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import langcodes

from alamire.iiif.lint.document import IiifDocument
from alamire.iiif.lint.rule import Finding, Rule, error, info, warning

_LANGUAGE_MAPS = ("label", "summary")
_RIGHTS = re.compile(
    r"http://(?:creativecommons\.org/(?:licenses|publicdomain)|rightsstatements\.org/vocab)/.+", re.ASCII
)


def language_tag(document: IiifDocument) -> Iterator[Finding]:
    """Tags that are not BCP 47."""
    for node in document.nodes:
        tags = [tag for language_map in _maps(node.value) for tag in language_map]
        tags += [tag for tag in node.list_of("language") if isinstance(tag, str)]
        for tag in dict.fromkeys(tags):
            if not is_language(tag):
                yield node, f"{tag!r} is no BCP 47 language tag{_advice(tag)}"


def link_label(document: IiifDocument) -> Iterator[Finding]:
    """Links that readers see as an address."""
    for node in document.nodes:
        if node.key in ("homepage", "rendering", "provider") and not node.value.get("label"):
            yield node, f"the {node.key} {node.id} has no label"


def rights(document: IiifDocument) -> Iterator[Finding]:
    """Rights of no vocabulary that IIIF names."""
    for node in document.nodes:
        stated = node.value.get("rights")
        if isinstance(stated, str) and not _RIGHTS.fullmatch(stated):
            yield node, f"rights {stated} is not an http URI of Creative Commons or RightsStatements.org"


def is_language(tag: str) -> bool:
    """Say whether a tag is a BCP 47 tag, or the ``none`` of IIIF."""
    return tag == "none" or ("_" not in tag and bool(langcodes.tag_is_valid(tag)))


def _advice(tag: str) -> str:
    if tag == "@none":
        return "; Presentation 3 writes none"
    if "_" in tag and is_language(tag.replace("_", "-")):
        return f"; write {tag.replace('_', '-')}"
    return ""


def _maps(resource: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the language maps that a resource holds, those of its metadata entries too."""
    holders = [resource.get(key) for key in _LANGUAGE_MAPS]
    # Metadata and required statements are nodes of their own; their values are language maps.
    if "type" not in resource and "label" in resource:
        holders.append(resource.get("value"))
    for holder in holders:
        if isinstance(holder, Mapping):
            yield holder


RULES: tuple[Rule, ...] = (
    error("language-tag", "A viewer never shows a text in a language that it cannot match.", language_tag),
    warning("link-label", "Readers see an address, or an empty link.", link_label),
    info("rights-uri", "Portals sort by these URIs, letter by letter; others count as unknown.", rights),
)
