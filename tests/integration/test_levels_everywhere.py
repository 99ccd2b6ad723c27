"""Levels, edits in words, and why a picture was missed: by API, command line and console alike."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import ImageOps

from api_calls import ApiCaller, with_own_token
from command_line import done, run
from domain import Domain, make_domain
from pictures import as_bytes, detailed_picture, flat_picture, picture
from vigie.banks import service as banks
from vigie.banks.models import Bank, EntryVariant
from vigie.cases.models import CaseMatch
from vigie.console.edit_words import edit_words, match_words
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.signals.variants import Variant

MIRRORED = as_bytes(ImageOps.mirror(picture(1)))
CUT = as_bytes(picture(1).crop((0, 0, 640, 420)))


@pytest.fixture
def domain(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Domain:
    monkeypatch.chdir(tmp_path)
    return make_domain()


@pytest.fixture
def anna(domain: Domain) -> ApiCaller:
    """A reviewer."""
    return with_own_token(domain.anna)


def asked(caller: ApiCaller, number: str, data: bytes) -> dict[str, object]:
    """Why this picture was missed."""
    file = SimpleUploadedFile("p.png", data, "image/png")
    answer: dict[str, object] = caller.upload(f"/entries/{number}/missed", {"file": file}).json()
    return answer


def test_a_level_is_set_and_shown_by_api_and_command_line(domain: Domain, anna: ApiCaller) -> None:
    made = anna.post("/banks", {"name": "blue-crane", "level": "robust"})
    assert made.json()["level"] == "robust"
    assert anna.patch("/banks/blue-crane", {"level": "plain"}).json()["level"] == "plain"
    assert anna.patch("/banks/blue-crane", {"title": "Blue"}).json()["level"] == "plain"
    assert anna.patch("/banks/blue-crane", {"level": "deep"}).status_code == 422
    assert done("bank", "level", "blue-crane", "robust")["level"] == "robust"
    assert done("bank", "create", "red-kite", "--level", "robust")["level"] == "robust"
    assert run("bank", "level", "blue-crane", "deep").exit_code == 2
    assert {one["name"]: one["level"] for one in done("bank", "list")["banks"]} == {
        "blue-crane": "robust",
        "grey-heron": "plain",
        "red-kite": "robust",
    }


def test_the_command_line_finds_edited_copies_at_level_robust(domain: Domain, tmp_path: Path) -> None:
    number = domain.bank(1).number
    (tmp_path / "mirrored.png").write_bytes(MIRRORED)
    assert done("match", "mirrored.png")["items"][0]["matches"] == []
    found = done("match", "mirrored.png", "--level", "robust")["items"][0]["matches"]
    assert [(one["entry"], one["signal"], one["edit"]) for one in found] == [
        (number, "pdq_variant", "mirrored")
    ]
    assert "mirrored" in run("match", "mirrored.png", "--level", "robust").stdout


def test_why_a_picture_was_missed(domain: Domain, anna: ApiCaller) -> None:
    number = domain.bank(1).number
    plain = asked(anna, number, as_bytes(picture(1), "JPEG", quality=60))
    assert (plain["found_by"], plain["bank_level"]) == ("plain", "plain")
    mirrored = asked(anna, number, MIRRORED)
    assert mirrored["found_by"] == "robust"
    assert "Set it to level robust." in str(mirrored["advice"])
    without = asked(anna, number, CUT)
    assert without["found_by"] == "none"
    assert "bank the entry’s picture again" in str(without["advice"])
    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    domain.bank(1)
    with_variants = asked(anna, number, CUT)
    assert with_variants["found_by"] == "robust"
    assert "found now" in str(with_variants["advice"])
    banks.change_bank("grey-heron", level=Bank.Level.VERIFIED, actor=COMMAND_LINE)
    domain.bank(1)
    assert "different pictures" in str(asked(anna, number, as_bytes(picture(9)))["advice"])
    flat = asked(anna, number, as_bytes(flat_picture()))
    assert (flat["found_by"], flat["variant"]) == ("none", {"distance_bits": None, "edit": ""})


def test_the_command_line_says_why_too_and_refuses_what_it_cannot_compare(
    domain: Domain, tmp_path: Path
) -> None:
    number = domain.bank(1).number
    (tmp_path / "mirrored.png").write_bytes(MIRRORED)
    told = done("missed", "mirrored.png", number)
    assert (told["found_by"], told["edit"]) == ("robust", "mirrored")
    assert told["variant_distance_bits"] <= current().variant_distance_bits_max
    (tmp_path / "no.png").write_bytes(b"no picture")
    assert run("missed", "no.png", number).exit_code == 1
    assert run("missed", "mirrored.png", "E-999999").exit_code == 1


def test_a_case_tells_the_edit_by_api_and_in_the_console_in_french_too(
    domain: Domain, anna: ApiCaller
) -> None:
    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    domain.bank(1)
    case = domain.ask("p1", MIRRORED)["case"]
    assert [one["edit"] for one in anna.get(f"/cases/{case}").json()["matches"]] == ["mirrored"]
    upload, entry = Variant("whole", orientation="mirrored"), Variant("cut", (0.0, 0.0, 1.0, 0.88))
    assert edit_words(upload, entry) == "mirrored, a part of the picture cut off: below 12 %"
    with translation.override("fr"):
        assert edit_words(upload, entry) == "en miroir, une partie de l’image coupée : en bas 12 %"
    with_bar, grown = (
        Variant("evened", (0.1, 0.1, 0.9, 0.9)),
        Variant("turned_grown", (-0.1, -0.1, 1.1, 1.1), degrees=3),
    )
    assert edit_words(with_bar, grown) == "turned by about 3 degrees, a bar of 10 % of the upload"


def test_variants_that_are_stored_can_be_read(domain: Domain) -> None:
    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    entry = domain.bank(1)
    stored = [Variant.parse(one.variant) for one in EntryVariant.objects.filter(entry=entry)]
    assert {"whole", "cut", "turned", "turned_cut"} <= {one.part for one in stored}


def test_level_verified_by_api_and_command_line_and_what_it_says_of_a_missed_picture(
    domain: Domain, anna: ApiCaller, tmp_path: Path
) -> None:
    assert anna.patch("/banks/grey-heron", {"level": "verified"}).json()["level"] == "verified"
    assert done("bank", "level", "grey-heron", "verified")["level"] == "verified"
    original = detailed_picture(1)
    (tmp_path / "original.png").write_bytes(as_bytes(original))
    number = done("bank", "add", "grey-heron", "original.png", "--source", "unit A")["items"][0]["entry"]
    edited = original.crop((90, 15, 628, 430))
    (tmp_path / "edited.png").write_bytes(as_bytes(edited))
    EntryVariant.objects.all().delete()
    found = done("match", "edited.png")["items"][0]["matches"]
    assert [(one["entry"], one["signal"]) for one in found] == [(number, "features")]
    assert found[0]["score_percent"] >= 95
    assert found[0]["inliers"] > 50
    assert len(found[0]["placement"]) == 9
    told = done("missed", "edited.png", number)
    assert (told["found_by"], told["share_of_upload"]) == ("verified", pytest.approx(1.0, abs=0.02))
    assert "This bank is at level verified" in told["advice"]
    answer = asked(anna, number, as_bytes(edited))
    assert answer["found_by"] == "verified"
    assert isinstance(answer["alignment"], dict)
    assert answer["alignment"]["score"] > 0.95
    other = asked(anna, number, as_bytes(detailed_picture(2)))
    assert (other["found_by"], other["alignment"]) == ("none", None)
    case = domain.ask("p1", as_bytes(edited))["case"]
    match = anna.get(f"/cases/{case}").json()["matches"][0]
    assert (match["signal"], len(match["placement"])) == ("features", 9)
    assert match["alignment"]["share_of_entry"] == pytest.approx(0.73, abs=0.02)
    with translation.override("fr"):
        assert "points concordent" in match_words(CaseMatch.objects.get())
