"""A report as files: the same bytes for the same ledger, period and day of publication. Pure.

It knows no clock and no other table; a draft has no day of publication.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from vigie.reports import dsa, tco
from vigie.reports.counted import Counted, LedgerPoint
from vigie.reports.document import Document
from vigie.reports.dsa_document import dsa_document
from vigie.reports.page import html_bytes
from vigie.reports.pdf import pdf_bytes
from vigie.reports.periods import Period
from vigie.reports.profile import Field, Profile, missing, profile_for
from vigie.reports.tco_document import tco_document
from vigie.reports.templates import PARTS, Table, csv_bytes
from vigie.reports.wording import LANGUAGES, Say

Kind = Literal["tco", "dsa"]
KINDS: tuple[Kind, ...] = ("tco", "dsa")
MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "pdf": "application/pdf",
        "json": "application/json",
        "zip": "application/zip",
    }
)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Report:
    """A computed report. `point` says from which ledger."""

    kind: Kind
    counted: Counted
    point: LedgerPoint
    published_on: date | None = None

    @property
    def period(self) -> Period:
        """What it is about."""
        return self.counted.period

    @cached_property
    def profile(self) -> Profile:
        """What the operator said about its period."""
        return profile_for(self.period, self.counted.profile)

    @cached_property
    def figures(self) -> tuple[tco.Figure, ...]:
        """The figures of Art. 7(3); none for the other kind."""
        return tco.figures(self.counted) if self.kind == "tco" else ()

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The eleven parts; none for the other kind."""
        if self.kind != "dsa":
            return ()
        return dsa.tables(dsa.Filling(self.counted, self.profile, self.published_on))

    @property
    def missing(self) -> tuple[Field, ...]:
        """What the operator has still to fill in."""
        return missing(self.kind, self.profile)

    def document(self, language: str) -> Document:
        """The report to read."""
        if self.kind == "tco":
            return tco_document(self, Say(language))
        return dsa_document(self, Say(language))

    def as_json(self) -> dict[str, Any]:
        """Everything that the report says, for programs; without numbers of ledger rows."""
        return {
            "kind": self.kind,
            "period": self.period.key,
            "published_on": self.published_on.isoformat() if self.published_on else None,
            "ledger": asdict(self.point),
            "profile": dict(self.profile.values),
            "missing": [one.id for one in self.missing],
            "figures": [figure_json(one) for one in self.figures],
            "parts": [one.name for one in self.tables],
        }


def figure_json(figure: tco.Figure) -> dict[str, Any]:
    """A figure with the query behind it."""
    line = figure.line
    return {"id": line.id, "letter": line.letter, "value": figure.value, "query": asdict(line.query)}


def file_names(kind: Kind) -> tuple[str, ...]:
    """The names of a report's files, in their order."""
    tables = tuple(f"{name}.csv" for name in PARTS) if kind == "dsa" else ()
    pages = tuple(f"report.{language}.{ending}" for language in LANGUAGES for ending in ("html", "pdf"))
    return (*tables, *pages, "report.json")


def file_bytes(report: Report, name: str) -> bytes:
    """One file of a report; raises KeyError for a name that it has not."""
    if name == "report.json":
        return _json(report)
    if name.endswith(".csv"):
        return csv_bytes({one.name: one for one in report.tables}[name.removesuffix(".csv")])
    if name not in file_names(report.kind):
        raise KeyError(name)
    _, language, ending = name.split(".")
    document = report.document(language)
    if ending == "html":
        return html_bytes(document)
    return pdf_bytes(document, attached=_json(report), dated=report.published_on or report.period.last)


def all_files(report: Report) -> Iterator[tuple[str, bytes]]:
    """Every file of a report."""
    for name in file_names(report.kind):
        yield name, file_bytes(report, name)


def zipped(files: Iterator[tuple[str, bytes]]) -> bytes:
    """Files in one archive, without anything in it that changes from one time to the next."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return target.getvalue()


def csv_zip(report: Report) -> bytes:
    """The eleven parts in one archive."""
    return zipped((f"{one.name}.csv", csv_bytes(one)) for one in report.tables)


def _json(report: Report) -> bytes:
    return (json.dumps(report.as_json(), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
