"""Preserved evidence for tests: removed content, and instants after its time is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from domain import Domain, make_domain
from redress_world import open_case
from vigie.cases.decisions import DecisionDraft
from vigie.evidence.models import EvidenceRequest, PreservedItem
from vigie.evidence.requests import RequestDraft, ask, grant
from vigie.flows.decision import decide
from vigie.flows.preservation import tend
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.ledger.models import LedgerEntry
from vigie.people.models import User

REMOVE = DecisionDraft("remove", "a copy of the poster", legal_type="a", exemption="none")
KEEP = DecisionDraft("keep", "nothing in it", exemption="none")
BASIS = "(EU) 2021/784 Article 6(1)(b)"
PURPOSE = "evidence for the appeal 12/26"


@dataclass
class EvidenceWorld:
    """People, and content that was removed."""

    domain: Domain
    lea: User

    @property
    def anna(self) -> User:
        """The reviewer, who asks."""
        return self.domain.anna

    def removed(self, external_id: str = "p1", *, draft: DecisionDraft = REMOVE) -> PreservedItem:
        """The preserved item of a case that a person decided."""
        number = open_case(self.domain, external_id)
        decide(number, draft, user=self.anna)
        return PreservedItem.objects.get(subject=f"case:{number}")

    def ask(self, item: PreservedItem, kind: str = "access", *, by: User | None = None) -> EvidenceRequest:
        """Somebody asks."""
        draft = RequestDraft(EvidenceRequest.Kind(kind), PURPOSE, BASIS)
        return ask(item.number, draft, user=by or self.anna, at=now())

    def granted(self, item: PreservedItem, kind: str = "access") -> EvidenceRequest:
        """Somebody asked, and the second person said yes."""
        asked = self.ask(item, kind)
        return grant(asked.number, reason="", user=self.lea, at=now(), settings=current())


@pytest.fixture
def world(database: str) -> EvidenceWorld:
    """On a database with one confirmed entry."""
    made = make_domain()
    made.bank_confirmed(1)
    return make_evidence_world(made)


def make_evidence_world(domain: Domain) -> EvidenceWorld:
    """Beside a domain."""
    return EvidenceWorld(domain, User.objects.create(username="lea", role="legal_officer"))


def again(item: PreservedItem) -> PreservedItem:
    """The item as it is stored now."""
    return PreservedItem.objects.get(pk=item.pk)


def over(item: PreservedItem) -> datetime:
    """An instant after its time is over."""
    until = again(item).until
    assert until is not None
    return until + timedelta(seconds=1)


def tend_at(at: datetime) -> int:
    """One round of the worker at this instant; how many were deleted."""
    done = tend(at=at, settings=current())
    assert done.failed == 0
    return done.deleted


def facts_of_last(event: str) -> dict[str, object]:
    """What the last row of this event says."""
    facts = LedgerEntry.objects.filter(event=event).order_by("seq").values_list("facts", flat=True).last()
    assert isinstance(facts, dict)
    return facts
