"""Users' own state: named collections of papers, read marks and notes, in one SQLite file beside a graph.

Each call opens a connection of its own and is one transaction, so that threads and processes share a file; it
is in WAL mode (https://www.sqlite.org/wal.html), in which readers do not wait for a writer. What is kept of a
paper is its id and its title: a paper that a graph no longer holds can still be shown.
"""

from __future__ import annotations

import contextlib
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from papergraph.errors import NotFoundError, StateError, UsageError
from papergraph.text import one_line, plural

VERSION = 1
LONGEST_NAME = 200  # characters of a collection's name
LONGEST_NOTE = 20_000
_APPLICATION_ID = 0x70617067  # "papg", in the file's header
_WAIT = 10.0  # seconds that a writer waits for another
_SCHEMA = """
CREATE TABLE papers (id TEXT PRIMARY KEY, title TEXT NOT NULL, mark TEXT, note TEXT NOT NULL DEFAULT '',
    changed_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE collections (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL);
CREATE TABLE members (collection INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    paper TEXT NOT NULL REFERENCES papers, added_at TEXT NOT NULL, PRIMARY KEY (collection, paper)
    ) WITHOUT ROWID;
CREATE INDEX member_papers ON members (paper);
"""


class Mark(StrEnum):
    """Whether a paper is read, or to be."""

    TO_READ = "to_read"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Collection:
    """A named collection and how many papers it holds."""

    id: int
    name: str
    created_at: str
    papers: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a paper. `collections` are ids; `added_at` is of the collection asked for, else "".

    `title` is the one that the paper had when it was first kept.
    """

    id: str
    title: str
    mark: Mark | None = None
    note: str = ""
    changed_at: str = ""
    added_at: str = ""
    collections: tuple[int, ...] = ()


@dataclass(slots=True)
class Brought:
    """What an import brought that was not there."""

    collections: int = 0
    papers: int = 0  # put into collections
    marks: int = 0
    notes: int = 0

    def in_words(self) -> str:
        parts = [
            plural(self.collections, "new collection"),
            f"{plural(self.papers, 'paper')} put into collections",
            plural(self.marks, "mark"),
            plural(self.notes, "note"),
        ]
        return ", ".join(parts[:-1]) + " and " + parts[-1]


@dataclass(frozen=True, slots=True)
class Saved:
    """A whole state outside its file. `collections` maps a name to the time at which it was made and its
    papers, each with the time at which it was added.
    """

    papers: list[Kept]
    collections: dict[str, tuple[str, dict[str, str]]]


class State:
    """The state in a file, made where there is none. Every method raises StateError where the file cannot be
    read or written. Papers are given as a mapping from id to title.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        with self._open():
            pass

    # Collections

    def collections(self) -> list[Collection]:
        """All of them, by name."""
        with self._open() as db:
            rows = db.execute(
                "SELECT c.id, c.name, c.created_at, count(m.paper) FROM collections c "
                "LEFT JOIN members m ON m.collection = c.id GROUP BY c.id ORDER BY c.key"
            )
            return [Collection(*row) for row in rows]

    def collection(self, number: int) -> Collection:
        """One of them. Raises NotFoundError."""
        with self._open() as db:
            _known(db, number)
        return next(c for c in self.collections() if c.id == number)

    def create(self, name: str) -> int:
        """The id of a new collection. Raises UsageError where the name is empty, too long or taken."""
        with self._open(write=True) as db:
            return _create(db, name, now())

    def rename(self, number: int, text: str) -> None:
        """Raises UsageError like `create`, and NotFoundError."""
        name = name_of(text)
        with self._open(write=True) as db:
            _known(db, number)
            _free(db, name, number)
            db.execute("UPDATE collections SET name = ?, key = ? WHERE id = ?", (name, key(name), number))

    def delete(self, number: int) -> None:
        """Deletes a collection; marks and notes of its papers stay. Raises NotFoundError."""
        with self._open(write=True) as db:
            _known(db, number)
            db.execute("DELETE FROM collections WHERE id = ?", (number,))
            _sweep(db)

    def add(self, number: int, papers: Mapping[str, str]) -> int:
        """Puts papers into a collection; how many were not there. Raises NotFoundError."""
        with self._open(write=True) as db:
            _known(db, number)
            _hold(db, papers)
            return db.executemany(
                "INSERT OR IGNORE INTO members VALUES (?, ?, ?)", [(number, p, now()) for p in papers]
            ).rowcount

    def remove(self, number: int, papers: Iterable[str]) -> int:
        """Takes papers out of a collection; how many were there."""
        with self._open(write=True) as db:
            out = db.executemany(
                "DELETE FROM members WHERE collection = ? AND paper = ?", [(number, p) for p in papers]
            ).rowcount
            _sweep(db)
            return out

    # Papers

    def mark(self, papers: Mapping[str, str], mark: Mark | None) -> None:
        """Marks papers as read or to read; with None takes the mark away."""
        with self._open(write=True) as db:
            _hold(db, papers)
            db.executemany(
                "UPDATE papers SET mark = ?, changed_at = ? WHERE id = ?", [(mark, now(), p) for p in papers]
            )
            _sweep(db)

    def note(self, paper: str, title: str, text: str) -> None:
        """Sets the note of a paper; an empty one takes it away. Raises UsageError where it is too long."""
        note = plain(text)
        if len(note) > LONGEST_NOTE:
            raise UsageError(
                f"the note is {len(note):,} characters long, but may be {LONGEST_NOTE:,}",
                "shorten it, or keep the rest elsewhere",
            )
        with self._open(write=True) as db:
            _hold(db, {paper: title})
            db.execute("UPDATE papers SET note = ?, changed_at = ? WHERE id = ?", (note, now(), paper))
            _sweep(db)

    def kept(self) -> dict[str, Kept]:
        """All papers of which something is kept, by id."""
        with self._open() as db:
            members: dict[str, list[int]] = {}
            rows = (
                "SELECT m.paper, c.id FROM members m JOIN collections c ON c.id = m.collection ORDER BY c.key"
            )
            for paper, number in db.execute(rows):
                members.setdefault(paper, []).append(number)
            papers = db.execute("SELECT id, title, mark, note, changed_at FROM papers ORDER BY id")
            return {
                i: Kept(i, t, Mark(m) if m else None, n, at, collections=tuple(members.get(i, ())))
                for i, t, m, n, at in papers
            }

    def added(self, number: int) -> dict[str, str]:
        """The papers of a collection by id, with the time at which each was added; the last added first."""
        with self._open() as db:
            rows = "SELECT paper, added_at FROM members WHERE collection = ? ORDER BY added_at DESC, paper"
            return dict(db.execute(rows, (number,)))

    def follow(self, redirects: Mapping[str, str]) -> int:
        """Moves what is kept of papers that turned out to be others; how many. `redirects` as the registry's.

        Of two papers that are now one, the newer mark wins and both notes stay.
        """
        with self._open() as db:
            moved = [i for (i,) in db.execute("SELECT id FROM papers ORDER BY id") if i in redirects]
        if moved:
            with self._open(write=True) as db:
                for old in moved:
                    _move(db, old, _end(old, redirects))
        return len(moved)

    # Take away and bring back

    def saved(self) -> Saved:
        """The whole state, equal for equal states."""
        lists = {c.name: (c.created_at, self.added(c.id)) for c in self.collections()}
        return Saved(list(self.kept().values()), lists)

    def bring(self, saved: Saved, *, replace: bool = False) -> Brought:
        """Takes in a state, beside what there is or instead of it; all of it or nothing.

        Collections of one name become one; of a paper that both know, the newer mark wins and both notes
        stay.
        """
        out = Brought()
        with self._open(write=True) as db:
            if replace:
                for table in ("members", "collections", "papers"):
                    db.execute(f"DELETE FROM {table}")
            for paper in saved.papers:
                before = _row(db, paper.id) or Kept(paper.id, "")
                after = _unite(db, paper)
                out.marks += after.mark != before.mark
                out.notes += after.note != before.note
            for name, (created_at, members) in saved.collections.items():
                row = db.execute("SELECT id FROM collections WHERE key = ?", (key(name),)).fetchone()
                out.collections += row is None
                number = row[0] if row else _create(db, name, created_at)
                for member, added_at in members.items():
                    _hold(db, {member: ""}, added_at)
                    out.papers += db.execute(
                        "INSERT OR IGNORE INTO members VALUES (?, ?, ?)", (number, member, added_at)
                    ).rowcount
            _sweep(db)
        return out

    # The file

    @contextlib.contextmanager
    def _open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection within a transaction: committed at the end, rolled back on any error."""
        try:
            with contextlib.closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as db:
                db.execute("PRAGMA foreign_keys = ON")
                self._prepare(db)
                db.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                try:
                    yield db
                except BaseException:
                    db.execute("ROLLBACK")
                    raise
                db.execute("COMMIT")
        except sqlite3.Error as error:
            raise StateError(f"{self.path}: {error}", "name another file with --state") from error

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Makes the tables in a new file. Raises StateError on one of another program or of a newer one."""
        if self._version(db):
            return
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN EXCLUSIVE")  # another process may be at it too
        if not self._version(db):
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")

    def _version(self, db: sqlite3.Connection) -> int:
        try:
            # in this order: another process may be making the file, and the tables come with their marks
            (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            (application,) = db.execute("PRAGMA application_id").fetchone()
            (version,) = db.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise StateError(
                f"{self.path} is no file of collections and notes: {error}", "name another file with --state"
            ) from error
        if tables and application != _APPLICATION_ID:
            raise StateError(
                f"{self.path} is a database of another program", "name another file with --state"
            )
        if version > VERSION:
            raise StateError(
                f"{self.path} has version {version}, newer than this program's {VERSION}", "update papergraph"
            )
        return int(version)


def plain(text: str) -> str:
    """A note as it is kept: text in lines, without control characters and halves of characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def now() -> str:
    """The time as it is kept: UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def name_of(text: str) -> str:
    """A collection's name as it is kept. Raises UsageError where it is empty or too long."""
    name = one_line(text)
    if not name:
        raise UsageError("a collection needs a name", "type one")
    if len(name) > LONGEST_NAME:
        raise UsageError(f"the name is {len(name):,} characters long, but may be {LONGEST_NAME}")
    return name


def key(name: str) -> str:
    """Names of one key are the same name."""
    return unicodedata.normalize("NFKC", name).casefold()


def _free(db: sqlite3.Connection, name: str, number: int = 0) -> None:
    row = db.execute("SELECT name FROM collections WHERE key = ? AND id <> ?", (key(name), number)).fetchone()
    if row:
        raise UsageError(f"there is a collection {row[0]!r} already", "choose another name, or use that one")


def _create(db: sqlite3.Connection, text: str, at: str) -> int:
    name = name_of(text)
    _free(db, name)
    row = db.execute(
        "INSERT INTO collections (name, key, created_at) VALUES (?, ?, ?) RETURNING id", (name, key(name), at)
    ).fetchone()
    return int(row[0])


def _known(db: sqlite3.Connection, number: int) -> None:
    if not db.execute("SELECT 1 FROM collections WHERE id = ?", (number,)).fetchone():
        raise NotFoundError(f"there is no collection {number}", "the page of collections lists them")


def _hold(db: sqlite3.Connection, papers: Mapping[str, str], at: str = "") -> None:
    """Makes sure that papers have a row."""
    db.executemany(
        "INSERT OR IGNORE INTO papers (id, title, changed_at) VALUES (?, ?, ?)",
        [(i, one_line(title), at or now()) for i, title in papers.items()],
    )


def _sweep(db: sqlite3.Connection) -> None:
    """Forgets papers of which nothing is kept."""
    db.execute(
        "DELETE FROM papers WHERE mark IS NULL AND note = '' "
        "AND NOT EXISTS (SELECT 1 FROM members WHERE members.paper = papers.id)"
    )


def _row(db: sqlite3.Connection, paper: str) -> Kept | None:
    row = db.execute("SELECT id, title, mark, note, changed_at FROM papers WHERE id = ?", (paper,)).fetchone()
    return Kept(row[0], row[1], Mark(row[2]) if row[2] else None, *row[3:]) if row else None


def _unite(db: sqlite3.Connection, new: Kept) -> Kept:
    """Adds what is known of a paper to what there is; gives what there is then."""
    held = _row(db, new.id)
    if held is not None:
        older, newer = sorted((held, new), key=lambda k: k.changed_at)
        notes = [held.note, new.note]
        if notes[0] in notes[1] or notes[1] in notes[0]:
            notes = [max(notes, key=len)]
        title = held.title or new.title
        new = Kept(new.id, title, newer.mark or older.mark, "\n\n".join(notes), newer.changed_at)
    db.execute(
        "INSERT INTO papers VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET title = excluded.title, "
        "mark = excluded.mark, note = excluded.note, changed_at = excluded.changed_at",
        (new.id, new.title, new.mark, new.note, new.changed_at),
    )
    return new


def _move(db: sqlite3.Connection, old: str, new: str) -> None:
    held = _row(db, old)
    if held is None or old == new:
        return  # another process was quicker
    _unite(db, Kept(new, held.title, held.mark, held.note, held.changed_at))
    db.execute("UPDATE OR IGNORE members SET paper = ? WHERE paper = ?", (new, old))
    db.execute("DELETE FROM members WHERE paper = ?", (old,))
    db.execute("DELETE FROM papers WHERE id = ?", (old,))


def _end(paper: str, redirects: Mapping[str, str]) -> str:
    """Where the redirects of a paper end."""
    seen = {paper}
    while (paper_next := redirects.get(paper)) is not None and paper_next not in seen:
        seen.add(paper_next)
        paper = paper_next
    return paper
