"""Taking in what may be an order: kept whole first, then read, then an order, a repeat, or quarantined.

It loses nothing and refuses nothing: what it cannot read waits for a person, and the hour runs from receipt.
"""

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db import DataError, IntegrityError, transaction

from vigie.evidence.models import EvidenceItem
from vigie.evidence.service import ToSeal, read_item, seal_items
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import TooLarge
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor
from vigie.orders import clocks, deadlines, events
from vigie.orders.forms import Read, read_order
from vigie.orders.mail_parts import (
    MAIL_BYTES_MAX,
    Mail,
    MailFile,
    MailUnreadable,
    looks_like_mail,
    take_apart,
)
from vigie.orders.models import Order, OrderIntake, OrderItem
from vigie.orders.pdf_reading import PdfUnreadable, read_pdf
from vigie.orders.reading import Source, is_order, merged, read_json, read_text, read_xml
from vigie.orders.senders import (
    SenderCheck,
    check_mail,
    check_order_alone,
    is_worse,
    proven_by_token,
    register,
)
from vigie.orders.states import Disclosure, Happening, Stage, Standing, after

_log = logging.getLogger(__name__)

INTAKE_BYTES_MAX = MAIL_BYTES_MAX
UNREAD = "not_read_yet"
PICTURE_ONLY = "pdf_without_text"
# Something that may well be an order, and that only a person can read.
WITHOUT_READER = (
    PICTURE_ONLY,
    "pdf_unreadable",
    "pdf_too_large",
    "mail_damaged",
    "mail_too_large",
    "mail_too_deep",
    "mail_too_many_parts",
    "reader_failed",
)
UNREAD_AFTER = timedelta(seconds=90)
READ_AGAIN_AT_ONCE = 20
_PURPOSE = "reading an order that came in"


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read from bytes: the order, who sent it, and from which kind of source."""

    read: Read
    check: SenderCheck
    kind: str
    problem: str = ""


def take_in(
    raw: bytes,
    *,
    channel: OrderIntake.Channel,
    received_at: datetime,
    at: datetime,
    actor: Actor,
    settings: Settings,
    mailbox_uid: str | None = None,
    authority: str = "",
) -> OrderIntake:
    """Keep the bytes, then read them. The same message of a mailbox is taken once.

    `authority` is the key of the one whose token handed it in: that proves who sent it.
    `received_at` may lie before `at`, never after it. Raises TooLarge for more than `INTAKE_BYTES_MAX`.
    """
    if len(raw) > INTAKE_BYTES_MAX:
        raise TooLarge(f"An order has at most {INTAKE_BYTES_MAX:,} bytes.")
    received = min(received_at, at)
    intake, is_new = _keep(raw, channel, received, at, actor, settings, mailbox_uid)
    return read_in(intake, raw, actor=actor, settings=settings, authority=authority) if is_new else intake


def read_in(
    intake: OrderIntake, raw: bytes, *, actor: Actor, settings: Settings, authority: str = ""
) -> OrderIntake:
    """Read what was kept, and make an order of it, or leave it in quarantine with the reason."""
    try:
        understood = understand(raw, settings=settings)
    except Exception as error:  # noqa: BLE001 - whatever a hostile mail does to a reader: it waits for a person
        _log.error(
            "an intake could not be read",
            extra={"action": "read_order", "intake": intake.number, "kind": type(error).__name__},
        )
        return _quarantine(intake, "reader_failed")
    if authority:
        understood = replace(understood, check=proven_by_token(understood.check))
    if understood.problem:
        return _quarantine(intake, understood.problem, sender=understood.check.sender)
    try:
        return make_order(intake, understood, actor=actor, settings=settings)
    except DataError:
        _log.error("an intake cannot be stored", extra={"action": "read_order", "intake": intake.number})
        return _quarantine(intake, "reader_failed")


def read_waiting(*, at: datetime, settings: Settings) -> int:
    """Read what was kept by a process that died before it could read; returns how many."""
    waiting = OrderIntake.objects.filter(
        state=OrderIntake.State.QUARANTINED, problem=UNREAD, stored_at__lte=at - UNREAD_AFTER
    ).order_by("id")[:READ_AGAIN_AT_ONCE]
    for intake in waiting:
        _, raw = read_item(intake.evidence, purpose=_PURPOSE, actor=SYSTEM, settings=settings)
        read_in(intake, raw, actor=SYSTEM, settings=settings)
    return len(waiting)


def understand(raw: bytes, *, settings: Settings) -> Understood:
    """Bytes as an order; `problem` is a stable code when they are none."""
    if looks_like_mail(raw):
        try:
            return _from_mail(raw, take_apart(raw), settings)
        except MailUnreadable as error:
            return Understood(read_order({}), SenderCheck(), "mail", error.code)
    sources, problem = _from_file(MailFile("", "", raw))
    read, kind = merged(sources)
    problem = "" if is_order(read) else problem or "nothing_readable"
    pdf = raw if _is_pdf(raw) else b""
    return Understood(read, check_order_alone(read.order, settings=settings, pdf=pdf), kind, problem)


def make_order(
    intake: OrderIntake, understood: Understood, *, actor: Actor, settings: Settings
) -> OrderIntake:
    """The order of an intake, in one transaction; a repeat when the authority sent this reference before."""
    try:
        with transaction.atomic():
            return _make_or_repeat(intake, understood, actor, settings)
    except IntegrityError:
        # Another process took the same order in at this instant: now it is there, and this is a repeat.
        with transaction.atomic():
            return _make_or_repeat(intake, understood, actor, settings)


def note_checked(order: Order, check: SenderCheck) -> None:
    """Write to the ledger what Vigie found out about the signature of a mail, inside the caller's transaction."""
    if check.dkim_by != "own":
        return
    event = events.SenderChecked(
        order=order.number,
        verdict=check.verdict,
        dkim=check.dkim,
        domain=check.dkim_domain,
        selector=check.dkim_selector,
        reason=check.dkim_reason,
        key_sha256=hashlib.sha256(check.dkim_record.encode()).hexdigest() if check.dkim_record else "",
    )
    ledger.append(event, actor=SYSTEM, subject=f"order:{order.number}")


