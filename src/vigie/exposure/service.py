"""What happens with our exposure, one transaction each: a decision comes, measures are taken, reports go, it ends.

Exposure begins only with a decision that reached us, and ends only with another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, assert_never

from django.db import IntegrityError, transaction
from django.db.models import Q

from vigie.exposure import events
from vigie.exposure.models import Decision, MeasuresReport
from vigie.foundation.clock import utc_text
from vigie.foundation.commands import command_from
from vigie.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import person
from vigie.ledger.events import Event
from vigie.people.models import User
from vigie.people.rights import Right

STANDING_MAX = 100
# (EU) 2021/784 Art. 5(2): technical or operational means and staff; flagging by users; awareness; any other.
MEASURES = ("means", "flagging", "awareness", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """We take these specific measures: their kinds, separated by spaces, in words, and since which instant."""

    kinds: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """We reported to the authority, then; and how that is known."""

    sent_at: datetime
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """The authority decided that more is needed: what, and when we received it."""

    received_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReview:
    """We asked the authority to review its decision, then."""

    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The authority decided on our request that its decision stands."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The authority decided that we are exposed no more, and we received it then."""

    ended_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annulled:
    """A court annulled the decision, with effect from then."""

    ended_at: datetime
    reason: str


Step = Take | Report | Required | AskReview | Refused | Ended | Annulled
STEPS: dict[str, type[Step]] = {
    "measures": Take,
    "report": Report,
    "required": Required,
    "ask_review": AskReview,
    "review_refused": Refused,
    "ended": Ended,
    "annulled": Annulled,
}


def step_from(name: str, values: Mapping[str, Any]) -> Step:
    """The step of this name from values; raises StepIncomplete naming what is missing or wrong."""
    return command_from(name, values, STEPS)


def is_exposed(*, at: datetime, settings: Settings) -> bool:
    """Whether we take specific measures as an exposed provider on the day of this instant, in UTC.

    By a decision that was recorded; else by the setting, for an exposure that began before Vigie. Source: Art. 5(2).
    """
    day = at.astimezone(UTC).date()
    stands = Q(ended_at=None) | Q(ended_at__gt=at)
    if Decision.objects.filter(stands, received_at__lte=at, measures_since__lte=day).exists():
        return True
    since = settings.specific_measures_since
    return since != "" and day.isoformat() >= since


def next_report_due_at() -> datetime | None:
    """Until when the first of the reports that we owe is due; None while we are not exposed."""
    due = [one.next_report_due_at for one in Decision.objects.filter(ended_at=None)[:STANDING_MAX]]
    return min((one for one in due if one is not None), default=None)


def find_decision(number: str) -> Decision:
    """The decision of this public number (`EX-000001`); raises NotFound."""
    pk = parse_public_number("EX", number)
    found = None if pk is None else Decision.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such decision on exposure.", code="exposure_not_found")
    return found


def record_decision(
    *,
    authority: str,
    member_state: str,
    reference: str,
    received_at: datetime,
    proof: str,
    user: User,
    at: datetime,
) -> Decision:
    """A decision that we are exposed reached us; the report on our measures is due within three months."""
    _check_may(user)
    authority, reference, state = authority.strip(), reference.strip(), member_state.strip().upper()
    if not authority or not reference or len(authority) > 500 or len(reference) > 500:
        raise Invalid("Say which authority decided, and its reference.")
    if len(state) != 2 or not state.isalpha():
        raise Invalid("A Member State is two letters.")
    _check_past(received_at, at)
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                authority=authority,
                member_state=state,
                reference=reference,
                received_at=received_at,
                proof=_words(proof),
                recorded_by=user,
                recorded_at=at,
            )
            received = events.DecisionReceived(
                decision=decision.number, member_state=state, received_at=utc_text(received_at)
            )
            _note(decision, received, user)
    except IntegrityError as error:
        raise Conflict("This decision is recorded already.", code="exposure_exists") from error
    return decision


def take_step(number: str, step: Step, *, user: User, at: datetime) -> Decision:
    """Note what followed from a decision; raises Conflict for one that has ended."""
    _check_may(user)
    found = find_decision(number)
    with transaction.atomic():
        decision = Decision.objects.select_for_update().get(pk=found.pk)
        if decision.ended_at is not None:
            raise Conflict("This decision has ended.", code="exposure_ended")
        event = _take(decision, step, at)
        decision.save()
        _note(decision, event, user)
    return decision


def _take(decision: Decision, step: Step, at: datetime) -> Event:
    match step:
        case Take():
            kinds = tuple(one for one in MEASURES if one in step.kinds.replace(",", " ").split())
            if not kinds or set(step.kinds.replace(",", " ").split()) - set(MEASURES):
                raise Invalid("Specific measures are of these kinds: " + ", ".join(MEASURES) + ".")
            since: date = step.since.astimezone(UTC).date()
            decision.measures, decision.measures_text = list(kinds), _words(step.reason)
            decision.measures_since = min(since, decision.measures_since or since)
            return events.MeasuresTaken(
                decision=decision.number, kinds=kinds, since=decision.measures_since.isoformat()
            )
        case Report():
            return _report(decision, step, at)
        case Required():
            _check_after(decision, step.received_at, at)
            decision.required_text = _words(step.reason)
            return events.MeasuresRequired(decision=decision.number, received_at=utc_text(step.received_at))
        case AskReview():
            _check_after(decision, step.asked_at, at)
            decision.review_asked_at = step.asked_at
            return events.ReviewAsked(decision=decision.number, asked_at=utc_text(step.asked_at))
        case Refused():
            if decision.review_asked_at is None:
                raise Conflict("No review was asked for.", code="step_impossible")
            decision.review_asked_at, decision.review_text = None, _words(step.reason)
            return events.ReviewRefused(decision=decision.number)
        case Ended() | Annulled():
            _check_after(decision, step.ended_at, at)
            decision.ended_at, decision.ended_reason = step.ended_at, _words(step.reason)
            return events.ExposureEnded(
                decision=decision.number,
                ended_at=utc_text(step.ended_at),
                because="review" if isinstance(step, Ended) else "court",
            )
        case _:
            assert_never(step)


def _report(decision: Decision, step: Report, at: datetime) -> Event:
    _check_after(decision, step.sent_at, at)
    due_at = decision.next_report_due_at
    assert due_at is not None
    MeasuresReport.objects.create(
        decision=decision, due_at=due_at, sent_at=step.sent_at, proof=_words(step.proof)
    )
    return events.ReportSent(
        decision=decision.number,
        due_at=utc_text(due_at),
        sent_at=utc_text(step.sent_at),
        in_time=step.sent_at <= due_at,
    )


def _check_may(user: User) -> None:
    if Right.REPORTS_WRITE not in user.rights:
        raise Forbidden("You may not record what authorities decide about exposure.")


def _check_past(instant: datetime, at: datetime) -> None:
    if instant > at:
        raise Invalid("This instant has not come yet.")


def _check_after(decision: Decision, instant: datetime, at: datetime) -> None:
    _check_past(instant, at)
    if instant < decision.received_at:
        raise Invalid("This comes after the decision was received.")


def _words(text: str) -> str:
    words = text.strip()
    if not 3 <= len(words) <= REASON_CHARS_MAX:
        raise Invalid("Say why, in words.")
    return words


def _note(decision: Decision, event: Event, user: User) -> None:
    ledger.append(event, actor=person(user.pk), subject=f"exposure:{decision.number}")
