"""Print how right and how fast notation is read, as one table, for the data at hand.

Run it as ``python tests/benchmarks/notation.py [FOLDER] [--peers]``; the folder is that of the real data.
With ``--peers`` music21 reads the MusicXML too, which takes minutes.
"""

from __future__ import annotations

import difflib
import re
import sys
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from alamire.errors import Refused
from alamire.notation import TICKS, Note, Piece, Voice, read

HERE = Path(__file__).resolve().parents[3] / "shared" / "data"
MEASURE, VALUE = 58, 34

#: A note for comparison: onset, duration, step, alter, octave. Tied notes are one.
Heard = tuple[int, int, str | None, int, int]


def main() -> None:
    """Measure on the data at hand, a row each, and then the places where something differs."""
    folders = [word for word in sys.argv[1:] if not word.startswith("-")]
    data = Path(folders[0]) if folders else HERE
    if not data.is_dir():
        print(f"notation: {data} is not there; name the folder of the real data")
        return
    places: list[str] = []
    print(f"{'measure':{MEASURE}} {'found':{VALUE}} to reach")
    for measure in (musicxml, kern_counts, mensural, endings, partbooks, speed):
        for name, found, aim in measure(data, places):
            print(f"{name:{MEASURE}} {found:{VALUE}} {aim}")
    print("\n".join(["", "where they differ:", *places]))


def heard(voice: Voice) -> list[Heard]:
    """The notes of a voice as they sound, ties joined, without rests."""
    found: list[Heard] = []
    for note in voice.notes:
        if note.step is None:
            continue
        last = found[-1] if found else None
        if note.tied in ("continue", "stop") and last and last[0] + last[1] == note.onset:
            found[-1] = (last[0], last[1] + note.duration, *last[2:])
            continue
        found.append((note.onset, note.duration, note.step, note.alter, note.octave))
    return found


def musicxml(data: Path, places: list[str]) -> Iterator[tuple[str, str, str]]:
    """MusicXML against kern of the same edition."""
    equal = total = files = 0
    for path in sorted((data / "1520s").glob("*.musicxml")):
        ours, theirs = read(path).voices, read(path.with_suffix(".krn")).voices
        files += 1
        for one, other in zip(ours, theirs, strict=False):
            same, count = _same(heard(one), heard(other), f"{path.stem}, {other.name}", other.notes, places)
            equal, total = equal + same, total + count
        if len(ours) != len(theirs):
            places.append(f"  {path.stem}: {len(ours)} voices in MusicXML, {len(theirs)} in kern")
    if files:
        name = f"1520s: notes of MusicXML equal to kern ({files} pieces)"
        yield name, f"{equal:,} of {total:,}", "all, or the place named"
    if files and "--peers" in sys.argv:
        yield "  the same by music21: onsets equal", _music21(data / "1520s"), ""


def _same(
    ours: list[Heard], theirs: list[Heard], where: str, notes: Sequence[Note], places: list[str]
) -> tuple[int, int]:
    """Count the notes that are in both; name the breve of the others."""
    breves = {note.onset: note.breve for note in notes}
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            onset = theirs[min(c, len(theirs) - 1)][0] if theirs else 0
            shown = [", ".join(map(_shown, each)) or "nothing" for each in (ours[a:b][:3], theirs[c:d][:3])]
            places.append(f"  {where}, breve {breves.get(onset, '?')}: {shown[0]} / {shown[1]}")
    return same, max(len(ours), len(theirs))


def _shown(note: Heard) -> str:
    _, duration, step, alter, octave = note
    sign = "#" * alter if alter >= 0 else "b" * -alter
    return f"{step}{sign}{octave} of {Fraction(duration, TICKS)}"


def _music21(folder: Path) -> str:
    from music21 import converter

    equal = total = 0
    for path in sorted(folder.glob("*.musicxml")):
        parts = converter.parse(path, forceSource=True).parts
        for part, voice in zip(parts, read(path.with_suffix(".krn")).voices, strict=False):
            onsets = [
                Fraction(note.getOffsetInHierarchy(part)) / 4
                for note in part.recurse().notes
                if note.tie is None or note.tie.type == "start"
            ]
            right = {Fraction(onset, TICKS) for onset, *_ in heard(voice)}
            total += len(right)
            equal += sum(onset in right for onset in onsets)
    return f"{equal:,} of {total:,}"


