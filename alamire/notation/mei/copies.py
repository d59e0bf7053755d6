"""Elements that stand for another one (``@copyof``): they take its attributes and its content."""

from __future__ import annotations

from copy import deepcopy

from alamire.errors import Place, Refused
from alamire.notation.mei.context import Context
from alamire.notation.xml import XML_ID, Element

#: A file may not grow beyond this by copies of copies.
MOST_ELEMENTS = 2_000_000


def resolve_copies(root: Element, context: Context) -> None:
    """Fill every element that is a copy of another, in place; its id and its own attributes stay.

    Copied descendants have ids after the copy's: ``c1-n5``. Copies that go round in a circle, or of what
    is not there, are told and stay as they are. Refused where copies of copies have no end.
    """
    copies = [element for element in root.iter("*") if element.get("copyof")]
    named = {name: element for element in root.iter() if (name := element.get(XML_ID))}
    size = sum(1 for _ in root.iter())
    for element in copies:
        size += _fill(element, named, (), context)
        if size > MOST_ELEMENTS:
            message = f"copies of copies make more than {MOST_ELEMENTS:,} elements"
            raise Refused.because("not-well-formed", Place(context.file, element.sourceline), message)


def _fill(element: Element, named: dict[str, Element], above: tuple[str, ...], context: Context) -> int:
    """Fill one copy, after what it copies is filled itself; return how many elements it gained."""
    target = element.get("copyof", "").lstrip("#")
    if not target:
        return 0
    original = named.get(target)
    if original is None:
        return _not_there(element, f"copyof={target!r}: no element has this id", context)
    if target in above or any(each is original for each in element.iterancestors()) or original is element:
        return _not_there(element, f"copyof={target!r} goes round in a circle", context)
    gained = 0
    for each in original.iter():
        if isinstance(each.tag, str) and each.get("copyof"):
            gained += _fill(each, named, (*above, target), context)
    element.attrib.pop("copyof", None)
    for name, value in original.attrib.items():
        if name not in element.attrib and name not in (XML_ID, "copyof"):
            element.set(name, value)
    own = element.get(XML_ID, "")
    for child in [] if len(element) else original:
        copied = deepcopy(child)
        for each in copied.iter():
            if isinstance(each.tag, str) and each.get(XML_ID):
                each.set(XML_ID, f"{own}-{each.get(XML_ID)}" if own else f"copy-{each.get(XML_ID)}")
            gained += 1
        element.append(copied)
    return gained


def _not_there(element: Element, message: str, context: Context) -> int:
    element.attrib.pop("copyof", None)
    context.tell("no-such-element", element, f"is left as it is: {message}")
    return 0
