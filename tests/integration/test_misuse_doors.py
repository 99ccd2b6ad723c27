"""Misuse through the API, the console and the command line; and what none of them tells."""

import pytest

from api_calls import person, service, with_own_token
from command_line import done, run
from domain import Domain
from misuse_world import (
    KEEP,
    REMOVE,
    complain,
    console_of,
    domain,
    earlier,
    low_limits,
    remove_illegal,
    report,
    suspended_account,
    suspended_complainant,
)
from redress_world import deliver_everything, open_case
from vigie.flows.decision import decide
from vigie.ledger.models import LedgerEntry
from vigie.misuse.models import MisuseRecord
from vigie.redress.models import Statement

__all__ = ["domain", "low_limits"]  # fixtures

pytestmark = pytest.mark.usefixtures("database", "low_limits")


def test_the_api_shows_what_counts_and_takes_every_step(domain: Domain) -> None:
    anna, forum = with_own_token(domain.anna), service("cases:read", platform="forum")
    for place in range(2):
        case = open_case(domain, f"p{place}")
        assert anna.post(f"/cases/{case}/manifestly-illegal").status_code == 409
        decide(case, REMOVE, user=domain.anna)
        anna.post(f"/cases/{case}/manifestly-illegal")
    found = anna.get("/misuse/M-000001").json()
    number = found["number"]
    assert (found["counted"], found["total"], found["step"], found["stage"]) == (2, 2, "warn", "watched")
    assert found["findings"][0]["about"] == "forum/p1"
    assert anna.post(f"/misuse/{number}/suspend", {}).status_code == 409
    assert anna.post(f"/misuse/{number}/warn", {"gravity": "grave"}).json()["stage"] == "warned"
    assert anna.post(f"/misuse/{number}/take-warning-back").json()["stage"] == "watched"
    anna.post(f"/misuse/{number}/warn", {})
    earlier(MisuseRecord.objects.get(), days=1)
    remove_illegal(domain, "p3")
    assert anna.post(f"/misuse/{number}/suspend", {}).status_code == 422
    assert anna.post(f"/misuse/{number}/suspend", {"days": 0}).status_code == 422
    body = {"gravity": "It calls to violence.", "intention": "It went on.", "days": 7}
    suspended = anna.post(f"/misuse/{number}/suspend", body).json()
    assert (suspended["stage"], suspended["step"]) == ("suspended", "nothing")
    statement = anna.get("/statements").json()["items"][0]
    assert (statement["action"], statement["decision"]) == ("suspend_account", None)
    assert (statement["suspension"], statement["ends_at"]) == (
        suspended["steps"][0]["number"],
        suspended["suspended_until"],
    )
    assert [one["number"] for one in anna.get("/misuse", stage="suspended").json()["items"]] == [number]
    assert anna.get("/misuse", kind="notifier").json()["items"] == []
    assert forum.get(f"/misuse/{number}").json()["account"] == "u-1"
    assert service("cases:read", platform="lake").get(f"/misuse/{number}").status_code == 404
    assert anna.post(f"/misuse/{number}/lift").json()["steps"][0]["end"] == "lifted"
    withdrawn = anna.post(f"/misuse/{number}/withdraw", {"about": "forum/p1"}).json()
    assert withdrawn["counted"] == 2
    assert anna.post(f"/misuse/{number}/withdraw", {"about": "forum/p1"}).status_code == 404


def test_the_api_sets_complaints_aside_in_words_and_takes_them_up(domain: Domain) -> None:
    ben = with_own_token(domain.ben)
    first = complain(domain, "d-1", author="u-2")
    ben.post(f"/complaints/{first.number}/assign")
    outcome = {"outcome": "upheld", "reply": "Nothing has changed.", "manifestly_unfounded": True}
    assert ben.post(f"/complaints/{first.number}/outcome", outcome).json()["unfounded"]
    suspended_complainant(domain)
    aside = complain(domain, "c-9")
    shown = ben.get("/complaints", state="set_aside").json()["items"]
    assert [(one["number"], one["state"]) for one in shown] == [(aside.number, "set_aside")]
    assert shown[0]["set_aside_until"]
    assert ben.get("/complaints").json()["items"] == []
    assert ben.post(f"/complaints/{aside.number}/take-up").json()["state"] == "received"
    assert ben.post(f"/complaints/{aside.number}/take-up").status_code == 409


