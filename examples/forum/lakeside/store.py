"""Everything the forum keeps: authors, posts, pictures and the webhooks it received, in one SQLite file.

Each public method is one transaction that is on disk when it returns, so a power cut or kill -9 loses nothing that
was answered. It asks nobody and shows nothing.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakeside.clock import utc_text
from lakeside.messages import Message
from lakeside.obeying import Outcome, State, carry_out, lift_what_ended, note

FIRST_POST = 1001
ASK_AGAIN_S_MAX = 30.0
_KEYS_LISTED_MAX = 20_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS author (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    handle TEXT NOT NULL UNIQUE COLLATE NOCASE,
    suspended INTEGER NOT NULL DEFAULT 0,
    suspended_until REAL,
    sequence INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS post (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    author INTEGER NOT NULL REFERENCES author (id),
    title TEXT NOT NULL, text TEXT NOT NULL, created_at TEXT NOT NULL,
    state TEXT NOT NULL, verdict TEXT, case_ref TEXT, problem TEXT,
    sequence INTEGER NOT NULL DEFAULT 0,
    asks INTEGER NOT NULL DEFAULT 0, ask_again_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS post_pending ON post (ask_again_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS post_author ON post (author);
CREATE TABLE IF NOT EXISTS picture (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    post INTEGER NOT NULL REFERENCES post (id),
    name TEXT NOT NULL, content_type TEXT NOT NULL, size_bytes INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS picture_post ON picture (post);
CREATE TABLE IF NOT EXISTS delivery (
    key TEXT PRIMARY KEY,
    deliveries INTEGER NOT NULL, effects INTEGER NOT NULL, outcome TEXT NOT NULL,
    sequence INTEGER NOT NULL, content TEXT NOT NULL, measures TEXT NOT NULL,
    first_at TEXT NOT NULL, last_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS letter (
    key TEXT PRIMARY KEY, content TEXT NOT NULL, author TEXT, letter TEXT NOT NULL);
"""
_POST = """
SELECT post.*, author.handle, author.suspended,
       (SELECT group_concat(id || '|' || name || '|' || content_type || '|' || size_bytes, ',') FROM
           (SELECT * FROM picture WHERE picture.post = post.id ORDER BY id)) AS pictures
FROM post JOIN author ON author.id = post.author
"""


class Suspended(Exception):
    """This author may not post."""


@dataclass(frozen=True)
class Upload:
    """One picture as it came."""

    content_type: str
    content: bytes


@dataclass(frozen=True)
class Draft:
    """What somebody wants to post."""

    handle: str
    title: str
    text: str
    pictures: tuple[Upload, ...]


@dataclass(frozen=True)
class Picture:
    """A stored picture without its bytes; `name` is its id towards Vigie, unique within the post."""

    id: int
    name: str
    content_type: str
    size_bytes: int


@dataclass(frozen=True)
class Post:
    """A stored post."""

    id: int
    author_id: int
    handle: str
    suspended: bool
    title: str
    text: str
    created_at: str
    state: State
    verdict: str | None
    case: str | None
    problem: str | None
    sequence: int
    asks: int
    pictures: tuple[Picture, ...]

    @property
    def content_id(self) -> str:
        """The post's id towards Vigie."""
        return f"post-{self.id}"


@dataclass(frozen=True)
class Author:
    """Somebody who posted at least once."""

    id: int
    handle: str
    suspended: bool
    published: int


