"""The mails to notifiers in words, and handing them to the mail server: receipt, decision, answers to complaints,
warnings and suspensions for misuse.

It tells nothing that does not stand on the notice's private page at that moment; what was taken back is not sent.
"""

from vigie.flows.misuse_post import text_of
from vigie.flows.oncall import try_again
from vigie.foundation.mail import MailNotSent, OutgoingMail, send_mail
from vigie.foundation.settings import Settings
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.misuse.records import find_step
from vigie.notices.mails import TOPIC, address_of
from vigie.notices.models import Notice
from vigie.notices.service import find_notice, notice_address
from vigie.redress import replies
from vigie.redress.complaints import find_complaint
from vigie.redress.statements import WORDINGS

__all__ = ["TOPIC", "deliver"]


def deliver(stored: OutboxMessage, *, settings: Settings) -> Taken | Refused:
    """Send one mail of `TOPIC`; used as a deliverer of the outbox."""
    notice = find_notice(str(stored.payload["notice"]))
    text = _text(notice, stored, settings)
    if not text:
        return Taken()
    mail = OutgoingMail(
        key=stored.key,
        to=address_of(notice, settings=settings),
        subject=WORDINGS[notice.language].notice_title.format(number=notice.number),
        text=text,
    )
    try:
        send_mail(mail, settings=settings)
    except MailNotSent as error:
        return try_again(stored, error.code)
    return Taken()


def _text(notice: Notice, stored: OutboxMessage, settings: Settings) -> str:
    """The mail; empty when there is nothing to tell any more."""
    say = WORDINGS[notice.language]
    link = say.notice_link.format(link=notice_address(notice, settings=settings))
    match stored.payload["kind"]:
        case "received":
            parts = [say.notice_received.format(day=say.day(notice.received_at)), link]
        case "decided":
            if notice.told_at is None or notice.decided_at is None:
                return ""  # taken back in the meantime: the next decision is told
            parts = [
                say.notice_decided.format(day=say.day(notice.decided_at)),
                say.notice_outcomes[notice.outcome],
                say.notice_person,
                say.notice_redress,
                link,
            ]
        case "complaint_received":
            parts = [replies.received_text(find_complaint(str(stored.payload["about"]))), link]
        case "complaint_outcome":
            parts = [replies.outcome_text(find_complaint(str(stored.payload["about"]))), link]
        case "misuse_warning" | "misuse_suspension" | "misuse_lifted" as kind:
            step = find_step(str(stored.payload["about"]))
            parts = [text_of(step, kind.removeprefix("misuse_"), language=notice.language), link]
        case kind:
            raise ValueError(f"no mail of kind {kind}")
    return "\n\n".join([*parts, settings.provider_name]).strip() + "\n"
