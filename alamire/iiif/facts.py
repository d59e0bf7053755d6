"""The facts of a source and of its parts as metadata: a label and a value, by language."""

from __future__ import annotations

from typing import Any

from alamire.iiif.linked import rights_uri
from alamire.iiif.texts import Texts, heading, language_names, phrase, plain
from alamire.source.description import Description, PieceDescription, Statement, Surface

#: One entry of metadata.
Fact = dict[str, Any]


def fact(label: Texts, value: Texts) -> Fact:
    """Return one entry of metadata."""
    return {"label": label, "value": value}


def source_facts(description: Description) -> list[Fact]:
    """Return what is known of a source; a disputed fact shows each value with who says so."""
    entries = [
        fact(phrase(key), plain(value))
        for key, value in (("shelfmark", description.shelfmark), ("siglum", description.siglum))
        if value
    ]
    entries += [
        fact(heading(key), plain(*(attributed(statement) for statement in statements)))
        for key, statements in description.facts.items()
        if statements
    ]
    if description.languages:
        entries.append(fact(phrase("languages"), language_names(description.languages)))
    if description.rights and not rights_uri(description.rights):
        entries.append(fact(phrase("rights"), plain(description.rights)))
    return entries


def attributed(statement: Statement) -> str:
    """Return a value followed by who states it: ``c. 1475 (KBF)``."""
    return f"{statement.value} ({statement.by})" if statement.by else statement.value


def piece_facts(piece: PieceDescription) -> list[Fact]:
    """Return what is known of a piece beside its title."""
    entries = [
        fact(phrase(key), plain(value))
        for key, value in (("composer", piece.composer), ("folios", piece.folios))
        if value
    ]
    if piece.voices:
        entries.append(fact(phrase("voices"), plain(*piece.voices)))
    if piece.language:
        entries.append(fact(phrase("language"), language_names([piece.language])))
    if piece.note:
        entries.append(fact(phrase("note"), plain(piece.note)))
    return entries


def surface_facts(surface: Surface) -> list[Fact]:
    """Return what a surface is, and what was noted of it."""
    entries = [fact(phrase("page type"), phrase(surface.page_type))]
    if surface.note:
        entries.append(fact(phrase("note"), plain(surface.note)))
    return entries
