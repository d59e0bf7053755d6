"""alamire show: a source or a piece."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import alamire
from alamire.cli.options import archive_option, json_option
from alamire.cli.output import print_json, print_table
from alamire.door.sources import describe_missing
from alamire.errors import NotFound

if TYPE_CHECKING:
    from alamire.source.description import PieceDescription, Songbook


@click.command("show")
@click.argument("target", metavar="SOURCE[/PIECE]")
@archive_option
@json_option
def command(target: str, archive_path: Path, as_json: bool) -> None:
    """Show what a source holds, or a piece: its folios, surfaces, voices and encodings."""
    source, _, piece_id = target.partition("/")
    archive = alamire.open(archive_path).folder
    songbook = archive.songbook(source)
    if piece_id:
        pieces = {piece.id: piece for piece in songbook.description.pieces}
        if piece_id not in pieces:
            raise NotFound(describe_missing("piece", piece_id, source, list(pieces)))
        document = _piece(songbook, pieces[piece_id])
    else:
        document = _source(songbook, archive.version(source))
    if as_json:
        print_json(document)
    elif piece_id:
        _print_facts(document)
    else:
        _print_source(document)


def _source(songbook: Songbook, version: int | None) -> dict[str, object]:
    description = songbook.description
    return {
        "source": songbook.id,
        "version": version,
        "title": {tag: list(words) for tag, words in description.title.items()},
        "shelfmark": description.shelfmark,
        "facts": {
            key: [{"value": statement.value, "by": statement.by} for statement in statements]
            for key, statements in description.facts.items()
        },
        "rights": description.rights,
        "surfaces": [
            {
                "id": surface.id,
                "label": surface.label,
                "page_type": str(surface.page_type),
                "scans": [{"file": scan.file, "kind": str(scan.kind)} for scan in surface.scans],
                "note": surface.note,
            }
            for surface in songbook.surfaces
        ],
        "pieces": [_piece(songbook, piece) for piece in description.pieces],
    }


def _piece(songbook: Songbook, piece: PieceDescription) -> dict[str, object]:
    return {
        "piece": piece.id,
        "title": piece.title,
        "composer": piece.composer,
        "folios": piece.folios,
        "surfaces": [surface.id for surface in songbook.surfaces_of(piece)],
        "voices": list(piece.voices),
        "encodings": [encoding.file for encoding in piece.encodings],
        "note": piece.note,
    }


def _print_facts(document: dict[str, object]) -> None:
    for key, value in document.items():
        if value:
            text = ", ".join(str(item) for item in value) if isinstance(value, list) else value
            click.echo(f"{key:10} {text}")


def _print_source(document: dict[str, object]) -> None:
    facts = document.pop("facts")
    surfaces = document.pop("surfaces")
    pieces = document.pop("pieces")
    document["title"] = " / ".join(w for words in document["title"].values() for w in words)  # type: ignore[attr-defined]
    _print_facts(document)
    for key, statements in facts.items():  # type: ignore[attr-defined]
        said = [s["value"] + (f" ({s['by']})" if s["by"] else "") for s in statements]
        click.echo(f"{key:10} {'; '.join(said)}")
    click.echo()
    keys = ["piece", "folios", "composer", "title"]
    print_table([[piece[key] for key in keys] for piece in pieces], keys)  # type: ignore[attr-defined]
    click.echo()
    rows = [
        [s["id"], s["label"], s["page_type"], ", ".join(x["kind"] for x in s["scans"]) or "none", s["note"]]
        for s in surfaces  # type: ignore[attr-defined]
    ]
    print_table(rows, ["surface", "label", "page type", "scans", "note"])
