"""The files of a report: the same bytes for the same ledger, readable for everybody, and nothing becomes markup."""

import io
import json
import xml.etree.ElementTree as ElementTree
import zipfile
from datetime import date
from html.parser import HTMLParser

import pypdf
import pytest

from report_rows import Ledger
from vigie.reports.charts import svg
from vigie.reports.counted import Counted, LedgerPoint
from vigie.reports.document import Bar, Chart
from vigie.reports.report import KINDS, Kind, Report, all_files, csv_zip, file_bytes, file_names
from vigie.reports.templates import PARTS
from vigie.reports.units import median_hours, share

POINT = LedgerPoint(4711, "ab" * 32, 4700, "cd" * 32)
HOSTILE = '<script>alert(1)</script> & "quotes"'


def counted() -> Counted:
    ledger = Ledger()
    ledger.order(items=2)
    ledger.executed("O-000001", "forum/a", "forum/b")
    ledger.restricted("c", specific=True)
    ledger.complained(1, basis="tco10")
    ledger.answered(1, basis="tco10")
    found = ledger.read()
    found.profile["provider_name", ""] = HOSTILE
    found.profile["tco_identify", ""] = f"We look.\n{HOSTILE}"
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_ledger_gives_the_same_bytes(kind: Kind) -> None:
    first = dict(all_files(Report(kind, counted(), POINT, date(2027, 2, 1))))
    second = dict(all_files(Report(kind, counted(), POINT, date(2027, 2, 1))))

    assert first == second
    assert tuple(first) == file_names(kind)
    assert csv_zip(Report("dsa", counted(), POINT)) == csv_zip(Report("dsa", counted(), POINT))


def test_the_archive_holds_the_eleven_parts() -> None:
    with zipfile.ZipFile(io.BytesIO(csv_zip(Report("dsa", counted(), POINT)))) as archive:
        assert archive.namelist() == [f"{name}.csv" for name in PARTS]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_needs_nothing_else_and_shows_text_as_text(kind: Kind, language: str) -> None:
    page = file_bytes(Report(kind, counted(), POINT), f"report.{language}.html").decode()

    seen = _Tags()
    seen.feed(page)
    assert f'lang="{language}"' in page
    assert not seen.names & {"script", "link", "img", "iframe", "object"}
    assert "src=" not in page
    assert "&lt;script&gt;" in page
    assert POINT.hash in page
    assert seen.names >= {"h1", "h2", "table", "svg", "title", "desc", "caption" if kind == "dsa" else "th"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)


@pytest.mark.parametrize("kind", KINDS)
def test_the_pdf_is_tagged_in_its_language_and_carries_the_figures(kind: Kind) -> None:
    report = Report(kind, counted(), POINT)
    pdf = pypdf.PdfReader(io.BytesIO(file_bytes(report, "report.fr.pdf")))

    catalog = pdf.root_object
    assert str(catalog["/Lang"]).startswith("fr")
    assert "/Marked" in str(catalog["/MarkInfo"])
    attached = json.loads(pdf.attachments["report.json"][0])
    assert attached["ledger"]["through"] == 4711
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "4711" in text
    assert "<script>" in text  # printed, because to the typesetter it is text


def test_a_chart_is_an_image_with_words() -> None:
    drawn = ElementTree.fromstring(
        svg(Chart("A & B", (Bar("one <half>", 1), Bar("none", 0), Bar("x" * 90, 4))), id_="c")
    )
    names = {one.tag.rpartition("}")[2]: one.text for one in drawn}
    assert names["title"] == "A & B"
    assert names["desc"] == f"one <half>: 1; none: 0; {'x' * 90}: 4"
    widths = [one.get("width") for one in drawn if one.tag.endswith("rect")]
    assert widths == ["75.0", "0.0", "300.0"]


def test_a_chart_of_nothing_but_zeros_has_no_bars() -> None:
    drawn = ElementTree.fromstring(svg(Chart("none", (Bar("a", 0),)), id_="c"))
    assert [one.get("width") for one in drawn if one.tag.endswith("rect")] == ["0.0"]


def test_hours_and_shares_are_exact_and_short() -> None:
    from datetime import timedelta

    assert median_hours([]) == ""
    assert median_hours([timedelta(minutes=45)]) == "0.75"
    assert median_hours([timedelta(hours=1), timedelta(hours=2)]) == "1.5"
    assert median_hours([timedelta(microseconds=1)]) == "0"
    assert median_hours([timedelta(hours=100)]) == "100"
    assert (share(0, 0), share(0, 3), share(1, 3), share(3, 3)) == ("", "0", "0.3333", "1")
