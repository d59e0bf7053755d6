"""Descriptions of songbooks as source.toml, as a person would write them: reading is the inverse."""

from __future__ import annotations

import json

from alamire.source.description import Description, LanguageMap, Statement

_TEXTS = ("id", "shelfmark", "siglum", "rights", "homepage", "start", "viewing_direction")
_MAPS = ("title", "summary", "attribution", "attribution_label")
_PIECE_TEXTS = ("id", "title", "folios", "composer", "language", "note")


def dump_description(description: Description) -> str:
    """Return source.toml for a description; reading it gives the same description."""
    lines = [f"{key} = {_quoted(getattr(description, key))}" for key in _TEXTS if getattr(description, key)]
    if description.partbooks:
        lines.append("partbooks = true")
    if description.languages:
        lines.append(f"languages = {_array(description.languages)}")
    for key in _MAPS:
        if getattr(description, key):
            lines += ["", f"[{key}]", *_language_lines(getattr(description, key))]
    if description.facts:
        lines += ["", "[facts]", *(f"{_quoted(k)} = {_statements(v)}" for k, v in description.facts.items())]
    for agent in description.provider:
        lines += ["", "[[provider]]", *_text_lines(agent, ("name", "homepage", "logo", "id"))]
    for gathering in description.gatherings:
        lines += ["", "[[gatherings]]", *_text_lines(gathering, ("label", "folios"))]
    for piece in description.pieces:
        lines += ["", "[[pieces]]", *_text_lines(piece, _PIECE_TEXTS)]
        if piece.voices:
            lines.append(f"voices = {_array(piece.voices)}")
        for encoding in piece.encodings:
            lines += ["  [[pieces.encodings]]"]
            lines += ["  " + line for line in _text_lines(encoding, ("file", "voice", "note"))]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _array(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"


def _statements(statements: tuple[Statement, ...]) -> str:
    entries = [f"{{value = {_quoted(s.value)}, by = {_quoted(s.by)}}}" for s in statements]
    return "[" + ", ".join(entries) + "]"


def _language_lines(texts: LanguageMap) -> list[str]:
    return [f"{_quoted(tag)} = {_array(words)}" for tag, words in texts.items()]


def _text_lines(item: object, keys: tuple[str, ...]) -> list[str]:
    return [f"{key} = {_quoted(getattr(item, key))}" for key in keys if getattr(item, key)]
