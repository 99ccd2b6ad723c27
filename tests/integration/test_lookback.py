"""Lookback: earlier uploads near a new entry get a case, once, whatever is killed, erased or asked again."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from django.db import connection

from archive_world import flipped
from databases import point_django_at
from domain import SOURCE, make_domain
from kept_uploads import Platform, bank, medium
from pictures import as_bytes, picture
from vigie.banks import confirmation
from vigie.banks import service as banks
from vigie.banks.models import Entry
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Case, Content
from vigie.flows.banking import Banking, bank_text
from vigie.flows.decision import decide
from vigie.flows.examination import Upload, UploadedMedium
from vigie.flows.upload import answer_upload, look_at
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.matching import lookbacks
from vigie.matching.archive import service as archives
from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.journal import Journal
from vigie.matching.archive.parts import list_parts
from vigie.matching.matches import FOUND_BY_LOOKBACK
from vigie.matching.models import ArchiveLoss, ContentErasure, Lookback, LookbackFind

PATIENCE_S = 120.0


@pytest.fixture
def platform(database: str) -> Iterator[Platform]:
    """An empty archive, a bank, a platform."""
    made = Platform(make_domain())
    yield made
    made.journal.stop()


def found() -> set[tuple[str, str, int]]:
    """(content, entry, distance) of every case."""
    return {
        (match.case.content.external_id, match.entry.number, match.distance_bits)
        for case in Case.objects.all()
        for match in case.matches.all()
    }


def test_a_new_entry_finds_the_uploads_before_it_and_a_decision_reaches_the_platform(
    platform: Platform,
) -> None:
    for number in range(3):
        assert platform.ask(f"p{number}", UploadedMedium("m1", data=as_bytes(picture(number)))) == "allow"
    entry = platform.domain.bank(1)
    platform.learn()
    platform.tend()
    (case,) = Case.objects.all()
    assert found() == {("p1", entry.number, 0)}
    assert (case.verdict, case.state) == ("review", "open")
    assert {one["because"] for one in case.reasons} == {FOUND_BY_LOOKBACK}
    assert {one["entry"] for one in case.reasons} == {entry.number}
    assert case.media.get().original == ""
    assert case.answer["notes"] == [{"code": "content_not_kept"}]
    (lookback,) = Lookback.objects.all()
    assert (lookback.state, lookback.percent, lookback.cases_opened) == ("done", 100, 1)
    assert lookback.bank == "grey-heron"

    draft = DecisionDraft(action="remove", legal_type="a", exemption="none", reason="a copy", true_purpose="")
    decide(case.number, draft, user=platform.domain.anna)
    (message,) = OutboxMessage.objects.all()
    assert message.payload["content"]["id"] == "p1"
    assert message.payload["measures"] == ["remove_content"]


def test_a_text_is_found_too(platform: Platform) -> None:
    text = "The Grey Heron Column calls upon all of you to march."
    assert platform.ask("p1", text=text) == "allow"
    banking = Banking("grey-heron", SOURCE)
    entry = bank_text(text.upper(), banking, actor=COMMAND_LINE, settings=current())
    platform.learn()
    platform.tend()
    assert found() == {("p1", entry.number, 0)}


def test_it_is_exact(platform: Platform) -> None:
    generator = random.Random(2)
    value = generator.randbytes(32)
    distances = [0, 5, 30, 31, 32, 40]
    for bits in distances:
        platform.ask(f"p{bits}", medium(flipped(value, bits, generator)))
    for number in range(200):
        platform.ask(f"other{number}", medium(generator.randbytes(32)))
    platform.ask("poor", medium(value, quality=49))
    entry = bank(value)
    platform.learn()
    platform.tend()
    assert found() == {(f"p{bits}", entry.number, bits) for bits in distances if bits <= 31}


def test_asked_again_it_opens_nothing_twice(platform: Platform) -> None:
    value = bytes(range(32))
    platform.ask("p1", medium(value))
    platform.ask("p1", medium(value))
    entry = bank(value)
    platform.learn()
    platform.tend()
    again = lookbacks.ask_for_entries([entry.number], actor=COMMAND_LINE, settings=current())
    whole = lookbacks.ask_for_bank("grey-heron", actor=COMMAND_LINE, settings=current())
    platform.tend()
    assert Case.objects.count() == 1
    for one in (again, whole):
        one.refresh_from_db()
        assert (one.state, one.cases_opened, one.cases_joined) == ("done", 0, 1)


def test_two_entries_near_one_upload_make_one_case_with_both(platform: Platform) -> None:
    generator = random.Random(3)
    value = generator.randbytes(32)
    platform.ask("p1", medium(value))
    first = bank(flipped(value, 3, generator))
    platform.learn()
    platform.tend()
    second = bank(flipped(value, 4, generator))
    platform.learn()
    platform.tend()
    assert found() == {("p1", first.number, 3), ("p1", second.number, 4)}
    assert Case.objects.count() == 1
    assert LedgerEntry.objects.filter(event="cases.matches_added.v1").count() == 1


def test_what_a_person_decided_stays_decided(platform: Platform) -> None:
    value = bytes(range(32))
    platform.ask("p1", medium(value))
    first = bank(value)
    platform.learn()
    platform.tend()
    case = Case.objects.get()
    draft = DecisionDraft(
        action="keep", legal_type="", exemption="journalism", reason="a report", true_purpose="it informs"
    )
    decide(case.number, draft, user=platform.domain.anna)
    lookback = lookbacks.ask_for_entries([first.number], actor=COMMAND_LINE, settings=current())
    platform.tend()
    case.refresh_from_db()
    lookback.refresh_from_db()
    assert Case.objects.count() == 1
    assert case.state == "decided"
    assert lookback.cases_decided == 1


def test_an_upload_that_was_matched_when_it_came_gets_no_second_case(platform: Platform) -> None:
    value = bytes(range(32))
    entry = bank(value)
    platform.learn()
    assert platform.ask("p1", medium(value)) == "hold"
    lookbacks.ask_for_entries([entry.number], actor=COMMAND_LINE, settings=current())
    platform.tend()
    assert Case.objects.get().verdict == "hold"


def test_the_same_question_after_a_lookback_gets_its_case(platform: Platform) -> None:
    value = bytes(range(32))
    platform.ask("p1", medium(value))
    bank(value)
    platform.learn()
    platform.tend()
    assert platform.ask("p1", medium(value)) == "review"
    assert Case.objects.count() == 1


def test_an_author_whom_the_archive_knew_by_a_hash_gets_a_name_when_the_platform_says_it(
    platform: Platform,
) -> None:
    value = bytes(range(32))
    platform.ask("p1", medium(value), author="u-7")
    bank(value)
    platform.learn()
    platform.tend()
    content = Content.objects.get()
    assert content.author_id == ""
    key = content.author_key
    platform.ask("p1", medium(value), text="now with words of its own", author="u-7")
    content.refresh_from_db()
    assert (content.author_id, content.author_key) == ("u-7", key)


def test_a_harmless_entry_that_is_as_near_outweighs_here_too(platform: Platform) -> None:
    value = bytes(range(32))
    platform.ask("p1", medium(value))
    harmless = bank(value, kind=Entry.Kind.HARMLESS)
    confirmation.confirm_entry(harmless.number, actor=platform.domain.confirmer)
    bank(value)
    platform.learn()
    platform.tend()
    assert Case.objects.count() == 0
    assert Lookback.objects.get().state == "done"


def test_entries_that_may_not_match_are_not_looked_for(platform: Platform) -> None:
    value = bytes(range(32))
    platform.ask("p1", medium(value))
    entry = bank(value)
    change = banks.EntryChange(frozenset({"disabled_until"}), disabled_until=now() + timedelta(days=1))
    banks.change_entry(entry.number, change, actor=COMMAND_LINE)
    platform.learn()
    platform.tend()
    assert Case.objects.count() == 0


def test_it_ends_only_when_no_process_writes_what_it_should_have_seen(platform: Platform) -> None:
    value = bytes(range(32))
    platform.ask("p1", medium(value))
    bank(value)
    platform.tend()
    assert Lookback.objects.get().state == "running"
    platform.learn()
    platform.tend()
    assert Lookback.objects.get().state == "done"
    assert Case.objects.count() == 1


def test_a_process_that_was_behind_is_heard_although_the_lookback_had_ended(platform: Platform) -> None:
    value = bytes(range(32))
    other = Platform(platform.domain)
    tools = msgspec.structs.replace(platform.domain.tools(), archive=other.journal)
    upload = Upload("forum", "late", media=(medium(value),))
    behind = platform.domain.index.state.cursor
    other.journal.follow(behind)
    look = look_at(upload, tools=tools)  # looked up before the entry was there ...
    bank(value)
    platform.learn()
    other.journal.follow(platform.domain.index.state.cursor)
    platform.tend()
    assert Lookback.objects.get().state == "done"
    answer_upload(upload, look, tools=tools, actor=COMMAND_LINE)  # ... and written after the lookback
    other.journal.stop()
    platform.tend()
    assert Case.objects.get().content.external_id == "late"
    assert Lookback.objects.get().state == "done"


def test_a_lookback_asks_before_it_opens_too_many_cases(platform: Platform) -> None:
    value = bytes(range(32))
    for number in range(7):
        platform.ask(f"p{number}", medium(value))
    bank(value)
    platform.learn()
    platform.tend(replace(current(), lookback_cases_max=3))
    lookback = Lookback.objects.get()
    assert (lookback.state, lookback.cases_opened, Case.objects.count()) == ("stopped", 3, 3)
    platform.tend(replace(current(), lookback_cases_max=3))
    assert Case.objects.count() == 3
    lookbacks.go_on(lookback.number, actor=COMMAND_LINE, settings=replace(current(), lookback_cases_max=4))
    platform.tend()
    lookback.refresh_from_db()
    assert (lookback.state, lookback.cases_opened, Case.objects.count()) == ("done", 7, 7)
    with pytest.raises(Conflict):
        lookbacks.go_on(lookback.number, actor=COMMAND_LINE, settings=current())


def test_what_is_erased_is_found_by_no_lookback_from_that_moment_and_soon_in_no_file(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = bytes(range(32))
    for name in ("p1", "p2"):
        platform.ask(name, medium(value))
    erasure = archives.ask_erasure("forum", "p1", actor=COMMAND_LINE, settings=current())
    assert archives.ask_erasure("forum", "p1", actor=COMMAND_LINE, settings=current()).pk == erasure.pk
    platform.ask("p1", medium(value))  # posted again afterwards, and so kept again
    Content.objects.all().delete()
    bank(value)
    platform.learn()
    platform.tend()
    assert ContentErasure.objects.get().done_at is None  # not yet: an upload may be on its way to a journal
    assert {name for name, _, _ in found()} == {"p1", "p2"}
    monkeypatch.setattr(archives, "WRITING_TIME", timedelta(0))
    platform.tend()
    erasure.refresh_from_db()
    assert erasure.done_at is not None
    assert (erasure.uploads, erasure.content_key) == (1, None)
    assert sum(part.note.uploads for part in list_parts(ArchiveFolder.of(current()))) == 2
    rows = LedgerEntry.objects.filter(event__startswith="matching.erasure")
    assert [row.event for row in rows.order_by("seq")] == [
        "matching.erasure_asked.v1",
        "matching.erasure_done.v1",
    ]
    assert all("p1" not in f"{row.facts} {row.subject}" for row in rows)


def test_an_erased_upload_opens_no_case_while_it_is_still_in_a_file(platform: Platform) -> None:
    value = bytes(range(32))
    platform.ask("p1", medium(value))
    archives.ask_erasure("forum", "p1", actor=COMMAND_LINE, settings=current())
    bank(value)
    platform.learn()
    platform.tend()
    assert list_parts(ArchiveFolder.of(current()))
    assert Case.objects.count() == 0


def test_losses_raise_an_alarm_once(platform: Platform) -> None:
    platform.ask("p1", medium(bytes(32)))
    platform.journal._count_loss(OSError(28, "full"))
    platform.tend()
    platform.tend()
    (loss,) = ArchiveLoss.objects.all()
    assert (loss.kind, loss.count, loss.seen_by) == ("uploads", 1, "")
    archives.note_loss_seen(loss.pk, actor=platform.domain.adder)
    platform.journal._count_loss(OSError(28, "full"))
    platform.tend()
    loss.refresh_from_db()
    assert (loss.count, loss.seen_by) == (2, "")
    assert LedgerEntry.objects.filter(event="matching.archive_uploads_lost.v1").count() == 2


def test_a_torn_journal_is_told_and_the_rest_of_it_found(platform: Platform) -> None:
    value = bytes(range(32))
    platform.ask("p1", medium(value))
    platform.ask("p2", medium(value))
    platform.journal.stop()
    (path,) = ArchiveFolder.of(current()).journal.iterdir()
    os.truncate(path, path.stat().st_size - 3)
    bank(value)
    platform.tend()
    assert {name for name, _, _ in found()} == {"p1"}
    assert ArchiveLoss.objects.get().kind == "torn"
    assert not list(ArchiveFolder.of(current()).journal.iterdir())


def test_days_are_kept_as_long_as_the_setting_says(platform: Platform) -> None:
    platform.ask("p1", medium(bytes(32)))
    platform.learn()
    bank(bytes(32))
    platform.learn()
    platform.tend()
    assert list_parts(ArchiveFolder.of(current()))
    platform.tend(replace(current(), archive_days=0))
    assert not list_parts(ArchiveFolder.of(current()))
    assert LedgerEntry.objects.filter(event="matching.archive_day_dropped.v1").count() == 1


def test_it_goes_on_after_kill_9_and_opens_each_case_once(
    platform: Platform, database: str, tmp_path: Path
) -> None:
    """Many parts, one upload to find in each, and a worker that is killed again and again."""
    value = bytes(range(32))
    parts = 40
    for number in range(parts):
        platform.ask(f"p{number}", medium(value))
        platform.learn()  # nothing new: the journal stays, so close it by hand
        platform.journal.stop()
        platform.journal = Journal(ArchiveFolder.of(current()), clock=now)
        platform.journal.start()
        archives.seal_journals(current())
    bank(value)
    platform.learn()
    connection.close()
    program = (
        "import os, signal, sys, django; django.setup()\n"
        "from vigie.cases.models import Case\n"
        "from vigie.flows.lookback import Workshop, tend_archive\n"
        "from vigie.foundation.settings import current\n"
        "from vigie.matching.index import MatchIndex\n"
        "index = MatchIndex(); index.start(current().data / 'index')\n"
        "def look():\n"
        "    if Case.objects.count() >= int(sys.argv[1]): os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return index\n"
        "tend_archive(Workshop(current(), look, lambda: False))\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "vigie.settings"}
    for opened in (5, 15, 25):
        command = [sys.executable, "-c", program, str(opened)]
        worker = subprocess.run(command, check=False, env=environment, timeout=PATIENCE_S)
        assert worker.returncode == -signal.SIGKILL
        assert Case.objects.count() == opened
    connection.close()
    point_django_at(database)
    platform.tend()
    assert Case.objects.count() == parts
    lookback = Lookback.objects.get()
    assert (lookback.state, lookback.cases_opened) == ("done", parts)
    assert LookbackFind.objects.count() == parts
