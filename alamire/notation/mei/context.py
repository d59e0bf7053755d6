"""What the whole of an MEI file says of single notes, and what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from alamire.errors import Place, Problem, Severity
from alamire.notation.xml import XML_ID, from_xml_id, local


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
    assigned: dict[str, list[Any]] = field(default_factory=dict)
    graces: int = 0
    repeats: int = 0
    problems: list[Problem] = field(default_factory=list)
    #: The signs that are not read, each with the elements that have it.
    unread: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def name_of(self, element: Any) -> str:
        """Return the id of an element, "" where it has none."""
        name = element.get(XML_ID, "")
        return from_xml_id(name) if self.own and name else name

    def tell(self, code: str, element: Any, message: str, severity: Severity = Severity.WARNING) -> None:
        """Report what is wrong with an element; the message begins with what it is, and its id."""
        place = Place(file=self.file, row=element.sourceline)
        self.problems.append(Problem(code, place, severity, f"{said(element)} {message}"))

    def told(self) -> list[Problem]:
        """Return the problems, in the order found, one for each sign that is not read."""
        found = list(self.problems)
        for (token, why), elements in self.unread.items():
            count = f"in {len(elements)} places" if len(elements) > 1 else "once"
            places = ", ".join(f"line {each.sourceline} ({said(_bearer(each))})" for each in elements[:5])
            more = ", ..." if len(elements) > 5 else ""
            message = f"the accidental {token!r} is {why} and is not read, {count}: {places}{more}"
            place = Place(file=self.file, row=elements[0].sourceline)
            found.append(Problem("unknown-accidental", place, Severity.WARNING, message))
        return found


def said(element: Any) -> str:
    """Return what a message calls an element: its name and id."""
    name = element.get(XML_ID)
    return f"{local(element)} {name!r}" if name else local(element)


def _bearer(element: Any) -> Any:
    """The note that an accid element is in; the element itself where it is in none."""
    return next(element.iterancestors("{*}note"), element)
