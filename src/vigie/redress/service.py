"""Making statements of reasons and knowing when they arrived: each one transaction with its ledger entry.

It sends nothing: `flows` puts a letter beside the measure that it explains.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from vigie.cases.addresses import is_known_by_address
from vigie.cases.models import Case, Cause, Content, Decision
from vigie.exposure.service import is_exposed
from vigie.foundation.clock import now
from vigie.foundation.errors import NotFound
from vigie.foundation.identifiers import new_uuid, parse_public_number
from vigie.foundation.links import link_hash, link_token
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor
from vigie.misuse.models import MisuseStep
from vigie.platforms.messages import Letter
from vigie.redress import events
from vigie.redress.clocks import complaint_until
from vigie.redress.models import Statement
from vigie.redress.statements import (
    SUSPEND_ACCOUNT,
    URL_CHARS_SHOWN_MAX,
    StatementFacts,
    is_owed,
    is_specific_measure,
    language_for,
    statement_text,
)

LETTER_KIND = "statement"


def state_reasons(
    case: Case,
    decision: Decision | None,
    *,
    by_trusted_flagger: bool,
    withheld_until: datetime | None,
    actor: Actor,
    settings: Settings,
) -> Statement | None:
    """The statement of a restriction, inside the caller's transaction; None when none is owed.

    Without a decision a rule removed the content alone.
    """
    action = "remove" if decision is None else decision.action
    cause = case.cause if decision is None else decision.cause
    if not is_owed(action=action, cause=cause):
        return None
    statement = Statement.objects.create(
        case=case,
        decision=decision,
        cause=cause,
        action=action,
        legal_type=_legal_type(case) if decision is None else decision.legal_type,
        by_trusted_flagger=by_trusted_flagger,
        language=language_for(case.content.language, otherwise=settings.letter_language),
        text="",
        # The number is not known before the row is there: the hash of nobody's link stands in for a moment.
        link_hash=link_hash(new_uuid()),
        made_at=now() if decision is None else decision.taken_at,
        withheld_until=withheld_until,
    )
    statement.link_hash = link_hash(link_token(statement.number, settings=settings))
    statement.text = statement_text(_facts(statement, settings), language=statement.language)
    statement.save(update_fields=["link_hash", "text"])
    ledger.append(
        events.StatementMade(
            statement=statement.number,
            decision=decision.number if decision else "",
            action=action,
            cause=cause,
            language=statement.language,
            withheld=statement.withheld_at(now()),
            platform=case.content.platform.name,
            content=case.content.external_id,
            content_language=case.content.language,
            legal_type=statement.legal_type,
            detected_by="machine" if case.cause == Cause.OWN_INITIATIVE else "person",
            specific_measure=is_specific_measure(
                cause=cause,
                legal_type=statement.legal_type,
                exposed=is_exposed(at=statement.made_at, settings=settings),
            ),
        ),
        actor=actor,
        subject=f"case:{case.number}",
    )
    return statement


def state_reasons_of_suspension(
    step: MisuseStep, case: Case, text: Callable[[Statement], str], *, actor: Actor, settings: Settings
) -> Statement:
    """The statement of an account's suspension for misuse, inside the caller's transaction; `case` is the last counted.

    `text` says it for a statement that has its number. Source: (EU) 2022/2065 Art. 17(1)(d), 23(1).
    """
    statement = Statement.objects.create(
        case=case,
        suspension=step,
        cause=Cause.OWN_INITIATIVE,
        action=SUSPEND_ACCOUNT,
        language=language_for(case.content.language, otherwise=settings.letter_language),
        text="",
        link_hash=link_hash(new_uuid()),
        made_at=step.taken_at,
    )
    statement.link_hash = link_hash(link_token(statement.number, settings=settings))
    statement.text = text(statement)
    statement.save(update_fields=["link_hash", "text"])
    ledger.append(
        events.StatementMade(
            statement=statement.number,
            decision=step.number,
            action=SUSPEND_ACCOUNT,
            cause=statement.cause,
            language=statement.language,
            withheld=False,
            platform=case.content.platform.name,
            content=case.content.external_id,
            content_language=case.content.language,
            detected_by="machine" if found_by_machine(step) else "person",
        ),
        actor=actor,
        subject=f"misuse:{step.record.number}",
    )
    return statement


def found_by_machine(step: MisuseStep) -> bool:
    """Whether automated means found any of the contents that a suspension counts."""
    counted = step.record.findings.filter(withdrawn_at=None, found_at__lte=step.taken_at)
    return counted.filter(case__cause=Cause.OWN_INITIATIVE).exists()


def complaint_address(statement: Statement, *, settings: Settings) -> str:
    """The private link of a statement's user."""
    return f"{settings.base_url}/complaint/{link_token(statement.number, settings=settings)}"


