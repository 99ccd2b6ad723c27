"""The enforcement message: what a platform is told to do, and its JSON form (docs/reference/webhooks.md).

It says what to do with which content, never why: no text, hash, reason or reviewer is in it.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from vigie.foundation.errors import Invalid

MESSAGE_BYTES_MAX = 16 * 1024
_TEXT_CHARS_MAX = 2_048
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


class Measure(StrEnum):
    """One thing that a platform does about a piece of content or its author."""

    HIDE_CONTENT = "hide_content"
    REMOVE_CONTENT = "remove_content"
    RESTORE_CONTENT = "restore_content"
    SUSPEND_AUTHOR = "suspend_author"
    RESTORE_AUTHOR = "restore_author"


CONTENT_MEASURES = frozenset({Measure.HIDE_CONTENT, Measure.REMOVE_CONTENT, Measure.RESTORE_CONTENT})
AUTHOR_MEASURES = frozenset({Measure.SUSPEND_AUTHOR, Measure.RESTORE_AUTHOR})


class MalformedMessage(Invalid):
    """This is no enforcement message."""

    code = "malformed_message"


@dataclass(frozen=True, kw_only=True)
class EnforcementMessage:
    """What one decision, or one rule acting alone, asks of a platform.

    `disclosure` is `open` or `withheld` when an authority ordered it, else empty: whether the author may be told.
    `id` is the idempotency key and the same in every retry. `sequence` is the ledger number; it only grows.
    `decision` is None when a rule acted, which `rule` then names. `measures` holds at most one about the
    content and at most one about its author. Without address or known author, those are None or empty.
    """

    id: str
    sequence: int
    at: datetime
    test: bool
    content_id: str
    content_kind: str
    content_url: str | None
    author_id: str | None
    case: str | None
    decision: str | None
    rule: str | None
    measures: tuple[Measure, ...]
    disclosure: str = ""

    def __post_init__(self) -> None:
        if not (self.id and self.content_id and self.sequence >= 1 and self.at.tzinfo is not None):
            raise MalformedMessage(
                "A message needs an id, a content, a sequence from 1 and an instant with a zone."
            )
        measures = set(self.measures)
        about_content, about_author = measures & CONTENT_MEASURES, measures & AUTHOR_MEASURES
        if (
            not measures
            or len(measures) < len(self.measures)
            or len(about_content) > 1
            or len(about_author) > 1
        ):
            raise MalformedMessage(
                "A message holds at most one measure about the content and one about its author."
            )
        if about_author and not self.author_id:
            raise MalformedMessage("A measure about the author needs an author.")

    def to_json(self) -> dict[str, Any]:
        """The message as JSON, with the members in the documented order."""
        return {
            "id": self.id,
            "event": "enforcement",
            "sequence": self.sequence,
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "test": self.test,
            "content": {"id": self.content_id, "kind": self.content_kind, "url": self.content_url or None},
            "author": {"id": self.author_id} if self.author_id else None,
            "case": self.case,
            "decision": self.decision,
            "rule": self.rule,
            "measures": [str(measure) for measure in self.measures],
            **({"disclosure": self.disclosure} if self.disclosure else {}),
        }

    def to_body(self) -> bytes:
        """The body to send: the same bytes for the same message, in every retry."""
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, value: Any) -> "EnforcementMessage":
        """The message in parsed JSON; unknown members are passed over, so that later ones can be added.

        Raises MalformedMessage.
        """
        try:
            if value["event"] != "enforcement":
                raise MalformedMessage("The event of a message must be 'enforcement'.")
            content, author = value["content"], value["author"]
            return cls(
                id=_text(value["id"]),
                sequence=_whole_number(value["sequence"]),
                at=_instant(value["at"]),
                test=_truth(value["test"]),
                content_id=_text(content["id"]),
                content_kind=_text(content["kind"]),
                content_url=_text_or_none(content["url"]),
                author_id=None if author is None else _text(author["id"]),
                case=_text_or_none(value["case"]),
                decision=_text_or_none(value["decision"]),
                rule=_text_or_none(value["rule"]),
                measures=tuple(Measure(measure) for measure in value["measures"]),
                disclosure=_text_or_none(value.get("disclosure")) or "",
            )
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedMessage("This is no enforcement message.") from error

    @classmethod
    def from_body(cls, body: bytes) -> "EnforcementMessage":
        """The message in a body as a platform receives it; raises MalformedMessage."""
        if len(body) > MESSAGE_BYTES_MAX:
            raise MalformedMessage(f"A message has at most {MESSAGE_BYTES_MAX} bytes.")
        try:
            value = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise MalformedMessage("The body is not JSON.") from error
        return cls.from_json(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _TEXT_CHARS_MAX:
        raise ValueError("not a text of acceptable length")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _whole_number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("not a whole number")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _instant(value: Any) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("not an instant in UTC")
    return datetime.fromisoformat(value)
