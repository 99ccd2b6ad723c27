"""What an authority does over the API beside orders: replies, dossiers, holds; and a provider's exposure."""

from datetime import timedelta
from pathlib import Path

import pytest

from api_calls import service, with_own_token
from issuing_world import URL, IssuingWorld, again, make_issuing_world
from vigie.flows import issuing_watch
from vigie.foundation.clock import now, utc_text
from vigie.issuing import holds, replies

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world(tmp_path: Path) -> IssuingWorld:
    return make_issuing_world(tmp_path)


def test_a_reply_is_listed_and_placed_and_an_alarm_is_shown(world: IssuingWorld) -> None:
    order = world.issued(at=now() - timedelta(hours=2))
    raw = f"From: orders@forum.example\nSubject: Re: {order.reference}\n\nWe have it.\n".encode()
    number = replies.take_in(raw, received_at=now(), at=now(), settings=world.settings).number
    issuing_watch.sweep(at=now(), settings=world.settings)
    ana, reader = with_own_token(world.ana), service("issuing:read")
    (waiting,) = reader.get("/issuing/replies").json()["items"]
    assert (waiting["number"], waiting["order"], waiting["problem"]) == (number, order.number, "no_form")
    assert reader.post(f"/issuing/replies/{number}/place", {"meaning": "noted"}).status_code == 403
    (overdue,) = reader.get("/issuing/orders", state="overdue").json()["items"]
    shown = reader.get(f"/issuing/orders/{overdue['number']}").json()
    assert (shown["alarms"][0]["kind"], shown["replies"]) == ("undelivered", [number])
    refused = ana.post(f"/issuing/replies/{number}/place", {"meaning": "answer", "order": order.number})
    assert (refused.status_code, refused.json()["code"]) == (422, "answer_unreadable")
    placed = ana.post(f"/issuing/replies/{number}/place", {"meaning": "receipt", "order": order.number})
    assert (placed.status_code, placed.json()["state"]) == (200, "closed"), placed.content
    assert again(order).stage == "received"
    assert reader.get("/issuing/replies").json()["items"] == []
    assert reader.get(f"/issuing/replies/{number}").json()["text"].strip() == "We have it."
    assert [one["number"] for one in reader.get("/issuing/replies", state="all").json()["items"]] == [number]


def test_the_dossier_of_a_provider(world: IssuingWorld) -> None:
    ana, lea = with_own_token(world.ana), with_own_token(world.lea)
    path, at = "/issuing/providers/forum/acts", utc_text(now() - timedelta(days=1))
    asked = ana.post(path, {"kind": "access_requested", "at": at, "reason": "Article 6(1)(b)."})
    assert asked.status_code == 201, asked.content
    fine = {"kind": "penalty", "at": at, "infringed": "3(6)", "penalty": "fine", "amount_eur": 5_000}
    assert ana.post(path, {**fine, "reason": "Silence."}).status_code == 403
    assert lea.post(path, {**fine, "reason": "Silence."}).json()["facts"]["amount_eur"] == 5_000
    assert lea.post(path, {**fine, "infringed": "2", "reason": "Silence."}).status_code == 422
    few = lea.post(path, {"kind": "exposed", "reason": "It should be."})
    assert (few.status_code, few.json()["code"]) == (409, "orders_too_few")
    dossier = service("issuing:read").get(path).json()
    assert (dossier["exposure"], [one["kind"] for one in dossier["acts"]]) == (
        "none",
        ["access_requested", "penalty"],
    )
    figures = service("issuing:read").get("/issuing/figures", year=int(at[:4])).json()["figures"]
    assert {one["key"]: one["value"] for one in figures}["penalties_eur"] == 5_000


def test_a_hold_of_somebody_else_is_released_with_a_reason(world: IssuingWorld) -> None:
    at = now()
    made = holds.enter_hold(
        kind="url",
        pattern=URL,
        unit="Unit 4",
        contact="4@unit.example",
        until=at + timedelta(days=1),
        reason="",
        user=world.ana,
        at=at,
    )
    lea, path = with_own_token(world.lea), f"/issuing/holds/{made.number}/release"
    assert lea.post(path).status_code == 422
    assert lea.post(f"{path}?reason=The+unit+agreed.").json()["released_reason"] == "The unit agreed."


def test_a_decision_that_we_are_exposed(world: IssuingWorld) -> None:
    lea, at = with_own_token(world.lea), now()
    decision = {
        "authority": "Example Office",
        "member_state": "FR",
        "reference": "5",
        "received_at": utc_text(at - timedelta(days=100)),
        "proof": "Registered letter.",
    }
    reader = service("orders:read")
    assert reader.post("/exposure", decision).status_code == 403
    made = lea.post("/exposure", decision)
    assert (made.status_code, made.json()["overdue"]) == (201, True), made.content
    assert lea.post("/exposure", decision).status_code == 409
    path = f"/exposure/{made.json()['number']}"
    taken = {"step": "measures", "kinds": "means flagging", "reason": "Two people.", "since": utc_text(at)}
    assert lea.post(f"{path}/steps", taken).json()["measures"] == ["means", "flagging"]
    sent = {"step": "report", "sent_at": utc_text(at), "proof": "By registered mail."}
    assert len(lea.post(f"{path}/steps", sent).json()["reports"]) == 1
    assert lea.post(f"{path}/steps", {"step": "report"}).status_code == 422
    assert reader.get(path).json()["overdue"] is False
    assert [one["number"] for one in reader.get("/exposure").json()["items"]] == [made.json()["number"]]
