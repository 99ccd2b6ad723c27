"""Telling users why: the statement of a decision beside its measure, and knowing that it arrived.

It tells nothing that an authority forbade to tell, before that time is over.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from vigie.cases import deciding
from vigie.cases.addresses import known_at
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Case, Content, Decision
from vigie.foundation.clock import now
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.notices.mails import queue_mail
from vigie.notices.service import find_notice, from_trusted_flagger, tell_released
from vigie.orders.contents import withheld_until
from vigie.orders.models import Order
from vigie.platforms import service as platforms
from vigie.platforms.enforcement import Enforcement, request_enforcement, request_letter
from vigie.platforms.messages import Letter, Measure
from vigie.redress import service as redress
from vigie.redress.complaints import locked_complaint, note_answered, notifiers_to_answer
from vigie.redress.models import Complaint, Statement
from vigie.redress.statements import RESTRICTING
from vigie.redress.transparency.service import queue_statement

RELEASED_AT_ONCE_MAX = 100


def kept_silent(draft: DecisionDraft, content: Content) -> DecisionDraft:
    """The decision, withheld as long as an authority forbids to tell that this content was taken down.

    Source: (EU) 2021/784 Art. 11(3): nothing is disclosed of the removal, whoever else decides it too.
    """
    until = withheld_until(content) if draft.action in RESTRICTING else None
    if until is None or until <= now():
        return draft
    return replace(draft, withheld_until=max(until, draft.withheld_until or until))


def named_by(order: Order) -> frozenset[Content]:
    """The contents that an order names and that are known."""
    items = order.items.select_related("content")
    return frozenset(found for one in items if (found := one.content or known_at(one.url)) is not None)


def follow_silence(order: Order, *, at: datetime, besides: frozenset[Content] = frozenset()) -> None:
    """What is withheld because of an order is withheld as long as it says now, inside the caller's transaction.

    `besides`: contents that it named before it was corrected.
    """
    for content in named_by(order) | besides:
        until = withheld_until(content) or at
        deciding.move_silence(content, until=until, at=at)
        redress.move_silence(content, until=until, at=at)


def enforcement(
    case: Case,
    decision: Decision | None,
    measures: tuple[Measure, ...],
    *,
    letter: Letter | None = None,
    complaint: str | None = None,
    author_until: datetime | None = None,
) -> Enforcement:
    """What the platform of a case is asked, because of a decision."""
    content = case.content
    return Enforcement(
        platform=content.platform,
        content=content.external_id,
        content_kind=content.kind,
        content_url=content.url,
        author=content.author_id,
        case=case.number,
        decision=decision.number if decision else None,
        rule=None,
        measures=measures,
        letter=letter,
        complaint=complaint,
        author_until=author_until,
        disclosure="withheld" if decision is not None and is_withheld(decision) else "",
    )


def enforce_with_reasons(
    case: Case, decision: Decision, measures: tuple[Measure, ...], *, actor: Actor, settings: Settings
) -> None:
    """Put measures in the outbox with the statement of reasons, inside the transaction of the decision.

    Source: (EU) 2022/2065 Art. 17(2): at the latest when the restriction is imposed.
    """
    statement = redress.state_reasons(
        case,
        decision,
        by_trusted_flagger=from_trusted_flagger(case),
        withheld_until=decision.withheld_until,
        actor=actor,
        settings=settings,
    )
    letter = None if statement is None else _letter_now(statement, settings)
    if statement is not None and letter is not None:
        queue_statement(statement, settings=settings)
    wanted = enforcement(case, decision, measures, letter=letter)
    message = request_enforcement(wanted, actor=actor, settings=settings)
    if message is not None and letter is not None and statement is not None:
        redress.note_requested(statement, at=message.created_at)


def state_reasons_of_rule(case: Case, *, actor: Actor, settings: Settings) -> None:
    """A rule removed content alone: the statement goes out at once, inside the transaction that opens the case."""
    until = withheld_until(case.content)
    statement = redress.state_reasons(
        case, None, by_trusted_flagger=False, withheld_until=until, actor=actor, settings=settings
    )
    if statement is not None:
        if not statement.withheld_at(now()):
            queue_statement(statement, settings=settings)
        _send(statement, actor=actor, settings=settings)


def release_withheld(*, at: datetime, settings: Settings) -> int:
    """Send the statements, tell and answer the notifiers that may be told now; returns how many.

    Source: (EU) 2021/784 Art. 11(3).
    """
    due = redress.due_for_release(at=at, limit=RELEASED_AT_ONCE_MAX)
    sent = 0
    for pk in due:
        with transaction.atomic():
            ledger.take_turn()
            statement = Statement.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if statement is None or statement.released_at is not None:
                continue
            redress.note_released(statement, at=at)
            queue_statement(statement, settings=settings)
            _send(statement, actor=SYSTEM, settings=settings)
            sent += 1
    sent += tell_released(at=at, limit=RELEASED_AT_ONCE_MAX, settings=settings)
    for number in notifiers_to_answer(at=at, limit=RELEASED_AT_ONCE_MAX):
        with transaction.atomic():
            complaint = locked_complaint(number)
            if complaint.informed_at is None:
                answer_notifier(complaint, actor=SYSTEM, settings=settings)
                sent += 1
    return sent


def answer_notifier(complaint: Complaint, *, actor: Actor, settings: Settings) -> None:
    """The answer stands under the notifier's private link from now on, inside the caller's transaction."""
    note_answered(complaint.number, actor=actor)
    queue_mail(find_notice(complaint.notice), "complaint_outcome", about=complaint.number, settings=settings)


def is_withheld(decision: Decision) -> bool:
    """Whether nobody outside may learn of this decision now."""
    return decision.withheld_until is not None and decision.withheld_until > now()


def deliver(stored: OutboxMessage, *, door: OutboundDoor, settings: Settings) -> Taken | Refused:
    """Hand a message to its platform; when it takes a letter, whoever it is for counts as informed."""
    outcome = platforms.deliver(stored, door=door, settings=settings)
    letter = stored.payload.get("letter")
    if not isinstance(outcome, Taken) or letter is None:
        return outcome
    before = outcome.then

    def then() -> None:
        if before is not None:
            before()
        # Whoever takes a decision back locks its statement after having written to the ledger.
        ledger.take_turn()
        _arrived(letter["kind"], letter["number"])

    return Taken(then=then)


def _arrived(kind: str, number: str) -> None:
    if kind == redress.LETTER_KIND:
        redress.note_informed(number)
    elif kind == "complaint_outcome":
        note_answered(number)


def _letter_now(statement: Statement, settings: Settings) -> Letter | None:
    at = now()
    return None if statement.withheld_at(at) else redress.letter_of(statement, at=at, settings=settings)


def _send(statement: Statement, *, actor: Actor, settings: Settings) -> bool:
    letter = _letter_now(statement, settings)
    wanted = enforcement(statement.case, statement.decision, (), letter=letter)
    message = request_letter(wanted, actor=actor, settings=settings)
    if message is None:
        return False
    redress.note_requested(statement, at=message.created_at)
    return True
