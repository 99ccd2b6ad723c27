"""Asking for evidence: access, opening, keeping longer; somebody else grants or refuses."""

import json
from datetime import timedelta

import pytest

from evidence_world import (
    BASIS,
    KEEP,
    PURPOSE,
    EvidenceWorld,
    again,
    facts_of_last,
    over,
    tend_at,
    world,
)
from vigie.evidence.certificates import certificate_of
from vigie.evidence.models import EvidenceRequest
from vigie.evidence.requests import RequestDraft, ask, grant, open_granted, refuse
from vigie.evidence.retention import ExtensionUnusable
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.foundation.settings import current
from vigie.ledger.models import LedgerEntry
from vigie.people.models import User

__all__ = ["world"]  # a fixture

pytestmark = pytest.mark.usefixtures("database")


def test_access_is_asked_for_granted_by_another_and_every_opening_is_recorded(world: EvidenceWorld) -> None:
    item = world.removed()
    sealed = item.items.get(kind="medium")
    request = world.ask(item)
    with pytest.raises(Conflict):
        open_granted(request.number, sealed.reference, user=world.anna, at=now(), settings=current())
    grant(request.number, reason="", user=world.lea, at=now(), settings=current())
    found = [
        open_granted(request.number, sealed.reference, user=world.anna, at=now(), settings=current())[1]
        for _ in range(2)
    ]
    assert all(data.startswith(b"\xff\xd8") for data in found)
    opened = LedgerEntry.objects.filter(event="evidence.opened.v1")
    assert [(one.actor, one.facts["purpose"], one.facts["legal_basis"]) for one in opened] == [
        (f"person:{world.anna.pk}", PURPOSE, BASIS)
    ] * 2
    with pytest.raises(Forbidden):
        open_granted(request.number, sealed.reference, user=world.lea, at=now(), settings=current())
    late = now() + timedelta(hours=current().evidence_access_h, seconds=1)
    with pytest.raises(Conflict):
        open_granted(request.number, sealed.reference, user=world.anna, at=late, settings=current())
    assert opened.count() == 2


def test_nobody_decides_about_an_own_request(world: EvidenceWorld) -> None:
    item = world.removed()
    for kind in ("access", "export"):
        request = world.ask(item, kind, by=world.lea)
        with pytest.raises(Forbidden):
            grant(request.number, reason="", user=world.lea, at=now(), settings=current())
        with pytest.raises(Forbidden):
            refuse(request.number, reason="no need for it", user=world.lea, at=now())
        with pytest.raises(Forbidden):
            grant(request.number, reason="", user=world.anna, at=now(), settings=current())
        assert EvidenceRequest.objects.get(pk=request.pk).state == "requested"
        grant(request.number, reason="", user=world.domain.ben, at=now(), settings=current())
        with pytest.raises(Conflict):
            refuse(request.number, reason="too late", user=world.domain.ben, at=now())


def test_a_refusal_has_a_reason_and_opens_nothing(world: EvidenceWorld) -> None:
    item = world.removed()
    request = world.ask(item)
    with pytest.raises(Invalid):
        refuse(request.number, reason=" ", user=world.lea, at=now())
    refuse(request.number, reason="no legal basis", user=world.lea, at=now())
    sealed = item.items.get(kind="medium")
    with pytest.raises(Conflict):
        open_granted(request.number, sealed.reference, user=world.anna, at=now(), settings=current())


@pytest.mark.parametrize(
    "draft",
    [
        RequestDraft(EvidenceRequest.Kind.ACCESS, "x", BASIS),
        RequestDraft(EvidenceRequest.Kind.ACCESS, PURPOSE, ""),
        RequestDraft(EvidenceRequest.Kind.EXPORT, PURPOSE, BASIS, authority="Court of Heronby"),
        RequestDraft(EvidenceRequest.Kind.EXTENSION, PURPOSE, authority="Court", reference="12/26"),
        RequestDraft(EvidenceRequest.Kind.EXTENSION, PURPOSE, until=now() + timedelta(days=900)),
    ],
)
def test_a_request_without_purpose_basis_or_reference_is_none(
    world: EvidenceWorld, draft: RequestDraft
) -> None:
    item = world.removed()
    with pytest.raises(Invalid):
        ask(item.number, draft, user=world.anna, at=now())
    assert not EvidenceRequest.objects.exists()


def test_an_open_request_and_a_granted_access_hold_the_item(world: EvidenceWorld) -> None:
    item = world.removed()
    request = world.ask(item)
    at = over(item)
    assert tend_at(at) == 0
    grant(request.number, reason="", user=world.lea, at=at, settings=current())
    assert tend_at(at + timedelta(hours=2)) == 0
    assert tend_at(at + timedelta(hours=current().evidence_access_h + 3)) == 1
    with pytest.raises(Conflict):
        world.ask(item)


def extension(days: int) -> RequestDraft:
    return RequestDraft(
        EvidenceRequest.Kind.EXTENSION,
        "appeal against the removal",
        authority="Court of Heronby",
        reference="12/26",
        until=now() + timedelta(days=days),
    )


def test_an_authority_has_it_kept_longer_and_two_persons_say_so(world: EvidenceWorld) -> None:
    item = world.removed()
    request = ask(item.number, extension(400), user=world.anna, at=now())
    assert again(item).until == item.until
    grant(request.number, reason="", user=world.lea, at=now(), settings=current())
    assert (again(item).stage, again(item).until) == ("extended", request.until)
    assert tend_at(over(item) - timedelta(days=100)) == 0
    assert facts_of_last("evidence.extended.v1")["reference"] == "12/26"
    assert tend_at(over(item)) == 1
    said = json.loads(certificate_of(again(item)).body)
    assert [one["reference"] for one in said["extensions"]] == ["12/26"]


def test_an_extension_that_is_past_or_no_longer_is_refused(world: EvidenceWorld) -> None:
    item = world.removed()
    for days in (-1, 10):
        with pytest.raises(ExtensionUnusable):
            ask(item.number, extension(days), user=world.anna, at=now())
    request = ask(item.number, extension(400), user=world.anna, at=now())
    with pytest.raises(ExtensionUnusable):
        grant(request.number, reason="", user=world.lea, at=now() + timedelta(days=401), settings=current())


def test_what_was_not_removed_is_not_extended(world: EvidenceWorld) -> None:
    item = world.removed(draft=KEEP)
    with pytest.raises(Conflict):
        ask(item.number, extension(400), user=world.anna, at=now())


def test_an_auditor_asks_and_does_not_decide(world: EvidenceWorld) -> None:
    auditor = User.objects.create(username="olga", role="auditor")
    analyst = User.objects.create(username="paul", role="analyst")
    item = world.removed()
    request = world.ask(item, by=auditor)
    with pytest.raises(Forbidden):
        world.ask(item, by=analyst)
    with pytest.raises(Forbidden):
        grant(request.number, reason="", user=auditor, at=now(), settings=current())
