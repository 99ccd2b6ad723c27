"""Levels, edits in words, and why a picture was missed: by API, command line and console alike."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ImageOps

from api_calls import ApiCaller, with_own_token
from command_line import done, run
from domain import Domain, make_domain
from pictures import as_bytes, flat_picture, picture
from vigie.banks import service as banks
from vigie.banks.models import Bank, EntryVariant
from vigie.console.edit_words import edit_words
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
    assert "Set the bank to it." in str(mirrored["advice"])
    without = asked(anna, number, CUT)
    assert without["found_by"] == "none"
    assert "Bank the entry's picture again" in str(without["advice"])
    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    domain.bank(1)
    with_variants = asked(anna, number, CUT)
    assert with_variants["found_by"] == "robust"
    assert "cut off below" in str(with_variants["advice"])
    assert "nearest variant is" in str(asked(anna, number, as_bytes(picture(9)))["advice"])
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
    from django.utils import translation

    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    domain.bank(1)
    case = domain.ask("p1", MIRRORED)["case"]
    assert [one["edit"] for one in anna.get(f"/cases/{case}").json()["matches"]] == ["mirrored"]
    upload, entry = Variant("whole", orientation="mirrored"), Variant("cut", (0.0, 0.0, 1.0, 0.88))
    assert edit_words(upload, entry) == "mirrored, a part of the picture cut off: below 12 %"
    with translation.override("fr"):
        assert edit_words(upload, entry) == "en miroir, une partie de l’image coupée : en bas 12 %"


def test_variants_that_are_stored_can_be_read(domain: Domain) -> None:
    banks.change_bank("grey-heron", level=Bank.Level.ROBUST, actor=COMMAND_LINE)
    entry = domain.bank(1)
    stored = [Variant.parse(one.variant) for one in EntryVariant.objects.filter(entry=entry)]
    assert {"whole", "cut", "turned", "turned_cut"} <= {one.part for one in stored}
