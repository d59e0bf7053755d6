"""Encodings of music as files: by which root element each format in XML is known."""

from __future__ import annotations

#: The format that each root element, without its namespace, belongs to.
XML_ROOTS = {"score-partwise": "musicxml", "score-timewise": "musicxml", "Piece": "cmme"} | dict.fromkeys(
    ("mei", "meiCorpus", "meiHead", "music", "mdiv"), "mei"
)
