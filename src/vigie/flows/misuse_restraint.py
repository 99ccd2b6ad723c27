"""Suspending an account for misuse on its platform, with the reasons, and lifting that.

It asks through the outbox only. The platform lifts at the end by itself; Vigie asks for it then too, so that one which
keeps no clock does as well. A suspension that a decision about a content imposed is not touched.
"""

from datetime import datetime

from vigie.cases import service as cases
from vigie.flows.informing import enforcement
from vigie.flows.misuse_post import text_of
from vigie.foundation.clock import now
from vigie.foundation.settings import Settings
from vigie.ledger.actors import Actor
from vigie.misuse.models import MisuseStep
from vigie.misuse.records import last_finding, standing_findings
from vigie.platforms.enforcement import request_enforcement
from vigie.platforms.messages import Letter, Measure
from vigie.redress import service as redress
from vigie.redress.misuse_letters import SuspensionFacts, account_statement_text
from vigie.redress.models import Statement
from vigie.redress.statements import language_for
from vigie.redress.transparency.service import queue_statement


def restrain_account(step: MisuseStep, *, warned_at: datetime, actor: Actor, settings: Settings) -> Statement:
    """Ask the platform to suspend an account until the step's end, inside its transaction, and state the reasons.

    Source: (EU) 2022/2065 Art. 23(1), 17(1)(d) and (2).
    """
    counted = standing_findings(step.record, at=step.taken_at, settings=settings)
    findings = list(counted.select_related("case__content__platform"))
    case = findings[0].case

    def text(statement: Statement) -> str:
        facts = SuspensionFacts(
            number=statement.number,
            contents=[one.case.content.external_id for one in findings],
            warned_at=warned_at,
            found_by_machine=redress.found_by_machine(step),
        )
        return account_statement_text(step, facts, language=statement.language)

    statement = redress.state_reasons_of_suspension(step, case, text, actor=actor, settings=settings)
    queue_statement(statement, settings=settings)
    wanted = enforcement(
        case,
        None,
        (Measure.SUSPEND_AUTHOR,),
        letter=redress.letter_of(statement, at=now(), settings=settings),
        author_until=step.until,
    )
    message = request_enforcement(wanted, actor=actor, settings=settings)
    if message is not None:
        redress.note_requested(statement, at=message.created_at)
    return statement


def lift_restraint(step: MisuseStep, *, actor: Actor, settings: Settings) -> None:
    """Give the account back, inside the transaction that ends the step; before its time with a letter.

    Nothing is asked while a decision about a content keeps the account suspended.
    """
    statement = Statement.objects.filter(suspension=step).select_related("case__content__platform").first()
    if statement is None:
        return
    early = step.end in (MisuseStep.End.LIFTED, MisuseStep.End.REVERSED)
    if early:
        redress.withdraw(statement, actor=actor)
    finding = last_finding(step.record)
    case = statement.case if finding is None else finding.case
    if cases.author_is_suspended(case.content):
        return
    letter = None
    if early:
        language = language_for(case.content.language, otherwise=settings.letter_language)
        letter = Letter(
            kind="misuse_lifted",
            number=step.number,
            language=language,
            text=text_of(step, "lifted", language=language),
        )
    wanted = enforcement(statement.case, None, (Measure.RESTORE_AUTHOR,), letter=letter)
    request_enforcement(wanted, actor=actor, settings=settings)