class Store:
    """Opens a connection for each transaction, so it may be used from any thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "lakeside.sqlite3"
        with self._transaction() as db:
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
            if db.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'post'").fetchone() is None:
                db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('post', ?)", (FIRST_POST - 1,))
            if "suspended_until" not in {row["name"] for row in db.execute("PRAGMA table_info (author)")}:
                db.execute("ALTER TABLE author ADD COLUMN suspended_until REAL")

    def add_pending(self, draft: Draft, *, at_s: float, ask_again_at_s: float) -> int:
        """Keep a draft as a pending post; raises Suspended when its author may not post."""
        with self._transaction() as db:
            db.execute("INSERT INTO author (handle) VALUES (?) ON CONFLICT DO NOTHING", (draft.handle,))
            lift_what_ended(db, at_s)
            author = db.execute("SELECT * FROM author WHERE handle = ?", (draft.handle,)).fetchone()
            if author["suspended"]:
                raise Suspended
            post = db.execute(
                "INSERT INTO post (author, title, text, created_at, state, ask_again_at)"
                " VALUES (?, ?, ?, ?, 'pending', ?)",
                (author["id"], draft.title, draft.text, utc_text(at_s), ask_again_at_s),
            ).lastrowid
            assert post is not None
            db.executemany(
                "INSERT INTO picture (post, name, content_type, size_bytes, bytes) VALUES (?, ?, ?, ?, ?)",
                [
                    (post, f"m{number}", one.content_type, len(one.content), one.content)
                    for number, one in enumerate(draft.pictures, start=1)
                ],
            )
            return post

    def settle(
        self, post: int, *, state: State, verdict: str | None, case: str | None, problem: str | None
    ) -> None:
        """Apply Vigie's answer, unless a webhook was quicker and settled the post already."""
        with self._transaction() as db:
            db.execute(
                "UPDATE post SET verdict = ?, case_ref = ?, problem = ?,"
                " state = CASE WHEN state = 'pending' THEN ? ELSE state END WHERE id = ?",
                (verdict, case, problem, state, post),
            )
            db.execute(
                "UPDATE post SET state = 'declined', problem = 'This account is suspended.'"
                " WHERE id = ? AND state = 'published' AND sequence = 0"
                " AND author IN (SELECT id FROM author WHERE suspended)",
                (post,),
            )

    def postpone(self, post: int, *, at_s: float) -> None:
        """Vigie could not be asked: again after 1, 2, 4 ... at most 30 seconds."""
        with self._transaction() as db:
            asks = db.execute("SELECT asks FROM post WHERE id = ?", (post,)).fetchone()["asks"]
            again_at_s = at_s + min(2.0 ** min(asks, 10), ASK_AGAIN_S_MAX)
            db.execute("UPDATE post SET asks = asks + 1, ask_again_at = ? WHERE id = ?", (again_at_s, post))

    def pending_due(self, *, at_s: float, limit: int) -> list[int]:
        """Posts that are to be asked about again, oldest first."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT id FROM post WHERE state = 'pending' AND ask_again_at <= ? ORDER BY id LIMIT ?",
                (at_s, limit),
            )
            return [row["id"] for row in rows]

    def make_pending_due(self) -> None:
        """After a start: whoever was asking is gone."""
        with self._transaction() as db:
            db.execute("UPDATE post SET ask_again_at = 0 WHERE state = 'pending'")

    def lift_what_ended(self, *, at_s: float) -> None:
        """Let authors post again whose suspension is over, so that their pages say so too."""
        with self._transaction() as db:
            lift_what_ended(db, at_s)

    def obey(self, message: Message, *, at_s: float) -> Outcome:
        """Carry a message out and note its key in one transaction; a key that had its effect has no second one."""
        with self._transaction() as db:
            noted = db.execute("SELECT effects FROM delivery WHERE key = ?", (message.key,)).fetchone()
            if noted is not None and noted["effects"]:
                note(db, message, outcome="repeated", effects=0, at_s=at_s)
                return "repeated"
            outcome: Outcome = "test" if message.test else carry_out(db, message, at_s)
            note(db, message, outcome=outcome, effects=1 if outcome in ("obeyed", "kept") else 0, at_s=at_s)
            return outcome

    def pretend(self, message: Message, *, at_s: float) -> Outcome:
        """Note a message as received and do nothing: a platform that lies, for trying out the re-check."""
        with self._transaction() as db:
            note(db, message, outcome="pretended", effects=0, at_s=at_s)
        return "pretended"

    def find(self, post: int) -> Post | None:
        """A post in any state."""
        with self._reading() as db:
            row = db.execute(_POST + "WHERE post.id = ?", (post,)).fetchone()
            return None if row is None else _post(row)

    def published(self, *, limit: int, offset: int, author: int | None = None) -> list[Post]:
        """Posts that everybody may see, newest first."""
        with self._reading() as db:
            rows = db.execute(
                _POST + "WHERE post.state = 'published' AND (?1 IS NULL OR post.author = ?1)"
                " ORDER BY post.id DESC LIMIT ?2 OFFSET ?3",
                (author, limit, offset),
            )
            return [_post(row) for row in rows]

    def author(self, handle: str) -> Author | None:
        """The author of this name, however it is capitalised."""
        with self._reading() as db:
            row = db.execute(
                "SELECT author.*, (SELECT count(*) FROM post WHERE author = author.id AND state = 'published') AS n"
                " FROM author WHERE handle = ?",
                (handle,),
            ).fetchone()
            return None if row is None else Author(row["id"], row["handle"], bool(row["suspended"]), row["n"])

    def authors(self, *, limit: int) -> list[Author]:
        """Who published most."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT author.*, count(*) AS n FROM author JOIN post ON post.author = author.id"
                " WHERE state = 'published' GROUP BY author.id ORDER BY n DESC, author.id LIMIT ?",
                (limit,),
            )
            return [Author(row["id"], row["handle"], bool(row["suspended"]), row["n"]) for row in rows]

    def picture(self, picture: int) -> tuple[State, str, bytes] | None:
        """State of its post, content type and bytes."""
        with self._reading() as db:
            row = db.execute(
                "SELECT state, content_type, bytes FROM picture JOIN post ON post.id = picture.post"
                " WHERE picture.id = ?",
                (picture,),
            ).fetchone()
            return None if row is None else (row["state"], row["content_type"], row["bytes"])

    def picture_bytes(self, post: int) -> list[tuple[str, bytes]]:
        """Name and bytes of every picture of a post."""
        with self._reading() as db:
            rows = db.execute("SELECT name, bytes FROM picture WHERE post = ? ORDER BY id", (post,))
            return [(row["name"], row["bytes"]) for row in rows]

    def deliveries(self) -> Sequence[dict[str, str | int]]:
        """Every idempotency key received, with its counts, in the order of first arrival."""
        with self._reading() as db:
            rows = db.execute("SELECT * FROM delivery ORDER BY rowid LIMIT ?", (_KEYS_LISTED_MAX,))
            return [dict(row) for row in rows]

    def letters(self) -> Sequence[dict[str, Any]]:
        """Every letter received and for whom it is, in the order of arrival."""
        with self._reading() as db:
            rows = db.execute("SELECT * FROM letter ORDER BY rowid LIMIT ?", (_KEYS_LISTED_MAX,))
            return [
                {"content": row["content"], "author": row["author"], **json.loads(row["letter"])}
                for row in rows
            ]

    def totals(self) -> dict[str, int]:
        """Numbers of posts by state, authors, keys, deliveries and effects."""
        with self._reading() as db:
            counts = {
                row["state"]: row["n"] for row in db.execute("SELECT state, count(*) n FROM post GROUP BY 1")
            }
            row = db.execute(
                "SELECT count(*) k, total(deliveries) d, total(effects) e FROM delivery"
            ).fetchone()
            authors = db.execute("SELECT count(*) FROM author").fetchone()[0]
            return {
                **counts,
                "authors": authors,
                "keys": row["k"],
                "deliveries": int(row["d"]),
                "effects": int(row["e"]),
            }

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as db:
            # IMMEDIATE takes the write lock first: what is read here cannot change before the commit.
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as db:
            yield db

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode = WAL")
            # FULL: a commit is on disk before it is answered. WAL alone would allow the last ones to be lost.
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            yield db


def _post(row: sqlite3.Row) -> Post:
    return Post(
        id=row["id"],
        author_id=row["author"],
        handle=row["handle"],
        suspended=bool(row["suspended"]),
        title=row["title"],
        text=row["text"],
        created_at=row["created_at"],
        state=row["state"],
        verdict=row["verdict"],
        case=row["case_ref"],
        problem=row["problem"],
        sequence=row["sequence"],
        asks=row["asks"],
        pictures=tuple(_picture(text) for text in (row["pictures"] or "").split(",") if text),
    )


def _picture(text: str) -> Picture:
    number, name, content_type, size_bytes = text.split("|")
    return Picture(int(number), name, content_type, int(size_bytes))
