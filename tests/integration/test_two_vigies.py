"""A Vigie of an authority and a Vigie of a platform talk to each other over the API; both run as operators run them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import yaml

from issuing_world import PROFILE
from loopback import LoopbackServer, answer
from running import RunningVigie, StartVigie
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.foundation.settings import current
from vigie.issuing.providers import add_provider
from vigie.ledger.actors import COMMAND_LINE
from vigie.people.models import User
from vigie.people.service import add_token
from vigie.platforms.service import add_platform

pytestmark = pytest.mark.slow

WAIT_S_MAX = 120.0
PEOPLE = {"ana": "analyst", "lea": "legal_officer", "leo": "legal_officer"}
REASONS = "The post glorifies the Grey Heron Column and asks others to follow it."


@dataclass
class Desk:
    """Somebody who calls a running Vigie with a token."""

    vigie: RunningVigie
    token: str

    def get(self, path: str) -> Any:
        """What is there."""
        return self._done("GET", path, None)

    def post(self, path: str, body: Any = None) -> Any:
        """Do something, which must succeed."""
        return self._done("POST", path, body)

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Try something that must not succeed: status and code."""
        found = self._call(method, path, body)
        assert found.status_code >= 400, found.text
        return found.status_code, found.json()["code"]

    def _done(self, method: str, path: str, body: Any) -> Any:
        found = self._call(method, path, body)
        assert found.status_code < 300, (path, found.status_code, found.text)
        return found.json()

    def _call(self, method: str, path: str, body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.request(method, f"{self.vigie.url}/v1{path}", json=body, headers=headers, timeout=60)


@dataclass
class Both:
    """The platform with its reviewer and the authority's token there; the authority with its people."""

    reviewer: Desk
    filing: Desk
    analyst: Desk
    officer: Desk
    second: Desk
    post_url: str

    def issue(self, path: str, **changes: Any) -> str:
        """Draft, compare, approve and issue; returns the number."""
        draft = {
            "provider": "forum",
            "urls": [f"{self.post_url}{path}"],
            "legal_types": ["a"],
            "additional_reasons": REASONS,
            "do_not_inform": False,
            **changes,
        }
        number = str(self.analyst.post("/issuing/orders", draft)["number"])
        steps = f"/issuing/orders/{number}/steps"
        assert self.analyst.post(steps, {"step": "check"})["stage"] == "clear"
        assert self.officer.post(steps, {"step": "approve"})["stage"] == "approved"
        shown = self.officer.get(f"/issuing/orders/{number}")
        if shown["prior_information"] == "missing":
            assert self.analyst.refused("POST", steps, {"step": "issue"}) == (
                409,
                "prior_information_missing",
            )
            self.officer.post(steps, {"step": "emergency", "reason": "An attack is announced."})
        self.analyst.post(steps, {"step": "issue"})
        return number

    def ours(self, number: str, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The authority's order, once it is as wanted."""
        return waited(lambda: self.analyst.get(f"/issuing/orders/{number}"), until)

    def theirs(self, ours: dict[str, Any], until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The same order at the platform, once it is as wanted."""
        return waited(lambda: self.reviewer.get(f"/orders/{ours['remote_number']}"), until)


def waited(look: Callable[[], dict[str, Any]], until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What `look` sees once it is as wanted; fails with what it saw last."""
    end_s = monotonic_s() + WAIT_S_MAX
    while not until(seen := look()):
        assert monotonic_s() < end_s, seen
        sleep_s(0.2)
    return seen


def token_of(name: str, role: str) -> str:
    """A token of a new person that may all that the person may."""
    user = User.objects.create(username=name, role=role)
    rights = [one.value for one in user.rights]
    return add_token(name=name, scopes=rights, user=user, actor=COMMAND_LINE)[1]


@pytest.fixture(scope="module")
def both(vigie_starter_of_module: StartVigie, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Two running ones, and a platform that obeys every webhook."""
    vigie_starter = vigie_starter_of_module
    profile = tmp_path_factory.mktemp("profile") / "profile.yaml"
    profile.write_text(yaml.safe_dump(PROFILE, allow_unicode=True))
    hook = LoopbackServer(answer(200, b"{}"))
    forum = vigie_starter(
        "forum",
        VIGIE_ALLOWED_FETCH_HOSTS="127.0.0.1",
        VIGIE_PROVIDER_NAME="Example forum",
        VIGIE_PROVIDER_MEMBER_STATE="DE",
    )
    prefecture = vigie_starter(
        "prefecture",
        VIGIE_ALLOWED_FETCH_HOSTS="127.0.0.1",
        VIGIE_ISSUING_PROFILE_FILE=str(profile),
        VIGIE_RECHECK_AFTER_S="0",
    )
    with forum.domain():
        add_platform(name="forum", title="Forum", url=hook.url, actor=COMMAND_LINE, settings=current())
        _, filing = add_token(
            name="prefecture", scopes=["orders:file"], authority="example-fr", actor=COMMAND_LINE
        )
        reviewer = token_of("rita", "reviewer")
    with prefecture.domain():
        add_provider(
            "forum",
            {
                "title": "Example forum",
                "home_state": "DE",
                "channel": "api",
                "api_url": forum.url,
                "token": filing,
            },
            actor=COMMAND_LINE,
            settings=current(),
        )
        people = {name: token_of(name, role) for name, role in PEOPLE.items()}
    yield Both(
        reviewer=Desk(forum, reviewer),
        filing=Desk(forum, filing),
        analyst=Desk(prefecture, people["ana"]),
        officer=Desk(prefecture, people["lea"]),
        second=Desk(prefecture, people["leo"]),
        post_url=hook.url,
    )
    hook.close()


def test_an_order_goes_out_is_executed_and_its_annex_two_comes_back(both: Both) -> None:
    number = both.issue("/p/1", do_not_inform=True, withheld_weeks=6, withheld_reason="Arrests are planned.")
    ours = both.ours(number, lambda one: one["stage"] == "received")
    theirs = both.theirs(ours, lambda one: True)
    # Receipt is proven by the platform's own answer, and non-disclosure is carried.
    assert ours["received_at"] == theirs["received_at"]
    assert ours["due_at"] == theirs["due_at"]
    assert (theirs["disclosure"], theirs["reference"]) == ("withheld", ours["reference"])
    assert theirs["fields"]["urls"] == [f"{both.post_url}/p/1"]
    both.reviewer.post(f"/orders/{theirs['number']}/steps", {"step": "execute", "measure": "removed"})
    theirs = both.theirs(ours, lambda one: one["answer"] == "annex_ii_sent")
    ours = both.ours(number, lambda one: one["stage"] == "done")
    assert (ours["measure"], ours["measure_at"]) == ("removed", theirs["measure_at"])
    assert theirs["answers"][0]["sent_by"] == "api"
    assert ours["answers"][0]["form"] == theirs["answers"][0]["form"]
    # The loopback server still answers 200: the look says so, and nothing is taken for gone.
    looked = both.ours(number, lambda one: one["items"][0]["seen"] != "")
    assert looked["items"][0]["seen"] == "http_200"
    year = ours["issued_at"][:4]
    figures = both.analyst.get(f"/issuing/figures?year={year}")["figures"]
    (share,) = [one["value"] for one in figures if one["key"] == "share_within_one_hour"]
    assert share == 1


def test_annex_three_a_clarification_by_two_persons_and_a_withdrawal(both: Both) -> None:
    number = both.issue("/p/2")
    ours = both.ours(number, lambda one: one["stage"] == "received")
    steps, remote = f"/issuing/orders/{number}/steps", f"/orders/{ours['remote_number']}/steps"
    both.reviewer.post(
        remote,
        {
            "step": "cannot_execute",
            "ground": "insufficient_information",
            "reason": "Two posts are at this address.",
            "needed": "Which of them?",
        },
    )
    ours = both.ours(number, lambda one: one["stage"] == "cannot")
    assert ours["answers"][0]["form"]["needed"] == "Which of them?"
    both.theirs(ours, lambda one: one["answer"] == "annex_iii_sent")
    both.analyst.post(f"/issuing/orders/{number}/proposal", {"locating_information": "The second one."})
    both.officer.post(steps, {"step": "resend"})
    again = both.ours(number, lambda one: one["stage"] == "received")
    theirs = both.theirs(again, lambda one: one["stage"] == "valid")
    # The hour began anew with the receipt of the clarification, on both sides at the same instant.
    assert again["clock_started_at"] == theirs["clock_started_at"] > ours["clock_started_at"]
    assert again["received_at"] == ours["received_at"]
    assert theirs["fields"]["locating_information"] == "The second one."
    both.reviewer.post(remote, {"step": "execute", "measure": "disabled"})
    done = both.ours(number, lambda one: one["stage"] == "done")
    assert done["measure"] == "disabled"
    both.second.post(steps, {"step": "withdraw", "reason": "It was a satire."})
    theirs = both.theirs(done, lambda one: one["stage"] == "annulled")
    assert (theirs["access"], theirs["reason"]) == ("restored", "It was a satire.")


def test_a_token_of_an_authority_reads_its_own_orders_and_nothing_else(both: Both) -> None:
    number = both.issue("/p/3")
    ours = both.ours(number, lambda one: one["stage"] == "received")
    newest = both.filing.get("/orders/filed?limit=1")["items"]
    assert [one["number"] for one in newest] == [ours["remote_number"]]
    shown = both.filing.get(f"/orders/filed/{ours['remote_number']}")
    assert not {"sender_check", "items", "stage", "intakes"} & set(shown)
    for path in ("/orders", f"/orders/{ours['remote_number']}", "/cases", "/banks", "/ledger"):
        assert both.filing.refused("GET", path)[0] == 403
    other = {
        "reference": ours["reference"],
        "authority": "Beispielamt für Internetdelikte",
        "issuing_state": "DE",
    }
    assert both.filing.refused("POST", "/orders/filed", other) == (403, "authority_of_other")
    assert both.filing.refused("GET", "/orders/filed/O-000999") == (404, "order_not_found")
