"""Orders that an authority issues, for tests: people of an invented prefecture, an invented forum, a clock by hand."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from vigie.flows import issuing_post
from vigie.flows.issuing import take_step
from vigie.foundation.clock import now
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import Settings, current
from vigie.issuing import drafting, holds, providers
from vigie.issuing.models import IssuedOrder, Provider
from vigie.issuing.sending import TOPIC
from vigie.issuing.steps import step_from
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.ledger.outbox import Refused, Taken, claim_due, deliver
from vigie.people.models import User

MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
URL = "https://forum.example/p/heron-1"
PROFILE: dict[str, Any] = {
    "fields": {
        "issuing_state": "FR",
        "authority": "Example Prefecture of Lutèce",
        "authority_kind": "law_enforcement",
        "representative": "Duty officer, commissaire",
        "email": "duty@prefecture.example",
        "telephone": "+33 1 00 00 00 00",
        "follow_up_contact": "duty@prefecture.example",
        "redress_body": "Example administrative court",
        "redress_deadline": "30 days",
        "redress_provisions": "Example code, article 1",
    },
    "appeal_days": 30,
}
CONTENT = {
    "urls": [URL],
    "legal_types": ["a"],
    "additional_reasons": "The post glorifies the Grey Heron Column and asks others to follow it.",
    "do_not_inform": False,
}
FORUM = {
    "title": "Example forum",
    "home_state": "DE",
    "channel": "mail",
    "contact_email": "orders@forum.example",
    "languages": "en",
    "home_authority": "Beispielamt für Internetdelikte",
    "home_authority_email": "copies@beispielamt.example",
    "hosts": "forum.example",
}


@dataclass
class IssuingWorld:
    """An authority with three people and one provider; `settings` have a mail server when the test has one."""

    ana: User
    lea: User
    leo: User
    settings: Settings

    def draft(self, *, by: User | None = None, at: datetime = MORNING, **changes: Any) -> IssuedOrder:
        """A complete draft by the analyst."""
        values = {**CONTENT, "provider": "forum", **changes}
        return drafting.begin_draft(values, case="", user=by or self.ana, at=at, settings=self.settings)

    def step(
        self, order: IssuedOrder, name: str, *, by: User | None = None, at: datetime = MORNING, **values: Any
    ) -> IssuedOrder:
        """A person does something."""
        take_step(order.number, step_from(name, values), user=by or self.ana, at=at, settings=self.settings)
        return again(order)

    def approved(self, *, at: datetime = MORNING, **changes: Any) -> IssuedOrder:
        """A draft that was compared and approved."""
        order = self.draft(at=at, **changes)
        self.step(order, "check", at=at)
        return self.step(order, "approve", by=self.lea, at=at)

    def informed(self, *, hours_before: float = 13, before: datetime = MORNING) -> Provider:
        """The provider had the information on procedures so long before."""
        informed_at = before - timedelta(hours=hours_before)
        return providers.note_informed(
            "forum", informed_at=informed_at, proof="Letter with receipt.", user=self.ana, at=before
        )

    def issued(self, *, at: datetime = MORNING, **changes: Any) -> IssuedOrder:
        """An order that was issued, and what it sends is on its way."""
        if Provider.objects.get(name="forum").informed_at is None:
            self.informed(before=at)
        order = self.approved(at=at, **changes)
        return self.step(order, "issue", at=at)

    def received(self, *, at: datetime = MORNING, minutes: float = 2, **changes: Any) -> IssuedOrder:
        """An order of which receipt is proven, so many minutes after it was issued."""
        order = self.issued(at=at, **changes)
        receipt = at + timedelta(minutes=minutes)
        return self.step(order, "received", at=receipt, received_at=receipt, proof="They rang back.")

    def done(self, *, at: datetime = MORNING, minutes: float = 20, **changes: Any) -> IssuedOrder:
        """An order that was executed so many minutes after receipt."""
        order = self.received(at=at, **changes)
        assert order.received_at is not None
        measure_at = order.received_at + timedelta(minutes=minutes)
        return self.step(
            order, "done", at=measure_at, measure="removed", measure_at=measure_at, proof="Annex II by fax."
        )

    def post(self, *, allowed: frozenset[str] = frozenset()) -> list[Taken | Refused]:
        """Deliver what is on its way about orders of ours."""
        door = OutboundDoor(allowed_hosts=allowed)
        return [
            deliver(
                one,
                deliverer=lambda stored: issuing_post.deliver(stored, door=door, settings=self.settings),
                clock=now,
            )
            for one in claim_due(at=now() + timedelta(days=1), limit=50)
            if one.topic == TOPIC
        ]


def again(order: IssuedOrder) -> IssuedOrder:
    """The order as it is stored now."""
    return IssuedOrder.objects.select_related("provider").get(pk=order.pk)


def make_issuing_world(folder: Path, *, smtp_url: str = "", **changes: Any) -> IssuingWorld:
    """Fill an empty database."""
    path = folder / "profile.yaml"
    path.write_text(yaml.safe_dump(PROFILE, allow_unicode=True))
    settings = replace(
        current(),
        issuing_profile_file=str(path),
        smtp_url=smtp_url,
        mail_from="duty@prefecture.example",
        **changes,
    )
    providers.add_provider("forum", FORUM, actor=COMMAND_LINE, settings=settings)
    return IssuingWorld(
        ana=User.objects.create(username="ana", role="analyst", first_name="Ana"),
        lea=User.objects.create(username="clea", role="legal_officer", first_name="Clea"),
        leo=User.objects.create(username="leo", role="legal_officer", first_name="Leo"),
        settings=settings,
    )


def facts_of(name: str) -> list[dict[str, Any]]:
    """The facts of every event of this name, in order."""
    return [one.facts for one in LedgerEntry.objects.filter(event=f"issuing.{name}.v1").order_by("seq")]


def hold(world: IssuingWorld, kind: str, pattern: str) -> str:
    """A hold of another analyst."""
    made = holds.enter_hold(
        kind=kind,
        pattern=pattern,
        unit="Unit 4",
        contact="+33 1 22 22 22 22",
        until=MORNING + timedelta(days=360),
        reason="An investigation nobody else knows of.",
        user=world.ana,
        at=MORNING,
    )
    return made.number
