"""Rules on the addresses of images and of their services: what a viewer gets that fetches them.

The base address of an image service gives no image, its ``info.json`` is a description, and an image is had
by a request of region, size, rotation, quality and format (Image API 3.0, sections 2 to 4; 2.1 likewise).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from alamire.iiif.lint.document import IiifDocument, Node, id_of, path_of, type_of
from alamire.iiif.lint.names import RESOURCES
from alamire.iiif.lint.references import is_painting
from alamire.iiif.lint.rule import Finding, Rule, error, warning
from alamire.iiif.lint.services import is_image_service

_INFO = re.compile(r"[^?#]*/info\.json/?(?:[?#].*)?")
#: Where an address is that a person or a viewer opens to see something, an image or not.
_OPENED = ("body", "rendering", "homepage")
#: Where every object is an image, and where an object of the type Image is one.
_PICTURES = ("thumbnail", "logo")
_PLACES = ("body", "items", "source", "rendering")
_REGION = r"(?:full|square|\d+,\d+,\d+,\d+|pct:[\d.]+,[\d.]+,[\d.]+,[\d.]+)"
_SIZES = r"max|\d+,|,\d+|pct:[\d.]+|!?\d+,\d+"
#: By version: what a request for an image is, after the address of the service.
_REQUEST = {
    kind: re.compile(rf"{_REGION}/(?:{sizes})/!?[\d.]+/{quality}\.\w+")
    for kind, sizes, quality in (
        ("ImageService1", rf"full|{_SIZES}", "(?:native|color|gr[ea]y|bitonal)"),
        ("ImageService2", rf"full|{_SIZES}", r"(?!native)[a-z]\w*"),
        ("ImageService3", rf"\^?(?:{_SIZES})", r"(?!native)[a-z]\w*"),
    )
}
_BEGINS = re.compile(rf"{_REGION}(?:/|$)")
#: An address that has the look of an image service: its version, or iiif/image, and an identifier.
_VERSIONED = re.compile(r".*/(?:iiif|images?|iiif-images?)/(?:\w+/)?v?[23]/[^/]+/?")
_PLAIN = re.compile(r".*/iiif/(?:(?:image|images|img)/)?[^/]+/?")
#: What a file or a program is called, and no identifier of an image.
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|tiff?|jp2|svg|avif|bmp|pdf|php|aspx?|json|html?)/?$", re.I)


def info_json(document: IiifDocument) -> Iterator[Finding]:
    """Descriptions of images where images or services should be."""
    images = [(node, address) for node, address, _ in _images(document)]
    images += [(node, node.id) for node in document.nodes if node.key in _OPENED and node.type != "Image"]
    for node, address in images:
        if _INFO.fullmatch(address):
            yield node, f"{address} describes an image and is none: name a request for the image itself"
    for node, service in _services(document):
        if _INFO.fullmatch(name := id_of(service)):
            yield node, f"the id of an image service is its base, without /info.json: {name}"


def image_address(document: IiifDocument) -> Iterator[Finding]:
    """Images whose address is that of a service, or of another resource."""
    services = _bases(document)
    for node, address, _ in _images(document):
        resource = document.defined.get(address)
        if _INFO.fullmatch(address):
            continue
        if _bare(address) in services:
            yield node, f"{address} is an image service: name a request such as …/full/max/0/default.jpg"
        elif resource is not None and resource.type != "Annotation":
            yield node, f"{address} is the id of the {resource.type} at {resource.path}, and no image"
        elif node.key in _PICTURES and (node.type in RESOURCES or is_image_service(node.value)):
            yield node, f"the {node.key} is of the type {node.type}, and must be an image: {address}"


def image_like_service(document: IiifDocument) -> Iterator[Finding]:
    """Images without a service whose address looks like that of one."""
    services = _bases(document)
    folders = {name.rpartition("/")[0] for name in services}
    for node, address, served in _images(document):
        known = _bare(address) in services or address in document.defined or _INFO.fullmatch(address)
        if not served and not known and _looks_like_service(address, folders):
            yield node, f"{address} looks like an image service, which gives no image by itself"


def image_request(document: IiifDocument) -> Iterator[Finding]:
    """Requests that the image's own service does not answer."""
    for node in document.of_type("Image"):
        for service in node.services():
            kind, base = type_of(service), _bare(id_of(service))
            address = _bare(node.id)
            if kind not in _REQUEST or not base or not address.startswith(f"{base}/"):
                continue
            asked = address.removeprefix(f"{base}/").lstrip("/")
            is_request = asked.count("/") == 3 or _BEGINS.match(asked)
            if is_request and not _REQUEST[kind].fullmatch(asked):
                yield node, f"{asked!r} is no request of an {kind}{_advice(kind, asked)}"


