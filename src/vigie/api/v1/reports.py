"""`/v1/reports`: transparency reports from the ledger: drafts, what operators fill in, what was published.

It computes nothing itself; a draft is computed anew for each state of the ledger.
"""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query, Router

from vigie.api.access import actor_of, allowed, person_of
from vigie.api.shapes import ActorText, Sent, Shape
from vigie.foundation.clock import now
from vigie.foundation.errors import Invalid, NotFound
from vigie.foundation.settings import current
from vigie.people.rights import Right
from vigie.reports import periods, service
from vigie.reports.periods import Period
from vigie.reports.profile import FIELDS, TEXT_CHARS_MAX
from vigie.reports.report import csv_zip, figure_json, file_bytes, file_names
from vigie.reports.wording import Say

router = Router(tags=["reports"])

Kind = Literal["tco", "dsa"]
YearAsked = Annotated[
    int | None, Query(ge=periods.YEAR_MIN, le=periods.YEAR_MAX, description="A calendar year.")
]
FirstAsked = Annotated[date | None, Query(alias="from", description="First day, without `year`.")]
LastAsked = Annotated[date | None, Query(alias="to", description="Last day.")]
KindAsked = Annotated[Kind, Path(description="`tco`: (EU) 2021/784 Art. 7; `dsa`: (EU) 2024/2835.")]
NumberAsked = Annotated[str, Path(max_length=30, examples=["R-000001"])]
FileAsked = Annotated[str, Path(max_length=60, examples=["report.en.pdf", "part-4-notices.csv"])]
FILE_TYPES = ("text/csv", "text/html", "application/pdf", "application/json", "application/zip")


class LedgerPointShown(Shape):
    """From which ledger a report was computed."""

    through: int = Field(description="Its last row.", examples=[4711])
    hash: str = Field(description="Of that row, lower-case hexadecimal.")
    signed_through: int = Field(description="The last row that a checkpoint had signed; 0 for none.")
    signed_hash: str


class QueryShown(Shape):
    """How a figure is found in the ledger."""

    events: list[str] = Field(examples=[["orders.order_executed.v1"]])
    where: list[str] = Field(examples=[["measure_at in period", "items > 0"]])
    count: str = Field(description="What is counted of those rows.", examples=["distinct contents"])


class FigureShown(Shape):
    """A figure of Art. 7(3), or one beside it."""

    id: str = Field(examples=["c1"])
    letter: str = Field(description="Of Art. 7(3); empty for a figure that it does not ask for.")
    label: str
    how: str = Field(description="How it is found, in words.")
    value: int
    query: QueryShown
    rows: list[int] | None = Field(description="The ledger rows that it counts, when `explain` names it.")


class MissingShown(Shape):
    """Something to fill in."""

    field: str
    label: str


class DraftShown(Shape):
    """A report as it would be published now."""

    kind: Kind
    period: str = Field(examples=["2026-01-01/2026-12-31"])
    ledger: LedgerPointShown
    figures: list[FigureShown] = Field(description="Of the report `tco`; the tables of `dsa` are files.")
    files: list[str]
    missing: list[MissingShown]


class FieldShown(Shape):
    """A field of the profile, and its newest version for every period that it was written for."""

    field: str
    label: str
    kind: str = Field(examples=["text", "number", "by_state"])
    reports: list[str]
    values: dict[str, str] = Field(description="By period; the empty one holds for all others.")


class ProfileShown(Shape):
    """Everything that operators fill in."""

    fields: list[FieldShown]


class FieldWritten(Sent):
    """What a field shall hold; an empty value takes it back."""

    field: str = Field(max_length=60, examples=["provider_name"])
    value: str = Field(max_length=TEXT_CHARS_MAX)
    year: int | None = Field(None, ge=periods.YEAR_MIN, le=periods.YEAR_MAX)
    first: date | None = Field(
        None, description="With `last`, instead of `year`; without both: every period."
    )
    last: date | None = None


class SaidShown(Shape):
    """A version of a field."""

    field: str
    period: str
    value: str
    version: int
    ledger: int
    actor: ActorText


class Publication(Sent):
    """What shall be published."""

    kind: Kind
    year: int | None = Field(None, ge=periods.YEAR_MIN, le=periods.YEAR_MAX)
    first: date | None = None
    last: date | None = None


class PublishedShown(Shape):
    """A published report."""

    report: str = Field(examples=["R-000001"])
    kind: Kind
    period: str
    published_on: date
    kept_until: date = Field(description="Public at least until then: five years.")
    through: int = Field(description="The ledger row it was computed from.")
    ledger: int = Field(description="The ledger row that says that it was published.")
    actor: ActorText
    files: dict[str, str] = Field(description="SHA-256 by file name.")


class PublishedList(Shape):
    """Published reports, newest first."""

    items: list[PublishedShown]


