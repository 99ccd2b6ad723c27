"""The ledger: its entries, its checkpoints, whether it is whole, and a copy of it as JSON lines.

It changes nothing in the ledger but by signing a checkpoint.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.console.access import actor_of, needs
from vigie.console.answers import say
from vigie.console.background import Run, Runs, Tell
from vigie.console.ledger_links import address_of
from vigie.console.names import names_of
from vigie.foundation.clock import now, utc_text
from vigie.foundation.settings import current
from vigie.ledger.checkpoints import Damaged, sign_checkpoint, verify
from vigie.ledger.events import Event
from vigie.ledger.models import Checkpoint, LedgerEntry
from vigie.ledger.service import head_seq, row_of

PER_PAGE = 50
CHECKPOINTS_SHOWN = 20
_DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of the list, with names in place of numbers."""

    row: LedgerEntry
    facts: list[tuple[str, Any]]
    who: str
    about: str
    address: str


@needs("ledger:read")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Rows, the newest first, below a number; numbers instead of pages, because the ledger only grows."""
    rows = list(_filtered(request.GET)[: PER_PAGE + 1])
    shown, more = rows[:PER_PAGE], len(rows) > PER_PAGE
    names = names_of([*(row.actor for row in shown), *(_as_actor(row.subject) for row in shown)])
    older = request.GET.copy()
    if more:
        older["to"] = str(shown[-1].seq - 1)
    context = {
        "rows": [
            # A fact may be named like a method of a map, so the template gets pairs.
            Shown(
                row=row,
                facts=list(row.facts.items()),
                who=names.get(row.actor, row.actor),
                about=names.get(_as_actor(row.subject), row.subject),
                address=address_of(row.subject),
            )
            for row in shown
        ],
        "older": older.urlencode() if more else "",
        "query": request.GET,
        "areas": sorted({name.split(".")[0] for name in Event.known}),
        "head": head_seq(),
        "verification": _verification(),
        "checkpoint": Checkpoint.objects.order_by("-through").first(),
    }
    return render(request, "console/ledger/list.html", context)


@needs("ledger:read")
@require_GET
def show_checkpoints(request: HttpRequest) -> HttpResponse:
    """The signed checkpoints, the newest first."""
    found = Checkpoint.objects.order_by("-through")
    context = {
        "checkpoints": [
            (one, bytes(one.hash).hex(), bytes(one.public_key).hex()) for one in found[:CHECKPOINTS_SHOWN]
        ],
        "count": found.count(),
        "head": head_seq(),
        "folder": "ledger/checkpoints",
    }
    return render(request, "console/ledger/checkpoints.html", context)


@needs("ledger:read")
@require_POST
def start_verification(request: HttpRequest) -> HttpResponse:
    """Read the whole ledger behind the page; one verification at a time."""
    runs = _runs()
    newest = runs.newest()
    if not newest or newest[0].state_at(now()) != "running":
        run = runs.prepare({}, started_by=str(actor_of(request)))
        runs.start(run, _verify)
    return redirect("ledger-verification")


@needs("ledger:read")
@require_GET
def show_verification(request: HttpRequest) -> HttpResponse:
    """What the newest verification says; htmx asks again while it runs."""
    template = (
        "console/ledger/verification_state.html"
        if request.headers.get("HX-Request")
        else "console/ledger/verification.html"
    )
    return render(request, template, {"verification": _verification(), "head": head_seq()})


@needs("ledger:sign")
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the ledger as it stands."""
    checkpoint = sign_checkpoint(current(), actor=actor_of(request))
    if checkpoint is None:
        say(request, _("Nothing came since the last checkpoint."))
    else:
        say(request, _("The ledger is signed up to row %(seq)d.") % {"seq": checkpoint.through})
    return redirect("ledger-checkpoints")


@needs("ledger:read")
@require_GET
def download(request: HttpRequest) -> StreamingHttpResponse:
    """The rows of the same filter, oldest first, one JSON object a line, with hashes to check the chain."""
    rows = _filtered(request.GET).order_by("seq")
    name = f"vigie-ledger-{utc_text(now())[:10]}.jsonl"
    return StreamingHttpResponse(
        _json_lines(rows),
        content_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _verify(tell: Tell) -> Mapping[str, Any]:
    tell({"head": head_seq()})
    found = verify(current())
    if isinstance(found, Damaged):
        return {"whole": False, "seq": found.seq, "kind": found.kind, "sentence": found.sentence}
    return {
        "whole": True,
        "rows": found.rows,
        "checkpoints": found.checkpoints,
        "signed_through": found.signed_through,
    }


def _filtered(query: QueryDict) -> "QuerySet[LedgerEntry]":
    rows = LedgerEntry.objects.order_by("-seq")
    event, actor, subject = (query.get(name, "").strip()[:200] for name in ("event", "actor", "subject"))
    if event:
        rows = rows.filter(event__startswith=event)
    if actor:
        rows = rows.filter(actor=actor)
    if subject:
        rows = rows.filter(subject__in=_subjects(subject))
    first, last = _number(query.get("from", "")), _number(query.get("to", ""))
    if first is not None:
        rows = rows.filter(seq__gte=first)
    if last is not None:
        rows = rows.filter(seq__lte=last)
    return rows


def _subjects(text: str) -> list[str]:
    """A subject as it is written, or what a person would type for it: `C-000123`, `E-000017`."""
    kinds = {"C-": "case", "E-": "entry"}
    number = text.upper()
    return [text, *(f"{kind}:{number}" for prefix, kind in kinds.items() if number.startswith(prefix))]


def _as_actor(subject: str) -> str:
    """`user:5` as the actor `person:5`, so that its name is found too; other subjects are no actors."""
    return subject.replace("user:", "person:", 1) if subject.startswith(("user:", "token:")) else ""


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX else None


def _json_lines(rows: "QuerySet[LedgerEntry]") -> Iterator[bytes]:
    piece: list[str] = []
    for entry in rows.iterator(chunk_size=2_000):
        row = row_of(entry)
        piece.append(
            json.dumps(
                {
                    "seq": row.seq,
                    "at": utc_text(row.at),
                    "event": row.event,
                    "actor": row.actor,
                    "subject": row.subject,
                    "facts": row.facts,
                    "previous_hash": row.previous_hash.hex(),
                    "hash": row.hash.hex(),
                },
                ensure_ascii=False,
            )
        )
        if len(piece) >= 500:
            yield ("\n".join(piece) + "\n").encode()
            piece = []
    if piece:
        yield ("\n".join(piece) + "\n").encode()


def _verification() -> dict[str, Any]:
    """The newest verification for its template; empty when there was none."""
    newest = _runs().newest()
    if not newest:
        return {}
    run: Run = newest[0]
    who = names_of([run.started_by]).get(run.started_by, run.started_by)
    return {"run": run, "state": run.state_at(now()), "who": who}


def _runs() -> Runs:
    return Runs(current(), "verifications")
