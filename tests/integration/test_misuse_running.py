"""Misuse with a running Vigie and the example platform: the account is suspended there, and given back at the end."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from example_forum import SECRET, Forum, png, wait_until
from running import StartVigie
from vigie.banks import service as banks
from vigie.banks.service import Provenance
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Case
from vigie.flows import misuse as flow
from vigie.flows.banking import Banking, bank_file
from vigie.flows.decision import decide
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.misuse.models import MisuseFinding, MisuseRecord, MisuseStep
from vigie.misuse.service import Assessment
from vigie.people.models import User
from vigie.platforms import service as platforms
from vigie.redress.models import Statement

REMOVE = DecisionDraft("remove", "a copy of the poster", legal_type="a", exemption="none")
WEIGHED = Assessment("It calls to join the column.", "The author went on when warned.")
SHADES = (40, 80, 120)


def test_the_forum_suspends_the_account_says_why_and_gives_it_back_at_the_end(
    vigie_starter: StartVigie, tmp_path: Path
) -> None:
    vigie = vigie_starter("data", VIGIE_ALLOWED_FETCH_HOSTS="127.0.0.1")
    with vigie.domain():
        platforms.add_platform(
            name="forum",
            title="Forum",
            url="",
            actor=COMMAND_LINE,
            settings=current(),
            secret=SECRET,
            rechecks=False,
        )
        banks.create_bank(name="grey-heron", title="Grey Heron", actor=COMMAND_LINE, may_remove=True)
        for shade in SHADES:
            banking = Banking("grey-heron", Provenance("unit A"), legal_type="a")
            bank_file(png(shade), banking, actor=COMMAND_LINE, settings=current())
        anna = User.objects.create(username="anna", role="reviewer")
    token = vigie.token("content:write", platform="forum")
    forum = Forum(tmp_path / "forum", vigie.url, "--vigie-token", token)
    try:
        with vigie.domain():
            platforms.change_platform("forum", url=forum.webhook, actor=COMMAND_LINE)
        posts = []
        for shade in SHADES:
            posts.append(forum.post(author="heron 77", picture=png(shade)))
            wait_until(lambda: forum.state(posts[-1]) != "pending", s_max=60)
            assert forum.state(posts[-1]) == "held", posts
            with vigie.domain():
                settings = replace(current(), misuse_contents_count_min=2)
                case = Case.objects.order_by("-id")[0].number
                decide(case, REMOVE, user=anna, settings=settings)
                flow.find_manifestly_illegal(case, user=anna)
                if len(posts) == 2:
                    record = MisuseRecord.objects.get()
                    flow.warn(record.number, Assessment(), user=anna, settings=settings)
                    # Platforms tell times to the second: the warning was a minute ago.
                    MisuseStep.objects.update(taken_at=now() - timedelta(minutes=1))
        wait_until(lambda: all(forum.seen(post) == 410 for post in posts), s_max=60)
        with vigie.domain():
            settings = replace(current(), misuse_contents_count_min=2)
            step = flow.suspend("M-000001", WEIGHED, days=1, user=anna, settings=settings)
        wait_until(lambda: "suspended" in forum.http.get("/u/heron 77").text, s_max=60)
        refused = forum.http.post("/api/posts", json={"author": "heron 77", "text": "again"})
        assert refused.status_code == 403
        with vigie.domain():
            statement = Statement.objects.get(suspension=step)
            wait_until(lambda: Statement.objects.get(pk=statement.pk).informed_at is not None, s_max=60)
            MisuseStep.objects.filter(pk=step.pk).update(until=now() - timedelta(seconds=1))
        # The worker ends it and asks the forum to give the account back, a day before the forum would by itself.
        wait_until(lambda: "suspended" not in forum.http.get("/u/heron 77").text, s_max=60)
        assert forum.post(author="heron 77", text="A quiet morning.")["state"] == "published"
        with vigie.domain():
            assert MisuseStep.objects.get(pk=step.pk).end == "over"
            assert MisuseFinding.objects.filter(withdrawn_at=None).count() == 3
    finally:
        forum.stop()
