"""Asking a platform to do something about a content, or to pass on a letter; and what it has taken down by that.

It talks to no platform: a message goes into the outbox, inside the transaction of the decision.
"""

from dataclasses import dataclass
from datetime import datetime

from vigie.foundation.clock import now
from vigie.foundation.identifiers import new_uuid
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor
from vigie.ledger.models import OutboxMessage
from vigie.platforms import events
from vigie.platforms.letters import lock_letter
from vigie.platforms.messages import EnforcementMessage, Letter, LetterMessage, Measure
from vigie.platforms.models import Platform

TOPIC = "platforms.enforcement"
LETTER_TOPIC = "platforms.letter"
MEASURES_LOOKED_AT_MAX = 200
TAKES_AWAY = frozenset({Measure.HIDE_CONTENT, Measure.REMOVE_CONTENT})


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What a platform is asked to do about a content, and because of what.

    Because of an `order` there is no case; the platform learns of neither, only whether its author may be told.
    """

    platform: Platform
    content: str
    content_kind: str
    content_url: str
    author: str
    case: str
    decision: str | None
    rule: str | None
    measures: tuple[Measure, ...]
    order: str = ""
    disclosure: str = ""
    letter: Letter | None = None
    complaint: str | None = None
    author_until: datetime | None = None


def request_enforcement(
    wanted: Enforcement, *, actor: Actor, settings: Settings | None = None
) -> OutboxMessage | None:
    """Put measures in the outbox, inside the transaction of the decision.

    None when the platform takes no webhooks: it then follows its verdicts alone. A letter needs `settings`: it is
    stored locked, because it holds a private link.
    """
    if not wanted.platform.url or not wanted.platform.active:
        return None
    key = new_uuid()
    reference = f"{wanted.platform.name}/{wanted.content}"
    seq = ledger.append(
        events.EnforcementRequested(key=key, platform=wanted.platform.name, measures=wanted.measures),
        actor=actor,
        subject=subject_of(wanted.case or wanted.order),
    )
    at = now()
    message = EnforcementMessage(
        id=key,
        sequence=seq,
        at=at,
        test=False,
        content_id=wanted.content,
        content_kind=wanted.content_kind,
        content_url=wanted.content_url,
        author_id=wanted.author or None,
        case=wanted.case or None,
        decision=wanted.decision,
        rule=wanted.rule,
        measures=wanted.measures,
        disclosure=wanted.disclosure,
        letter=wanted.letter,
        complaint=wanted.complaint,
        author_until=wanted.author_until,
    )
    return ledger.put_in_outbox(
        key=key,
        topic=TOPIC,
        receiver=wanted.platform.name,
        ordering_key=reference,
        payload=lock_letter(message.to_json(), settings=settings),
        ledger_seq=seq,
        at=at,
    )


def request_letter(wanted: Enforcement, *, actor: Actor, settings: Settings) -> OutboxMessage | None:
    """Put a letter without a measure in the outbox, behind whatever was asked about the same content before."""
    if wanted.letter is None or not wanted.platform.url or not wanted.platform.active:
        return None
    key, at = new_uuid(), now()
    seq = ledger.append(
        events.LetterRequested(
            key=key, platform=wanted.platform.name, kind=wanted.letter.kind, number=wanted.letter.number
        ),
        actor=actor,
        subject=subject_of(wanted.case or wanted.order),
    )
    message = LetterMessage(
        id=key,
        sequence=seq,
        at=at,
        content_id=wanted.content,
        content_kind=wanted.content_kind,
        content_url=wanted.content_url,
        author_id=wanted.author,
        case=wanted.case or None,
        letter=wanted.letter,
    )
    return ledger.put_in_outbox(
        key=key,
        topic=LETTER_TOPIC,
        receiver=wanted.platform.name,
        ordering_key=f"{wanted.platform.name}/{wanted.content}",
        payload=lock_letter(message.to_json(), settings=settings),
        ledger_seq=seq,
        at=at,
    )


def taken_down_since(reference: str) -> datetime | None:
    """Since when a content (`platform/id`) is down by a measure that its platform took; None while it is up.

    The first of the last measures that all take it away: hidden, then removed, it is down since it was hidden.
    """
    since = None
    sent = OutboxMessage.objects.filter(topic=TOPIC, ordering_key=reference).exclude(
        state=OutboxMessage.State.DEAD
    )
    for message in sent.order_by("-id")[:MEASURES_LOOKED_AT_MAX]:
        measures = set(message.payload["measures"])
        if Measure.RESTORE_CONTENT in measures:
            break
        if measures & TAKES_AWAY and message.delivered_at is not None:
            since = message.delivered_at
    return since


def subject_of(number: str) -> str:
    """What a ledger row is about: the order that asked for a measure, else the case."""
    return f"order:{number}" if number.startswith("O-") else f"case:{number}"
