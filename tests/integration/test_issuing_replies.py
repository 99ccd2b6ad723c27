"""Replies to our orders by mail, from a real mailbox (dovecot-imapd): placed beyond doubt, or before a person."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from issuing_world import IssuingWorld, again, make_issuing_world
from mail_server import mail_server, put, signed_in
from smtp_server import Mailbox
from vigie.evidence.models import EvidenceItem
from vigie.flows import issuing_mailbox
from vigie.flows.holds import facts_of
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.foundation.settings import SettingInvalid, current, read_settings
from vigie.issuing import providers, replies
from vigie.issuing.answers import AnswerUnreadable
from vigie.issuing.models import IssuedOrder, Letter, Reply
from vigie.issuing.reply_mail import letters_named
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.people.models import User

pytestmark = pytest.mark.usefixtures("database")

FORUM = "orders@forum.example"
STARTED = timedelta(minutes=40)


@pytest.fixture
def world(tmp_path: Path, smtp: tuple[Mailbox, str]) -> IssuingWorld:
    return make_issuing_world(tmp_path, smtp_url=smtp[1])


@pytest.fixture
def order(world: IssuingWorld) -> IssuedOrder:
    """An order that went out by mail a while ago."""
    issued = world.issued(at=now().replace(microsecond=0) - STARTED)
    world.post()
    return again(issued)


def letter_of(order: IssuedOrder) -> Letter:
    """The letter that the order went out in."""
    return order.letters.get(kind="order")


def annex_two(order: IssuedOrder, **changes: Any) -> dict[str, Any]:
    """Annex II about it: removed ten minutes after it was issued."""
    assert order.issued_at is not None
    return {
        "form": "annex_ii",
        "authority_reference": order.reference,
        "received_at": (order.issued_at + timedelta(minutes=2)).isoformat(),
        "measure": "removed",
        "measure_at": (order.issued_at + timedelta(minutes=10)).isoformat(),
        **changes,
    }


def reply(
    form: dict[str, Any] | None = None,
    *,
    to: Letter | None = None,
    sender: str = FORUM,
    subject: str = "Your order",
    text: str = "Please see the attached form.",
    headers: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """A mail as a provider writes it; in answer to a letter of ours it names its Message-ID."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "duty@prefecture.example", subject
    if to is not None:
        message["In-Reply-To"] = f"<{to.key}@prefecture.example>"
    for name, value in headers:
        message[name] = value
    message.set_content(text)
    if form is not None:
        data = json.dumps(form).encode()
        message.add_attachment(data, maintype="application", subtype="json", filename="annex.json")
    return message.as_bytes()


