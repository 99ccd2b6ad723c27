"""Cases through the API: the queue, working on one, deciding once, taking back; and what a token may see of them."""

from typing import Any

import pytest

from api_calls import ApiCaller, person, service, signed_in, with_own_token
from domain import Domain, make_domain
from pictures import as_bytes, picture
from vigie.cases.models import Decision
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.platforms.service import add_platform

REMOVE = {"action": "remove", "reason": "a copy of the poster", "legal_type": "a", "exemption": "none"}


@pytest.fixture
def domain(database: str) -> Domain:
    """A database with one confirmed entry."""
    made = make_domain()
    made.bank_confirmed(1)
    return made


@pytest.fixture
def anna(domain: Domain) -> ApiCaller:
    """A reviewer."""
    return with_own_token(domain.anna)


def near_copy(domain: Domain, external_id: str) -> str:
    """A held case."""
    return str(domain.ask(external_id, as_bytes(picture(1).resize((400, 300)), "JPEG", quality=70))["case"])


def exact_copy(domain: Domain, external_id: str) -> str:
    """A case about content that the rules removed."""
    return str(domain.ask(external_id, as_bytes(picture(1)))["case"])


def numbers(response: Any) -> list[str]:
    """The cases of a page."""
    assert response.status_code == 200, response.content
    return [one["number"] for one in response.json()["items"]]


def test_the_queue_is_worked_on_by_priority_then_age(domain: Domain, anna: ApiCaller) -> None:
    removed = exact_copy(domain, "p1")
    held = [near_copy(domain, f"p{number}") for number in (2, 3, 4)]
    assert numbers(anna.get("/cases")) == [*held, removed]
    assert numbers(anna.get("/cases", verdict="remove")) == [removed]
    assert numbers(anna.get("/cases", bank="grey-heron", signal="pdq", platform="forum")) == [*held, removed]
    assert numbers(anna.get("/cases", search="p3")) == [held[1]]
    assert numbers(anna.get("/cases", search=held[2])) == [held[2]]
    assert numbers(anna.get("/cases", platform="another")) == []
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = anna.get("/cases", limit=1, cursor=cursor)
        seen += numbers(page)
        cursor = page.json()["next"]
    assert seen == [*held, removed]
    first = anna.get("/cases", state="all", limit=3).json()
    assert numbers(anna.get("/cases", state="all", cursor=first["next"])) == [removed]


def test_a_case_says_what_and_why_without_showing_it(domain: Domain, anna: ApiCaller) -> None:
    number = near_copy(domain, "p1")
    case = anna.get(f"/cases/{number}").json()
    assert case["content"]["id"] == "p1"
    assert case["content"]["platform"] == "forum"
    assert case["verdict"] == "hold"
    assert case["matches"][0]["bank"] == "grey-heron"
    assert case["matches"][0]["distance_bits"] > 0
    assert case["media"][0]["evidence"]
    preview = anna.get(f"/cases/{number}/media/m1/preview")
    assert preview.content.startswith(b"\x89PNG")
    assert anna.get(f"/cases/{number}/media/m2/preview").status_code == 404
    assert anna.get("/cases/C-999999").status_code == 404
    assert anna.get("/cases/nonsense").status_code == 404


def test_who_works_on_a_case_keeps_others_away(domain: Domain, anna: ApiCaller) -> None:
    number = near_copy(domain, "p1")
    carl = with_own_token(person("carl", "reviewer"))
    assert anna.post(f"/cases/{number}/lock").json()["locked_by"] == "anna"
    refused = carl.post(f"/cases/{number}/lock")
    assert (refused.status_code, refused.json()["code"]) == (409, "case_locked")
    assert carl.post(f"/cases/{number}/decisions", REMOVE).json()["code"] == "case_locked"
    assert numbers(anna.get("/cases", locked="mine")) == [number]
    assert numbers(carl.get("/cases", locked="free")) == []
    assert anna.post(f"/cases/{number}/release").json()["locked_by"] == ""
    assert carl.post(f"/cases/{number}/lock").status_code == 200


def test_a_decision_is_taken_once_however_often_it_is_sent(domain: Domain, anna: ApiCaller) -> None:
    number = near_copy(domain, "p1")
    key = {"Idempotency-Key": "key-1"}
    first = anna.post(f"/cases/{number}/decisions", REMOVE, **key)
    second = anna.post(f"/cases/{number}/decisions", REMOVE, **key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.json()["taken_by"] == "anna"
    assert Decision.objects.count() == OutboxMessage.objects.count() == 1
    without_key = anna.post(f"/cases/{number}/decisions", REMOVE)
    assert (without_key.status_code, without_key.json()["code"]) == (409, "case_decided")
    mixed_up = anna.post(f"/cases/{number}/decisions", {**REMOVE, "legal_type": "b"}, **key)
    assert (mixed_up.status_code, mixed_up.json()["code"]) == (409, "idempotency_key_reused")
    assert (
        anna.post(f"/cases/{number}/decisions", REMOVE, **{"Idempotency-Key": "k" * 201}).status_code == 422
    )


def test_a_decision_is_read_and_taken_back(domain: Domain, anna: ApiCaller) -> None:
    number = near_copy(domain, "p1")
    taken = anna.post(f"/cases/{number}/decisions", REMOVE).json()
    assert anna.get(f"/decisions/{taken['number']}").json() == taken
    assert anna.get(f"/cases/{number}").json()["state"] == "decided"
    undone = anna.post(f"/cases/{number}/undo", {"reason": "the wrong case"})
    assert (undone.status_code, undone.json()["undoes"]) == (201, taken["number"])
    assert anna.get(f"/cases/{number}").json()["state"] == "open"
    assert [one["action"] for one in anna.get("/decisions").json()["items"]] == ["undo", "remove"]
    assert [one["action"] for one in anna.get("/decisions", action="remove").json()["items"]] == ["remove"]
    assert anna.get("/decisions", taken_by="ben").json()["items"] == []
    assert len(anna.get("/decisions", since=taken["taken_at"]).json()["items"]) == 2
    assert anna.get("/decisions", until=taken["taken_at"]).json()["items"] == []
    again = anna.post(f"/cases/{number}/undo", {"reason": "once more"})
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_undo")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**REMOVE, "legal_type": ""}, "decision_incomplete"),
        ({**REMOVE, "exemption": "journalism", "true_purpose": "news"}, "decision_incomplete"),
        ({**REMOVE, "action": "keep", "exemption": "art"}, "decision_incomplete"),
        ({**REMOVE, "action": "burn"}, "invalid"),
        ({**REMOVE, "reason": ""}, "invalid"),
        ({"action": "keep", "reason": "nothing here"}, "invalid"),
    ],
)
def test_an_incomplete_decision_is_refused_and_changes_nothing(
    domain: Domain, anna: ApiCaller, body: dict[str, Any], code: str
) -> None:
    number = near_copy(domain, "p1")
    response = anna.post(f"/cases/{number}/decisions", body)
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert not Decision.objects.exists()


