"""A bad night, the same every time: 200 orders of 20 authorities in three hours, forged, repeated, unclear and gone
ones among them, two network cuts of ten minutes, a crash, a full disk. What comes out equals what was put in.

Time is virtual and moves by minutes; the database, the ledger, the outbox and the reading of mails are real. The
platform is a stand-in that obeys unless the network is cut.
"""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bad_night import AUTHORITIES, ORDERS, Night, Planned, plan
from vigie.cases.decisions import DecisionDraft
from vigie.flows import order_clock
from vigie.flows.complaint import Outcome, complain_about, decide_complaint
from vigie.flows.decision import decide
from vigie.flows.first_start import activate_first_policy
from vigie.flows.notice import notify, object_to_no_action
from vigie.foundation.blobs import Blobs
from vigie.foundation.clock import now
from vigie.foundation.errors import Unavailable
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE, SYSTEM
from vigie.ledger.checkpoints import Verified, verify
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.notices.models import Notice
from vigie.notices.service import NoticeDraft
from vigie.orders import clocks, intake
from vigie.orders.models import Order, OrderIntake, OrderItem
from vigie.orders.states import Stage
from vigie.people.models import User
from vigie.platforms.models import Platform
from vigie.platforms.service import add_platform
from vigie.redress import complaints
from vigie.redress.models import Complaint, Statement
from vigie.reports.periods import Period
from vigie.reports.service import compute
from vigie.reports.units import median_hours

