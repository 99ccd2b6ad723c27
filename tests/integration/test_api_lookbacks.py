"""Lookbacks, the archive and erasure over the API, the command line and the console."""

from collections.abc import Iterator

import pytest
from django.test import Client

from api_calls import service, with_own_token
from command_line import done, run
from domain import make_domain
from kept_uploads import Platform, bank, medium
from vigie.banks.models import Entry
from vigie.cases.models import Case
from vigie.foundation.settings import current
from vigie.ledger.models import LedgerEntry
from vigie.matching import lookbacks
from vigie.matching.models import ArchiveLoss, ContentErasure, Lookback
from vigie.people.models import User

VALUE = bytes(range(32))


@pytest.fixture
def platform(database: str) -> Iterator[Platform]:
    """An empty archive, a bank, a platform."""
    made = Platform(make_domain())
    yield made
    made.journal.stop()


@pytest.fixture
def entry(platform: Platform) -> Entry:
    """An entry near one of two uploads from before it; nobody looked back yet."""
    platform.ask("p1", medium(VALUE))
    platform.ask("a/b c", medium(bytes(32)))
    made = bank(VALUE)
    platform.learn()
    return made


def browser_of(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_lookback_is_asked_for_and_followed_over_the_api(platform: Platform, entry: Entry) -> None:
    platform.tend()
    caller = with_own_token(platform.domain.anna)
    asked = caller.post("/lookbacks", {"entries": [entry.number]})
    assert asked.status_code == 201, asked.content
    body = asked.json()
    assert (body["state"], body["entries"], body["bank"], body["percent"]) == ("running", 1, "grey-heron", 0)
    platform.tend()
    after = caller.get(f"/lookbacks/{body['number']}").json()
    assert (after["state"], after["percent"], after["cases_opened"], after["cases_joined"]) == (
        "done",
        100,
        0,
        1,
    )
    finds = caller.get(f"/lookbacks/{body['number']}/finds").json()["items"]
    assert finds == [
        {"case": Case.objects.get().number, "entry": entry.number, "distance_bits": 0, "outcome": "joined"}
    ]
    numbers = [one["number"] for one in caller.get("/lookbacks", bank="grey-heron").json()["items"]]
    assert numbers == ["L-000002", "L-000001"]
    first = caller.get("/lookbacks", limit=1).json()
    rest = caller.get("/lookbacks", limit=1, cursor=first["next"]).json()
    assert [one["number"] for one in (*first["items"], *rest["items"])] == numbers


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"entries": ["E-000001"], "bank": "grey-heron"}, 422, "invalid"),
        ({"entries": ["E-999999"]}, 404, "entry_not_found"),
        ({"entries": ["nonsense"]}, 404, "entry_not_found"),
        ({"bank": "no-such"}, 404, "bank_not_found"),
        ({"bank": "grey-heron"}, 422, "invalid"),
    ],
)
def test_a_lookback_for_nothing_is_refused(
    body: dict[str, object], status: int, code: str, platform: Platform
) -> None:
    answer = with_own_token(platform.domain.anna).post("/lookbacks", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_stopped_lookback_goes_on_when_a_person_says_so(platform: Platform, entry: Entry) -> None:
    platform.tend()
    Lookback.objects.update(state="stopped")
    caller = with_own_token(platform.domain.anna)
    assert caller.post("/lookbacks/L-000001/go-on").json()["state"] == "running"
    assert caller.post("/lookbacks/L-000001/go-on").status_code == 409


def test_a_lookback_is_cancelled_everywhere_and_once(platform: Platform, entry: Entry) -> None:
    caller = with_own_token(platform.domain.anna)
    asked = [caller.post("/lookbacks", {"entries": [entry.number]}).json()["number"] for _ in range(3)]
    Lookback.objects.filter(pk=int(asked[1][2:])).update(state="stopped")
    assert caller.post(f"/lookbacks/{asked[0]}/cancel").json()["state"] == "cancelled"
    assert done("lookback", "--cancel", asked[1])["state"] == "cancelled"
    browser = browser_of(platform.domain.anna)
    page = browser.get(f"/lookbacks/{asked[2]}").content.decode()
    assert f"/lookbacks/{asked[2]}/cancel" in page
    browser.post(f"/lookbacks/{asked[2]}/cancel")
    page = browser.get(f"/lookbacks/{asked[2]}").content.decode()
    assert "cancelled" in page
    assert "/cancel" not in page
    assert "every 1s" not in page
    assert caller.post(f"/lookbacks/{asked[0]}/cancel").json()["code"] == "lookback_ended"
    assert caller.post(f"/lookbacks/{asked[0]}/go-on").status_code == 409
    platform.tend()
    assert {one.state for one in Lookback.objects.filter(looks_at_all=True)} == {"cancelled"}
    assert LedgerEntry.objects.filter(event="matching.lookback_cancelled.v1").count() == 3


def test_a_platform_erases_its_own_content_and_no_other(platform: Platform, entry: Entry) -> None:
    own = service("content:erase", platform="forum")
    answer = own.raw("DELETE", "/content/a/b%20c")
    assert answer.status_code == 202, answer.content
    assert (answer.json()["platform"], answer.json()["cases"]) == ("forum", 0)
    assert own.raw("DELETE", "/content/p1?platform=other").status_code == 403
    assert service("content:write", platform="forum").raw("DELETE", "/content/p1").status_code == 403
    everybodys = service("content:erase")
    assert everybodys.raw("DELETE", "/content/p1").status_code == 422
    assert everybodys.raw("DELETE", "/content/p1?platform=no-such").status_code == 404
    assert everybodys.raw("DELETE", "/content/p1?platform=forum").status_code == 202
    platform.tend()
    assert Case.objects.count() == 0
    assert ContentErasure.objects.count() == 2


def test_a_case_about_an_erased_content_stays_and_is_told(platform: Platform, entry: Entry) -> None:
    platform.tend()
    answer = service("content:erase", platform="forum").raw("DELETE", "/content/p1")
    assert answer.json()["cases"] == 1
    assert Case.objects.count() == 1


def test_the_archive_is_shown_in_numbers(platform: Platform, entry: Entry) -> None:
    platform.tend()
    loss = ArchiveLoss.objects.create(journal="j", kind="uploads", count=3, at=entry.added_at)
    caller = with_own_token(platform.domain.anna)
    shown = caller.get("/archive").json()
    assert [(one["uploads"], one["signals"]) for one in shown["days"]] == [(2, 2)]
    assert shown["losses"][0]["count"] == 3
    seen = caller.post(f"/archive/losses/{loss.pk}/seen").json()
    assert seen["seen_by"] == f"person:{platform.domain.anna.pk}"


def test_the_command_line_looks_back_itself_and_shows_what_it_found(platform: Platform, entry: Entry) -> None:
    found = done("lookback", entry.number)
    assert (found["state"], found["percent"]) == ("done", 100)
    assert found["cases_opened"] + found["cases_joined"] == 1
    assert [one["entry"] for one in found["finds"]] == [entry.number]
    assert done("lookback", "--bank", "grey-heron")["cases_joined"] == 1
    assert len(done("lookback")["lookbacks"]) == 3
    assert done("lookback", "--show", "L-000001")["number"] == "L-000001"
    assert run("lookback", entry.number, "--bank", "grey-heron").exit_code == 2
    assert run("lookback", "E-999999").exit_code == 1


def test_the_command_line_erases_and_shows_the_archive(platform: Platform, entry: Entry) -> None:
    platform.tend()
    status = done("archive", "status")
    assert [(one["uploads"], one["signals"]) for one in status["days"]] == [(2, 2)]
    assert len(done("archive", "erase", "forum", "p1", "p2")["erasures"]) == 2
    assert done("archive", "status")["erasures_waiting"] == 2
    assert run("archive", "erase", "no-such", "p1").exit_code == 1


def test_the_console_shows_looks_and_erases(platform: Platform, entry: Entry) -> None:
    platform.tend()
    browser = browser_of(platform.domain.anna)
    page = browser.get(f"/banks/grey-heron/{entry.number}").content.decode()
    assert "L-000001" in page
    asked = browser.post(f"/banks/grey-heron/{entry.number}/lookback")
    assert asked.headers["Location"] == "/lookbacks/L-000002"
    assert 'hx-trigger="every 1s"' in browser.get("/lookbacks/L-000002").content.decode()
    platform.tend()
    after = browser.get("/lookbacks/L-000002", headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" not in after
    assert Case.objects.get().number in after
    assert browser.post("/banks/grey-heron/lookbacks/begin").headers["Location"] == "/lookbacks/L-000003"
    listed = browser.get("/banks/grey-heron/lookbacks").content.decode()
    assert all(number in listed for number in ("L-000001", "L-000002", "L-000003"))

    assert browser.post("/archive/erase", {"platform": "forum", "content": "p1"}).status_code == 403
    administrator = browser_of(User.objects.create(username="carla", role="administrator"))
    assert "Erase a content" in administrator.get("/archive/").content.decode()
    administrator.post("/archive/erase", {"platform": "forum", "content": "p1"})
    erasure = ContentErasure.objects.get()
    assert erasure.platform == "forum"
    assert "stays, with its sealed evidence" in administrator.get("/archive/").content.decode()


def test_what_the_archive_lost_is_an_alarm_until_somebody_saw_it(platform: Platform, entry: Entry) -> None:
    loss = ArchiveLoss.objects.create(journal="j", kind="uploads", count=3, at=entry.added_at)
    browser = browser_of(platform.domain.anna)
    assert "3 uploads could not be kept" in browser.get("/alarms/").content.decode()
    browser.post(f"/archive/losses/{loss.pk}/seen")
    assert "could not be kept" not in browser.get("/alarms/").content.decode()


def test_a_case_says_that_the_content_was_not_kept(platform: Platform, entry: Entry) -> None:
    platform.tend()
    page = browser_of(platform.domain.anna).get(f"/cases/{Case.objects.get().number}").content.decode()
    assert "only the signals of the upload were kept" in page
    assert entry.number in page


def test_where_nothing_is_kept_nothing_is_looked_for(
    platform: Platform, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_ARCHIVE_DAYS", "0")
    current.cache_clear()
    assert lookbacks.follow_new_entries(current()) is None
    refused = with_own_token(platform.domain.anna).post("/lookbacks", {"entries": [entry.number]})
    assert (refused.status_code, refused.json()["code"]) == (409, "archive_off")
