"""Every example in the help of a command runs, in an order in which somebody could type them."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction

from command_line import done, examples, run
from issuing_world import FORUM, PROFILE
from order_world import fields, mail
from pictures import as_bytes, picture
from vigie.banks.service import Provenance
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Content
from vigie.evidence.models import EvidenceRequest
from vigie.evidence.preservation import tend_item
from vigie.evidence.requests import RequestDraft, ask, grant
from vigie.evidence.retention import Facts
from vigie.flows.banking import Banking, bank_file
from vigie.flows.decision import decide
from vigie.flows.examination import Upload, UploadedMedium
from vigie.flows.first_start import activate_first_policy
from vigie.flows.upload import Tools, judge_upload
from vigie.foundation.clock import now, utc_text
from vigie.foundation.settings import current
from vigie.issuing import replies
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import OutboxMessage
from vigie.matching.index import MatchIndex
from vigie.matching.models import ArchiveLoss
from vigie.misuse.models import MisuseFinding, MisuseStep
from vigie.people.models import User
from vigie.platforms.models import Platform, Recheck
from vigie.policy import default_policy_text
from vigie.policy.service import active_policy, reload_if_changed
from vigie.redress import inquiries
from vigie.redress.models import Complaint, Inquiry, Statement, Submission

# Their examples start or repair a whole Vigie; they have tests of their own.
ELSEWHERE = {("up",), ("demo",), ("migrate",), ("doctor",), ("restore",)}
# A line may say in which group and command the examples are, or what happens in between.
ORDER: tuple[tuple[str, ...] | str, ...] = (
    ("backup",),
    ("user", "add"),
    ("user", "list"),
    ("user", "off"),
    ("user", "on"),
    ("user", "password"),
    ("platform", "add"),
    ("platform", "list"),
    ("platform", "change"),
    ("platform", "secret"),
    ("token", "add"),
    ("token", "list"),
    ("token", "revoke"),
    ("bank", "create"),
    ("bank", "level"),
    ("bank", "list"),
    ("bank", "add"),
    ("bank", "confirm"),
    ("bank", "show"),
    ("hash",),
    ("match",),
    ("lookback",),
    ("archive", "status"),
    ("archive", "erase"),
    "the archive loses something",
    ("archive", "seen"),
    ("missed",),
    "somebody posts a near copy",
    ("case", "list"),
    ("case", "show"),
    ("case", "decide"),
    ("statement", "list"),
    ("statement", "show"),
    ("case", "undo"),
    "the case is decided again, and its picture banked",
    ("misuse", "find"),
    "the account goes on and on",
    ("misuse", "list"),
    ("misuse", "show"),
    ("misuse", "warn"),
    ("misuse", "take-warning-back"),
    "it is warned and goes on",
    ("misuse", "suspend"),
    ("misuse", "lift"),
    ("misuse", "withdraw"),
    ("complaint", "add"),
    "the complaint is set aside",
    ("complaint", "take-up"),
    ("complaint", "list"),
    ("complaint", "show"),
    ("complaint", "decide"),
    ("complaint", "settle"),
    ("notice", "add"),
    ("notice", "list"),
    ("notice", "show"),
    ("flagger", "add"),
    ("flagger", "list"),
    ("flagger", "switch"),
    ("threat", "raise"),
    ("threat", "list"),
    ("threat", "show"),
    ("threat", "settle"),
    ("submission", "list"),
    "a submission dies",
    ("submission", "replay"),
    ("evidence", "list"),
    ("evidence", "read"),
    ("evidence", "show"),
    ("evidence", "request"),
    ("evidence", "grant"),
    ("evidence", "open"),
    "an export is granted",
    ("evidence", "export"),
    ("evidence", "refuse"),
    ("evidence", "extend"),
    ("evidence", "purge"),
    "half a year goes by",
    ("evidence", "certificate"),
    ("ledger", "public-key"),
    ("evidence", "verify"),
    ("order", "import"),
    ("order", "list"),
    ("order", "show"),
    ("order", "correct"),
    ("order", "step"),
    ("order", "form"),
    "an authority sets itself up",
    ("issuing", "provider", "add"),
    ("issuing", "provider", "change"),
    ("issuing", "provider", "import"),
    ("issuing", "provider", "inform"),
    ("issuing", "provider", "list"),
    ("issuing", "hold", "add"),
    ("issuing", "hold", "list"),
    ("issuing", "hold", "release"),
    ("issuing", "draft"),
    ("issuing", "change"),
    ("issuing", "step"),
    ("issuing", "propose"),
    ("issuing", "list"),
    ("issuing", "show"),
    ("issuing", "form"),
    "Annex II comes",
    ("issuing", "answer"),
    ("issuing", "figures"),
    ("issuing", "act"),
    ("issuing", "dossier"),
    ("exposure", "record"),
    ("exposure", "step"),
    ("exposure", "list"),
    "somebody writes to the mailbox for answers",
    ("issuing", "reply", "list"),
    ("issuing", "reply", "show"),
    ("issuing", "reply", "place"),
    "the author of what was ordered asks why",
    ("inquiry", "list"),
    ("inquiry", "answer"),
    "something comes in that is no order",
    ("order", "intakes"),
    ("order", "set-aside"),
    ("report", "tco"),
    ("report", "dsa"),
    ("report", "profile", "set"),
    ("report", "profile", "show"),
    ("report", "publish"),
    ("report", "list"),
    ("report", "check"),
    ("report", "download"),
    ("bank", "withdraw"),
    ("bank", "disable"),
    ("bank", "remove"),
    ("bank", "restore"),
    ("bank", "import"),
    ("bank", "export"),
    ("policy", "show"),
    ("policy", "versions"),
    ("policy", "check"),
    ("policy", "activate"),
    ("policy", "facts"),
    "a delivery dies",
    ("deliveries", "list"),
    ("deliveries", "replay"),
    "content is still there",
    ("alarms", "list"),
    ("alarms", "seen"),
    ("user", "role"),
    ("ledger", "verify"),
    ("ledger", "checkpoint"),
    ("ledger", "export"),
)


class _NoRemovals:
    def of_author(self, platform: str, author_id: str) -> int:
        return 0


@pytest.fixture
def folder(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_ISSUING_PROFILE_FILE", "")
    activate_first_policy(current())
    Path("photo.png").write_bytes(as_bytes(picture(1)))
    Path("order.json").write_text(json.dumps(fields(do_not_inform=None)))
    Path("order.eml").write_bytes(mail(fields("REF-2")))
    Path("orders").mkdir()
    Path("orders", "again.eml").write_bytes(mail(fields("REF-2")))
    Path("passphrase.txt").write_text("twelve herons at dawn\n")
    Path("identify.txt").write_text("Uploads are compared with known material; people decide.")
    Path("policy.yaml").write_text(default_policy_text() + "\n# mine\n")
    yield tmp_path
    reload_if_changed()


def test_every_example_runs(folder: Path) -> None:
    found = {path: lines for path, lines in examples().items() if path not in ELSEWHERE}
    assert all(found.values()), f"without an example: {[path for path, lines in found.items() if not lines]}"
    assert set(found) == {step for step in ORDER if isinstance(step, tuple)}
    for step in ORDER:
        if isinstance(step, str):
            BETWEEN[step]()
            continue
        for arguments in found[step]:
            result = run(*(_filled_in(one) for one in arguments))
            assert result.exit_code == 0, f"vigie {' '.join(arguments)}\n{result.output}"
            assert result.output.strip() or "REFERENCE" in arguments
    assert Path("evidence.bin").read_bytes()
    assert Path("ledger.jsonl").read_text().count("\n") > 20


def _filled_in(argument: str) -> str:
    if argument != "REFERENCE":
        return argument
    items: list[dict[str, Any]] = done("evidence", "list", "C-000001")["items"]
    return str(next(one["reference"] for one in items if one["kind"] == "medium"))


def _post_a_near_copy() -> None:
    index = MatchIndex()
    index.start(current().data / "index")
    data = as_bytes(picture(1).resize((400, 300)), "JPEG", quality=70)
    upload = Upload("forum", "p1", url="http://forum.example/p1", media=(UploadedMedium("m1", data=data),))
    tools = Tools(index, active_policy(), _NoRemovals(), current())
    answer = judge_upload(upload, tools=tools, actor=COMMAND_LINE)
    assert answer["case"] == "C-000001"


def _let_a_delivery_die() -> None:
    first = OutboxMessage.objects.order_by("id").values_list("id", flat=True)[:1]
    assert OutboxMessage.objects.filter(pk__in=list(first)).update(state="dead", last_error="HTTP 500") == 1


def _leave_content_there() -> None:
    Recheck.objects.create(
        pk=1,
        key="look-1",
        platform=Platform.objects.get(name="forum"),
        content="forum/p1",
        content_url="http://forum.example/p1",
        case="C-000001",
        sequence=1,
        due_at=now(),
        created_at=now(),
        alarm_at=now(),
    )


def _become_an_authority() -> None:
    Path("profile.yaml").write_text(yaml.safe_dump(PROFILE, allow_unicode=True))
    Path("providers.yaml").write_text(yaml.safe_dump({"providers": [{"name": "gallery", **FORUM}]}))
    os.environ["VIGIE_ISSUING_PROFILE_FILE"] = str(Path("profile.yaml").absolute())
    User.objects.create(username="ana", role="analyst")
    User.objects.create(username="lea", role="legal_officer")


def _answer_by_annex_two() -> None:
    form = {"form": "annex_ii", "measure": "removed", "measure_at": utc_text(now())}
    Path("annex-ii.json").write_text(json.dumps(form))


def _lose_something() -> None:
    ArchiveLoss.objects.create(journal="1.journal", kind="uploads", count=1, at=now())


def _decide_again_and_bank() -> None:
    draft = DecisionDraft("remove", "a copy of the poster", legal_type="a", exemption="none")
    Content.objects.update(author_id="u-55", author_key="5" * 64)
    decide("C-000001", draft, user=User.objects.get(username="anna"))
    banking = Banking("grey-heron", Provenance("review", "C-000001"), legal_type="a")
    entry = bank_file(as_bytes(picture(9)), banking, actor=COMMAND_LINE, settings=current()).entry
    assert entry.number == "E-000003"


def _go_on_and_on() -> None:
    first = MisuseFinding.objects.get()
    for place in range(2, 6):
        first.pk, first.about = None, f"forum/p{place}"
        first.save()


def _warn_and_go_on() -> None:
    assert run("misuse", "warn", "M-000001", "--by", "anna").exit_code == 0
    MisuseStep.objects.update(taken_at=now() - timedelta(days=1))


def _set_the_complaint_aside() -> None:
    Complaint.objects.update(state="set_aside")


def _ask_why() -> None:
    with transaction.atomic():
        inquiries.ask(Inquiry.objects.get(pk=1), came_by=Inquiry.CameBy.LINK, actor=COMMAND_LINE)


def _bring_a_newsletter() -> None:
    Path("news.eml").write_bytes(b"From: a@b.example\nSubject: News\n\nOur newsletter.\n")
    assert run("order", "import", "news.eml").exit_code == 1


def _let_a_submission_die() -> None:
    Submission.objects.create(
        statement=Statement.objects.get(pk=1),
        puid="p-1",
        record={},
        state="dead",
        queued_at=now(),
        next_attempt_at=now(),
    )


def _grant_an_export() -> None:
    asked = ask(
        "P-000001",
        RequestDraft(EvidenceRequest.Kind.EXPORT, "evidence for the appeal", "Article 6(1)(b)"),
        user=User.objects.get(username="anna"),
        at=now(),
    )
    assert asked.number == "ER-000002"
    grant(asked.number, reason="", user=User.objects.get(username="ben"), at=now(), settings=current())


def _let_half_a_year_go_by() -> None:
    EvidenceRequest.objects.update(state="refused")
    at = now() + timedelta(days=190)
    deleted = tend_item(1, facts_of=lambda _, __: Facts(), then=lambda _: None, at=at, settings=current())
    assert deleted


def _write_an_advertisement() -> None:
    raw = b"From: a@b.example\nSubject: Offers\n\nCheap watches.\n"
    replies.take_in(raw, received_at=now(), at=now(), settings=current())


BETWEEN = {
    "somebody writes to the mailbox for answers": _write_an_advertisement,
    "an export is granted": _grant_an_export,
    "half a year goes by": _let_half_a_year_go_by,
    "an authority sets itself up": _become_an_authority,
    "Annex II comes": _answer_by_annex_two,
    "the archive loses something": _lose_something,
    "a submission dies": _let_a_submission_die,
    "somebody posts a near copy": _post_a_near_copy,
    "a delivery dies": _let_a_delivery_die,
    "content is still there": _leave_content_there,
    "the case is decided again, and its picture banked": _decide_again_and_bank,
    "the author of what was ordered asks why": _ask_why,
    "the account goes on and on": _go_on_and_on,
    "it is warned and goes on": _warn_and_go_on,
    "the complaint is set aside": _set_the_complaint_aside,
    "something comes in that is no order": _bring_a_newsletter,
}