def service_address(document: IiifDocument) -> Iterator[Finding]:
    """Image services whose id is no base that requests can be put after."""
    for node, service in _services(document):
        name = id_of(service)
        if not name or _INFO.fullmatch(name):
            continue
        if _ends_in_request(name):
            yield node, f"the id of an image service is its base, and {name} is a request for an image"
        elif "#" in name or "?" in name:
            yield node, f"nothing can be put after {name}: the id of an image service has no ? and no #"
        elif not re.match(r"https?://[^\s/]", name):
            yield node, f"the id of an image service is an http or https address, and {name!r} is none"


def service_slash(document: IiifDocument) -> Iterator[Finding]:
    """Image services whose id ends with a slash."""
    for node, service in _services(document):
        if id_of(service).endswith("/") and not _INFO.fullmatch(id_of(service)):
            yield node, f"the id of an image service has no slash at its end: {id_of(service)}"


def _images(document: IiifDocument) -> Iterator[tuple[Node, str, bool]]:
    """Yield where an image is named that a viewer fetches, its address, and whether it has a service."""
    for node in document.nodes:
        if any(each.key == "target" for each in (node, *node.parents)):
            continue
        if node.id and (node.key in _PICTURES or (node.type == "Image" and node.key in _PLACES)):
            yield node, node.id, bool(node.list_of("service"))
        for key in (*_PICTURES, *_named(node)):
            for entry in node.list_of(key):
                if isinstance(entry, str):
                    yield node, entry, False


def _named(node: Node) -> tuple[str, ...]:
    """Return the keys under which an object may name an image by its mere address."""
    if node.type == "Annotation" and is_painting(node):
        return ("body",)
    return ("source",) if node.type == "SpecificResource" and node.key in ("body", "items") else ()


def _services(document: IiifDocument) -> Iterator[tuple[Node, Mapping[str, Any]]]:
    for node in document.nodes:
        for service in node.services("service", "services"):
            if is_image_service(service):
                yield node, service


def _bases(document: IiifDocument) -> frozenset[str]:
    """Return the base of every image service of the document, whatever its scheme."""
    names = (re.sub(r"/info\.json/?$", "", id_of(service)) for _, service in _services(document))
    return frozenset(_bare(name) for name in names if name and not _ends_in_request(name))


def _ends_in_request(address: str) -> bool:
    return any(re.search(rf"/{request.pattern}$", address) for request in _REQUEST.values())


def _bare(address: str) -> str:
    """Return an address so that two that differ in scheme or in a last slash are the same."""
    return re.sub(r"^https?://", "//", address).rstrip("/")


def _looks_like_service(address: str, folders: set[str]) -> bool:
    path = path_of(address)
    if not path:
        return False
    if _VERSIONED.fullmatch(path):
        return True
    beside = _bare(address).rpartition("/")[0] in folders
    return not _FILE.search(path) and (beside or bool(_PLAIN.fullmatch(path)))


def _advice(kind: str, asked: str) -> str:
    parts = asked.split("/")
    if kind == "ImageService3" and len(parts) == 4 and parts[1] == "full":
        return "; the size is max in version 3"
    return "; a request is region/size/rotation/quality.format, such as full/max/0/default.jpg"


RULES: tuple[Rule, ...] = (
    error("info-json", "A viewer gets a description where it needs an image or a base.", info_json),
    error("image-address", "A viewer that fetches it gets no image.", image_address),
    warning("image-like-service", "A viewer that fetches it gets no image.", image_like_service),
    error("image-request", "The server refuses what it does not know.", image_request),
    error("service-address", "Requests put after it lead nowhere.", service_address),
    warning("service-slash", "Requests put after it have two slashes; some servers refuse.", service_slash),
)