@router.get("/reports/draft/{kind}", response=DraftShown, **allowed(Right.LEDGER_READ, problems=(404, 422)))
def show_draft(
    request: HttpRequest,
    kind: KindAsked,
    year: YearAsked = None,
    first: FirstAsked = None,
    last: LastAsked = None,
    explain: Annotated[str, Query(max_length=60, description="A figure whose rows are wanted.")] = "",
    language: Annotated[Literal["en", "fr"], Query()] = "en",
) -> DraftShown:
    """The figures as the ledger gives them now, and what is still to be filled in."""
    made, say = service.computed(kind, _period(year, first, last)), Say(language)
    if explain and explain not in {one.line.id for one in made.figures}:
        raise NotFound("There is no such figure.", hint=", ".join(one.line.id for one in made.figures))
    return DraftShown(
        kind=kind,
        period=made.period.key,
        ledger=LedgerPointShown(
            through=made.point.through,
            hash=made.point.hash,
            signed_through=made.point.signed_through,
            signed_hash=made.point.signed_hash,
        ),
        figures=[
            FigureShown(
                **figure_json(one),
                label=say(f"line.{one.line.id}"),
                how=say(f"how.{one.line.id}"),
                rows=list(one.rows) if one.line.id == explain else None,
            )
            for one in made.figures
        ],
        files=list(file_names(kind)),
        missing=[MissingShown(field=one.id, label=say(f"field.{one.id}")) for one in made.missing],
    )


@router.get(
    "/reports/draft/{kind}/{file}", **allowed(Right.LEDGER_READ, problems=(404, 422), files=FILE_TYPES)
)
def show_draft_file(
    request: HttpRequest,
    kind: KindAsked,
    file: FileAsked,
    year: YearAsked = None,
    first: FirstAsked = None,
    last: LastAsked = None,
) -> HttpResponse:
    """One file of the draft; `parts.zip` for all tables of `dsa`."""
    period = _period(year, first, last)
    if not service.is_file(kind, file) and not (kind == "dsa" and file == "parts.zip"):
        raise NotFound("This report has no such file.", hint=", ".join(file_names(kind)))
    made = service.computed(kind, period)
    return _file(file, csv_zip(made) if file == "parts.zip" else file_bytes(made, file))


@router.get("/reports/profile", response=ProfileShown, **allowed(Right.LEDGER_READ))
def show_profile(
    request: HttpRequest, language: Annotated[Literal["en", "fr"], Query()] = "en"
) -> ProfileShown:
    """Every field with what it holds."""
    say = Say(language)
    known = {(one.field, one.period): one.value for one in reversed(service.said())}
    return ProfileShown(
        fields=[
            FieldShown(
                field=one.id,
                label=say(f"field.{one.id}"),
                kind=one.kind,
                reports=list(one.reports),
                values={
                    period: value for (field, period), value in known.items() if field == one.id and value
                },
            )
            for one in FIELDS
        ]
    )


@router.post(
    "/reports/profile", response=SaidShown, **allowed(Right.REPORTS_WRITE, problems=(400, 404, 409, 422))
)
def write_profile(request: HttpRequest, body: FieldWritten) -> SaidShown:
    """Write a field, for one period or for every one; earlier versions stay in the ledger."""
    person_of(request)
    is_for_one = body.year is not None or body.first is not None or body.last is not None
    period = _period(body.year, body.first, body.last) if is_for_one else None
    one = service.write_field(body.field, body.value, period=period, actor=actor_of(request))
    return SaidShown(
        field=one.field,
        period=one.period,
        value=one.value,
        version=one.version,
        ledger=one.seq,
        actor=one.actor,
    )


@router.get("/reports/published", response=PublishedList, **allowed(Right.LEDGER_READ))
def list_published(request: HttpRequest) -> PublishedList:
    """Published reports, newest first."""
    return PublishedList(items=[_shown(one) for one in service.published()])


@router.post(
    "/reports/published", response=PublishedShown, **allowed(Right.REPORTS_WRITE, problems=(400, 409, 422))
)
def publish_report(request: HttpRequest, body: Publication) -> PublishedShown:
    """Freeze the report of now and make it public; a period that is not over is refused."""
    person_of(request)
    done = service.publish(
        body.kind,
        _period(body.year, body.first, body.last),
        published_on=now().date(),
        actor=actor_of(request),
        settings=current(),
    )
    return _shown(done)


@router.get(
    "/reports/published/{number}", response=PublishedShown, **allowed(Right.LEDGER_READ, problems=(404,))
)
def show_published(request: HttpRequest, number: NumberAsked) -> PublishedShown:
    """One published report, with the hashes of its files."""
    return _shown(service.find_published(number))


@router.get(
    "/reports/published/{number}/{file}",
    **allowed(Right.LEDGER_READ, problems=(404, 409), files=FILE_TYPES),
)
def show_published_file(request: HttpRequest, number: NumberAsked, file: FileAsked) -> HttpResponse:
    """One file as it was published; `report.zip` for all."""
    return _file(file, service.published_file(number, file, settings=current()))


def _period(year: int | None, first: date | None, last: date | None) -> Period:
    if year is not None and first is None and last is None:
        return periods.year(year)
    if year is not None or first is None or last is None:
        raise Invalid("Say which period.", hint="A year, or its first and last day.", code="period_invalid")
    return Period(first, last)


def _file(name: str, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type=service.media_type(name))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _shown(one: service.Published) -> PublishedShown:
    values: dict[str, Any] = {
        "report": one.number,
        "kind": one.kind,
        "period": one.period,
        "published_on": one.published_on,
        "kept_until": one.kept_until,
        "through": one.through,
        "ledger": one.seq,
        "actor": one.actor,
        "files": one.sha256,
    }
    return PublishedShown(**values)
