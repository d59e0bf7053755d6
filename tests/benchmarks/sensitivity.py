"""What each number that readings and cadences are weighed by is worth: taken away, halved and doubled.

Run it as ``python -m tests.benchmarks.sensitivity mensural`` or ``cadences``; names of numbers after that
leave out the others. Each row has the figures that the numbers were set by. Of the pieces that are written
out every second one is for setting numbers, the others for checking them. It takes some ten minutes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from unittest.mock import patch

from alamire.analysis import cadences
from alamire.notation import Piece, Voice, read
from alamire.notation.mensural import perfection
from alamire.notation.mensural.resolver import resolve
from tests.analysis.marked import Score, marked_pieces, marks, scholars_marks, score
from tests.conftest import find_real_data
from tests.notation.written_out import WAYS, ScoreNote, lines_of, write_out

FACTORS = (0, Fraction(1, 2), 2)
CADENCES = sys.modules["alamire.analysis.cadences"]


class Reading(dict[str, int]):
    """Notes read, read wrongly, in doubt, and wrong ones that are in doubt."""

    def count(self, wrong: bool, doubtful: bool) -> None:
        """Count a note."""
        for name, true in (("wrong", wrong), ("doubt", doubtful), ("told", wrong and doubtful)):
            self[name] = self.get(name, 0) + true

    def __str__(self) -> str:
        return (
            f"{self.get('wrong', 0):4} wrong ({self.get('told', 0):3} of {self.get('doubt', 0):3} in doubt)"
        )


def measure_mensural(data: Path) -> Callable[[], Iterator[str]]:
    """Return what reads the scores written out, half by half, and scoring-up by the prices in force."""
    paths = [path for name in ("jrp", "leuven-chansonnier", "1520s") for path in (data / name).glob("*.krn")]
    passages = [list(lines_of(path)) for path in sorted(paths, key=lambda path: path.name)]
    written = [each for each in passages if each]
    halves = [[line for piece in written[start::2] for line in piece] for start in (0, 1)]
    folder = data / "mensural" / "scoring-up"
    scores = [
        (path, read(folder / "mensural-mei" / path.name).voices)
        for path in sorted((folder / "quasi-score").glob("*.mei"))
    ]

    def figures() -> Iterator[str]:
        for name, half in zip(("set", "check"), halves, strict=True):
            yield f"{name}: {_read_back(half)}"
        for name, barred in (("scoring-up", True), ("without bar lines", False)):
            yield f"{name}: {_score_up(scores, barred)}"

    return figures


def _read_back(lines: Sequence[list[ScoreNote]]) -> Reading:
    found = Reading()
    for notes in lines:
        for way in WAYS:
            signs = write_out(notes, way)
            resolve([sign for sign, _ in signs])
            for sign, length in signs:
                if sign.kind == "note":
                    found.count(sign.length != length, sign.other is not None)
    return found


def _score_up(scores: Sequence[tuple[Path, Sequence[Voice]]], barred: bool) -> Reading:
    found = Reading()
    for path, right in scores:
        text = path.read_text("utf-8")
        text = text if barred else re.sub(r"<barLine\b[^>]*/>", "", text)
        for ours, theirs in zip(read(text.encode(), path.name).voices, right, strict=True):
            for note, other in zip(ours.notes, theirs.notes, strict=True):
                doubtful = note.written is not None and note.written.other > 0
                found.count(note.duration != other.duration, doubtful)
    return found


def measure_cadences(data: Path) -> Callable[[], Iterator[str]]:
    """Return what looks for the marked cadences by the points in force.

    Points and threshold go together, so each row has the threshold that is best for the Leuven songs, by the
    harmonic mean of two shares: of marks that are found with their tone, and of findings that are marked.
    """
    krn = {path.stem: path for path in sorted(data.rglob("*.krn")) if path.stem in marked_pieces()}
    leuven, others = [], []
    for name, path in krn.items():
        song = Piece.from_file(path)
        home = leuven if path.parent.name == "leuven-chansonnier" else others
        home.append((song, marks(song, name)))
    chansons = scholars_marks(data / "chansons-with-cadences")
    scholars = [(Piece.from_file(path), marked) for path, marked in chansons.items()]

    def total(songs: Sequence[tuple[Piece, list]], threshold: float, *by: object) -> Score:
        found = Score()
        for song, marked in songs:
            found.add(score(cadences(song, threshold=threshold), marked, *by))
        return found

    def figures() -> Iterator[str]:
        points = sum(CADENCES.WEIGHTS.values())
        steps = [float(count / points) for count in range(int(points) // 3, int(points) * 3 // 4)]
        best = max(steps, key=lambda threshold: _mean(total(leuven, threshold)))
        yield f"threshold {best:.2f}"
        for name, songs, by in (
            ("Leuven", leuven, ()),
            ("other songs", others, ()),
            ("Du Chemin", scholars, ("breve", 1)),
        ):
            found = total(songs, best, *by)
            yield f"{name}: {_mean(found):.3f} ({found.toned} of {found.marked}, {found.false} besides)"

    return figures


def _mean(found: Score) -> float:
    return 2 * found.toned / (found.marked + found.found + found.false)


def look(
    module: object, name: str, chosen: Sequence[str], figures: Callable[[], Iterator[str]]
) -> Iterator[str]:
    """Yield a line of figures for the numbers as they are, and for each of them changed."""
    numbers: Mapping[str, float] = getattr(module, name)
    yield f"{'as they are':44} {'; '.join(figures())}"
    for key in chosen or numbers:
        for factor in FACTORS:
            changed = MappingProxyType({**numbers, key: numbers[key] * factor})
            with patch.object(module, name, changed):
                yield f"{key + ', times ' + str(factor):44} {'; '.join(figures())}"


def main(what: str, *chosen: str) -> None:
    """Print the lines of a group."""
    data = find_real_data()
    if data is None:
        print("the real data is not here")
        return
    module, name, measure = {
        "mensural": (perfection, "PRICES", measure_mensural),
        "cadences": (CADENCES, "WEIGHTS", measure_cadences),
    }[what]
    for line in look(module, name, chosen, measure(data)):
        print(line, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
