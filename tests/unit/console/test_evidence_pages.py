"""The pages of preserved evidence over the real database, without a browser."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client

from evidence_world import BASIS, PURPOSE, EvidenceWorld, again, over, tend_at, world
from vigie.evidence.models import EvidenceRequest
from vigie.evidence.package_check import check_file
from vigie.foundation.clock import now
from vigie.ledger.models import LedgerEntry
from vigie.people.models import User

__all__ = ["world"]  # a fixture

pytestmark = pytest.mark.usefixtures("database")


def browser_of(user: User) -> Client:
    """A signed-in browser."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, path: str) -> str:
    """A page's text, without tags and with single spaces."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def test_an_empty_list_says_what_will_come(world: EvidenceWorld) -> None:
    client = browser_of(world.anna)
    assert "Nothing is preserved" in page(client, "/evidence/")
    assert "Nothing is over its time" in page(client, "/evidence/?show=over")
    assert "Nothing was deleted yet" in page(client, "/evidence/?show=deleted")


def test_the_list_says_until_when_and_what_holds_it(world: EvidenceWorld) -> None:
    item = world.removed()
    world.ask(item)
    shown = page(browser_of(world.lea), "/evidence/")
    assert item.number in shown
    assert "a decision removed the content" in shown
    assert "a request waits for a second person ER-000001" in shown
    assert PURPOSE in shown


def test_somebody_asks_another_grants_and_the_first_opens(world: EvidenceWorld) -> None:
    item = world.removed()
    anna, lea = browser_of(world.anna), browser_of(world.lea)
    form = {"kind": "access", "purpose": PURPOSE, "legal_basis": BASIS, "authority": "", "reference": ""}
    asked = anna.post(f"/evidence/{item.number}/ask", form)
    assert asked["Location"] == "/evidence/requests/ER-000001"
    own = page(anna, asked["Location"])
    assert "You asked for it, so somebody else decides." in own
    assert "Grant" not in own
    assert "Grant" in page(lea, asked["Location"])
    lea.post(f"{asked['Location']}/decide", {"word": "grant"})
    assert "Open" not in page(lea, asked["Location"]).replace("Opened", "")
    assert "every opening is in the ledger" in page(anna, asked["Location"])
    sealed = item.items.get(kind="medium")
    opened = anna.post(f"{asked['Location']}/open", {"reference": sealed.reference})
    assert opened.content.startswith(b"\xff\xd8")
    assert LedgerEntry.objects.filter(event="evidence.opened.v1").count() == 1
    assert "Preserved evidence was opened" in page(anna, f"/evidence/{item.number}")


def test_a_request_that_lacks_something_comes_back_as_it_was_filled(world: EvidenceWorld) -> None:
    item = world.removed()
    form = {"kind": "export", "purpose": "because I want to", "legal_basis": ""}
    answer = browser_of(world.anna).post(f"/evidence/{item.number}/ask", form)
    assert answer.status_code == 422
    assert "Name the legal basis." in answer.content.decode()
    assert "because I want to" in answer.content.decode()
    assert not EvidenceRequest.objects.exists()


def test_an_extension_is_typed_in_the_zone_of_the_account(world: EvidenceWorld) -> None:
    item = world.removed()
    world.anna.time_zone = "Asia/Kathmandu"
    world.anna.save()
    day = (now() + timedelta(days=400)).date()
    form = {
        "kind": "extension",
        "purpose": "appeal against the removal",
        "authority": "Court of Heronby",
        "reference": "12/26",
        "until": f"{day}T12:00",
    }
    asked = browser_of(world.anna).post(f"/evidence/{item.number}/ask", form)
    browser_of(world.lea).post(f"{asked['Location']}/decide", {"word": "grant"})
    until = again(item).until
    assert until is not None
    assert until.isoformat()[:16] == f"{day}T06:15"


def test_a_refusal_needs_a_reason(world: EvidenceWorld) -> None:
    request = world.ask(world.removed())
    lea = browser_of(world.lea)
    lea.post(f"/evidence/requests/{request.number}/decide", {"word": "refuse", "reason": ""})
    assert EvidenceRequest.objects.get().state == "requested"
    lea.post(f"/evidence/requests/{request.number}/decide", {"word": "refuse", "reason": "no basis"})
    assert EvidenceRequest.objects.get().state == "refused"


def test_a_package_is_downloaded_with_the_passphrase_of_the_form(world: EvidenceWorld) -> None:
    request = world.granted(world.removed(), "export")
    anna = browser_of(world.anna)
    html = anna.get(f"/evidence/requests/{request.number}").content.decode()
    found = re.search(r'name="passphrase"[^>]*value="([^"]+)"', html)
    assert found is not None
    answer = anna.post(f"/evidence/requests/{request.number}/export", {"passphrase": found.group(1)})
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    answer.close()
    assert check_file(io.BytesIO(data), passphrase=found.group(1)).is_whole


def test_a_deleted_item_offers_its_certificate_and_its_case_still_opens(world: EvidenceWorld) -> None:
    item = world.removed()
    tend_at(over(item))
    anna = browser_of(world.anna)
    assert item.number in page(anna, "/evidence/?show=deleted")
    shown = page(anna, f"/evidence/{item.number}")
    assert "Certificate (PDF)" in shown
    assert "Ask for it" not in shown
    assert anna.get(f"/evidence/{item.number}/certificate.pdf").content.startswith(b"%PDF-")
    assert check_file(io.BytesIO(anna.get(f"/evidence/{item.number}/certificate.json").content)).is_whole
    case = item.subject.removeprefix("case:")
    assert case in page(anna, f"/cases/{case}")
    preview = item.items.get(kind="preview")
    assert anna.get(f"/pictures/{preview.reference}/preview").status_code == 404


def test_whoever_may_not_read_evidence_sees_none_of_it(world: EvidenceWorld) -> None:
    item = world.removed()
    analyst = browser_of(User.objects.create(username="paul", role="analyst"))
    for path in ("/evidence/", f"/evidence/{item.number}"):
        assert analyst.get(path).status_code == 403
    request = world.ask(item)
    auditor = browser_of(User.objects.create(username="olga", role="auditor"))
    path = f"/evidence/requests/{request.number}/decide"
    assert auditor.post(path, {"word": "grant"}).status_code == 403
