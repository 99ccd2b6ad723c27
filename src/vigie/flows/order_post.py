"""What removal orders send by mail and to the on-call service: answers to authorities, calls for a person.

It sends what was put in the outbox, once it can; an answer counts as sent when the server took it.
"""

from vigie.flows.oncall import call, try_again
from vigie.flows.order_clock import ALERT_TOPIC
from vigie.foundation.clock import now
from vigie.foundation.mail import Attachment, MailNotSent, OutgoingMail, send_mail
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.orders import answers
from vigie.orders.form_labels import TITLES
from vigie.orders.form_pdf import answer_json, answer_pdf
from vigie.orders.models import OrderAnswer

TOPICS = (ALERT_TOPIC, answers.TOPIC)


def deliver(stored: OutboxMessage, *, door: OutboundDoor, settings: Settings) -> Taken | Refused:
    """Send one message of `TOPICS`; used as a deliverer of the outbox."""
    try:
        if stored.topic == answers.TOPIC:
            return _send_answer(stored, settings)
        return _send_alert(stored, door, settings)
    except MailNotSent as error:
        return try_again(stored, error.code)


def _send_answer(stored: OutboxMessage, settings: Settings) -> Taken | Refused:
    answer = OrderAnswer.objects.select_related("order").get(pk=stored.payload["answer"])
    name = answers.title_of(answer)
    reference = answer.order.reference or answer.order.number
    mail = OutgoingMail(
        key=stored.key,
        to=str(stored.payload["to"]),
        subject=f"{TITLES[answer.kind]['en']}: {reference}",
        text=(
            f"{TITLES[answer.kind]['en']}.\n\nRemoval order {reference}. The form is attached as PDF and as JSON.\n\n"
            f"{settings.provider_name}\n"
        ),
        attachments=(
            Attachment(f"{name}.pdf", "application/pdf", answer_pdf(answer, language="en")),
            Attachment(f"{name}.json", "application/json", answer_json(answer)),
        ),
    )
    send_mail(mail, settings=settings)
    at = now()
    return Taken(then=lambda: answers.note_sent(answer, by="mail", at=at, actor=SYSTEM))


def _send_alert(stored: OutboxMessage, door: OutboundDoor, settings: Settings) -> Taken | Refused:
    if "intake" in stored.payload:
        return _send_alert_about_intake(stored, door, settings)
    told = {key: stored.payload[key] for key in ("order", "minute", "due_at", "address")}
    if stored.payload["way"] == "mail":
        number, minute = told["order"], told["minute"]
        send_mail(
            OutgoingMail(
                key=stored.key,
                to=str(stored.payload["to"]),
                subject=f"Removal order {number}: minute {minute} of the hour",
                text=f"Removal order {number} waits for a person.\nDue: {told['due_at']}\n{told['address']}\n",
            ),
            settings=settings,
        )
        return Taken()
    facts = {"event": "order_needs_somebody", "id": stored.key, **told}
    return call(stored, to=str(stored.payload["to"]), facts=facts, door=door)


def _send_alert_about_intake(
    stored: OutboxMessage, door: OutboundDoor, settings: Settings
) -> Taken | Refused:
    told = {key: stored.payload[key] for key in ("intake", "due_at", "address")}
    if stored.payload["way"] == "mail":
        send_mail(
            OutgoingMail(
                key=stored.key,
                to=str(stored.payload["to"]),
                subject=f"{told['intake']} came in and cannot be read",
                text=(
                    f"{told['intake']} may be a removal order, and only a person can read it.\n"
                    f"If it is one it is due: {told['due_at']}\n{told['address']}\n"
                ),
            ),
            settings=settings,
        )
        return Taken()
    facts = {"event": "intake_needs_somebody", "id": stored.key, **told}
    return call(stored, to=str(stored.payload["to"]), facts=facts, door=door)
