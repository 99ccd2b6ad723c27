"""The pages of the queue, a case and the account over the real database, without a browser."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from domain import Domain, make_domain
from pictures import as_bytes, picture
from vigie.banks.models import Entry
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Case, Decision
from vigie.cases.service import find_case, lock_case, release_case
from vigie.flows.decision import decide
from vigie.foundation.settings import current
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.people.models import Token, User

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def domain() -> Domain:
    """A bank with one confirmed picture, a platform and two people."""
    made = make_domain()
    made.bank_confirmed(1)
    return made


def browser_of(user: User) -> Client:
    """A signed-in browser."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def held_case(domain: Domain, external_id: str = "post-1", *, text: str = "The heron flies.") -> Case:
    """A case about a near copy of the banked picture."""
    small = as_bytes(picture(1).resize((320, 240)), "JPEG", quality=60)
    return find_case(domain.ask(external_id, small, text=text)["case"])


def filled(**changes: str) -> dict[str, str]:
    """A complete decision form."""
    form = {
        "action": "remove",
        "legal_type": "a",
        "exemption": "none",
        "reason": "The same picture.",
        "idempotency_key": "key-1",
    }
    return {**form, **changes}


def readings(case: Case) -> list[Any]:
    """What the ledger says was read of a case."""
    return list(LedgerEntry.objects.filter(event="evidence.read.v1", subject=f"case:{case.number}"))


def test_a_stranger_gets_the_sign_in_page_and_learns_nothing(domain: Domain) -> None:
    case = held_case(domain)

    for path in ("/", f"/cases/{case.number}", "/cases/C-999999", "/account/"):
        answer = Client(SERVER_NAME="127.0.0.1").get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_opening_a_case_takes_the_lock_and_notes_one_reading(domain: Domain) -> None:
    case = held_case(domain)

    page = browser_of(domain.anna).get(f"/cases/{case.number}")

    assert page.status_code == 200
    assert "The heron flies." in page.content.decode()
    case.refresh_from_db()
    assert case.locked_by_id == domain.anna.pk
    (reading,) = readings(case)
    assert reading.actor == f"person:{domain.anna.pk}"
    assert reading.facts["purpose"] == f"review of case {case.number}"


def test_looking_ahead_takes_no_lock_and_reads_nothing(domain: Domain) -> None:
    case = held_case(domain)

    browser_of(domain.anna).get(f"/cases/{case.number}", headers={"Sec-Purpose": "prefetch;prerender"})

    case.refresh_from_db()
    assert case.locked_by_id is None
    assert readings(case) == []


def test_somebody_else_can_read_about_the_case_but_gets_neither_text_nor_form(domain: Domain) -> None:
    case = held_case(domain)
    lock_case(case.number, user=domain.anna, settings=current())

    page = browser_of(domain.ben).get(f"/cases/{case.number}").content.decode()

    assert "anna is working on this case." in page
    assert "The heron flies." not in page
    assert 'id="decision"' not in page
    assert readings(case) == []


def test_an_auditor_reads_the_text_only_with_a_purpose(domain: Domain) -> None:
    case = held_case(domain)
    auditor = User.objects.create(username="audrey", role="auditor")
    client = browser_of(auditor)

    assert "The heron flies." not in client.get(f"/cases/{case.number}").content.decode()
    refused = client.post(f"/cases/{case.number}/text", {"purpose": " "}, headers={"HX-Request": "true"})
    assert "The heron flies." not in refused.content.decode()
    read = client.post(
        f"/cases/{case.number}/text", {"purpose": "yearly audit"}, headers={"HX-Request": "true"}
    )

    assert "The heron flies." in read.content.decode()
    assert [one.facts["purpose"] for one in readings(case)] == ["yearly audit"]


def test_an_auditor_decides_nothing(domain: Domain) -> None:
    case = held_case(domain)
    client = browser_of(User.objects.create(username="audrey", role="auditor"))

    for action in ("decide", "undo", "lock", "hand-back", "bank"):
        assert client.post(f"/cases/{case.number}/{action}", filled()).status_code == 403
    assert client.post("/queue/next").status_code == 403
    assert Decision.objects.count() == 0


def test_a_decision_is_taken_once_however_often_it_is_sent(domain: Domain) -> None:
    case = held_case(domain)
    client = browser_of(domain.anna)
    client.get(f"/cases/{case.number}")

    answers = [client.post(f"/cases/{case.number}/decide", filled()) for _ in range(3)]

    assert [one.status_code for one in answers] == [302, 302, 302]
    assert Decision.objects.filter(case=case).count() == 1
    assert OutboxMessage.objects.filter(payload__case=case.number).count() == 1


