"""What the page of an order of ours shows: what can be done now and what it asks for, fields, clocks, letters.

It reads rows and decides nothing; what can happen is `issuing.states` to say.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.console import issuing_words as words
from vigie.console.order_words import field_label
from vigie.console.words import word
from vigie.flows.issuing import may_extend_silence
from vigie.issuing import clocks, incoming, sending
from vigie.issuing.drafting import lacking
from vigie.issuing.drafts import OURS
from vigie.issuing.models import IssuedOrder
from vigie.issuing.states import Happening, can
from vigie.issuing.steps import APPROVING
from vigie.orders.forms import ANNEX_I, order_from_stored
from vigie.people.models import User

# Step: what has to be possible, what it asks for, and how its button looks.
_STEPS: tuple[tuple[str, Happening | None, tuple[str, ...], str], ...] = (
    ("check", Happening.FOUND_CLEAR, (), "btn-primary"),
    ("override", Happening.OVERRIDDEN, ("reason",), ""),
    ("approve", Happening.APPROVED, (), "btn-primary"),
    ("emergency", None, ("reason",), ""),
    ("issue", Happening.ISSUED, (), "btn-primary"),
    ("take_back", Happening.APPROVAL_TAKEN_BACK, (), ""),
    ("handed_over", None, (), "btn-primary"),
    ("received", Happening.RECEIPT_PROVEN, ("received_at", "proof"), "btn-primary"),
    ("resend", None, (), "btn-primary"),
    ("extend_silence", None, ("reason",), ""),
    ("done", None, ("measure", "measure_at", "proof"), ""),
    ("cannot", None, ("ground", "proof", "needed"), ""),
    ("restart", Happening.RESTARTED, ("again_at",), ""),
    ("looked", None, ("found",), ""),
    ("scrutiny_asked", Happening.SCRUTINY_ASKED, (), ""),
    ("scrutiny_passed", Happening.SCRUTINY_PASSED, (), ""),
    ("infringement", Happening.INFRINGEMENT_FOUND, ("reason",), "btn-danger"),
    ("appeal_lodged", Happening.APPEAL_LODGED, (), ""),
    ("appeal_upheld", Happening.APPEAL_UPHELD, (), ""),
    ("appeal_annulled", Happening.APPEAL_ANNULLED, ("reason",), "btn-danger"),
    ("final", Happening.BECAME_FINAL, ("final_at",), ""),
    ("withdraw", Happening.WITHDRAWN, ("reason",), "btn-danger"),
    ("discard", Happening.DISCARDED, (), "btn-danger"),
)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """Something that can be done now."""

    name: str
    title: str
    sentence: str
    fields: tuple[str, ...]
    look: str


@dataclass(frozen=True, slots=True)
class IssuedView:
    """Everything about one order of ours."""

    due_at: datetime | None
    hour_runs: bool
    overdue: bool
    steps: list[ShownStep]
    lacking: list[tuple[str, str]]
    sections: list[tuple[str, list[tuple[str, Any]]]]
    prior: str
    may_be_issued_from: datetime | None
    appeal_ends_at: datetime | None
    withheld_until: datetime | None
    may_be_proposed: bool


def issued_view(order: IssuedOrder, *, user: User, at: datetime) -> IssuedView:
    """The page's content at this instant, for this person."""
    prior, since = sending.prior_information(order)
    received = order.received_at
    standing = order.standing
    return IssuedView(
        due_at=order.due_at,
        hour_runs=standing.hour_runs,
        overdue=incoming.overdue(order, at=at),
        steps=[one for one in _steps(order, at) if _may(user, one.name)],
        lacking=[
            (_label(key), word(words.LACKING, why))
            for key, why in (lacking(order) if standing.is_draft else {}).items()
        ],
        sections=_sections(order),
        prior=prior,
        may_be_issued_from=since,
        appeal_ends_at=clocks.appeal_ends_at(received, days=order.appeal_days) if received else None,
        withheld_until=order.withheld_until,
        may_be_proposed=can(standing, Happening.CLARIFIED) or can(standing, Happening.CORRECTED),
    )


def _steps(order: IssuedOrder, at: datetime) -> list[ShownStep]:
    return [
        ShownStep(
            name,
            word(words.STEP_TITLES, name),
            word(words.STEP_SENTENCES, name),
            fields,
            look,
        )
        for name, happening, fields, look in _STEPS
        if (can(order.standing, happening) if happening is not None else _open(order, name, at))
    ]


def _open(order: IssuedOrder, name: str, at: datetime) -> bool:
    """Whether a step that no single happening stands for can be taken."""
    standing = order.standing
    match name:
        case "emergency":
            return (
                standing.is_draft
                and not order.emergency
                and sending.prior_information(order)[0] != "not_needed"
            )
        case "handed_over":
            return order.letters.filter(sent_at=None, channel="hand").exists()
        case "extend_silence":
            return may_extend_silence(order, at=at)
        case "resend":
            return bool(order.proposed)
        case "done" | "cannot":
            return standing.waits_for_provider and not (name == "cannot" and order.stage == "cannot")
        case _:
            return order.stage == "done" or (standing.waits_for_provider and order.received_at is not None)


def _may(user: User, name: str) -> bool:
    return user.may("issuing:approve" if name in APPROVING else "issuing:draft")


def _label(key: str) -> str:
    return word(words.BESIDE, key) if key in words.BESIDE else field_label(key)


def _sections(order: IssuedOrder) -> list[tuple[str, list[tuple[str, Any]]]]:
    known = order_from_stored(order.fields)
    found: dict[str, list[tuple[str, Any]]] = {}
    for field in ANNEX_I:
        value = getattr(known, field.key)
        is_shown = field.key != "urls" and not (order.standing.is_draft and field.key in OURS)
        if is_shown and value not in ("", (), None):
            found.setdefault(field.section, []).append((field.key, value))
    return list(found.items())
