"""The three hot endpoints of a running Vigie, from outside."""

import base64
import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from pictures import as_bytes, flat_picture, picture
from running import RunningVigie, StartVigie
from vigie.banks import confirmation
from vigie.banks import service as banks
from vigie.demo.processes import wait_for
from vigie.flows.banking import Banking, bank_file
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE, person
from vigie.people.models import User
from vigie.people.service import add_token, revoke_token
from vigie.platforms.service import add_platform

SEEN_S_MAX = 30.0  # half a second where nothing else runs
SEED = 7_040_001  # of this module alone: the Vigie that it asks is shared
PNG = as_bytes(picture(SEED))
NEAR = as_bytes(picture(SEED).resize((400, 300)), "JPEG", quality=70)


@pytest.fixture(scope="module")
def vigie(running_vigie: RunningVigie) -> RunningVigie:
    """A Vigie with a platform, a bank and one entry."""
    with running_vigie.domain():
        add_platform(name="lane", title="Lane", url="", actor=COMMAND_LINE, settings=current())
        banks.create_bank(name="lane-bank", title="Lane", actor=COMMAND_LINE)
        banking = Banking("lane-bank", banks.Provenance("unit A"))
        bank_file(PNG, banking, actor=COMMAND_LINE, settings=current())
    return running_vigie


def client(vigie: RunningVigie, *scopes: str, platform: str = "lane") -> httpx.Client:
    """A caller with a token of these scopes."""
    token = vigie.token(*scopes, platform=platform)
    return httpx.Client(base_url=vigie.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)


@pytest.fixture(scope="module")
def lane(vigie: RunningVigie) -> Iterator[httpx.Client]:
    """A caller that may do both."""
    with client(vigie, "content:write", "match:read") as one:
        yield one