def letter_of(statement: Statement, *, at: datetime, settings: Settings) -> Letter:
    """The statement as the platform passes it on, with the private link and until when it can be used."""
    return Letter(
        kind=LETTER_KIND,
        number=statement.number,
        language=statement.language,
        text=statement.text,
        link=complaint_address(statement, settings=settings),
        link_until=complaint_until(statement.informed_at or at),
    )


def move_silence(content: Content, *, until: datetime, at: datetime) -> None:
    """What is withheld of this content is withheld until then, inside the caller's transaction."""
    rows = Statement.objects.filter(case__content=content, withheld_until__gt=at, released_at=None)
    rows.update(withheld_until=until)


def note_requested(statement: Statement, *, at: datetime) -> None:
    """A letter with it is on its way, inside the caller's transaction."""
    statement.requested_at = at
    statement.save(update_fields=["requested_at"])


def note_released(statement: Statement, *, at: datetime) -> None:
    """What was withheld may be told from now on, inside the caller's transaction."""
    statement.released_at = at
    statement.save(update_fields=["released_at"])


def note_informed(number: str, *, actor: Actor = SYSTEM) -> Statement:
    """The platform has it and tells its user: the six months begin, once."""
    with transaction.atomic():
        statement = _locked(number)
        if statement.informed_at is None:
            statement.informed_at = now()
            statement.save(update_fields=["informed_at"])
            ledger.append(
                events.UserInformed(statement=statement.number),
                actor=actor,
                subject=f"case:{statement.case.number}",
            )
    return statement


def withdraw_statement(decision: Decision, *, actor: Actor) -> None:
    """The decision was taken back, inside the caller's transaction: its statement says nothing any more."""
    statement = Statement.objects.select_for_update().filter(decision=decision).first()
    if statement is not None:
        withdraw(statement, actor=actor)


def withdraw(statement: Statement, *, actor: Actor) -> None:
    """A statement says nothing any more, inside the caller's transaction."""
    if statement.withdrawn_at is not None:
        return
    statement.withdrawn_at = now()
    statement.save(update_fields=["withdrawn_at"])
    ledger.append(
        events.StatementWithdrawn(statement=statement.number),
        actor=actor,
        subject=f"case:{statement.case.number}",
    )


def find_statement(number: str) -> Statement:
    """The statement with this public number; raises NotFound."""
    statement = statements().filter(pk=parse_public_number("S", number) or 0).first()
    if statement is None:
        raise NotFound("There is no such statement.")
    return statement


def statement_of_link(token: str, *, at: datetime) -> Statement | None:
    """The statement that a private link opens; None for any other text, and while it is withheld."""
    statement = statements().filter(link_hash=link_hash(token)).first()
    return None if statement is None or statement.withheld_at(at) else statement


def statements() -> QuerySet[Statement]:
    """All statements with what is shown of them."""
    return Statement.objects.select_related(
        "case__content__platform", "decision__taken_by", "suspension__taken_by", "suspension__record"
    )


def due_for_release(*, at: datetime, limit: int) -> list[int]:
    """Statements that were withheld and may be told now."""
    rows = Statement.objects.filter(withheld_until__lte=at, released_at=None, withdrawn_at=None)
    return list(rows.order_by("withheld_until").values_list("pk", flat=True)[:limit])


def _locked(number: str) -> Statement:
    statement = (
        Statement.objects.select_for_update(of=("self",))
        .select_related("case__content__platform")
        .filter(pk=parse_public_number("S", number) or 0)
        .first()
    )
    if statement is None:
        raise NotFound("There is no such statement.")
    return statement


def _legal_type(case: Case) -> str:
    """The legal type of what a rule removed: that of the confirmed entry that it is a copy of."""
    types = [str(one.get("type", "")) for one in case.reasons if one.get("verdict") == "remove"]
    return next((one for one in types if one), "")


def _facts(statement: Statement, settings: Settings) -> StatementFacts:
    content, decision = statement.case.content, statement.decision
    by_address = is_known_by_address(content.external_id) and len(content.url) <= URL_CHARS_SHOWN_MAX
    return StatementFacts(
        number=statement.number,
        kind=content.kind,
        # Its author never saw an id of ours, and knows the address.
        content="" if by_address else content.external_id,
        url=content.url,
        measure=statement.action,  # type: ignore[arg-type]  # one that restricts, says is_owed
        legal_type=statement.legal_type,
        cause=statement.cause,  # type: ignore[arg-type]  # the database takes no other
        by_trusted_flagger=statement.by_trusted_flagger,
        detected_by_machine=statement.cause == "own_initiative",
        decided_by_machine=statement.by_rule,
        decided_at=statement.made_at,
        words_for_author=decision.words_for_author if decision else "",
        terms_clause=settings.terms_clause,
        terms_url=settings.terms_url,
    )
