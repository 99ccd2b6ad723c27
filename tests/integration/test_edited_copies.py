"""Edited copies of what was banked: found in banks at level robust, told in words, and never removed alone."""

import pytest
from PIL import Image, ImageOps

from domain import SOURCE, Domain, make_domain
from pictures import as_bytes, picture
from vigie.banks import confirmation
from vigie.banks import service as banks
from vigie.banks.models import Bank, Entry, EntryVariant
from vigie.banks.service import EntryDraft, SignalValue
from vigie.cases.models import CaseMatch
from vigie.flows.archiving import seen_upload
from vigie.flows.banking import Banking, bank_file
from vigie.flows.examination import Level, Upload, UploadedMedium, examine, queries_of
from vigie.flows.upload import judge_upload
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.matching.index import MatchIndex
from vigie.signals.media import MediumLimits, hash_medium
from vigie.signals.variants import VARIANT_SIGNAL

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def domain(database: str) -> Domain:
    """A filled database whose bank is at level robust."""
    made = make_domain()
    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    return made


def framed(image: Image.Image) -> Image.Image:
    """With a frame of one colour around it."""
    return ImageOps.expand(image, border=60, fill="#e8e4da")


def cut_below(image: Image.Image) -> Image.Image:
    """Without its lower eighth."""
    return image.crop((0, 0, image.width, image.height * 7 // 8))


@pytest.mark.parametrize(
    ("edited", "told"),
    [
        (ImageOps.mirror(picture(1)), "mirrored"),
        (picture(1).transpose(Image.Transpose.ROTATE_90), "turned by 90 degrees to the left"),
        (cut_below(picture(1)), "% cut off below"),
        (cut_below(ImageOps.mirror(picture(1))), "mirrored, "),
        (framed(picture(1)), "of the upload added"),
        (picture(1).rotate(3), "turned by about 3 degrees to the left"),
    ],
)
def test_an_edited_copy_is_held_and_told_in_words(domain: Domain, edited: Image.Image, told: str) -> None:
    entry = domain.bank_confirmed(1)
    answer = domain.ask("p1", as_bytes(edited, "JPEG", quality=85))
    assert answer["verdict"] == "hold"
    assert [(one["entry"], one["signal"]) for one in answer["reasons"]] == [(entry.number, "pdq_variant")]
    assert told in answer["reasons"][0]["edit"]
    assert CaseMatch.objects.get().edit == answer["reasons"][0]["edit"]


def test_an_edited_copy_never_removes_even_at_distance_0(domain: Domain) -> None:
    entry = domain.bank_confirmed(1)
    cut = EntryVariant.objects.filter(entry=entry, variant__startswith="cut").last()
    assert cut is not None
    medium = UploadedMedium("m1", signals={"pdq": bytes(cut.value)}, pdq_quality=100)
    answer = judge_upload(Upload("forum", "p1", media=(medium,)), tools=domain.tools(), actor=COMMAND_LINE)
    assert answer["verdict"] == "hold"
    assert [one["distance_bits"] for one in answer["reasons"]] == [0]


def test_a_rule_that_asks_to_remove_edited_copies_is_capped(domain: Domain) -> None:
    from vigie.policy import service as policies

    text = """version: 1
name: harsh
rules:
  - name: everything
    each: match
    when: "true"
    then: remove
    because: All that matches.
"""
    policies.activate(text, actor=COMMAND_LINE)
    domain.bank_confirmed(1)
    answer = domain.ask("p1", as_bytes(ImageOps.mirror(picture(1))))
    assert answer["verdict"] == "hold"
    assert "an edited copy was recognised by a part" in answer["reasons"][0]["capped"]


def test_a_copy_of_the_whole_is_found_as_before_and_told_once(domain: Domain) -> None:
    domain.bank_confirmed(1)
    answer = domain.ask("p1", as_bytes(picture(1)))
    assert answer["verdict"] == "remove"
    assert {one["signal"] for one in answer["reasons"]} == {"pdq", "sha256", "md5"} or {
        one["signal"] for one in answer["reasons"]
    } == {"pdq", "sha256"}


def test_a_plain_bank_does_not_find_edited_copies_unless_the_call_asks(domain: Domain) -> None:
    domain.bank_confirmed(1)
    banks.change_bank("grey-heron", level=Bank.Level.PLAIN, actor=COMMAND_LINE)
    mirrored = UploadedMedium("m1", data=as_bytes(ImageOps.mirror(picture(1))))
    levels: tuple[Level | None, ...] = (None, "robust", "plain")
    verdicts = [
        judge_upload(
            Upload("forum", f"p{number}", media=(mirrored,), level=level),
            tools=domain.tools(),
            actor=COMMAND_LINE,
        )["verdict"]
        for number, level in enumerate(levels)
    ]
    assert verdicts == ["allow", "hold", "allow"]


def test_a_call_can_ask_for_less_than_the_bank(domain: Domain) -> None:
    domain.bank_confirmed(1)
    mirrored = UploadedMedium("m1", data=as_bytes(ImageOps.mirror(picture(1))))
    upload = Upload("forum", "p1", media=(mirrored,), level="plain")
    assert judge_upload(upload, tools=domain.tools(), actor=COMMAND_LINE)["verdict"] == "allow"


def test_an_entry_of_hashes_alone_is_found_mirrored_and_framed(domain: Domain) -> None:
    signals = hash_medium(as_bytes(picture(1)), limits=MediumLimits.from_settings(current()))
    draft = EntryDraft((SignalValue("pdq", signals.pdq, signals.pdq_quality),), SOURCE)
    entry = banks.add_entry("grey-heron", draft, actor=domain.adder)
    for number, edited in enumerate((ImageOps.mirror(picture(1)), framed(picture(1)))):
        answer = domain.ask(f"p{number}", as_bytes(edited))
        assert [one["entry"] for one in answer["reasons"]] == [entry.number]


def test_different_pictures_do_not_match_by_variants(domain: Domain) -> None:
    for seed in range(1, 6):
        domain.bank(seed)
    answers = [domain.ask(f"p{seed}", as_bytes(framed(picture(seed)))) for seed in range(10, 16)]
    assert [one["verdict"] for one in answers] == ["allow"] * 6


def test_a_harmless_entry_outweighs_edited_copies_only_by_the_whole(domain: Domain) -> None:
    known = domain.bank(1)
    harmless = domain.bank(2, kind=Entry.Kind.HARMLESS)
    confirmation.confirm_entry(harmless.number, actor=domain.confirmer)
    assert not EntryVariant.objects.filter(entry=harmless).exists()
    answer = domain.ask("p1", as_bytes(ImageOps.mirror(picture(2))))
    assert answer["verdict"] == "allow"
    assert domain.ask("p2", as_bytes(ImageOps.mirror(picture(1))))["reasons"][0]["entry"] == known.number


def test_an_older_entry_gets_its_variants_when_it_is_banked_again(domain: Domain) -> None:
    banks.change_bank("grey-heron", level=Bank.Level.PLAIN, actor=COMMAND_LINE)
    entry = domain.bank(1)
    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    cut = as_bytes(cut_below(picture(1)))
    assert domain.ask("p1", cut)["verdict"] == "allow"
    again = bank_file(
        as_bytes(picture(1)), Banking("grey-heron", SOURCE), actor=domain.adder, settings=current()
    )
    assert again.entry.number == entry.number
    assert domain.ask("p2", cut)["verdict"] == "hold"


def test_a_removed_entry_is_not_found_by_its_variants_and_a_restored_one_is(domain: Domain) -> None:
    entry = domain.bank(1)
    cut = as_bytes(cut_below(picture(1)))
    banks.remove_entry(entry.number, reason="by mistake", actor=domain.adder)
    assert domain.ask("p1", cut)["verdict"] == "allow"
    banks.restore_entry(entry.number, actor=domain.adder)
    assert domain.ask("p2", cut)["verdict"] == "hold"


def test_variants_survive_a_restart_by_snapshot_and_by_rebuilding(domain: Domain) -> None:
    domain.bank(1)
    domain.index.catch_up()
    folder = current().data / "index"
    domain.index.write_snapshot(folder)
    for origin in ("snapshot", "rebuilt"):
        restarted = MatchIndex()
        restarted.start(folder if origin == "snapshot" else folder / "nothing-here")
        assert restarted.state.origin == origin
        assert restarted.is_robust
        assert restarted.state.sizes == domain.index.state.sizes
        assert restarted.state.sizes["pdq_variant"] > 100


def test_the_archive_keeps_the_whole_and_no_variants() -> None:
    medium = UploadedMedium("m1", data=as_bytes(picture(1)))
    upload = Upload(platform="forum", external_id="p1", media=(medium,))
    examined = (examine(medium, current(), level="robust"),)
    queries = queries_of(upload, examined, current(), level="robust")
    assert VARIANT_SIGNAL in {one.type for one in queries}
    seen = seen_upload(upload, examined, queries, question="00" * 32, entries_seq=0, settings=current())
    assert sorted(one.type for one in seen.signals) == ["md5", "pdq", "sha256"]
