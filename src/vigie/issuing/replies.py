"""Replies to our orders by mail: kept whole first, then placed with their order, or put before a person.

It drops nothing, and takes an Annex II or III for the provider's only from its contact point or hosts, with a DKIM
signature that holds or the Message-ID of our letter; a person may know better.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from django.db import DataError, transaction
from django.db.models import QuerySet

from vigie.evidence.models import EvidenceItem
from vigie.evidence.service import ToSeal, read_item, seal_items
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Conflict, Invalid, NotFound, VigieError
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import Settings
from vigie.issuing import events, incoming, service
from vigie.issuing.answers import ANSWER_BYTES_MAX, Answer, read_answer
from vigie.issuing.models import IssuedOrder, Letter, Provider, Reply
from vigie.issuing.reply_mail import Named, letters_named
from vigie.issuing.states import ENDS
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor, person
from vigie.ledger.events import Event
from vigie.orders.dkim_check import Dkim, is_aligned
from vigie.orders.mail_parts import Mail, looks_like_mail, take_apart
from vigie.orders.senders import dkim_of
from vigie.people.models import User
from vigie.people.rights import Right

_log = logging.getLogger(__name__)

REPLY_BYTES_MAX = ANSWER_BYTES_MAX
TEXT_CHARS_KEPT = 20_000
UNREAD = "not_read_yet"
UNREAD_AFTER = timedelta(seconds=90)
READ_AGAIN_AT_ONCE = 20
ORDERS_COMPARED_MAX = 2_000
Meaning = Literal["answer", "receipt", "noted"]
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
_PURPOSE = "reading a reply to an order of ours"


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read from a mail: who sent it, which letters it names, and the form in it, when there is one."""

    mail: Mail
    dkim: Dkim
    named: Named
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where a reply belongs, and why a machine does not go on with it; `problem` is empty when it may."""

    order: IssuedOrder | None
    letter: Letter | None
    problem: str


def take_in(
    raw: bytes, *, received_at: datetime, at: datetime, settings: Settings, mailbox_uid: str | None = None
) -> Reply:
    """Keep the bytes, then read and place them. The same message of a mailbox is taken once."""
    if mailbox_uid is not None:
        earlier = Reply.objects.filter(mailbox_uid=mailbox_uid).first()
        if earlier is not None:
            return earlier
    digest = hashlib.sha256(raw).digest()
    with transaction.atomic():
        (item,) = seal_items(
            [ToSeal(EvidenceItem.Kind.RECORD, "message/rfc822", raw)],
            subject=f"reply:{digest.hex()[:32]}",
            actor=SYSTEM,
            settings=settings,
        )
        reply = Reply.objects.create(
            problem=UNREAD,
            sha256=digest,
            evidence=item.reference,
            mailbox_uid=mailbox_uid,
            received_at=min(received_at, at),
            stored_at=at,
        )
        kept = events.ReplyKept(reply=reply.number, received_at=utc_text(reply.received_at))
        _note(reply, kept, SYSTEM)
    return read_in(reply, raw, at=at, settings=settings)


def read_waiting(*, at: datetime, settings: Settings) -> int:
    """Read what was kept by a process that died before it could read; returns how many."""
    waiting = Reply.objects.filter(
        state=Reply.State.WAITING, problem=UNREAD, stored_at__lte=at - UNREAD_AFTER
    ).order_by("id")[:READ_AGAIN_AT_ONCE]
    for reply in waiting:
        _, raw = read_item(reply.evidence, purpose=_PURPOSE, actor=SYSTEM, settings=settings)
        read_in(reply, raw, at=at, settings=settings)
    return len(waiting)


def read_in(reply: Reply, raw: bytes, *, at: datetime, settings: Settings) -> Reply:
    """Read what was kept: an answer is taken in, anything else waits with the reason."""
    try:
        understood = _understand(raw, settings)
        _describe(reply, understood)
    except VigieError as error:
        return _wait(reply, error.code[:40])
    except Exception as error:  # noqa: BLE001 - whatever a hostile mail does to a reader: it waits for a person
        _log.error(
            "a reply could not be read",
            extra={"action": "read_reply", "reply": reply.number, "kind": type(error).__name__},
        )
        return _wait(reply, "reader_failed")
    try:
        return _take(reply, understood, raw, at=at, settings=settings)
    except VigieError as error:
        return _wait(reply, error.code[:40])
    except DataError:
        reply.subject, reply.text, reply.sender = "", "", ""
        return _wait(reply, "reader_failed")


def find_reply(number: str) -> Reply:
    """The reply of this public number (`RE-000004`); raises NotFound."""
    pk = parse_public_number("RE", number)
    reply = (
        None if pk is None else Reply.objects.select_related("order", "order__provider").filter(pk=pk).first()
    )
    if reply is None:
        raise NotFound("There is no such reply.", code="reply_not_found")
    return reply


def replies_in(which: str) -> "QuerySet[Reply]":
    """`waiting`: those that a person has to look at, the oldest first; `all`: the newest first."""
    rows = Reply.objects.select_related("order")
    return (
        rows.filter(state=Reply.State.WAITING).order_by("id") if which == "waiting" else rows.order_by("-id")
    )


def place(
    number: str,
    *,
    meaning: str,
    order: str,
    reason: str,
    user: User,
    at: datetime,
    settings: Settings,
) -> Reply:
    """A person says what a reply is: the answer to an order, proof that it was received, or nothing to act on.

    Raises AnswerUnreadable when there is no form in it, Conflict when somebody placed it already or the order stands
    otherwise.
    """
    service.check_may(user, Right.ISSUING_DRAFT)
    found, actor = find_reply(number), person(user.pk)
    if meaning not in MEANINGS:
        raise Invalid("A reply is an answer, proof of receipt, or noted.")
    if meaning == "noted":
        reason = service.check_reason(reason)
    elif not order:
        raise Invalid("Say to which order it belongs.")
    # Read before anything is locked: opening evidence is a transaction of its own.
    raw = b""
    if meaning == "answer":
        _, raw = read_item(found.evidence, purpose=_PURPOSE, actor=actor, settings=settings)
    answer = read_answer(raw) if meaning == "answer" else None
    with transaction.atomic():
        reply = Reply.objects.select_for_update().get(pk=found.pk)
        if reply.state != Reply.State.WAITING:
            raise Conflict("This reply was placed already.", code="reply_placed")
        own = service.locked_order(order) if order else None
        reply.order = own or reply.order
        reply.closed_by, reply.closed_reason, reply.state = user, reason.strip()[:5_000], Reply.State.CLOSED
        if answer is not None and own is not None:
            _answered(reply, own, answer, raw, at=at, actor=actor, settings=settings)
        elif own is not None and meaning == "receipt":
            told_at = max(reply.received_at, own.issued_at or reply.received_at)
            incoming.prove_receipt(
                own, received_at=told_at, by="mail", proof=reply.number, at=at, actor=actor
            )
        reply.problem = ""
        reply.save()
        number_of = reply.order.number if reply.order else ""
        _note(reply, events.ReplyPlaced(reply=reply.number, order=number_of, meaning=meaning), actor)
    return reply


def _understand(raw: bytes, settings: Settings) -> Understood:
    if not looks_like_mail(raw):
        raise Invalid("This is no mail.", code="mail_unreadable")
    mail = take_apart(raw)
    dkim, _, _ = dkim_of(raw, mail, settings=settings)
    try:
        answer = read_answer(raw)
    except VigieError:
        answer = None  # a question, or a form that a person has to read
    return Understood(mail, dkim, letters_named(raw), answer)


def _describe(reply: Reply, understood: Understood) -> None:
    mail = understood.mail
    reply.sender, reply.subject = mail.sender, mail.subject
    reply.text = mail.text.replace("\0", "")[:TEXT_CHARS_KEPT]
    reply.dkim = understood.dkim.state


def _take(reply: Reply, understood: Understood, raw: bytes, *, at: datetime, settings: Settings) -> Reply:
    with transaction.atomic():
        if Reply.objects.select_for_update().get(pk=reply.pk).problem != UNREAD:
            reply.refresh_from_db()
            return reply  # another process read it meanwhile
        placed = _place(understood)
        reply.order, reply.letter = placed.order, placed.letter
        if understood.named.given_back and placed.letter is not None:
            _bounced(placed.letter, at=at)
        if placed.problem or placed.order is None or understood.answer is None:
            return _wait(reply, placed.problem or "no_form")
        order = service.locked_order(placed.order.number)
        came_at = min(max(reply.received_at, order.issued_at or at), at)
        reply.problem = ""
        _answered(reply, order, understood.answer, raw, at=came_at, actor=SYSTEM, settings=settings)
        reply.save()
        _note(reply, events.ReplyPlaced(reply=reply.number, order=order.number, meaning="answer"), SYSTEM)
    return reply


def _answered(
    reply: Reply,
    order: IssuedOrder,
    answer: Answer,
    raw: bytes,
    *,
    at: datetime,
    actor: Actor,
    settings: Settings,
) -> None:
    came = incoming.take_answer(order, answer, raw, by="mail", at=at, actor=actor, settings=settings)
    reply.order = order
    reply.state = Reply.State.REPEAT if came is None else Reply.State.TAKEN


def _place(understood: Understood) -> _Placed:
    named, answer = understood.named, understood.answer
    letter = _letter(named.given_back or named.answered)
    by_letter = None if letter is None else letter.order
    if named.given_back:
        return _Placed(by_letter, letter, "bounced")
    by_reference = _order_of(answer.reference) if answer and answer.reference else None
    order = by_letter or by_reference or _mentioned(understood.mail)
    if order is None:
        return _Placed(None, letter, "not_matched" if letter is None else "no_order")
    if answer is None:
        return _Placed(order, letter, "no_form")
    if answer.reference and answer.reference != order.reference:
        return _Placed(order, letter, "answer_of_other")
    is_believed = order.provider is not None and _is_from(understood, order.provider, letter)
    return _Placed(order, letter, "" if is_believed else "sender_not_proven")


def _is_from(understood: Understood, provider: Provider, letter: Letter | None) -> bool:
    """Whether the mail is the provider's: of its contact point or hosts, signed, or in answer to what only it got.

    The domain of the contact point is not enough: many share that of a mail service.
    """
    domain, dkim = understood.mail.sender_domain, understood.dkim
    is_contact = understood.mail.sender == provider.contact_email.lower() != ""
    hosts = provider.hosts.lower().split()
    is_own = is_contact or any(domain == one or domain.endswith("." + one) for one in hosts)
    is_signed = dkim.state == "pass" and is_aligned(dkim.domain, domain)
    knows_letter = (
        letter is not None and letter.provider_id == provider.pk and letter.to == provider.contact_email
    )
    return is_own and dkim.state != "fail" and (is_signed or knows_letter)


def _letter(keys: tuple[str, ...]) -> Letter | None:
    found = {one.key: one for one in Letter.objects.select_related("order__provider").filter(key__in=keys)}
    return next((found[key] for key in keys if key in found), None)


def _order_of(reference: str) -> IssuedOrder | None:
    issued = IssuedOrder.objects.select_related("provider").filter(issued_at__isnull=False)
    return issued.filter(reference=reference).first()


def _mentioned(mail: Mail) -> IssuedOrder | None:
    """The one order that stands and whose reference or number the subject or text has; None for none or several."""
    said = f"{mail.subject}\n{mail.text[:TEXT_CHARS_KEPT]}"
    rows = (
        IssuedOrder.objects.select_related("provider").filter(issued_at__isnull=False).exclude(reference="")
    )
    out = rows.exclude(stage__in=ENDS).order_by("-id")[:ORDERS_COMPARED_MAX]
    found = [one for one in out if _says(said, one.reference) or _says(said, one.number)]
    return found[0] if len(found) == 1 else None


def _says(text: str, name: str) -> bool:
    """Whether the text has this name, and no longer one that only begins with it or ends so."""
    start = text.find(name)
    while start >= 0:
        around = text[max(0, start - 1) : start], text[start + len(name) : start + len(name) + 1]
        if not any(one.isalnum() for one in around):
            return True
        start = text.find(name, start + 1)
    return False


def _bounced(letter: Letter, *, at: datetime) -> None:
    """A mail server gives a letter back: whoever should have it does not."""
    letter.bounced_at = letter.bounced_at or at
    letter.save(update_fields=["bounced_at"])
    if letter.order is not None:
        event = events.LetterBounced(order=letter.order.number, kind=letter.kind)
        service.note(letter.order, event, actor=SYSTEM)


def _wait(reply: Reply, problem: str) -> Reply:
    with transaction.atomic():
        reply.problem = problem
        reply.save()
        number = reply.order.number if reply.order else ""
        _note(reply, events.ReplyWaits(reply=reply.number, order=number, problem=problem), SYSTEM)
    return reply


def _note(reply: Reply, event: Event, actor: Actor) -> None:
    subject = f"issued:{reply.order.number}" if reply.order else f"reply:{reply.number}"
    ledger.append(event, actor=actor, subject=subject)
