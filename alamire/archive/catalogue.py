"""The catalogue: an index of the store in SQLite, made anew from it at any time with the same rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from alamire.archive.stamp import inventory_stamp
from alamire.archive.store import Store
from alamire.errors import AlamireError, NotFound, Place, Problem, Refused, Severity
from alamire.source.card import Card, card_of
from alamire.source.description import Kind, LanguageMap, PageType, Scan, Songbook, Surface
from alamire.source.surfaces_form import dump_surfaces, load_surfaces
from alamire.source.toml_form import load_description

DESCRIPTION = "source.toml"
SURFACES = "surfaces.json"
_TABLES = """
CREATE TABLE IF NOT EXISTS source (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, title TEXT NOT NULL, shelfmark TEXT NOT NULL,
  description TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS surface (
  source TEXT NOT NULL REFERENCES source ON DELETE CASCADE, id TEXT NOT NULL, position INTEGER NOT NULL,
  ordinal INTEGER NOT NULL, label TEXT NOT NULL, page_type TEXT NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY (source, id));
CREATE TABLE IF NOT EXISTS scan (
  source TEXT NOT NULL REFERENCES source ON DELETE CASCADE, surface TEXT NOT NULL, position INTEGER NOT NULL,
  file TEXT NOT NULL, kind TEXT NOT NULL, sha512 TEXT NOT NULL, width INTEGER NOT NULL,
  height INTEGER NOT NULL, media_type TEXT NOT NULL, place TEXT NOT NULL,
  PRIMARY KEY (source, surface, position));
CREATE TABLE IF NOT EXISTS piece (
  source TEXT NOT NULL REFERENCES source ON DELETE CASCADE, id TEXT NOT NULL, position INTEGER NOT NULL,
  title TEXT NOT NULL, composer TEXT NOT NULL, folios TEXT NOT NULL, PRIMARY KEY (source, id));
CREATE TABLE IF NOT EXISTS encoding (
  source TEXT NOT NULL REFERENCES source ON DELETE CASCADE, piece TEXT NOT NULL, position INTEGER NOT NULL,
  file TEXT NOT NULL, voice TEXT NOT NULL, PRIMARY KEY (source, piece, position));
CREATE TABLE IF NOT EXISTS card (
  source TEXT PRIMARY KEY REFERENCES source ON DELETE CASCADE, title TEXT NOT NULL, shelfmark TEXT NOT NULL,
  pieces INTEGER NOT NULL, face TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seen (
  source TEXT PRIMARY KEY REFERENCES source ON DELETE CASCADE, stamp TEXT NOT NULL);
"""
#: Goes up when the tables change.
FORM = 3
#: What the store says, in tables; beside them, ``seen`` is which file of it said so last.
_NAMES = ("source", "surface", "scan", "piece", "encoding", "card")


class Catalogue:
    """The index in one SQLite file (WAL), made when first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rebuild(self, store: Store) -> tuple[Problem, ...]:
        """Make all rows anew from the store, and the file too where it is no database any more.

        Return as problems why sources are left out (they cannot be read, or lie in a folder of another name),
        and which rows went because their source is not in the store any more.
        """
        try:
            return self._rebuild(store)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorname not in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
                raise
            for path in self.path.parent.glob(self.path.name + "*"):
                path.unlink()
            return self._rebuild(store)

    def _rebuild(self, store: Store) -> tuple[Problem, ...]:
        problems = [*store.misplaced()]
        with self._open() as database:
            there = store.ids()
            problems += [_gone(slug, "its rows are taken out") for slug in _slugs(database, *there)]
            for name in ("seen", *reversed(_NAMES)):
                database.execute(f"DELETE FROM {name}")
            for slug in there:
                try:
                    _insert(database, store, slug)
                except (AlamireError, OSError) as error:
                    problems += problems_of(slug, error)
        return tuple(problems)

    def differences(self, store: Store) -> tuple[Problem, ...]:
        """Return where the rows differ from what the store would give now; nothing is changed.

        Rows that are missing or of an older version are a remark: whoever reads them brings them up to date.
        A source that cannot be read is left out: the audit of the store finds what is wrong with it.
        """
        try:
            with self._reading() as database, closing(sqlite3.connect(":memory:")) as anew:
                if _form(database) != FORM:
                    return (_behind("", "is that of another alamire, or empty"),)
                _make_tables(anew)
                there = store.ids()
                problems = [_gone(slug, "run `alamire reindex` if it went on purpose; else restore it")
                            for slug in _slugs(database, *there)]  # fmt: skip
                problems += [found for slug in there if (found := _difference(database, anew, store, slug))]
                return tuple(problems)
        except (OSError, sqlite3.Error) as error:
            return (_behind("", f"cannot be read ({error})"),)

    def update(self, store: Store, slug: str) -> None:
        """Make the rows of one source anew."""
        with self._open() as database:
            database.execute("DELETE FROM source WHERE id = ?", (slug,))
            _insert(database, store, slug)

    def version(self, slug: str) -> int | None:
        """Return the version that the rows of a source were made from."""
        with self._open() as database:
            row = database.execute("SELECT version FROM source WHERE id = ?", (slug,)).fetchone()
        return None if row is None else int(row[0])

    def sources(self) -> list[str]:
        """Return the slugs of the sources, in order."""
        with self._open() as database:
            return [row[0] for row in database.execute("SELECT id FROM source ORDER BY id")]

    def songbook(self, slug: str) -> Songbook:
        """Return a source's description and surfaces; NotFound where it has no rows."""
        with self._open() as database:
            row = database.execute("SELECT description FROM source WHERE id = ?", (slug,)).fetchone()
            if row is None:
                raise NotFound(f"the catalogue has no source {slug!r}")
            surfaces = database.execute(
                "SELECT id, ordinal, label, page_type, note FROM surface WHERE source = ? ORDER BY position",
                (slug,),
            ).fetchall()
            scans = database.execute(
                "SELECT surface, file, kind, place, sha512, width, height, media_type FROM scan "
                "WHERE source = ? ORDER BY surface, position",
                (slug,),
            ).fetchall()
        description, problems = load_description(row[0])
        if description is None:
            raise NotFound(f"the description of {slug!r} cannot be read: {problems[0]}")
        own: dict[str, list[Scan]] = {}
        for surface, file, kind, place, digest, width, height, media in scans:
            own.setdefault(surface, []).append(
                Scan(file, Kind(kind), digest, width, height, media, _place(place))
            )
        return Songbook(
            description,
            tuple(
                Surface(id_, order, label, PageType(page_type), note, tuple(own.get(id_, ())))
                for id_, order, label, page_type, note in surfaces
            ),
        )

    def cards(self) -> dict[str, tuple[str, Card]]:
        """Return the card of each source, with the stamp of the inventory that its rows were made from."""
        with self._open() as database:
            rows = database.execute(
                "SELECT source, stamp, title, shelfmark, pieces, face FROM card JOIN seen USING (source)"
            ).fetchall()
        return {
            slug: (stamp, Card(slug, _texts(title), mark, pieces, next(iter(load_surfaces(face)), None)))
            for slug, stamp, title, mark, pieces, face in rows
        }

    def remember(self, stamps: Mapping[str, str]) -> None:
        """Record new stamps for the inventories of these sources, whose rows are still right."""
        with self._open() as database:
            pairs = [(stamp, slug) for slug, stamp in stamps.items()]
            database.executemany("UPDATE seen SET stamp = ? WHERE source = ?", pairs)

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of every table, in order: equal before and after a rebuild."""
        with self._open() as database:
            return {name: sorted(database.execute(f"SELECT * FROM {name}").fetchall()) for name in _NAMES}

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Open the file for reading alone, leaving nothing beside it."""
        if not self.path.is_file():
            raise FileNotFoundError("it is not there")
        frozen = not self.path.with_name(f"{self.path.name}-wal").exists()  # nobody has it open
        address = f"{self.path.absolute().as_uri()}?mode=ro{'&immutable=1' if frozen else ''}"
        with closing(sqlite3.connect(address, uri=True, timeout=30)) as database:
            yield database

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=30)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA foreign_keys = ON")
            _make_tables(database)
            with database:
                yield database
        finally:
            database.close()


def _slugs(database: sqlite3.Connection, *but: str) -> list[str]:
    """Return the sources that have rows, without those named."""
    rows = database.execute("SELECT id FROM source ORDER BY id")
    return sorted({str(row[0]) for row in rows} - set(but))


def _difference(
    database: sqlite3.Connection, anew: sqlite3.Connection, store: Store, slug: str
) -> Problem | None:
    row = database.execute("SELECT version FROM source WHERE id = ?", (slug,)).fetchone()
    try:
        _insert(anew, store, slug)
        head = store.head(slug)
    except (AlamireError, OSError):
        return None
    if row is None or row[0] != head:
        was = "nothing" if row is None else f"what version {row[0]} was"
        return _behind(slug, f"says of {slug} {was}, and it has version {head}", Severity.INFO)
    for name in _NAMES:
        query = f"SELECT * FROM {name} WHERE {'id' if name == 'source' else 'source'} = ?"
        if sorted(database.execute(query, (slug,))) != sorted(anew.execute(query, (slug,))):
            return _behind(slug, f"does not say of {slug} what the store says")
    return None


def _gone(slug: str, step: str) -> Problem:
    message = f"has the source {slug}, which is not in the store any more: {step}"
    return Problem.warning("source-gone", "catalogue.sqlite", message)


def _behind(slug: str, what: str, severity: Severity = Severity.WARNING) -> Problem:
    message = f"{what}: run `alamire reindex`, which makes it anew"
    return Problem("catalogue-behind", Place("catalogue.sqlite", detail=slug), severity, message)


def _make_tables(database: sqlite3.Connection) -> None:
    """Make the tables. Tables of another form are dropped: the store has all that they hold."""
    if _form(database) == FORM:
        return
    database.execute("BEGIN IMMEDIATE")
    with database:
        if _form(database) != FORM:  # unless another process has made them meanwhile
            for statement in [
                *(f"DROP TABLE IF EXISTS {name}" for name in ("seen", *reversed(_NAMES))),
                *_TABLES.split(";"),
            ]:
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {FORM}")


def _form(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _box(scan: Scan) -> str:
    return ",".join(map(str, scan.place or ()))


def _texts(written: str) -> LanguageMap:
    return {tag: tuple(lines) for tag, lines in json.loads(written).items()}


def _place(text: str) -> tuple[int, int, int, int] | None:
    if not text:
        return None
    x, y, width, height = map(int, text.split(","))
    return x, y, width, height


def read_songbook(store: Store, slug: str) -> Songbook:
    """Return what the head of an object describes, with the digests from its inventory.

    Refused where its description or its surfaces are damaged.
    """
    try:
        return _read_songbook(store, slug)
    except AlamireError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(
            (_damaged(slug, f"its description or its surfaces are damaged ({error!r})"),)
        ) from error


def problems_of(slug: str, error: AlamireError | OSError) -> tuple[Problem, ...]:
    """Return why a source cannot be read, as problems."""
    return error.problems if isinstance(error, Refused) else (_damaged(slug, str(error)),)


def _damaged(slug: str, what: str) -> Problem:
    message = f"cannot be read, {what}: run `alamire verify {slug}`, and restore what it names from a copy"
    return Problem.error("damaged-source", slug, message)


def _read_songbook(store: Store, slug: str) -> Songbook:
    files = store.files(slug)
    description, problems = load_description(files[DESCRIPTION].path.read_text("utf-8-sig"))
    if description is None:
        raise NotFound(f"the description of {slug!r} cannot be read: {problems[0]}")
    surfaces = load_surfaces(files[SURFACES].path.read_text("utf-8"))
    return Songbook(
        description,
        tuple(
            replace(s, scans=tuple(replace(scan, sha512=files[scan.file].sha512) for scan in s.scans))
            for s in surfaces
        ),
    )


def _insert(database: sqlite3.Connection, store: Store, slug: str) -> None:
    stamp = inventory_stamp(store.folder(slug))
    version = store.head(slug)  # before the content: rows that are too new are made again, never kept
    songbook = read_songbook(store, slug)
    description = songbook.description
    text = store.read(slug, DESCRIPTION).decode("utf-8-sig")
    title = next((words[0] for words in description.title.values() if words), slug)
    database.execute(
        "INSERT INTO source VALUES (?, ?, ?, ?, ?)",
        (slug, version, title, description.shelfmark, text),
    )
    for position, surface in enumerate(songbook.surfaces):
        database.execute(
            "INSERT INTO surface VALUES (?, ?, ?, ?, ?, ?, ?)",
            (slug, surface.id, position, surface.order, surface.label, surface.page_type, surface.note),
        )
        database.executemany(
            "INSERT INTO scan VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (slug, surface.id, n, s.file, s.kind, s.sha512, s.width, s.height, s.media_type, _box(s))
                for n, s in enumerate(surface.scans)
            ],
        )
    for position, piece in enumerate(description.pieces):
        database.execute(
            "INSERT INTO piece VALUES (?, ?, ?, ?, ?, ?)",
            (slug, piece.id, position, piece.title, piece.composer, piece.folios),
        )
        database.executemany(
            "INSERT INTO encoding VALUES (?, ?, ?, ?, ?)",
            [(slug, piece.id, n, e.file, e.voice) for n, e in enumerate(piece.encodings)],
        )
    card = card_of(songbook)
    face = dump_surfaces([card.face] if card.face else [])
    database.execute(
        "INSERT INTO card VALUES (?, ?, ?, ?, ?)",
        (slug, json.dumps(card.title, ensure_ascii=False), card.shelfmark, card.pieces, face),
    )
    database.execute("INSERT INTO seen VALUES (?, ?)", (slug, str(stamp)))
