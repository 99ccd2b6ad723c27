"""A match drawn and told, and why a picture was missed: real uploads, by console, API and command line."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageOps

from api_calls import with_own_token
from command_line import done, run
from domain import SOURCE, Domain, make_domain
from pictures import as_bytes, detailed_picture
from vigie.banks import service as banks
from vigie.banks.models import Bank, Entry
from vigie.banks.service import EntryDraft, SignalValue
from vigie.cases.service import find_case
from vigie.evidence.models import EvidenceItem
from vigie.flows.banking import Banking, bank_file
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.people.models import User
from vigie.signals.media import MediumLimits, hash_medium

ORIGINAL = detailed_picture(1)
EDITED = as_bytes(ImageOps.mirror(ORIGINAL).crop((0, 0, 640, 432)), "JPEG", quality=85)
MIRRORED = as_bytes(ImageOps.mirror(ORIGINAL))


@pytest.fixture
def domain(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Domain:
    monkeypatch.chdir(tmp_path)
    return make_domain()


def browser_of(user: User) -> Client:
    """A signed-in browser."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def banked(domain: Domain, level: Bank.Level) -> Entry:
    """The original in a bank at this level."""
    banks.change_bank("grey-heron", level=level, actor=COMMAND_LINE)
    return bank_file(
        as_bytes(ORIGINAL), Banking("grey-heron", SOURCE), actor=domain.adder, settings=current()
    ).entry


def compared(client: Client, entry: Entry, data: bytes) -> str:
    """The page that says why this picture was missed."""
    file = SimpleUploadedFile("p.png", data, "image/png")
    answer = client.post(f"/banks/{entry.bank.name}/{entry.number}/missed", {"picture": file})
    return answer.content.decode()


@pytest.mark.parametrize("level", [Bank.Level.ROBUST, Bank.Level.VERIFIED])
def test_an_edited_copy_is_drawn_and_told_everywhere(domain: Domain, level: Bank.Level) -> None:
    banked(domain, level)
    case = domain.ask("p1", EDITED)["case"]
    page = browser_of(domain.anna).get(f"/cases/{case}").content.decode()
    assert 'data-upload-outline="' in page
    assert "Found from level robust on" in page
    assert "of the upload shows 90 % of the banked picture." in page
    assert ("corners agree" in page) == (level == Bank.Level.VERIFIED)

    match = with_own_token(domain.anna).get(f"/cases/{case}").json()["matches"][0]
    assert match["outlines"]["share_of_entry"] == pytest.approx(0.9, abs=0.02)
    assert max(y for _, y in match["outlines"]["shared_in_entry"]) == pytest.approx(0.9, abs=0.02)
    assert [len(match["outlines"][name]) for name in ("entry_in_upload", "upload_in_entry")] == [4, 4]

    shown = done("case", "show", case)["matches"][0]
    assert shown["share_of_entry"] == match["outlines"]["share_of_entry"]
    told = run("case", "show", case).stdout
    assert "an edited copy: mirrored" in told
    assert "of the upload shows 90% of the entry's picture" in told
    assert ("score 0.99" in told) == (level == Bank.Level.VERIFIED)


def test_a_whole_that_matches_is_drawn_too_and_has_no_outlines_of_parts(domain: Domain) -> None:
    banked(domain, Bank.Level.PLAIN)
    case = domain.ask("p1", as_bytes(ORIGINAL.resize((320, 240)), "JPEG", quality=60))["case"]
    page = browser_of(domain.anna).get(f"/cases/{case}").content.decode()
    assert 'data-upload-outline="0,0 1000,0 1000,1000 0,1000"' in page
    assert with_own_token(domain.anna).get(f"/cases/{case}").json()["matches"][0]["outlines"] is None


def test_an_entry_of_hashes_alone_is_outlined_and_says_how_to_get_its_picture(domain: Domain) -> None:
    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    limits = MediumLimits.from_settings(current())
    found = hash_medium(as_bytes(ORIGINAL), limits=limits)
    signal = SignalValue("pdq", found.pdq, found.pdq_quality)
    banks.add_entry("grey-heron", EntryDraft(signals=(signal,), provenance=SOURCE), actor=domain.adder)
    page = browser_of(domain.anna).get(f"/cases/{domain.ask('p1', MIRRORED)['case']}").content.decode()
    assert "outline-box" in page
    assert "No picture of this entry is kept, so only its outline is drawn." in page
    assert "stage-place" not in page