def test_the_console_has_one_place_for_all_three_and_says_when_it_is_empty(domain: Domain) -> None:
    browser = console_of(domain.anna)
    assert "Nothing counts for anybody" in browser.get("/misuse/").content.decode()
    case = open_case(domain, "p1")
    decide(case, REMOVE, user=domain.anna)
    assert "It is manifestly illegal" in browser.get(f"/cases/{case}").content.decode()
    browser.post(f"/cases/{case}/manifestly-illegal")
    assert "found manifestly illegal" in browser.get(f"/cases/{case}").content.decode()
    remove_illegal(domain, "p2")
    page = browser.get("/misuse/M-000001").content.decode()
    assert "forum/p1" in page
    browser.post("/misuse/M-000001/act", {"act": "warn"})
    assert "M-000001" in browser.get("/misuse/?stage=warned").content.decode()
    earlier(MisuseRecord.objects.get(), days=1)
    remove_illegal(domain, "p3")
    refused = browser.post("/misuse/M-000001/act", {"act": "suspend", "gravity": "It is grave.", "days": "9"})
    assert refused.status_code == 422
    assert "It is grave." in refused.content.decode(), "what was typed is kept"
    form = {"act": "suspend", "gravity": "It is grave.", "intention": "It went on.", "days": "9"}
    assert browser.post("/misuse/M-000001/act", {**form, "days": "x"}).status_code == 422
    assert browser.post("/misuse/M-000001/act", form).status_code == 302
    statement = Statement.objects.get(suspension__isnull=False)
    assert "M-000001" in browser.get(f"/statements/{statement.number}").content.decode()
    browser.post("/misuse/M-000001/act", {"act": "lift"})
    browser.post("/misuse/M-000001/act", {"act": "withdraw", "about": "forum/p1"})
    page = browser.get("/misuse/M-000001").content.decode()
    assert "lifted by a person" in page
    assert "counts no more: taken back by a person" in page
    browser.post("/misuse/M-000001/act", {"act": "take_warning_back"})
    assert MisuseRecord.objects.get().stage == "watched"
    assert browser.post("/misuse/M-000001/act", {"act": "nothing"}).status_code == 422
    assert (
        console_of(person("olga", "auditor")).post("/misuse/M-000001/act", {"act": "warn"}).status_code == 403
    )


def test_the_command_line_takes_every_step(domain: Domain) -> None:
    for place in range(2):
        case = open_case(domain, f"p{place}")
        decide(case, REMOVE, user=domain.anna)
        done("misuse", "find", case, "--by", "anna")
    shown = done("misuse", "show", "M-000001")
    assert (shown["number"], shown["step"]) == ("M-000001", "warn")
    assert done("misuse", "warn", "M-000001", "--by", "anna")["stage"] == "warned"
    assert run("misuse", "suspend", "M-000001", "--by", "anna").exit_code == 1
    done("misuse", "take-warning-back", "M-000001", "--by", "anna")
    done("misuse", "warn", "M-000001", "--by", "anna")
    earlier(MisuseRecord.objects.get(), days=1)
    remove_illegal(domain, "p3")
    weighed = ("--gravity", "It is grave.", "--intention", "It went on.", "--days", "5")
    assert done("misuse", "suspend", "M-000001", *weighed, "--by", "anna")["suspended_until"]
    assert [one["number"] for one in done("misuse", "list", "--stage", "suspended")["records"]] == [
        "M-000001"
    ]
    assert done("misuse", "lift", "M-000001", "--by", "anna")["stage"] == "warned"
    assert done("misuse", "withdraw", "M-000001", "forum/p1", "--by", "anna")["counted"] == 2
    told = run("misuse", "show", "M-000001").output
    assert "suspension" in told
    assert "forum/p3" in told
    notice = report(1)
    assert notice.case is not None
    decide(notice.case.number, KEEP, user=domain.anna)
    assert done("misuse", "find", notice.number, "--by", "anna")["kind"] == "notifier"


def test_no_letter_of_misuse_and_no_row_of_the_ledger_names_a_reviewer_or_an_account(domain: Domain) -> None:
    suspended_account(domain, author="u-secret")
    rows = LedgerEntry.objects.filter(event__startswith="misuse.")
    assert "u-secret" not in str(list(rows.values_list("facts", "subject")))
    for message in deliver_everything():
        assert "anna" not in str(message.get("letter", {}).get("text"))
