"""What was counted at a notifier before misuse had records: nothing of it is lost on the way to them."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from domain import Domain, make_domain
from vigie.cases.decisions import DecisionDraft
from vigie.flows import misuse as flow
from vigie.flows.decision import decide
from vigie.flows.notice import notify
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.misuse.models import MisuseRecord
from vigie.notices.models import Notice
from vigie.notices.service import NoticeDraft
from vigie.platforms.service import find_platform

pytestmark = pytest.mark.usefixtures("database")


def report(place: int) -> Notice:
    """Somebody reports, always the same."""
    return notify(
        NoticeDraft(
            text=f"The poster number {place} calls on readers to join.",
            url=f"https://forum.example/p/{place}",
            category="terrorism",
            language="en",
            good_faith=True,
            came_by=Notice.CameBy.FORM,
        ),
        platform=find_platform("forum"),
        content_id="",
        from_address="192.0.2.1",
        actor=COMMAND_LINE,
        settings=current(),
    )


def test_counts_warning_suspension_and_what_is_set_aside_become_a_record(database: str) -> None:
    domain: Domain = make_domain()
    for place in range(3):
        notice = report(place)
        assert notice.case is not None
        decide(notice.case.number, DecisionDraft("keep", "harmless", exemption="none"), user=domain.anna)
    aside = report(4)
    call_command("migrate", "notices", "0002", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_notice SET unfounded = id IN (1, 2)")
        cursor.execute(
            "UPDATE notices_notice SET state = 'set_aside', case_id = NULL WHERE id = %s", [aside.pk]
        )
        cursor.execute(
            "UPDATE notices_notifier SET decided = 3, unfounded = 2, since_warning = 1, warned_at = %s,"
            " suspended_until = %s",
            [now() - timedelta(days=5), now() + timedelta(days=30)],
        )
    call_command("migrate", verbosity=0)
    record = MisuseRecord.objects.get()
    assert (record.kind, record.platform.name, record.stage) == ("notifier", "forum", "suspended")
    assert list(record.findings.order_by("id").values_list("about", flat=True)) == ["N-000001", "N-000002"]
    position = flow.position_of(record, settings=current())
    assert (position.tally.counted, position.tally.total) == (2, 3)
    assert position.standing.warned_at is not None
    assert report(5).state == "set_aside"
    flow.lift(record.number, user=domain.ben, settings=current())
    aside.refresh_from_db()
    assert aside.state == "queued"
    assert aside.case is not None
