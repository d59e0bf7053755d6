"""A finding in words that a reader understands, for annotations and for the names of marks on pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from alamire.analysis.findings import FINDING_COLUMNS
from alamire.notation.voice import TICKS

Row = Mapping[Any, Any]

_SIZES = ("unison", "second", "third", "fourth", "fifth", "sixth", "seventh", "octave", "ninth", "tenth")
_QUALITIES = {"m": "minor ", "M": "major ", "P": "", "A": "augmented ", "d": "diminished "}
#: The columns that are times in ticks.
_TIMES = ("duration", "length", "sounding", "weight")
_PITCH = re.compile(r"\b[A-G][#b]+\d")
#: How many variants of a concordance are told.
_MOST_VARIANTS = 6


def in_words(name: str, row: Row) -> str:
    """Return one sentence about a finding of the analysis ``name``; any analysis has one.

    Without words of its own, an analysis is named, with its columns and their values. Times are said in
    semibreves.
    """
    return _WORDS.get(name, _in_general)(name, row)


def _ambitus(_name: str, row: Row) -> str:
    return (
        f"Ambitus: {_voices(row)} goes from {_typeset(row['lowest'])} to {_typeset(row['highest'])} "
        f"({_interval(row['range'])}), {_typeset(row['median_pitch'])} in the middle of its time; "
        f"{_count(row['notes'], 'note')}, {_semibreves(row['sounding'])}"
    )


def _cadence(_name: str, row: Row) -> str:
    roles = ", ".join(
        f"{voice} {role}" for voice, role in zip(row["voices"], row.get("roles", ()), strict=False) if role
    )
    kind = str(row["kind"])
    said = f"{kind[:1].upper()}{kind[1:]} cadence on {_typeset(row['tone'])} (breve {row['breve']})"
    return f"{said}: {roles}" if roles else said


def _concordance(_name: str, row: Row) -> str:
    where = f"{row['other_source']}/{row['other_piece']}" if row["other_source"] else row["other_piece"]
    steps = int(row["steps"])
    size = f" {_article(_size(steps))} {'higher' if steps > 0 else 'lower'} there," if steps else ""
    said = (
        f"Concordance (breve {row['breve']}): {_voices(row)} sings what {row['other_voice']} has in {where} "
        f"from breve {row['other_breve']} on,{size} {row['notes']} notes, {row['likeness']:.0%} alike, "
        f"{row['rhythm']:.0%} as long"
    )
    variants = [_typeset_pitches(variant) for variant in row["variants"]]
    more = f"; {len(variants) - _MOST_VARIANTS} more" if len(variants) > _MOST_VARIANTS else ""
    return f"{said}. Variants: {'; '.join(variants[:_MOST_VARIANTS])}{more}" if variants else said


def _dissonance(_name: str, row: Row) -> str:
    first, second = row["voices"]
    figure = f" {row['figure']}" if row["figure"] else ""
    said = f"Dissonance (breve {row['breve']}), {row['treatment']}{figure}"
    return f"{said}: {first} has {_intervals(row['interval'])} with {second}"


def _ficta(_name: str, row: Row) -> str:
    written, sung = _typeset(row["written"]), _typeset(row["sung"])
    said = f"Musica ficta (breve {row['breve']}): {_voices(row)} has {written}"
    if row["editor"] == "alone":
        return f"{said}, for which the editor has {sung}, by none of the rules"
    editors = {"agrees": "has it too", "differs": "alters it otherwise", "silent": "does not alter it"}
    rule = row["rule"].replace("-", " ")
    sure = f"{row['confidence']:.0%} sure"
    return f"{said}, sung {sung} by the rule {rule} ({sure}); the editor {editors[row['editor']]}"


def _imitation(_name: str, row: Row) -> str:
    entries = [f"{row['voices'][0]} on {_typeset(row['pitches'][0])}"]
    for voice, pitch, apart in zip(row["voices"][1:], row["pitches"][1:], row["distances"], strict=True):
        entries.append(f"{voice} on {_typeset(pitch)} after {_count(apart, 'breve')}")
    exact = {"exact": "exactly", "flexed": "with an interval changed"}[row["melodic"]]
    rhythm = {"exact": "in the same rhythm", "flexed": "in another rhythm"}.get(row["rhythm"], row["rhythm"])
    return (
        f"Imitation (breve {row['breve']}), {row['type']}: {', '.join(entries)} take up {row['notes']} notes "
        f"({row['soggetto']}) {exact}, {rhythm}"
    )


def _melodic(_name: str, row: Row) -> str:
    return f"Melodic interval (breve {row['breve']}): {_voices(row)} goes by {_intervals(row['interval'])}"


def _mode(_name: str, row: Row) -> str:
    number = f" (mode {row['number']})" if row["number"] else ""
    scale = f" {row['scale']}" if row["scale"] else ""
    low, high = map(_typeset, row["ambitus"])
    reciting = f", {_typeset(row['reciting'])} sung longest besides" if row["reciting"] else ""
    said = f"Mode: {_typeset(row['final'])}{scale}, {row['octave']}{number}"
    return f"{said}, by the {row['tenor']} from {low} to {high}{reciting}; {row['evidence']}"


def _module(_name: str, row: Row) -> str:
    upper, lower = row["voices"]
    length = _semibreves(row["duration"])
    return f"Module (breve {row['breve']}): {upper} over {lower} makes {row['module']} in {length}"


def _parallel(_name: str, row: Row) -> str:
    upper, lower = row["voices"]
    kind, size = str(row["kind"]), _interval(row["interval"]).removeprefix("perfect ")
    way = f"from {_article(_interval(row['from_interval']))} to {_article(_interval(row['to_interval']))}"
    return f"{kind[:1].upper()}{kind[1:]} {size}s (breve {row['breve']}): {upper} and {lower} go {way}"


def _profile(_name: str, row: Row) -> str:
    value = str(row["value"])
    share = f"{row['share']:.0%}" if row["share"] >= 0.005 else "less than 1%"
    if row["profile"] == "pitch-class":
        length = _semibreves(row["weight"])
        return f"Profile: {_voices(row)} sings {_typeset(value)} for {length}, {share} of its time"
    if row["profile"] == "interval":
        times = _count(row["count"], "time")
        return f"Profile: {_voices(row)} goes {times} by {_intervals(value)}, {share} of its intervals"
    notes = f"{_count(row['count'], 'note')} of {_count(Fraction(value), 'semibreve')}"
    return f"Profile: {_voices(row)} has {notes}, {share} of its notes"


def _texture(_name: str, row: Row) -> str:
    said = f"Texture (breve {row['breve']}), {row['type']}: {_voices(row)}, {row['density']:.3g} at a time"
    if row["together"]:
        said += f"; {_and(row['together'])} move together"
    if row["entering"]:
        said += f"; {_and(row['entering'])} {'begins' if len(row['entering']) == 1 else 'begin'}"
    return said


def _underlay(_name: str, row: Row) -> str:
    whole = f" of “{row['word']}”" if row["word"] != row["syllable"].strip("-") else ""
    strophe = f", strophe {row['strophe']}" if row["strophe"] > 1 else ""
    doubt = f"; {row['doubt']}" if row["doubt"] else ""
    return (
        f"Underlay (breve {row['breve']}{strophe}): {_voices(row)} sings “{row['syllable']}”{whole} on "
        f"{_count(row['notes'], 'note')}, {_count(row['semibreves'], 'semibreve')}{doubt}"
    )


def _vertical(_name: str, row: Row) -> str:
    upper, lower = row["voices"]
    held = f"; {row['held']} holds its note" if row.get("held") else ""
    said = f"Vertical interval (breve {row['breve']}): {upper} over {lower} makes"
    return f"{said} {_intervals(row['interval'])}{held}"


def _in_general(name: str, row: Row) -> str:
    told = [
        f"{column.replace('_', ' ')} {_value(column, value)}"
        for column, value in row.items()
        if column not in FINDING_COLUMNS and _value(column, value)
    ]
    what = name.replace("-", " ").capitalize()
    return f"{what} (breve {row['breve']}), {_voices(row)}" + (f": {'; '.join(told)}" if told else "")


def _value(column: str, value: Any) -> str:
    return _semibreves(value) if column in _TIMES else _plain(value)


def _plain(value: Any) -> str:
    """A value as words: lists joined, yes and no, numbers short, nothing for what is missing."""
    if isinstance(value, tuple | list):
        return ", ".join(part for part in map(_plain, value) if part)
    if value is None or value != value:
        return ""
    if str(value) in ("True", "False"):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _voices(row: Row) -> str:
    return _and([voice for voice in row["voices"] if voice])


def _and(names: tuple[str, ...] | list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _semibreves(ticks: int) -> str:
    return _count(Fraction(int(ticks), TICKS), "semibreve")


def _count(number: float | Fraction, what: str) -> str:
    """A number of things: ``1 note``, ``3/2 semibreves``, ``1/2 semibreve``; long times are rounded."""
    exact = isinstance(number, Fraction) and (number < 4 or number.denominator == 1)
    told = str(number) if exact else f"{float(number):.5g}"
    return f"{told} {what}{'' if 0 < number <= 1 else 's'}"


def _intervals(names: str) -> str:
    """One interval or more, as ``M2 -m3``, in words."""
    return ", ".join(_article(_interval(name)) for name in names.split())


def _interval(name: str) -> str:
    """An interval as ``-P5`` in words: ``fifth down``; what is no interval stays as it is."""
    bare = name.lstrip("-")
    quality = bare.rstrip("0123456789")
    if quality not in _QUALITIES or bare == quality:
        return name
    said = f"{_QUALITIES[quality]}{_size(int(bare[len(quality) :]) - 1)}"
    return f"{said} down" if name.startswith("-") else said


def _size(steps: int) -> str:
    size = abs(steps)
    if size < len(_SIZES):
        return _SIZES[size]
    number = size + 1
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
    return f"{number}{ending}"


def _article(what: str) -> str:
    vowel = what[:1] in "aeio" or what.startswith(("11", "18", "8"))
    return f"{'an' if vowel else 'a'} {what}"


def _typeset_pitches(text: str) -> str:
    """Return a text with the accidentals of the pitches in it typeset."""
    return _PITCH.sub(lambda found: _typeset(found[0]), text)


def _typeset(tone: object) -> str:
    return str(tone).replace("#", "♯").replace("b", "♭")


_WORDS: dict[str, Callable[[str, Row], str]] = {
    "ambitus": _ambitus,
    "cadences": _cadence,
    "concordances": _concordance,
    "dissonances": _dissonance,
    "ficta": _ficta,
    "imitation": _imitation,
    "melodic-intervals": _melodic,
    "mode": _mode,
    "modules": _module,
    "parallels": _parallel,
    "profile": _profile,
    "texture": _texture,
    "underlay": _underlay,
    "vertical-intervals": _vertical,
}
