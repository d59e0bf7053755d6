"""What each analysis costs over 20 pieces of four voices, and how well dissonances and cadences are told.

Run it as ``python tests/benchmarks/analysis.py [FOLDER]``; without a folder of Humdrum files it takes the
real data, if that is here, else the samples. Nothing is asserted; the aims are 0.3 CPU seconds for each
analysis and 200 MB for all. Each analysis reads the voices of the pieces anew.
"""

from __future__ import annotations

import cProfile
import pstats
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from alamire.analysis import ANALYSES, cadences, dissonances  # noqa: E402  (the tests are found by their folder)
from alamire.notation import Piece  # noqa: E402
from tests.analysis.humlib import Labels, agreement, humlib_labels, our_labels, table  # noqa: E402
from tests.analysis.marked import Score, marked_pieces, marks, scholars_marks, score  # noqa: E402
from tests.conftest import find_real_data  # noqa: E402

PIECES, VOICES = 20, 4


def choose(folder: Path | None) -> list[Path]:
    """Return the Humdrum files to analyse."""
    data = find_real_data()
    place = folder or (data / "jrp" if data else ROOT / "samples")
    return sorted(place.rglob("*.krn"))


def read(paths: list[Path]) -> list[Piece]:
    """Return the first 20 pieces of four voices, repeating them where there are fewer."""
    found: list[Piece] = []
    for path in paths:
        song = Piece.from_file(path)
        if len(song.voices) == VOICES:
            found.append(song)
        if len(found) == PIECES:
            return found
    found = found or [Piece.from_file(path) for path in paths[:PIECES]]
    return (found * PIECES)[:PIECES]


def unread(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces with voices that no analysis has read yet: what it has read is kept for the next."""
    return [replace(each, voices=(*each.voices,)) for each in pieces]


def spend(name: str, pieces: list[Piece]) -> tuple[float, int]:
    """Return the CPU seconds of an analysis, the least of three times, and how much it found."""
    function = ANALYSES[name].function
    spent: list[float] = []
    for _ in range(3):
        anew = unread(pieces)
        before = time.process_time()
        found = sum(len(function(each)) for each in anew)
        spent.append(time.process_time() - before)
    return min(spent), found


def megabytes() -> float:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(folder: Path | None = None) -> None:
    """Print the table of costs, the profile of the slowest, and the table of agreement."""
    paths = choose(folder)
    pieces = read(paths)
    notes = sum(len(voice.notes) for each in pieces for voice in each.voices)
    print(f"{len(pieces)} pieces, {notes} notes; memory before: {megabytes():.0f} MB")
    costs = {name: spend(name, pieces) for name in ANALYSES}
    for name, (seconds, found) in costs.items():
        print(f"{name:20} {seconds:6.2f} CPU s (aim 0.30)  {found:7} findings")
    before = time.process_time()
    for each in pieces:
        for name in ANALYSES:
            ANALYSES[name].function(each)
    print(f"{'the whole suite':20} {time.process_time() - before:6.2f} CPU s")
    print(f"most memory: {megabytes():.0f} MB (aim 200)")
    slowest = max(costs, key=lambda name: costs[name][0])
    print(f"\nthe slowest, {slowest}:")
    anew = unread(pieces)
    with cProfile.Profile() as profile:
        for each in anew:
            ANALYSES[slowest].function(each)
    pstats.Stats(profile).sort_stats("tottime").print_stats(12)
    print_agreement(paths)
    print_marked()


def print_marked() -> None:
    """Print how many of the cadences that were marked by hand are found, and how many more."""
    data = find_real_data()
    chansons = data / "chansons-with-cadences" if data else None
    songs = [path for path in sorted(data.rglob("*.krn")) if path.stem in marked_pieces()] if data else []
    if not songs:
        return
    total = Score()
    for path in songs:
        song = Piece.from_file(path)
        total.add(score(cadences(song), marks(song, path.stem)))
    print(
        f"\n{total.marked} cadences marked by hand in {len(songs)} songs: "
        f"{total.found / total.marked:.0%} found within a breve (aim 80 %), "
        f"{total.toned / total.marked:.0%} with their tone (aim 70 %), "
        f"{total.false / total.found:.2f} false for each true (aim 1)"
    )
    if chansons and chansons.is_dir():
        total = Score()
        for path, marked in scholars_marks(chansons).items():
            total.add(score(cadences(Piece.from_file(path)), marked, "breve", 1))
        print(
            f"{total.marked} ends of phrases marked by scholars in Du Chemin's chansons: "
            f"{total.found / total.marked:.0%} found within a bar, {total.toned / total.marked:.0%} with tone"
        )


def print_agreement(paths: list[Path]) -> None:
    """Print how many notes of each of humlib's classes have the same class here, and what the others have."""
    pairs: list[tuple[Labels, Labels]] = []
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            theirs = humlib_labels(path, Path(folder))
            if theirs is not None:
                song = Piece.from_file(path)
                pairs.append((our_labels(song, dissonances(song)), theirs))
    if not pairs:
        print("humlib gives no answer: is verovio installed?")
        return
    print(f"dissonances by humlib's class, {len(pairs)} of {len(paths)} pieces: notes, the same here, else")
    print("\n".join(table(agreement(pairs))))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
