"""The names of types and motivations in Presentation 3, and what is written in their place.

From the tables of Presentation 3.0 (sections 3.2 and 5), the Web Annotation vocabulary, and Presentation 2.1.
"""

from __future__ import annotations

import re
from typing import Any

#: What IIIF and the Web Annotation model define.
RESOURCES = (
    "Manifest", "Collection", "Canvas", "Range", "AnnotationPage", "AnnotationCollection", "Annotation",
)  # fmt: skip
CONTENT = ("Image", "Sound", "Video", "Text", "Dataset", "Model")
_PARTS = (
    "Agent", "Choice", "SpecificResource", "TextualBody", "FragmentSelector", "PointSelector", "SvgSelector",
    "ImageApiSelector", "CssStylesheet",
)  # fmt: skip
SERVICES = (
    "ImageService1", "ImageService2", "ImageService3", "SearchService1", "SearchService2",
    "AutoCompleteService1", "AutoCompleteService2", "AuthCookieService1", "AuthTokenService1",
    "AuthLogoutService1", "AuthProbeService2", "AuthAccessService2", "AuthAccessTokenService2",
    "AuthLogoutService2",
)  # fmt: skip
_KNOWN = {name.lower(): name for name in (*RESOURCES, *CONTENT, *_PARTS, *SERVICES)}
#: Names of older versions, and of other vocabularies, for what has a name of its own in Presentation 3.
_OLDER = {
    "stillimage": "Image", "movingimage": "Video", "audio": "Sound", "movie": "Video", "pdf": "Text",
    "annotationlist": "AnnotationPage", "layer": "AnnotationCollection", "contentastext": "TextualBody",
    "oa:tag": "TextualBody",
}  # fmt: skip
#: What a name begins with that is written for JSON-LD: a prefix, or the address of a vocabulary.
_BEGINNING = re.compile(r"(?:https?://\S*[/#]|[A-Za-z][A-Za-z0-9_-]*:)(?=[^/#:]+$)")
#: Prefixes under which Presentation 2 and the Web Annotation vocabulary write their types.
_PREFIXES = ("dctypes:", "dcmitype:", "oa:", "sc:", "cnt:", "iiif:")
_MOTIVATIONS = (
    "painting", "supplementing", "contentState", "assessing", "bookmarking", "classifying", "commenting",
    "describing", "editing", "highlighting", "identifying", "linking", "moderating", "questioning",
    "replying", "tagging", "transcribing",
)  # fmt: skip
_MEANT_MOTIVATION = {name.lower(): name for name in _MOTIVATIONS}


def meant_type(written: Any) -> str:
    """Return the type that is meant by what is written, which may be a list; the word itself if unknown."""
    if isinstance(written, list):
        return next((meant_type(entry) for entry in written if isinstance(entry, str)), "")
    if not isinstance(written, str):
        return ""
    if _KNOWN.get(written.lower()) == written:
        return written
    for word in (written.lower(), _BEGINNING.sub("", written).lower()):
        if found := _KNOWN.get(word) or _OLDER.get(word):
            return found
    return written


def is_plain(written: str) -> bool:
    """Say whether a type is written as Presentation 3 writes types, as far as its name can tell."""
    return meant_type(written) == written and not written.startswith(_PREFIXES)


def meant_motivation(written: Any) -> str:
    """Return the motivation that is meant by what is written; the word itself where it is unknown."""
    text = written if isinstance(written, str) else ""
    return _MEANT_MOTIVATION.get(_BEGINNING.sub("", text).lower(), text)
