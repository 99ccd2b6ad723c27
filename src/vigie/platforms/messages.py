"""The enforcement message: what a platform is told to do, and its JSON form (docs/reference/webhooks.md).

It says what to do with which content; why stands only in the letter to the user that may come with it. No text of the
content, hash or reviewer is in it.
"""

import json
import re
from dataclasses import dataclass, field
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
class Letter:
    """What a platform passes on to one of its users: a statement of reasons, or an answer to a complaint.

    `link` is a private address of that user's alone, good until `link_until`.
    """

    kind: str
    number: str
    language: str
    text: str = field(repr=False)
    link: str | None = field(default=None, repr=False)
    link_until: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """The letter as JSON."""
        return {
            "kind": self.kind,
            "number": self.number,
            "language": self.language,
            "text": self.text,
            "link": self.link,
            "link_until": None if self.link_until is None else _instant_text(self.link_until),
        }

    @classmethod
    def from_json(cls, value: Any) -> "Letter":
        """The letter in parsed JSON; raises KeyError, TypeError or ValueError."""
        until = value.get("link_until")
        return cls(
            kind=_text(value["kind"]),
            number=_text(value["number"]),
            language=_text(value["language"]),
            text=_text(value["text"], chars_max=MESSAGE_BYTES_MAX),
            link=_text_or_none(value["link"]),
            link_until=None if until is None else _instant(until),
        )


@dataclass(frozen=True, kw_only=True)
class EnforcementMessage:
    """What one decision, or one rule acting alone, asks of a platform.

    `disclosure` is `open` or `withheld` when an authority ordered it, else empty: whether the author may be told.
    `id` is the idempotency key and the same in every retry. `sequence` is the ledger number; it only grows.
    `decision` is None when a rule acted, which `rule` then names. `measures` holds at most one about the
    content and at most one about its author. Without address or known author, those are None or empty.
    `author_until` is when a suspension of the author ends by itself; None for one without end.
    `letter` is for the author. `complaint` is the one because of which content is shown again.
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
    letter: Letter | None = None
    complaint: str | None = None
    author_until: datetime | None = None

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
        if self.author_until is not None and Measure.SUSPEND_AUTHOR not in measures:
            raise MalformedMessage("Only a suspension has an end.")

    def to_json(self) -> dict[str, Any]:
        """The message as JSON, with the members in the documented order."""
        more: dict[str, Any] = {}
        if self.disclosure:
            more["disclosure"] = self.disclosure
        if self.author_until is not None:
            more["author_until"] = _instant_text(self.author_until)
        if self.complaint:
            more["complaint"] = self.complaint
        if self.letter is not None:
            more["letter"] = self.letter.to_json()
        return {
            "id": self.id,
            "event": "enforcement",
            "sequence": self.sequence,
            "at": _instant_text(self.at),
            "test": self.test,
            "content": {"id": self.content_id, "kind": self.content_kind, "url": self.content_url or None},
            "author": {"id": self.author_id} if self.author_id else None,
            "case": self.case,
            "decision": self.decision,
            "rule": self.rule,
            "measures": [str(measure) for measure in self.measures],
            **more,
        }

    def to_body(self) -> bytes:
        """The body to send: the same bytes for the same message, in every retry."""
        return _body(self.to_json())

    @classmethod
    def from_json(cls, value: Any) -> "EnforcementMessage":
        """The message in parsed JSON; unknown members are passed over, so that later ones can be added.

        Raises MalformedMessage.
        """
        try:
            if value["event"] != "enforcement":
                raise MalformedMessage("The event of a message must be 'enforcement'.")
            content, author = value["content"], value["author"]
            until = value.get("author_until")
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
                letter=Letter.from_json(value["letter"]) if value.get("letter") else None,
                complaint=_text_or_none(value.get("complaint")),
                author_until=None if until is None else _instant(until),
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


@dataclass(frozen=True, kw_only=True)
class LetterMessage:
    """A letter that goes without a measure: what was done already has to be told now."""

    id: str
    sequence: int
    at: datetime
    content_id: str
    content_kind: str
    content_url: str | None
    author_id: str | None
    case: str | None
    letter: Letter

    def to_json(self) -> dict[str, Any]:
        """The message as JSON, with the members in the documented order."""
        return {
            "id": self.id,
            "event": "letter",
            "sequence": self.sequence,
            "at": _instant_text(self.at),
            "test": False,
            "content": {"id": self.content_id, "kind": self.content_kind, "url": self.content_url or None},
            "author": {"id": self.author_id} if self.author_id else None,
            "case": self.case,
            "letter": self.letter.to_json(),
        }

    def to_body(self) -> bytes:
        """The body to send: the same bytes for the same message, in every retry."""
        return _body(self.to_json())

    @classmethod
    def from_json(cls, value: Any) -> "LetterMessage":
        """The message in parsed JSON; raises MalformedMessage."""
        try:
            if value["event"] != "letter":
                raise MalformedMessage("The event of a letter must be 'letter'.")
            content, author = value["content"], value["author"]
            return cls(
                id=_text(value["id"]),
                sequence=_whole_number(value["sequence"]),
                at=_instant(value["at"]),
                content_id=_text(content["id"]),
                content_kind=_text(content["kind"]),
                content_url=_text_or_none(content["url"]),
                author_id=None if author is None else _text(author["id"]),
                case=_text_or_none(value["case"]),
                letter=Letter.from_json(value["letter"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedMessage("This is no letter.") from error


PlatformMessage = EnforcementMessage | LetterMessage


def _body(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _instant_text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(value: Any, *, chars_max: int = _TEXT_CHARS_MAX) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= chars_max:
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
