"""Preserved evidence over the API: asked for, granted by a second person, opened, exported, certified."""

import io
from datetime import timedelta

import pytest

from api_calls import service, with_own_token
from evidence_world import BASIS, KEEP, PURPOSE, EvidenceWorld, over, tend_at, world
from vigie.evidence.package_check import check_file
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.ledger.checkpoints import signing_key
from vigie.ledger.models import LedgerEntry

__all__ = ["world"]  # a fixture

pytestmark = pytest.mark.usefixtures("database")
PASSPHRASE = "twelve herons at dawn"
ASKING = {"kind": "access", "purpose": PURPOSE, "legal_basis": BASIS}


def test_access_from_the_request_to_the_opening(world: EvidenceWorld) -> None:
    item = world.removed()
    anna, lea = with_own_token(world.anna), with_own_token(world.lea)
    asked = anna.post(f"/evidence/items/{item.number}/requests", ASKING)
    assert asked.status_code == 201, asked.content
    number = asked.json()["number"]
    path = f"/evidence/requests/{number}"
    assert lea.get("/evidence/requests", state="requested").json()["items"][0]["number"] == number
    assert anna.post(f"{path}/grant", {}).status_code == 403
    shown = anna.get(f"/evidence/items/{item.number}").json()
    assert [one["kind"] for one in shown["holds"]] == ["request_open"]
    reference = next(one["reference"] for one in shown["sealed"] if one["kind"] == "medium")
    assert anna.post(f"{path}/open", {"reference": reference}).status_code == 409
    granted = lea.post(f"{path}/grant", {"reason": "it is a court"}).json()
    assert (granted["state"], granted["decided_by"]) == ("granted", "lea")
    opened = anna.post(f"{path}/open", {"reference": reference})
    assert opened.status_code == 200
    assert opened.content.startswith(b"\xff\xd8")
    assert opened["Cache-Control"] == "no-store"
    assert anna.post(f"{path}/open", {"reference": "no-such"}).status_code == 404
    assert lea.post(f"{path}/open", {"reference": reference}).status_code == 403
    facts = LedgerEntry.objects.get(event="evidence.opened.v1").facts
    assert (facts["purpose"], facts["legal_basis"], facts["reference"]) == (PURPOSE, BASIS, reference)


def test_whoever_asks_does_not_decide(world: EvidenceWorld) -> None:
    item = world.removed()
    lea = with_own_token(world.lea)
    number = lea.post(f"/evidence/items/{item.number}/requests", ASKING).json()["number"]
    for word in ("grant", "refuse"):
        answer = lea.post(f"/evidence/requests/{number}/{word}", {"reason": "by myself"})
        assert (answer.status_code, answer.json()["code"]) == (403, "second_person_needed")


def test_an_export_is_a_locked_package_that_can_be_checked(world: EvidenceWorld) -> None:
    item = world.removed()
    anna = with_own_token(world.anna)
    request = world.granted(item, "export")
    path = f"/evidence/requests/{request.number}/package"
    assert anna.post(path, {"passphrase": "short"}).status_code == 422
    answer = anna.post(path, {"passphrase": PASSPHRASE})
    data = b"".join(answer.streaming_content)
    answer.close()
    key = signing_key(current()).public_key().public_bytes_raw()
    checked = check_file(io.BytesIO(data), passphrase=PASSPHRASE, public_key=key)
    assert (checked.is_whole, checked.number) == (True, request.number)
    assert with_own_token(world.lea).post(path, {"passphrase": PASSPHRASE}).status_code == 403
    assert not [one for one in current().data.iterdir() if one.suffix == ".vigie"]


def test_an_extension_over_the_api(world: EvidenceWorld) -> None:
    item = world.removed()
    anna, lea = with_own_token(world.anna), with_own_token(world.lea)
    body = {
        "kind": "extension",
        "purpose": "appeal against the removal",
        "authority": "Court of Heronby",
        "reference": "12/26",
        "until": (now() + timedelta(days=400)).isoformat(),
    }
    past = {**body, "until": (now() - timedelta(days=1)).isoformat()}
    refused = anna.post(f"/evidence/items/{item.number}/requests", past)
    assert (refused.status_code, refused.json()["code"]) == (422, "extension_unusable")
    number = anna.post(f"/evidence/items/{item.number}/requests", body).json()["number"]
    assert lea.post(f"/evidence/requests/{number}/grant", {}).status_code == 200
    shown = anna.get(f"/evidence/items/{item.number}").json()
    assert (shown["stage"], shown["until"][:19]) == ("extended", body["until"][:19])


def test_what_is_due_and_what_holds_it_and_the_certificate_afterwards(
    world: EvidenceWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_EVIDENCE_DAYS", "0")
    current.cache_clear()
    held, gone = world.removed("p1", draft=KEEP), world.removed("p2", draft=KEEP)
    world.ask(held)
    anna = with_own_token(world.anna)
    due = anna.get("/evidence/due").json()["items"]
    assert {one["number"]: len(one["holds"]) for one in due} == {held.number: 1, gone.number: 0}
    assert anna.get(f"/evidence/items/{gone.number}/certificate.json").status_code == 404
    tend_at(over(gone))
    assert anna.get("/evidence/items", stage="deleted").json()["items"][0]["number"] == gone.number
    certificate = anna.get(f"/evidence/items/{gone.number}/certificate.json")
    assert check_file(io.BytesIO(certificate.content)).is_whole
    pdf = anna.get(f"/evidence/items/{gone.number}/certificate.pdf", language="fr")
    assert pdf.content.startswith(b"%PDF-")
    sealed = anna.get(f"/evidence/items/{gone.number}").json()["sealed"][0]
    read = anna.post(f"/evidence/{sealed['reference']}/read", {"purpose": "looking again"})
    assert (read.status_code, read.json()["code"]) == (404, "evidence_deleted")


def test_no_service_can_ask_or_decide() -> None:
    for path in ("/evidence/items", "/evidence/requests", "/evidence/due"):
        assert service("cases:read", "ledger:read").get(path).status_code == 403
