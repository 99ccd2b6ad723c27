"""Threats to life: raised at once, put before people, reported to the authorities by a person.

It reports nothing by itself: it drafts, and remembers until somebody has settled it.
"""

from django.db import transaction

from vigie.cases.models import Case
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from vigie.foundation.identifiers import new_uuid, parse_public_number
from vigie.foundation.secretbox import lock_text, unlock_text
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor, person
from vigie.notices import events
from vigie.notices.models import Notice, Threat
from vigie.notices.threats import ThreatFacts, draft
from vigie.people.models import User
from vigie.people.rights import Right

CALL_TOPIC = "notices.threat_call"
DRAFT_CHARS_MAX = 20_000
TOLD_CHARS_MIN = 10


def raise_threat(case: Case, *, told: str, notice: Notice | None, actor: Actor, settings: Settings) -> Threat:
    """Keep a suspicion with its draft, and call whoever is on call; inside the caller's transaction."""
    if not TOLD_CHARS_MIN <= len(told.strip()) <= DRAFT_CHARS_MAX // 2:
        raise Invalid("Say in words what gives rise to the suspicion.", code="threat_text")
    at, content = now(), case.content
    threat = Threat.objects.create(case=case, notice=notice, locked_draft="", aware_at=at)
    facts = ThreatFacts(
        number=threat.number,
        service=content.platform.title,
        content=content.external_id,
        url=content.url,
        author=content.author_id,
        published_at=content.published_at,
        aware_at=at,
        told=told.strip(),
    )
    threat.locked_draft = lock_text(draft(facts), settings=settings)
    threat.save(update_fields=["locked_draft"])
    seq = ledger.append(
        events.ThreatRaised(threat=threat.number, notice=notice.number if notice else ""),
        actor=actor,
        subject=f"case:{case.number}",
    )
    if settings.oncall_url:
        key = new_uuid()
        ledger.put_in_outbox(
            key=key,
            topic=CALL_TOPIC,
            receiver="on-call",
            ordering_key=f"threat:{threat.number}",
            payload={"event": "threat_to_life", "id": key, "threat": threat.number, "case": case.number},
            ledger_seq=seq,
            at=at,
        )
    return threat


def settle_threat(number: str, *, outcome: str, to: str, reference: str, reason: str, user: User) -> Threat:
    """Note that the authorities were informed (`reported`, `to` whom), or that there is no threat (`dismissed`, why).

    Source: (EU) 2022/2065 Art. 18(1): promptly, with all relevant information available.
    """
    if Right.CASES_DECIDE not in user.rights:
        raise Forbidden("You may not decide cases.")
    if outcome not in (Threat.State.REPORTED, Threat.State.DISMISSED):
        raise Invalid("A threat is reported or dismissed.")
    if outcome == Threat.State.REPORTED and not to.strip():
        raise Invalid("Say which authority was informed.", hint="Europol, where no Member State can be told.")
    if outcome == Threat.State.DISMISSED and len(reason.strip()) < TOLD_CHARS_MIN:
        raise Invalid("Say why there is no threat.", code="threat_text")
    with transaction.atomic():
        threat = (
            Threat.objects.select_for_update(of=("self",))
            .select_related("case")
            .filter(pk=parse_public_number("T", number) or 0)
            .first()
        )
        if threat is None:
            raise NotFound("There is no such threat.")
        if threat.state != Threat.State.OPEN:
            raise Conflict("This was settled already.")
        threat.state, threat.reported_to, threat.reference = (
            outcome,
            to.strip()[:300],
            reference.strip()[:200],
        )
        threat.reason, threat.settled_by, threat.settled_at = reason.strip()[:5_000], user, now()
        threat.save()
        ledger.append(
            events.ThreatSettled(threat=threat.number, outcome=outcome, to=threat.reported_to),
            actor=person(user.pk),
            subject=f"case:{threat.case.number}",
        )
    return threat


def find_threat(number: str) -> Threat:
    """The threat with this public number; raises NotFound."""
    threat = (
        Threat.objects.select_related("case__content__platform", "notice", "settled_by")
        .filter(pk=parse_public_number("T", number) or 0)
        .first()
    )
    if threat is None:
        raise NotFound("There is no such threat.")
    return threat


def threat_draft(threat: Threat, *, settings: Settings) -> str:
    """The report as it was drafted."""
    return unlock_text(threat.locked_draft, settings=settings)
