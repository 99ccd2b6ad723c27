"""A notice from its arrival to its answer: kept and confirmed, a case opened, the decision told, objected to.

It decides nothing, and how many report the same changes nothing but how it is shown.
"""

import hashlib

from django.db import transaction

from vigie.cases import service as cases
from vigie.cases.addresses import known_at, note_at
from vigie.cases.models import Case, Cause, Content
from vigie.flows.misuse_who import objector_of
from vigie.flows.oncall import call
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid
from vigie.foundation.limits import CONTENT_ID_CHARS_MAX
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import Settings
from vigie.ledger.actors import Actor
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.notices import service as notices
from vigie.notices.mails import queue_mail
from vigie.notices.models import Notice, Threat
from vigie.notices.service import NoticeDraft
from vigie.notices.threat_service import raise_threat
from vigie.platforms.models import Platform
from vigie.policy.service import active_policy
from vigie.redress import complaints
from vigie.redress.clocks import may_complain
from vigie.redress.complaints import ComplaintDraft, ComplaintTooLate
from vigie.redress.models import Complaint

# Held content waits at 30, what rules ask about at 20: `cases.queue`.
PRIORITY = 20
PRIORITY_TRUSTED = 40
PRIORITY_THREAT = 100
BECAUSE = "Somebody reported it."


def notify(
    draft: NoticeDraft,
    *,
    platform: Platform,
    content_id: str,
    from_address: str,
    actor: Actor,
    settings: Settings,
) -> Notice:
    """Take a notice; it is confirmed when this returns. Raises Invalid for what is no notice."""
    notices.check_notice(draft)
    with transaction.atomic():
        content = _content(platform, draft.url, content_id, settings)
        notice = notices.receive_notice(
            draft, content, from_address=from_address, actor=actor, settings=settings
        )
        if notice.state == "queued":
            _queue(notice, actor)
        if draft.threat_to_life and notice.case is not None:
            raise_threat(notice.case, told=draft.text, notice=notice, actor=actor, settings=settings)
    return notice


def take_up(number: str, *, actor: Actor) -> Notice:
    """Look at a notice that was set aside, after all or because that is over: it gets its case."""
    with transaction.atomic():
        notice = notices.take_up(number, actor=actor)
        _queue(notice, actor)
    return notice


def suspect_threat(case_number: str, *, told: str, actor: Actor, settings: Settings) -> Threat:
    """Somebody who works on a case sees a threat to life in it."""
    with transaction.atomic():
        case = cases.find_case(case_number)
        return raise_threat(case, told=told, notice=None, actor=actor, settings=settings)


def object_to_no_action(
    notice: Notice, text: str, *, language: str, actor: Actor, settings: Settings
) -> Complaint:
    """Take a notifier's complaint that nothing was done, within six months from the day they were told.

    Source: (EU) 2022/2065 Art. 20(1).
    """
    told = notice.told
    if notice.case is None or told is None or told.outcome != "no_action":
        raise Conflict("There is no decision to object to.", code="nothing_to_object_to")
    if not may_complain(now(), informed_at=told.at):
        raise ComplaintTooLate(
            "The time for a complaint is over.",
            hint="You can still turn to a dispute settlement body or to a court.",
        )
    with transaction.atomic():
        complaint = complaints.complain(
            ComplaintDraft(
                text=text,
                case=notice.case,
                decision=notice.decision,
                came_by=Complaint.CameBy.LINK,
                language=language,
                notice=notice.number,
                who=objector_of(notice),
            ),
            actor=actor,
            settings=settings,
        )
        queue_mail(notice, "complaint_received", about=complaint.number, settings=settings)
    return complaint


def deliver_call(stored: OutboxMessage, *, door: OutboundDoor, settings: Settings) -> Taken | Refused:
    """Call whoever is on call because of a threat to life; the message names the threat and nothing of it."""
    facts = {**stored.payload, "address": f"{settings.base_url}/threats/"}
    return call(stored, to=settings.oncall_url, facts=facts, door=door)


def _content(platform: Platform, url: str, content_id: str, settings: Settings) -> Content:
    """What is reported: by the platform's own id, else by its address."""
    if not content_id:
        return note_at(url, platform=platform)
    if len(content_id) > CONTENT_ID_CHARS_MAX:
        raise Invalid("The id of the content is too long.")
    rows = Content.objects.filter(platform=platform).select_related("platform")
    known = rows.filter(external_id=content_id).first() or known_at(url, platform=platform)
    if known is not None:
        return known
    return cases.note_content(
        cases.ContentDraft(
            platform=platform,
            external_id=content_id,
            kind="reported",
            url=url,
            language="",
            author_id="",
            published_at=None,
        ),
        settings=settings,
    )


def _queue(notice: Notice, actor: Actor) -> None:
    """Give it to the open case about reports of this content, or open one."""
    priority, cause = _priority(notice), Cause.REFERRAL if notice.is_referral else Cause.NOTICE
    case = (
        Case.objects.select_for_update(of=("self",))
        .filter(content=notice.content, cause__in=(Cause.NOTICE, Cause.REFERRAL), state=Case.State.OPEN)
        .order_by("id")
        .first()
    )
    if case is None:
        case = _open_case(notice, priority, cause, actor)
    else:
        case.priority = max(case.priority, priority)
        if cause == Cause.NOTICE:
            # What is decided now is decided because of a notice under Art. 16, whatever else drew attention to it.
            case.cause = cause
        case.save(update_fields=["priority", "cause"])
    notice.case = case
    notice.save(update_fields=["case"])


def _priority(notice: Notice) -> int:
    """By who reports and how urgent it is; never by how many."""
    if notice.threat_to_life:
        return PRIORITY_THREAT
    flagger = notice.flagger
    return PRIORITY_TRUSTED if flagger and notice.category in flagger.expertise else PRIORITY


def _open_case(notice: Notice, priority: int, cause: Cause, actor: Actor) -> Case:
    policy = active_policy()
    case = cases.open_case(
        cases.CaseDraft(
            content=notice.content,
            verdict="review",
            reasons=[{"rule": "", "verdict": "review", "because": BECAUSE}],
            shadow_reasons=[],
            policy_digest=policy.digest,
            policy_label=policy.version_label,
            media=[],
            matches=[],
            question_digest=hashlib.sha256(f"notice {notice.number}".encode()).hexdigest(),
            idempotency_key="",
            cause=cause,
        )
    )
    case.priority = priority
    case.save(update_fields=["priority"])
    cases.record_opened(case, actor=actor, rules=(), entries=())
    return case
