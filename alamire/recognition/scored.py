"""What is heard when the parts of a reading are scored up: voices that end apart, and clusters of dissonance.

A value read wrongly shifts its voice against the others for the rest of the piece, and then dissonances come
that nothing prepares, one upon the other. In fifty songs of the fifteenth century no two voices have more
than four of them within twelve semibreves; shift one voice by a minim, and in nine songs of ten they have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alamire.errors import Refused
from alamire.notation.piece import Piece
from alamire.notation.voice import TICKS, Note
from alamire.recognition.encoding import draft_mei
from alamire.recognition.reading import Finding, PageReading
from alamire.recognition.symbols import Symbol

#: How the names of voices of one piece begin, in Latin, Italian and French.
VOICES = (
    "Superius", "Discant", "Dessus", "Cant", "Sopran", "Alt", "Contra", "Haute", "Taille", "Tenor", "Bass",
    "Quint", "Cinq", "Sext", "Sest", "Sept", "Settim", "Vagans",
)  # fmt: skip
HARSH = (
    "unprepared", "appoggiatura", "parallel", "accented passing", "accented neighbour",
    "suspension without agent",
)  # fmt: skip
# By fifty-two songs, as said above: none has so many, nine in ten do with one voice shifted by a minim.
STRETCH = 12  # semibreves
CLUSTER = 5  # harsh dissonances of two voices within a stretch
APART = 2  # semibreves between the last notes of voices that end together, at most: a breve

Remarks = list[list[Finding]]


def score_remarks(pages: Sequence[PageReading]) -> Remarks:
    """Score up the parts of a piece's pages; return for each page what is to be doubted on it.

    Parts that are not named as voices of one piece are not taken for such, and nothing is said of them.
    """
    remarks: Remarks = [[] for _ in pages]
    names = list(dict.fromkeys(name for page in pages for name in page.parts))
    if len(names) < 2 or not all(name.startswith(VOICES) for name in names):
        return remarks
    written: dict[str, Symbol] = {}
    try:
        piece = _piece(draft_mei(pages, written=written))
    except Refused:
        return remarks
    places = {
        id(symbol): (page, (row, column))
        for page, reading in enumerate(pages)
        for row, staff in enumerate(reading.staves)
        for column, symbol in enumerate(staff.symbols)
    }
    for code, message, ids in [*_ends(piece), *_clusters(piece)]:
        at = [places[id(written[name])] for name in ids if name in written]
        for page in sorted({page for page, _ in at}):
            here = tuple(sorted({place for other, place in at if other == page}))
            remarks[page].append(Finding(code, message, here))
    return remarks


def folios_by_remark(pages: Sequence[PageReading]) -> dict[str, list[str]]:
    """Return what is to be doubted when a piece's pages are scored up, each remark once with its folios."""
    where: dict[str, list[str]] = {}
    for page, remarks in zip(pages, score_remarks(pages), strict=True):
        for remark in remarks:
            where.setdefault(remark.message, []).append(page.folio or page.file)
    return {message: list(dict.fromkeys(folios)) for message, folios in where.items()}


def _piece(mei: bytes) -> Piece:
    from alamire.notation.mei.reader import read_mei

    read = read_mei(mei, "draft.mei")
    return Piece("draft", read.voices, problems=read.problems, zones=read.zones, barlines=read.barlines)


def _ends(piece: Piece) -> Iterator[tuple[str, str, list[str]]]:
    """Voices whose last notes begin far from each other; each with its last note."""
    lasts: list[tuple[str, Note]] = []
    for voice in piece.voices:
        notes = [note for note in voice.notes if not note.is_rest]
        if notes:
            lasts.append((voice.name, notes[-1]))
    latest = max((note.onset for _, note in lasts), default=0)
    for name, note in lasts:
        short = (latest - note.onset) / TICKS
        if short > APART:
            said = f"{name} comes to its last note {short:g} semibreves before the others"
            yield "voices-end-apart", said, [note.id]


def _clusters(piece: Piece) -> Iterator[tuple[str, str, list[str]]]:
    """For two voices, the first stretch in which harsh dissonances crowd; its notes."""
    from alamire.analysis.dissonances import dissonances

    if sum(bool(voice.notes) for voice in piece.voices) < 2:
        return
    found = dissonances(piece)
    harsh = found[found["treatment"].isin(HARSH)].sort_values("onset", kind="stable")
    pairs = harsh["voices"].map(lambda names: tuple(sorted(names)))
    remarks = []
    for names, clashes in harsh.groupby(pairs):
        onsets = clashes["onset"].to_numpy()
        counts = onsets.searchsorted(onsets + STRETCH * TICKS) - range(len(onsets))
        crowded = (counts >= CLUSTER).nonzero()[0]
        if len(crowded):
            first, count = int(crowded[0]), int(counts[crowded[0]])
            crowd = clashes.iloc[first : first + count]
            said = (
                f"{' and '.join(names)}: from breve {int(crowd['breve'].iloc[0])} on, {count} dissonances "
                f"within {STRETCH} semibreves that nothing prepares; a value before them may be wrong"
            )
            ids = [name for ids in crowd["ids"] for name in ids]
            remarks.append((int(onsets[first]), ("dissonance-cluster", said, ids)))
    yield from (remark for _, remark in sorted(remarks, key=lambda each: each[0]))
