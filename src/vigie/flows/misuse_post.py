"""Telling somebody about a warning, a suspension or its end: through the platform, or by mail to a notifier.

It tells nobody anything that was not written down; who left no address reads it under their private link.
"""

from typing import Literal

from vigie.flows.informing import enforcement
from vigie.flows.misuse_who import objector_of
from vigie.foundation.settings import Settings
from vigie.ledger.actors import Actor
from vigie.misuse.models import MisuseFinding, MisuseRecord, MisuseStep
from vigie.misuse.records import last_finding, last_warning, record_of, running_suspension, warned_before
from vigie.misuse.steps import Stage
from vigie.notices.mails import queue_mail
from vigie.notices.models import Notice
from vigie.notices.service import find_notice, who_sent
from vigie.platforms.enforcement import request_letter
from vigie.platforms.messages import Letter
from vigie.redress import misuse_letters
from vigie.redress.complaints import find_complaint
from vigie.redress.statements import language_for

What = Literal["warning", "suspension", "lifted"]


def tell(step: MisuseStep, what: What, *, actor: Actor, settings: Settings) -> None:
    """Put what is to be told on its way, inside the transaction of the step."""
    finding = last_finding(step.record)
    if finding is None:
        return
    notice = notice_of(finding)
    if notice is not None:
        queue_mail(notice, f"misuse_{what}", about=step.number, settings=settings)  # type: ignore[arg-type]
        return
    language = language_for(finding.case.content.language, otherwise=settings.letter_language)
    letter = Letter(
        kind=f"misuse_{what}",
        number=step.number,
        language=language,
        text=text_of(step, what, language=language),
    )
    request_letter(enforcement(finding.case, None, (), letter=letter), actor=actor, settings=settings)


def letters_under(notice: Notice) -> list[str]:
    """What a notifier reads under the private link of any of their notices: the warning, or a suspension that holds.

    Both for what they report without ground and for what they complain about without ground.
    """
    letters = []
    for who in (who_sent(notice), objector_of(notice)):
        record = None if who is None else record_of(who)
        if record is None:
            continue
        suspension, warning = running_suspension(record), last_warning(record)
        if suspension is not None:
            letters.append(text_of(suspension, "suspension", language=notice.language))
        elif record.stage == Stage.WARNED and warning is not None:
            letters.append(text_of(warning, "warning", language=notice.language))
    return letters


def text_of(step: MisuseStep, what: str, *, language: str) -> str:
    """What is told, in words."""
    match what:
        case "warning":
            return misuse_letters.warning_text(step, language=language)
        case "suspension":
            warned_at = warned_before(step)
            return misuse_letters.suspension_text(step, warned_at=warned_at, language=language)
        case "lifted":
            return misuse_letters.lifted_text(step, language=language)
    raise ValueError(f"nothing is told of {what}")


def notice_of(finding: MisuseFinding) -> Notice | None:
    """The notice by which somebody without an account can be reached; None for one who has an account."""
    if finding.record.kind == MisuseRecord.Kind.NOTIFIER:
        return find_notice(finding.about)
    if finding.record.kind == MisuseRecord.Kind.COMPLAINANT and not finding.record.account:
        return find_notice(find_complaint(finding.about).notice)
    return None