def problem(answer: httpx.Response, status: int) -> str:
    """The code of a problem document, after looking at its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    return str(body["code"])


def post(medium: dict[str, object], **more: object) -> dict[str, object]:
    """A content with one medium."""
    return {"id": "p1", "media": [{"id": "m1", **medium}], **more}


def parts(content: dict[str, object], **media: bytes) -> list[tuple[str, tuple[str | None, bytes]]]:
    """A multipart body."""
    return [("content", (None, json.dumps(content).encode())), *((k, (k, v)) for k, v in media.items())]


def test_json_and_multipart_get_the_same_verdict(lane: httpx.Client) -> None:
    as_json = lane.post("/v1/content", json=post({"content": base64.b64encode(NEAR).decode()}, id="same-1"))
    as_parts = lane.post("/v1/content", files=parts(post({}, id="same-2"), m1=NEAR))
    assert as_json.status_code == as_parts.status_code == 200, as_parts.text
    assert as_json.json()["verdict"] == as_parts.json()["verdict"] == "hold"
    assert as_json.json()["reasons"] == as_parts.json()["reasons"]


def test_a_part_that_the_json_does_not_name_is_looked_at_too(lane: httpx.Client) -> None:
    answer = lane.post("/v1/content", files=parts({"id": "unnamed"}, surprise=PNG))
    assert answer.json()["verdict"] == "hold"


def test_signals_alone_are_enough(lane: httpx.Client) -> None:
    hashed = lane.post("/v1/hash", content=PNG, headers={"Content-Type": "image/png"}).json()
    pdq = next(one for one in hashed["signals"] if one["type"] == "pdq")
    answer = lane.post(
        "/v1/content", json=post({"signals": {"pdq": pdq["value"]}, "pdq_quality": 100}, id="sig")
    )
    assert answer.json()["verdict"] == "hold"
    poor = lane.post(
        "/v1/content", json=post({"signals": {"pdq": pdq["value"]}, "pdq_quality": 49}, id="poor")
    )
    assert poor.json()["verdict"] == "allow"
    assert poor.json()["notes"][0]["code"] == "pdq_quality_low"


def test_hashing_says_what_is_not_matched(lane: httpx.Client) -> None:
    answer = lane.post("/v1/hash", content=as_bytes(flat_picture())).json()
    pdq = next(one for one in answer["signals"] if one["type"] == "pdq")
    assert pdq["matched"] is False
    assert "50" in pdq["why"]
    sha = next(one for one in answer["signals"] if one["type"] == "sha256")
    assert sha["value"] == hashlib.sha256(as_bytes(flat_picture())).hexdigest()


def test_the_eight_dihedral_hashes_come_when_asked_for(lane: httpx.Client) -> None:
    hashes = lane.post("/v1/hash?dihedral=true", content=PNG).json()["pdq_dihedral"]
    assert len(set(hashes)) == 8
    turned = lane.post("/v1/hash", content=as_bytes(picture(SEED).rotate(180))).json()["signals"][0]["value"]
    distances = [(int(one, 16) ^ int(turned, 16)).bit_count() for one in hashes]
    assert min(distances) == distances[2] < 64
    assert "pdq_dihedral" not in lane.post("/v1/hash", content=PNG).json()


def test_a_match_names_the_signal_the_entry_and_the_distance(lane: httpx.Client) -> None:
    value = lane.post("/v1/hash", content=NEAR).json()["signals"][0]["value"]
    question = {"signals": [{"type": "pdq", "value": "0" * 64}, {"type": "pdq", "value": value}]}
    answer = lane.post("/v1/match", json=question).json()
    assert [one["signal"] for one in answer["matches"]] == [1]
    assert answer["matches"][0]["bank"] == "lane-bank"
    assert 0 <= answer["matches"][0]["distance_bits"] <= 31
    elsewhere = lane.post("/v1/match", json={**question, "banks": ["another"]}).json()
    assert elsewhere["matches"] == []
    exact = lane.post("/v1/match", json={**question, "distance_bits_max": 0}).json()
    assert len(exact["matches"]) <= 1


def test_signals_of_several_kinds_keep_their_positions(lane: httpx.Client) -> None:
    hashed = lane.post("/v1/hash", content=PNG).json()["signals"]
    known = {one["type"]: one["value"] for one in hashed}
    signals = [
        {"type": "md5", "value": "0" * 32},
        {"type": "pdq", "value": known["pdq"].upper()},
        {"type": "sha256", "value": "0" * 64},
        {"type": "md5", "value": known["md5"]},
        {"type": "sha256", "value": known["sha256"]},
        {"type": "pdq", "value": f" {known['pdq']}"},
    ]
    # Other tests bank in the same Vigie, also values as plain as these.
    answer = lane.post("/v1/match", json={"signals": signals, "banks": ["lane-bank"]}).json()
    assert [one["signal"] for one in answer["matches"]] == [1, 3, 4, 5]
    assert {one["distance_bits"] for one in answer["matches"]} == {0}


def test_the_same_question_gets_the_same_answer_however_often_it_comes(lane: httpx.Client) -> None:
    value = lane.post("/v1/hash", content=PNG).json()["signals"][0]["value"]
    one = {"signals": [{"type": "pdq", "value": value}]}
    many = {"signals": [{"type": "pdq", "value": "0" * 64}] * 300 + one["signals"]}
    found = [lane.post("/v1/match", json=one).json()["matches"][0]["entry"] for _ in range(30)]
    assert len(set(found)) == 1
    for _ in range(3):
        matches = lane.post("/v1/match", json=many).json()["matches"]
        assert [(match["signal"], match["entry"]) for match in matches] == [(300, found[0])]


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/content", {"media": []}, "invalid"),
        ("/v1/content", {"id": ""}, "invalid"),
        ("/v1/content", {"id": "x" * 201}, "invalid"),
        ("/v1/content", {"id": "x", "text": "y" * 100_001}, "invalid"),
        ("/v1/content", {"id": "x", "created_at": "2026-11-22T10:00:00"}, "invalid"),
        ("/v1/content", {"id": "a\0b"}, "invalid"),
        ("/v1/content", {"id": "x", "author": {"id": "a\0b"}}, "invalid"),
        ("/v1/content", {"id": "x", "url": "http://a\0b"}, "invalid"),
        ("/v1/content", {"id": "x", "media": [{"id": "m"}]}, "medium_ambiguous"),
        ("/v1/content", {"id": "x", "media": [{"id": "m", "content": ""}]}, "medium_empty"),
        ("/v1/content", {"id": "x", "media": [{"id": "m", "signals": {"pdq": "zz"}}]}, "signal_invalid"),
        ("/v1/content", {"id": "x", "media": [{"id": "m", "signals": {"dna": "00"}}]}, "invalid"),
        ("/v1/match", {"signals": []}, "invalid"),
        ("/v1/match", {"signals": [{"type": "pdq", "value": "00"}]}, "signal_invalid"),
        ("/v1/match", {"signals": [{"type": "pdq", "value": "00"}] * 10_001}, "invalid"),
    ],
)
def test_a_question_that_does_not_fit_is_refused_by_name(
    lane: httpx.Client, path: str, body: dict[str, object], code: str
) -> None:
    assert problem(lane.post(path, json=body), 422) == code


def test_what_is_no_json_is_refused(lane: httpx.Client) -> None:
    assert problem(lane.post("/v1/match", content=b"{"), 400) == "malformed_json"
    assert problem(lane.post("/v1/content", content=b"\xff\xfe"), 400) == "malformed_json"


def test_another_method_is_refused(lane: httpx.Client) -> None:
    assert problem(lane.get("/v1/match"), 405) == "method_not_allowed"


def test_a_medium_over_the_limit_is_refused(lane: httpx.Client) -> None:
    assert problem(lane.post("/v1/hash", content=bytes(20_000_001)), 413) == "medium_too_many_bytes"


def test_a_body_over_the_limit_is_refused_without_being_read(lane: httpx.Client) -> None:
    def never_ending() -> Iterator[bytes]:
        for _ in range(80):
            yield bytes(1_000_000)

    answer = lane.post("/v1/content", content=never_ending())
    assert problem(answer, 413) == "too_large"


def test_without_a_working_token_nothing_is_answered(vigie: RunningVigie) -> None:
    for headers in ({}, {"Authorization": "Bearer vgt_00000000_no"}, {"Authorization": "Basic x"}):
        for path in ("/v1/content", "/v1/match", "/v1/hash"):
            answer = httpx.post(f"{vigie.url}{path}", json={}, headers=headers)
            assert problem(answer, 401) == "unauthorised"
            assert answer.headers["www-authenticate"] == "Bearer"


def test_a_scope_opens_its_door_only(vigie: RunningVigie) -> None:
    with client(vigie, "content:write") as writer, client(vigie, "match:read", platform="") as reader:
        assert writer.post("/v1/content", json={"id": "x"}).status_code == 200
        assert problem(writer.post("/v1/match", json={"signals": []}), 403) == "forbidden"
        assert problem(reader.post("/v1/content", json={"id": "x", "platform": "lane"}), 403) == "forbidden"


def test_a_platform_speaks_for_itself_only(vigie: RunningVigie, lane: httpx.Client) -> None:
    assert problem(lane.post("/v1/content", json={"id": "x", "platform": "another"}), 403) == "forbidden"
    with client(vigie, "content:write", platform="") as anyone:
        assert problem(anyone.post("/v1/content", json={"id": "x"}), 422) == "invalid"
        answer = anyone.post("/v1/content", json={"id": "x", "platform": "never-heard-of"})
        assert problem(answer, 422) == "platform_unknown"


def test_a_revoked_token_stops(vigie: RunningVigie) -> None:
    with vigie.domain():
        made, text = add_token(
            name="short-lived", scopes=["content:write"], actor=COMMAND_LINE, platform="lane"
        )
    headers = {"Authorization": f"Bearer {text}"}

    def status() -> int:
        return httpx.post(f"{vigie.url}/v1/content", json={"id": "x"}, headers=headers).status_code

    assert wait_for(lambda: status() == 200, seconds_max=SEEN_S_MAX) is not None
    with vigie.domain():
        revoke_token(made.pk, actor=COMMAND_LINE)
    assert wait_for(lambda: status() == 401, seconds_max=SEEN_S_MAX) is not None


def test_a_medium_at_a_private_address_is_not_fetched(lane: httpx.Client) -> None:
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_port
    for host in ("127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0"):
        answer = lane.post("/v1/content", json=post({"url": f"http://{host}:{port}/x.png"}))
        assert answer.status_code == 422, (host, answer.text)
    assert problem(lane.post("/v1/hash", json={"url": f"http://127.0.0.1:{port}/"}), 422) == "address_refused"
    assert problem(lane.post("/v1/hash", json={"url": "file:///etc/passwd"}), 422) == "scheme_refused"
    assert seen == []
    server.shutdown()
    server.server_close()


def test_a_change_is_seen_by_every_process(
    vigie_starter: StartVigie,
) -> None:
    vigie: RunningVigie = vigie_starter(VIGIE_API_PROCESSES="2")
    value = hashlib.sha256(b"live").digest()
    question = {"signals": [{"type": "sha256", "value": value.hex()}]}
    draft = banks.EntryDraft((banks.SignalValue("sha256", value),), banks.Provenance("unit A"))
    with vigie.domain():
        banks.create_bank(name="live", title="Live", actor=COMMAND_LINE)
    with client(vigie, "match:read", platform="") as reader:

        def answers() -> set[tuple[bool, ...]]:
            # A fresh connection each time, so that both processes are asked.
            calls = (
                reader.post("/v1/match", json=question, headers={"Connection": "close"}) for _ in range(20)
            )
            return {tuple(match["confirmed"] for match in one.json()["matches"]) for one in calls}

        def come_to(wanted: tuple[bool, ...]) -> bool:
            return wait_for(lambda: answers() == {wanted}, seconds_max=SEEN_S_MAX) is not None

        assert answers() == {()}
        with vigie.domain():
            entry = banks.add_entry("live", draft, actor=COMMAND_LINE)
        assert come_to((False,))
        with vigie.domain():
            reviewer = User.objects.create(username="live", role="senior_reviewer")
            confirmation.confirm_entry(entry.number, actor=person(reviewer.pk))
        assert come_to((True,))
        with vigie.domain():
            banks.remove_entry(entry.number, reason="a test", actor=COMMAND_LINE)
        assert come_to(())
