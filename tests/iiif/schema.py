"""Validation against the published JSON schema of IIIF Presentation 3.

The schema is not part of alamire: give it the one that the IIIF publishes
(https://github.com/IIIF/presentation-validator, ``schema/iiif_3_0.json``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft7Validator

from alamire.errors import Place, Problem

_CLASSES = {
    "Manifest": "manifest",
    "Collection": "collection",
    "AnnotationCollection": "annotationCollection",
    "AnnotationPage": "annotationPage",
    "Annotation": "annotation",
}


def validate(document: Mapping[str, Any], schema: Mapping[str, Any], name: str = "") -> list[Problem]:
    """Return a problem (code ``schema``) for each place where a document breaks the schema.

    Only the class that the document says it is gets tried, so that the message is about that class.
    """
    kind = _CLASSES.get(str(document.get("type")))
    if kind is None:
        message = f"type {document.get('type')!r} is none of {', '.join(_CLASSES)}"
        return [Problem.error("schema", Place(name, detail="type"), message)]
    chosen = {key: value for key, value in schema.items() if key not in ("oneOf", "$id")}
    validator = Draft7Validator({**chosen, "allOf": [{"$ref": f"#/classes/{kind}"}]})
    errors = sorted(validator.iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
    return [
        Problem.error("schema", Place(name, detail=error.json_path), error.message[:300]) for error in errors
    ]
