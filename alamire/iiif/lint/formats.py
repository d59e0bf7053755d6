"""Rules on formats: media types that are registered, and that agree with type and address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alamire.iiif.lint.document import IiifDocument, Node, path_of
from alamire.iiif.lint.names import CONTENT
from alamire.iiif.lint.rule import Finding, Rule, error, warning

_LINKS = ("homepage", "rendering", "seeAlso")
_SHOWN = ("body", "items", "thumbnail", "logo", "source")
_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*(?:\s*;.*)?")
#: What people write, by what is registered (IANA's media types, November 2026).
_RIGHT: dict[str, tuple[str, ...]] = {
    "image/jpeg": ("image/jpg", "image/jpe", "image/pjpeg", "image/pjpg", "image/x-jpeg", "image/x-jpg",
                   "image/jfif", "application/jpeg", "application/jpg"),
    "image/tiff": ("image/tif", "image/x-tif", "image/x-tiff", "application/tif", "application/tiff"),
    "image/png": ("image/x-png", "application/png"),
    "image/gif": ("image/x-gif",),
    "image/jp2": ("image/jpeg2000", "image/jpeg-2000", "image/jpg2", "image/jpg2000", "image/jpeg2",
                  "image/x-jp2", "image/jp2k", "image/jpeg2000-image", "image/x-jpeg2000-image"),
    "image/svg+xml": ("image/svg", "image/svg-xml", "image/xml+svg", "text/svg", "application/svg+xml"),
    "image/webp": ("image/x-webp",),
    "application/pdf": ("image/pdf", "text/pdf", "application/x-pdf", "application/acrobat"),
    "audio/mpeg": ("audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg", "audio/mpg", "audio/x-mpeg-3",
                   "application/mp3"),
    "audio/mp4": ("audio/m4a", "audio/x-m4a", "audio/mpeg4"),
    "audio/midi": ("audio/mid", "audio/x-midi", "application/midi", "audio/x-mid"),
    "video/mp4": ("video/m4v", "video/x-m4v", "video/mpeg4", "video/mpeg-4", "video/x-mp4"),
    "video/quicktime": ("video/mov", "video/qt", "video/x-mov", "video/x-quicktime"),
    "video/webm": ("video/x-webm",),
    "text/html": ("text/htm", "application/html", "html/text", "text/web"),
    "application/xhtml+xml": ("text/xhtml", "application/xhtml", "text/xhtml+xml"),
    "text/plain": ("text/txt", "text/text", "application/txt", "application/text", "text/ascii"),
    "text/vtt": ("text/webvtt", "application/vtt", "application/webvtt"),
    "text/csv": ("application/csv", "text/x-csv"),
    "text/markdown": ("text/md", "text/x-markdown"),
    "application/json": ("text/json", "application/x-json", "text/x-json"),
    "application/ld+json": ("application/jsonld", "application/json-ld", "application/json+ld",
                            "text/ld+json", "text/jsonld", "application/ld-json"),
    "application/xml": ("application/x-xml", "text/x-xml"),
    "application/rdf+xml": ("application/rdf", "text/rdf", "text/rdf+xml"),
    "application/tei+xml": ("application/tei", "text/tei", "application/xml+tei"),
    "application/mei+xml": ("application/mei", "text/mei"),
    "application/epub+zip": ("application/epub", "application/x-epub", "application/epub+xml"),
}  # fmt: skip
_MEANT = {wrong: right for right, written in _RIGHT.items() for wrong in written}
#: The image types that are registered, those in vnd. and prs. trees apart.
_IMAGES = frozenset({
    "aces", "apng", "avci", "avcs", "avif", "bmp", "cgm", "dicom-rle", "dpx", "emf", "fits", "g3fax", "gif",
    "heic", "heic-sequence", "heif", "heif-sequence", "hej2k", "hsj2", "ief", "j2c", "jaii", "jais", "jls",
    "jp2", "jpeg", "jph", "jphc", "jpm", "jpx", "jxl", "jxr", "jxra", "jxrs", "jxs", "jxsc", "jxsi", "jxss",
    "ktx", "ktx2", "naplps", "png", "pwg-raster", "svg+xml", "t38", "tiff", "tiff-fx", "webp", "wmf",
})  # fmt: skip
#: XML and JSON of a kind are application/KIND+xml, whatever else is written.
_TURNED = re.compile(r"(?:text|application)/(?P<suffix>xml|json)\+(?P<kind>[\w.-]+)")
_TEXT_XML = re.compile(r"text/(?P<kind>[\w.-]+)\+(?P<suffix>xml|json)")
#: What an address that ends so may be. Only what a viewer shows: a page about a.jpg may have that name too.
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "jpg": ("image/jpeg",), "jpeg": ("image/jpeg",), "png": ("image/png", "image/apng"),
    "gif": ("image/gif",), "webp": ("image/webp",), "tif": ("image/tiff",), "tiff": ("image/tiff",),
    "jp2": ("image/jp2", "image/jpx", "image/jpm"), "svg": ("image/svg+xml",), "avif": ("image/avif",),
    "pdf": ("application/pdf",), "mp3": ("audio/mpeg",),
    "wav": ("audio/wav", "audio/x-wav", "audio/vnd.wave", "audio/wave"),
    "flac": ("audio/flac", "audio/x-flac"), "mp4": ("video/mp4", "audio/mp4", "application/mp4"),
    "webm": ("video/webm", "audio/webm"), "mov": ("video/quicktime",),
}  # fmt: skip
_COMPARED = ("image/", "audio/", "video/", "application/pdf")
#: By type: what the media type of such a resource begins with.
_MAJOR: dict[str, tuple[str, ...]] = {
    "Image": ("image/", "application/octet-stream"),
    "Sound": ("audio/", "video/", "application/"),
    "Video": ("video/", "application/"),
}
_NOT_TEXT = ("image/", "audio/", "video/", "model/")


def format_missing(document: IiifDocument) -> Iterator[Finding]:
    """Files whose kind a viewer must guess."""
    for node in document.nodes:
        linked = node.key in _LINKS
        shown = node.type in CONTENT and node.key in _SHOWN
        if (linked or shown) and node.id and not node.value.get("format"):
            # An image service says what it has; a viewer asks it instead.
            if shown and not linked and node.value.get("service"):
                continue
            yield node, f"{node.key} {node.id} has no format"


def format_invalid(document: IiifDocument) -> Iterator[Finding]:
    """Formats that are no media types."""
    for node in document.nodes:
        stated = node.value.get("format", "image/jpeg")
        if not isinstance(stated, str) or not _MEDIA_TYPE.fullmatch(stated):
            yield node, f"format {stated!r} is not a media type such as image/jpeg"


def format_name(document: IiifDocument) -> Iterator[Finding]:
    """Media types by another name than the one registered."""
    for node, stated in _formats(document):
        kind = _essence(stated)
        if not _MEDIA_TYPE.fullmatch(stated):
            continue
        if (right := registered(kind)) != kind:
            yield node, f"format {stated!r} is registered as {right}"
        elif kind.startswith("image/") and not _is_image(kind):
            yield node, f"format {stated!r} is no registered kind of image"


def format_mismatch(document: IiifDocument) -> Iterator[Finding]:
    """Formats that the type or the address contradicts."""
    for node, stated in _formats(document):
        kind = registered(_essence(stated))
        if not _MEDIA_TYPE.fullmatch(stated) or (kind.startswith("image/") and not _is_image(kind)):
            continue
        suffix = _suffix(node.id)
        if not _agrees(node.type, kind):
            yield node, f"format {stated!r} does not fit the type {node.type}"
        elif suffix in _SUFFIXES and kind.startswith(_COMPARED) and kind not in _SUFFIXES[suffix]:
            yield node, f"format {stated!r} does not fit the address, which ends with .{suffix}: {node.id}"


def registered(kind: str) -> str:
    """Return the registered name of a media type; the name itself where no other is known."""
    if kind in _MEANT:
        return _MEANT[kind]
    if match := _TURNED.fullmatch(kind) or _TEXT_XML.fullmatch(kind):
        return f"application/{match['kind']}+{match['suffix']}"
    return kind


def _formats(document: IiifDocument) -> Iterator[tuple[Node, str]]:
    for node in document.nodes:
        stated = node.value.get("format")
        if isinstance(stated, str):
            yield node, stated


def _essence(stated: str) -> str:
    """Return a media type without its parameters, in small letters."""
    return stated.partition(";")[0].strip().lower()


def _is_image(kind: str) -> bool:
    subtype = kind.removeprefix("image/")
    return subtype in _IMAGES or subtype.startswith(("vnd.", "prs.", "x-", "x."))


def _agrees(type_: str, kind: str) -> bool:
    if type_ in ("Text", "TextualBody"):
        return not kind.startswith(_NOT_TEXT)
    return type_ not in _MAJOR or kind.startswith(_MAJOR[type_])


def _suffix(address: str) -> str:
    """Return what a file's address ends with, in small letters; nothing where a program makes the answer."""
    return path_of(address).rpartition("/")[2].rpartition(".")[2].lower()


RULES: tuple[Rule, ...] = (
    warning(
        "format-missing", "A viewer must guess what is behind the link, or leaves it out.", format_missing
    ),
    error("format-invalid", "What is no media type matches none that a viewer knows.", format_invalid),
    warning("format-name", "A viewer that looks for image/jpeg does not find it.", format_name),
    warning("format-mismatch", "Whom is a viewer to believe? Some show nothing.", format_mismatch),
)
