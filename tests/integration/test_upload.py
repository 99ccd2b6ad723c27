"""The life of an upload, through the real kernel, index, rules and database."""

import json

import pytest

from domain import Domain, make_domain
from pictures import as_bytes, flat_picture, picture
from vigie.banks import confirmation
from vigie.banks import service as banks
from vigie.banks.models import Entry
from vigie.cases.models import Case
from vigie.evidence.models import EvidenceItem
from vigie.evidence.service import read_item
from vigie.flows.banking import Banking, bank_text
from vigie.foundation.errors import Conflict
from vigie.foundation.settings import current
from vigie.ledger.models import LedgerEntry
from vigie.policy import service as policies

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def domain(database: str) -> Domain:
    """A filled database."""
    return make_domain()


def copy_of(seed: int) -> bytes:
    """A smaller, recompressed copy: near, not identical."""
    return as_bytes(picture(seed).resize((400, 300)), "JPEG", quality=70)


def test_unknown_content_is_allowed_and_nothing_is_written(domain: Domain) -> None:
    domain.bank_confirmed(1)
    before = LedgerEntry.objects.count()
    answer = domain.ask("p1", as_bytes(picture(2)), text="a walk by the lake")
    assert answer["verdict"] == "allow"
    assert answer["case"] is None
    assert LedgerEntry.objects.count() == before
    assert not Case.objects.exists()


def test_a_copy_of_a_confirmed_entry_is_removed(domain: Domain) -> None:
    entry = domain.bank_confirmed(1)
    answer = domain.ask("p1", as_bytes(picture(1)))
    assert answer["verdict"] == "remove"
    assert {reason["entry"] for reason in answer["reasons"]} == {entry.number}


def test_a_copy_of_an_unconfirmed_entry_is_held(domain: Domain) -> None:
    domain.bank(1)
    assert domain.ask("p1", as_bytes(picture(1)))["verdict"] == "hold"


def test_a_copy_is_held_when_its_bank_may_not_remove(domain: Domain) -> None:
    domain.bank_confirmed(1)
    banks.change_bank("grey-heron", may_remove=False, actor=domain.confirmer)
    assert domain.ask("p1", as_bytes(picture(1)))["verdict"] == "hold"


def test_confirming_ones_own_entry_removes_nothing_after_the_bank_may_remove(domain: Domain) -> None:
    banks.change_bank("grey-heron", may_remove=False, actor=domain.confirmer)
    entry = domain.bank(1)
    confirmation.confirm_entry(entry.number, actor=domain.adder)
    banks.change_bank("grey-heron", may_remove=True, actor=domain.confirmer)
    assert domain.ask("p1", as_bytes(picture(1)))["verdict"] == "hold"


def test_a_near_copy_is_held_with_its_distance(domain: Domain) -> None:
    domain.bank_confirmed(1)
    answer = domain.ask("p1", copy_of(1))
    assert answer["verdict"] == "hold"
    assert [reason["signal"] for reason in answer["reasons"]] == ["pdq"]
    assert 0 <= answer["reasons"][0]["distance_bits"] <= 31


def test_a_banked_text_asks_for_a_person_and_never_removes(domain: Domain) -> None:
    text = "The Grey Heron Column marches at dawn, bring your umbrellas."
    banking = Banking("grey-heron", domain_source(), legal_type="c")
    entry = bank_text(text, banking, actor=domain.adder, settings=current())
    confirmation.confirm_entry(entry.number, actor=domain.confirmer)
    answer = domain.ask("p1", b"", text="  THE grey heron column MARCHES at dawn, bring your umbrellas. ")
    assert answer["verdict"] == "review"
    assert domain.ask("p2", b"", text="The grey heron stands by the lake at dawn.")["verdict"] == "allow"


def domain_source() -> banks.Provenance:
    """Where test entries come from."""
    return banks.Provenance("unit A")


