"""Sending statements to the Transparency Database: queued with the statement, sent in batches, tried for 72 hours.

It sends nothing until an operator switches it on, and gives nothing up unseen: what the database refuses, or does not
answer for three days, is a dead letter that a person can send again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, NotFound
from vigie.foundation.identifiers import jitter, new_uuid, parse_public_number
from vigie.foundation.outbound import OutboundDoor, OutboundFailed, OutboundRefused
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor
from vigie.platforms.backoff import next_attempt_at
from vigie.redress import events
from vigie.redress.models import Statement, Submission
from vigie.redress.service import found_by_machine
from vigie.redress.transparency.records import RecordFacts, problems_of, record_of
from vigie.redress.transparency.replies import Accepted, Duplicate, Mistaken, Reply, TryLater, reply_of

BATCH_MAX = 100
LEASE = timedelta(seconds=120)
ANSWER_S_MAX = 30.0
ANSWER_BYTES_MAX = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Desk:
    """How the database is reached."""

    door: OutboundDoor
    settings: Settings

    def post(self, batch: Sequence[Submission]) -> Reply:
        """One call: alone, or as an atomic batch; every failure of the other side is an outcome."""
        alone = len(batch) == 1
        body = batch[0].record if alone else {"statements": [one.record for one in batch]}
        try:
            answered = self.door.post(
                self._address("statement" if alone else "statements"),
                body=json.dumps(body).encode(),
                headers={**self._headers(), "Content-Type": "application/json"},
                time_s_max=ANSWER_S_MAX,
                excerpt_bytes_max=ANSWER_BYTES_MAX,
            )
        except (OutboundFailed, OutboundRefused) as error:
            return TryLater(error.code)
        return reply_of(answered.status, answered.body_excerpt)

    def has(self, puid: str) -> bool | None:
        """Whether the database holds it: 302 says yes, 404 no; None when it does not say."""
        try:
            status = self.door.status_of(
                self._address(f"statement/existing-puid/{quote(puid, safe='')}"),
                headers=self._headers(),
                time_s_max=ANSWER_S_MAX,
            )
        except (OutboundFailed, OutboundRefused):
            return None
        return {302: True, 404: False}.get(status)

    def _address(self, path: str) -> str:
        return f"{self.settings.transparency_url.rstrip('/')}/api/v1/{path}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.transparency_token}", "Accept": "application/json"}


def is_on(settings: Settings) -> bool:
    """Whether an operator switched it on."""
    return bool(settings.transparency_url and settings.transparency_token)


def queue_statement(statement: Statement, *, settings: Settings) -> Submission | None:
    """Queue a statement, inside the transaction that may tell it; None while it is off.

    A record that the database would refuse is a dead letter at once, seen and not sent.
    """
    if not is_on(settings):
        return None
    puid, at = new_uuid(), now()
    record = record_of(_facts(statement, puid, settings))
    problems = problems_of(record)
    return Submission.objects.create(
        statement=statement,
        puid=puid,
        record=record,
        state=Submission.State.DEAD if problems else Submission.State.PENDING,
        last_error="; ".join(problems)[:500],
        queued_at=at,
        next_attempt_at=at,
    )


def submit_due(*, door: OutboundDoor, settings: Settings, at: datetime) -> int:
    """Send up to a hundred of what is due; returns how many were in hand."""
    if not is_on(settings):
        return 0
    batch = _claim(at)
    if batch:
        _send(batch, Desk(door, settings))
    return len(batch)


def replay(number: str, *, actor: Actor) -> Submission:
    """Send a dead letter again, with a fresh 72 hours; `number` is that of its statement."""
    with transaction.atomic():
        one = (
            Submission.objects.select_for_update(of=("self",))
            .select_related("statement__case")
            .filter(statement_id=parse_public_number("S", number) or 0)
            .first()
        )
        if one is None:
            raise NotFound("There is no such submission.")
        if one.state != Submission.State.DEAD:
            raise Conflict("Only a dead letter can be replayed.")
        one.state, one.attempts, one.first_attempt_at, one.leased_until = (
            Submission.State.PENDING,
            0,
            None,
            None,
        )
        one.next_attempt_at = now()
        one.save()
        ledger.append(
            events.SubmissionReplayed(statement=one.statement.number),
            actor=actor,
            subject=f"case:{one.statement.case.number}",
        )
    return one


def _claim(at: datetime) -> list[Submission]:
    with transaction.atomic():
        due = list(
            Submission.objects.select_for_update(skip_locked=True)
            .filter(state=Submission.State.PENDING, next_attempt_at__lte=at)
            .filter(Q(leased_until=None) | Q(leased_until__lt=at))
            .order_by("next_attempt_at", "id")
            .values_list("pk", flat=True)[:BATCH_MAX]
        )
        rows = Submission.objects.filter(pk__in=due)
        rows.update(
            leased_until=at + LEASE,
            attempts=F("attempts") + 1,
            first_attempt_at=Coalesce("first_attempt_at", at),
        )
    return list(rows.select_related("statement__case").order_by("id"))


def _send(batch: Sequence[Submission], desk: Desk) -> None:
    reply = desk.post(batch)
    if isinstance(reply, Accepted):
        for one in batch:
            _accepted(one, reply.uuids.get(one.puid, ""))
    elif isinstance(reply, TryLater):
        for one in batch:
            _later(one, reply.reason)
    elif isinstance(reply, Duplicate):
        _sort_duplicates(batch, reply.puids, desk)
    elif len(batch) == 1:
        _dead(batch[0], "; ".join(reply.errors.values()))
    else:
        _sort_mistaken(batch, reply, desk)


def _sort_duplicates(batch: Sequence[Submission], puids: frozenset[str], desk: Desk) -> None:
    """A batch is refused whole: what is said to be there is looked up, the rest goes again at once."""
    named = [one for one in batch if one.puid in puids] or list(batch)
    for one in named:
        found = desk.has(one.puid)
        if found:
            _accepted(one, "")
        else:
            _later(one, "duplicate_not_found" if found is False else "duplicate_unclear")
    for one in batch:
        if one not in named:
            _again(one)


def _sort_mistaken(batch: Sequence[Submission], reply: Mistaken, desk: Desk) -> None:
    """A batch is refused whole for the mistakes of some: those are dead letters, the rest goes again at once."""
    placed = {place: said for place, said in reply.errors.items() if place is not None and place < len(batch)}
    if not placed:
        # It is not said whose mistake it is: each alone, then it is.
        for one in batch:
            _send([one], desk)
        return
    for place, one in enumerate(batch):
        if place in placed:
            _dead(one, placed[place])
        else:
            _again(one)


def _accepted(one: Submission, uuid: str) -> None:
    with transaction.atomic():
        one.state, one.accepted_at, one.database_uuid = Submission.State.ACCEPTED, now(), uuid[:100]
        one.last_error, one.leased_until = "", None
        one.save()
        ledger.append(
            events.SubmissionAccepted(statement=one.statement.number, puid=one.puid, attempts=one.attempts),
            actor=SYSTEM,
            subject=f"case:{one.statement.case.number}",
        )


def _later(one: Submission, reason: str) -> None:
    at = now()
    following = next_attempt_at(
        attempt=one.attempts, first_attempt_at=one.first_attempt_at or at, now=at, jitter=jitter()
    )
    if following is None:
        _dead(one, reason)
        return
    one.next_attempt_at, one.last_error, one.leased_until = following, reason[:500], None
    one.save()


def _again(one: Submission) -> None:
    """Not this one's fault: at once, and the attempt does not count."""
    one.attempts, one.next_attempt_at, one.leased_until = max(0, one.attempts - 1), now(), None
    one.save()


def _dead(one: Submission, reason: str) -> None:
    with transaction.atomic():
        one.state, one.last_error, one.leased_until = Submission.State.DEAD, reason[:500], None
        one.save()
        ledger.append(
            events.SubmissionGivenUp(statement=one.statement.number, attempts=one.attempts),
            actor=SYSTEM,
            subject=f"case:{one.statement.case.number}",
        )


def _facts(statement: Statement, puid: str, settings: Settings) -> RecordFacts:
    case, content = statement.case, statement.case.content
    return RecordFacts(
        puid=puid,
        action=statement.action,
        legal_type=statement.legal_type,
        cause=statement.cause,
        by_trusted_flagger=statement.by_trusted_flagger,
        decided_by_machine=statement.by_rule,
        decided_at=statement.made_at,
        published_at=content.published_at or content.first_seen_at,
        has_pictures=case.media.exists(),
        has_text=bool(case.text),
        kind=content.kind,
        language=content.language,
        terms_clause=settings.terms_clause,
        account_until=None if statement.suspension is None else statement.suspension.until,
        account_found_by_machine=statement.suspension is not None and found_by_machine(statement.suspension),
    )
