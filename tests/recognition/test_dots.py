"""Dots: half seen and taken by the beat, asked for by the checks, counted, written on lines."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from functools import reduce

import numpy as np
import pytest

from alamire.recognition import beats
from alamire.recognition.against import agreement
from alamire.recognition.checks import with_findings
from alamire.recognition.decode import decode
from alamire.recognition.dots import with_dots
from alamire.recognition.encoding import draft_mei
from alamire.recognition.reading import PageReading, from_json, to_json
from alamire.recognition.scribe.grammar import choose_style as style_of
from alamire.recognition.scribe.grammar import signs, walk
from alamire.recognition.scribe.hand import KINDS, choose_hand
from alamire.recognition.shapes import DOT, SHAPE_INDEX, VOCABULARY, shape_of
from alamire.recognition.symbols import HEIGHTS, LOWEST, Candidate
from tests.recognition.songs import reading_of, with_staff

PLACES = 40
MINIMS = "note.minima-L2 note.minima-S2 note.minima-L3 note.minima-S3"
#: Breves that begin on their beat, but for the dot after the third semibreve.
DOTTED = (
    f"clef.C-L1 metersign.C-L3 {MINIMS} note.semibrevis-L3 dot-L3 note.minima-S3 {MINIMS} "
    "note.semibrevis-L2 note.semibrevis-L3 rest.brevis-L3 note.longa-L1 barline-L1"
)
NOTE = DOTTED.split().index("dot-L3") - 1


def odds(*seen: tuple[int, str, int, float]) -> tuple[np.ndarray, np.ndarray]:
    """What a network says that sees shapes at heights at some places of a strip, as likely as is given."""
    shapes = np.zeros((PLACES, 1 + len(VOCABULARY)), np.float32)
    heights = np.full((PLACES, HEIGHTS), 1e-4, np.float32)
    for place, shape, height, likely in seen:
        shapes[place, 1 + SHAPE_INDEX[shape_of(shape)]] = likely
        heights[place, height - LOWEST] = 0.99
    shapes[:, 0] = 1 - shapes[:, 1:].sum(1)
    return np.log(shapes + 1e-9), np.log(heights)


@pytest.mark.parametrize(
    ("likely", "read", "unread"),
    [(0.9, True, None), (0.3, False, 0.3), (0.06, False, 0.06), (0.005, False, None)],
)
def test_what_was_seen_by_half_is_told(likely: float, read: bool, unread: float | None) -> None:
    """Between two symbols of a strip: read, told as unread, or nothing."""
    seen = ((10, "note.minima", 4, 0.98), (14, "dot", 4, likely), (20, "note.minima", 3, 0.98))
    found = decode(*odds(*seen))
    assert [str(one.shape) for one in found] == ["note.minima", *(["dot"] if read else []), "note.minima"]
    assert [str(candidate) for candidate in found[0].unread] == ([] if unread is None else ["dot-L3"])
    assert unread is None or found[0].unread[0].odds == pytest.approx(unread, abs=0.01)
    assert found[-1].unread == ()


def test_the_edges_of_a_symbol_are_no_other_symbol() -> None:
    """What rises before a sign and falls after it is that sign, though its height is not yet clear."""
    seen = ((9, "note.minima", 6, 0.3), (10, "note.minima", 4, 0.98), (11, "note.minima", 2, 0.3))
    assert [one.unread for one in decode(*odds(*seen, (25, "custos", 4, 0.9)))] == [(), ()]


def half_seen(likely: float, names: str = DOTTED) -> PageReading:
    """A page whose first dot the network saw by half only."""
    page = reading_of(names.replace(" dot-L3", "", 1))
    staff = page.staves[0]
    note = replace(staff.symbols[NOTE], unread=(Candidate.named("dot-L3", likely),))
    symbols = (*staff.symbols[:NOTE], note, *staff.symbols[NOTE + 1 :])
    return with_staff(page, 0, replace(staff, symbols=symbols))


def test_a_dot_that_was_half_seen_is_read_where_the_beat_asks_for_it() -> None:
    """Where little was seen too; its box lies beside the head, and nothing is unread any longer."""
    found = with_dots(half_seen(0.06)).staves[0].symbols
    assert [str(symbol) for symbol in found] == DOTTED.split()
    note, dot, following = found[NOTE : NOTE + 3]
    assert note.unread == () and 0.5 < dot.confidence <= 1
    assert note.x + 10 < dot.x < following.x - 10
    assert dot.box[0] < dot.x < dot.box[2] and dot.box[2] - dot.box[0] < 20
    assert with_findings(with_dots(half_seen(0.06))).findings == ()


def test_a_speck_that_the_beat_speaks_against_is_no_dot() -> None:
    """The voice goes on its beats without it."""
    regular = DOTTED.replace("dot-L3 note.minima-S3", "note.minima-S3 note.minima-S3")
    page = half_seen(0.2, regular.replace("note.semibrevis-L3", "note.semibrevis-L3 dot-L3", 1))
    assert with_dots(page) == page


def test_where_no_beat_is_known_nothing_is_added() -> None:
    """Under major prolation semibreves have three minims, or two."""
    page = half_seen(0.4, DOTTED.replace("metersign.C-", "metersign.C.-"))
    assert with_dots(page) == page


def test_a_voice_without_a_beat_says_nothing_of_dots() -> None:
    """Where minims and semiminims come as they like, a dot more or less is no better."""
    chance = random.Random(3)
    loose = " ".join(
        f"note.{chance.choice(['minima', 'semiminima'])}-L3 rest.semibrevis-L3" for _ in range(30)
    )
    page = half_seen(0.4, DOTTED.replace("note.longa-L1", f"{loose} note.longa-L1"))
    assert with_dots(page) == page


def test_nothing_stands_behind_what_is_no_note() -> None:
    """A speck after a rest stays one."""
    page = half_seen(0.4, DOTTED.replace("note.semibrevis-L3 dot-L3", "rest.semibrevis-L3 dot-L3", 1))
    assert with_dots(page) == page


@pytest.mark.parametrize(("value", "after"), [("semibrevis", "minima"), ("minima", "semiminima")])
def test_the_checks_ask_for_a_dot(value: str, after: str) -> None:
    """Of which nothing was seen: its note is named, and that something is missing behind it."""
    goes_on = " ".join([f"{MINIMS} rest.semibrevis-L3 note.semibrevis-L2"] * 4)
    right = f"clef.C-L1 metersign.C/-L3 {MINIMS} note.{value}-S2 dot-S2 note.{after}-L2 {goes_on} "
    right += "note.longa-L1 barline-L1"
    assert with_findings(reading_of(right)).findings == ()
    found = {one.code: one for one in with_findings(reading_of(right.replace(" dot-S2", ""))).findings}
    asked = found["missing-dot"]
    assert asked.missing[0] == (0, 6) and asked.sign == "dot-S2"
    assert f"note.{value}-S2" in asked.message


def test_a_reading_says_where_something_is_missing_and_is_read_back() -> None:
    """As JSON; a reading that was kept by an earlier alamire, which knew nothing of it, is read too."""
    page = with_findings(half_seen(0.3, DOTTED.replace("clef.C-L1 ", "").replace(" barline-L1", "")))
    assert {one.code for one in page.findings if one.missing} >= {"no-clef"}
    assert from_json(to_json(page)) == page
    plain = replace(page, findings=tuple(replace(one, missing=(), sign="") for one in page.findings))
    plain = replace(
        plain, staves=tuple(
            replace(staff, symbols=tuple(replace(one, unread=()) for one in staff.symbols))
            for staff in plain.staves
        ),
    )  # fmt: skip
    text = to_json(plain)
    for word in ('"missing": [],', '"unread": []'):
        assert word in text
    data = json.loads(text)
    for finding in data["findings"]:
        del finding["missing"], finding["sign"]
    for staff in data["staves"]:
        for symbol in staff["symbols"]:
            del symbol["unread"]
    assert from_json(json.dumps(data)) == plain


def test_a_wide_gap_is_told_where_gaps_are_seldom() -> None:
    """A sign was overlooked there; a hand that leaves gaps everywhere says nothing."""
    page = reading_of(*[f"clef.C-L1 {MINIMS} {MINIMS} note.longa-L3"] * 3)
    staff = page.staves[1]
    torn = replace(staff, symbols=(*staff.symbols[:4], *(replace(s, x=s.x + 200) for s in staff.symbols[4:])))
    (gap,) = [one for one in with_findings(with_staff(page, 1, torn)).findings if one.code == "wide-gap"]
    assert gap.missing == ((1, 3),) and gap.at == ()
    loose = reduce(lambda made, row: with_staff(made, row, torn), (0, 1, 2), page)
    assert "wide-gap" not in {one.code for one in with_findings(loose).findings}


RIGHT = (
    "clef.C-L1 accidental.flat-S1 metersign.C/-L3 note.semibrevis-L3 dot-L3 note.minima-S1 "
    "accidental.sharp-L3 note.semibrevis-L3 rest.semibrevis-L3 ligature.start.up-L2 ligature.end-S2 "
    "note.brevis~-L2 note.longa-L1 corona-S5 barline-L1"
)


def compared(read: str) -> dict[str, tuple[int, int, int]]:
    """A page that was read so against its encoding: of each kind what is there, read, and read falsely."""
    found = agreement(reading_of(read), draft_mei([reading_of(RIGHT)]))
    kinds = {one.kind: (one.there, one.read, one.false) for one in found.signs}
    return {"note": (found.notes, found.notes - found.wrong, 0), **kinds}


def test_all_that_sounds_or_lengthens_is_counted() -> None:
    """Notes and rests with pitch and length; dots, accidentals, coronas, coloration, ligatures at them."""
    assert compared(RIGHT) == {
        "note": (8, 8, 0), "dot": (1, 1, 0), "altered note": (2, 2, 0), "corona": (1, 1, 0),
        "coloured note": (1, 1, 0), "note in ligature": (2, 2, 0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "kind", "now"),
    [
        ("dot-L3 ", "", "dot", (1, 0, 0)),
        ("note.minima-S1", "note.minima-S1 dot-S1", "dot", (1, 1, 1)),
        ("accidental.sharp-L3 ", "", "altered note", (2, 1, 0)),
        ("accidental.flat-S1 ", "", "altered note", (2, 1, 0)),
        (" corona-S5", "", "corona", (1, 0, 0)),
        ("brevis~", "brevis", "coloured note", (1, 0, 0)),
        ("ligature.start.up-L2 ligature.end-S2", "note.semibrevis-L2 note.semibrevis-S2",
         "note in ligature", (2, 0, 0)),
    ],
)  # fmt: skip
def test_each_sign_that_is_missed_is_missed_in_the_count(
    before: str, after: str, kind: str, now: tuple[int, int, int]
) -> None:
    """And where it changes how a note sounds, that note does not agree."""
    assert before in RIGHT
    found = compared(RIGHT.replace(before, after, 1))
    assert found[kind] == now
    others = set(found) - {kind, "note"}
    assert {each: found[each] for each in others} == {each: compared(RIGHT)[each] for each in others}
    if kind in ("dot", "altered note"):
        assert found["note"] == (8, 7, 0)


def test_what_agrees_is_said_in_words() -> None:
    """Kinds of which there is none are left out; what was read falsely is told."""
    page = RIGHT.replace("dot-L3 ", "", 1).replace("note.minima-S1", "note.minima-S1 dot-S1")
    said = str(agreement(reading_of(page), draft_mei([reading_of(RIGHT)])))
    assert said.startswith("6 of 8 notes and rests, 0 of 1 dot (1 read where there is none), ")
    assert "1 of 1 corona" in said
    plain = draft_mei([reading_of("clef.C-L1 note.brevis-L3 note.longa-L3")])
    assert str(agreement(reading_of("clef.C-L1 note.brevis-L3"), plain)) == "1 of 2 notes and rests"


def test_scribes_dot_notes_on_lines_on_the_line_too() -> None:
    """In the space above, on the line, or on any side, by their habits; of notes in spaces beside them."""
    seen: dict[str, set[tuple[bool, int]]] = {}
    kinds = set()
    for number in range(120):
        chance = random.Random(number)
        hand = choose_hand(chance, KINDS[number % len(KINDS)])
        voice = signs(chance, hand, style_of(chance, hand), walk(chance, style_of(chance, hand)), -1, 9)
        for _, group in zip(range(200), voice, strict=False):
            found = [sign.shape for sign in group]
            if DOT in found:
                note = group[found.index(DOT) - 1]
                below = group[found.index(DOT)].height - note.height
                seen.setdefault(hand.dots, set()).add((note.height % 2 == 0, below))
                kinds.add(note.shape.value or note.shape.family)
    assert seen["space"] == {(True, 1), (False, 0)}
    assert seen["line"] == {(True, 0), (False, 0)}
    assert seen["anywhere"] == {(True, -1), (True, 0), (True, 1), (False, 0)}
    assert {"longa", "brevis", "semibrevis", "minima", "ligature"} <= kinds


def test_where_the_odds_are_spread_the_likeliest_place_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """No place reaches the odds that are asked for: the check names one all the same, and does not fail."""
    monkeypatch.setattr(beats, "NAMED", 1.0)
    monkeypatch.setattr(beats, "DOTTED", 1.0)
    goes_on = " ".join([f"{MINIMS} rest.semibrevis-L3 note.semibrevis-L2"] * 4)
    wrong = f"clef.C-L1 metersign.C/-L3 {MINIMS} note.semibrevis-S2 note.minima-L2 {goes_on} "
    wrong += "note.longa-L1 barline-L1"
    found = {finding.code: finding.at for finding in with_findings(reading_of(wrong)).findings}
    assert len(found["off-the-beat"]) == len(found["missing-dot"]) == 1
