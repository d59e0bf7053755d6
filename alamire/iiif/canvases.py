"""A canvas for every surface: its scans painted on it, or a placeholder where there is none.

Objects that are the same for many canvases (labels of page types, services of a scan) are made once,
and every part is given to iiif-prezi3 as an object of its class: it then has nothing to guess.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from iiif_prezi3 import Annotation, AnnotationBody, AnnotationPage, Canvas, Choice, ServiceV3
from iiif_prezi3.skeleton import KeyValueString, LngString, Resource

from alamire.iiif.addresses import Addresses
from alamire.iiif.facts import fact, surface_facts
from alamire.iiif.paging import canvas_behavior
from alamire.iiif.placeholder import PAGE, main_scan, placeholder_size, placeholder_sizes, size_of
from alamire.iiif.texts import Texts, phrase, plain
from alamire.images.static import kept_sizes
from alamire.source.card import Card
from alamire.source.description import Kind, PageType, Scan, Songbook, Surface
from alamire.source.identifiers import image_id
from alamire.source.register import register_of

#: The longer side of a thumbnail, in pixels.
THUMBNAIL = 300
JPEG = "image/jpeg"


@dataclass(frozen=True)
class Image:
    """An image service with the size of its image."""

    service: str
    width: int
    height: int
    static: bool = False

    @property
    def largest(self) -> tuple[int, int]:
        """Width and height of ``full/max``."""
        return kept_sizes(self.width, self.height)[0] if self.static else (self.width, self.height)

    @property
    def thumbnail(self) -> tuple[int, int]:
        """Width and height of a small picture that the service has."""
        if self.static:
            return kept_sizes(self.width, self.height)[-1]
        scale = min(1.0, THUMBNAIL / max(self.width, self.height))
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))


def build_canvases(songbook: Songbook, addresses: Addresses, *, paged: bool) -> list[Any]:
    """Return the canvases of a songbook in its order, as objects of iiif-prezi3."""
    sizes = placeholder_sizes(songbook.surfaces)
    return [
        _canvas(surface, size, addresses, paged=paged)
        for surface, size in zip(songbook.surfaces, sizes, strict=True)
    ]


def thumbnail_of(card: Card, addresses: Addresses) -> list[Any]:
    """Return a thumbnail for a whole book, by its face; none where it has no surfaces."""
    if card.face is None:
        return []
    # A book whose face has no scan has no scan at all, and so no neighbour that a placeholder is like.
    image = _images(card.face, placeholder_size([card.face], 0), addresses)[0][1]
    return [_thumbnail(image, _service(image))]


def _canvas(surface: Surface, size: tuple[int, int], addresses: Addresses, *, paged: bool) -> Any:
    address = addresses.canvas(surface.id)
    images = _images(surface, size, addresses)
    main = images[0][1]
    behavior = canvas_behavior(surface) if paged else ""
    services = [_service(image) for _, image in images]
    bodies = [
        _body(image, service, label if len(images) > 1 else None)
        for (label, image), service in zip(images, services, strict=True)
    ]
    painting = Annotation(
        id=f"{address}/painting",
        motivation="painting",
        body=Choice(items=bodies) if len(bodies) > 1 else Resource(bodies[0]),
        target=address,
    )
    facts: dict[str, Any] = {}
    if behavior:
        facts["behavior"] = [behavior]
    if not surface.scans:
        facts["summary"] = phrase(f"{_absence(surface)} note")
    return Canvas(
        id=address,
        label=LngString(plain(surface.label or surface.id)),
        width=main.width,
        height=main.height,
        thumbnail=[Resource(_thumbnail(main, services[0]))],
        metadata=_metadata(surface),
        items=[AnnotationPage(id=f"{address}/page", items=[painting])],
        **facts,
    )


def _images(surface: Surface, size: tuple[int, int], addresses: Addresses) -> list[tuple[Texts, Image]]:
    """Return what is painted on a surface, natural light first, each with its label."""
    if not surface.scans:
        return [({}, Image(addresses.placeholder(surface.id), *size, addresses.static))]
    found = [
        (scan, addresses.image(image_id(addresses.source, surface.id, scan.kind, nth)), nth)
        for scan, nth in surface.numbered_scans
    ]
    main = main_scan(surface)
    found.sort(key=lambda entry: entry[0] is not main)
    fallback = size_of(surface) or PAGE
    return [
        (
            _kind_label(scan.kind, nth),
            Image(service, *_served_size(surface, scan, fallback), addresses.static),
        )
        for scan, service, nth in found
    ]


def _served_size(surface: Surface, scan: Scan, fallback: tuple[int, int]) -> tuple[int, int]:
    if register := register_of(surface, scan):
        return register.size
    return (scan.width, scan.height) if scan.width > 0 and scan.height > 0 else fallback


def _kind_label(kind: Kind, nth: int) -> Texts:
    label = phrase(kind)
    return label if nth == 1 else {tag: [f"{words[0]} ({nth})"] for tag, words in label.items()}


def _service(image: Image) -> list[Any]:
    # Validated with the body that holds it: the addresses of both begin alike.
    profile = "level0" if image.static else "level2"
    return [ServiceV3.model_construct(id=image.service, type="ImageService3", profile=profile)]


def _body(image: Image, service: list[Any], label: Texts | None) -> Any:
    width, height = image.largest
    return AnnotationBody(
        id=f"{image.service}/full/max/0/default.jpg",
        type="Image",
        format=JPEG,
        width=width,
        height=height,
        service=service,
        **({"label": label} if label else {}),
    )


def _thumbnail(image: Image, service: list[Any]) -> Any:
    width, height = image.thumbnail
    # The address was validated as the body's; looking a second time costs a tenth of the whole manifest.
    return AnnotationBody.model_construct(
        id=f"{image.service}/full/{width},{height}/0/default.jpg",
        type="Image",
        format=JPEG,
        width=width,
        height=height,
        service=service,
    )


def _absence(surface: Surface) -> str:
    return "missing" if surface.page_type is PageType.MISSING else "unphotographed"


def _metadata(surface: Surface) -> list[Any]:
    if surface.note:
        return _entries(surface)
    return _shared_entries(surface.page_type, bool(surface.scans))


@functools.cache
def _shared_entries(page_type: PageType, photographed: bool) -> list[Any]:
    return _entries(Surface("s0001", 0, "", page_type, scans=(Scan(""),) if photographed else ()))


def _entries(surface: Surface) -> list[Any]:
    entries = surface_facts(surface)
    if not surface.scans:
        absence = _absence(surface)
        entries.append(fact(phrase(absence), phrase(f"{absence} note")))
    return [KeyValueString(**entry) for entry in entries]