def test_an_incomplete_decision_keeps_what_was_typed_and_says_what_is_missing(domain: Domain) -> None:
    case = held_case(domain)
    client = browser_of(domain.anna)
    client.get(f"/cases/{case.number}")

    whole = client.post(f"/cases/{case.number}/decide", filled(legal_type=""))
    part = client.post(
        f"/cases/{case.number}/decide", filled(exemption="art"), headers={"HX-Request": "true"}
    )

    assert whole.status_code == 422
    assert "A removal needs a legal type." in whole.content.decode()
    assert "The same picture." in whole.content.decode()
    assert 'value="key-1"' in whole.content.decode()
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert "Say in words what the content is really for." in part.content.decode()
    assert Decision.objects.count() == 0


def test_after_a_decision_the_next_case_comes_when_wished(domain: Domain) -> None:
    first, second = held_case(domain, "post-1"), held_case(domain, "post-2", text="Again.")
    client = browser_of(domain.anna)
    client.get(f"/cases/{first.number}")

    answer = client.post(f"/cases/{first.number}/decide", filled(go_on="1"))

    assert answer["Location"] == f"/cases/{second.number}"
    second.refresh_from_db()
    assert second.locked_by_id == domain.anna.pk


def test_undoing_opens_the_case_and_tells_the_platform(domain: Domain) -> None:
    case = held_case(domain)
    client = browser_of(domain.anna)
    draft = DecisionDraft("remove", "The same picture.", legal_type="a", exemption="none")
    decide(case.number, draft, user=domain.anna)

    answer = client.post(f"/cases/{case.number}/undo", {"reason": "wrong button"})

    assert answer["Location"] == f"/cases/{case.number}"
    case.refresh_from_db()
    assert case.state == "open"
    newest = OutboxMessage.objects.filter(payload__case=case.number).order_by("-id")[0]
    assert newest.payload["measures"] == ["hide_content"]


def test_two_people_who_take_the_next_case_get_different_ones(domain: Domain) -> None:
    held_case(domain, "post-1")
    held_case(domain, "post-2", text="Again.")

    taken = {browser_of(user).post("/queue/next")["Location"] for user in (domain.anna, domain.ben)}

    assert len(taken) == 2


def test_a_case_handed_back_is_free_for_others(domain: Domain) -> None:
    case = held_case(domain)
    client = browser_of(domain.anna)
    client.get(f"/cases/{case.number}")

    client.post(f"/cases/{case.number}/hand-back")

    assert browser_of(domain.ben).post("/queue/next")["Location"] == f"/cases/{case.number}"


def test_the_queue_shows_who_works_on_what_and_filters(domain: Domain) -> None:
    held_case(domain, "post-1")
    copy = find_case(domain.ask("post-2", as_bytes(picture(1)), author="u-2")["case"])
    lock_case(copy.number, user=domain.ben, settings=current())
    client = browser_of(domain.anna)

    everything = client.get("/").content.decode()
    removed = client.get("/", {"verdict": "remove"}).content.decode()
    free = client.get("/", {"locked": "free"}).content.decode()

    assert "ben is working on it" in everything
    assert "Removed by rule" in everything
    assert copy.number in removed
    assert "1 case" in removed
    assert copy.number not in free
    release_case(copy.number, user=domain.ben)
    assert copy.number in client.get("/", {"locked": "free", "search": "u-2"}).content.decode()


def test_an_empty_queue_says_what_to_do() -> None:
    admin = User.objects.create(username="ada", role="administrator")

    assert "Connect a platform" in browser_of(admin).get("/").content.decode()


def test_a_clear_picture_needs_a_post_with_a_purpose_and_is_never_stored_by_the_browser(
    domain: Domain,
) -> None:
    case = held_case(domain)
    medium = case.media.get()
    client = browser_of(domain.anna)

    assert client.get(f"/pictures/{medium.original}/clear").status_code == 405
    assert client.post(f"/pictures/{medium.original}/clear", {"purpose": ""}).status_code == 422
    assert client.get(f"/pictures/{medium.original}/preview").status_code == 403
    assert readings(case) == []
    shown = client.post(f"/pictures/{medium.original}/clear", {"purpose": "review"})

    assert shown["Content-Type"] == "image/png"
    assert shown["Cache-Control"] == "no-store"
    assert len(readings(case)) == 1


def test_text_and_quarantined_bytes_are_never_served_as_pictures(domain: Domain) -> None:
    case = find_case(domain.ask("post-9", b"\xff\xd8\xff\xe0 broken", text="words")["case"])
    client = browser_of(domain.anna)

    for reference in (case.text, case.record, case.media.get().original):
        assert client.post(f"/pictures/{reference}/clear", {"purpose": "review"}).status_code == 403
    assert readings(case) == []


