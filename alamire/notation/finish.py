"""What every reader does last: syllables joined, ids made distinct, split notes whole, ends compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from alamire.errors import Place, Problem
from alamire.notation.mensural.coloration import MINOR
from alamire.notation.mensural.doubt import in_doubt, without_doubt_at_close
from alamire.notation.mensural.finals import CLOSING
from alamire.notation.problem_kinds import combine_by_kind
from alamire.notation.rounding import in_whole_ticks
from alamire.notation.ties import check_ties
from alamire.notation.voice import HELD, TICKS, Barline, EncodedMusic, Note, Variant, Voice, Zone, check_ends

#: What an export of alamire names itself in the file, so that the notes it had to split are joined again.
WRITER = "alamire"


def finish(
    voices: Sequence[Voice],
    file: str,
    problems: Sequence[Problem] = (),
    *,
    metadata: dict[str, str] | None = None,
    zones: dict[str, Zone] | None = None,
    barlines: Sequence[Barline] = (),
    variants: Sequence[Variant] = (),
    split: bool = False,
    unique: bool = False,
    sections: Iterable[int] = (),
) -> EncodedMusic:
    """Return the reading of voices as a format has them.

    ``split`` says that alamire wrote the file: a note that was cut at a barline comes back whole. Ids
    that repeat are told and made distinct; ``unique`` says that they cannot repeat. Refused where a voice
    lasts longer than any piece.
    """
    found = list(problems)
    voices, barlines = in_whole_ticks(voices, barlines, file, found)
    if split:
        voices = [replace(voice, notes=joined(voice.notes)) for voice in voices]
    if not unique:
        voices = distinct(voices, file, found)
    voices = without_doubt_at_close(voices)
    found += check_ends(tuple(voices), file)
    found += check_ties(voices, file, graced=any(each.code == "grace-notes-left-out" for each in found))
    found += find_long_closings(voices, file)
    found += find_reversed_color(voices, file)
    found += in_doubt(voices, file)
    return EncodedMusic(
        tuple(voices),
        combine_by_kind(found),
        metadata or {},
        zones or {},
        tuple(barlines),
        tuple(variants),
        tuple(dict.fromkeys(sections)),
    )


def sections_apart(voices: Sequence[Voice], firsts: Sequence[Sequence[int]], file: str) -> list[Problem]:
    """Report sections that parts in files of their own do not begin together, once they are put together.

    ``firsts`` has, for each voice, the places of the first notes of its sections after the first.
    """
    if len({len(each) for each in firsts}) != 1:
        return []
    for number, places in enumerate(zip(*firsts, strict=True), start=2):
        onsets = [voice.notes[place].onset for voice, place in zip(voices, places, strict=True)]
        if len(set(onsets)) > 1:
            each = (
                f"{voice.name} after {Fraction(at, TICKS)}" for voice, at in zip(voices, onsets, strict=True)
            )
            message = (
                f"the parts do not begin section {number} together: {', '.join(each)} semibreves; check the "
                "durations before it"
            )
            place = Place(file=file, detail=f"section {number}")
            return [Problem.warning("voices-end-apart", place, message)]
    return []


def find_long_closings(voices: Sequence[Voice], file: str) -> list[Problem]:
    """Report closing notes that wait for the end as long as they last, or longer: a voice may be wrong.

    Of the 207 closing notes of 150 real scores and parts none lasts more than 1.9 times its written value.
    """
    found = []
    for voice in voices:
        if not _is_mensural(voice):
            continue
        for note in voice.notes:
            written = note.written
            if written is None or written.rule not in (HELD, CLOSING):
                continue
            own = max(written.regular, note.duration - written.held)
            if written.held and note.duration >= 2 * own:
                found.append((voice, note, Fraction(note.duration - own, TICKS)))
    if not found:
        return []
    (voice, _, beyond), *others = found
    last = ", ".join(each.name for each in voices if all(each is not other for other, _, _ in found))
    message = f"the last note of {voice.name} holds {beyond} semibreves beyond its value until the others end"
    if others:
        listed = (f"{each.name} by {longer} (breve {note.breve})" for each, note, longer in others)
        message += f", and so do {', '.join(listed)}"
    message += "; check the durations before it" + (f", and those of {last}" if last else "")
    place = Place(file=file, detail=f"breve {found[0][1].breve}")
    return [Problem.warning("held-long", place, message)]


def find_reversed_color(voices: Sequence[Voice], file: str) -> list[Problem]:
    """Report black semibreves that only follow their black minim: minor color has them first.

    The theorists take the reversed pair for three to two (Aaron, Toscanello, 1523, I.36; Woodley, Minor
    Coloration Revisited, 2001), and editors also for triplets of semiminims, which are half as long.
    """
    found = []
    for voice in voices:
        if not _is_mensural(voice):
            continue
        ids = [
            note.id
            for here, note in enumerate(voice.notes)
            if note.written is not None
            and note.written.rule == MINOR
            and _is_single_black(note)
            and not _looks_semiminim(voice.notes[here + 1] if here + 1 < len(voice.notes) else None)
        ]
        if ids:
            found.append(f"{', '.join(ids)} of {voice.name}")
    if not found:
        return []
    message = (
        f"the black semibreves {'; '.join(found)} follow their black minim and are read as dotted minims; "
        "they may be triplets, whose length the notation does not tell"
    )
    return [Problem.remark("color-reversed", file, message)]


def _is_mensural(voice: Voice) -> bool:
    """Say whether a voice may have mensural signs; one in modern notation has none at either end."""
    return bool(voice.notes) and any(voice.notes[place].written is not None for place in (0, -1))


def _is_single_black(note: Note) -> bool:
    written = note.written
    return written is not None and (written.rule, written.value) == (MINOR, "semibrevis") and not written.by


def _looks_semiminim(note: Note | None) -> bool:
    return (
        note is not None
        and note.written is not None
        and note.written.value == "semiminima"
        and not note.is_rest
    )


def find_closings_apart(voices: Sequence[Voice], file: str) -> list[Problem]:
    """Report parts whose closing notes begin a fraction of a semibreve apart: no cadence is written so.

    Holding makes such parts end together, whatever was lost before; in 107 of 109 modern scores of music
    of the 15th and 16th centuries the last notes begin whole semibreves apart or together.
    """
    closings = [
        [note for note in voice.notes if note.written is not None and note.written.rule == CLOSING]
        for voice in voices
    ]
    if len({len(each) for each in closings}) != 1:
        return []
    found = []
    for notes in zip(*closings, strict=True):
        last = max(note.onset for note in notes)
        if all((last - note.onset) % TICKS == 0 for note in notes):
            continue
        early = [(voice.name, last - note.onset) for voice, note in zip(voices, notes, strict=True)]
        listed = ", ".join(f"{name} by {Fraction(ticks, TICKS)}" for name, ticks in early if ticks)
        message = (
            f"the closing notes do not begin on one beat: before the last {listed} semibreves; check the "
            "durations before them: a sign of proportion or coloration may be missing"
        )
        place = Place(file=file, detail=f"breve {min(note.breve for note in notes)}")
        found.append(Problem.warning("closing-notes-apart", place, message))
    return found


def joined(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Join notes with the ids ``x``, ``x.2``, ``x.3`` that follow each other at once into one note ``x``."""
    found: list[Note] = []
    last: dict[str, tuple[int, int]] = {}
    for note in notes:
        head, _, tail = note.id.rpartition(".")
        place, count = last.get(head, (-1, 0))
        if place >= 0 and tail == str(count + 1):
            whole = found[place]
            if whole.onset + whole.duration == note.onset and whole[2:5] == note[2:5]:
                tied = _tie_of_joined(whole.tied, note.tied)
                found[place] = whole._replace(duration=whole.duration + note.duration, tied=tied)
                last[head] = place, count + 1
                continue
        last[note.id] = len(found), 1
        found.append(note)
    return tuple(found)


