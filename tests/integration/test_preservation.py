"""Evidence from a removal to its deletion: six months, what holds it, how it is deleted and what is left."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from evidence_world import (
    KEEP,
    REMOVE,
    EvidenceWorld,
    again,
    facts_of_last,
    over,
    tend_at,
    world,
)
from order_world import OrderWorld
from pictures import as_bytes, picture
from redress_world import deliver_everything, open_case
from vigie.banks import service as banks
from vigie.banks.models import EntryFeatures
from vigie.cases.decisions import DecisionDraft
from vigie.evidence import preservation
from vigie.evidence.certificates import certificate_json, certificate_of
from vigie.evidence.models import DeletionCertificate, EvidenceItem, PreservedItem
from vigie.evidence.retention import preserved_until
from vigie.evidence.service import EvidenceDeleted, blob_key, read_item
from vigie.flows.complaint import complain_about
from vigie.flows.decision import decide, undo
from vigie.flows.keyring import check_keys
from vigie.flows.preservation import due_now, holds_of
from vigie.foundation.blobs import BlobMissing, Blobs, open_blobs
from vigie.foundation.clock import now
from vigie.foundation.errors import NotFound, Unavailable
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.checkpoints import Verified, verify
from vigie.ledger.models import LedgerEntry
from vigie.redress.models import Complaint, Statement

__all__ = ["world"]  # a fixture

pytestmark = pytest.mark.usefixtures("database")


def kinds_of(item: PreservedItem) -> list[str]:
    return [one.kind for one in holds_of(again(item), at=now())]


def events_of(subject: str) -> list[str]:
    return list(LedgerEntry.objects.filter(subject=subject).order_by("seq").values_list("event", flat=True))


def test_a_decision_to_remove_preserves_everything_sealed_for_six_months(world: EvidenceWorld) -> None:
    item = world.removed()
    assert (item.stage, item.ground) == ("preserved", "decision")
    assert item.began_at is not None
    assert item.until == preserved_until(item.began_at)
    kinds = set(item.items.values_list("kind", flat=True))
    assert {"record", "medium", "preview"} <= kinds
    assert not EvidenceItem.objects.filter(subject=item.subject, preserved=None).exists()
    assert facts_of_last("evidence.preserved.v1")["item"] == item.number


def test_a_rule_that_removes_preserves_from_its_verdict(world: EvidenceWorld) -> None:
    answer = world.domain.ask("copy", as_bytes(picture(1)))
    assert answer["verdict"] == "remove"
    item = PreservedItem.objects.get(subject=f"case:{answer['case']}")
    assert (item.stage, item.ground) == ("preserved", "rule")
    assert "case_open" in kinds_of(item)


def test_an_order_preserves_what_came_in_and_the_cases_of_its_content(world: EvidenceWorld) -> None:
    number = open_case(world.domain, "heron-1")
    orders = OrderWorld(anna=world.anna, legal=world.lea)
    order = orders.order(urls=["http://forum.example/p/heron-1"])
    orders.step(order, "execute", measure="removed")
    orders.platform_obeys(order)
    intake = order.intakes.get()
    subjects = {f"case:{number}", EvidenceItem.objects.get(pk=intake.evidence).subject}
    for item in PreservedItem.objects.filter(subject__in=subjects):
        subjects.discard(item.subject)
        assert (item.stage, item.ground) == ("preserved", "order")
        assert "order_open" in kinds_of(item)
    assert not subjects


def test_what_ended_without_a_removal_is_kept_for_the_days_of_the_setting(world: EvidenceWorld) -> None:
    item = world.removed(draft=KEEP)
    assert (item.stage, item.ground) == ("kept", "unremoved")
    assert item.began_at is not None
    assert item.until == item.began_at + timedelta(days=current().evidence_days)
    assert tend_at(over(item) - timedelta(seconds=2)) == 0
    assert tend_at(over(item)) == 1
    assert again(item).stage == "deleted"


def test_evidence_under_an_open_case_never_goes(world: EvidenceWorld) -> None:
    number = open_case(world.domain, "p1")
    later = now() + timedelta(days=3_000)
    tend_at(now())
    item = PreservedItem.objects.get(subject=f"case:{number}")
    assert (item.stage, item.until) == ("open", None)
    for day in range(3):
        assert tend_at(later + timedelta(days=day)) == 0
    assert kinds_of(item) == ["case_open"]
    decide(number, REMOVE, user=world.anna)
    assert again(item).stage == "preserved"


def test_evidence_that_was_sealed_before_is_taken_up(world: EvidenceWorld) -> None:
    item = world.removed()
    EvidenceItem.objects.update(preserved=None)
    PreservedItem.objects.all().delete()
    tend_at(now())
    found = PreservedItem.objects.get(subject=item.subject)
    assert (found.stage, found.ground, found.began_at) == ("preserved", "decision", item.began_at)
    before = LedgerEntry.objects.count()
    tend_at(now() + timedelta(minutes=1))
    assert LedgerEntry.objects.count() == before


def test_a_second_removal_is_preserved_from_then(world: EvidenceWorld) -> None:
    item = world.removed()
    number = item.subject.removeprefix("case:")
    undo(number, reason="a mistake", user=world.anna, settings=current())
    assert again(item).until == item.until
    case = item.items.first()
    assert case is not None
    decided = LedgerEntry.objects.count()
    decide(number, REMOVE, user=world.anna)
    # The same day: the time ends with the same day, and the ledger is not told twice.
    assert again(item).until == item.until
    assert "evidence.preserved.v1" not in list(
        LedgerEntry.objects.filter(seq__gt=decided).values_list("event", flat=True)
    )


def test_nothing_goes_while_a_complaint_is_open_or_still_possible(world: EvidenceWorld) -> None:
    item = world.removed()
    deliver_everything()
    statement = Statement.objects.get()
    assert "complaint_possible" in kinds_of(item)
    complain_about(
        statement,
        "It is my own photograph.",
        came_by=Complaint.CameBy.LINK,
        language="en",
        actor=COMMAND_LINE,
        settings=current(),
    )
    assert "complaint_open" in kinds_of(item)
    at = over(item) + timedelta(days=900)
    assert tend_at(at) == 0
    assert again(item).stage == "expired"
    assert [one.item.number for one in due_now(at=at) if one.holds] == [item.number]
    Complaint.objects.update(state="informed")
    assert tend_at(at + timedelta(hours=2)) == 1


def test_nothing_goes_while_an_order_or_its_scrutiny_is_open(world: EvidenceWorld) -> None:
    number = open_case(world.domain, "heron-1")
    decide(number, REMOVE, user=world.anna)
    orders = OrderWorld(anna=world.anna, legal=world.lea)
    order = orders.order(urls=["http://forum.example/p/heron-1"])
    orders.step(order, "execute", measure="removed")
    orders.platform_obeys(order)
    orders.step(order, "ask_scrutiny", minutes=30, asked_by="provider")
    item = PreservedItem.objects.get(subject=f"case:{number}")
    assert {"order_open", "scrutiny_open"} <= set(kinds_of(item))
    later = over(item) + timedelta(days=400)
    assert tend_at(later) == 0
    orders.step(order, "answer_sent", minutes=40)
    orders.step(order, "annul", minutes=60, reason="the order was annulled")
    assert {"order_open", "scrutiny_open"}.isdisjoint(kinds_of(item))
    assert tend_at(later + timedelta(hours=2)) >= 1
    assert again(item).stage == "deleted"


def test_deletion_destroys_the_keys_removes_the_bytes_and_is_certified(world: EvidenceWorld) -> None:
    item = world.removed()
    sealed = list(item.items.order_by("reference"))
    assert tend_at(over(item)) == 1
    gone = again(item)
    assert gone.stage == "deleted"
    assert gone.blobs_gone_at is not None
    for one in sealed:
        row = EvidenceItem.objects.get(pk=one.pk)
        assert bytes(row.wrapped_key) == b""
        with pytest.raises(BlobMissing):
            open_blobs(current()).get(blob_key(one.reference))
        with pytest.raises(EvidenceDeleted):
            read_item(one.reference, purpose="looking again", actor=COMMAND_LINE, settings=current())
    said = json.loads(certificate_json(certificate_of(gone)))["certificate"]
    assert [(one["reference"], one["sha256"]) for one in said["items"]] == [
        (one.reference, bytes(one.sha256).hex()) for one in sealed
    ]
    assert said["item"] == item.number
    assert events_of(item.subject)[-2:] == ["evidence.deleted.v1", "evidence.blobs_removed.v1"]
    assert isinstance(verify(current()), Verified)
    check_keys(current())
    # Once more finds nothing to do.
    assert tend_at(over(item) + timedelta(days=1)) == 0
    assert DeletionCertificate.objects.count() == 1


def test_there_is_no_certificate_of_what_is_not_deleted(world: EvidenceWorld) -> None:
    with pytest.raises(NotFound):
        certificate_of(world.removed())


def test_bytes_that_the_store_keeps_are_tried_again_and_somebody_is_told(
    world: EvidenceWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = world.removed()
    at = over(item)

    def refuses(self: Blobs, key: str) -> None:
        raise Unavailable("The blob store let nothing go.")

    with monkeypatch.context() as patch:
        patch.setattr(Blobs, "delete", refuses)
        assert tend_at(at) == 1
        for _ in range(4):
            at += timedelta(days=1)
            tend_at(at)
    gone = again(item)
    assert (gone.stage, gone.blobs_gone_at) == ("deleted", None)
    assert bytes(item.items.first().wrapped_key) == b""  # type: ignore[union-attr]
    assert list(preservation.removals_failing()) == [gone]
    assert events_of(item.subject).count("evidence.blob_removal_failed.v1") == 1
    tend_at(at + timedelta(days=1))
    assert again(item).blobs_gone_at is not None
    assert not preservation.removals_failing().exists()


def test_an_item_in_another_workers_hand_is_left_alone(world: EvidenceWorld) -> None:
    item, free = world.removed("p1"), world.removed("p2")
    at = over(free)
    has_it, may_let_go = Event(), Event()

    def hold_it() -> None:
        with transaction.atomic():
            PreservedItem.objects.select_for_update().get(pk=item.pk)
            has_it.set()
            may_let_go.wait(60)
        connection.close()

    with ThreadPoolExecutor(1) as other:
        working = other.submit(hold_it)
        assert has_it.wait(60)
        assert tend_at(at) == 1
        assert (again(item).stage, again(free).stage) == ("preserved", "deleted")
        may_let_go.set()
        working.result()
    assert tend_at(at) == 1


def test_the_picture_of_an_entry_stays_while_it_is_banked(world: EvidenceWorld) -> None:
    tend_at(now())
    item = PreservedItem.objects.get(subject="entry:E-000001")
    assert kinds_of(item) == ["banked"]
    EntryFeatures.objects.create(entry=banks.find_entry("E-000001"), locked=b"locked", words=b"")
    banks.remove_entry("E-000001", reason="harmless after all", actor=world.domain.confirmer)
    tend_at(now() + timedelta(days=8))
    assert again(item).stage == "kept"
    assert tend_at(over(item)) >= 1
    entry = banks.find_entry("E-000001")
    assert (entry.picture, entry.preview) == ("", "")
    assert not EntryFeatures.objects.exists()
    # Put back and banked again, it is sealed again, and kept as a new item.
    banks.restore_entry("E-000001", actor=world.domain.confirmer)
    world.domain.bank(1)
    tend_at(now())
    assert PreservedItem.objects.filter(subject="entry:E-000001").exclude(stage="deleted").count() == 1


def test_a_decision_that_hides_is_a_removal_too(world: EvidenceWorld) -> None:
    hide = DecisionDraft("hide", "a copy of the poster", legal_type="a", exemption="none")
    assert world.removed(draft=hide).stage == "preserved"
