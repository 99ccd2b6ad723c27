"""Statements of reasons: made with the decision, told through the platform, silent where an authority says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api_calls import ApiCaller, person, service, with_own_token
from command_line import done, run
from domain import Domain, make_domain
from pictures import as_bytes, picture
from redress_world import deliver_everything, open_case
from vigie.cases.decisions import DecisionDraft
from vigie.flows.decision import decide, undo
from vigie.flows.informing import release_withheld
from vigie.foundation.clock import now
from vigie.foundation.links import link_hash, link_token
from vigie.foundation.settings import current
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.platforms.service import change_platform
from vigie.redress.models import Statement
from vigie.redress.service import statement_of_link

pytestmark = pytest.mark.usefixtures("database")
REMOVE = DecisionDraft(
    "remove", "internal reason", legal_type="c", exemption="none", words_for_author="Your second picture."
)
HIDE = DecisionDraft("hide", "not sure yet", exemption="none")
KEEP = DecisionDraft("keep", "harmless", exemption="none")


@pytest.fixture
def domain(database: str) -> Domain:
    """A database with one confirmed entry."""
    made = make_domain()
    made.bank_confirmed(1)
    return made


def test_the_statement_goes_with_the_measure_and_is_not_readable_in_the_outbox(domain: Domain) -> None:
    decision = decide(open_case(domain), REMOVE, user=domain.anna)
    statement = Statement.objects.get()
    message = OutboxMessage.objects.get()
    assert statement.decision == decision
    assert message.payload["letter"].keys() == {"kind", "number", "language", "locked"}
    assert "Your second picture." not in str(message.payload)
    assert link_token(statement.number, settings=current()) not in str(message.payload)
    assert statement.state == "sent"
    assert "Your second picture." in statement.text
    assert "internal reason" not in statement.text
    assert domain.anna.username not in statement.text


def test_arriving_and_taking_back_lock_the_ledger_before_the_statement(domain: Domain) -> None:
    decision = decide(open_case(domain), REMOVE, user=domain.anna)
    with CaptureQueriesContext(connection) as arriving:
        deliver_everything()
    with CaptureQueriesContext(connection) as taking_back:
        undo(decision.case.number, reason="a mistake", user=domain.anna, settings=current())
    for captured in (arriving, taking_back):
        locks = [one["sql"] for one in captured.captured_queries if "FOR UPDATE" in one["sql"]]
        ledger, statement = (
            next(at for at, sql in enumerate(locks) if table in sql)
            for table in ("FROM ledger_head", 'FROM "redress_statement"')
        )
        assert ledger < statement, locks


def test_the_platform_gets_the_letter_and_the_user_counts_as_informed_from_then(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    [sent] = deliver_everything()
    statement = Statement.objects.get()
    assert sent["measures"] == ["remove_content"]
    assert sent["letter"]["text"] == statement.text
    token = sent["letter"]["link"].rpartition("/")[2]
    assert statement_of_link(token, at=now()) == statement
    assert bytes(statement.link_hash) == link_hash(token)
    assert statement.informed_at is not None
    assert LedgerEntry.objects.filter(event="redress.user_informed.v1").count() == 1


def test_nothing_is_stated_for_what_restricts_nobody_and_for_orders(domain: Domain) -> None:
    decide(open_case(domain, "p1"), KEEP, user=domain.anna)
    ordered = DecisionDraft("remove", "ordered", legal_type="a", exemption="none", cause="order")
    decision = decide(open_case(domain, "p2"), ordered, user=domain.anna)
    assert decision.cause == "order"
    assert not Statement.objects.exists()
    assert all("letter" not in one.payload for one in OutboxMessage.objects.all())


def test_an_account_ban_after_an_order_is_a_decision_of_its_own_and_gets_its_statement(
    domain: Domain,
) -> None:
    ordered = DecisionDraft("remove", "ordered", legal_type="a", exemption="none", cause="order")
    decide(open_case(domain, "p1"), ordered, user=domain.anna)
    ban = DecisionDraft("remove_and_suspend", "again", legal_type="a", exemption="none")
    decide(open_case(domain, "p2"), ban, user=domain.anna)
    assert Statement.objects.get().action == "remove_and_suspend"


def test_a_rule_that_removes_alone_states_its_reasons_at_once(domain: Domain) -> None:
    answered = domain.ask("p1", as_bytes(picture(1)))
    assert answered["verdict"] == "remove"
    statement = Statement.objects.get()
    assert statement.decision is None
    assert "taken by automated means" in statement.text
    assert OutboxMessage.objects.get().topic == "platforms.letter"
    [sent] = deliver_everything()
    assert (sent["event"], sent["letter"]["kind"]) == ("letter", "statement")
    statement.refresh_from_db()
    assert statement.state == "informed"


def test_hidden_content_without_a_legal_type_is_a_matter_of_the_terms(domain: Domain) -> None:
    decide(open_case(domain), HIDE, user=domain.anna)
    text = Statement.objects.get().text
    assert "not compatible with our terms" in text
    assert "2021/784" not in text


def test_a_withheld_statement_is_told_to_nobody_until_its_time_is_over(domain: Domain) -> None:
    until = now() + timedelta(weeks=6)
    draft = DecisionDraft("remove", "x-x", legal_type="a", exemption="none", withheld_until=until)
    decide(open_case(domain), draft, user=domain.anna)
    statement = Statement.objects.get()
    assert statement.state == "withheld"
    assert "letter" not in OutboxMessage.objects.get().payload
    platform = service("content:write", platform="forum")
    assert platform.get("/statements").json()["items"] == []
    assert platform.get(f"/statements/{statement.number}").status_code == 404
    assert platform.post(f"/statements/{statement.number}/informed").status_code == 404
    assert statement_of_link(link_token(statement.number, settings=current()), at=now()) is None
    assert release_withheld(at=now(), settings=current()) == 0
    Statement.objects.update(withheld_until=now() - timedelta(seconds=1))
    assert release_withheld(at=now(), settings=current()) == 1
    assert release_withheld(at=now(), settings=current()) == 0
    assert OutboxMessage.objects.order_by("-id").values_list("topic", flat=True)[0] == "platforms.letter"


def test_taking_the_decision_back_withdraws_its_statement(domain: Domain) -> None:
    case = open_case(domain)
    decide(case, REMOVE, user=domain.anna)
    undo(case, reason="wrong", user=domain.anna, settings=current())
    assert Statement.objects.get().state == "withdrawn"
    decide(case, REMOVE, user=domain.anna)
    assert Statement.objects.count() == 2


def test_a_decision_that_fails_states_nothing(domain: Domain) -> None:
    case = open_case(domain)
    decide(case, REMOVE, user=domain.anna, idempotency_key="k")
    decide(case, REMOVE, user=domain.anna, idempotency_key="k")
    assert Statement.objects.count() == 1


def test_a_platform_without_webhooks_fetches_the_statement_and_says_when_it_told(domain: Domain) -> None:
    change_platform("forum", url="", actor=domain.adder)
    case = open_case(domain)
    decide(case, REMOVE, user=domain.anna)
    platform = service("content:write", platform="forum")
    [waiting] = platform.get("/statements", state="waiting").json()["items"]
    assert waiting["state"] == "waiting"
    assert waiting["link"].startswith(f"{current().base_url}/complaint/")
    assert waiting["complaint_until"] is None
    informed = platform.post(f"/statements/{waiting['number']}/informed").json()
    assert informed["state"] == "informed"
    assert informed["complaint_until"] > informed["informed_at"]
    assert platform.get("/statements", state="waiting").json()["items"] == []
    again = platform.post(f"/statements/{waiting['number']}/informed").json()
    assert again["informed_at"] == informed["informed_at"]


def test_staff_see_the_text_and_never_the_private_link(domain: Domain) -> None:
    case = open_case(domain)
    decide(case, REMOVE, user=domain.anna)
    number = Statement.objects.get().number
    shown: Any = with_own_token(domain.ben).get(f"/statements/{number}").json()
    assert (shown["link"], shown["decision"]) == (None, "D-000001")
    assert with_own_token(domain.ben).get(f"/cases/{case}").json()["decisions"][0]["statement"] == number
    delivery = with_own_token(domain.ben).get("/deliveries").json()["items"][0]
    assert delivery["message"]["letter"] == {"kind": "statement", "number": number, "language": "en"}
    other: ApiCaller = service("content:write", platform="elsewhere")
    assert other.get(f"/statements/{number}").status_code == 404
    assert with_own_token(person("olga", "auditor")).get("/statements").status_code == 200


def test_the_command_line_shows_what_the_user_reads(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    [listed] = done("statement", "list")["statements"]
    assert (listed["number"], listed["state"]) == ("S-000001", "sent")
    assert "Your second picture." in run("statement", "show", "S-000001").output
    assert run("statement", "show", "S-000009").exit_code == 1
