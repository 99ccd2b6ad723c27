"""The dossier of a provider: exposure decisions, reviews, reports, penalties and access requests, one transaction each.

It sends nothing: a decision is notified by whoever answers for it, who says how.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from django.db import transaction

from vigie.exposure.clocks import report_due_at, review_due_at
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.issuing import act_events as events
from vigie.issuing import acts, service
from vigie.issuing.acts import Situation
from vigie.issuing.models import IssuedOrder, Provider, ProviderAct
from vigie.issuing.states import Stage
from vigie.ledger import service as ledger
from vigie.ledger.actors import person
from vigie.ledger.events import Event
from vigie.orders.clocks import EXPOSURE_ORDERS_MIN, counts_towards_exposure
from vigie.people.models import User
from vigie.people.rights import Right

ACTS_READ_MAX = 1_000
NUMBER_MAX = 10**12
_NAMES = {kind: name for name, kind in acts.ACTS.items()}


@dataclass(frozen=True, slots=True)
class Dossier:
    """Where a provider stands, what can follow, and what is due. `final_orders`: ours of the last twelve months."""

    acts: tuple[ProviderAct, ...]
    situation: Situation
    can: tuple[str, ...]
    final_orders: tuple[str, ...]
    report_due_at: datetime | None
    review_due_at: datetime | None

    def is_late(self, at: datetime) -> bool:
        """Whether the provider owes a report, or we a decision, since before this instant."""
        return any(one is not None and one < at for one in (self.report_due_at, self.review_due_at))


def dossier_of(provider: Provider, *, at: datetime) -> Dossier:
    """The dossier of a provider at this instant; acts in the order in which they were taken."""
    found = tuple(provider.acts.order_by("id")[:ACTS_READ_MAX])
    situation = acts.situation_of((one.kind, one.happened_at, one.facts.get("outcome", "")) for one in found)
    notified_at, asked_at = situation.notified_at, situation.review_asked_at
    return Dossier(
        acts=found,
        situation=situation,
        can=tuple(kind for kind in acts.ACTS if acts.can(situation, kind)),
        final_orders=_final_orders(provider, at),
        report_due_at=report_due_at(notified_at, reported=situation.reported) if notified_at else None,
        review_due_at=review_due_at(asked_at) if asked_at else None,
    )


def take(name: str, act: acts.Act, *, user: User, at: datetime) -> ProviderAct:
    """Note an act about the provider of this name.

    Raises Conflict when it cannot follow, Invalid for a number or instant that cannot be, and Forbidden: decisions
    take the right to approve.
    """
    kind = _NAMES[type(act)]
    service.check_may(user, Right.ISSUING_APPROVE if kind in acts.DECIDING else Right.ISSUING_DRAFT)
    with transaction.atomic():
        provider = Provider.objects.select_for_update().filter(name=name).first()
        if provider is None:
            raise NotFound("There is no such provider.", code="provider_not_found")
        dossier = dossier_of(provider, at=at)
        if kind not in dossier.can:
            raise Conflict("This cannot follow as the provider's dossier stands.", code="step_impossible")
        if len(dossier.acts) >= ACTS_READ_MAX:
            raise Conflict("This dossier is full.")
        happened_at = getattr(act, "at", at)
        if happened_at > at:
            raise Invalid("This instant has not come yet.")
        # Each act has what the next may not come before.
        if (
            kind == "reported"
            and dossier.situation.notified_at
            and happened_at < dossier.situation.notified_at
        ):
            raise Invalid("A report comes after the decision was notified.")
        facts = _facts(act, dossier)
        made = ProviderAct.objects.create(
            provider=provider,
            kind=kind,
            happened_at=happened_at,
            facts=facts,
            text=_text(act),
            taken_by=user,
            taken_at=at,
        )
        event = _event(act, made, facts)
        ledger.append(event, actor=person(user.pk), subject=f"provider:{provider.name}")
    return made


def _final_orders(provider: Provider, at: datetime) -> tuple[str, ...]:
    """Source: (EU) 2021/784 Art. 5(4)."""
    final = IssuedOrder.objects.filter(provider=provider, stage=Stage.FINAL, ended_at__isnull=False)
    return tuple(
        one.number
        for one in final.order_by("ended_at", "id")
        if one.ended_at and counts_towards_exposure(one.ended_at, at=at)
    )


def _facts(act: acts.Act, dossier: Dossier) -> dict[str, Any]:
    match act:
        case acts.Exposed():
            if len(dossier.final_orders) < EXPOSURE_ORDERS_MIN:
                raise Conflict(
                    "Fewer than two orders of yours to this provider became final within twelve months.",
                    hint="Article 5(4) asks for two or more.",
                    code="orders_too_few",
                )
            return {"orders": list(dossier.final_orders)}
        case acts.Reported():
            due_at = dossier.report_due_at
            return {
                "items": _whole("items", act.items),
                "seconds": _whole("seconds", act.seconds) if act.seconds else -1,
                "complaints": _whole("complaints", act.complaints),
                "reinstated": _whole("reinstated", act.reinstated),
                "in_time": due_at is None or act.at <= due_at,
            }
        case acts.Penalty():
            if act.infringed not in acts.INFRINGED:
                raise Invalid("'infringed' is one of: " + ", ".join(acts.INFRINGED) + ".")
            amount = _whole("amount_eur", act.amount_eur) if act.amount_eur else 0
            return {"infringed": act.infringed, "penalty": act.penalty, "amount_eur": amount}
        case acts.AccessRequested():
            return {"order": service.find_order(act.order).number if act.order else ""}
        case acts.ReviewDecided() | acts.CourtDecided():
            return {"outcome": act.outcome}
        case _:
            return {}


def _event(act: acts.Act, made: ProviderAct, facts: dict[str, Any]) -> Event:
    at = utc_text(made.happened_at)
    about: dict[str, Any] = {"provider": made.provider.name, "act": made.number, "at": at}
    match act:
        case acts.Exposed():
            return events.ExposureDecided(**about, orders=tuple(facts["orders"]))
        case acts.Notified():
            return events.ExposureNotified(**about)
        case acts.Required():
            return events.MeasuresRequired(**about)
        case acts.Reported():
            return events.MeasuresReported(**about, **facts)
        case acts.ReviewAsked():
            return events.ExposureReviewAsked(**about)
        case acts.ReviewDecided():
            return events.ExposureReviewDecided(**about, **facts)
        case acts.Challenged():
            return events.ExposureChallenged(**about)
        case acts.CourtDecided():
            return events.ExposureCourtDecided(**about, **facts)
        case acts.Penalty():
            return events.PenaltyImposed(**about, **facts)
        case acts.AccessRequested():
            return events.AccessRequested(**about, **facts)
        case _:
            assert_never(act)


def _text(act: acts.Act) -> str:
    """Reasons, or how something is known; a request for review needs neither."""
    if isinstance(act, acts.ReviewAsked):
        return ""
    return service.check_reason(act.proof if isinstance(act, acts.Notified) else act.reason)


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > NUMBER_MAX:
        raise Invalid(f"{name!r} is a whole number.")
    return int(text)
