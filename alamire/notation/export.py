"""Write a piece in any format known here; the suffix of the file says which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

#: The suffixes that a file may have, and what they stand for.
FORMATS = {
    ".musicxml": "MusicXML",
    ".mxl": "compressed MusicXML",
    ".mei": "MEI",
    ".mid": "MIDI",
    ".svg": "pages of SVG",
    ".pdf": "PDF",
}
#: The formats that can be in mensural notation.
MENSURAL = (".mei", ".svg", ".pdf")
#: The formats that have pages.
PAGED = (".svg", ".pdf")


def export(
    piece: Piece,
    suffix: str,
    ficta: Ficta = "editor",
    *,
    mensural: bool = False,
    tempo: float = 60,
    landscape: bool = False,
) -> list[bytes]:
    """Return a piece in the format of a suffix: one file, or for ``.svg`` one for each page.

    ``mensural`` writes mensural notation where the format can have it; ``tempo`` (semibreves a minute)
    is for MIDI, ``landscape`` for pages. ValueError for another suffix; Refused where the piece cannot be
    engraved, or has a note that MIDI lacks.
    """
    if suffix in PAGED:
        from alamire.notation.engraving import engrave, write_pdf

        if suffix == ".pdf":
            return [write_pdf(piece, ficta, mensural=mensural, landscape=landscape)]
        pages = engrave(piece, ficta, mensural=mensural, landscape=landscape)
        return [page.encode("utf-8") for page in pages]
    if suffix == ".mei":
        from alamire.notation.mei.mensural_writer import write_mensural_mei
        from alamire.notation.mei.writer import write_mei

        return [write_mensural_mei(piece, ficta) if mensural else write_mei(piece, ficta)]
    if suffix == ".mid":
        from alamire.notation.midi import write_midi

        return [write_midi(piece, ficta, tempo)]
    if suffix in (".musicxml", ".mxl"):
        from alamire.notation.musicxml.writer import write_musicxml, write_mxl

        return [write_mxl(piece, ficta) if suffix == ".mxl" else write_musicxml(piece, ficta)]
    raise ValueError(f"{suffix!r} is none of {', '.join(FORMATS)}")


def with_voices(piece: Piece, names: Sequence[str]) -> Piece:
    """Return a piece with only the voices of these names, numbered anew; NotFound where one is not there.

    Voices that share a name are all taken, and the variants of the voices with them.
    """
    taken = {piece.voice(name).name for name in names}
    kept = [voice for voice in piece.voices if voice.name in taken]
    numbers = {voice.number: number for number, voice in enumerate(kept, start=1)}
    return replace(
        piece,
        voices=tuple(replace(voice, number=numbers[voice.number]) for voice in kept),
        variants=tuple(
            replace(variant, voice=numbers[variant.voice])
            for variant in piece.variants
            if variant.voice in numbers
        ),
    )
