"""The problems that ingest reports: one table of stable codes, their severity and what they mean.

The description's own codes (``toml-syntax``, ``unknown-key`` …) come from :mod:`alamire.source.toml_form`.
"""

from __future__ import annotations

from alamire.errors import Place, Problem, Severity

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

#: Code -> (severity, explanation).
CODES: dict[str, tuple[Severity, str]] = {
    # the folder
    "no-delivery": (_E, "The folder named is not there, or is no folder."),
    "no-description": (_E, "The delivery has no source.toml."),
    "no-sheet": (_E, "The delivery has neither sheet.csv nor sheet.xlsx."),
    "two-sheets": (_E, "The delivery has more than one sheet, and only one can be meant."),
    "text-encoding": (_E, "A text file is not in UTF-8."),
    "symlink": (_E, "A file or folder is a symbolic link; what it points to could change or be elsewhere."),
    "special-file": (_E, "Something in the delivery is neither a file nor a folder."),
    "unreadable": (_E, "A file or folder cannot be read."),
    "file-name": (_E, "A file's name has characters that cannot be kept everywhere."),
    "name-collision": (_E, "Two files have names that differ only in case or in how accents are composed."),
    "outside-file": (_W, "A file lies outside scans/ and encodings/; it is not kept."),
    # checksums
    "checksum-mismatch": (_E, "A file's content does not have the checksum that was supplied."),
    "checksum-absent-file": (_E, "A checksum was supplied for a file that is not in the delivery."),
    "checksum-line": (_E, "A line of the list of checksums cannot be read."),
    "checksum-ambiguous": (_E, "A checksum is given by a bare name that several files have."),
    "checksums-partial": (_I, "The list of checksums does not cover every scan and encoding."),
    # the sheet
    "sheet-unreadable": (_E, "The sheet cannot be read as CSV or as an Excel workbook."),
    "sheet-empty": (_E, "The sheet has no rows."),
    "several-worksheets": (_W, "The workbook has several worksheets with content; the first is used."),
    "missing-column": (_E, "The sheet lacks the column file or label."),
    "unknown-column": (_I, "The sheet has a column of another name than the known ones; it is not read."),
    "misspelt-column": (_W, "A column's name is nearly that of a known one; it is not read."),
    "duplicate-column": (_E, "The sheet has two columns of one name."),
    "too-many-cells": (_E, "A row has content to the right of the last column that has a name."),
    "date-cell": (_E, "A cell holds a date or a truth value, made by the spreadsheet out of a text."),
    "formula-cell": (_E, "A cell holds a formula without a value, or one that fails."),
    "cut-names": (_E, "The names of files lost their zeros or endings; the message says which are meant."),
    "no-label": (_E, "A row has no label."),
    "label-form": (_W, "A label is not written as folios are; pieces cannot be placed on it."),
    "duplicate-label": (_E, "Two rows give the same label, page type and kind."),
    "unknown-kind": (_E, "The kind of a scan is not one of the known ones."),
    "unknown-page-type": (_E, "The page type is not one of the known ones."),
    "bad-order": (_E, "The order is no number, is given twice, or is given for some rows only."),
    "bad-place": (
        _E,
        "A scan's place on the natural scan is malformed, beside it, or given for that itself.",
    ),
    "out-of-register": (_W, "A scan's shape does not fit that of the natural scan, or of the place given."),
    "labels-backwards": (_W, "The labels of a foliation turn back, and no note says that the book does."),
    "labels-repeat": (_W, "A surface is labelled as one before it, and no note says that the book does."),
    "labels-skip": (_W, "The labels leave out sides of an otherwise whole book, and no note says why."),
    "range-over-break": (_W, "A piece or gathering goes across labels that do not follow each other."),
    "landscape-page": (
        _W,
        "A scan wider than high is labelled as a single page, among pages higher than wide.",
    ),
    "landscape-book": (_W, "All single pages are wider than high; they may be openings."),
    "missing-without-type": (_W, "A row names no file; its surface is shown as not photographed."),
    "scan-of-missing": (_E, "A row names a scan of a surface whose page type is missing."),
    # the sheet against the folder
    "missing-file": (_E, "A row names a file that is not in the delivery."),
    "unnamed-file": (_E, "A picture in scans/ is named by no row."),
    "unknown-file": (_W, "A file in scans/ is no scan, no forgotten picture and no sidecar; it is not kept."),
    "sidecars": (_I, "Files beside the scans are kept with them as they are; nothing is read from them."),
    "sidecar-alone": (_W, "A sidecar of a single scan belongs to none that is there; it is kept."),
    "duplicate-file": (_E, "Two rows name the same file."),
    "name-spelling": (_E, "A name is spelled otherwise (case, composed accents) than the file's own."),
    "unsafe-path": (_E, "A path is absolute or leads out of the delivery."),
    "outside-scans": (_E, "A row names a file that lies outside scans/."),
    # scans
    "empty-file": (_E, "A file is empty."),
    "not-an-image": (_E, "A scan is no image of a kind that can be read."),
    "truncated": (_E, "A scan ends before its image does."),
    "damaged-image": (_E, "A scan's header contradicts itself or cannot be read."),
    "too-large": (_E, "A scan has more pixels than are accepted (400 megapixels)."),
    "wrong-suffix": (_W, "A scan's name says another format than its content has."),
    "multi-page": (_W, "A scan's file holds several pages; the first is used."),
    "animated": (_W, "A scan is animated; the first picture is used."),
    "exif-rotated": (_W, "A scan is to be turned by its orientation tag, which not every program obeys."),
    "not-a-master-format": (_W, "A scan is neither TIFF nor JPEG 2000."),
    "no-rgb-profile": (_W, "A scan has no RGB colour profile."),
    "bit-depth": (_W, "A scan has neither 8 nor 16 bits per sample."),
    # encodings and pieces
    "missing-encoding": (_E, "source.toml names an encoding that is not in the delivery."),
    "unnamed-encoding": (_W, "A file in encodings/ is named by no piece; it is kept."),
    "kern-spines": (_E, "A line of a Humdrum file does not have a field for each spine."),
    "kern-unfinished": (_W, "A Humdrum file ends with spines that are not ended by *-."),
    "xml-malformed": (_E, "An XML encoding is not well-formed."),
    "xml-entities": (_E, "An XML encoding declares entities, which are not expanded here."),
    "duplicate-ids": (_W, "An XML encoding gives one xml:id to several elements, so neither has an address."),
    "unknown-encoding": (_W, "An encoding is neither Humdrum nor MEI nor MusicXML nor CMME."),
    "unreadable-notation": (_W, "An encoding cannot be read, or not all of it; it is kept as it is."),
    "folios-not-in-sheet": (_W, "source.toml names folios that no row of the sheet has."),
    # running
    "same-source": (_W, "Two deliveries of one run have the same id."),
    "changed-meanwhile": (_E, "The delivery or the archive changed between the plan and the run."),
    "disk-full": (_E, "The archive's disk has no room for the delivery."),
    "catalogue-behind": (_W, "The version is kept, but the catalogue could not be brought up to date."),
    "not-writable": (_E, "The archive cannot be written to."),
    "interrupted": (
        _E,
        "The disk or network of the delivery or the archive went away; ingest again to go on.",
    ),
}


def report(
    code: str, message: str, file: str = "", row: int | None = None, folio: str = "", detail: str = ""
) -> Problem:
    """Return the problem of a code listed in :data:`CODES`, with the severity that the table gives it."""
    return Problem(code, Place(file, row, folio, detail), CODES[code][0], message)
