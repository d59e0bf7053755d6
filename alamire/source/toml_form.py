"""source.toml: the description in a form that a person can read and edit.

Reading collects every problem instead of stopping at the first. A person writes it; nothing here does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alamire.errors import Place, Problem, Severity, has_errors
from alamire.source.description import (
    Agent,
    Description,
    Encoding,
    Gathering,
    LanguageMap,
    PieceDescription,
    Statement,
)
from alamire.source.folio import normalise, parse_range
from alamire.source.identifiers import SLUG_GRAMMAR, is_slug

_TEXTS = ("id", "shelfmark", "siglum", "rights", "homepage", "start", "viewing_direction")
_MAPS = ("title", "summary", "attribution", "attribution_label")
_KEYS = {*_TEXTS, *_MAPS, "facts", "partbooks", "languages", "provider", "gatherings", "pieces"}
_DIRECTIONS = ("left-to-right", "right-to-left", "top-to-bottom", "bottom-to-top")
_PIECE_TEXTS = ("id", "title", "folios", "composer", "language", "note")


def load_description(text: str, file: str = "source.toml") -> tuple[Description | None, list[Problem]]:
    """Return the description and the problems found; None where an error makes it unusable."""
    reader = _DescriptionReader(file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reader.report("toml-syntax", f"is not TOML: {error}. Correct the line named and try again")
        return None, reader.problems
    description = _description(document, reader)
    return (None if has_errors(reader.problems) else description), reader.problems


@dataclass
class _DescriptionReader:
    """Takes values out of the document, and reports those that are not of the expected kind."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, message: str, detail: str = "", severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(code, Place(self.file, detail=detail), severity, message))

    def keys(self, table: Mapping[str, Any], known: set[str], where: str) -> None:
        for key in sorted(set(table) - known):
            self.report("unknown-key", f"has no key {key!r}; known here: {', '.join(sorted(known))}", where)

    def text(self, table: Mapping[str, Any], key: str, where: str = "", default: str = "") -> str:
        value = table.get(key, default)
        if not isinstance(value, str):
            self.report("wrong-type", f"{key} must be a text in quotes, not {value!r}", where)
            return default
        return value

    def texts(self, table: Mapping[str, Any], key: str, where: str = "") -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.report("wrong-type", f"{key} must be a list of texts, not {value!r}", where)
            return ()
        return tuple(value)

    def tables(self, table: Mapping[str, Any], key: str, where: str = "") -> list[dict[str, Any]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.report("wrong-type", f"{key} must be written as [[{key}]] tables", where)
            return []
        return value

    def languages(self, table: Mapping[str, Any], key: str) -> LanguageMap:
        value = table.get(key, {})
        if isinstance(value, str):
            return {"none": (value,)} if value else {}
        if not isinstance(value, dict):
            self.report("wrong-type", f'{key} must be a text or a table by language, {{en = "…"}}')
            return {}
        found: LanguageMap = {}
        for tag, words in value.items():
            entries = [words] if isinstance(words, str) else words
            if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
                self.report("wrong-type", f"{key}.{tag} must be a text or a list of texts")
            else:
                found[tag] = tuple(entries)
        return found

    def statements(self, key: str, value: object) -> tuple[Statement, ...]:
        entries = value if isinstance(value, list) else [value]
        found = []
        for entry in entries:
            if isinstance(entry, str | int | float):
                found.append(Statement(str(entry)))
            elif isinstance(entry, dict) and set(entry) <= {"value", "by"} and "value" in entry:
                found.append(Statement(str(entry["value"]), str(entry.get("by", ""))))
            else:
                self.report("wrong-type", f'facts.{key} must hold texts or {{value = "…", by = "…"}}')
        return tuple(found)

    def address(self, text: str, key: str, where: str = "") -> None:
        if text and not text.startswith(("http://", "https://")):
            message = f"{key} is {text!r}, which is no web address: it is not published as one"
            self.report("not-an-address", message, where, Severity.WARNING)

    def folios(self, text: str, where: str) -> str:
        if text:
            try:
                parse_range(normalise(text))
            except ValueError as error:
                self.report("folio-range", str(error), where)
        return text


def _description(document: dict[str, Any], reader: _DescriptionReader) -> Description:
    reader.keys(document, _KEYS, "")
    texts = {key: reader.text(document, key) for key in _TEXTS}
    texts["viewing_direction"] = texts["viewing_direction"] or "left-to-right"
    if not is_slug(texts["id"]):
        reader.report("source-id", f"needs an id of {SLUG_GRAMMAR}; it has {texts['id']!r}")
    if texts["viewing_direction"] not in _DIRECTIONS:
        reader.report("viewing-direction", f"viewing_direction is one of {', '.join(_DIRECTIONS)}")
    maps = {key: reader.languages(document, key) for key in _MAPS}
    if not maps["title"]:
        reader.report("no-title", "needs a title, as a text or by language")
    for key in ("rights", "homepage"):
        reader.address(texts[key], key)
    facts = document.get("facts", {})
    if not isinstance(facts, dict):
        reader.report("wrong-type", "facts must be a [facts] table")
        facts = {}
    partbooks = document.get("partbooks", False)
    if not isinstance(partbooks, bool):
        reader.report("wrong-type", "partbooks must be true or false")
    return Description(
        id=texts["id"],
        title=maps["title"],
        shelfmark=texts["shelfmark"],
        siglum=texts["siglum"],
        summary=maps["summary"],
        rights=texts["rights"],
        attribution=maps["attribution"],
        attribution_label=maps["attribution_label"],
        homepage=texts["homepage"],
        start=texts["start"],
        viewing_direction=texts["viewing_direction"],
        facts={key: reader.statements(key, value) for key, value in facts.items()},
        partbooks=partbooks is True,
        languages=reader.texts(document, "languages"),
        provider=tuple(_agent(table, reader) for table in reader.tables(document, "provider")),
        gatherings=tuple(_gathering(table, reader) for table in reader.tables(document, "gatherings")),
        pieces=_pieces(reader.tables(document, "pieces"), reader),
    )


def _agent(table: dict[str, Any], reader: _DescriptionReader) -> Agent:
    keys = ("name", "homepage", "logo", "id")
    reader.keys(table, set(keys), "provider")
    agent = Agent(**{key: reader.text(table, key, "provider") for key in keys})
    for key, address in (("homepage", agent.homepage), ("logo", agent.logo)):
        reader.address(address, key, "provider")
    return agent


def _gathering(table: dict[str, Any], reader: _DescriptionReader) -> Gathering:
    reader.keys(table, {"label", "folios"}, "gatherings")
    label = reader.text(table, "label", "gatherings")
    return Gathering(label, reader.folios(reader.text(table, "folios", "gatherings"), f"gathering {label}"))


def _pieces(tables: list[dict[str, Any]], reader: _DescriptionReader) -> tuple[PieceDescription, ...]:
    pieces: list[PieceDescription] = []
    for number, table in enumerate(tables, start=1):
        where = f"piece {table.get('id') or number}"
        reader.keys(table, {*_PIECE_TEXTS, "voices", "encodings"}, where)
        texts = {key: reader.text(table, key, where) for key in _PIECE_TEXTS}
        if not is_slug(texts["id"]):
            reader.report("piece-id", f"a piece needs an id of {SLUG_GRAMMAR}; it has {texts['id']!r}", where)
        if texts["id"] in {piece.id for piece in pieces}:
            reader.report(
                "duplicate-piece", f"the id {texts['id']!r} is used twice; give each its own", where
            )
        if not texts["title"]:
            reader.report("no-title", "a piece needs a title", where)
        reader.folios(texts["folios"], where)
        encodings = tuple(
            _encoding(entry, reader, where) for entry in reader.tables(table, "encodings", where)
        )
        pieces.append(
            PieceDescription(**texts, voices=reader.texts(table, "voices", where), encodings=encodings)
        )
    return tuple(pieces)


def _encoding(table: dict[str, Any], reader: _DescriptionReader, where: str) -> Encoding:
    keys = ("file", "voice", "note")
    reader.keys(table, set(keys), where)
    encoding = Encoding(**{key: reader.text(table, key, where) for key in keys})
    if not encoding.file:
        reader.report("no-file", "an encoding needs a file, such as encodings/song.mei", where)
    return encoding