def kern_counts(data: Path, places: list[str]) -> Iterator[tuple[str, str, str]]:
    """Rows of notes against a count of note tokens that knows nothing of the reader."""
    files = right = 0
    for path in sorted([*(data / "jrp").glob("*.krn"), *(data / "leuven-chansonnier").glob("*.krn")]):
        notes = [note for voice in read(path).voices for note in voice.notes if note.step]
        rows = sum(note.tied not in ("continue", "stop") for note in notes)
        tokens = count_tokens(path)
        files, right = files + 1, right + (rows == tokens)
        if rows != tokens:
            places.append(f"  {path.name}: {rows} notes, {tokens} tokens")
    if files:
        yield "kern: files with as many notes as tokens, ties joined", f"{right} of {files}", "all"


def count_tokens(path: Path) -> int:
    """Count the note tokens of the kern spines less the tie continuations, by the lines alone."""
    kinds: list[str] = []
    count = 0
    for line in path.read_text("utf-8", errors="replace").splitlines():
        fields = line.split("\t")
        if line.startswith("!") or not line:
            continue
        if line.startswith("**"):
            kinds = fields
        elif line.startswith("*"):
            kinds = _after(kinds, fields)
        elif not line.startswith("="):
            for kind, field in zip(kinds, fields, strict=True):
                if kind == "**kern":
                    parts = [part for part in field.split(" ") if "q" not in part]
                    notes = [part for part in parts if re.search("[a-gA-G]", part)]
                    count += sum("_" not in part and "]" not in part for part in notes)
    return count


def _after(kinds: list[str], fields: list[str]) -> list[str]:
    found: list[str] = []
    merging = False
    for kind, field in zip(kinds, fields, strict=True):
        if field == "*v" and merging:
            continue
        merging = field == "*v"
        if field != "*-":
            found += [kind, kind] if field == "*^" else [kind]
    return found


def mensural(data: Path, places: list[str]) -> Iterator[tuple[str, str, str]]:
    """Durations resolved from context against the encoder's own, with and without editors' bar lines."""
    folder = data / "mensural" / "scoring-up"
    results = []
    for barred in (True, False):
        wrong = total = doubted = told = 0
        for path in sorted((folder / "quasi-score").glob("*.mei")):
            right = read(folder / "mensural-mei" / path.name).voices
            text = path.read_text("utf-8")
            bare = text if barred else re.sub(r"<barLine\b[^>]*/>", "", text)
            for ours, theirs in zip(read(bare.encode(), path.name).voices, right, strict=True):
                for one, other in zip(ours.notes, theirs.notes, strict=True):
                    total += 1
                    doubtful = one.written is not None and one.written.other > 0
                    doubted += doubtful
                    if one.duration != other.duration:
                        wrong += 1
                        told += doubtful
                        if barred:
                            places.append(f"  {path.stem}, {ours.name}: {one.id} resolved wrongly")
        results.append(f"{wrong} of {total:,}, {100 * wrong / max(total, 1):.2f} %")
        results.append(f"{doubted} of {total:,}, {100 * doubted / max(total, 1):.2f} %")
        results.append(f"{told} of {wrong}")
    if folder.is_dir():
        yield "scoring-up: durations resolved wrongly", results[0], "at most 0.3 %"
        yield "  durations said to be doubtful", results[1], "at most 2 %"
        yield "  of the wrong ones, said to be doubtful", results[2], "nearly all"
        yield "  without the editors' bar lines, resolved wrongly", results[3], ""
        yield "  the same, said to be doubtful", results[4], "at most 3 %"
        yield "  the same, wrong and said to be doubtful", results[5], ""


def endings(data: Path, places: list[str]) -> Iterator[tuple[str, str, str]]:
    """Movements whose voices end together; zones reached."""
    for name, folder in (("GuatC1", data / "mensural" / "guatc1"), ("CMME", data / "cmme")):
        files = together = notes = zones = 0
        for path in sorted(folder.glob("*.xml")):
            reading = read(path)
            files += 1
            apart = [each for each in reading.problems if each.code in ("voices-end-apart", "held-long")]
            together += not any(each.code == "voices-end-apart" for each in apart)
            places += [f"  {problem}" for problem in apart]
            written = [note for voice in reading.voices for note in voice.notes if note.step]
            notes += len(written)
            zones += sum(bool(note.zone) for note in written)
        if files:
            aim = "all, or the error named"
            yield f"{name}: movements whose voices end together", f"{together} of {files}", aim
        if zones:
            yield f"{name}: notes with a zone", f"{zones:,} of {notes:,}", "nearly all"


TOLD = ("closing-notes-apart", "color-reversed", "number-repeated")


