"""What an MEI file holds: a piece, a corpus of pieces, or a part of one without a header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from alamire.errors import Place, Problem, Refused
from alamire.notation.mei.attributes import CHOSEN
from alamire.notation.mei.context import Context
from alamire.notation.xml import Element, gather, local, parse_xml

#: Roots that hold music but no header; MEI allows any element to be one.
FRAGMENTS = ("music", "group", "body", "mdiv", "score", "parts", "part", "section")
#: What is looked for wherever it stands, in one pass: to look through a tree takes a fortieth of reading it.
_ANYWHERE = {name: (name,) for name in ("application", "title", "composer", "surface")} | {
    "music": ("score", "parts"),
    "choice": tuple(CHOSEN),
    **{name: (name,) for name in ("accid", "tie", "tupletSpan", "fermata")},
}


@dataclass(frozen=True)
class MeiDocument:
    """One piece of a file: its root element, and what is said of it before anything is read.

    ``copied`` says that elements in it may be copies of others (``@copyof``).
    """

    root: Element
    file: str
    problems: tuple[Problem, ...] = ()
    copied: bool = False

    @cached_property
    def elements(self) -> dict[str, list[Element]]:
        """The elements that may stand anywhere, by what they are, in their order."""
        return gather(self.root, _ANYWHERE)

    def scores(self) -> list[list[Element]]:
        """Return the scores of the piece, one by one, and the parts of a piece together.

        Incipits in the header do not count. Of a movement that is there as a score and as parts, the score
        is read.
        """
        if local(self.root) in ("section", "part"):
            return [[self.root]]
        found = []
        for element in self.elements["music"]:
            if next(element.iterancestors("{*}meiHead"), None) is not None:
                continue
            if local(element) == "score":
                found.append([element])
            elif not any(local(each) == "score" for each in _siblings(element)):
                found.append([part for part in element if local(part) == "part"])
        return [each for each in found if each]

    def metadata(self) -> dict[str, str]:
        """Return the first title and composer of the header, under Humdrum's keys."""
        found = {}
        for key, tag in (("OTL", "title"), ("COM", "composer")):
            texts = (" ".join("".join(each.itertext()).split()) for each in self.elements[tag])
            if text := next(filter(None, texts), ""):
                found[key] = text
        return found

    def without_notes(self) -> str:
        """Return, in words, why there may be no note in the piece."""
        names = {local(each) for each in self.root.iter()}
        if local(self.root) == "mei" and "music" not in names:
            return "it is a header without music (<mei> has no <music>)"
        if "neume" in names or "nc" in names:
            return "it has neumes, which alamire does not read"
        if not names & {"score", "parts", "part", "section"}:
            return "its <music> has neither a score nor parts"
        return "there are no notes in its score or parts"


def documents(data: bytes, name: str) -> list[MeiDocument]:
    """Return the pieces of a file, of which a corpus has several; Refused where it is no MEI."""
    root = parse_xml(data, name)
    tag = local(root)
    # Of what is coded in two bytes a letter nothing is known before it is read.
    copied = b"copyof" in data or b"\0" in data
    if tag == "mei":
        return [MeiDocument(root, name, copied=copied)]
    if tag == "meiCorpus":
        found = [MeiDocument(each, name, copied=copied) for each in root.iter("{*}mei")]
        if not found:
            raise Refused.because(
                "no-notes", Place(name, root.sourceline), "the corpus (<meiCorpus>) holds no <mei>"
            )
        return found
    if tag in FRAGMENTS:
        message = f"its root is <{tag}>, not <mei>: there is no header, and the piece is read without one"
        place = Place(file=name, row=root.sourceline)
        return [MeiDocument(root, name, (Problem.remark("no-header", place, message),), copied)]
    if tag == "meiHead":
        raise Refused.because(
            "no-notes", Place(name, root.sourceline), "it is a header without music (its root is <meiHead>)"
        )
    message = f"the XML is {tag!r}, not an encoding that alamire knows"
    raise Refused.because("unknown-format", Place(name, root.sourceline), message)


def _siblings(element: Element) -> Sequence[Element]:
    parent = element.getparent()
    return list(parent) if parent is not None else []


def assigned_accidentals(document: MeiDocument, context: Context) -> dict[str, list[Element]]:
    """Return the accidentals that name their note (``@startid``, ``@plist``), by its id.

    One that stands outside of every layer and names none is told.
    """
    found: dict[str, list[Element]] = {}
    for accid in _accidentals(document):
        ids = [each.lstrip("#") for each in (accid.get("startid") or accid.get("plist") or "").split()]
        for name in ids:
            found.setdefault(name, []).append(accid)
        if not ids and next(accid.iterancestors("{*}layer", "{*}note"), None) is None:
            message = "stands in no layer and names no note (startid); it belongs to no note and is left out"
            context.tell("accidental-apart", accid, message)
    return found


def _accidentals(document: MeiDocument) -> Iterator[Element]:
    """The accidentals of the scores that are not within a note."""
    for accid in document.elements["accid"]:
        parent = accid.getparent()
        if parent is not None and local(parent) in ("note", "supplied"):
            # Nearly all of them: within a note, as it is or as an editor's.
            outer = parent if local(parent) == "note" else parent.getparent()
            if outer is not None and local(outer) == "note" and accid.get("startid") is None:
                continue
        if next(accid.iterancestors("{*}meiHead", "{*}rdg", "{*}custos"), None) is None:
            yield accid
