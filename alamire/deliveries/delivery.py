"""A delivery: the folder that an imaging lab hands over, read and checked without changing anything."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alamire.deliveries.checksums import ListedDigests, find_lists, verify_checksums
from alamire.deliveries.codes import report
from alamire.deliveries.contents import Contents, clean_path, read_contents
from alamire.deliveries.encodings import check_encoding
from alamire.deliveries.foliation import check_foliation
from alamire.deliveries.landscape import check_landscape
from alamire.deliveries.probe import ImageFacts, probe
from alamire.deliveries.registers import check_registers
from alamire.deliveries.sheet import read_sheet
from alamire.deliveries.sidecars import Beside, check_beside, sort_scans
from alamire.deliveries.surfaces import (
    SheetEntry,
    build_surfaces,
    check_forgotten,
    describe_scans,
    read_entries,
)
from alamire.errors import Problem
from alamire.source.description import Description, Encoding, PieceDescription, Scan, Surface
from alamire.source.folio import FolioRange, normalise, parse_range, resolve_range
from alamire.source.spelling import compose
from alamire.source.toml_form import load_description

SHEETS = ("sheet.csv", "sheet.xlsx")
SOURCE = "source.toml"
#: What may be the sheet under another name, or in another place.
_SHEET_LIKE = re.compile(r"\.(?:csv|tsv|xlsx?|xlsm|ods|numbers)(?:\.txt)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Delivery:
    """What a delivery holds and what is wrong with it.

    ``digests`` were found while it was checked, ``beside`` are the files in scans/ by kind, ``lists`` its
    lists of checksums.
    """

    folder: Path
    contents: Contents
    description: Description | None = None
    surfaces: tuple[Surface, ...] = ()
    facts: Mapping[str, ImageFacts] = field(default_factory=dict)
    digests: ListedDigests = field(default_factory=dict)
    beside: Beside = field(default_factory=Beside)
    lists: Collection[str] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def kept(self) -> dict[str, Path]:
        """The files that the archive keeps, by their path in the version."""
        files = self.contents.files
        at_top = [
            name for name in files if name in (SOURCE, *SHEETS) or ("/" not in name and name in self.lists)
        ]
        scans = [name for name in self.contents.below("scans") if name not in self.beside.unknown]
        names = [*at_top, *scans, *self.contents.below("encodings")]
        return {name: files[name] for name in names}


def read_delivery(folder: Path) -> Delivery:
    """Read and check a delivery; all of its problems are found, for no problem hides another."""
    if not folder.is_dir():
        problem = report("no-delivery", "is no folder: name the folder that holds source.toml", str(folder))
        return Delivery(folder, Contents({}, {}), problems=(problem,))
    contents = read_contents(folder)
    lists = find_lists(contents)
    digests, problems = verify_checksums(contents, lists)
    problems += contents.problems
    description, found = _read_description(contents)
    problems += found
    sheet, entries, found = _read_rows(contents)
    problems += found
    surfaces, found = build_surfaces(entries, sheet)
    problems += found
    beside = sort_scans(contents, {entry.file for entry in entries if entry.file}, lists)
    problems += check_beside(beside)
    if entries:  # without rows, the sheet's own problem says why
        problems += check_forgotten(beside.forgotten, [entry.row for entry in entries], contents, sheet)
    facts, found = _probe_scans(contents, entries, (*beside.scans, *beside.forgotten))
    problems += found
    problems += _check_encodings(description, contents, lists)
    if description is not None and surfaces:  # without rows, the sheet's own problem says why
        problems += _check_folios(description, [surface.label for surface in surfaces])
    problems += _outside(contents, lists)
    scans = {
        name: Scan(name, width=fact.width, height=fact.height, media_type=fact.media_type)
        for name, fact in facts.items()
    }
    described = describe_scans(surfaces, scans)
    problems += check_foliation(surfaces, entries, sheet, description)
    problems += check_landscape(described, facts, entries, sheet)
    problems += check_registers(described, {entry.file: entry.row for entry in entries}, sheet)
    return Delivery(
        folder,
        contents,
        description,
        tuple(described),
        facts,
        digests,
        beside,
        lists,
        tuple(dict.fromkeys(problems)),
    )


def _read_description(contents: Contents) -> tuple[Description | None, list[Problem]]:
    if SOURCE not in contents.files:
        message = "is not in the delivery: write one with at least an id and a title"
        return None, [report("no-description", message, SOURCE)]
    try:
        text = contents.files[SOURCE].read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [report("text-encoding", "is not in UTF-8: save it as UTF-8", SOURCE)]
    return load_description(text, SOURCE)


def _read_rows(contents: Contents) -> tuple[str, list[SheetEntry], list[Problem]]:
    sheets = [name for name in SHEETS if name in contents.files]
    if len(sheets) != 1:
        code = "two-sheets" if sheets else "no-sheet"
        message = "are both there: take one of them out" if sheets else _no_sheet(contents)
        return SHEETS[0], [], [report(code, message, " and ".join(sheets) or SHEETS[0])]
    (sheet,) = sheets
    rows, problems = read_sheet(contents.files[sheet], sheet)
    if not rows:
        return sheet, [], problems
    entries, found = read_entries(rows, contents, sheet)
    return sheet, entries, problems + found


def _no_sheet(contents: Contents) -> str:
    other = next((name for name in sorted(contents.files) if _SHEET_LIKE.search(name)), None)
    if other is not None:
        step = f"call it {SHEETS[0]} or {SHEETS[1]}, beside {SOURCE}, if it is the sheet"
        if other.lower().endswith((".xls", ".ods", ".numbers")):
            step = f"save it as {SHEETS[1]} or as CSV UTF-8"
        return f"is not in the delivery, but {other} is: {step}"
    return f"is not in the delivery: write {SHEETS[0]} (columns file, label) or {SHEETS[1]}"


def _probe_scans(
    contents: Contents, entries: Sequence[SheetEntry], names: Sequence[str]
) -> tuple[dict[str, ImageFacts], list[Problem]]:
    where = {entry.file: entry.row for entry in entries if entry.file}
    facts: dict[str, ImageFacts] = {}
    problems: list[Problem] = []
    for name in sorted(names):
        row = where.get(name)
        place = (row.number, row.label) if row else (None, "")
        found, said = probe(contents.files[name], name, *place)
        problems += said
        if found is not None:
            facts[name] = found
    return facts, problems


def _check_encodings(
    description: Description | None, contents: Contents, lists: Collection[str]
) -> list[Problem]:
    """Check the files in encodings/; a file that no piece names need not be an encoding."""
    problems: list[Problem] = []
    named: set[str] = set()
    for piece in description.pieces if description else ():
        for encoding in piece.encodings:
            problem, name = _check_encoding_named(piece, encoding, contents)
            problems += [problem] if problem else []
            named.add(name)
    for name in contents.below("encodings"):
        if name in lists:
            continue
        found = check_encoding(contents.files[name], name)
        if name in named or description is None:
            problems += found
            continue
        problems += [each for each in found if each.code not in ("empty-file", "unknown-encoding")]
        message = f"is named by no piece of {SOURCE}: name it there, or take it out. It is kept as it is"
        problems.append(report("unnamed-encoding", message, name))
    return problems


def _check_encoding_named(
    piece: PieceDescription, encoding: Encoding, contents: Contents
) -> tuple[Problem | None, str]:
    name, detail = encoding.file, f"piece {piece.id}"

    def problem(code: str, message: str) -> Problem:
        return report(code, message, SOURCE, folio=piece.folios, detail=detail)

    path = clean_path(name)
    if path is None:
        return problem("unsafe-path", f"{name!r} leads out of the delivery: write encodings/song.mei"), name
    if name in contents.files and name.startswith("encodings/"):
        return None, name
    other = contents.spelled_like(path) or contents.spelled_like(f"encodings/{path}")
    if other is not None and other.startswith("encodings/"):
        return problem("name-spelling", f"names {compose(name)}: write {other}, as the file is called"), other
    message = f"names {name}, which is not in encodings/: add the file or correct the name"
    return problem("missing-encoding", message), name


def _check_folios(description: Description, labels: Sequence[str]) -> list[Problem]:
    wanted = [(f"piece {piece.id}", piece.folios) for piece in description.pieces]
    wanted += [(f"gathering {gathering.label}", gathering.folios) for gathering in description.gatherings]
    problems: list[Problem] = []
    for detail, folios in wanted:
        if folios and (missing := _not_in_sheet(parse_range(normalise(folios)), labels)):
            message = f"names {missing}, of which the sheet has no row: {_step(folios, labels)}"
            problems.append(report("folios-not-in-sheet", message, SOURCE, folio=folios, detail=detail))
    if description.start and description.start not in labels:
        message = "start names a folio of which the sheet has no row: write a label as the sheet has it"
        problems.append(report("folios-not-in-sheet", message, SOURCE, folio=description.start))
    return problems


def _step(folios: str, labels: Sequence[str]) -> str:
    """Return what to do about folios that are not in the sheet: they may be those of part-books."""
    spans = parse_range(normalise(folios)).spans
    own = [
        ", ".join(f"{book}: {span}" for span in spans)
        for book in dict.fromkeys(label.partition(":")[0] for label in labels if ":" in label)
    ]
    pages = all(span.start.kind == "page" for span in spans)
    if pages or not any(leaf.side for span in spans for leaf in (span.start, span.end or span.start)):
        text = re.sub(r"\bpp?\. ", "", str(parse_range(normalise(folios))))
        other = text if pages else normalise(re.sub(r"(^|, |: )(?=[\[\d])", r"\1p. ", text))
        if not _not_in_sheet(parse_range(other), labels):
            return f"write {other}, as the sheet has {'leaves' if pages else 'pages'}"
    if not any(span.partbook for span in spans):
        fit = [text for text in own if not _not_in_sheet(parse_range(normalise(text)), labels)]
        if fit:
            return f"name the part-books, {', '.join(fit)}"
    return "add a row (its file may be empty)"


def _not_in_sheet(folios: FolioRange, labels: Sequence[str]) -> str:
    """Return as a text the spans, or ends of spans, that no surface has."""
    missing: list[str] = []
    for span in folios.spans:
        if not resolve_range(str(span), labels):
            missing.append(str(span))
            continue
        prefix = f"{span.partbook}: " if span.partbook else ""
        ends = [end for end in (span.start, span.end) if end is not None and (end.side or end.kind == "page")]
        texts = [prefix + str(end) for end in ends]
        missing += [text for text in texts if not resolve_range(text, labels)]
    return ", ".join(dict.fromkeys(missing))


def _outside(contents: Contents, lists: Collection[str]) -> list[Problem]:
    known = {SOURCE, *SHEETS}
    message = "is not kept: only scans/, encodings/, source.toml, the sheet and checksums are. Move it there"
    return [
        report("outside-file", message, name)
        for name in sorted(contents.files)
        if name not in known and name not in lists and not name.startswith(("scans/", "encodings/"))
    ]
