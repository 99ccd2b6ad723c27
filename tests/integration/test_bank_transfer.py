"""Import and export of banks on a real database: counted, quarantined, restartable, and back again the same."""

from io import BytesIO

import pytest

from vigie.banks import service
from vigie.banks.formats import About, FileRefused, Quarantined, Reason
from vigie.banks.models import Entry
from vigie.banks.transfer import (
    Format,
    ImportOrder,
    ImportReport,
    Progress,
    export_file,
    import_file,
)
from vigie.foundation.clock import now
from vigie.foundation.errors import Invalid, NotFound
from vigie.foundation.limits import IMPORT_BATCH_ROWS
from vigie.ledger.actors import COMMAND_LINE, person
from vigie.ledger.models import LedgerEntry

pytestmark = pytest.mark.usefixtures("database")

ABOUT = About(source="Heron exchange")
CSV = ImportOrder(bank="herons", format=Format.CSV, about=ABOUT, pdq_quality_min=50)
LOCAL = ImportOrder(bank="herons", format=Format.LOCAL_FILE, about=ABOUT, pdq_quality_min=50)
HEADER = "entry,signal_type,signal_value,quality,kind,note\n"


@pytest.fixture(autouse=True)
def bank(database: str) -> None:
    service.create_bank(name="herons", title="Herons", actor=COMMAND_LINE)
    service.create_bank(name="others", title="Others", actor=COMMAND_LINE)


def run(
    text: str,
    order: ImportOrder = CSV,
    *,
    kept: list[Quarantined] | None = None,
    told: list[Progress] | None = None,
) -> ImportReport:
    return import_file(
        BytesIO(text.encode()),
        order,
        actor=person(7),
        quarantine=([] if kept is None else kept).append,
        progress=([] if told is None else told).append,
    )


def md5_rows(count: int) -> str:
    return "".join(f",md5,{number:032x},,,\n" for number in range(count))


def test_every_row_is_added_or_quarantined_and_counted() -> None:
    kept: list[Quarantined] = []
    report = run(HEADER + md5_rows(3) + ",md5,nonsense,,,\n,pdq," + "a5" * 32 + ",10,,\n", kept=kept)
    assert report.progress == Progress(rows=5, entries=3, added=3, quarantined=2)
    assert report.reasons == {"signal_malformed": 1, "quality_too_low": 1}
    assert [(one.line, one.reason) for one in kept] == [
        (5, Reason.SIGNAL_MALFORMED),
        (6, Reason.QUALITY_TOO_LOW),
    ]


def test_the_same_file_again_adds_nothing() -> None:
    text = HEADER + md5_rows(20)
    run(text)
    report = run(text)
    assert (report.progress.added, report.already_there) == (0, 20)
    assert Entry.objects.count() == 20


def test_an_import_that_was_cut_off_is_finished_by_starting_again() -> None:
    text = HEADER + md5_rows(IMPORT_BATCH_ROWS + 10)

    class CutOffError(Exception):
        pass

    def cut(progress: Progress) -> None:
        raise CutOffError

    kept: list[Quarantined] = []
    with pytest.raises(CutOffError):
        import_file(BytesIO(text.encode()), CSV, actor=person(7), quarantine=kept.append, progress=cut)
    assert Entry.objects.count() == IMPORT_BATCH_ROWS
    report = run(text)
    assert report.progress.added == 10
    assert Entry.objects.count() == IMPORT_BATCH_ROWS + 10


def test_progress_is_told_after_each_batch_and_each_batch_is_one_ledger_entry() -> None:
    told: list[Progress] = []
    run(HEADER + md5_rows(IMPORT_BATCH_ROWS + 1), told=told)
    assert [one.added for one in told] == [IMPORT_BATCH_ROWS, IMPORT_BATCH_ROWS + 1]
    assert LedgerEntry.objects.filter(event="banks.entries_imported.v1").count() == 2


def test_an_import_never_confirms() -> None:
    run("signal_type,signal_value,confirmed\nmd5," + "3c" * 16 + ",yes\n")
    entry = Entry.objects.get()
    assert (entry.confirmed, entry.added_by, entry.source) == (False, "person:7", "Heron exchange")


def test_unknown_columns_are_reported() -> None:
    report = run("signal_type,signal_value,colour,confirmed\nmd5," + "3c" * 16 + ",grey,yes\n")
    assert (report.columns_unknown, report.columns_ignored) == (("colour",), ("confirmed",))


def test_a_file_that_is_refused_leaves_the_bank_as_it_was() -> None:
    with pytest.raises(FileRefused):
        run("nothing,that,helps\n")
    assert Entry.objects.count() == 0


def test_a_bank_that_is_not_there_is_told_before_anything_is_read() -> None:
    with pytest.raises(NotFound):
        run("", ImportOrder(bank="herrings", format=Format.CSV, about=ABOUT, pdq_quality_min=50))


def test_a_local_file_cannot_have_bare_signals_of_just_any_type() -> None:
    order = ImportOrder(
        bank="herons", format=Format.LOCAL_FILE, about=ABOUT, pdq_quality_min=50, signal_type="text_sha256"
    )
    with pytest.raises(Invalid):
        run("", order)


def test_a_bank_exported_as_csv_and_imported_elsewhere_is_the_same() -> None:
    run(
        HEADER
        + f'a,pdq,{"a5" * 32},88,known,"a, note"\na,sha256,{"0f" * 32},,known,"a, note"\n'
        + f"b,md5,{'3c' * 16},,harmless,\n"
    )
    text = "".join(export_file("herons", Format.CSV, at=now(), actor=COMMAND_LINE))
    report = run(
        text, ImportOrder(bank="others", format=Format.CSV, about=About(source="-"), pdq_quality_min=50)
    )
    assert report.progress == Progress(rows=3, entries=2, added=2, quarantined=0)
    assert (
        "".join(export_file("others", Format.CSV, at=now(), actor=COMMAND_LINE))
        .splitlines()[1]
        .split(",")[1:]
        == text.splitlines()[1].split(",")[1:]
    )


def test_a_local_file_lists_what_matches_now_and_nothing_harmless() -> None:
    at = now()
    run(HEADER + f"a,md5,{'aa' * 16},,known,\nb,md5,{'bb' * 16},,harmless,\nc,md5,{'cc' * 16},,known,\n")
    third = Entry.objects.get(signals__value=bytes.fromhex("cc" * 16))
    service.remove_entry(third.number, reason="a mistake", actor=person(7))
    assert list(export_file("herons", Format.LOCAL_FILE, at=at, actor=COMMAND_LINE)) == [f"md5 {'aa' * 16}\n"]
    run(f"md5 {'aa' * 16}\n", LOCAL)
    service.change_bank("herons", matching=False, actor=person(7))
    assert list(export_file("herons", Format.LOCAL_FILE, at=at, actor=COMMAND_LINE)) == []
