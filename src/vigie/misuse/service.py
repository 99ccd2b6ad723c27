"""What counts for somebody, and the steps: each act with its ledger entry, inside the caller's transaction.

It tells nobody and sends nothing: `flows.misuse` does, in the same transaction. Whoever changes a record has a turn at
the ledger first, so that two never wait for each other.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from vigie.cases.models import Case
from vigie.foundation.clock import now, utc_text
from vigie.foundation.errors import Forbidden, Invalid, NotFound
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor, person
from vigie.ledger.events import Event
from vigie.misuse import events
from vigie.misuse.models import MisuseFinding, MisuseRecord, MisuseStep
from vigie.misuse.records import Who, last_warning, limits_of, records, running_suspension, standing_of
from vigie.misuse.steps import (
    Act,
    Stage,
    Tally,
    WrongStep,
    after,
    step_open,
    suspension_ends_at,
)
from vigie.people.models import User
from vigie.people.rights import Right

ASSESSMENT_CHARS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """What a person found: about what, because of which decision, and when it was sent or published."""

    about: str
    rests_on: str
    case: Case
    provided_at: datetime


@dataclass(frozen=True, slots=True)
class Assessment:
    """What only a person can weigh, in words: (EU) 2022/2065 Art. 23(3)(c) and (d)."""

    gravity: str = ""
    intention: str = ""


def find(who: Who, found: Found, *, user: User) -> MisuseFinding:
    """Count something for somebody; found twice, it counts once."""
    _check_may_decide(user)
    ledger.take_turn()
    at = now()
    record, _ = MisuseRecord.objects.select_for_update(of=("self",)).get_or_create(
        kind=who.kind,
        platform=who.platform,
        key=who.key,
        defaults={"account": who.account, "opened_at": at, "changed_at": at},
    )
    finding, is_new = MisuseFinding.objects.get_or_create(
        record=record,
        about=found.about,
        withdrawn_at=None,
        defaults={
            "rests_on": found.rests_on,
            "case": found.case,
            "provided_at": found.provided_at,
            "found_by": user,
            "found_at": at,
        },
    )
    if is_new:
        _touch(record, at)
        _record(
            record,
            events.MisuseFound(
                record=record.number,
                kind=record.kind,
                platform=who.platform.name,
                about=found.about,
                rests_on=found.rests_on,
            ),
            person(user.pk),
        )
    return finding


def withdraw(
    findings: QuerySet[MisuseFinding], *, why: MisuseFinding.Withdrawn, actor: Actor
) -> list[MisuseRecord]:
    """Let findings count no more; returns the records that they were in, each once."""
    ledger.take_turn()
    at = now()
    records: dict[int, MisuseRecord] = {}
    for finding in findings.filter(withdrawn_at=None).select_related("record__platform").order_by("id"):
        finding.withdrawn_at, finding.withdrawn_why = at, why
        finding.save(update_fields=["withdrawn_at", "withdrawn_why"])
        record = records.setdefault(finding.record_id, finding.record)
        _touch(record, at)
        _record(record, events.FindingWithdrawn(record=record.number, about=finding.about, why=why), actor)
    return list(records.values())


def warn(
    record: MisuseRecord, tally: Tally, assessment: Assessment, *, user: User, settings: Settings
) -> MisuseStep:
    """Warn somebody; `record` is locked. Raises WrongStep when that is not open now."""
    _check_open(record, tally, "warn", settings)
    step = _take(record, MisuseStep.Kind.WARNING, tally, assessment, user=user, settings=settings)
    _move(record, Act.WARN)
    _record(
        record,
        events.MisuseWarned(
            record=record.number,
            kind=record.kind,
            platform=record.platform.name,
            step=step.number,
            counted=step.counted,
            total=step.total,
            window_days=step.window_days,
        ),
        person(user.pk),
    )
    return step


def suspend(
    record: MisuseRecord,
    tally: Tally,
    assessment: Assessment,
    *,
    days: int | None,
    user: User,
    settings: Settings,
) -> MisuseStep:
    """Suspend somebody after a warning, for `days` or as long as the setting says; `record` is locked.

    Raises WrongStep when that is not open now, Invalid without what a person has to weigh for an account.
    """
    _check_open(record, tally, "suspend", settings)
    if record.kind == MisuseRecord.Kind.UPLOADER and not (
        assessment.gravity.strip() and assessment.intention.strip()
    ):
        raise Invalid(
            "Say in words how grave it is, and what can be told of the intention.",
            hint="Article 23(3) of Regulation (EU) 2022/2065. Both stand in the statement of reasons.",
            code="misuse_assessment",
        )
    limits = limits_of(record.kind, settings)
    until = suspension_ends_at(now(), days=limits.suspension_days if days is None else days)
    step = _take(
        record, MisuseStep.Kind.SUSPENSION, tally, assessment, user=user, settings=settings, until=until
    )
    _move(record, Act.SUSPEND)
    _record(
        record,
        events.MisuseSuspended(
            record=record.number,
            kind=record.kind,
            platform=record.platform.name,
            step=step.number,
            counted=step.counted,
            total=step.total,
            window_days=step.window_days,
            until=utc_text(until),
        ),
        person(user.pk),
    )
    return step


def end(record: MisuseRecord, *, why: MisuseStep.End, actor: Actor, user: User | None = None) -> MisuseStep:
    """End the suspension that holds; `record` is locked. Raises WrongStep when none does."""
    step = running_suspension(record)
    if step is None:
        raise WrongStep("Nobody is suspended here.")
    step.ended_at, step.end, step.ended_by = now(), why, user
    step.save(update_fields=["ended_at", "end", "ended_by"])
    _move(record, Act.END if why == MisuseStep.End.OVER else Act.LIFT)
    _record(
        record,
        events.SuspensionEnded(record=record.number, kind=record.kind, step=step.number, why=why),
        actor,
    )
    return step


def take_warning_back(record: MisuseRecord, *, user: User) -> MisuseStep:
    """Take the last warning back, as if it had not been; `record` is locked."""
    _check_may_decide(user)
    step = last_warning(record)
    if step is None:
        raise WrongStep("There is no warning to take back.")
    _move(record, Act.TAKE_WARNING_BACK)
    step.ended_at, step.end, step.ended_by = now(), MisuseStep.End.TAKEN_BACK, user
    step.save(update_fields=["ended_at", "end", "ended_by"])
    _record(record, events.WarningTakenBack(record=record.number, step=step.number), person(user.pk))
    return step


def delete(record: MisuseRecord, *, actor: Actor) -> None:
    """Delete a record with all that stands in it; `record` is locked. What is in the ledger stays."""
    number, kind, platform = record.number, record.kind, record.platform.name
    record.findings.all().delete()
    record.steps.all().delete()
    record.delete()
    ledger.append(
        events.RecordDeleted(record=number, kind=kind, platform=platform),
        actor=actor,
        subject=f"misuse:{number}",
    )


def locked_record(pk: int) -> MisuseRecord:
    """The record, locked until the end of the transaction, after a turn at the ledger; raises NotFound."""
    ledger.take_turn()
    record = records().select_for_update(of=("self",)).filter(pk=pk).first()
    if record is None:
        raise NotFound("There is no such record.")
    return record


def _check_open(record: MisuseRecord, tally: Tally, step: str, settings: Settings) -> None:
    limits = limits_of(record.kind, settings)
    if step_open(tally, standing_of(record), limits=limits, at=now()) != step:
        raise WrongStep("This is not open now: a warning comes first, and only for frequent misuse.")


def _take(
    record: MisuseRecord,
    kind: MisuseStep.Kind,
    tally: Tally,
    assessment: Assessment,
    *,
    user: User,
    settings: Settings,
    until: datetime | None = None,
) -> MisuseStep:
    _check_may_decide(user)
    for words in (assessment.gravity, assessment.intention):
        if len(words) > ASSESSMENT_CHARS_MAX:
            raise Invalid(
                f"The words have more than {ASSESSMENT_CHARS_MAX} characters.", code="misuse_assessment"
            )
    limits = limits_of(record.kind, settings)
    return MisuseStep.objects.create(
        record=record,
        kind=kind,
        taken_by=user,
        taken_at=now(),
        until=until,
        counted=tally.counted,
        total=tally.total,
        count_min=limits.count_min,
        percent_min=limits.percent_min,
        window_days=limits.window_days,
        gravity=assessment.gravity.strip(),
        intention=assessment.intention.strip(),
    )


def _move(record: MisuseRecord, act: Act) -> None:
    record.stage = after(Stage(record.stage), act)
    record.changed_at = now()
    record.save(update_fields=["stage", "changed_at"])


def _touch(record: MisuseRecord, at: datetime) -> None:
    record.changed_at = at
    record.save(update_fields=["changed_at"])


def _check_may_decide(user: User) -> None:
    if Right.CASES_DECIDE not in user.rights:
        raise Forbidden("You may not decide about misuse.")


def _record(record: MisuseRecord, event: Event, actor: Actor) -> None:
    ledger.append(event, actor=actor, subject=f"misuse:{record.number}")
