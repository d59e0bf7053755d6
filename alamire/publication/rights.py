"""Rights in words: what the URIs of Creative Commons and RightsStatements.org are called.

The names are those that the two publish with their statements (creativecommons.org, rightsstatements.org).
"""

from __future__ import annotations

import re

from alamire.iiif.linked import is_web_address, rights_uri

_LICENCES = {
    "by": "Attribution",
    "by-sa": "Attribution-ShareAlike",
    "by-nd": "Attribution-NoDerivatives",
    "by-nc": "Attribution-NonCommercial",
    "by-nc-sa": "Attribution-NonCommercial-ShareAlike",
    "by-nc-nd": "Attribution-NonCommercial-NoDerivatives",
}
_PUBLIC_DOMAIN = {
    "zero": ("CC0", "Public Domain Dedication"),
    "mark": ("Public Domain Mark", "no known copyright"),
}
_STATEMENTS = {
    "InC": "In Copyright",
    "InC-OW-EU": "In Copyright – EU Orphan Work",
    "InC-EDU": "In Copyright – Educational Use Permitted",
    "InC-NC": "In Copyright – Non-Commercial Use Permitted",
    "InC-RUU": "In Copyright – Rights-holder(s) Unlocatable or Unidentifiable",
    "NoC-CR": "No Copyright – Contractual Restrictions",
    "NoC-NC": "No Copyright – Non-Commercial Use Only",
    "NoC-OKLR": "No Copyright – Other Known Legal Restrictions",
    "NoC-US": "No Copyright – United States",
    "CNE": "Copyright Not Evaluated",
    "UND": "Copyright Undetermined",
    "NKC": "No Known Copyright",
}
_PATH = re.compile(
    r"http://(?P<host>[a-z.]+)/(?P<kind>\w+)/(?P<name>[^/]+)(?:/(?P<version>[\d.]+))?(?:/(?P<port>[a-z]{2}))?/"
)


def rights_in_words(stated: str) -> tuple[str, str]:
    """Return what rights are called, and the address of the page about them, empty where there is none.

    Text that is no URI of the two is returned as it is.
    """
    stated = stated.strip()
    match = _PATH.fullmatch(rights_uri(stated))
    if not match:
        return stated, stated if is_web_address(stated) else ""
    words = _statement(match) if match["kind"] == "vocab" else _licence(match)
    page = rights_uri(stated).replace("http:", "https:", 1).replace("/vocab/", "/page/", 1)
    return words or stated, page


def _statement(match: re.Match[str]) -> str:
    return _STATEMENTS.get(match["name"], "")


def _licence(match: re.Match[str]) -> str:
    """Return a licence as its letters, its version (and country), and what they stand for."""
    version = " ".join(part for part in (match["version"], (match["port"] or "").upper()) if part)
    if match["kind"] == "publicdomain":
        short, long = _PUBLIC_DOMAIN.get(match["name"], ("", ""))
    else:
        short, long = f"CC {match['name'].upper()}", _LICENCES.get(match["name"], "Creative Commons")
    return f"{short} {version}".strip() + f" ({long})" if short else ""
