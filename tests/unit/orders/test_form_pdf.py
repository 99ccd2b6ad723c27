"""The annexes as PDF: archivable, tagged, with their fields attached, and values never more than text."""

import io
import json
from typing import Any

import pypdf
import pytest

from order_world import NIGHT, fields
from vigie.orders.form_labels import LANGUAGES, TITLES
from vigie.orders.form_pdf import answer_json, answer_pdf, fields_pdf, order_label
from vigie.orders.forms import CannotExecute, Feedback, read_order
from vigie.orders.models import Order, OrderAnswer
from vigie.orders.pdf_reading import read_pdf
from vigie.orders.reading import read_json, read_text

BOTH: dict[str, Any] = {
    "addressee": "Example forum",
    "authority": "Example Prefecture of Lutèce",
    "authority_reference": "REF-1",
    "addressee_reference": "O-000001",
    "received_at": NIGHT,
    "representative": "Example forum",
    "member_state": "DE",
    "authorised_person": "Anna",
    "contact_email": "orders@forum.example",
    "signed_at": NIGHT,
}


def feedback(**changes: Any) -> OrderAnswer:
    """An Annex II."""
    form = Feedback(**{**BOTH, "measure": "removed", "measure_at": NIGHT, **changes})
    return OrderAnswer(order=Order(pk=1), kind="annex_ii", form=form.to_json(), made_at=NIGHT)


def impossibility() -> OrderAnswer:
    """An Annex III."""
    form = CannotExecute(**BOTH, ground="manifest_errors", reasons="No such post.", needed="The address")
    return OrderAnswer(order=Order(pk=1), kind="annex_iii", form=form.to_json(), made_at=NIGHT)


def text_of(pdf: bytes) -> str:
    """The text of all pages, with single spaces."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["annex_i", "annex_ii", "annex_iii"])
def test_every_annex_in_every_language_is_archivable_and_tagged(kind: str, language: str) -> None:
    if kind == "annex_i":
        values = read_order(fields()).order.to_json()
        pdf = fields_pdf(values, json.dumps(values).encode(), made_at=NIGHT, language=language)
    else:
        pdf = answer_pdf(feedback() if kind == "annex_ii" else impossibility(), language=language)
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert b"/MarkInfo" in pdf
    assert b"/StructTreeRoot" in pdf
    assert str(reader.root_object["/Lang"]).startswith(language)
    # The text layer of Arabic lies in the order of the glyphs: what is read of it are the attached fields.
    assert TITLES[kind][language] in (str(reader.metadata) if language == "ar" else text_of(pdf))
    assert list(reader.attachments) == [f"{kind.replace('_', '-')}.json"]


def test_the_attached_fields_are_those_of_the_form() -> None:
    answer = feedback()
    reader = pypdf.PdfReader(io.BytesIO(answer_pdf(answer, language="en")))
    assert reader.attachments["annex-ii.json"][0] == answer_json(answer)
    assert json.loads(answer_json(answer)) == answer.form


def test_the_box_that_holds_is_ticked_and_no_other() -> None:
    text = text_of(answer_pdf(impossibility(), language="en"))
    assert "☒ The removal order contains manifest errors" in text
    assert "☐ The removal order does not contain sufficient information" in text
    assert text.count("☒") == 1


def test_a_value_is_text_and_never_a_command_of_the_typesetter() -> None:
    hostile = '#sys.inputs #pagebreak() $x^2$ *bold* "quoted" \\ <label> @ref'
    assert " ".join(hostile.split()) in text_of(answer_pdf(feedback(authority=hostile), language="en"))


def test_a_sign_that_no_font_has_is_no_reason_to_send_nothing() -> None:
    pdf = answer_pdf(feedback(authority="Büro 漢字 \U0001f985"), language="de")
    assert "Büro" in text_of(pdf)


def test_the_same_form_is_the_same_bytes() -> None:
    assert answer_pdf(feedback(), language="fr") == answer_pdf(feedback(), language="fr")


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "ar"])
def test_what_is_written_as_annex_one_is_read_from_its_text_again(language: str) -> None:
    order = read_order(fields(legal_types=["a", "d"], copy_sent=False, authority_kind="court")).order
    pdf = fields_pdf(order.to_json(), b"{}", made_at=NIGHT, language=language)
    read = read_order(read_text(read_pdf(pdf).text, kind="pdf").values)
    assert read.order == order
    assert read.unread == {}


def test_what_helps_to_find_the_content_stands_beside_its_addresses() -> None:
    urls = [f"http://forum.example/p/{place}" for place in range(3)]
    order = read_order(fields(urls=urls, locating_information="The second picture of the gallery.")).order
    pdf = fields_pdf(order.to_json(), b"{}", made_at=NIGHT, language="en")
    assert read_order(read_text(read_pdf(pdf).text, kind="pdf").values).order == order


def test_an_arabic_annex_is_read_from_its_attached_fields() -> None:
    order = read_order(fields()).order
    pdf = fields_pdf(order.to_json(), json.dumps(fields()).encode(), made_at=NIGHT, language="ar")
    (attached,) = read_pdf(pdf).files
    source = read_json(attached.data)
    assert source is not None
    assert read_order(source.values).order == order


def test_boxes_stand_where_the_annex_has_them() -> None:
    values = read_order(fields(authority_kind="other", follow_up_contact="Registry")).order.to_json()
    text = text_of(fields_pdf(values, b"{}", made_at=NIGHT, language="en"))
    assert "☒ incites others to commit terrorist offences, such as by glorifying terrorist acts" in text
    assert "☐ constitutes a threat to commit one of the terrorist offences (point (7)(e) of Article 2" in text
    assert (
        "☐ judge, court, or investigating judge ☐ law enforcement authority ☒ other competent authority"
        " → please complete also Section F" in text
    )
    assert "Section G: Information about redress possibilities" in text
    assert "to which to apply to challenge the removal order: Example court" in text


def test_it_says_what_the_annex_says_around_its_fields() -> None:
    values = read_order(fields()).order.to_json()
    text = text_of(fields_pdf(values, b"{}", made_at=NIGHT, language="en"))
    places = [
        text.index(words)
        for words in (
            "(Article 3 of Regulation (EU) 2021/784 of the European Parliament and of the Council)",
            "in any event within one hour of receipt of the removal order.",
            "shall preserve content and related data",
            "in one of the languages designated by the addressee.",
            "Section A: Member State of the issuing competent authority: FR NB: details of the issuing",
            "Section B: Terrorist content to be removed or access to which is to be disabled",
            "The material (please tick the relevant box(es)):",
            "for reasons of public security, the addressee must refrain from informing",
            "a copy of the removal order must be sent to the content provider, if requested",
            "certifying the removal order as accurate and correct:",
            "Official stamp (if available) and signature",
        )
    ]
    assert places == sorted(places)


def test_annex_three_is_signed_and_says_what_is_needed() -> None:
    text = text_of(answer_pdf(impossibility(), language="en"))
    assert "Section B: Non-execution (1) The removal order cannot be executed within the time limit" in text
    assert "further information or clarification required: The address" in text
    assert "Signature:" in text
    assert "Member State" not in text.partition("Section C")[2]


def test_labels_are_shown_as_the_annex_has_them() -> None:
    values = read_order(fields()).order.to_json()
    text = text_of(fields_pdf(values, b"{}", made_at=NIGHT, language="fr"))
    for key in ("reference", "authority", "issued_at"):
        assert f"{order_label(key, 'fr')}:" in text
    assert "2026-11-25 03:00:00 +01:00" in text
