"""The ledger, policy, platforms, deliveries, alarms, people and tokens through the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from api_calls import ApiCaller, person, service, signed_in, with_own_token, with_token
from domain import Domain, make_domain
from pictures import as_bytes, picture
from vigie.cases.decisions import DecisionDraft
from vigie.flows.decision import decide
from vigie.foundation.clock import now
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.people.models import User
from vigie.platforms.models import Platform, Recheck
from vigie.policy import default_policy_text


@pytest.fixture
def domain(database: str) -> Domain:
    return make_domain()


@pytest.fixture
def admin(domain: Domain) -> ApiCaller:
    """An administrator."""
    return with_own_token(person("ada", "administrator"))


def delivery(domain: Domain) -> OutboxMessage:
    """A decision on its way."""
    domain.bank_confirmed(1)
    number = str(domain.ask("p1", as_bytes(picture(1).resize((400, 300)), "JPEG", quality=70))["case"])
    draft = DecisionDraft("remove", "a copy", legal_type="a", exemption="none")
    decide(number, draft, user=domain.anna)
    return OutboxMessage.objects.get()


def test_the_ledger_is_read_filtered_and_in_pages(domain: Domain, admin: ApiCaller) -> None:
    rows = admin.get("/ledger").json()["items"]
    assert [one["seq"] for one in rows] == sorted((one["seq"] for one in rows), reverse=True)
    assert rows[0]["event"] == "people.token_added.v1"
    assert rows[0]["at"].endswith("Z")
    banks = admin.get("/ledger", event="banks.").json()["items"]
    assert [one["event"] for one in banks] == ["banks.bank_created.v1"]
    assert admin.get("/ledger", subject="bank:grey-heron").json()["items"] == banks
    assert admin.get("/ledger", actor="person:99").json()["items"] == []
    assert admin.get("/ledger", until=rows[-1]["at"]).json()["items"] == []
    first = admin.get("/ledger", order="oldest", limit=2).json()
    second = admin.get("/ledger", order="oldest", limit=2, cursor=first["next"]).json()
    assert [one["seq"] for one in first["items"] + second["items"]] == [1, 2, 3, 4]
    assert admin.get("/ledger/1").json() == first["items"][0]
    assert admin.get("/ledger/999999").status_code == 404


def test_the_ledger_is_signed_and_damage_is_named(domain: Domain, admin: ApiCaller) -> None:
    assert admin.get("/ledger/verification").json()["whole"] is True
    made = admin.post("/ledger/checkpoints").json()["checkpoint"]
    assert made["through"] == LedgerEntry.objects.filter(seq__lte=made["through"]).count()
    assert admin.post("/ledger/checkpoints").json()["checkpoint"] is None
    assert [one["through"] for one in admin.get("/ledger/checkpoints").json()["items"]] == [made["through"]]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET actor = 'person:99' WHERE seq = 2")
    found = admin.get("/ledger/verification").json()
    assert (found["whole"], found["first_broken"], found["damage"]) == (False, 2, "changed")
    assert "2" in found["sentence"]


def test_a_policy_is_checked_with_every_error_and_its_place(admin: ApiCaller) -> None:
    broken = default_policy_text().replace("match.distance_bits", "match.distance_bit")
    checked = admin.post("/policy/check", {"text": broken}).json()
    assert checked["valid"] is False
    error = checked["errors"][0]
    assert error["code"] == "unknown_fact"
    assert error["line"] > 1
    assert error["column"] > 1
    assert "distance_bits" in error["suggestion"]
    assert "^" in error["rendered"]
    assert admin.post("/policy/check", {"text": default_policy_text()}).json()["valid"] is True
    refused = admin.post("/policy/versions", {"text": broken})
    assert (refused.status_code, refused.json()["code"]) == (422, "policy_invalid")
    assert refused.json()["errors"][0]["place"] == ["policy", error["line"], error["column"]]


def test_a_policy_becomes_active_and_earlier_versions_stay(admin: ApiCaller) -> None:
    before = admin.get("/policy").json()
    assert before["active"]
    assert before["text"] == default_policy_text()
    changed = default_policy_text() + "\n# looked through\n"
    made = admin.post("/policy/versions", {"text": changed})
    assert (made.status_code, made.json()["active"]) == (201, True)
    assert admin.get("/policy").json()["digest"] == made.json()["digest"]
    versions = admin.get("/policy/versions").json()["items"]
    assert [(one["number"], one["active"]) for one in versions] == [(2, True), (1, False)]
    assert admin.get("/policy/versions/1").json()["text"] == default_policy_text()
    assert admin.get("/policy/versions/9").status_code == 404
    assert "match.distance_bits" in [one["path"] for one in admin.get("/policy/facts").json()["items"]]


def test_a_platform_is_connected_once_and_its_secret_shown_once(admin: ApiCaller) -> None:
    body = {"name": "gallery", "url": "https://gallery.example/hook", "gone_statuses": [404]}
    made = admin.post("/platforms", body)
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert (admin.post("/platforms", body).status_code, len(secret) >= 32) == (409, True)
    assert secret not in admin.get("/platforms/gallery").content.decode()
    assert secret not in admin.get("/ledger").content.decode()
    assert secret not in Platform.objects.get(name="gallery").locked_secret
    changed = admin.patch("/platforms/gallery", {"active": False, "url": ""}).json()
    assert (changed["active"], changed["url"], changed["gone_statuses"]) == (False, "", [404])
    assert admin.post("/platforms/gallery/secret").json()["secret"] != secret
    assert [one["name"] for one in admin.get("/platforms").json()["items"]] == ["forum", "gallery"]
    assert admin.post("/platforms", {"name": "x", "url": "ftp://x"}).status_code == 422
    assert admin.post("/platforms", {"name": "x", "gone_statuses": [7]}).status_code == 422
    assert admin.get("/platforms/none").json()["code"] == "platform_not_found"


def test_a_dead_letter_is_seen_and_sent_again(domain: Domain, admin: ApiCaller) -> None:
    message = delivery(domain)
    shown = admin.get(f"/deliveries/{message.pk}").json()
    assert (shown["state"], shown["platform"], shown["key"]) == ("pending", "forum", message.key)
    early = admin.post(f"/deliveries/{message.pk}/replay")
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    OutboxMessage.objects.update(state="dead", last_error="HTTP 500", attempts=90)
    assert [one["id"] for one in admin.get("/deliveries", state="dead").json()["items"]] == [message.pk]
    assert admin.get("/deliveries", state="pending").json()["items"] == []
    replayed = admin.post(f"/deliveries/{message.pk}/replay").json()
    assert (replayed["state"], replayed["attempts"]) == ("pending", 0)
    assert LedgerEntry.objects.filter(event="ledger.dead_letter_replayed.v1").exists()
    assert admin.get("/deliveries/99999").status_code == 404
    assert admin.post("/deliveries/99999/replay").status_code == 404


def test_an_alarm_is_listed_and_noted(domain: Domain, admin: ApiCaller) -> None:
    at = now()
    recheck = Recheck.objects.create(
        key="k",
        platform=Platform.objects.get(),
        content="forum/p1",
        content_url="http://forum.example/p/p1",
        case="C-000001",
        sequence=1,
        due_at=at + timedelta(hours=1),
        looks=3,
        last_seen="HTTP 200",
        created_at=at,
    )
    assert admin.get("/alarms").json()["items"] == []
    assert admin.post(f"/alarms/{recheck.pk}/seen").status_code == 404
    Recheck.objects.update(alarm_at=at)
    assert admin.get("/alarms", seen="false").json()["items"][0]["last_seen"] == "HTTP 200"
    assert admin.post(f"/alarms/{recheck.pk}/seen").json()["seen_by"].startswith("person:")
    assert admin.get("/alarms", seen="false").json()["items"] == []
    assert len(admin.get("/alarms", seen="true", platform="forum").json()["items"]) == 1


def user(**changes: Any) -> dict[str, Any]:
    """A person to add."""
    return {"username": "dora", "password": "a long enough one", "role": "reviewer", **changes}


def test_a_person_gets_access_another_role_and_loses_access(admin: ApiCaller) -> None:
    made = admin.post("/users", user(name="Dora Example"))
    assert made.status_code == 201
    assert "password" not in made.json()
    number = made.json()["id"]
    assert User.objects.get(pk=number).check_password("a long enough one")
    assert admin.post("/users", user()).status_code == 409
    assert admin.post("/users", user(username="e", password="short")).json()["code"] == "password_weak"
    assert admin.post("/users", user(username="e", role="king")).status_code == 422
    assert admin.patch(f"/users/{number}", {"role": "auditor"}).json()["role"] == "auditor"
    own = with_own_token(User.objects.get(pk=number))
    assert own.get("/ledger").status_code == 200
    assert admin.post(f"/users/{number}/password", {"password": "short"}).json()["code"] == "password_weak"
    assert admin.post(f"/users/{number}/password", {"password": "another long one"}).status_code == 200
    assert User.objects.get(pk=number).check_password("another long one")
    assert admin.post("/users/999999/password", {"password": "another long one"}).status_code == 404
    assert admin.post(f"/users/{number}/off").json()["rights"] == []
    assert own.get("/ledger").status_code == 401
    assert admin.post("/users/999999/off").status_code == 404
    assert "dora" in [one["username"] for one in admin.get("/users").json()["items"]]


def test_nobody_changes_their_own_access(admin: ApiCaller) -> None:
    own = User.objects.get(username="ada").pk
    assert admin.patch(f"/users/{own}", {"role": "reviewer"}).status_code == 409
    assert admin.post(f"/users/{own}/off").status_code == 409


def test_a_service_gets_a_token_that_is_shown_once(admin: ApiCaller) -> None:
    made = admin.post("/tokens", {"name": "forum", "scopes": ["content:write"], "platform": "forum"})
    assert made.status_code == 201
    text = made.json()["text"]
    assert with_token(text).get("/whoami").json() == {
        "kind": "service_token",
        "name": "forum",
        "role": "",
        "rights": ["content:write"],
        "platform": "forum",
    }
    assert text not in admin.get("/tokens").content.decode()
    revoked = admin.post(f"/tokens/{made.json()['id']}/revoke")
    assert revoked.json()["revoked_at"]
    assert with_token(text).get("/whoami").status_code == 401
    assert "forum" not in [one["name"] for one in admin.get("/tokens").json()["items"]]
    assert "forum" in [one["name"] for one in admin.get("/tokens", revoked="true").json()["items"]]
    person_only = admin.post("/tokens", {"name": "x", "scopes": ["cases:decide"]})
    assert person_only.status_code == 422
    unknown = admin.post("/tokens", {"name": "x", "scopes": ["content:write"], "platform": "none"})
    assert unknown.status_code == 404
    past = admin.post(
        "/tokens", {"name": "x", "scopes": ["match:read"], "expires_at": "2020-01-01T00:00:00Z"}
    )
    assert past.status_code == 422


def test_a_person_makes_tokens_of_their_own_from_the_console(domain: Domain) -> None:
    anna = signed_in(domain.anna)
    made = anna.post("/whoami/tokens", {"name": "scripts", "scopes": ["cases:read", "cases:decide"]})
    assert made.status_code == 201
    own = with_token(made.json()["text"])
    whoami = own.get("/whoami").json()
    assert (whoami["kind"], whoami["rights"]) == ("personal_token", ["cases:decide", "cases:read"])
    assert own.post("/whoami/tokens", {"name": "more", "scopes": ["cases:read"]}).status_code == 403
    assert anna.post("/whoami/tokens", {"name": "x", "scopes": ["people:write"]}).status_code == 422
    assert [one["name"] for one in own.get("/whoami/tokens").json()] == ["scripts"]
    ben = signed_in(domain.ben)
    assert ben.post(f"/whoami/tokens/{made.json()['id']}/revoke").status_code == 404
    assert anna.post(f"/whoami/tokens/{made.json()['id']}/revoke").status_code == 200
    assert own.get("/whoami").status_code == 401
    assert service("match:read").get("/whoami/tokens").status_code == 403
