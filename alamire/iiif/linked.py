"""What a manifest links to: encodings, pages, providers, and the rights statement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from alamire.iiif.addresses import Addresses
from alamire.iiif.texts import Texts, phrase, plain
from alamire.source.description import Agent, Description, Encoding, PieceDescription

#: Media type and profile by suffix. Those that no registry holds are the ones in use.
MEDIA_TYPES: dict[str, tuple[str, str]] = {
    ".mei": ("application/mei+xml", "https://music-encoding.org/ns/mei"),
    ".krn": ("text/x-humdrum", "https://www.humdrum.org/rep/kern/"),
    ".musicxml": ("application/vnd.recordare.musicxml+xml", "https://www.w3.org/2021/06/musicxml40/"),
    ".mxl": ("application/vnd.recordare.musicxml", "https://www.w3.org/2021/06/musicxml40/"),
    ".xml": ("application/xml", ""),
    ".mid": ("audio/midi", ""),
}
_IMAGES = {".svg": "image/svg+xml", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
_RIGHTS = re.compile(
    r"https?://(?:www\.)?(?P<host>creativecommons\.org/(?:licenses|publicdomain)"
    r"|rightsstatements\.org/(?:vocab|page))/(?P<rest>[A-Za-z0-9+.-]+(?:/[0-9.]+)?(?:/[a-z]{2})?)"
    r"(?:/(?:deed(?:\.[a-z-]+)?|legalcode(?:\.[a-z-]+)?)?)?(?:\?.*)?"
)


def media_type(file: str) -> str:
    """Return the media type of an encoding by its suffix."""
    return MEDIA_TYPES.get(PurePosixPath(file).suffix.lower(), ("application/octet-stream", ""))[0]


def rights_uri(text: str) -> str:
    """Return the URI that IIIF asks for (``http``, without ``deed``), or nothing for any other text.

    Creative Commons and RightsStatements.org define their URIs with ``http``; people copy the
    ``https`` address of the page instead.
    """
    match = _RIGHTS.fullmatch(text.strip())
    if not match:
        return ""
    return f"http://{match['host'].replace('/page', '/vocab')}/{match['rest']}/"


def is_web_address(text: str) -> bool:
    """Say whether a text can be an id in a manifest."""
    return bool(re.fullmatch(r"https?://[^\s/]+(?:/\S*)?", text))


def see_also(piece: PieceDescription, addresses: Addresses) -> list[dict[str, Any]]:
    """Return a link to each encoding of a piece, with its format and, where it has one, its profile."""
    return [_encoding(piece, encoding, addresses) for encoding in piece.encodings]


def rendering(addresses: Addresses) -> list[dict[str, Any]]:
    """Return the link to the page that shows the source."""
    return [{"id": addresses.page, "type": "Text", "label": phrase("view"), "format": "text/html"}]


def homepage(address: str, label: Texts) -> list[dict[str, Any]]:
    """Return a homepage with its label; an address that is not of the web gives none."""
    if not is_web_address(address):
        return []
    return [{"id": address, "type": "Text", "label": label, "format": "text/html"}]


def providers(description: Description, addresses: Addresses) -> list[dict[str, Any]]:
    """Return the agents that provide the source, each with an id: its own, its homepage's or one of ours."""
    return [_agent(agent, number, addresses) for number, agent in enumerate(description.provider, start=1)]


def unique(links: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the links with each address once (a file may hold several pieces)."""
    found: dict[str, dict[str, Any]] = {}
    for link in links:
        found.setdefault(link["id"], link)
    return list(found.values())


def _encoding(piece: PieceDescription, encoding: Encoding, addresses: Addresses) -> dict[str, Any]:
    suffix = PurePosixPath(encoding.file).suffix.lower()
    kind, profile = MEDIA_TYPES.get(suffix, ("application/octet-stream", ""))
    words = [f"{piece.title} ({encoding.voice})" if encoding.voice else piece.title, encoding.note]
    label = ", ".join([word for word in words if word] + [suffix.removeprefix(".").upper()])
    link = {"id": addresses.file(encoding.file), "type": "Dataset", "label": plain(label), "format": kind}
    return link | ({"profile": profile} if profile else {})


def _agent(agent: Agent, number: int, addresses: Addresses) -> dict[str, Any]:
    known = [address for address in (agent.id, agent.homepage) if is_web_address(address)]
    entry: dict[str, Any] = {
        "id": known[0] if known else addresses.provider(number),
        "type": "Agent",
        "label": plain(agent.name),
    }
    if home := homepage(agent.homepage, plain(agent.name)):
        entry["homepage"] = home
    if is_web_address(agent.logo):
        kind = _IMAGES.get(PurePosixPath(agent.logo).suffix.lower(), "image/png")
        entry["logo"] = [{"id": agent.logo, "type": "Image", "format": kind}]
    return entry
