"""A report as PDF: tagged, archivable, with its figures attached; the same bytes for the same report.

It prints a document and adds nothing; values are data to the typesetter, never its language.
"""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any, Literal

import typst

from vigie.reports.charts import svg
from vigie.reports.document import Document

Standard = Literal["a-3a", "1.7"]
STANDARD: Standard = "a-3a"


def pdf_bytes(document: Document, *, attached: bytes, dated: date) -> bytes:
    """The PDF; `dated` is its date, because a report knows no clock."""
    shown: dict[str, Any] = asdict(document)
    for section, described in zip(document.sections, shown["sections"], strict=True):
        described["charts"] = [
            {"title": one.title, "description": one.description, "svg": svg(one, id_="chart")}
            for one in section.charts
        ]
    inputs = {
        "date": json.dumps([dated.year, dated.month, dated.day]),
        "document": json.dumps(shown, ensure_ascii=False, sort_keys=True),
        "attached": attached.decode(),
    }
    try:
        return _typeset(inputs, dated, STANDARD)
    except typst.TypstError:
        # A sign that no font at hand has: shown as a box, which an archive's standard does not allow.
        return _typeset(inputs, dated, "1.7")


def _typeset(inputs: dict[str, str], dated: date, standard: Standard) -> bytes:
    return typst.compile(
        files("vigie.reports").joinpath("report.typ").read_bytes(),
        format="pdf",
        pdf_standards=standard,
        sys_inputs=inputs,
        timestamp=int(datetime(dated.year, dated.month, dated.day, tzinfo=UTC).timestamp()),
        ignore_system_fonts=True,
    )
