"""Level verified: edited copies laid on the entry's picture, found also where no hash is near, and what may follow."""

import pytest
from PIL import Image, ImageOps

from domain import SOURCE, Domain, make_domain
from pictures import as_bytes, detailed_picture, flat_picture
from vigie.banks import confirmation
from vigie.banks import service as banks
from vigie.banks.models import Bank, Entry, EntryFeatures, EntryVariant
from vigie.cases.models import CaseMatch
from vigie.flows.banking import Banking, bank_file
from vigie.flows.examination import Level, Upload, UploadedMedium
from vigie.flows.upload import judge_upload
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.matching.index import MatchIndex
from vigie.policy import service as policies

pytestmark = pytest.mark.usefixtures("database")

ORIGINAL = detailed_picture(1)
HARSH = """version: 1
name: harsh
rules:
  - name: verified-copy
    each: match
    when: match.signal != "text_sha256"
    then: remove
    because: All pictures that match.
"""


@pytest.fixture
def domain(database: str) -> Domain:
    """A filled database whose bank is at level verified."""
    made = make_domain()
    banks.change_bank("grey-heron", level=Bank.Level.VERIFIED, actor=COMMAND_LINE)
    return made


def banked(domain: Domain, image: Image.Image = ORIGINAL, kind: Entry.Kind = Entry.Kind.KNOWN) -> Entry:
    """An entry that a second person confirmed."""
    entry = bank_file(
        as_bytes(image), Banking("grey-heron", SOURCE, kind), actor=domain.adder, settings=current()
    ).entry
    confirmation.confirm_entry(entry.number, actor=domain.confirmer)
    return entry


