"""Print how fast kern is read into the note table, against music21, and how exact mensural music is.

Run it as ``python tests/benchmarks/notation.py [FOLDER]``; the folder is that of the real data.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from alamire.errors import Refused
from alamire.notation import Piece, read


def main() -> None:
    """Measure on the data at hand and print one line for each measure."""
    here = Path(__file__).resolve().parents[3] / "shared" / "data"
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ALAMIRE_TEST_DATA", str(here))
    data = Path(named)
    files = sorted([*(data / "jrp").glob("*.krn"), *(data / "leuven-chansonnier").glob("*.krn")])
    if not files:
        print(f"notation: {data} has no kern files; name the folder of the real data")
        return
    speed(files)
    mensural(data / "mensural" / "scoring-up")


def speed(files: list[Path]) -> None:
    """Kern to note table in CPU seconds, all files; and one file against music21."""
    for path in files[:2]:
        assert len(Piece.from_file(path).notes)
    start, notes = time.process_time(), 0
    for path in files:
        try:
            notes += len(Piece.from_file(path).notes)
        except Refused as refused:
            print(f"refused: {refused}")
    seconds = time.process_time() - start
    print(f"kern to note table: {notes} rows of {len(files)} files in {seconds:.2f} CPU s")
    print(f"  that is {1.3e6 * seconds / notes:.1f} s for 1.3 million rows (to reach: 10)")
    path = max(files, key=lambda file: file.stat().st_size)
    start = time.process_time()
    assert len(Piece.from_file(path).notes)
    ours = time.process_time() - start
    from music21 import converter

    start = time.process_time()
    converter.parse(path, format="humdrum", forceSource=True)
    theirs = time.process_time() - start
    print(f"  {path.name}: alamire {ours:.3f} s, music21 {theirs:.1f} s, {theirs / ours:.0f} times")


def mensural(folder: Path) -> None:
    """Durations resolved from context, held against the encoder's own."""
    wrong = total = 0
    for path in sorted((folder / "quasi-score").glob("*.mei")):
        right = read(folder / "mensural-mei" / path.name)
        for ours, theirs in zip(read(path).voices, right.voices, strict=True):
            wrong += sum(a.duration != b.duration for a, b in zip(ours.notes, theirs.notes, strict=True))
            total += len(ours.notes)
    if total:
        print(f"mensural durations: {wrong} of {total} wrong, {100 * wrong / total:.2f} % (to reach: 0.3)")


if __name__ == "__main__":
    main()
