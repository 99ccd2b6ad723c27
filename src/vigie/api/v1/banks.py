"""`/v1/banks`: making, listing and changing banks, and taking whole banks in and out as files.

Entries have their own addresses, in `entries`.
"""

from typing import Annotated, BinaryIO, Literal, cast

from django.db.models import Count, Q
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Field, File, Form, Path, Query, Router, UploadedFile
from ninja.responses import Status

from vigie.api.access import actor_of, allowed, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import ActorText, Instant, Sent, Shape
from vigie.banks import service
from vigie.banks.formats import About, Quarantined
from vigie.banks.models import Bank
from vigie.banks.transfer import (
    Format,
    ImportOrder,
    ImportReport,
    Progress,
    export_file,
    import_file,
)
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.people.rights import Right

router = Router(tags=["banks"])

QUARANTINED_SHOWN_MAX = 1_000

BankName = Annotated[str, Path(max_length=60, description="The bank's name.", examples=["grey-heron"])]


Level = Literal["plain", "robust", "verified"]

_LEVEL = (
    "How edited copies of its entries are looked for: by one hash a picture, by variants too (robust), or by variants"
    " and local features, and then laid on the entry's picture (verified). What that needs is made when an entry is"
    " banked at that level; banked again, an older entry gets it."
)


class BankShown(Shape):
    """A named list of known entries."""

    name: str = Field(examples=["grey-heron"])
    title: str = Field(examples=["Grey Heron Column"])
    description: str = Field(examples=["Pictures of the Grey Heron Column."])
    may_remove: bool = Field(
        description="Whether a copy of an entry confirmed here may be removed automatically."
    )
    matching: bool = Field(description="Whether its entries match at all.")
    level: Level = Field(description=_LEVEL)
    entries: int = Field(description="Entries that are not removed.", examples=[17])
    created_at: Instant
    created_by: ActorText

    @classmethod
    def of(cls, bank: Bank) -> "BankShown":
        """The bank as it is shown."""
        entries = getattr(bank, "entry_count", None)
        return cls(
            name=bank.name,
            title=bank.title,
            description=bank.description,
            may_remove=bank.may_remove,
            matching=bank.matching,
            level=cast(Level, bank.level),
            entries=bank.entries.filter(removed_at=None).count() if entries is None else entries,
            created_at=bank.created_at,
            created_by=bank.created_by,
        )


