"""Frequent misuse from the finding to its end: who it is, what counts, and the four steps with what they lead to.

It decides nothing: a person finds, warns, suspends and lifts. A suspension ends by itself, and with what it rests on;
what was set aside meanwhile comes back. Source: (EU) 2022/2065 Art. 23.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from vigie.cases import deciding
from vigie.cases import service as cases
from vigie.cases.models import Content, Decision
from vigie.flows import notice as notice_flow
from vigie.flows.misuse_post import tell
from vigie.flows.misuse_restraint import lift_restraint, restrain_account
from vigie.flows.misuse_who import complaints_decided
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM, Actor, person
from vigie.matching.archive.authors import contents_of
from vigie.misuse import records
from vigie.misuse import service as misuse
from vigie.misuse.models import MisuseFinding, MisuseRecord, MisuseStep
from vigie.misuse.records import Who
from vigie.misuse.service import Assessment, Found
from vigie.misuse.steps import Limits, Standing, Step, Tally, step_open, window_begins_at
from vigie.notices import service as notices
from vigie.notices.states import WrongState as NoticeElsewhere
from vigie.people.models import User
from vigie.people.rights import Right
from vigie.redress import complaints
from vigie.redress.states import WrongState as ComplaintElsewhere

TAKEN_UP_AT_ONCE_MAX = 100


@dataclass(frozen=True, slots=True)
class Position:
    """What a person has before them: what counts, within which limits, and what is open."""

    record: MisuseRecord
    limits: Limits
    tally: Tally
    standing: Standing
    step: Step


def position_of(record: MisuseRecord, *, settings: Settings) -> Position:
    """Everything that the next step stands on, as of now."""
    at, limits = now(), records.limits_of(record.kind, settings)
    total = _total(record, since=window_begins_at(at, limits=limits), settings=settings)
    tally, standing = (
        records.tally_of(record, total=total, at=at, settings=settings),
        records.standing_of(record),
    )
    return Position(record, limits, tally, standing, step_open(tally, standing, limits=limits, at=at))


def find_manifestly_illegal(case_number: str, *, user: User) -> MisuseFinding:
    """A person finds that what was removed as terrorist content is so manifestly; it counts for its account.

    Raises Conflict unless that decision holds and may be told, Invalid where the platform named no author.
    """
    with transaction.atomic():
        case = cases.find_case(case_number)
        decision, content = deciding.standing_decision(case), case.content
        if decision is None or decision.action not in cases.REMOVAL_ACTIONS or not decision.legal_type:
            raise Conflict(
                "Only what was removed as terrorist content can be manifestly illegal.", code="not_illegal"
            )
        if decision.withheld_until is not None and decision.withheld_until > now():
            raise Conflict(
                "An authority forbids to tell of this decision, and whoever is warned would be told.",
                code="decision_withheld",
            )
        if not (content.author_id and content.author_key):
            raise Invalid("The platform did not say who the author is.", code="author_unknown")
        who = Who("uploader", content.platform, content.author_key, content.author_id)
        provided_at = content.published_at or content.first_seen_at
        found = Found(content.reference, decision.number, case, provided_at)
        return misuse.find(who, found, user=user)


def warn(number: str, assessment: Assessment, *, user: User, settings: Settings) -> MisuseStep:
    """Warn somebody, and tell them. Source: (EU) 2022/2065 Art. 23(1) and (2)."""
    found = position_of(records.find_record(number), settings=settings)
    with transaction.atomic():
        record = misuse.locked_record(found.record.pk)
        tally = records.tally_of(record, total=found.tally.total, at=now(), settings=settings)
        step = misuse.warn(record, tally, assessment, user=user, settings=settings)
        tell(step, "warning", actor=person(user.pk), settings=settings)
    return step


def suspend(
    number: str, assessment: Assessment, *, days: int | None = None, user: User, settings: Settings
) -> MisuseStep:
    """Suspend somebody after a warning, and tell them; for an account the platform is asked to, with reasons.

    Source: (EU) 2022/2065 Art. 23(1) and (2), 17(1)(d), 20(1)(c).
    """
    found = position_of(records.find_record(number), settings=settings)
    with transaction.atomic():
        record = misuse.locked_record(found.record.pk)
        warned_at = records.standing_of(record).warned_at
        tally = records.tally_of(record, total=found.tally.total, at=now(), settings=settings)
        if record.kind == MisuseRecord.Kind.UPLOADER:
            _check_can_be_suspended(record)
        step = misuse.suspend(record, tally, assessment, days=days, user=user, settings=settings)
        assert warned_at is not None  # `misuse.suspend` lets nobody through who was not warned
        if record.kind == MisuseRecord.Kind.UPLOADER:
            restrain_account(step, warned_at=warned_at, actor=person(user.pk), settings=settings)
        else:
            tell(step, "suspension", actor=person(user.pk), settings=settings)
    return step


def lift(number: str, *, user: User, settings: Settings) -> MisuseStep:
    """End a suspension before its time; what was set aside comes back at once."""
    _check_may_decide(user)
    with transaction.atomic():
        record = misuse.locked_record(records.find_record(number).pk)
        step = _end(record, MisuseStep.End.LIFTED, actor=person(user.pk), user=user, settings=settings)
    take_up_again(at=now(), actor=person(user.pk))
    return step


def take_warning_back(number: str, *, user: User) -> MisuseStep:
    """Take the last warning back."""
    with transaction.atomic():
        return misuse.take_warning_back(misuse.locked_record(records.find_record(number).pk), user=user)


def withdraw_finding(number: str, about: str, *, user: User, settings: Settings) -> MisuseRecord:
    """A person takes back that something counts; a suspension that has lost its ground by that ends."""
    _check_may_decide(user)
    with transaction.atomic():
        record = records.find_record(number)
        finding = record.findings.filter(about=about, withdrawn_at=None).first()
        if finding is None:
            raise NotFound("Nothing of this name counts here.")
        rows = MisuseFinding.objects.filter(pk=finding.pk)
        _withdraw(rows, MisuseFinding.Withdrawn.WITHDRAWN, person(user.pk), settings)
    take_up_again(at=now(), actor=person(user.pk))
    return records.find_record(number)


def decision_fell(decisions: Sequence[Decision], *, actor: Actor, settings: Settings) -> None:
    """What counts because of these decisions counts no more, inside the transaction that takes them back.

    What a suspension that ends by that had set aside comes back with the worker's next look.
    """
    rows = records.rests_on([one.number for one in decisions])
    if rows.exists():
        _withdraw(rows, MisuseFinding.Withdrawn.REVERSED, actor, settings)


def decision_replaced(first: Decision, revision: Decision, *, actor: Actor, settings: Settings) -> None:
    """A complaint put another decision in the place of the first, inside its transaction.

    What is still removed as terrorist content still counts; everything else that rested on the first counts no more.
    """
    both = (first, revision)
    if all(one.action in cases.REMOVAL_ACTIONS and one.legal_type for one in both):
        records.rests_on([first.number]).update(rests_on=revision.number)
    else:
        decision_fell([first], actor=actor, settings=settings)


def end_of_complaint(step: MisuseStep, *, actor: Actor) -> bool:
    """A complaint about an account's suspension was right: it ends, inside the transaction of the outcome.

    Whether there was something to end; the answer to the complaint carries the measure.
    """
    record = misuse.locked_record(step.record_id)
    running = records.running_suspension(record)
    if running is None or running.pk != step.pk:
        return False
    misuse.end(record, why=MisuseStep.End.COMPLAINT, actor=actor)
    return True


def end_due(*, at: datetime, settings: Settings) -> tuple[int, int]:
    """End the suspensions whose time is over, and take up what they set aside; returns how many of each."""
    due = records.suspensions_over(at=at, limit=TAKEN_UP_AT_ONCE_MAX)
    for pk in due:
        with transaction.atomic():
            record = misuse.locked_record(pk)
            step = records.running_suspension(record)
            if step is not None and not step.holds_at(at):
                _end(record, MisuseStep.End.OVER, actor=SYSTEM, user=None, settings=settings)
    return len(due), take_up_again(at=at, actor=SYSTEM)


def take_up_again(*, at: datetime, actor: Actor) -> int:
    """Bring back what suspensions set aside that are over, each in a transaction of its own; returns how many."""
    taken = 0
    for number in complaints.to_take_up(at=at, limit=TAKEN_UP_AT_ONCE_MAX):
        with suppress(ComplaintElsewhere):  # somebody took it up in the meantime
            complaints.take_up(number, actor=actor)
            taken += 1
    for number in notices.to_take_up(at=at, limit=TAKEN_UP_AT_ONCE_MAX):
        with suppress(NoticeElsewhere):
            notice_flow.take_up(number, actor=actor)
            taken += 1
    return taken


def author_stays_suspended(content: Content) -> bool:
    """Whether the author of a content is suspended by a decision that stands, or for misuse until its end."""
    who = Who("uploader", content.platform, content.author_key)
    return cases.author_is_suspended(content) or records.suspension_of(who, at=now()) is not None


def record_of(who: Who | None) -> MisuseRecord | None:
    """The record of somebody; None when nothing was ever found."""
    return None if who is None else records.record_of(who)


def _withdraw(
    rows: QuerySet[MisuseFinding], why: MisuseFinding.Withdrawn, actor: Actor, settings: Settings
) -> None:
    for finding in rows.filter(withdrawn_at=None).select_related("record"):
        if finding.record.kind == MisuseRecord.Kind.NOTIFIER:
            notices.note_found_after_all(finding)
        elif finding.record.kind == MisuseRecord.Kind.COMPLAINANT:
            complaints.note_found_after_all(finding)
    for touched in misuse.withdraw(rows, why=why, actor=actor):
        record = misuse.locked_record(touched.pk)
        step = records.running_suspension(record)
        if step is not None and records.has_lost_its_ground(step):
            _end(record, MisuseStep.End.REVERSED, actor=actor, user=None, settings=settings)


def _end(
    record: MisuseRecord, why: MisuseStep.End, *, actor: Actor, user: User | None, settings: Settings
) -> MisuseStep:
    step = misuse.end(record, why=why, actor=actor, user=user)
    if record.kind == MisuseRecord.Kind.UPLOADER:
        lift_restraint(step, actor=actor, settings=settings)
    elif why != MisuseStep.End.OVER:
        tell(step, "lifted", actor=actor, settings=settings)
    return step


def _total(record: MisuseRecord, *, since: datetime, settings: Settings) -> int:
    """How much somebody sent or published in the time frame."""
    who = Who(record.kind, record.platform, record.key, record.account)  # type: ignore[arg-type]
    if record.kind == MisuseRecord.Kind.NOTIFIER:
        return notices.decided_of(who, since=since)
    if record.kind == MisuseRecord.Kind.COMPLAINANT:
        return complaints_decided(who, since=since)
    # What opened a case is in the database; the rest, as far back as it is kept, in the archive.
    known = Content.objects.filter(platform=record.platform, author_key=record.key, first_seen_at__gt=since)
    archived = contents_of(record.key, platform=record.platform.name, since=since, settings=settings)
    return len(archived.union(known.values_list("external_id", flat=True)))


def _check_can_be_suspended(record: MisuseRecord) -> None:
    """Raise Conflict where a suspension would be said and not done, or is there already."""
    if not (record.platform.url and record.platform.active):
        raise Conflict(
            "The platform takes no messages, so that nobody would suspend the account.",
            hint="Enter its address for webhooks first.",
            code="no_webhooks",
        )
    finding = record.findings.select_related("case__content").order_by("-id").first()
    if finding is not None and cases.author_is_suspended(finding.case.content):
        raise Conflict(
            "A decision about a content has suspended this account already.", code="account_suspended"
        )


def _check_may_decide(user: User) -> None:
    if Right.CASES_DECIDE not in user.rights:
        raise Forbidden("You may not decide about misuse.")
