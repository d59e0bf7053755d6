"""Rules on services: whose they are, where they are, and what a viewer can judge them by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from alamire.iiif.lint.document import IiifDocument, id_of, type_of
from alamire.iiif.lint.rule import Finding, Rule, error, warning

LEVELS = ("level0", "level1", "level2")
#: The compliance levels of Image API 2, and those of Image API 1 in each form that was in use.
_PROFILES = {
    "ImageService2": re.compile(r"http://iiif\.io/api/image/2/level[012]\.json"),
    "ImageService1": re.compile(
        r"http://(?:library\.stanford\.edu/iiif/image-api/|iiif\.io/api/image/)1.*[#/]level[012].*"
    ),
}
_EXAMPLES = {
    "ImageService2": "http://iiif.io/api/image/2/level2.json",
    "ImageService1": "http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level2",
}
#: What may have pixels that an image service gives.
_PICTURES = ("Image", "Video", "")


def image_service(document: IiifDocument) -> Iterator[Finding]:
    """Services that a viewer cannot judge."""
    for node in document.nodes:
        for service in node.services("service", "services"):
            yield from ((node, message) for message in _faults(service))


def misplaced(document: IiifDocument) -> Iterator[Finding]:
    """Image services of what is no image."""
    for node in document.nodes:
        for service in node.services():
            if is_image_service(service) and node.type not in _PICTURES:
                where = "its body" if node.type == "Annotation" else "the image"
                yield node, f"the image service {id_of(service)} is on the {node.type}: put it on {where}"


def service_keys(document: IiifDocument) -> Iterator[Finding]:
    """Ids and types under the keys of another version."""
    for node in document.nodes:
        for service in node.services("service", "services"):
            for key in ("id", "type"):
                new, older = service.get(key), service.get(f"@{key}")
                if new and older and new != older:
                    yield node, f"the service {new} says {older!r} under {'@' + key!r}: write one of the two"
                elif older and not new and type_of(service) == "ImageService3":
                    yield node, f"an ImageService3 has {key!r}, not {'@' + key!r}: {older}"


def is_image_service(service: Mapping[str, Any]) -> bool:
    """Say whether a service gives images."""
    if type_of(service).startswith("ImageService") or service.get("profile") in LEVELS:
        return True
    return any("iiif.io/api/image/" in str(service.get(key)) for key in ("profile", "@context"))


def _faults(service: Mapping[str, Any]) -> Iterator[str]:
    kind, name, profile = type_of(service), id_of(service), service.get("profile")
    if not name:
        yield "a service has no id"
    if not kind:
        yield f"the service {name} has no type"
    if kind == "ImageService3" and profile not in LEVELS:
        yield f"the profile of {name} is {profile!r}; an ImageService3 has level0, level1 or level2"
    if kind in _PROFILES:
        # A service of version 2 may repeat its info.json, whose profile is a list that begins with the level.
        stated = profile[0] if isinstance(profile, list) and profile else profile
        if not stated:
            yield f"the image service {name} has no profile"
        elif not isinstance(stated, str) or not _PROFILES[kind].fullmatch(stated):
            yield f"the profile of {name} is {stated!r}; an {kind} has one such as {_EXAMPLES[kind]}"
    if kind and kind not in ("ImageService3", *_PROFILES) and is_image_service(service):
        yield f"the image service {name} has the type {kind!r}; it must be ImageService1, 2 or 3"


RULES: tuple[Rule, ...] = (
    error("service-profile", "Without type and profile a viewer takes the service for none.", image_service),
    warning("service-misplaced", "Viewers look for it on the image, so there is no zoom.", misplaced),
    warning("service-keys", "A viewer reads one of the two, and not each the same.", service_keys),
)
