"""What single MEI elements say: mensurations, proportions, durations, syllables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from alamire.notation.mensural.mensur import IMPERFECT, Mensur
from alamire.notation.xml import NAMES, Element, local

#: What a mensur's label begins with where its attributes cannot say the sign.
SIGN = "sign: "

#: CMN durations as fractions of a semibreve (whole note).
DURATIONS = {"maxima": Fraction(8), "long": Fraction(4), "breve": Fraction(2), "0": Fraction(2)} | {
    str(2**power): Fraction(1, 2**power) for power in range(11)
}

#: Of alternative readings only one child is taken: the first of these that is there.
CHOSEN = {"choice": ("corr", "reg", "expan", "sic", "orig"), "app": ("lem", "rdg"), "subst": ("add", "del")}
#: Elements that say something of the text within them and are otherwise read as if they were not there.
WRAPPERS = (
    "supplied",
    "corr",
    "reg",
    "orig",
    "sic",
    "unclear",
    "add",
    "lem",
    "rdg",
    "damage",
    "restore",
    "expan",
)

#: The attributes that say how values divide.
_DIVIDING = ("sign", "tempus", "prolatio", "modusminor", "modusmaior")


def choose_reading(element: Element) -> Element | None:
    """Return the child of a choice or apparatus that is read: the correction, the lemma."""
    for name in CHOSEN[local(element)]:
        for child in element:
            if local(child) == name:
                return child
    return None


def part_of(element: Element, name: str) -> Element | None:
    """Return the first child of this name that is read, be it in a wrapper; None where there is none."""
    for child in element:
        tag = local(child)
        if tag == name:
            return child
        inner = choose_reading(child) if tag in CHOSEN else child if tag in WRAPPERS else None
        if inner is not None and (found := part_of(inner, name)) is not None:
            return found
    return None


def mensuration(element: Element, before: Mensur = IMPERFECT) -> tuple[Mensur, str] | None:
    """Return the mensuration and its sign from a mensur element or a definition; None where it has none.

    A definition has them in a mensur element or in attributes, and a proportion in ``@proport.num``. What
    says a proportion only leaves the divisions as they were ``before``.
    """
    inner = None if local(element) == "mensur" else part_of(element, "mensur")

    def stated_as(name: str) -> str | None:
        own = inner.get(name) if inner is not None else None
        value = own or element.get(f"mensur.{name}") or element.get(name)
        if not value and name in ("num", "numbase"):
            value = element.get(f"proport.{name}")
        return str(value) if value else None

    if not any(stated_as(name) for name in (*_DIVIDING, "num")):
        return None
    if not any(stated_as(name) for name in _DIVIDING):
        return replace(before, proportion=ratio(stated_as("num"), stated_as("numbase"))), _label(stated_as)
    sign, dot = stated_as("sign") or "", stated_as("dot") == "true"
    perfect = {
        "prolatio": 3 if dot else 2, "tempus": 3 if sign == "O" else 2, "modusminor": 2, "modusmaior": 2
    }  # fmt: skip
    for name in perfect:
        if (value := stated_as(name)) in ("2", "3"):
            perfect[name] = int(value)
    return Mensur(**perfect, proportion=ratio(stated_as("num"), stated_as("numbase"))), _label(stated_as)


def says_proportion(element: Element) -> bool:
    """Say whether a definition states a proportion, be it that of one to one."""
    inner = part_of(element, "mensur")
    names = ("proport.num", "mensur.num", "num")
    return any(each.get(name) for each in (element, inner) if each is not None for name in names)


def _label(said: Callable[[str], str | None]) -> str:
    """The sign as alamire names it (``C.|``, ``O2``, ``Cr3/2``) from what an element says."""
    own = said("label") or ""
    if own.startswith(SIGN):
        return own.removeprefix(SIGN)
    label = (said("sign") or "") + ("." if said("dot") == "true" else "")
    label += "r" if said("orient") == "reversed" else ""
    slash, number, base = said("slash") or "0", said("num"), said("numbase")
    label += "|" * min(4, int(slash) if slash.isdigit() else 0)
    return label + (number + (f"/{base}" if base else "") if number else "")


def proportion(element: Element) -> Fraction:
    """Return what the durations are multiplied by: numbase notes take the time of num."""
    return ratio(element.get("num"), element.get("numbase"))


def ratio(num: str | None, base: str | None) -> Fraction:
    """Return ``base`` for ``num`` as a factor on durations; 1 where they are no numbers."""
    above, below = count_of(num or "1"), count_of(base or "1")
    return Fraction(below, above) if above and below else Fraction(1)


def count_of(text: str) -> int:
    """Return a number of notes, bars or beats as it is written; 0 where music has none such."""
    return int(text) if len(text) < 5 and text.isdecimal() else 0


def syllables(note: Element, verses: Sequence[Element]) -> tuple[str, ...]:
    """Return a syllable for each verse of a note, a hyphen where the word goes on or began before."""
    if not verses:
        own = note.get("syl")
        return (own,) if own else ()
    found: dict[int, str] = {}
    for verse in verses:
        number = verse.get("n") or ""
        place = int(number) if number.isdecimal() and 0 < int(number) < 100 else len(found) + 1
        found[place] = _text(verse)
    if not any(found.values()):
        own = note.get("syl")
        return (own,) if own else ()
    last = max(place for place, text in found.items() if text)
    return tuple([found.get(place, "") for place in range(1, last + 1)])


def _text(verse: Element) -> str:
    """The syllables of a verse."""
    texts = []
    plain = len(verse) == 1 and NAMES[verse[0].tag] == "syl"
    for syl in verse if plain else within(verse, "syl"):
        text = ("".join(syl.itertext()) if len(syl) else syl.text or "").strip()
        if text:
            position, joint = syl.get("wordpos"), syl.get("con")
            before = "-" if position in ("m", "t") else ""
            after = "-" if joint == "d" or position in ("i", "m") else ""
            texts.append(before + text + after)
    return texts[0] if len(texts) == 1 else " ".join(texts)


def within(element: Element, name: str) -> Iterator[Element]:
    """Return the descendants of this name that the chosen readings hold."""
    for child in element:
        tag = local(child)
        if tag == name:
            yield child
        elif tag in CHOSEN:
            picked = choose_reading(child)
            if picked is not None:
                yield from within(picked, name)
        elif tag:
            yield from within(child, name)
