"""Complaints through the private link, the API, the console and the command line."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from api_calls import ApiCaller, person, service, with_own_token
from command_line import done, run
from complaint_world import REMOVE, REPLY, WHY, complain, link, settle, stranger
from domain import Domain, make_domain
from redress_world import open_case
from vigie.flows.decision import decide
from vigie.foundation.clock import now
from vigie.people.models import PublicTry, User
from vigie.redress.models import Complaint, Statement

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def domain(database: str) -> Domain:
    """A database with one confirmed entry."""
    made = make_domain()
    made.bank_confirmed(1)
    return made


@pytest.fixture
def carl(domain: Domain) -> User:
    """A third person, who took no decision."""
    return person("carl", "reviewer")


def test_the_link_opens_the_statement_takes_a_complaint_and_shows_the_answer(
    domain: Domain, carl: User
) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    browser = stranger()
    page = browser.get(link())
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"].startswith("noindex")
    assert "Statement of reasons S-000001" in page.content.decode()
    assert domain.anna.username not in page.content.decode()
    sent = browser.post(link(), {"text": WHY})
    assert (sent.status_code, sent["Location"]) == (302, link())
    assert "CP-000001" in browser.get(link()).content.decode()
    assert browser.post(link(), {"text": WHY}).status_code == 409
    settle(Complaint.objects.get(), carl, "upheld")
    assert REPLY in browser.get(link()).content.decode()


def test_the_page_speaks_the_language_of_the_statement_and_then_the_readers(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    Statement.objects.update(language="fr")
    assert "Pourquoi cela a été décidé" in stranger().get(link()).content.decode()
    browser = stranger()
    browser.cookies["django_language"] = "en"
    assert "Why this was decided" in browser.get(link()).content.decode()


def test_wrong_links_look_alike_and_are_counted(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    for wrong in ("a" * 43, "short", "a" * 500):
        assert stranger().get(f"/complaint/{wrong}").status_code == 404
    assert PublicTry.objects.get().count == 3
    assert "127.0.0.1" not in str(PublicTry.objects.values().get())
    monkeypatch.setattr("vigie.console.views.public_complaint.OPENED_PER_HOUR_MAX", 4)
    assert stranger().get(link()).status_code == 200
    assert stranger().get(link()).status_code == 429


def test_a_complaint_needs_words_and_keeps_what_was_typed(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    assert stranger().post(link(), {"text": "x"}).status_code == 422
    long = stranger().post(link(), {"text": "<b>heron</b>" + "x" * 10_000})
    assert long.status_code == 422
    assert "&lt;b&gt;heron" in long.content.decode()
    assert not Complaint.objects.exists()


def test_a_platform_complains_for_its_user_and_sees_the_answer_but_not_the_words(
    domain: Domain, carl: User
) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    forum: ApiCaller = service("content:write", platform="forum")
    elsewhere = service("content:write", platform="elsewhere")
    body = {"statement": "S-000001", "text": WHY}
    assert elsewhere.post("/complaints", body).status_code == 404
    made = forum.post("/complaints", body)
    assert made.status_code == 201
    assert made.json()["text"] is None
    assert forum.post("/complaints", body).status_code == 409
    number = made.json()["number"]
    assert elsewhere.get(f"/complaints/{number}").status_code == 404
    reviewer = with_own_token(carl)
    assert reviewer.get(f"/complaints/{number}").json()["text"] == WHY
    assert with_own_token(person("olga", "auditor")).get(f"/complaints/{number}").json()["text"] is None
    assert (
        reviewer.post(f"/complaints/{number}/outcome", {"outcome": "upheld", "reply": REPLY}).status_code
        == 409
    )
    assert reviewer.post(f"/complaints/{number}/assign").json()["state"] == "assigned"
    decided = reviewer.post(f"/complaints/{number}/outcome", {"outcome": "reversed", "reply": REPLY}).json()
    assert (decided["state"], decided["revision"]) == ("reversed", "D-000002")
    assert [one["kind"] for one in decided["restitutions"]] == ["content"]
    assert forum.post(f"/complaints/{number}/informed").json()["state"] == "informed"
    assert forum.post(f"/complaints/{number}/informed").json()["state"] == "informed"
    assert forum.get("/complaints").json()["items"] == []
    assert forum.get("/complaints", state="decided").json()["items"][0]["reply"] == REPLY


def test_a_complaint_about_what_is_withheld_finds_nothing(domain: Domain) -> None:
    draft = replace(REMOVE, withheld_until=now() + timedelta(weeks=6))
    decide(open_case(domain), draft, user=domain.anna)
    assert stranger().get(link()).status_code == 404
    forum = service("content:write", platform="forum")
    assert forum.post("/complaints", {"statement": "S-000001", "text": WHY}).status_code == 404


def test_the_console_takes_decides_and_lists(domain: Domain, carl: User) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    number = complain().number
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(carl, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert number in browser.get("/complaints/").content.decode()
    assert WHY in browser.get(f"/complaints/{number}").content.decode()
    browser.post(f"/complaints/{number}/take")
    refused = browser.post(f"/complaints/{number}/decide", {"outcome": "reversed", "reply": "no"})
    assert refused.status_code == 422
    browser.post(f"/complaints/{number}/decide", {"outcome": "reversed", "reply": REPLY})
    assert Complaint.objects.get().outcome == "reversed"
    assert "given back" in browser.get(f"/complaints/{number}").content.decode()
    assert number in browser.get("/complaints/?state=decided").content.decode()
    assert number not in browser.get("/complaints/").content.decode()


def test_the_command_line_takes_and_decides(domain: Domain, carl: User) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    assert done("complaint", "add", "S-000001", "--text", WHY)["state"] == "received"
    assert run("complaint", "decide", "CP-000001", "upheld", "--reply", REPLY, "--by", "anna").exit_code == 1
    decided = done("complaint", "decide", "CP-000001", "reversed", "--reply", REPLY, "--by", "carl")
    assert (decided["outcome"], decided["revision"]) == ("reversed", "D-000002")
    shown = run("complaint", "show", "CP-000001").output
    assert WHY in shown
    assert "forum/p1: asked" in shown
    assert done("complaint", "list")["complaints"] == []
    assert len(done("complaint", "list", "--all")["complaints"]) == 1