def test_a_turn_is_told_with_the_picture_and_only_with_a_purpose(domain: Domain) -> None:
    entry = banked(domain, Bank.Level.VERIFIED)
    held, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    ImageOps.mirror(ORIGINAL).save(held, "JPEG", quality=90, exif=exif)
    medium = find_case(domain.ask("p1", held.getvalue())["case"]).media.get()
    client = browser_of(domain.anna)
    address = f"/pictures/{medium.original}/clear"

    refused = client.post(address, {"turn": "1"})
    assert (refused.status_code, "Vigie-Turn" in refused) == (422, False)
    assert not LedgerEntry.objects.filter(event="evidence.read.v1", subject__startswith="case:").exists()
    assert "Vigie-Turn" not in client.post(address, {"purpose": "a test"})
    turned = client.post(address, {"purpose": "a test", "turn": "1"})
    assert turned["Vigie-Turn"] == "0 -1 1 1 0 0 0 0 1"
    kept = client.post(f"/pictures/{entry.picture}/clear", {"purpose": "a test", "turn": "1"})
    assert kept["Vigie-Turn"] == "1 0 0 0 1 0 0 0 1"
    read = LedgerEntry.objects.filter(event="evidence.read.v1")
    assert [row.facts["purpose"] for row in read] == ["a test"] * 3


def test_an_entrys_page_says_why_a_picture_was_missed_and_keeps_nothing(domain: Domain) -> None:
    entry, client = banked(domain, Bank.Level.PLAIN), browser_of(domain.anna)
    before = (EvidenceItem.objects.count(), LedgerEntry.objects.count())
    page = compared(client, entry, MIRRORED)
    assert "Level robust finds it, by a part or a turn of the picture." in page
    assert "bits differ: mirrored" in page
    assert "Set Grey Heron to level robust" in page
    assert "No level finds it." in compared(client, entry, as_bytes(detailed_picture(9)))
    assert (EvidenceItem.objects.count(), LedgerEntry.objects.count()) == before

    client.post(f"/banks/grey-heron/{entry.number}/level", {"level": "verified"})
    assert banks.find_bank("grey-heron").level == "verified"
    banked(domain, Bank.Level.VERIFIED)
    page = compared(client, entry, EDITED)
    assert "uploads like it are found now" in page
    assert "Laid on each other" in page


def test_what_cannot_be_compared_is_refused_in_words(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    entry, client = banked(domain, Bank.Level.PLAIN), browser_of(domain.anna)
    assert "is not a JPEG, PNG, WebP or GIF picture" in compared(client, entry, b"no picture")
    assert "The medium has no bytes." in compared(client, entry, b"")
    address = f"/banks/grey-heron/{entry.number}/missed"
    assert client.post(address).status_code == 422
    assert client.get(f"/banks/other/{entry.number}/missed").status_code == 404
    monkeypatch.setenv("VIGIE_MEDIUM_BYTES_MAX", "2000")
    current.cache_clear()
    assert "more bytes than this server takes" in compared(client, entry, MIRRORED)
    monkeypatch.undo()
    current.cache_clear()
    client.post(f"/banks/grey-heron/{entry.number}/level", {"level": "deepest"})
    assert banks.find_bank("grey-heron").level == "plain"


def test_a_picture_of_a_case_is_compared_with_a_purpose(domain: Domain) -> None:
    banked(domain, Bank.Level.VERIFIED)
    other = bank_file(
        as_bytes(detailed_picture(4)), Banking("grey-heron", SOURCE), actor=domain.adder, settings=current()
    ).entry
    case, client = domain.ask("p1", EDITED)["case"], browser_of(domain.anna)
    asked = {"medium": "m1", "entry": other.number.lower()}

    def readings() -> list[str]:
        rows = LedgerEntry.objects.filter(event="evidence.read.v1", subject=f"case:{case}")
        return [row.facts["purpose"] for row in rows]

    refused = client.post(f"/cases/{case}/missed", asked, follow=True)
    assert "Reading evidence needs a purpose." in refused.content.decode()
    assert "why was it missed" not in readings()
    page = client.post(f"/cases/{case}/missed", {**asked, "purpose": "why was it missed"})
    assert "No level finds it." in page.content.decode()
    assert "why was it missed" in readings()
    unknown = client.post(
        f"/cases/{case}/missed", {**asked, "entry": "E-9", "purpose": "a test"}, follow=True
    )
    assert "There is no such entry." in unknown.content.decode()


def test_who_may_not_read_or_bank_sees_no_way_to(domain: Domain) -> None:
    entry = banked(domain, Bank.Level.VERIFIED)
    case = domain.ask("p1", EDITED)["case"]
    analyst = browser_of(User.objects.create(username="nils", role="analyst"))
    page = analyst.get(f"/cases/{case}").content.decode()
    assert "stage-place" not in page
    assert "of the upload shows 90 % of the banked picture." in page
    assert analyst.post(f"/cases/{case}/missed", {"medium": "m1", "entry": entry.number}).status_code == 403
    auditor = browser_of(User.objects.create(username="audrey", role="auditor"))
    assert auditor.post(f"/banks/grey-heron/{entry.number}/level", {"level": "plain"}).status_code == 403
    banks.change_bank("grey-heron", level=Bank.Level.PLAIN, actor=COMMAND_LINE)
    assert "Set Grey Heron to level" not in compared(auditor, entry, MIRRORED)