def _keep(
    raw: bytes,
    channel: OrderIntake.Channel,
    received_at: datetime,
    at: datetime,
    actor: Actor,
    settings: Settings,
    mailbox_uid: str | None,
) -> tuple[OrderIntake, bool]:
    if mailbox_uid is not None:
        earlier = OrderIntake.objects.filter(mailbox_uid=mailbox_uid).first()
        if earlier is not None:
            return earlier, False
    media_type = "message/rfc822" if looks_like_mail(raw) else "application/octet-stream"
    digest = hashlib.sha256(raw).digest()
    with transaction.atomic():
        (item,) = seal_items(
            [ToSeal(EvidenceItem.Kind.RECORD, media_type, raw)],
            subject=f"intake:{digest.hex()[:32]}",
            actor=actor,
            settings=settings,
        )
        intake = OrderIntake.objects.create(
            channel=channel,
            problem=UNREAD,
            sha256=digest,
            evidence=item.reference,
            mailbox_uid=mailbox_uid,
            received_at=received_at.astimezone(UTC),
            received_offset_minutes=clocks.offset_minutes(received_at),
            stored_at=at,
        )
        ledger.append(
            events.IntakeStored(
                intake=intake.number,
                channel=channel,
                received_at=utc_text(intake.received_at),
                offset_minutes=intake.received_offset_minutes,
            ),
            actor=actor,
            subject=f"intake:{intake.number}",
        )
    return intake, True


def _quarantine(intake: OrderIntake, problem: str, *, sender: str = "") -> OrderIntake:
    with transaction.atomic():
        intake.problem, intake.sender = problem, sender
        intake.save(update_fields=["problem", "sender"])
        ledger.append(
            events.IntakeQuarantined(intake=intake.number, problem=problem),
            actor=SYSTEM,
            subject=f"intake:{intake.number}",
        )
    return intake


def _from_mail(raw: bytes, mail: Mail, settings: Settings) -> Understood:
    sources: list[Source] = []
    problem = ""
    for file in mail.files:
        found, trouble = _from_file(file)
        sources.extend(found)
        problem = problem or trouble
    sources.append(read_text(mail.text))
    read, kind = merged(sources)
    only = mail.files[0].data if len(mail.files) == 1 else b""
    pdf = only if _is_pdf(only) and kind != "text" else b""
    check = check_mail(raw, mail, read.order, settings=settings, pdf=pdf)
    # A mail of a known authority is an order until a person says otherwise, however little of it can be read.
    is_one = is_order(read) or register(settings).of_domain(mail.sender_domain) is not None
    return Understood(read, check, kind, "" if is_one else problem or "nothing_readable")


def _from_file(file: MailFile) -> tuple[list[Source], str]:
    """What a file says, and a problem when it is a PDF that cannot be read."""
    if _is_pdf(file.data):
        try:
            contents = read_pdf(file.data)
        except PdfUnreadable as error:
            return [], error.code
        if not contents.files and not contents.text.strip():
            return [], PICTURE_ONLY
        structured = [source for one in contents.files if (source := _structured(one.data)) is not None]
        return [*structured, read_text(contents.text, kind="pdf")], ""
    source = _structured(file.data)
    if source is not None:
        return [source], ""
    if file.media_type not in ("", "text/plain"):
        return [], ""
    return [read_text(file.data[:1_000_000].decode("utf-8", "replace").replace("\0", ""))], ""


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1_024]