def test_an_author_nobody_named_cannot_be_suspended(domain: Domain, anna: ApiCaller) -> None:
    data = as_bytes(picture(1).resize((400, 300)), "JPEG", quality=70)
    number = domain.ask("p1", data, author="")["case"]
    response = anna.post(f"/cases/{number}/decisions", {**REMOVE, "action": "remove_and_suspend"})
    assert (response.status_code, response.json()["code"]) == (422, "author_unknown")


def test_a_service_reads_cases_and_decides_none(domain: Domain) -> None:
    number = near_copy(domain, "p1")
    token = service("cases:read")
    assert numbers(token.get("/cases")) == [number]
    assert token.post(f"/cases/{number}/decisions", REMOVE).status_code == 403
    assert token.post(f"/cases/{number}/lock").status_code == 403


def test_a_token_of_one_platform_sees_its_cases_alone(domain: Domain, anna: ApiCaller) -> None:
    number = near_copy(domain, "p1")
    decision = anna.post(f"/cases/{number}/decisions", REMOVE).json()["number"]
    add_platform(name="gallery", title="Gallery", url="", actor=COMMAND_LINE, settings=current())
    own = service("cases:read", "platforms:read", platform="forum")
    other = service("cases:read", "platforms:read", platform="gallery")
    assert numbers(own.get("/cases", state="all")) == [number]
    assert numbers(other.get("/cases", state="all")) == []
    assert own.get(f"/cases/{number}").status_code == 200
    assert other.get(f"/cases/{number}").status_code == 404
    assert other.get(f"/cases/{number}/media/m1/preview").status_code == 404
    assert own.get(f"/decisions/{decision}").status_code == 200
    assert other.get(f"/decisions/{decision}").status_code == 404
    assert len(own.get("/deliveries").json()["items"]) == 1
    assert other.get("/deliveries").json()["items"] == []
    assert [one["name"] for one in other.get("/platforms").json()["items"]] == ["gallery"]
    assert other.get("/platforms/forum").status_code == 404
    writer = service("platforms:write", platform="gallery")
    assert writer.patch("/platforms/forum", {"url": "http://elsewhere.example/"}).status_code == 404
    assert writer.post("/platforms/forum/secret").status_code == 404
    assert writer.patch("/platforms/gallery", {"title": "Mine"}).status_code == 200


def test_the_console_session_decides_too(domain: Domain) -> None:
    number = near_copy(domain, "p1")
    caller = signed_in(domain.anna)
    assert caller.get("/whoami").json()["kind"] == "session"
    assert caller.post(f"/cases/{number}/decisions", REMOVE).status_code == 201


def test_evidence_is_read_with_a_purpose_and_the_reading_recorded(domain: Domain, anna: ApiCaller) -> None:
    number = near_copy(domain, "p1")
    reference = anna.get(f"/cases/{number}").json()["media"][0]["evidence"]
    items = anna.get("/evidence", subject=f"case:{number}").json()["items"]
    assert sorted(one["kind"] for one in items) == ["medium", "preview", "record"]
    assert anna.post(f"/evidence/{reference}/read", {}).status_code == 422
    assert anna.post(f"/evidence/{reference}/read", {"purpose": "    "}).json()["code"] == "purpose_missing"
    assert not LedgerEntry.objects.filter(event="evidence.read.v1").exists()
    read = anna.post(f"/evidence/{reference}/read", {"purpose": "a complaint"})
    assert read.content.startswith(b"\xff\xd8")
    assert read["Content-Disposition"].startswith("attachment")
    assert "sandbox" in read["Content-Security-Policy"]
    clear = anna.post(f"/evidence/{reference}/read", {"purpose": "a complaint", "form": "clear"})
    assert clear.content.startswith(b"\x89PNG")
    row = LedgerEntry.objects.filter(event="evidence.read.v1").order_by("seq").first()
    assert row is not None
    assert row.facts == {"items": [reference], "purpose": "a complaint"}
    assert row.actor == f"person:{domain.anna.pk}"
    record = anna.get(f"/cases/{number}").json()["record"]
    assert (
        anna.post(f"/evidence/{record}/read", {"purpose": "a complaint", "form": "clear"}).status_code == 409
    )
    assert anna.post("/evidence/none/read", {"purpose": "a complaint"}).status_code == 404
