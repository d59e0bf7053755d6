"""The classes of dissonance that humlib finds, as an opinion independent of ours.

humlib's ``dissonant`` filter (Alexander Morgan and Craig Sapp) is part of verovio, which can crash on it: it
always runs in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from alamire.notation import Piece

FILTER = """
import sys, verovio
verovio.enableLog(verovio.LOG_OFF)
data = open(sys.argv[1], encoding="utf-8", errors="replace").read()
sys.stdout.write(verovio.toolkit(False).convertHumdrumToHumdrum(data + "\\n!!!filter: dissonant\\n"))
"""

#: humlib's letters, small for down and capital for up, by our names of the classes.
LETTERS = {
    "p": "passing", "n": "lower neighbour", "N": "upper neighbour", "e": "échappée", "c": "cambiata",
    "k": "long cambiata", "i": "leapt neighbour", "j": "leapt neighbour", "a": "anticipation",
    "q": "third quarter", "b": "third quarter", "v": "accented passing", "w": "accented neighbour",
    "t": "appoggiatura", "s": "suspension", "o": "suspension", "f": "fake suspension",
    "m": "suspension without agent", "h": "chanson idiom", "l": "parallel", "x": "pitch of resolution",
    "y": "between explained notes", "d": "double neighbour", "z": "unprepared", "g": "agent",
}  # fmt: skip

Labels = dict[tuple[int, int], str]


def humlib_labels(path: Path, folder: Path) -> Labels | None:
    """Return humlib's class for each voice (its number) and onset (ticks); None where verovio crashes."""
    run = subprocess.run([sys.executable, "-c", FILTER, str(path)], capture_output=True, check=False)
    text = run.stdout.decode("utf-8", errors="replace")
    if run.returncode or "**cdata-rdiss" not in text:
        return None
    labelled = folder / f"{path.stem}.krn"
    labelled.write_text(text, encoding="utf-8")
    piece = Piece.from_file(labelled)
    onsets = {
        int(note.id[1:].split("F")[0]): note.onset
        for voice in piece.voices
        for note in voice.notes
        if note.id.startswith("L")
    }
    return _labels(text.splitlines(), onsets, len(piece.voices))


def _labels(lines: list[str], onsets: dict[int, int], voices: int) -> Labels:
    labels: Labels = {}
    spines: list[int] = []
    for number, line in enumerate(lines, start=1):
        fields = line.split("\t")
        if line.startswith("**"):
            rank = 0
            for field in fields:
                rank += field == "**kern"
                spines.append(voices + 1 - rank if field == "**cdata-rdiss" else 0)
        elif line.startswith("*"):
            spines = _manipulated(spines, fields)
        elif not line.startswith(("!", "=")) and number in onsets:
            for field, voice in zip(fields, spines, strict=True):
                if voice and field != ".":
                    name = LETTERS.get(field) or LETTERS.get(field.lower(), field)
                    labels[(voice, onsets[number])] = name
    return labels


def _manipulated(spines: list[int], fields: list[str]) -> list[int]:
    """Follow splits and joins of spines."""
    found: list[int] = []
    joining = False
    for spine, field in zip(spines, fields, strict=True):
        if field == "*^":
            found += [spine, spine]
        elif field != "*v" or not joining:
            found.append(spine)
        joining = field == "*v"
    return found


def our_labels(piece: Piece, findings: Any) -> Labels:
    """Return our classes in the same way, the plainest where a note is dissonant with several."""
    from alamire.analysis.dissonance_classes import CLASSES

    rank = {name: place for place, (name, _) in enumerate(CLASSES)}
    numbers = {voice.name: voice.number for voice in piece.voices}
    labels: Labels = {}
    agents: Labels = {}
    for row in findings.itertuples():
        place = (numbers[row.voices[0]], row.onset)
        if place not in labels or rank[row.treatment] < rank[labels[place]]:
            labels[place] = row.treatment
        if row.roles[1] == "agent":
            agents[(numbers[row.voices[1]], row.onset)] = "agent"
    merged = {"repeated suspension": "suspension", "ornamented suspension": "suspension"}
    return agents | {place: merged.get(name, name) for place, name in labels.items()}


def agreement(pairs: list[tuple[Labels, Labels]]) -> Counter[tuple[str, str]]:
    """Count (our class, humlib's class) over all notes that either calls dissonant."""
    counts: Counter[tuple[str, str]] = Counter()
    for ours, theirs in pairs:
        for place in ours.keys() | theirs.keys():
            counts[(ours.get(place, "–"), theirs.get(place, "–"))] += 1
    return counts


def table(counts: Counter[tuple[str, str]]) -> list[str]:
    """Return lines: each of humlib's classes, how many, how many of them ours, and what else we say."""
    lines = []
    for name in sorted({theirs for _, theirs in counts}, key=lambda each: -_total(counts, each)):
        total = _total(counts, name)
        others = Counter({ours: n for (ours, theirs), n in counts.items() if theirs == name and ours != name})
        said = ", ".join(f"{ours} {n}" for ours, n in others.most_common(4))
        same = counts[(name, name)]
        share = f"{100 * same / total:5.1f} %" if name != "–" else "       "
        lines.append(f"{name:26} {total:6} {share}   {said}")
    return lines


def _total(counts: Counter[tuple[str, str]], name: str) -> int:
    return sum(n for (_, theirs), n in counts.items() if theirs == name)
