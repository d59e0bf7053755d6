"""What single MEI elements say: accidentals, key signatures, mensurations, durations, syllables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from alamire.notation.mensural.mensur import Mensur
from alamire.notation.xml import local

#: x is the diesis shape in mensural sources: a single sharp there, a double one in modern notation.
ACCIDENTALS = {
    "s": 1, "f": -1, "n": 0, "x": 2, "ss": 2, "ff": -2, "ns": 1, "nf": -1, "xs": 3, "sx": 3, "tf": -3, "ts": 3
}  # fmt: skip
FLATS, SHARPS = "BEADGCF", "FCGDAEB"

#: What a mensur's label begins with where its attributes cannot say the sign.
SIGN = "sign: "

#: The type of an accid element that keeps what an editor's accidental takes the place of.
HIDDEN = "source"

#: CMN durations as fractions of a semibreve (whole note).
DURATIONS = {"maxima": Fraction(8), "long": Fraction(4), "breve": Fraction(2), "0": Fraction(2)} | {
    str(2**power): Fraction(1, 2**power) for power in range(11)
}

#: Of alternative readings only one child is taken: the first of these that is there.
CHOSEN = {"choice": ("corr", "reg", "expan", "sic", "orig"), "app": ("lem", "rdg"), "subst": ("add", "del")}


def chosen(element: Any) -> Any:
    """Return the child of a choice or apparatus that is read: the correction, the lemma."""
    for name in CHOSEN[local(element)]:
        for child in element:
            if local(child) == name:
                return child
    return None


def key_signature(element: Any) -> tuple[tuple[str, int], ...] | None:
    """Return the steps a staffDef, scoreDef or keySig alters; None where it does not say."""
    own = [child for child in element if local(child) == "keyAccid"]
    if own:
        return tuple((child.get("pname", "c").upper(), _single(child.get("accid", "n"))) for child in own)
    sig = element.get("key.sig") or element.get("keysig") or element.get("sig")
    if sig is None:
        inner = [child for child in element if local(child) == "keySig"]
        return key_signature(inner[0]) if inner else None
    if not sig[:-1].isdigit() or sig[-1] not in "fs":
        return ()
    order, alter = (FLATS, -1) if sig[-1] == "f" else (SHARPS, 1)
    return tuple((step, alter) for step in order[: int(sig[:-1])])


def _single(accid: str) -> int:
    return max(-1, min(1, ACCIDENTALS.get(accid, 0)))


def mensuration(element: Any) -> tuple[Mensur, str] | None:
    """Return the mensuration and its sign from a mensur element or a staffDef; None where it has none."""

    def said(name: str) -> str | None:
        value = element.get(name) or element.get(f"mensur.{name}")
        return str(value) if value is not None else None

    if not any(said(name) for name in ("sign", "tempus", "prolatio", "modusminor", "modusmaior", "num")):
        inner = [child for child in element if local(child) == "mensur"]
        return mensuration(inner[0]) if inner else None
    sign, dot = said("sign") or "", said("dot") == "true"
    perfect = {
        "prolatio": 3 if dot else 2, "tempus": 3 if sign == "O" else 2, "modusminor": 2, "modusmaior": 2
    }  # fmt: skip
    for name in perfect:
        if (value := said(name)) in ("2", "3"):
            perfect[name] = int(value)
    return Mensur(**perfect, proportion=proportion(element)), _label(said)


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


def proportion(element: Any) -> Fraction:
    """Return what the durations are multiplied by: numbase notes take the time of num."""
    number = element.get("num") or element.get("mensur.num") or "1"
    base = element.get("numbase") or element.get("mensur.numbase") or "1"
    if number.isdigit() and base.isdigit() and int(number) and int(base):
        return Fraction(int(base), int(number))
    return Fraction(1)


def syllables(note: Any) -> tuple[str, ...]:
    """Return a syllable for each verse of a note, a hyphen where the word goes on or began before."""
    found: dict[int, str] = {}
    for verse in _within(note, "verse"):
        number = verse.get("n", "")
        place = int(number) if number.isdigit() and 0 < int(number) < 100 else len(found) + 1
        parts = [(syl, "".join(syl.itertext()).strip()) for syl in _within(verse, "syl")]
        texts = [_before(syl) + text + _joint(syl) for syl, text in parts if text]
        found[place] = " ".join(texts)
    if not any(found.values()):
        own = note.get("syl", "")
        return (own,) if own else ()
    last = max(place for place, text in found.items() if text)
    return tuple(found.get(place, "") for place in range(1, last + 1))


def _before(syl: Any) -> str:
    return "-" if syl.get("wordpos") in ("m", "t") else ""


def _joint(syl: Any) -> str:
    return "-" if syl.get("con") == "d" or syl.get("wordpos") in ("i", "m") else ""


def _within(element: Any, name: str) -> Iterator[Any]:
    """The descendants of this name that the chosen readings hold."""
    for child in element:
        tag = local(child)
        if tag == name:
            yield child
        elif tag in CHOSEN:
            picked = chosen(child)
            if picked is not None:
                yield from _within(picked, name)
        elif tag:
            yield from _within(child, name)


def accidentals(note: Any) -> tuple[str | None, str | None, str | None, str | None]:
    """Return what the source writes, the editor writes, is only to be sounded, and an editor's sign hides."""
    source, sounding, editor, hidden = note.get("accid"), note.get("accid.ges"), None, None
    for accid in _within(note, "accid"):
        written = accid.get("accid")
        inside = accid.iterancestors()
        supplied = any(local(parent) in ("supplied", "corr") for parent in _up_to(inside, note))
        if written is None and accid.get("type") == HIDDEN:
            hidden = accid.get("accid.ges")
        elif written is None:
            sounding = accid.get("accid.ges") or sounding
        elif accid.get("func") == "edit" or supplied:
            editor = written
        else:
            source = written
    return source, editor, sounding, hidden


def _up_to(ancestors: Iterator[Any], stop: Any) -> Iterator[Any]:
    for parent in ancestors:
        if parent is stop:
            return
        yield parent
