"""Textures of tiny pieces, and of madrigals whose homorhythm has been labelled by hand."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from alamire.analysis import problems_of, texture
from alamire.notation import Piece
from alamire.notation.voice import Barline
from tests.analysis.pieces import MINIM, piece

TRIO = {"Superius": "C5:2 D5:1 E5:1", "Tenor": "G4:2 B4:1 C5:1", "Bassus": "C4:2 G3:1 C4:1"}


def test_homorhythm_is_of_all_voices_or_some() -> None:
    """Three voices that attack together are in homorhythm; with a fourth that does not, partly."""
    found = texture(piece(**TRIO)).iloc[0]
    assert (found.type, found.together, found.share) == ("homorhythm", ("Superius", "Tenor", "Bassus"), 1.0)
    assert (found.sounding, found.density, found.breve) == (3, 3.0, 1)
    free = texture(piece(**TRIO, Quintus="r:1 F4:2 E4:1")).iloc[0]
    assert (free.type, free.together) == ("partial homorhythm", ("Superius", "Tenor", "Bassus"))


def test_words_must_agree() -> None:
    """The same rhythm on other syllables is no homorhythm."""
    whole = piece(**TRIO)
    words = {"Superius": "O dul- -cis", "Tenor": "O dul- -cis", "Bassus": "A- -ve vir-"}
    for texts, kind in ((words, "counterpoint"), (words | {"Bassus": "o dul- cis,"}, "homorhythm")):
        voices = tuple(
            replace(
                v,
                notes=tuple(
                    n._replace(lyric=(w,)) for n, w in zip(v.notes, texts[v.name].split(), strict=True)
                ),
            )
            for v in whole.voices
        )
        assert texture(replace(whole, voices=voices))["type"].tolist() == [kind]


def test_solos_duets_and_entries() -> None:
    """One voice is a solo, two a duet, and voices that begin one after the other are entries."""
    found = texture(piece(Superius="C5:4 D5:3 C5:1 E5:4", Tenor="r:4 G4:1 F4:3 G4:1 E4:3", Bassus="r:9 C4:3"))
    assert found["type"].tolist() == ["solo", "duet", "counterpoint"]
    assert found["entering"].tolist() == [("Superius",), ("Tenor",), ("Bassus",)]
    assert found["voices"].tolist()[1] == ("Superius", "Tenor")
    entries = texture(
        piece(Superius="C5:3 D5:1 E5:4", Tenor="r:1 G4:1 A4:2 B4:4", Bassus="r:2 C4:1 D4:1 E4:4")
    )
    assert entries["type"].tolist()[0] == "entries"


def test_silence_is_no_texture() -> None:
    """Breves in which nobody sings have no row; a silent voice is named."""
    assert texture(piece(Tenor="C4:4 r:4 C4:4"))["breve"].tolist() == [1, 3]
    findings = texture(piece(Tenor="C4:2", Bassus="r:2"))
    assert [problem.code for problem in problems_of(findings)] == ["silent-voice"]
    assert texture(piece(Tenor="r:2")).empty


def test_a_breve_begins_at_its_line() -> None:
    """What is held over the line counts from the line: the time before the first attack is the breve's."""
    lines = (Barline(0, 1), Barline(4 * MINIM, 2), Barline(8 * MINIM, 3), Barline(12 * MINIM, 3))
    song = replace(piece(Superius="r:7 C5:5", Tenor="C4:6 D4:6", Bassus="C3:12"), barlines=lines)
    found = texture(song)
    assert found["breve"].tolist() == [1, 2, 3]
    assert (found["onset"] / MINIM).tolist() == [0, 4, 8]
    assert found["density"].tolist() == [2.0, 2.25, 3.0]
    assert found["ids"].tolist() == [("t1", "b1"), ("s2", "t1", "b1"), ("s2", "t2", "b1")]


def labelled(path: Path) -> tuple[Piece, list[tuple[int, int, str]]]:
    """Return a madrigal and its labels: where each begins and ends, and its name."""
    madrigal = Piece.from_file(path)
    onsets = {
        int(note.id[1:].split("F")[0]): note.onset
        for voice in madrigal.voices
        for note in voice.notes
        if note.id.startswith("L")
    }
    opened: list[tuple[int, str]] = []
    spans: list[tuple[int, int, str]] = []
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1):
        if line[:1] not in ("*", "!", "=") and number in onsets:
            for token in re.findall(r">|<[^<>]*", line.split("\t")[-1]):
                if token != ">":
                    opened.append((onsets[number], token[1:]))
                elif opened:
                    begin, name = opened.pop()
                    spans.append((begin, onsets[number], name))
    end = max(voice.end for voice in madrigal.voices)
    return madrigal, spans + [(begin, end, name) for begin, name in opened]


@pytest.mark.slow
def test_homorhythm_in_madrigals(real_data: Path) -> None:
    """Four in five of the passages labelled as homorhythm are found for half of their bars or more."""
    counts = {"both": 0, "ours": 0, "theirs": 0, "passages": 0, "found": 0}
    for path in sorted((real_data / "lauro-secco").glob("*/*_annotated.krn")):
        madrigal, spans = labelled(path)
        spans = [span for span in spans if "HOM" in span[2]]
        lines = sorted({bar.onset for bar in madrigal.barlines})
        bars = list(pairwise(lines))
        table = texture(madrigal)
        here = table[table["type"].isin(["homorhythm", "partial homorhythm"])]["onset"]
        ours = {bisect_right(lines, onset) - 1 for onset in here}
        inside = [
            {k for k, (a, b) in enumerate(bars) if min(b, end) - max(a, begin) >= (b - a) / 2}
            or {bisect_right(lines, begin) - 1}
            for begin, end, _ in spans
        ]
        theirs = set().union(*inside)
        counts["both"] += len(ours & theirs)
        counts["ours"] += len(ours)
        counts["theirs"] += len(theirs)
        counts["passages"] += len(inside)
        counts["found"] += sum(2 * len(ours & passage) >= len(passage) for passage in inside)
    precision, recall = counts["both"] / counts["ours"], counts["both"] / counts["theirs"]
    print(f"bars: precision {precision:.2f}, recall {recall:.2f}; {counts['found']} of {counts['passages']}")
    assert counts["found"] / counts["passages"] >= 0.8
    assert precision >= 0.5 and recall >= 0.65
