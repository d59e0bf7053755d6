"""A light check that an encoding is whole: spines of Humdrum, well-formedness of XML.

What the music says is read later, by the notation room; a delivery is only refused for files that
no program could read.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from xml.parsers import expat

from alamire.deliveries.codes import report
from alamire.errors import Problem, counted
from alamire.formats.blank import is_blank
from alamire.formats.notation import XML_ROOTS


def check_encoding(path: Path, name: str) -> list[Problem]:
    """Return what is wrong with an encoding; the format is told from the content, not the name."""
    data = path.read_bytes()
    if is_blank(data):
        return [report("empty-file", "is empty: export the encoding again", name)]
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _check_xml(data, name)
    text = data.decode("utf-8", "replace")
    if any(line.startswith("**") for line in text.splitlines()):
        return _check_humdrum(text, name)
    if path.suffix.lower() == ".mxl" and zipfile.is_zipfile(path):
        return []
    message = "is neither Humdrum nor MEI nor MusicXML nor CMME: it is kept, but no notes are read from it"
    return [report("unknown-encoding", message, name)]


def _check_humdrum(text: str, name: str) -> list[Problem]:
    spines = 0
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not line.strip() or line.startswith("!!"):
            continue
        fields = line.split("\t")
        if spines == 0 and line.startswith("**"):
            spines = len(fields)
            continue
        if len(fields) != spines:
            message = (
                f"has {counted(len(fields), 'field')} for {counted(spines, 'spine')}: "
                "check the tabs of this line and the *^, *v, *+ and *- before it"
            )
            return [report("kern-spines", message, name, number)]
        if line.startswith("*"):
            spines = _spines_after(fields)
    if spines:
        message = (
            f"ends with {counted(spines, 'spine')} still running: end it with a line of *- (is it complete?)"
        )
        return [report("kern-unfinished", message, name)]
    return []


def _spines_after(fields: Sequence[str]) -> int:
    """Count the spines after an interpretation: ``*^`` and ``*+`` add one, ``*-`` ends, ``*v`` joins."""
    count, joining = 0, False
    for token in fields:
        if token == "*v":
            count += 0 if joining else 1
        elif token in ("*^", "*+"):
            count += 2
        elif token != "*-":
            count += 1
        joining = token == "*v"
    return count


class _EntityDeclared(Exception):
    """The document declares an entity: parsing stops before anything could be expanded."""


def _check_xml(data: bytes, name: str) -> list[Problem]:
    """Parse with expat, which fetches nothing and, unlike libxml2, takes an id given twice."""
    elements: list[str] = []
    ids: Counter[str] = Counter()

    def start(element: str, attributes: dict[str, str]) -> None:
        if not elements:
            elements.append(element)
        if "xml:id" in attributes:
            ids[attributes["xml:id"]] += 1

    def declared(*_: object) -> None:
        raise _EntityDeclared

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = declared
    try:
        parser.Parse(data, True)
    except _EntityDeclared:
        message = "declares entities of its own, which are not expanded: export it without a DOCTYPE"
        return [report("xml-entities", message, name)]
    except expat.ExpatError as error:
        return [
            report("xml-malformed", f"is no well-formed XML ({error}): export it again", name, error.lineno)
        ]
    root = elements[0].rpartition(":")[2]
    if root not in XML_ROOTS:
        message = f"is XML, but <{root}> is no encoding of music that is read here"
        return [report("unknown-encoding", message, name)]
    twice = [identifier for identifier, count in ids.items() if count > 1]
    if twice:
        ids_given = counted(len(twice), "xml:id")
        message = f"gives {ids_given} more than once (first: {twice[0]}): give each element its own"
        return [report("duplicate-ids", message, name)]
    return []
