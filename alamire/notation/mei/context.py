"""What the whole of an MEI file says of single notes, and what was left out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from alamire.errors import Place, Problem, Severity
from alamire.notation.finish import WRITER
from alamire.notation.xml import XML_ID, Element, from_xml_id, local

#: The tie of a note that one begins at, and one ends at.
_TIES = {(True, True): "continue", (True, False): "start", (False, True): "stop", (False, False): ""}


@dataclass
class Context:
    """What the whole file says of single notes (ties, tuplets, fermatas by id), and what was left out."""

    file: str
    tie_starts: set[str] = field(default_factory=set)
    tie_ends: set[str] = field(default_factory=set)
    spans: dict[str, tuple[str, Fraction]] = field(default_factory=dict)
    coronas: set[str] = field(default_factory=set)
    #: Whether alamire wrote the file, so that its ids are those of other formats, written as XML allows.
    own: bool = False
    #: The accidentals that name the note they belong to (``@startid``), by the id of the note.
    assigned: dict[str, list[Element]] = field(default_factory=dict)
    graces: int = 0
    repeats: int = 0
    problems: list[Problem] = field(default_factory=list)
    #: The signs that are not read, each with the elements that have it.
    unread: dict[tuple[str, str], list[Element]] = field(default_factory=dict)

    @cached_property
    def tied(self) -> bool:
        """Whether ties are said apart from their notes."""
        return bool(self.tie_starts or self.tie_ends)

    def name_of(self, element: Element) -> str:
        """Return the id of an element, "" where it has none."""
        name = element.get(XML_ID, "")
        return from_xml_id(name) if self.own and name else name

    def tie(self, said: str | None, own: str, chord: str) -> str:
        """Return the tie of a note by what it says, and by the ties that name it or its chord."""
        starts, ends = self.tie_starts, self.tie_ends
        if not (said or starts or ends):
            return ""
        said = said or ""
        names = {own, chord} - {""}
        begins = "i" in said or "m" in said or not names.isdisjoint(starts)
        stops = "t" in said or "m" in said or not names.isdisjoint(ends)
        return _TIES[begins, stops]

    def tell(self, code: str, element: Element, message: str, severity: Severity = Severity.WARNING) -> None:
        """Report what is wrong with an element; the message begins with what it is, and its id."""
        place = Place(file=self.file, row=element.sourceline)
        self.problems.append(Problem(code, place, severity, f"{label_of(element)} {message}"))

    def all_problems(self) -> list[Problem]:
        """Return the problems in the order found; the places of a sign that is not read are told together."""
        found = list(self.problems)
        for (token, why), elements in self.unread.items():
            count = f"in {len(elements)} places" if len(elements) > 1 else "once"
            places = ", ".join(f"line {each.sourceline} ({label_of(_bearer(each))})" for each in elements[:5])
            more = ", ..." if len(elements) > 5 else ""
            message = f"the accidental {token!r} is {why} and is not read, {count}: {places}{more}"
            place = Place(file=self.file, row=elements[0].sourceline)
            found.append(Problem.warning("unknown-accidental", place, message))
        return found


def context_of(elements: Mapping[str, Sequence[Element]], file: str, problems: Sequence[Problem]) -> Context:
    """Return what the elements of a file say of single notes; ``problems`` is what is told of it before."""
    return Context(
        file,
        *_ties(elements["tie"]),
        _tuplet_spans(elements["tupletSpan"]),
        _coronas(elements["fermata"]),
        own=_application(elements["application"]) == WRITER,
        problems=list(problems),
    )


def label_of(element: Element) -> str:
    """Return what a message calls an element: its name and id."""
    name = element.get(XML_ID)
    return f"{local(element)} {name!r}" if name else local(element)


def _bearer(element: Element) -> Element:
    """The note that an accid element is in; the element itself where it is in none."""
    return next(element.iterancestors("{*}note"), element)


def _ties(ties: Sequence[Element]) -> tuple[set[str], set[str]]:
    """The ids of the notes from which, and to which, a tie element goes."""
    starts: set[str] = set()
    ends: set[str] = set()
    for tie in ties:
        starts.add(tie.get("startid", "").lstrip("#"))
        ends.add(tie.get("endid", "").lstrip("#"))
    return starts - {""}, ends - {""}


def _tuplet_spans(spanning: Sequence[Element]) -> dict[str, tuple[str, Fraction]]:
    """The id of the first note of each tupletSpan, with its last and the factor on durations."""
    spans = {}
    for span in spanning:
        number, base = span.get("num", ""), span.get("numbase", "")
        if number.isdigit() and base.isdigit() and int(number):
            last = span.get("endid", "").lstrip("#")
            spans[span.get("startid", "").lstrip("#")] = (last, Fraction(int(base), int(number)))
    return spans


def _coronas(fermatas: Sequence[Element]) -> set[str]:
    """The ids of the notes that a fermata stands over."""
    return {each.get("startid", "").lstrip("#") for each in fermatas} - {""}


def _application(programs: Sequence[Element]) -> str:
    """The name of the last program that made the file."""
    found = [name for each in programs for name in each.iter("{*}name")]
    return (found[-1].text or "").strip() if found else ""


def tell_loose_ties(ties: Sequence[Element], root: Element, context: Context) -> None:
    """Tell of tie elements with a note at neither end; those with one are told where it is read."""
    names = {each.get(XML_ID) for each in root.iter("{*}note", "{*}chord")} if ties else set()
    for tie in ties:
        if not any(tie.get(end, "").lstrip("#") in names for end in ("startid", "endid")):
            message = "joins no notes that there are, by startid and endid; it is left out"
            context.tell("tie-not-ended", tie, message)