SEED = 20261125
MINUTES = 310
CRASH_FROM = 75
FULL_DISK = range(95, 98)
SCRUTINISED = 7
NOTICES = 9
KEPT = (0, 1, 2)
OBJECTED = {0: "reversed", 1: "upheld", 3: "upheld", 4: "partial", 5: "reversed", 6: "reversed"}
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """Before it begins."""
    path = tmp_path / "authorities.yaml"
    entries = "".join(
        f"- {{key: a{n}, name: Authority {n}, member_state: FR, competences: [issue],"
        f" domains: [authority-{n}.example]}}\n"
        for n in range(AUTHORITIES)
    )
    path.write_text(f"provenance: {{source: a test, checked_on: 2026-11-25}}\nauthorities:\n{entries}")
    settings = replace(
        current(),
        orders_authorities_file=str(path),
        orders_mail_server_id="mx.forum.example",
        orders_disable_at_50=True,
    )
    add_platform(
        name="forum", title="Forum", url="http://forum.example/hook", actor=COMMAND_LINE, settings=settings
    )
    generator = random.Random(SEED)
    made = Night(
        start=now(),
        settings=settings,
        person=User.objects.create(username="anna", role="reviewer"),
        planned=plan(generator),
    )
    for one in made.planned.values():
        made.post(one.minute, one.mail())
    repeated = generator.sample([one for one in made.planned.values() if one.kind == "valid"], ORDERS // 10)
    for one in repeated:
        made.post(one.minute + generator.randrange(1, 40), one.mail())
    # The process dies when it has a mail in hand.
    made.crash_at = min(minute for minute in made.mails if minute >= CRASH_FROM)
    return made


def live_through(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """Minute by minute: mail, clocks, people, platform."""
    for night.minute in range(MINUTES):
        with monkeypatch.context() as patched:
            if night.minute in FULL_DISK:
                patched.setattr(Blobs, "put", _full)
            if night.minute == night.crash_at:
                patched.setattr(intake, "read_in", lambda kept, *_, **__: kept)
            night.read_mailbox()
            if night.minute == night.crash_at:
                night.send(dies=True)
                continue
            intake.read_waiting(at=night.at, settings=night.settings)
            order_clock.sweep(at=night.at, settings=night.settings)
            night.decide()
            night.send()


def _full(_blobs: Blobs, _key: str, _data: bytes) -> None:
    raise Unavailable("The blob store took nothing.")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_bad_night_ends_with_every_order_answered(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    live_through(night, monkeypatch)

    orders = {one.reference: one for one in Order.objects.prefetch_related("answers", "items", "intakes")}
    assert set(orders) == set(night.planned)  # none lost, none counted twice
    repeats = OrderIntake.objects.filter(state="repeat").count()
    assert repeats == ORDERS // 10 + sum(1 for one in night.planned.values() if one.kind == "unclear")
    assert OrderIntake.objects.filter(order=None).count() == 0

    for reference, one in night.planned.items():
        order = orders[reference]
        assert order.received_at == night.start + timedelta(minutes=one.minute)
        _check_end(order, one)
    assert not LedgerEntry.objects.filter(event="orders.hour_missed.v1").exists()

    # The night was as bad as it says: a disk was full, a process died, the platform was away.
    assert night.put_off > 0
    assert LedgerEntry.objects.filter(event="evidence.read.v1").exists()
    assert OutboxMessage.objects.filter(attempts__gt=1).exists()

    refused = LedgerEntry.objects.filter(event="orders.order_refused.v1")
    assert {one.facts["check"] for one in refused} == {"contradicted"}
    given_back = the_morning_after(night, orders)
    people_object(night)
    _check_report(night, given_back)
    assert isinstance(verify(night.settings), Verified)


def the_morning_after(night: Night, orders: dict[str, Order]) -> list[str]:
    """The provider asks for scrutiny of some orders; half of those infringe. Those whose content came back."""
    executed = sorted(one.reference for one in night.planned.values() if one.kind == "valid")
    night.minute = MINUTES
    for place, reference in enumerate(executed[:SCRUTINISED]):
        night.step(orders[reference], "ask_scrutiny", asked_by="provider")
        if place % 2:
            night.step(orders[reference], "scrutiny_passed")
        else:
            night.step(orders[reference], "infringement", reason="It infringes a fundamental right.")
    return executed[:SCRUTINISED:2]


def people_object(night: Night) -> None:
    """Notices come too, some without ground; authors and notifiers object, and another person answers them."""
    activate_first_policy(night.settings)
    other = User.objects.create(username="ben", role="reviewer")
    remove = DecisionDraft("remove", "It is what it is said to be.", legal_type="a", exemption="none")
    keep = DecisionDraft("keep", "It is a lesson.", exemption="none")
    for place in range(NOTICES):
        draft = NoticeDraft(
            text=f"Glorifies the Grey Heron Column, number {place}.",
            url=f"http://forum.example/n/{place}",
            category="terrorism",
            language="en",
            good_faith=True,
            came_by=Notice.CameBy.FORM,
        )
        notice = notify(
            draft,
            platform=Platform.objects.get(),
            content_id=f"n-{place}",
            from_address="192.0.2.1",
            actor=SYSTEM,
            settings=night.settings,
        )
        assert notice.case is not None
        decided = keep if place in KEPT else remove
        decide(notice.case.number, decided, user=night.person, settings=night.settings)
        notice.refresh_from_db()
        if place in OBJECTED:
            if place in KEPT:
                complaint = object_to_no_action(
                    notice, "Look again.", language="en", actor=SYSTEM, settings=night.settings
                )
            else:
                complaint = complain_about(
                    Statement.objects.get(case=notice.case),
                    "It is a press photograph.",
                    came_by=Complaint.CameBy.LINK,
                    language="en",
                    actor=SYSTEM,
                    settings=night.settings,
                )
            complaints.assign(complaint.number, user=other)
            new = remove if place in KEPT and OBJECTED[place] == "reversed" else None
            outcome = Outcome(OBJECTED[place], "Looked at anew by another person.", new=new)
            decide_complaint(complaint.number, outcome, user=other, settings=night.settings)


def _check_report(night: Night, given_back: list[str]) -> None:
    """The report's figures equal the truth of the simulation, every one of them; and so do the tables."""
    planned = night.planned.values()
    executed = [one for one in planned if one.kind in ("valid", "unclear")]
    gone = sum(1 for one in planned if one.kind == "gone")
    truth = {
        "orders": ORDERS - 30,
        "orders_not_genuine": 30,
        "c1": len({url for one in executed for url in one.urls}),
        "c1_orders": len(executed),
        "c3": gone,
        "c3_insufficient_information": gone,
        "e_scrutiny": SCRUTINISED,
        "e_infringement": len(given_back),
        "e_no_infringement": SCRUTINISED - len(given_back),
        "f": len(given_back),
        "f_infringement": len(given_back),
        "after_notices": NOTICES - len(KEPT) + 1,  # one that was kept, until its notifier objected
        "dsa20": len(OBJECTED),
        "dsa20_upheld": 2,
        "dsa20_partial": 1,
        "dsa20_reversed": 3,
        "g_dsa20": 2,
    }
    # The night is virtual and the ledger's clock is not: the period holds both.
    days = sorted((night.start.date(), night.at.date(), now().date()))
    period = Period(days[0], days[-1])
    report = compute("tco", period)
    found = {one.line.id: one.value for one in report.figures}
    assert {name: value for name, value in found.items() if value} == truth  # late ones: none
    assert all(len(set(one.rows)) == len(one.rows) for one in report.figures)

    part = next(one for one in compute("dsa", period).tables if one.name == "part-3-member-states-orders")
    total = next(row for row in part.rows if row[3] == row[5] == "TOTAL")
    state = next(row for row in part.rows if row[3] == "TOTAL" and row[5] == "FR")
    assert total[6] == state[6] == str(ORDERS - 30)
    notices = next(one for one in compute("dsa", period).tables if one.name == "part-4-notices")
    assert notices.rows[0][5:9] == (str(NOTICES), "0", str(NOTICES), "0")
    assert notices.rows[0][11] == str(NOTICES - len(KEPT) + 1)  # actions on the basis of the law
    effects = [
        one.measure_at - one.received_at for one in Order.objects.exclude(measure_at=None) if one.measure_at
    ]
    assert total[9] == median_hours(effects)


def _check_end(order: Order, planned: Planned) -> None:
    due_at = clocks.removal_due_at(order.clock_started_at)
    answers = list(order.answers.all())
    match planned.kind:
        case "forged":
            assert order.stage == Stage.NOT_GENUINE
            assert all(one.evidence for one in order.intakes.all())
            assert not OrderItem.objects.filter(order=order, delivery_key__gt="").exists()
        case "gone":
            assert order.stage == Stage.CLARIFICATION
            assert [one.kind for one in answers] == ["annex_iii"]
            assert answers[0].sent_at is not None
            assert answers[0].sent_at <= due_at
        case kind:
            assert (order.stage, order.access) == (Stage.EXECUTED, "taken")
            assert order.measure_at is not None
            assert order.measure_at <= due_at
            expected = ["annex_iii", "annex_ii"] if kind == "unclear" else ["annex_ii"]
            assert [one.kind for one in answers] == expected
            assert all(one.sent_at is not None for one in answers)
            assert answers[-1].sent_at is not None
            assert answers[-1].sent_at <= due_at