def cut_unevenly(image: Image.Image) -> Image.Image:
    """Another share cut off at every side, as no variant has it."""
    width, height = image.size
    return image.crop((width * 14 // 100, height * 3 // 100, width * 98 // 100, height * 90 // 100))


def pasted_small(image: Image.Image) -> Image.Image:
    """In something else, on a third of its area."""
    ground = detailed_picture(50, width_px=960, height_px=720)
    ground.paste(image.resize((560, 420)), (350, 250))
    return ground


@pytest.mark.parametrize("edited", [cut_unevenly(ORIGINAL), ImageOps.mirror(cut_unevenly(ORIGINAL))])
def test_what_no_hash_is_near_to_is_found_by_features(domain: Domain, edited: Image.Image) -> None:
    entry = banked(domain)
    EntryVariant.objects.all().delete()
    answer = domain.ask("p1", as_bytes(edited, "JPEG", quality=85))
    reason = answer["reasons"][0]
    assert (answer["verdict"], reason["entry"], reason["signal"]) == ("hold", entry.number, "features")
    assert reason["verified"]
    assert "% of the entry's picture cut off" in reason["edit"]
    match = CaseMatch.objects.get()
    assert match.edit == reason["edit"]
    assert match.aligned is not None
    assert match.aligned.share_of_entry == pytest.approx(0.73, abs=0.03)


def test_an_edited_copy_found_by_a_variant_is_verified_and_held(domain: Domain) -> None:
    banked(domain)
    answer = domain.ask("p1", as_bytes(ImageOps.mirror(ORIGINAL)))
    assert answer["verdict"] == "hold"
    assert [(one["signal"], one["verified"]) for one in answer["reasons"]] == [("pdq_variant", True)]
    match = CaseMatch.objects.get()
    assert match.placed is not None
    assert match.placed.is_mirrored
    assert match.score is not None
    assert match.score > 0.99


def test_a_rule_may_remove_a_verified_copy_of_confirmed_material_and_nothing_less(domain: Domain) -> None:
    policies.activate(HARSH, actor=COMMAND_LINE)
    entry = banked(domain)
    assert domain.ask("p1", as_bytes(ImageOps.mirror(ORIGINAL)))["verdict"] == "remove"
    part = domain.ask("p2", as_bytes(pasted_small(ORIGINAL)))
    assert part["verdict"] == "hold"
    assert "recognised by a part" in part["reasons"][0]["capped"]
    confirmation.withdraw_confirmation(entry.number, actor=domain.confirmer)
    unconfirmed = domain.ask("p3", as_bytes(ImageOps.mirror(ORIGINAL)))
    assert unconfirmed["verdict"] == "hold"
    assert "no person has confirmed" in unconfirmed["reasons"][0]["capped"]


def test_an_entry_without_features_matches_as_at_level_robust(domain: Domain) -> None:
    policies.activate(HARSH, actor=COMMAND_LINE)
    banked(domain)
    EntryFeatures.objects.all().delete()
    answer = domain.ask("p1", as_bytes(ImageOps.mirror(ORIGINAL)))
    assert answer["verdict"] == "hold"
    assert "verified" not in answer["reasons"][0]
    assert CaseMatch.objects.get().placed is not None


def test_different_pictures_and_pictures_without_corners_are_let_pass(domain: Domain) -> None:
    banked(domain)
    others = [as_bytes(cut_unevenly(detailed_picture(seed))) for seed in range(2, 6)]
    answers = [
        domain.ask(f"p{number}", data) for number, data in enumerate([*others, as_bytes(flat_picture())])
    ]
    assert [one["verdict"] for one in answers] == ["allow"] * 5


def test_a_call_sets_the_level_for_all_banks(domain: Domain) -> None:
    banked(domain)
    upload = UploadedMedium("m1", data=as_bytes(pasted_small(ORIGINAL)))
    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    levels: tuple[Level | None, ...] = ("robust", None, "verified")
    answers = [
        judge_upload(
            Upload("forum", f"p{number}", media=(upload,), level=level),
            tools=domain.tools(),
            actor=COMMAND_LINE,
        )
        for number, level in enumerate(levels)
    ]
    assert [bool(one["reasons"] and "verified" in one["reasons"][0]) for one in answers] == [
        False,
        False,
        True,
    ]


def test_features_are_kept_at_level_verified_alone_and_locked(domain: Domain) -> None:
    entry = banked(domain)
    row = EntryFeatures.objects.get(entry=entry)
    assert len(row.locked) < 25_000
    assert 2_000 < len(row.words) <= 4_001
    harmless = banked(domain, detailed_picture(7), Entry.Kind.HARMLESS)
    assert not EntryFeatures.objects.filter(entry=harmless).exists()
    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    robust = banked(domain, detailed_picture(8))
    assert not EntryFeatures.objects.filter(entry=robust).exists()
    banks.change_bank("grey-heron", level=Bank.Level.VERIFIED, actor=COMMAND_LINE)
    assert banked(domain, detailed_picture(8)) == robust
    assert EntryFeatures.objects.filter(entry=robust).exists()


def test_an_entry_whose_words_were_forgotten_gets_them_with_its_picture(domain: Domain) -> None:
    entry = banked(domain)
    EntryVariant.objects.all().delete()
    EntryFeatures.objects.update(words=b"")
    edited = as_bytes(cut_unevenly(ORIGINAL))
    domain.index.start(current().data / "index")
    assert domain.ask("p1", edited)["verdict"] == "allow"
    assert banked(domain) == entry
    EntryVariant.objects.all().delete()
    domain.index.start(current().data / "index")
    assert domain.ask("p2", edited)["verdict"] == "hold"


def test_a_harmless_picture_that_shows_a_known_one_is_let_pass(domain: Domain) -> None:
    banked(domain)
    page = pasted_small(ORIGINAL)
    assert domain.ask("p1", as_bytes(page))["verdict"] == "hold"
    banked(domain, page, Entry.Kind.HARMLESS)
    assert domain.ask("p2", as_bytes(page, "JPEG", quality=80))["verdict"] == "allow"


def test_features_follow_removal_restoration_and_restart(domain: Domain) -> None:
    entry = banked(domain)
    edited = as_bytes(cut_unevenly(ORIGINAL))
    assert domain.ask("p1", edited)["verdict"] == "hold"
    banks.remove_entry(entry.number, reason="by mistake", actor=domain.adder)
    assert domain.ask("p2", edited)["verdict"] == "allow"
    banks.restore_entry(entry.number, actor=domain.adder)
    assert domain.ask("p3", edited)["verdict"] == "hold"
    folder = current().data / "index"
    domain.index.write_snapshot(folder)
    for place in (folder, folder / "nothing-here"):
        restarted = MatchIndex()
        restarted.start(place)
        assert restarted.is_verified
        assert restarted.has_features
