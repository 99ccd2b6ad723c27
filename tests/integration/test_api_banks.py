"""Banks and entries through the API: made, found, confirmed by a second person, taken in and out as files."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from api_calls import ApiCaller, person, service, with_own_token
from domain import Domain, make_domain
from loopback import LoopbackServer, answer
from pictures import as_bytes, flat_picture, picture
from vigie.banks.models import Bank, Entry
from vigie.foundation import settings as vigie_settings
from vigie.foundation.clock import now, utc_text
from vigie.ledger.models import LedgerEntry

PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
SHA = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ABOUT = {"source": "unit A", "source_reference": "ticket 1", "legal_type": "a"}


@pytest.fixture
def domain(database: str) -> Domain:
    return make_domain()


@pytest.fixture
def anna(domain: Domain) -> ApiCaller:
    """A reviewer."""
    return with_own_token(domain.anna)


@pytest.fixture
def ben(domain: Domain) -> ApiCaller:
    """A senior reviewer."""
    return with_own_token(domain.ben)


def from_signals(caller: ApiCaller, value: str = PDQ, **more: Any) -> Any:
    """Add an entry to the bank."""
    body = {**ABOUT, "signals": [{"type": "pdq", "value": value, "quality": 100}], **more}
    return caller.post("/banks/grey-heron/entries", body)


def from_file(caller: ApiCaller, data: bytes, **more: Any) -> Any:
    """Add a picture to the bank."""
    file = SimpleUploadedFile("p.png", data, "image/png")
    return caller.upload("/banks/grey-heron/entries/file", {**ABOUT, "file": file, **more})


def test_a_bank_is_made_once_and_found_again(anna: ApiCaller) -> None:
    made = anna.post("/banks", {"name": "blue-crane", "title": "Blue Crane"})
    assert made.status_code == 201
    assert made.json()["title"] == "Blue Crane"
    assert made.json()["created_by"].startswith("person:")
    again = anna.post("/banks", {"name": "blue-crane"})
    assert (again.status_code, again.json()["code"]) == (409, "bank_exists")
    assert [one["name"] for one in anna.get("/banks").json()["items"]] == ["blue-crane", "grey-heron"]
    assert anna.get("/banks/blue-crane").json()["entries"] == 0
    assert anna.get("/banks/no-such").json()["code"] == "bank_not_found"


def test_banks_come_in_pages(anna: ApiCaller) -> None:
    for number in range(5):
        anna.post("/banks", {"name": f"b{number}"})
    seen, cursor = [], ""
    for _ in range(4):
        page = anna.get("/banks", limit=2, cursor=cursor).json()
        seen += [one["name"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["b0", "b1", "b2", "b3", "b4", "grey-heron"]


def test_only_a_person_lets_a_bank_remove(domain: Domain, anna: ApiCaller) -> None:
    token = service("banks:read", "banks:write")
    assert token.post("/banks", {"name": "by-service", "may_remove": True}).status_code == 403
    assert token.post("/banks", {"name": "by-service"}).status_code == 201
    assert token.patch("/banks/by-service", {"may_remove": True}).status_code == 403
    assert anna.patch("/banks/by-service", {"may_remove": True}).json()["may_remove"] is True
    assert token.patch("/banks/by-service", {"may_remove": False, "title": "T"}).json()["title"] == "T"
    assert Bank.objects.get(name="by-service").matching


def test_the_same_signals_again_give_the_same_entry(anna: ApiCaller) -> None:
    first, second = from_signals(anna), from_signals(anna, value=PDQ.upper())
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["entry"]["number"] == second.json()["entry"]["number"]
    entry = first.json()["entry"]
    assert entry["signals"] == [{"type": "pdq", "value": PDQ, "quality": 100}]
    assert entry["added_at"].endswith("Z")
    assert not entry["confirmed"]
    assert LedgerEntry.objects.filter(event="banks.entry_added.v1").count() == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"signals": [{"type": "pdq", "value": "12"}]}, "signal_invalid"),
        ({"signals": [{"type": "colour", "value": "12"}]}, "invalid"),
        ({"signals": [{"type": "pdq", "value": PDQ, "quality": 20}]}, "pdq_quality_low"),
        ({"signals": []}, "invalid"),
        ({}, "invalid"),
        ({"signals": [{"type": "pdq", "value": PDQ}], "url": "https://a.example/"}, "invalid"),
        ({"text": "short"}, "text_too_short"),
        ({"signals": [{"type": "pdq", "value": PDQ}], "legal_type": "z"}, "invalid"),
        ({"signals": [{"type": "pdq", "value": PDQ}], "source": "  "}, "invalid"),
        ({"signals": [{"type": "pdq", "value": PDQ}], "expires_at": "2026-11-22T10:00:00"}, "invalid"),
        ({"signals": [{"type": "pdq", "value": PDQ}], "expires_at": "0001-01-01T00:00:00+23:59"}, "invalid"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(anna: ApiCaller, body: dict[str, Any], code: str) -> None:
    response = anna.post("/banks/grey-heron/entries", {"source": "unit A", **body})
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert not Entry.objects.exists()


def test_a_picture_is_banked_with_its_preview(anna: ApiCaller) -> None:
    data = as_bytes(picture(3))
    added = from_file(anna, data, expires_at="2030-01-01T00:00:00Z")
    assert added.status_code == 201, added.content
    entry = added.json()["entry"]
    assert added.json()["pdq_banked"]
    assert added.json()["pdq_quality"] > 50
    assert sorted(one["type"] for one in entry["signals"]) == ["md5", "pdq", "sha256"]
    assert entry["expires_at"] == "2030-01-01T00:00:00.000000Z"
    assert from_file(anna, data).status_code == 200
    preview = anna.get(f"/entries/{entry['number']}/preview")
    assert preview["Content-Type"] == "image/png"
    assert preview.content.startswith(b"\x89PNG")


def test_a_flat_picture_is_banked_without_its_pdq_hash(anna: ApiCaller) -> None:
    added = from_file(anna, as_bytes(flat_picture())).json()
    assert added["pdq_banked"] is False
    assert sorted(one["type"] for one in added["entry"]["signals"]) == ["md5", "sha256"]


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"no picture", 422, "medium_unknown_format"),
        (as_bytes(picture(1))[:2000], 422, "medium_malformed"),
    ],
)
def test_a_file_that_is_no_picture_is_refused(anna: ApiCaller, data: bytes, status: int, code: str) -> None:
    response = from_file(anna, data)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_file_over_the_limit_is_refused_before_it_is_decoded(
    anna: ApiCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_MEDIUM_BYTES_MAX", "1000")
    vigie_settings.current.cache_clear()
    response = from_file(anna, as_bytes(picture(1)))
    assert (response.status_code, response.json()["code"]) == (413, "medium_too_many_bytes")


def test_a_picture_is_banked_from_an_allowed_address_only(
    anna: ApiCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = LoopbackServer(answer(200, as_bytes(picture(4)), "Content-Type: image/png"))
    try:
        body = {**ABOUT, "source_reference": "", "url": f"{server.url}/p.png"}
        refused = anna.post("/banks/grey-heron/entries", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "address_refused")
        monkeypatch.setenv("VIGIE_ALLOWED_FETCH_HOSTS", "127.0.0.1")
        vigie_settings.current.cache_clear()
        added = anna.post("/banks/grey-heron/entries", body)
        assert added.status_code == 201, added.content
        assert added.json()["entry"]["source_reference"] == f"{server.url}/p.png"
    finally:
        server.close()


def test_a_text_is_banked(anna: ApiCaller) -> None:
    body = {**ABOUT, "text": "Join the Grey Heron Column at dawn, brothers."}
    added = anna.post("/banks/grey-heron/entries", body)
    assert added.status_code == 201, added.content
    assert [one["type"] for one in added.json()["entry"]["signals"]] == ["text_sha256"]
    assert added.json()["entry"]["text"]


def test_the_second_person_confirms_not_the_first(domain: Domain, ben: ApiCaller) -> None:
    number = from_signals(ben).json()["entry"]["number"]
    refused = ben.post(f"/entries/{number}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
    carla = with_own_token(person("carla", "legal_officer"))
    assert carla.post(f"/entries/{number}/confirm").json()["confirmed"] is True
    assert carla.post(f"/entries/{number}/withdraw").json()["confirmed"] is False


def test_an_entry_is_paused_expires_and_is_removed_and_restored(anna: ApiCaller) -> None:
    number = from_signals(anna).json()["entry"]["number"]
    later, earlier = utc_text(now() + timedelta(days=1)), utc_text(now() - timedelta(days=1))
    path = f"/entries/{number}"
    assert anna.get(path).json()["state"] == "matching"
    assert anna.patch(path, {"disabled_until": later, "note": "wait"}).json()["state"] == "disabled"
    assert anna.patch(path, {"disabled_until": None}).json()["state"] == "matching"
    assert anna.get(path).json()["note"] == "wait"
    assert anna.patch(path, {"expires_at": earlier}).json()["state"] == "expired"
    assert anna.patch(path, {"expires_at": None}).json()["state"] == "matching"
    assert anna.patch(path, {}).status_code == 422
    assert anna.post(f"{path}/remove", {"reason": "a mistake"}).json()["state"] == "removed"
    assert anna.post(f"{path}/restore").json()["state"] == "matching"
    assert anna.patch("/banks/grey-heron", {"matching": False}).status_code == 200
    assert anna.get(path).json()["state"] == "bank_off"


def test_entries_are_found_by_what_is_known_of_them(domain: Domain, anna: ApiCaller) -> None:
    confirmed = domain.bank_confirmed(1).number
    harmless = domain.bank(2, kind=Entry.Kind.HARMLESS).number
    removed = from_signals(anna).json()["entry"]["number"]
    anna.post(f"/entries/{removed}/remove", {"reason": "a mistake"})
    own = (
        with_own_token(domain.ben)
        .post(
            "/banks/grey-heron/entries", {"source": "unit B", "signals": [{"type": "sha256", "value": SHA}]}
        )
        .json()["entry"]["number"]
    )

    def found(**query: Any) -> list[str]:
        return [one["number"] for one in anna.get("/entries", **query).json()["items"]]

    assert found() == [own, harmless, confirmed]
    assert found(state="all") == [own, removed, harmless, confirmed]
    assert found(state="removed") == [removed]
    assert found(state="matching", confirmed="true") == [confirmed]
    assert found(confirmed="false") == [own, harmless]
    assert found(kind="harmless", bank="grey-heron") == [harmless]
    assert found(source="unit B") == [own]
    assert found(signal_type="sha256", signal_value=SHA) == [own]
    assert anna.get("/entries", signal_value=SHA).status_code == 422
    assert anna.get("/entries", bank="none").status_code == 404
    first = anna.get("/entries", limit=2).json()
    assert [one["number"] for one in first["items"]] == [own, harmless]
    assert found(limit=2, cursor=first["next"]) == [confirmed]


def test_what_is_exported_can_be_imported_elsewhere(domain: Domain, anna: ApiCaller) -> None:
    domain.bank_confirmed(1)
    from_signals(anna)
    response = anna.get("/banks/grey-heron/export")
    exported = b"".join(response.streaming_content)
    assert response["Content-Type"].startswith("text/csv")
    assert 'filename="grey-heron.csv"' in response["Content-Disposition"]
    anna.post("/banks", {"name": "copy"})
    report = anna.upload("/banks/copy/import", {"file": io.BytesIO(exported), "source": "own export"}).json()
    assert (report["entries"], report["added"], report["quarantined"]) == (2, 2, 0)
    again = anna.upload("/banks/copy/import", {"file": io.BytesIO(exported), "source": "own export"}).json()
    assert (again["added"], again["already_there"]) == (0, 2)
    assert anna.get("/banks/copy").json()["entries"] == 2
    assert not any(one["confirmed"] for one in anna.get("/entries", bank="copy").json()["items"])


def test_the_local_file_format_goes_in_and_out(anna: ApiCaller) -> None:
    file = f"pdq {PDQ}\nsha256 {SHA}\npdq nonsense\n".encode()
    form = {"file": io.BytesIO(file), "source": "partner", "format": "local_file"}
    report = anna.upload("/banks/grey-heron/import", form).json()
    assert (report["rows"], report["added"], report["quarantined"]) == (3, 2, 1)
    assert report["lines"] == [{"line": 3, "reason": "signal_malformed"}]
    exported = b"".join(anna.get("/banks/grey-heron/export", format="local_file").streaming_content)
    assert sorted(exported.decode().split("\n")) == ["", f"pdq {PDQ}", f"sha256 {SHA}"]


def test_an_import_without_a_source_or_file_is_refused(anna: ApiCaller) -> None:
    assert anna.upload("/banks/grey-heron/import", {"source": "x"}).status_code == 422
    assert anna.upload("/banks/grey-heron/import", {"file": io.BytesIO(b"a")}).status_code == 422
    nonsense = anna.upload("/banks/grey-heron/import", {"file": io.BytesIO(b"\x00\x01"), "source": "x"})
    assert nonsense.status_code == 422, nonsense.content
