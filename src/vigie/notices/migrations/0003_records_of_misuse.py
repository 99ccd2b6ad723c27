"""What was counted at the notifier becomes a record of misuse for each platform, with its warning and suspension.

Nothing is lost: what counted counts, who was warned is warned, what is set aside comes back when that is over.
"""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.utils import timezone


def move(apps: Any, schema_editor: Any) -> None:
    """From columns of the notifier to records, findings and steps."""
    notifiers = apps.get_model("notices", "Notifier").objects
    notices = apps.get_model("notices", "Notice").objects
    # A notice that waits again was found unfounded because of a decision that was taken back.
    notices.filter(unfounded=True, decision=None).update(unfounded=False)
    for notifier in notifiers.order_by("pk").iterator():
        if not (notifier.unfounded or notifier.warned_at or notifier.suspended_until):
            continue
        sent = notices.filter(notifier=notifier)
        for platform in sent.order_by().values_list("content__platform", flat=True).distinct():
            _record(apps, notifier, sent.filter(content__platform=platform), platform)


def _record(apps: Any, notifier: Any, sent: Any, platform: int) -> None:
    at = timezone.now()
    suspended = notifier.suspended_until
    is_suspended = suspended is not None and suspended > at
    stage = "suspended" if is_suspended else "warned" if notifier.warned_at else "watched"
    record = apps.get_model("misuse", "MisuseRecord").objects.create(
        kind="notifier", platform_id=platform, key=notifier.key, stage=stage, opened_at=at, changed_at=at
    )
    findings = apps.get_model("misuse", "MisuseFinding").objects
    for notice in sent.filter(unfounded=True).select_related("decision").order_by("pk"):
        findings.create(
            record=record,
            about=f"N-{notice.pk:06d}",
            rests_on=f"D-{notice.decision_id:06d}",
            case_id=notice.case_id,
            provided_at=notice.received_at,
            found_at=notice.decided_at or at,
        )
    steps = apps.get_model("misuse", "MisuseStep").objects
    numbers = {
        "record": record,
        "counted": notifier.unfounded,
        "total": notifier.decided,
        "count_min": 10,
        "percent_min": 80,
        "window_days": 365,
    }
    if notifier.warned_at:
        steps.create(kind="warning", taken_at=notifier.warned_at, **numbers)
    if suspended:
        # When it began was not kept; after the warning, and before what it set aside.
        first = sent.filter(state="set_aside").order_by("received_at").first()
        began = first.received_at if first else min(at, suspended)
        step = steps.create(
            kind="suspension",
            taken_at=max(began, (notifier.warned_at or began) + timedelta(microseconds=1)),
            until=suspended,
            ended_at=None if is_suspended else suspended,
            end="" if is_suspended else "over",
            **numbers,
        )
        sent.filter(state="set_aside").update(set_aside_by=step)


class Migration(migrations.Migration):
    dependencies = [
        ("misuse", "0001_initial"),
        ("notices", "0002_set_aside_by"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