def test_a_confirmed_harmless_entry_outweighs_and_the_platform_is_told(domain: Domain) -> None:
    domain.bank_confirmed(1)
    harmless = domain.bank(1, kind=Entry.Kind.HARMLESS)
    assert domain.ask("p0", as_bytes(picture(1)))["verdict"] == "hold"
    confirmation.confirm_entry(harmless.number, actor=domain.confirmer)
    answer = domain.ask("p1", as_bytes(picture(1)))
    assert answer["verdict"] == "allow"
    assert answer["notes"]
    assert harmless.number not in json.dumps(answer["reasons"])


def test_a_removed_entry_is_found_no_more_and_a_restored_one_again(domain: Domain) -> None:
    entry = domain.bank_confirmed(1)
    banks.remove_entry(entry.number, reason="a mistake", actor=domain.adder)
    assert domain.ask("p1", as_bytes(picture(1)))["verdict"] == "allow"
    banks.restore_entry(entry.number, actor=domain.adder)
    assert domain.ask("p2", as_bytes(picture(1)))["verdict"] == "hold"


def test_a_picture_without_structure_is_not_matched_and_says_so(domain: Domain) -> None:
    domain.bank_confirmed(1)
    answer = domain.ask("p1", as_bytes(flat_picture()))
    assert answer["verdict"] == "allow"
    assert [note["code"] for note in answer["notes"]] == ["pdq_quality_low"]


def test_a_damaged_medium_is_quarantined_sealed_and_seen_by_a_person(domain: Domain) -> None:
    damaged = as_bytes(picture(3), "JPEG")[:200]
    answer = domain.ask("p1", damaged)
    assert answer["verdict"] == "review"
    assert [one["media"] for one in answer["quarantined"]] == ["m1"]
    item = EvidenceItem.objects.get(kind="quarantine")
    _, data = read_item(item.reference, purpose="a test", actor=domain.adder, settings=current())
    assert data == damaged


def test_everything_is_sealed_at_once_and_only_sealed(domain: Domain, database: str) -> None:
    domain.bank_confirmed(1)
    answer = domain.ask("p1", copy_of(1), text="a very particular sentence")
    case = Case.objects.get()
    assert answer["case"] == case.number
    kinds = set(EvidenceItem.objects.filter(subject=f"case:{case.number}").values_list("kind", flat=True))
    assert kinds == {"record", "text", "medium", "preview"}
    for blob in (current().data / "blobs").rglob("*"):
        assert blob.is_dir() or b"very particular" not in blob.read_bytes()
    assert "particular" not in json.dumps(list(LedgerEntry.objects.values_list("facts", flat=True)))
    assert "particular" not in json.dumps(list(Case.objects.values_list("reasons", "answer")))


def test_the_same_question_gets_the_same_answer_and_one_case(domain: Domain) -> None:
    domain.bank_confirmed(1)
    first = domain.ask("p1", copy_of(1), text="x")
    again = domain.ask("p1", copy_of(1), text="x")
    assert again == first
    assert Case.objects.count() == 1


def test_an_edited_content_is_another_question(domain: Domain) -> None:
    domain.bank_confirmed(1)
    first = domain.ask("p1", copy_of(1), text="x")
    edited = domain.ask("p1", copy_of(1), text="y")
    assert edited["case"] != first["case"]


def test_an_idempotency_key_with_another_question_is_refused(domain: Domain) -> None:
    domain.bank_confirmed(1)
    first = domain.ask("p1", copy_of(1), key="k1")
    assert domain.ask("p1", copy_of(1), key="k1") == first
    with pytest.raises(Conflict) as caught:
        domain.ask("p2", copy_of(1), key="k1")
    assert caught.value.code == "idempotency_key_reused"


def test_a_rule_in_shadow_changes_nothing_and_is_recorded(domain: Domain) -> None:
    policies.activate(
        "version: 1\nname: shadowy\nrules:\n  - name: every-post\n    each: content\n"
        '    when: content.kind == "post"\n    then: hold\n    because: A trial.\n    shadow: true\n',
        actor=domain.confirmer,
    )
    answer = domain.ask("p1", as_bytes(picture(2)))
    assert answer["verdict"] == "allow"
    assert answer["reasons"] == []
    hit = LedgerEntry.objects.get(event="policy.shadow_rule_hit.v1")
    assert hit.facts["rules"] == ["every-post"]