def bounce(letter: Letter, *, action: str = "failed") -> bytes:
    """What a mail server says about a mail that it could not deliver (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@mx.prefecture.example\r\nTo: duty@prefecture.example\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such mailbox.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.prefecture.example\r\n\r\n"
        f"Final-Recipient: rfc822; {FORUM}\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{letter.key}@prefecture.example>\r\n"
        f"To: {FORUM}\r\n\r\n--b--\r\n"
    ).encode()


def came(raw: bytes, world: IssuingWorld, *, received_at: datetime | None = None) -> Reply:
    """A mail came; as it is stored then."""
    at = now()
    made = replies.take_in(raw, received_at=received_at or at, at=at, settings=world.settings)
    return Reply.objects.get(pk=made.pk)


def test_an_annex_two_by_mail_is_taken_in_with_the_instant_the_server_received_it(
    world: IssuingWorld, order: IssuedOrder
) -> None:
    received_at = now().replace(microsecond=0) - timedelta(minutes=20)
    with mail_server() as url:
        put(url, reply(annex_two(order, received_at=""), to=letter_of(order)), received_at)
        put(url, b"\x00\xff no mail at all", received_at)
        settings = replace(world.settings, issuing_imap_url=url)
        assert issuing_mailbox.poll(settings=settings, clock=now) == 2
        assert issuing_mailbox.poll(settings=settings, clock=now) == 0
        with signed_in(url) as server:
            server.select("INBOX", readonly=True)
            assert server.search(None, "UNSEEN")[1] == [b"1 2"]
    done = again(order)
    assert (done.stage, done.measure, done.answered_at) == ("done", "removed", received_at)
    assert done.answers.get().channel == "mail"
    taken, other = Reply.objects.order_by("id")
    assert (taken.state, taken.order, taken.received_at) == ("taken", done, received_at)
    # What is no mail is kept, too, and a person is told.
    assert (other.state, other.problem) == ("waiting", "mail_unreadable")
    assert done.answers.get().evidence != taken.evidence


def test_a_reply_is_matched_by_its_thread_by_the_forms_reference_and_by_what_it_says(
    world: IssuingWorld, order: IssuedOrder
) -> None:
    threaded = came(reply(to=letter_of(order), text="Which of the two posts do you mean?"), world)
    assert (threaded.order, threaded.problem) == (order, "no_form")
    assert threaded.text.strip() == "Which of the two posts do you mean?"
    quoted = came(reply(subject=f"Re: Removal order: {order.reference}"), world)
    assert (quoted.order, quoted.problem) == (order, "no_form")
    by_form = came(reply(annex_two(order)), world)
    assert by_form.order == order
    longer = came(reply(subject=f"Re: {order.reference}9"), world)
    assert (longer.order, longer.problem) == (None, "not_matched")
    assert again(order).stage == "sent"


def test_an_answer_is_believed_from_the_provider_and_from_nobody_else(
    world: IssuingWorld, order: IssuedOrder
) -> None:
    letter = letter_of(order)
    # Anybody can write the provider's address, and the reference stands on paper: neither the domain alone ...
    assert came(reply(annex_two(order)), world).problem == "sender_not_proven"
    # ... nor the thread from another domain proves who sent it.
    other = came(reply(annex_two(order), to=letter, sender="a@elsewhere.example"), world)
    assert other.problem == "sender_not_proven"
    world.settings = replace(world.settings, orders_mail_server_id="mx.prefecture.example")
    failed = ("Authentication-Results", "mx.prefecture.example; dkim=fail header.d=forum.example")
    assert came(reply(annex_two(order), to=letter, headers=(failed,)), world).problem == "sender_not_proven"
    assert again(order).stage == "sent"
    passed = ("Authentication-Results", "mx.prefecture.example; dkim=pass header.d=forum.example")
    signed = came(reply(annex_two(order), headers=(passed,)), world)
    assert (signed.state, again(order).stage) == ("taken", "done")
    assert came(reply(annex_two(order), to=letter), world).state == "repeat"


def test_who_shares_the_mail_service_of_a_contact_point_is_not_the_provider(
    world: IssuingWorld, order: IssuedOrder
) -> None:
    changes = {"contact_email": "Desk@mail.example"}
    providers.change_provider("forum", changes, actor=COMMAND_LINE, settings=world.settings)
    world.settings = replace(world.settings, orders_mail_server_id="mx.prefecture.example")
    passed = ("Authentication-Results", "mx.prefecture.example; dkim=pass header.d=mail.example")
    other = came(reply(annex_two(order), sender="other@mail.example", headers=(passed,)), world)
    assert other.problem == "sender_not_proven"
    desk = came(reply(annex_two(order), sender="desk@mail.example", headers=(passed,)), world)
    assert desk.state == "taken"


def test_an_answer_about_another_order_and_one_that_cannot_come_now_wait(
    world: IssuingWorld, order: IssuedOrder
) -> None:
    letter = letter_of(order)
    other = came(reply(annex_two(order, authority_reference="2026/RO-999999"), to=letter), world)
    assert (other.order, other.problem) == (order, "answer_of_other")
    future = (now() + timedelta(hours=2)).isoformat()
    early = came(reply(annex_two(order, measure_at=future), to=letter), world)
    assert (early.order, early.state) == (order, "waiting")
    assert (again(order).stage, order.answers.count()) == ("sent", 0)
    told = LedgerEntry.objects.filter(event="issuing.reply_waits.v1").order_by("seq")
    assert [one.facts["problem"] for one in told] == ["answer_of_other", early.problem]


def test_annex_three_by_mail_stops_the_hour(world: IssuingWorld, order: IssuedOrder) -> None:
    form = {
        "form": "annex_iii",
        "authority_reference": order.reference,
        "ground": "insufficient_information",
    }
    assert came(reply(form, to=letter_of(order)), world).state == "taken"
    assert (again(order).stage, again(order).ground) == ("cannot", "insufficient_information")


def place(found: Reply, world: IssuingWorld, *, by: User | None = None, **values: str) -> Reply:
    """A person places a reply."""
    told = {"meaning": "noted", "order": "", "reason": "", **values}
    return replies.place(found.number, user=by or world.ana, at=now(), settings=world.settings, **told)


def test_a_person_places_what_waits(world: IssuingWorld, order: IssuedOrder) -> None:
    question = came(reply(to=letter_of(order), text="We have it, and look at it now."), world)
    with pytest.raises(AnswerUnreadable):
        place(question, world, meaning="answer", order=order.number)
    with pytest.raises(Invalid):
        place(question, world, meaning="receipt")
    place(question, world, meaning="receipt", order=order.number)
    received = again(order)
    assert (received.stage, received.received_by, received.received_proof) == (
        "received",
        "mail",
        question.number,
    )
    assert received.received_at == Reply.objects.get(pk=question.pk).received_at
    with pytest.raises(Conflict):
        place(question, world, reason="Twice.")
    doubted = came(reply(annex_two(order, received_at="")), world)
    assert place(doubted, world, meaning="answer", order=order.number).state == "taken"
    assert again(order).stage == "done"
    junk = came(reply(subject="Cheap watches", sender="a@elsewhere.example"), world)
    with pytest.raises(Invalid):
        place(junk, world, reason="")
    with pytest.raises(Forbidden):
        place(junk, world, by=User.objects.create(username="rita", role="reviewer"), reason="Junk.")
    assert place(junk, world, reason="An advertisement.").state == "closed"
    assert replies.replies_in("waiting").count() == 0


def test_a_mail_that_is_given_back_is_seen(world: IssuingWorld, order: IssuedOrder) -> None:
    letter = letter_of(order)
    late = came(bounce(letter, action="delayed"), world)
    assert (late.order, Letter.objects.get(pk=letter.pk).bounced_at) == (None, None)
    back = came(bounce(letter), world)
    assert (back.order, back.problem) == (order, "bounced")
    assert Letter.objects.get(pk=letter.pk).bounced_at is not None
    assert LedgerEntry.objects.filter(event="issuing.letter_bounced.v1").count() == 1


def test_what_a_dead_process_left_unread_is_read(world: IssuingWorld, order: IssuedOrder) -> None:
    found = came(reply(to=letter_of(order)), world)
    Reply.objects.filter(pk=found.pk).update(problem="not_read_yet")
    assert replies.read_waiting(at=now(), settings=world.settings) == 0
    assert replies.read_waiting(at=now() + timedelta(minutes=2), settings=world.settings) == 1
    assert Reply.objects.get(pk=found.pk).problem == "no_form"


def test_one_folder_is_not_read_for_two_purposes() -> None:
    assert issuing_mailbox.poll(settings=current(), clock=now) == 0
    url = "imaps://a:b@mail.example/INBOX"
    with pytest.raises(SettingInvalid):
        read_settings({"VIGIE_ISSUING_IMAP_URL": url, "VIGIE_ORDERS_IMAP_URL": url})


def test_only_our_own_ids_name_a_letter() -> None:
    key = "01234567-89ab-cdef-0123-456789abcdef"
    raw = f"From: a@b.example\r\nReferences: <x@y> <{key}@prefecture.example>\r\n\r\nHello".encode()
    assert letters_named(raw).answered == (key,)
    assert letters_named(b"\xff\xfe" * 100).answered == ()
    assert letters_named(raw.replace(key.encode(), b"x" * 36)).answered == ()


def test_a_reply_is_kept_as_evidence_until_its_order_ended_or_it_was_noted(
    world: IssuingWorld, order: IssuedOrder
) -> None:
    def held_by(found: Reply) -> set[str]:
        subject = EvidenceItem.objects.get(reference=found.evidence).subject
        return {one.kind for one in facts_of(subject, now()).holds}

    junk = came(reply(subject="Cheap watches", sender="a@elsewhere.example"), world)
    assert held_by(junk) == {"reply_waits"}
    place(junk, world, reason="An advertisement.")
    assert held_by(junk) == set()
    taken = came(reply(annex_two(order), to=letter_of(order)), world)
    assert held_by(taken) == {"issued_open"}
    world.step(order, "withdraw", by=world.lea, at=now(), reason="The court asked for it.")
    assert held_by(taken) == set()
