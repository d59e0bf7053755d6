"""alamire show: a source or a piece."""

from __future__ import annotations

from pathlib import Path

import click

from alamire.cli.options import archive_option, json_option
from alamire.cli.output import print_json, print_table
from alamire.door.listing import describe


@click.command("show")
@click.argument("target", metavar="SOURCE[/PIECE]")
@archive_option
@json_option
def command(target: str, archive_path: Path, as_json: bool) -> None:
    """Show what a source holds, or a piece: its folios, surfaces, voices and encodings."""
    document = describe(target, archive=archive_path)
    if as_json:
        print_json(document)
    elif "piece" in document:
        _print_facts(document)
    else:
        _print_source(document)


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
