"""Words that readers see, in English and Dutch, and language maps that viewers accept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import langcodes

#: A text by language, as IIIF writes it.
Texts = dict[str, list[str]]

#: What the published schema accepts as a language: no digits, so ``es-419`` must be shortened.
_ACCEPTED = re.compile(r"[A-Za-z-]+")

_PHRASES: dict[str, tuple[str, str]] = {
    "about": ("About this source", "Over deze bron"),
    "attribution": ("Attribution", "Naamsvermelding"),
    "binding": ("Binding", "Band"),
    "composer": ("Composer", "Componist"),
    "contents": ("Contents", "Inhoud"),
    "condition": ("Condition", "Toestand"),
    "copyist": ("Copyist", "Kopiist"),
    "date": ("Date", "Datering"),
    "decoration": ("Decoration", "Versiering"),
    "encoding": ("Encoding", "Codering"),
    "flyleaf": ("Flyleaf", "Schutblad"),
    "folios": ("Folios", "Folio's"),
    "foliation": ("Foliation", "Foliëring"),
    "format": ("Format", "Formaat"),
    "gathering": ("Gathering", "Katern"),
    "gatherings": ("Gatherings", "Katernen"),
    "hands": ("Hands", "Handen"),
    "infrared": ("Infrared light", "Infrarood licht"),
    "language": ("Language", "Taal"),
    "languages": ("Languages", "Talen"),
    "leaves": ("Leaves", "Bladen"),
    "material": ("Material", "Materiaal"),
    "missing": ("Missing leaf", "Ontbrekend blad"),
    "missing note": (
        "This leaf is missing from the book; a placeholder stands for it.",
        "Dit blad ontbreekt in het boek; een vervangend beeld neemt zijn plaats in.",
    ),
    "multispectral": ("Multispectral image", "Multispectrale opname"),
    "natural": ("Natural light", "Natuurlijk licht"),
    "notation": ("Notation", "Notatie"),
    "note": ("Note", "Opmerking"),
    "opening": ("Opening", "Opening"),
    "origin": ("Origin", "Herkomst"),
    "other": ("Other", "Overige"),
    "owner": ("Owner", "Eigenaar"),
    "page": ("Page", "Bladzijde"),
    "page type": ("Page type", "Soort bladzijde"),
    "pastedown": ("Pastedown", "Dekblad"),
    "pieces": ("Pieces", "Stukken"),
    "place": ("Place", "Plaats"),
    "printer": ("Printer", "Drukker"),
    "provenance": ("Provenance", "Bezitsgeschiedenis"),
    "raking": ("Raking light", "Strijklicht"),
    "rights": ("Rights", "Rechten"),
    "shelfmark": ("Shelfmark", "Signatuur"),
    "siglum": ("Siglum", "Siglum"),
    "size": ("Size", "Afmetingen"),
    "sources": ("Songbooks", "Liedboeken"),
    "ultraviolet": ("Ultraviolet light", "Ultraviolet licht"),
    "unphotographed": ("Not photographed", "Niet gefotografeerd"),
    "unphotographed note": (
        "No photograph of this page is at hand; a placeholder stands for it.",
        "Van deze bladzijde is geen opname voorhanden; een vervangend beeld neemt haar plaats in.",
    ),
    "view": ("View in a page of its own", "Bekijk op een eigen pagina"),
    "voices": ("Voices", "Stemmen"),
    "watermarks": ("Watermarks", "Watermerken"),
}

_LANGUAGES: dict[str, tuple[str, str]] = {
    "ca": ("Catalan", "Catalaans"),
    "cs": ("Czech", "Tsjechisch"),
    "de": ("German", "Duits"),
    "en": ("English", "Engels"),
    "es": ("Spanish", "Spaans"),
    "fr": ("French", "Frans"),
    "frm": ("Middle French", "Middelfrans"),
    "dum": ("Middle Dutch", "Middelnederlands"),
    "it": ("Italian", "Italiaans"),
    "la": ("Latin", "Latijn"),
    "nl": ("Dutch", "Nederlands"),
    "pl": ("Polish", "Pools"),
    "pt": ("Portuguese", "Portugees"),
}


def phrase(key: str) -> Texts:
    """Return the phrase with this key, in English and Dutch; KeyError where there is none."""
    english, dutch = _PHRASES[key]
    return {"en": [english], "nl": [dutch]}


def heading(key: str) -> Texts:
    """Return the heading of a fact: one of ours where we know it, else the curator's own word."""
    known = key.strip().lower()
    return phrase(known) if known in _PHRASES else plain(key[:1].upper() + key[1:] or "—")


def language_names(tags: Sequence[str]) -> Texts:
    """Return the names of languages, or their tags where we have no name for them."""
    pairs = [_LANGUAGES.get(tag, (tag, tag)) for tag in tags]
    return {"en": [english for english, _ in pairs], "nl": [dutch for _, dutch in pairs]}


def plain(*values: str) -> Texts:
    """Return texts of no particular language: names, shelfmarks, folios."""
    return {"none": list(values)}


def texts(languages: Mapping[str, Sequence[str]]) -> Texts:
    """Return a curator's language map with tags that the schema accepts, nothing lost.

    A tag with digits is shortened (``es-419`` to ``es``); one that is no BCP 47 tag becomes ``none``.
    """
    found: Texts = {}
    for tag, values in languages.items():
        found.setdefault(accepted_tag(tag), []).extend(values)
    return found


def accepted_tag(tag: str) -> str:
    """Return the longest part of a language tag that is valid and that the schema accepts."""
    parts = tag.split("-") if "_" not in tag and langcodes.tag_is_valid(tag) else []
    while parts and not (_ACCEPTED.fullmatch("-".join(parts)) and langcodes.tag_is_valid("-".join(parts))):
        parts.pop()
    return "-".join(parts) or "none"
