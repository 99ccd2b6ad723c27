"""What a message of Vigie changes, inside the transaction of `store.Store.obey`.

It opens no file and checks no signature.
"""

import json
import sqlite3
from typing import Literal

from lakeside.clock import utc_text
from lakeside.messages import Message

State = Literal["pending", "published", "held", "hidden", "removed", "declined"]
Outcome = Literal["obeyed", "kept", "repeated", "superseded", "test", "pretended", "unknown_content"]

_AFTER: dict[str, State] = {
    "hide_content": "hidden",
    "remove_content": "removed",
    "restore_content": "published",
}


def carry_out(db: sqlite3.Connection, message: Message, at_s: float) -> Outcome:
    """Keep the letter and take the measures; what a later message changed already stays as it is."""
    lift_what_ended(db, at_s)
    post = _number(message.content_id, prefix="post-")
    if db.execute("SELECT 1 FROM post WHERE id = ?", (post,)).fetchone() is None:
        return "unknown_content"
    if message.letter is not None:
        db.execute(
            "INSERT OR IGNORE INTO letter (key, content, author, letter) VALUES (?, ?, ?, ?)",
            (message.key, message.content_id, message.author_id, json.dumps(message.letter)),
        )
    if not message.measures:
        return "kept"
    obeyed = False
    for measure in message.measures:
        if measure in _AFTER:
            changed = db.execute(
                "UPDATE post SET state = ?, sequence = ? WHERE id = ? AND sequence <= ?",
                (_AFTER[measure], message.sequence, post, message.sequence),
            )
        else:
            # An author has posts in many messages, so the author's own last sequence counts.
            changed = db.execute(
                "UPDATE author SET suspended = ?, suspended_until = ?, sequence = ? WHERE id = ? AND sequence <= ?",
                (
                    int(measure == "suspend_author"),
                    message.author_until_s if measure == "suspend_author" else None,
                    message.sequence,
                    _number(message.author_id or "", prefix="u-"),
                    message.sequence,
                ),
            )
        obeyed = obeyed or changed.rowcount > 0
    return "obeyed" if obeyed else "superseded"


def note(db: sqlite3.Connection, message: Message, *, outcome: Outcome, effects: int, at_s: float) -> None:
    """Count a delivery; a repeated one keeps the outcome that had the effect."""
    db.execute(
        "INSERT INTO delivery (key, deliveries, effects, outcome, sequence, content, measures, first_at, last_at)"
        " VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)"
        " ON CONFLICT (key) DO UPDATE SET deliveries = deliveries + 1, effects = effects + excluded.effects,"
        " outcome = CASE WHEN excluded.outcome = 'repeated' THEN outcome ELSE excluded.outcome END,"
        " last_at = excluded.last_at",
        (
            message.key,
            effects,
            outcome,
            message.sequence,
            message.content_id,
            ",".join(message.measures),
            utc_text(at_s),
        ),
    )


def lift_what_ended(db: sqlite3.Connection, at_s: float) -> None:
    """A suspension with an end is over then, whether or not Vigie says so again."""
    db.execute(
        "UPDATE author SET suspended = 0, suspended_until = NULL WHERE suspended AND suspended_until <= ?",
        (at_s,),
    )


def _number(name: str, *, prefix: str) -> int:
    """`post-1001` -> 1001; 0, which nothing has, for any other name."""
    digits = name.removeprefix(prefix)
    return int(digits) if name.startswith(prefix) and digits.isdecimal() and len(digits) <= 18 else 0