def _tie_of_joined(first: str, second: str) -> str:
    """The tie of a note from the ties of its first and its last part."""
    before, after = first in ("stop", "continue"), second in ("start", "continue")
    return {(True, True): "continue", (True, False): "stop", (False, True): "start"}.get((before, after), "")


def distinct(voices: Sequence[Voice], file: str, problems: list[Problem]) -> list[Voice]:
    """Make the ids distinct: one used before gets ``~2``, ``~3`` after it; ``problems`` says so."""
    taken: set[str] = set()
    count = sum(len(voice.notes) for voice in voices)
    taken.update(note.id for voice in voices for note in voice.notes)
    if len(taken) == count:
        return list(voices)
    used: dict[str, int] = {}
    repeated: list[str] = []
    found = []
    for voice in voices:
        notes = []
        for note in voice.notes:
            used[note.id] = used.get(note.id, 0) + 1
            name = note.id
            while used[note.id] > 1 and name in taken:
                name = f"{note.id}~{used[note.id]}"
                used[note.id] += name in taken
            if name != note.id:
                repeated.append(note.id)
                taken.add(name)
            notes.append(note if name == note.id else note._replace(id=name))
        found.append(replace(voice, notes=tuple(notes)))
    listed = ", ".join(dict.fromkeys(repeated[:5]))
    message = f"{len(repeated)} ids are used more than once ({listed} ...); the later notes got new ones"
    problems.append(Problem.warning("duplicate-id", file, message))
    return found


def hyphenated(lyrics: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Begin each syllable with a hyphen whose word began before, for formats that mark only the end.

    ``lyrics`` has those of one voice in order, () where a note has none.
    """
    going: dict[int, bool] = {}
    found = []
    for syllables in lyrics:
        new = []
        for strophe, syllable in enumerate(syllables):
            if syllable and going.get(strophe) and not syllable.startswith("-"):
                new.append("-" + syllable)
            else:
                new.append(syllable)
            if syllable:
                going[strophe] = syllable.endswith("-") and len(syllable) > 1
        found.append(tuple(new))
    return found
