"""What comes from outside and has to be answered: a picture banked late, a removal order, a complaint, a report.

The authority is invented, as everything here is.
"""

from datetime import datetime
from typing import Any

from vigie.demo.clients import VigieApi
from vigie.demo.deciding import REMOVE
from vigie.demo.drawings import ticket
from vigie.demo.errors import DemoFailed
from vigie.demo.known import BANK, bank_later
from vigie.demo.processes import wait_for
from vigie.demo.stage import TAKES_EFFECT_S_MAX, Stage
from vigie.foundation.clock import monotonic_s, now

LOOKED_BACK_S_MAX = 30.0
# Figures of the yearly report under Regulation (EU) 2021/784: their ids, and what they count.
REPORTED = {"orders": "orders", "c1": "taken down by them", "g_dsa20": "given back after complaints"}


def answer_everything(stage: Stage) -> None:
    """All acts, in order; the report counts what the others did."""
    _look_back(stage, "early-ticket")
    _execute_order(stage, "text-reworded")
    _give_back_after_complaint(stage, "near-watermark")
    _draft_report(stage)


def _look_back(stage: Stage, key: str) -> None:
    stage.teller.step("A ticket is banked that was posted before; Vigie finds the earlier post by itself")
    began_s = monotonic_s()
    entry = bank_later(ticket(), name="ticket", reviewer=stage.reviewer, senior=stage.senior)
    case = ""

    def is_found() -> bool:
        nonlocal case
        case = _found_for(entry, stage.reviewer)
        return case != ""

    if wait_for(is_found, seconds_max=LOOKED_BACK_S_MAX) is None:
        stage.note(key, f"{entry} ticket banked; looked back: not found")
        return
    found_after_s = monotonic_s() - began_s
    decision = REMOVE | {"reason": "The ticket that was banked today; posted earlier."}
    stage.deeds.looked_back_status = stage.carry_out(key, decision, "removed", case=case)
    stage.note(
        key,
        f"{entry} ticket banked, found {found_after_s:.1f} s later as {case};"
        f" decided: remove; page answers {stage.deeds.looked_back_status}",
    )


def _found_for(entry: str, api: VigieApi) -> str:
    """The case of an earlier upload near an entry; empty while there is none."""
    for lookback in api.get("/v1/lookbacks", bank=BANK)["items"]:
        for find in api.get(f"/v1/lookbacks/{lookback['number']}/finds")["items"]:
            if find["entry"] == entry:
                return str(find["case"])
    return ""


def _execute_order(stage: Stage, key: str) -> None:
    stage.teller.step(
        "An authority orders a text to be removed within the hour; the legal officer executes it"
    )
    address = stage.forum.stands(stage.posted[key].number).url
    taken = stage.legal.send("/v1/orders", _order(address))
    if taken["order"] is None:
        raise DemoFailed("The removal order could not be read.")
    number = taken["order"]["number"]
    stage.legal.send(f"/v1/orders/{number}/steps", {"step": "execute"})
    order: dict[str, Any] = {}

    def is_answered() -> bool:
        order.update(stage.legal.get(f"/v1/orders/{number}"))
        return order["stage"] == "executed" and bool(order["answers"])

    wait_for(is_answered, seconds_max=TAKES_EFFECT_S_MAX)
    deeds = stage.deeds
    deeds.ordered_status, deeds.order_stage = stage.page_status(key), str(order["stage"])
    deeds.order_answer = str(order["answers"][0]["kind"]) if order["answers"] else "none"
    if order["measure_at"]:
        measure_at, received_at = (
            datetime.fromisoformat(order[one]) for one in ("measure_at", "received_at")
        )
        deeds.order_took_s = (measure_at - received_at).total_seconds()
    stage.note(
        key,
        f"removal order {number}: {deeds.order_stage} after {deeds.order_took_s:.1f} s;"
        f" page answers {deeds.ordered_status}",
    )


def _order(address: str) -> dict[str, Any]:
    """Annex I as an invented authority fills it in."""
    return {
        "form": "annex_i",
        "issuing_state": "FR",
        "authority": "Example Prefecture of Lutèce",
        "reference": "LUT-2026-0001",
        "issued_at": now().isoformat(),
        "urls": [address],
        "legal_types": ["c"],
        "additional_reasons": "Calls on others to join the Grey Heron Column.",
        "do_not_inform": False,
        "email": "duty@prefecture.example",
    }


def _give_back_after_complaint(stage: Stage, key: str) -> None:
    stage.teller.step(
        "The reviewer removes a leaflet; its author complains, and another person gives it back"
    )
    deeds = stage.deeds
    deeds.complained_before_status = stage.carry_out(key, REMOVE, "removed")
    case = stage.posted[key].case
    statements = [one for one in stage.platform.get("/v1/statements")["items"] if one["case"] == case]
    if not statements:
        raise DemoFailed(f"No statement of reasons was made for {case}.")
    complaint = stage.platform.send(
        "/v1/complaints",
        {
            "statement": statements[0]["number"],
            "text": "My watermark warns of the leaflet. I oppose the column.",
        },
    )
    number = complaint["number"]
    stage.senior.send(f"/v1/complaints/{number}/assign")
    outcome = {
        "outcome": "reversed",
        "exemption": "counter_speech",
        "reply": "You are right: your watermark warns of the leaflet. Your post is back.",
    }
    deeds.complained_after_status = stage.act(
        key, "published", lambda: stage.senior.send(f"/v1/complaints/{number}/outcome", outcome)
    )
    deeds.complaint_state = str(stage.senior.get(f"/v1/complaints/{number}")["outcome"])
    stage.note(
        key,
        f"decided: remove; page answers {deeds.complained_before_status};"
        f" complaint {number}: {deeds.complaint_state}; page answers {deeds.complained_after_status}",
    )


def _draft_report(stage: Stage) -> None:
    stage.teller.step("The yearly report is computed from the ledger")
    draft = stage.auditor.get("/v1/reports/draft/tco", year=now().year)
    stage.deeds.reported.update(
        {REPORTED[one["id"]]: one["value"] for one in draft["figures"] if one["id"] in REPORTED}
    )
