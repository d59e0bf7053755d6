"""The attributes of a MusicXML measure as they are written: keys, times, clefs."""

from __future__ import annotations

from lxml import etree

from alamire.notation.voice import Clef, Signature
from alamire.notation.xml import Element

_SYMBOLS = {"C": "common", "C|": "cut"}
#: The order that the schema asks for.
_ORDER = ("divisions", "key", "time", "clef")


def simple(tag: str, value: object) -> Element:
    """Return an element that has only text."""
    element = etree.Element(tag)
    element.text = str(value)
    return element


def key_element(fact: Signature) -> Element:
    """Return a key signature: by fifths where it is a usual one, else step by step."""
    key = etree.Element("key")
    count = sum(alter for _, alter in fact.accidentals)
    usual = ("FCGDAEB" if count > 0 else "BEADGCF")[: abs(count)]
    if tuple(fact.accidentals) == tuple((step, 1 if count > 0 else -1) for step in usual):
        key.append(simple("fifths", count))
        return key
    for step, alter in fact.accidentals:
        key.append(simple("key-step", step))
        key.append(simple("key-alter", alter))
    return key


def time_element(meter: str, sign: str, *, printed: bool = True) -> Element:
    """Return a time signature of a meter such as "2/1"."""
    time = etree.Element("time")
    beats, _, unit = meter.partition("/")
    if sign in _SYMBOLS:
        time.set("symbol", _SYMBOLS[sign])
    if not printed:
        time.set("print-object", "no")
    time.append(simple("beats", beats))
    time.append(simple("beat-type", unit))
    return time


def clef_element(fact: Clef) -> Element:
    """Return a clef."""
    clef = etree.Element("clef")
    clef.append(simple("sign", fact.shape))
    clef.append(simple("line", fact.line))
    if fact.octaves:
        clef.append(simple("clef-octave-change", fact.octaves))
    return clef


def in_order(attributes: Element) -> None:
    """Put the children of attributes into the order of the schema; those of one kind keep theirs."""
    attributes[:] = sorted(attributes, key=lambda child: _ORDER.index(child.tag))