class BankPage(Shape):
    """Banks by name."""

    items: list[BankShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class BankToMake(Sent):
    """A new bank."""

    name: str = Field(
        min_length=1,
        max_length=60,
        description="Lower-case letters, digits, hyphens.",
        examples=["grey-heron"],
    )
    title: str = Field(default="", max_length=200, examples=["Grey Heron Column"])
    description: str = Field(default="", max_length=2_000)
    may_remove: bool = Field(default=False, description="Only a person can set this.")
    level: Level = Field(default="plain", description=_LEVEL)


class BankChanges(Sent):
    """What to change; what is left out stays."""

    title: str | None = Field(default=None, max_length=200)
    description: str | None = Field(default=None, max_length=2_000)
    may_remove: bool | None = Field(default=None, description="Only a person can set this to true.")
    matching: bool | None = None
    level: Level | None = Field(default=None, description=_LEVEL)


class ImportForm(Shape):
    """What an import fills in where the file says nothing."""

    format: Format = Field(default=Format.CSV, description="`local_file` is that of threatexchange.")
    source: str = Field(
        min_length=1, max_length=200, description="Who gave the file.", examples=["partner list"]
    )
    source_reference: str = Field(default="", max_length=500)
    signal_type: str = Field(default="", max_length=20, description="Type of bare signals in a local file.")


class QuarantinedLine(Shape):
    """A line that became part of no entry."""

    line: int = Field(description="From 1.", examples=[7])
    reason: str = Field(examples=["signal_malformed"])


class ImportReportShown(Shape):
    """What became of a file."""

    rows: int = Field(description="Rows read.", examples=[120])
    entries: int = Field(description="Entries made of them.", examples=[118])
    added: int = Field(description="Entries that were new.", examples=[100])
    already_there: int = Field(description="Entries whose signals the bank had.", examples=[18])
    quarantined: int = Field(description="Rows that became part of no entry.", examples=[2])
    reasons: dict[str, int] = Field(examples=[{"signal_malformed": 2}])
    lines: list[QuarantinedLine] = Field(description=f"The first {QUARANTINED_SHOWN_MAX} quarantined rows.")
    columns_unknown: list[str] = Field(description="Columns that nobody knows, and that were not read.")
    columns_ignored: list[str] = Field(description="Columns that are known and never taken from a file.")


@router.get("/banks", response=BankPage, **allowed(Right.BANKS_READ, problems=(422,)))
def list_banks(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> BankPage:
    """Banks, by name."""
    rows = Bank.objects.annotate(entry_count=Count("entries", filter=Q(entries__removed_at=None))).order_by(
        "name"
    )
    if cursor:
        rows = rows.filter(name__gt=position_of(cursor, str)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.name,))
    return BankPage(items=[BankShown.of(one) for one in found], next=following)


@router.post("/banks", response={201: BankShown}, **allowed(Right.BANKS_WRITE, problems=(400, 409, 422)))
def create_bank(request: HttpRequest, body: BankToMake) -> Status[BankShown]:
    """Make a bank; 409 when the name is taken."""
    if body.may_remove:
        person_of(request)
    bank = service.create_bank(
        name=body.name,
        title=body.title,
        description=body.description,
        may_remove=body.may_remove,
        level=Bank.Level(body.level),
        actor=actor_of(request),
    )
    return Status(201, BankShown.of(bank))


@router.get("/banks/{name}", response=BankShown, **allowed(Right.BANKS_READ, problems=(404,)))
def show_bank(request: HttpRequest, name: BankName) -> BankShown:
    """One bank."""
    return BankShown.of(service.find_bank(name))


@router.patch("/banks/{name}", response=BankShown, **allowed(Right.BANKS_WRITE, problems=(400, 404, 422)))
def change_bank(request: HttpRequest, name: BankName, body: BankChanges) -> BankShown:
    """Change a bank."""
    if body.may_remove:
        person_of(request)
    return BankShown.of(
        service.change_bank(
            name,
            actor=actor_of(request),
            title=body.title,
            description=body.description,
            may_remove=body.may_remove,
            matching=body.matching,
            level=None if body.level is None else Bank.Level(body.level),
        )
    )


@router.post(
    "/banks/{name}/import",
    response=ImportReportShown,
    **allowed(Right.BANKS_WRITE, problems=(400, 404, 413, 422)),
)
def import_entries(
    request: HttpRequest, name: BankName, file: File[UploadedFile], form: Form[ImportForm]
) -> ImportReportShown:
    """Take a file of entries in, unconfirmed. The same file again adds nothing twice."""
    quarantined: list[QuarantinedLine] = []

    def note(item: Quarantined) -> None:
        if len(quarantined) < QUARANTINED_SHOWN_MAX:
            quarantined.append(QuarantinedLine(line=item.line, reason=item.reason.value))

    report = import_file(
        cast(BinaryIO, file.file),
        ImportOrder(
            bank=name,
            format=form.format,
            about=About(source=form.source, source_reference=form.source_reference),
            pdq_quality_min=current().pdq_quality_min,
            signal_type=form.signal_type,
        ),
        actor=actor_of(request),
        quarantine=note,
        progress=_no_progress,
    )
    return _shown_report(report, quarantined)


@router.get(
    "/banks/{name}/export",
    **allowed(Right.BANKS_READ, problems=(404, 422), files=("text/csv", "text/plain")),
)
def export_entries(
    request: HttpRequest,
    name: BankName,
    format: Annotated[Format, Query()] = Format.CSV,  # noqa: A002 - on the wire
) -> StreamingHttpResponse:
    """A bank as a file: CSV with everything but removed entries, or a local file with what matches now."""
    lines = export_file(name, format, at=now(), actor=actor_of(request))
    kind, ending = ("text/csv", "csv") if format is Format.CSV else ("text/plain", "txt")
    response = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response


def _shown_report(report: ImportReport, quarantined: list[QuarantinedLine]) -> ImportReportShown:
    return ImportReportShown(
        rows=report.progress.rows,
        entries=report.progress.entries,
        added=report.progress.added,
        already_there=report.already_there,
        quarantined=report.progress.quarantined,
        reasons=dict(report.reasons),
        lines=quarantined,
        columns_unknown=list(report.columns_unknown),
        columns_ignored=list(report.columns_ignored),
    )


def _no_progress(progress: Progress) -> None:
    """The answer comes when all is done."""
