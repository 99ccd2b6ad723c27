"""Reading what stands about somebody: what counts in the time frame, the last steps, and what a suspension rests on.

It changes nothing and judges nothing: `steps` says what is open, `service` does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from vigie.foundation.errors import NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import Settings
from vigie.misuse.models import MisuseFinding, MisuseRecord, MisuseStep
from vigie.misuse.steps import Kind, Limits, Stage, Standing, Tally, still_stands, window_begins_at
from vigie.platforms.models import Platform


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody on one platform: by a keyed hash, and for an account by the platform's own id."""

    kind: Kind
    platform: Platform
    key: str
    account: str = ""


def limits_of(kind: str, settings: Settings) -> Limits:
    """The limits for a kind of misuse."""
    count_min, percent_min = {
        "notifier": (settings.misuse_count_min, settings.misuse_percent_min),
        "complainant": (settings.misuse_complaints_count_min, settings.misuse_complaints_percent_min),
        "uploader": (settings.misuse_contents_count_min, settings.misuse_contents_percent_min),
    }[kind]
    return Limits(count_min, percent_min, settings.misuse_window_days, settings.misuse_suspension_days)


def record_of(who: Who) -> MisuseRecord | None:
    """The record of somebody; None when nothing was ever found."""
    found = records().filter(kind=who.kind, platform=who.platform, key=who.key)
    return found.first() if who.key else None


def records() -> QuerySet[MisuseRecord]:
    """All records with what is shown of them."""
    return MisuseRecord.objects.select_related("platform")


def find_record(number: str) -> MisuseRecord:
    """The record with this public number; raises NotFound."""
    record = records().filter(pk=parse_public_number("M", number) or 0).first()
    if record is None:
        raise NotFound("There is no such record.", hint="A record is deleted when its time is over.")
    return record


def find_step(number: str) -> MisuseStep:
    """The step with this public number; raises NotFound."""
    steps = MisuseStep.objects.select_related("record__platform", "taken_by", "ended_by")
    step = steps.filter(pk=parse_public_number("MS", number) or 0).first()
    if step is None:
        raise NotFound("There is no such warning or suspension.")
    return step


def suspension_of(who: Who, *, at: datetime) -> MisuseStep | None:
    """What suspends somebody at this instant."""
    return (
        MisuseStep.objects.filter(
            record__kind=who.kind,
            record__platform=who.platform,
            record__key=who.key,
            kind=MisuseStep.Kind.SUSPENSION,
            ended_at=None,
            until__gt=at,
        ).first()
        if who.key
        else None
    )


def running_suspension(record: MisuseRecord) -> MisuseStep | None:
    """The suspension that nobody and nothing has ended yet."""
    return record.steps.filter(kind=MisuseStep.Kind.SUSPENSION, ended_at=None).order_by("-id").first()


def suspensions_over(*, at: datetime, limit: int) -> list[int]:
    """Records whose suspension has come to its end and was not ended yet."""
    due = MisuseStep.objects.filter(kind=MisuseStep.Kind.SUSPENSION, ended_at=None, until__lte=at)
    return list(due.order_by("until").values_list("record_id", flat=True)[:limit])


def over_their_time(*, at: datetime, settings: Settings) -> QuerySet[MisuseRecord]:
    """Records in which nothing has happened for as long as the setting says, and in which nothing counts or suspends.

    What counts does so for the whole time frame: no record is over before that.
    """
    days = max(settings.misuse_retention_days, settings.misuse_window_days)
    quiet = MisuseRecord.objects.filter(changed_at__lte=at - timedelta(days=days))
    return quiet.exclude(stage=Stage.SUSPENDED)


def ended_at(at: datetime, *, field: str = "set_aside_by") -> Q:
    """For rows that a suspension set aside: that it holds no more."""
    return Q(**{f"{field}__ended_at__isnull": False}) | Q(**{f"{field}__until__lte": at})


def rests_on(decisions: Sequence[str]) -> QuerySet[MisuseFinding]:
    """What counts because of these decisions."""
    return MisuseFinding.objects.filter(rests_on__in=decisions, withdrawn_at=None)


def last_warning(record: MisuseRecord) -> MisuseStep | None:
    """The last warning that was not taken back."""
    rows = record.steps.filter(kind=MisuseStep.Kind.WARNING).exclude(end=MisuseStep.End.TAKEN_BACK)
    return rows.order_by("-id").first()


def warned_before(step: MisuseStep) -> datetime:
    """When the warning was given that came before a suspension."""
    warnings = step.record.steps.filter(kind=MisuseStep.Kind.WARNING, taken_at__lte=step.taken_at)
    given = warnings.order_by("-id").values_list("taken_at", flat=True).first()
    return given or step.taken_at


def last_finding(record: MisuseRecord) -> MisuseFinding | None:
    """The newest finding, also one that was withdrawn: by it somebody can be reached."""
    return record.findings.select_related("record", "case__content__platform").order_by("-id").first()


def standing_findings(record: MisuseRecord, *, at: datetime, settings: Settings) -> QuerySet[MisuseFinding]:
    """What counts in the time frame, the newest first."""
    begins = window_begins_at(at, limits=limits_of(record.kind, settings))
    return record.findings.filter(withdrawn_at=None, provided_at__gt=begins).order_by("-provided_at", "-id")


def tally_of(record: MisuseRecord, *, total: int, at: datetime, settings: Settings) -> Tally:
    """What counts now, of `total` in the time frame."""
    counts = standing_findings(record, at=at, settings=settings)
    counted = counts.count()
    last = _last_step_at(record)
    since = counts.filter(provided_at__gt=last).count() if last else counted
    return Tally(counted, max(total, counted), since)


def standing_of(record: MisuseRecord) -> Standing:
    """The last warning, and until when somebody is suspended."""
    warning, suspension = last_warning(record), running_suspension(record)
    return Standing(
        warned_at=warning.taken_at if warning else None,
        suspended_until=suspension.until if suspension else None,
    )


def has_lost_its_ground(step: MisuseStep) -> bool:
    """Whether what a suspension counted was taken back so far that it could not be imposed."""
    limits = Limits(step.count_min, step.percent_min, step.window_days, 0)
    counts = step.record.findings.filter(
        withdrawn_at=None,
        found_at__lte=step.taken_at,
        provided_at__gt=window_begins_at(step.taken_at, limits=limits),
    )
    before = step.record.steps.filter(pk__lt=step.pk).exclude(end=MisuseStep.End.TAKEN_BACK)
    last = before.order_by("-taken_at").values_list("taken_at", flat=True).first()
    since = counts.filter(provided_at__gt=last).count() if last else 0
    counted = counts.count()
    return not still_stands(Tally(counted, max(step.total, counted), since), limits)


def _last_step_at(record: MisuseRecord) -> datetime | None:
    rows = record.steps.exclude(end=MisuseStep.End.TAKEN_BACK).order_by("-taken_at")
    return rows.values_list("taken_at", flat=True).first()
