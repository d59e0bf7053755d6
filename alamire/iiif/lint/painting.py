"""Rules on what canvases show, and which known viewer fails on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from alamire.iiif.lint.document import IiifDocument, id_of, target_ids, type_of
from alamire.iiif.lint.references import is_painting
from alamire.iiif.lint.rule import Finding, Rule, error, info, warning

#: The longer side, in pixels, from which an image is too large to be sent whole.
LARGE = 4000
#: How far the shapes of image and canvas may differ before it shows.
_SHAPE = 0.02


def unpainted(document: IiifDocument) -> Iterator[Finding]:
    """Canvases with nothing on them."""
    for node in document.definitions("Canvas"):
        if not any(entry.get("body") for entry in _painted(node.value)):
            yield node, "nothing is painted on the canvas: paint a placeholder"


def canvas_size(document: IiifDocument) -> Iterator[Finding]:
    """Canvases without measures."""
    for node in document.definitions("Canvas"):
        has = [key for key in ("width", "height") if node.value.get(key)]
        if len(has) == 1 or (not has and not node.value.get("duration")):
            yield node, "the canvas needs width and height, or a duration"


def image_shape(document: IiifDocument) -> Iterator[Finding]:
    """Images of another shape than their canvas."""
    for node in document.definitions("Annotation"):
        canvas, target = node.within("Canvas"), node.value.get("target")
        if canvas is None or not is_painting(node) or not isinstance(target, str) or "#" in target:
            continue
        for body in _images(node.value.get("body")):
            shapes = [_shape(body), _shape(canvas.value)]
            if all(shapes) and abs(shapes[0] / shapes[1] - 1) > _SHAPE:
                size = f"{body['width']} × {body['height']}"
                yield (
                    node,
                    f"the image is {size}, the canvas {canvas.value['width']} × {canvas.value['height']}",
                )


def painting_place(document: IiifDocument) -> Iterator[Finding]:
    """Painting belongs in items, everything else in annotations."""
    for node in document.definitions("Annotation"):
        page = node.within("AnnotationPage")
        holder = page.parents[-1] if page is not None and page.parents else None
        if page is None or holder is None or holder.type != "Canvas":
            continue
        if page.key == "items" and not is_painting(node):
            yield node, "an annotation in the items of a canvas must be painting; put it in annotations"
        if page.key == "annotations" and is_painting(node):
            yield node, "a painting annotation belongs in the items of the canvas"


def choice_label(document: IiifDocument) -> Iterator[Finding]:
    """Choices that a reader cannot tell apart."""
    for node in document.of_type("Choice"):
        for item in node.list_of("items"):
            media = isinstance(item, Mapping) and type_of(item) in ("Image", "Sound", "Video")
            if media and not item.get("label"):
                yield node, f"the choice {id_of(item)} has no label"


def no_image_service(document: IiifDocument) -> Iterator[Finding]:
    """Large images that are sent whole."""
    for node in document.definitions("Annotation"):
        if is_painting(node):
            for body in _images(node.value.get("body")):
                sides = [side for key in ("width", "height") if isinstance(side := body.get(key), int)]
                if len(sides) == 2 and max(sides) > LARGE and not body.get("service"):
                    size = f"{sides[0]} × {sides[1]}"
                    yield node, f"an image of {size} has no image service, so no deep zoom"


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _painted(canvas: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the annotations in the items of a canvas."""
    return [entry for page in _objects(canvas.get("items")) for entry in _objects(page.get("items"))]


def _images(body: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(body, list):
        for entry in body:
            yield from _images(entry)
    elif isinstance(body, Mapping):
        if type_of(body) == "Choice":
            yield from _images(body.get("items"))
        elif type_of(body) == "Image" and target_ids(body):
            yield body


def _shape(resource: Mapping[str, Any]) -> float:
    width, height = resource.get("width"), resource.get("height")
    if isinstance(width, int | float) and isinstance(height, int | float) and height > 0:
        return width / height
    return 0.0


def no_thumbnail(document: IiifDocument) -> Iterator[Finding]:
    """Books that lists show without a picture, since there is no service to make one either."""
    canvases = _objects(document.root.value.get("items"))
    if not document.is_manifest or document.root.value.get("thumbnail") or not canvases:
        return
    images = [image for entry in _painted(canvases[0]) for image in _images(entry.get("body"))]
    if images and not canvases[0].get("thumbnail") and not any(image.get("service") for image in images):
        yield document.root, "there is no thumbnail, and no image service to make one with"


RULES: tuple[Rule, ...] = (
    warning(
        "canvas-unpainted",
        "Universal Viewer throws, Clover leaves the canvas out, Diva shows nothing of the whole book.",
        unpainted,
    ),
    error("canvas-size", "Without measures nothing can be laid out.", canvas_size),
    info("image-shape", "Mirador keeps the image's shape, others stretch it; zones then miss.", image_shape),
    error(
        "painting-place", "Mirador ignores what is in the wrong list; others show it twice.", painting_place
    ),
    warning(
        "choice-label", "Mirador and Universal Viewer list the choices by label, else by URL.", choice_label
    ),
    info(
        "no-image-service",
        "The whole image is sent before anything shows; there is no zoom.",
        no_image_service,
    ),
    info("thumbnail-missing", "Lists show no picture, or load the whole image for it.", no_thumbnail),
)
