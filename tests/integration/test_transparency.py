"""Statements on their way to the Transparency Database, against an emulator: a real server that checks what it gets."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from api_calls import person, with_own_token
from command_line import done, run
from domain import Domain, make_domain
from pictures import as_bytes, picture
from redress_world import open_case
from transparency_emulator import TOKEN, TransparencyEmulator
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Content
from vigie.flows.decision import decide
from vigie.flows.informing import release_withheld
from vigie.foundation.clock import now
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import current
from vigie.ledger.models import LedgerEntry
from vigie.redress.models import Statement, Submission
from vigie.redress.transparency.service import BATCH_MAX, queue_statement, submit_due

REMOVE = DecisionDraft(
    "remove", "the internal reason", legal_type="c", exemption="none", words_for_author="Words to u-1."
)


@pytest.fixture
def database_of_eu() -> Iterator[TransparencyEmulator]:
    emulator = TransparencyEmulator()
    yield emulator
    emulator.close()


@pytest.fixture
def domain(database: str, database_of_eu: TransparencyEmulator, monkeypatch: pytest.MonkeyPatch) -> Domain:
    """A database with one confirmed entry, and the Transparency Database switched on."""
    monkeypatch.setenv("VIGIE_TRANSPARENCY_URL", database_of_eu.url + "/")
    monkeypatch.setenv("VIGIE_TRANSPARENCY_TOKEN", TOKEN)
    current.cache_clear()
    made = make_domain()
    made.bank_confirmed(1)
    return made


def submit() -> int:
    """What the worker does; waits of earlier attempts count as over."""
    Submission.objects.filter(state="pending").update(next_attempt_at=now())
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
    return submit_due(door=door, settings=current(), at=now())


def states() -> dict[str, int]:
    """How many submissions are in each state."""
    rows = list(Submission.objects.values_list("state", flat=True))
    return {state: rows.count(state) for state in sorted(set(rows))}


def queue_many(domain: Domain, count: int) -> list[Submission]:
    """Submissions of `count` statements that are alike."""
    if not Statement.objects.exists():
        decide(open_case(domain), REMOVE, user=domain.anna)
    first = Statement.objects.order_by("id")[0]
    for at in range(count - Submission.objects.count()):
        copy = Statement.objects.get(pk=first.pk)
        copy.pk, copy.decision, copy.link_hash = None, None, bytes([at]) * 32
        copy.save()
        queue_statement(copy, settings=current())
    return list(Submission.objects.order_by("id"))


def failing(status: int, body: object = "", **headers: str) -> Callable[[object], bool]:
    """A fault that answers once like this."""

    def fault(handler: object) -> bool:
        handler.answer(status, body, **headers)  # type: ignore[attr-defined]
        return True

    return fault


def test_a_decision_arrives_without_anything_personal(
    domain: Domain, database_of_eu: TransparencyEmulator
) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    assert submit() == 1
    [kept] = database_of_eu.kept.values()
    content = Content.objects.get()
    for personal in (
        content.external_id,
        content.url,
        content.author_id,
        content.author_key,
        "the internal reason",
        "Words to",
        domain.anna.username,
        "C-000001",
        "S-000001",
    ):
        assert str(personal) not in str(kept)
    one = Submission.objects.get()
    assert (one.state, one.database_uuid) == ("accepted", kept["uuid"])
    assert LedgerEntry.objects.get(event="redress.submission_accepted.v1").facts["puid"] == one.puid
    assert submit() == 0


def test_many_go_in_batches_of_a_hundred(domain: Domain, database_of_eu: TransparencyEmulator) -> None:
    queue_many(domain, BATCH_MAX + 20)
    assert [submit(), submit(), submit()] == [BATCH_MAX, 20, 0]
    assert states() == {"accepted": BATCH_MAX + 20}
    assert [call for call, _ in database_of_eu.calls] == ["POST /api/v1/statements"] * 2


def test_a_mistake_in_one_does_not_hold_up_the_others(
    domain: Domain, database_of_eu: TransparencyEmulator
) -> None:
    many = queue_many(domain, 5)
    many[3].record["category"] = "NO_SUCH_CATEGORY"
    many[3].save()
    submit()
    assert states() == {"dead": 1, "pending": 4}
    submit()
    assert states() == {"accepted": 4, "dead": 1}
    dead = Submission.objects.get(state="dead")
    assert dead.pk == many[3].pk
    assert "category" in dead.last_error
    assert LedgerEntry.objects.filter(event="redress.submission_given_up.v1").count() == 1


def test_when_it_is_not_said_whose_mistake_it_is_each_goes_alone(
    domain: Domain, database_of_eu: TransparencyEmulator
) -> None:
    many = queue_many(domain, 3)
    many[1].record["automated_detection"] = "perhaps"
    many[1].save()
    database_of_eu.faults = [failing(422, {"message": "something is wrong"})]
    submit()
    assert states() == {"accepted": 2, "dead": 1}


def test_an_answer_that_was_lost_makes_no_second_statement(
    domain: Domain, database_of_eu: TransparencyEmulator
) -> None:
    many = queue_many(domain, 4)
    taken = many[2]
    # The database took it in an earlier attempt whose answer never came.
    database_of_eu.kept[taken.puid] = dict(taken.record)
    submit()
    taken.refresh_from_db()
    assert taken.state == "accepted"
    assert ("GET /api/v1/statement/existing-puid/" + taken.puid, 302) in database_of_eu.calls
    submit()
    assert states() == {"accepted": 4}
    assert len(database_of_eu.kept) == 4


def test_a_duplicate_alone_is_looked_up_too(domain: Domain, database_of_eu: TransparencyEmulator) -> None:
    [one] = queue_many(domain, 1)
    database_of_eu.kept[one.puid] = dict(one.record)
    submit()
    assert states() == {"accepted": 1}


def test_a_duplicate_that_is_not_there_is_tried_again(
    domain: Domain, database_of_eu: TransparencyEmulator
) -> None:
    [one] = queue_many(domain, 1)
    database_of_eu.faults = [failing(422, {"errors": {"existing_puids": [one.puid]}})]
    submit()
    one.refresh_from_db()
    assert (one.state, one.last_error) == ("pending", "duplicate_not_found")
    submit()
    assert states() == {"accepted": 1}


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (429, "Too Many Attempts.", "rate_limited"),
        (401, {"message": "Unauthenticated."}, "unauthorised"),
        (500, "<html>", "http_500"),
        (200, {}, "http_200"),
        (302, "", "http_302"),
    ],
)
def test_anything_but_201_is_tried_again_later(
    status: int, body: object, reason: str, domain: Domain, database_of_eu: TransparencyEmulator
) -> None:
    queue_many(domain, 2)
    database_of_eu.faults = [failing(status, body)]
    before = now()
    submit()
    assert states() == {"pending": 2}
    one = Submission.objects.order_by("id")[0]
    assert (one.last_error, one.attempts) == (reason, 1)
    assert one.next_attempt_at > before + timedelta(seconds=3)
    submit()
    assert states() == {"accepted": 2}


def test_after_three_days_it_is_a_dead_letter_that_a_person_sends_again(
    domain: Domain, database_of_eu: TransparencyEmulator
) -> None:
    queue_many(domain, 1)
    database_of_eu.faults = [failing(500)]
    Submission.objects.update(first_attempt_at=now() - timedelta(hours=73), attempts=40)
    submit()
    assert states() == {"dead": 1}
    ben = with_own_token(domain.ben)
    listed = ben.get("/submissions").json()
    assert (listed["on"], listed["items"][0]["last_error"]) == (True, "http_500")
    assert with_own_token(domain.anna).post("/submissions/S-000001/replay").status_code == 403
    assert ben.post("/submissions/S-000001/replay").json()["state"] == "pending"
    assert ben.post("/submissions/S-000001/replay").status_code == 409
    submit()
    assert states() == {"accepted": 1}
    assert ben.get("/submissions", state="accepted").json()["items"][0]["attempts"] == 1


def test_nobody_answers_and_nothing_is_lost(domain: Domain, database_of_eu: TransparencyEmulator) -> None:
    queue_many(domain, 1)
    database_of_eu.close()
    submit()
    one = Submission.objects.get()
    assert (one.state, one.last_error) == ("pending", "unreachable")


def test_two_workers_do_not_send_the_same(domain: Domain) -> None:
    queue_many(domain, 3)
    Submission.objects.update(leased_until=now() + timedelta(seconds=60))
    assert submit() == 0
    Submission.objects.update(leased_until=now() - timedelta(seconds=1))
    assert submit() == 3


def test_a_rules_own_removal_goes_there_as_fully_automated(
    domain: Domain, database_of_eu: TransparencyEmulator
) -> None:
    domain.ask("p1", as_bytes(picture(1)))
    submit()
    [kept] = database_of_eu.kept.values()
    assert kept["automated_decision"] == "AUTOMATED_DECISION_FULLY"


def test_what_is_withheld_and_what_was_ordered_does_not_go_there(domain: Domain) -> None:
    until = now() + timedelta(weeks=6)
    secret = DecisionDraft("remove", "x-x", legal_type="a", exemption="none", withheld_until=until)
    decide(open_case(domain, "p1"), secret, user=domain.anna)
    ordered = DecisionDraft("remove", "x-x", legal_type="a", exemption="none", cause="order")
    decide(open_case(domain, "p2"), ordered, user=domain.anna)
    assert not Submission.objects.exists()
    Statement.objects.update(withheld_until=now() - timedelta(seconds=1))
    release_withheld(at=now(), settings=current())
    release_withheld(at=now(), settings=current())
    assert Submission.objects.count() == 1


def test_it_is_off_until_it_is_switched_on(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIGIE_TRANSPARENCY_TOKEN")
    current.cache_clear()
    decide(open_case(domain), REMOVE, user=domain.anna)
    assert not Submission.objects.exists()
    assert submit() == 0
    assert with_own_token(person("olga", "auditor")).get("/submissions").json()["on"] is False
    assert "Off" in run("submission", "list").output


def test_the_command_line_lists_and_replays(domain: Domain) -> None:
    queue_many(domain, 1)
    Submission.objects.update(state="dead", last_error="category: is wrong")
    [listed] = done("submission", "list", "--state", "dead")["submissions"]
    assert (listed["statement"], listed["last_error"]) == ("S-000001", "category: is wrong")
    assert done("submission", "replay", "S-000001")["submissions"][0]["state"] == "pending"
    assert run("submission", "replay", "S-000001").exit_code == 1
