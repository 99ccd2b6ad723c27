"""Notifiers who gave an address are told by mail: receipt, decision and redress, answers; nothing that is withheld."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from api_calls import service
from command_line import done
from domain import Domain, make_domain
from smtp_server import Mailbox
from vigie.cases.decisions import DecisionDraft
from vigie.flows import misuse, notice_post
from vigie.flows.complaint import Outcome, decide_complaint
from vigie.flows.decision import decide, undo
from vigie.flows.informing import release_withheld
from vigie.flows.notice import notify, object_to_no_action
from vigie.foundation.clock import now
from vigie.foundation.links import link_token
from vigie.foundation.settings import Settings, current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import claim_due, deliver
from vigie.misuse.service import Assessment
from vigie.notices import service as notices
from vigie.notices.mails import CONFIRMED_PER_HOUR_MAX
from vigie.notices.models import Notice
from vigie.notices.service import NoticeDraft
from vigie.platforms.service import find_platform
from vigie.redress import complaints

pytestmark = pytest.mark.usefixtures("database")

DRAFT = NoticeDraft(
    text="The poster calls on readers to join the column.",
    url="https://forum.example/p/8731",
    category="terrorism",
    language="en",
    good_faith=True,
    came_by=Notice.CameBy.FORM,
    name="Some Body",
    email="somebody@heron.example",
)
KEEP = DecisionDraft("keep", "harmless", exemption="none")
REMOVE = DecisionDraft("remove", "internal words", legal_type="c", exemption="none")


@pytest.fixture
def domain(database: str) -> Domain:
    return make_domain()


@pytest.fixture
def settings(smtp: tuple[Mailbox, str]) -> Settings:
    return replace(
        current(),
        smtp_url=smtp[1],
        provider_name="Example forum",
        mail_from="desk@forum.example",
        public_url="https://vigie.example",
    )


def send(settings: Settings, draft: NoticeDraft = DRAFT) -> Notice:
    """Somebody reports."""
    return notify(
        draft,
        platform=find_platform("forum"),
        content_id="",
        from_address="192.0.2.1",
        actor=COMMAND_LINE,
        settings=settings,
    )


def post(settings: Settings) -> None:
    """The worker hands every due mail to the server."""
    while due := claim_due(at=now(), limit=100):
        for one in due:
            if one.topic == notice_post.TOPIC:
                deliver(
                    one, deliverer=lambda stored: notice_post.deliver(stored, settings=settings), clock=now
                )


@pytest.fixture
def arrived(smtp: tuple[Mailbox, str], settings: Settings) -> Callable[[], list[EmailMessage]]:
    """The mails that came since it was asked last."""

    def take() -> list[EmailMessage]:
        post(settings)
        found = [message_from_bytes(one, policy=policy.default) for one in smtp[0].taken]
        smtp[0].taken.clear()
        return found

    return take


def words(mail: EmailMessage) -> str:
    """Its text with single spaces."""
    return " ".join(mail.get_content().split())


def test_receipt_and_decision_reach_the_notifier_with_redress_and_the_private_address(
    domain: Domain, settings: Settings, arrived: Callable[[], list[EmailMessage]]
) -> None:
    notice = send(settings)
    link = f"https://vigie.example/notice/{link_token(notice.number, settings=settings)}"
    (receipt,) = arrived()
    assert (receipt["To"], receipt["From"]) == ("somebody@heron.example", "desk@forum.example")
    assert receipt["Subject"] == "Your notice N-000001"
    assert link in words(receipt)
    assert DRAFT.text not in words(receipt)
    assert notice.case is not None
    decide(notice.case.number, REMOVE, user=domain.anna, settings=settings)
    (told,) = arrived()
    for said in ("because it is illegal", "Article 21", "six months", "A person decided this", link):
        assert said in words(told)
    assert "internal words" not in words(told)
    assert domain.anna.username not in words(told)
    assert arrived() == []


def test_a_notifier_who_wrote_in_another_language_is_answered_in_it(
    domain: Domain, settings: Settings, arrived: Callable[[], list[EmailMessage]]
) -> None:
    send(settings, replace(DRAFT, language="ar"))
    (receipt,) = arrived()
    assert receipt["Subject"] == "إخطارك N-000001"
    assert "استلمنا إخطارك" in words(receipt)


def test_no_address_stands_in_the_outbox_and_nobody_is_mailed_without_one(
    domain: Domain, settings: Settings, arrived: Callable[[], list[EmailMessage]]
) -> None:
    send(settings)
    assert "heron.example" not in str(OutboxMessage.objects.get().payload)
    arrived()
    send(settings, replace(DRAFT, email="", url="https://forum.example/p/2"))
    send(replace(settings, notifier_mail=False), replace(DRAFT, url="https://forum.example/p/3"))
    send(replace(settings, smtp_url=""), replace(DRAFT, url="https://forum.example/p/4"))
    assert OutboxMessage.objects.filter(topic=notice_post.TOPIC).count() == 1


def test_objection_and_its_answer_reach_the_notifier(
    domain: Domain, settings: Settings, arrived: Callable[[], list[EmailMessage]]
) -> None:
    notice = send(settings)
    assert notice.case is not None
    decide(notice.case.number, KEEP, user=domain.anna, settings=settings)
    arrived()
    notice.refresh_from_db()
    complaint = object_to_no_action(
        notice, "Look again.", language="en", actor=COMMAND_LINE, settings=settings
    )
    (receipt,) = arrived()
    assert "We received your complaint." in words(receipt)
    complaints.assign(complaint.number, user=domain.ben)
    decide_complaint(
        complaint.number,
        Outcome("upheld", "It is satire, and plainly so."),
        user=domain.ben,
        settings=settings,
    )
    (answer,) = arrived()
    assert "It is satire, and plainly so." in words(answer)


def test_what_was_decided_and_taken_back_before_the_mail_went_is_not_sent(
    domain: Domain, settings: Settings, arrived: Callable[[], list[EmailMessage]]
) -> None:
    notice = send(settings)
    assert notice.case is not None
    arrived()
    decide(notice.case.number, KEEP, user=domain.anna, settings=settings)
    undo(notice.case.number, reason="the wrong case", user=domain.anna, settings=settings)
    assert arrived() == []
    decide(notice.case.number, REMOVE, user=domain.anna, settings=settings)
    (told,) = arrived()
    assert "because it is illegal" in words(told)


def test_what_an_authority_forbids_to_tell_is_told_to_no_notifier_before_its_time(
    domain: Domain, settings: Settings, arrived: Callable[[], list[EmailMessage]]
) -> None:
    notice = send(settings)
    arrived()
    assert notice.case is not None
    until = now() + timedelta(weeks=5)
    decide(notice.case.number, replace(REMOVE, withheld_until=until), user=domain.anna, settings=settings)
    assert arrived() == []
    notice.refresh_from_db()
    assert notice.told_at is None
    shown = service("notices:write", platform="forum").get(f"/notices/{notice.number}").json()
    assert (shown["outcome"], shown["state"], shown["told_at"]) == ("", "queued", None)
    release_withheld(at=until - timedelta(seconds=1), settings=settings)
    assert arrived() == []
    release_withheld(at=until, settings=settings)
    (told,) = arrived()
    assert "because it is illegal" in words(told)


def test_a_server_that_refuses_is_asked_again_and_a_dead_letter_is_seen_and_sent_again(
    domain: Domain, settings: Settings, smtp: tuple[Mailbox, str], arrived: Callable[[], list[EmailMessage]]
) -> None:
    send(settings)
    smtp[0].answer = "451 later"
    assert arrived() == []
    message = OutboxMessage.objects.get()
    assert (message.state, message.last_error) == ("pending", "smtp_451")
    OutboxMessage.objects.update(
        first_attempt_at=now() - timedelta(hours=73), next_attempt_at=now(), leased_until=None
    )
    assert arrived() == []
    assert OutboxMessage.objects.get().state == "dead"
    (row,) = done("deliveries", "list", "--state", "dead")["deliveries"]
    assert (row["platform"], row["last_error"]) == ("notifier", "smtp_451")
    smtp[0].answer = "250 OK"
    done("deliveries", "replay", str(row["id"]))
    (receipt,) = arrived()
    assert receipt["To"] == "somebody@heron.example"


def test_nobody_is_flooded_with_confirmations_that_somebody_else_asks_for(
    domain: Domain, settings: Settings
) -> None:
    for place in range(CONFIRMED_PER_HOUR_MAX + 5):
        send(settings, replace(DRAFT, url=f"https://forum.example/p/{place}"))
    assert Notice.objects.count() == CONFIRMED_PER_HOUR_MAX + 5
    assert OutboxMessage.objects.filter(topic=notice_post.TOPIC).count() == CONFIRMED_PER_HOUR_MAX


def test_a_warning_and_a_suspension_for_misuse_come_by_mail_and_so_does_its_early_end(
    domain: Domain, settings: Settings, arrived: Callable[[], list[EmailMessage]]
) -> None:
    settings = replace(settings, misuse_count_min=2)
    for place in range(3):
        notice = send(settings, replace(DRAFT, url=f"https://forum.example/p/{place}"))
        assert notice.case is not None
        decide(notice.case.number, KEEP, user=domain.anna, settings=settings)
        notices.find_unfounded(notice.number, user=domain.anna)
        if place == 1:
            misuse.warn("M-000001", Assessment(), user=domain.anna, settings=settings)
            assert "Warning MS-000001" in words(arrived()[-1])
    misuse.suspend("M-000001", Assessment(), days=30, user=domain.anna, settings=settings)
    told = words(arrived()[-1])
    assert "your notices are set aside until" in told
    assert "https://vigie.example/notice/" in told
    misuse.lift("M-000001", user=domain.anna, settings=settings)
    assert "is lifted" in words(arrived()[-1])