def partbooks(data: Path, places: list[str]) -> Iterator[tuple[str, str, str]]:
    """Il Lauro Secco: the parts put together against the modern kern score, from MEI and from **mens."""
    for name, suffix in (("mensural MEI", ".mei"), ("**mens", ".mns")):
        yield from _partbooks(data, name, suffix, places)


def _partbooks(data: Path, name: str, suffix: str, places: list[str]) -> Iterator[tuple[str, str, str]]:
    totals = voices = pitches = notes = told = untold = 0
    for score in sorted((data / "lauro-secco").glob("*/*_mn.krn")):
        parts = [score.with_name(score.name.replace("_mn.krn", f"_{part}{suffix}")) for part in "CAQTB"]
        piece = Piece.from_parts([path for path in parts if path.exists()])
        modern = [(voice, [(note[2], note[4]) for note in heard(voice)]) for voice in read(score).voices]
        before = totals
        for voice in piece.voices:
            sung = [(note[2], note[4]) for note in heard(voice)]
            matchers = [
                (difflib.SequenceMatcher(None, sung, other, autojunk=False), v) for v, other in modern
            ]
            matcher, other = max(matchers, key=lambda pair: pair[0].ratio())
            voices += 1
            totals += voice.end == other.end
            same = sum(block.size for block in matcher.get_matching_blocks())
            pitches, notes = pitches + same, notes + max(len(sung), len(matcher.b))
            if voice.end != other.end or same < len(matcher.b):
                ends = [str(Fraction(each.end, TICKS)) for each in (voice, other)]
                missed = f"{max(len(sung), len(matcher.b)) - same} pitches differ"
                places.append(f"  {voice.name}: {ends[0]} semibreves, modern score {ends[1]}; {missed}")
        codes = {problem.code for problem in piece.problems if problem.code in TOLD}
        if totals - before < len(piece.voices):
            told, untold = told + bool(codes), untold + (not codes)
            places.append(f"  {score.parent.name}: told as {', '.join(sorted(codes)) or 'nothing'}")
    if voices:
        yield f"Il Lauro Secco, {name}: as long as the modern score", f"{totals} of {voices}", "all"
        if told + untold:
            yield "  of the pieces of another length, told to be wrong", f"{told} of {told + untold}", ""
        yield "  pitches equal", f"{pitches:,} of {notes:,}", "all"


#: Of each format: its files, how many of them music21 reads for comparison (it has no reader of CMME), what
#: music21 calls it, and the CPU seconds for a million rows that are to be reached.
FORMATS = (
    ("kern", ("jrp/*.krn", "leuven-chansonnier/*.krn"), 2, "humdrum", 8),
    ("MusicXML", ("1520s/*.musicxml", "lauro-secco/*/*.xml"), 4, "musicxml", 25),
    ("MEI", ("chansons-with-cadences/*.mei", "mensural/*/*.mei", "mensural/*/*/*.mei"), 4, "mei", 25),
    ("CMME", ("cmme/*.xml",), 0, "", 25),
)


def speed(data: Path, places: list[str]) -> Iterator[tuple[str, str, str]]:
    """Each format to note tables in CPU seconds; some of its files against music21 in the same run.

    Other work on the machine makes all slower, the CPU seconds too: the best of three rounds counts.
    """
    for name, patterns, count, called, aim in FORMATS:
        files = [path for pattern in patterns for path in sorted(data.glob(pattern))]
        if not files:
            continue
        seconds, rows = min(_timed(files, places if turn == 0 else []) for turn in range(3))
        found = f"{1e6 * seconds / rows:.1f} CPU s ({rows:,} in {seconds:.2f} s)"
        yield f"speed: {name} to note table, for a million rows", found, f"{aim} s"
        if count:
            chosen = files[:: max(1, len(files) // count)][:count]
            ours, _ = min(_timed(chosen, []) for _ in range(3))
            yield f"  music21 takes longer ({count} files)", f"{_parsed(chosen, called) / ours:.0f} times", ""


def _timed(files: Sequence[Path], places: list[str]) -> tuple[float, int]:
    """Return the CPU seconds that the note tables of files take, and their rows."""
    start, rows = time.process_time(), 0
    for path in files:
        try:
            rows += len(Piece.from_file(path).notes)
        except Refused as refused:
            places.append(f"  {refused}")
    return time.process_time() - start, rows


def _parsed(files: Sequence[Path], called: str) -> float:
    """Return the CPU seconds that music21 takes to read files."""
    from music21 import converter

    start = time.process_time()
    for path in files:
        converter.parse(path, format=called, forceSource=True)
    return time.process_time() - start


if __name__ == "__main__":
    main()