def test_a_picture_of_a_case_can_be_banked_and_marked_harmless(domain: Domain) -> None:
    case = held_case(domain)
    form = {"bank": "grey-heron", "medium": "m1", "kind": "harmless", "note": "a news photograph"}

    answer = browser_of(domain.anna).post(f"/cases/{case.number}/bank", form, headers={"HX-Request": "true"})

    assert "It is now E-" in answer.content.decode()
    added = Entry.objects.order_by("-id")[0]
    assert (added.kind, added.source_reference) == ("harmless", case.number)


def test_no_page_allows_inline_scripts_or_is_kept_by_the_browser(domain: Domain) -> None:
    case = held_case(domain)
    page = browser_of(domain.anna).get(f"/cases/{case.number}")

    policy = page["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert page["Cache-Control"] == "no-store"
    assert page["X-Frame-Options"] == "DENY"
    assert "onclick" not in page.content.decode()
    assert "style=" not in page.content.decode()


def test_links_of_content_cannot_be_followed_by_accident(domain: Domain) -> None:
    case = held_case(domain)

    page = browser_of(domain.anna).get(f"/cases/{case.number}").content.decode()

    assert "hxxp://forum[.]example/p/post-1" in page
    assert 'href="http' not in page


def test_markup_in_content_is_shown_and_not_run(domain: Domain) -> None:
    case = held_case(domain, text="<script>alert(1)</script><img src=x>")

    page = browser_of(domain.anna).get(f"/cases/{case.number}").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_page_is_in_the_language_of_its_reader_and_times_in_their_zone(domain: Domain) -> None:
    domain.anna.language, domain.anna.time_zone = "fr", "Asia/Tokyo"
    domain.anna.save()
    case = held_case(domain)

    page = browser_of(domain.anna).get(f"/cases/{case.number}").content.decode()

    assert '<html lang="fr"' in page
    assert (
        f'datetime="{case.opened_at:%Y-%m-%dT%H:%M:%SZ}" title="{case.opened_at:%Y-%m-%d %H:%M:%S} UTC"'
        in page
    )
    assert 'data-zone="Asia/Tokyo"' in page


def test_the_number_of_queries_of_the_queue_does_not_grow_with_its_cases(domain: Domain) -> None:
    client = browser_of(domain.anna)
    held_case(domain, "post-0")
    client.get("/")
    counts = []
    for round_ in (1, 2):
        with CaptureQueriesContext(connection) as seen:
            client.get("/")
        counts.append(len(seen))
        for one in range(5):
            held_case(domain, f"post-{round_}-{one}", text=f"{round_} {one}")

    assert counts[0] == counts[1]


def test_a_personal_token_is_shown_once_and_can_be_revoked(domain: Domain) -> None:
    client = browser_of(domain.anna)

    made = client.post("/account/tokens", {"name": "my script", "scopes": ["cases:read"], "days": "30"})
    (text,) = set(re.findall(r"vgt_[0-9a-f]{8}_[-\w]+", made.content.decode()))
    token = Token.objects.get(user=domain.anna)

    assert text in made.content.decode()
    assert text not in client.get("/account/").content.decode()
    assert token.expires_at is not None
    client.post(f"/account/tokens/{token.pk}/revoke")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_nobody_gives_a_token_more_than_they_may_or_revokes_anothers(domain: Domain) -> None:
    refused = browser_of(domain.anna).post("/account/tokens", {"name": "x", "scopes": ["people:write"]})
    browser_of(domain.ben).post("/account/tokens", {"name": "mine", "scopes": ["cases:read"]})
    token = Token.objects.get()

    browser_of(domain.anna).post(f"/account/tokens/{token.pk}/revoke")

    assert refused.status_code == 422
    token.refresh_from_db()
    assert token.revoked_at is None


def test_an_unknown_time_zone_is_refused_with_the_way_out(domain: Domain) -> None:
    answer = browser_of(domain.anna).post(
        "/account/preferences", {"language": "en", "time_zone": "Mars/Olympus"}
    )

    assert answer.status_code == 422
    assert "Write it like Europe/Paris." in answer.content.decode()


def test_nobody_signs_up_and_a_missing_page_tells_nothing() -> None:
    assert Client(SERVER_NAME="127.0.0.1").post("/accounts/signup/", {"username": "eve"}).status_code == 404
    assert not User.objects.filter(username="eve").exists()
    page = Client(SERVER_NAME="127.0.0.1").get("/no/such/page")
    assert page.status_code == 404
    assert "no/such" not in page.content.decode().replace('value="/no/such/page"', "")
