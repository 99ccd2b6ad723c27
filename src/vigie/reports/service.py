"""Computing reports from the ledger, filling the profile in, and publishing: each change one transaction.

It keeps no table: what was said and published are rows of the ledger, and published files lie in the blob store.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from vigie.foundation.blobs import open_blobs
from vigie.foundation.clock import months_after
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number, public_number
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor
from vigie.ledger.events import CheckpointSigned
from vigie.ledger.models import LedgerEntry, LedgerHead
from vigie.reports import periods
from vigie.reports.counted import LedgerPoint
from vigie.reports.events import ProfileChanged, ReportPublished
from vigie.reports.periods import Period
from vigie.reports.profile import BY_ID, parse_value
from vigie.reports.reading import Reading
from vigie.reports.report import KINDS, MEDIA_TYPES, Kind, Report, all_files, file_names, zipped

TELL_EVERY_ROWS = 5_000
KEPT_MONTHS = 60
COMPUTED_KEPT = 2

Tell = Callable[[int], None]

_computed: dict[tuple[str, Kind, Period, int], Report] = {}
_computed_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Said:
    """One version of a field of the profile. `period` is empty when it holds for every one."""

    field: str
    period: str
    value: str
    version: int
    seq: int
    at: str
    actor: str


@dataclass(frozen=True, slots=True)
class Published:
    """A published report, from its row in the ledger."""

    number: str
    kind: Kind
    period: str
    through: int
    published_on: date
    seq: int
    actor: str
    sha256: dict[str, str]

    @property
    def kept_until(self) -> date:
        """Until when it has to stay public. Source: (EU) 2024/2835 Art. 3: five years."""
        return months_after(self.published_on, KEPT_MONTHS)


def kind_of(text: str) -> Kind:
    """A kind of report; raises NotFound."""
    if text not in KINDS:
        raise NotFound("There is no such report.", hint="Reports: tco, dsa.")
    return text


def compute(
    kind: Kind,
    period: Period,
    *,
    through: int | None = None,
    published_on: date | None = None,
    tell: Tell | None = None,
) -> Report:
    """The report from the ledger up to row `through`, or all of it; streams the rows and keeps none.

    `tell` hears up to which row it has read. Raises Invalid for a row that the ledger has not.
    """
    head = ledger.head_seq()
    last = head if through is None else through
    if not 0 <= last <= head:
        raise Invalid(f"The ledger has no row {last}.", hint=f"Its last row is {head}.")
    reading = Reading(period)
    for count, row in enumerate(ledger.rows_after(0, through=last, events=reading.events), start=1):
        reading.take(row)
        if tell is not None and count % TELL_EVERY_ROWS == 0:
            tell(row.seq)
    return Report(kind, reading.counted, ledger_point(last), published_on)


def computed(kind: Kind, period: Period, *, through: int | None = None, tell: Tell | None = None) -> Report:
    """The same, kept in memory for a while: its files are asked for one by one, and the ledger is read once."""
    last = ledger.head_seq() if through is None else through
    key = (str(connection.settings_dict["NAME"]), kind, period, last)
    with _computed_lock:
        found = _computed.get(key)
    if found is None:
        found = compute(kind, period, through=last, tell=tell)
    with _computed_lock:
        _computed.pop(key, None)
        _computed[key] = found
        while len(_computed) > COMPUTED_KEPT:
            del _computed[next(iter(_computed))]
    return found


def ledger_point(through: int) -> LedgerPoint:
    """What is said of the ledger that a report was computed from; from rows of the ledger alone."""
    checkpoint = (
        LedgerEntry.objects.filter(event=CheckpointSigned.name, seq__lte=through).order_by("-seq").first()
    )
    signed = int(checkpoint.facts["through"]) if checkpoint is not None else 0
    return LedgerPoint(through, _hash_of(through), signed, _hash_of(signed))


def write_field(field: str, value: str, *, period: Period | None, actor: Actor) -> Said:
    """Say something for reports, for one period or every one; what was said before stays in the ledger.

    Raises NotFound for no field, FieldInvalid for what is no value; the same again makes no new version.
    """
    kept, key = parse_value(field, value), period.key if period else ""
    with transaction.atomic():
        _lock_ledger()
        earlier = [one for one in said(field) if one.period == key]
        if earlier and earlier[0].value == kept:
            return earlier[0]
        if not earlier and not kept:
            raise Conflict("There is nothing to take back.")
        version = earlier[0].version + 1 if earlier else 1
        event = ProfileChanged(field=field, period=key, value=kept, version=version)
        ledger.append(event, actor=actor, subject=f"report-field:{field}")
    return said(field)[0]


def said(field: str = "") -> list[Said]:
    """Everything that was said, of one field or all, the newest first."""
    if field and field not in BY_ID:
        parse_value(field, "")  # says that there is none
    rows = LedgerEntry.objects.filter(event=ProfileChanged.name)
    if field:
        rows = rows.filter(subject=f"report-field:{field}")
    return [
        Said(**one.facts, seq=one.seq, at=one.at.isoformat(), actor=one.actor)
        for one in rows.order_by("-seq").iterator(chunk_size=1_000)
    ]


def publish(
    kind: Kind,
    period: Period,
    *,
    published_on: date,
    actor: Actor,
    settings: Settings,
    tell: Tell | None = None,
) -> Published:
    """Freeze the report of now: its files are kept and their hashes stand in the ledger.

    Raises Conflict for a period that is not over, because its figures would still change.
    """
    check_may_publish(period, published_on=published_on)
    report = compute(kind, period, published_on=published_on, tell=tell)
    files = dict(all_files(report))
    with transaction.atomic():
        _lock_ledger()
        number = public_number("R", LedgerEntry.objects.filter(event=ReportPublished.name).count() + 1)
        blobs = open_blobs(settings)
        for name, data in files.items():
            blobs.put(_blob_key(number, name), data)
        event = ReportPublished(
            report=number,
            kind=kind,
            period=period.key,
            through=report.point.through,
            published_on=published_on.isoformat(),
            files=tuple(files),
            sha256=tuple(hashlib.sha256(one).hexdigest() for one in files.values()),
        )
        ledger.append(event, actor=actor, subject=f"report:{number}")
    return find_published(number)


def check_may_publish(period: Period, *, published_on: date) -> None:
    """Raise Conflict for a period that is not over: its figures would still change."""
    if period.last >= published_on:
        raise Conflict(
            "This period is not over yet.", hint="Publish it after its last day.", code="period_not_over"
        )


def published() -> list[Published]:
    """All published reports, the newest first."""
    rows = LedgerEntry.objects.filter(event=ReportPublished.name).order_by("-seq")
    return [_published(one) for one in rows.iterator(chunk_size=1_000)]


def find_published(number: str) -> Published:
    """The published report of this number (`R-000003`); raises NotFound."""
    pk = parse_public_number("R", number)
    subject = f"report:{public_number('R', pk)}" if pk is not None else ""
    row = LedgerEntry.objects.filter(event=ReportPublished.name, subject=subject).first()
    if row is None:
        raise NotFound("There is no such published report.", code="report_not_found")
    return _published(row)


def published_file(number: str, name: str, *, settings: Settings) -> bytes:
    """A file of a published report as it was published; raises NotFound, Conflict when it is no longer the same."""
    report = find_published(number)
    if name == "report.zip":
        return zipped((one, published_file(number, one, settings=settings)) for one in report.sha256)
    if name not in report.sha256:
        raise NotFound("This report has no such file.", hint="Its files: " + ", ".join(report.sha256) + ".")
    data = open_blobs(settings).get(_blob_key(report.number, name))
    if hashlib.sha256(data).hexdigest() != report.sha256[name]:
        raise Conflict(
            "The kept file is not what was published.",
            hint="Compute it again from the ledger: `vigie report check` says whether it comes out the same.",
            code="report_changed",
        )
    return data


def recompute(number: str) -> Report:
    """A published report computed again from the ledger as it was then."""
    one = find_published(number)
    return compute(one.kind, periods.parse(one.period), through=one.through, published_on=one.published_on)


def changed_files(number: str) -> list[str]:
    """The files of a published report that do not come out the same again from the ledger; none when all is well."""
    expected = find_published(number).sha256
    made = {name: hashlib.sha256(data).hexdigest() for name, data in all_files(recompute(number))}
    return [name for name in expected if made.get(name) != expected[name]]


def media_type(name: str) -> str:
    """The media type of a report's file."""
    return MEDIA_TYPES[name.rpartition(".")[2]]


def is_file(kind: Kind, name: str) -> bool:
    """Whether reports of this kind have a file of this name."""
    return name in file_names(kind)


def _published(row: LedgerEntry) -> Published:
    facts: dict[str, Any] = row.facts
    return Published(
        number=facts["report"],
        kind=facts["kind"],
        period=facts["period"],
        through=facts["through"],
        published_on=date.fromisoformat(facts["published_on"]),
        seq=row.seq,
        actor=row.actor,
        sha256=dict(zip(facts["files"], facts["sha256"], strict=True)),
    )


def _hash_of(seq: int) -> str:
    digest = LedgerEntry.objects.filter(pk=seq).values_list("hash", flat=True).first()
    return bytes(digest).hex() if digest is not None else ""


def _lock_ledger() -> None:
    """Queue like every writer, so that two versions or reports never get the same number."""
    LedgerHead.objects.select_for_update().filter(pk=1).first()


def _blob_key(number: str, name: str) -> str:
    return f"reports/{number}/{name}"