def _structured(data: bytes) -> Source | None:
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{":
        return read_json(data)
    return read_xml(data) if start == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff") else None


def _make_or_repeat(
    intake: OrderIntake, understood: Understood, actor: Actor, settings: Settings
) -> OrderIntake:
    order = understood.read.order
    key = register(settings).key_of(order.authority, order.issuing_state)
    earlier = _earlier(key, order.reference, intake, understood.check)
    intake.sender = understood.check.sender
    intake.problem = ""
    if earlier is None:
        intake.order = _new_order(intake, understood, key, actor)
        intake.state = OrderIntake.State.TAKEN
    else:
        intake.order, intake.state = earlier, OrderIntake.State.REPEAT
        intake.differs = _differs(earlier, understood.read)
        _note_repeat(earlier, intake, understood, actor)
    intake.save(update_fields=["order", "state", "sender", "problem", "differs"])
    return intake


def _earlier(key: str, reference: str, intake: OrderIntake, check: SenderCheck) -> Order | None:
    """The order that this one repeats: of the same authority and reference, else the very same bytes.

    One that was refused, or whose sender is contradicted while nobody took it for genuine, stands in no better
    proven one's way: whoever forges an order cannot make the genuine one a repeat of it.
    """
    orders = Order.objects.select_for_update(of=("self",))
    if key and reference:
        same = orders.filter(authority_key=key, reference=reference)
        held = same.filter(holds_reference=True).first()
        if held is not None or check.verdict != "contradicted":
            return held
        undecided = same.exclude(stage=Stage.NOT_GENUINE).first()
        if undecided is not None:
            return undecided
    again = OrderIntake.objects.filter(sha256=bytes(intake.sha256), order__isnull=False).exclude(pk=intake.pk)
    found = again.first()
    return None if found is None or found.order_id is None else orders.get(pk=found.order_id)


def _new_order(intake: OrderIntake, understood: Understood, key: str, actor: Actor) -> Order:
    read = understood.read
    # Whether the author may be told could not be read: then nobody is told until a person says so.
    withheld = read.order.do_not_inform or "do_not_inform" in read.unread
    standing = Standing(disclosure=Disclosure.WITHHELD if withheld else Disclosure.OPEN)
    check = understood.check
    if key and Order.objects.filter(authority_key=key, reference=read.order.reference or None).exists():
        check = replace(check, notes=(*check.notes, "reference_of_other"))
    order = Order(
        authority_key=key,
        reference=read.order.reference,
        holds_reference=check.verdict != "contradicted",
        received_at=intake.received_at,
        received_offset_minutes=intake.received_offset_minutes,
        clock_started_at=intake.received_at,
        fields=read.order.to_json(),
        unread=read.unread,
        sender_check=check.to_json(),
        withheld_from=(read.order.issued_at or intake.received_at) if withheld else None,
    )
    order.standing = standing
    order.save()
    OrderItem.objects.bulk_create([OrderItem(order=order, url=url) for url in read.order.urls])
    deadlines.open_for(order, informed_at=intake.received_at)
    ledger.append(
        events.OrderReceived(
            order=order.number,
            intake=intake.number,
            authority=key,
            issuing_state=read.order.issuing_state,
            items=len(read.order.urls),
            unread=tuple(sorted(read.unread)),
            received_at=utc_text(intake.received_at),
            withheld=withheld,
        ),
        actor=actor,
        subject=f"order:{order.number}",
    )
    note_checked(order, understood.check)
    return order


def _differs(order: Order, read: Read) -> bool:
    """Whether a repeat says something that the order as it is known does not."""
    theirs = read.order.to_json()
    return any(theirs[name] != order.fields.get(name) for name in theirs if theirs[name])


def _note_repeat(order: Order, intake: OrderIntake, understood: Understood, actor: Actor) -> None:
    ledger.append(
        events.OrderRepeated(order=order.number, intake=intake.number, differs=intake.differs),
        actor=actor,
        subject=f"order:{order.number}",
    )
    if order.stage != Stage.CLARIFICATION:
        return
    # The clarification is received: the hour begins anew now, not when somebody notices. Art. 3(8).
    order.standing = after(order.standing, Happening.RESTARTED)
    order.clock_started_at = clocks.restarted_at(received_at=order.received_at, again_at=intake.received_at)
    if is_worse(understood.check, order.sender_check):
        # Anybody who knows a reference can write: what they say waits for a person, and the hour runs meanwhile.
        notes = [*order.sender_check.get("notes", []), "clarification_unproven"]
        order.sender_check = {**order.sender_check, "notes": list(dict.fromkeys(notes))}
        order.save()
    else:
        _take_over(order, understood.read)
    deadlines.restart(order)
    ledger.append(
        events.HourRestarted(order=order.number, began_at=utc_text(order.clock_started_at)),
        actor=actor,
        subject=f"order:{order.number}",
    )


def _take_over(order: Order, read: Read) -> None:
    """What a clarification says becomes what the order says."""
    told = {key: value for key, value in read.order.to_json().items() if value}
    order.fields = {**order.fields, **told}
    order.unread = {key: why for key, why in order.unread.items() if key not in told}
    order.save()
    known = set(order.items.values_list("url", flat=True))
    OrderItem.objects.bulk_create(
        [OrderItem(order=order, url=url) for url in read.order.urls if url not in known]
    )
