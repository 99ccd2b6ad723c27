"""Fields of an order from JSON, XML and text; what is not beyond doubt is left to a person."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_world import URL, fields
from vigie.orders.form_labels import ANSWER_LABELS, LANGUAGES, ORDER_LABELS, TITLES
from vigie.orders.forms import ANNEX_I, FIELDS, RemovalOrder, order_from_stored, read_order
from vigie.orders.reading import is_order, merged, read_json, read_text, read_xml

TEXT = """Removal order
Section A
Member State of the issuing authority: FR
Reference number of the removal order: REF-1
Time and date of issue: 2026-11-25T03:00:00+01:00
Section B
URL: http://forum.example/p/heron-1
http://forum.example/p/heron-2
Material of Article 2(7), points: ☒ (a)  ☐ (b)  ☒ (c)  ☐ (d)  ☐ (e)
☐ The addressee must refrain from informing the content provider:
Issuing authority: Example Prefecture of Lutèce
E-mail: duty@prefecture.example
"""


def test_a_complete_order_has_nothing_unread() -> None:
    read = read_order(fields())
    assert read.unread == {}
    assert read.order.urls == (URL,)
    assert read.order.issued_at is not None
    assert read.order.issued_at.isoformat() == "2026-11-25T03:00:00+01:00"


@pytest.mark.parametrize("key", [one.key for one in ANNEX_I if one.needed])
def test_a_needed_field_that_is_not_there_is_marked(key: str) -> None:
    without = {name: value for name, value in fields().items() if name != key}
    assert read_order(without).unread == {key: "missing"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("issued_at", "2026-11-25T03:00:00"),  # no zone
        ("issued_at", "03/04/2026 10:00"),  # March or April
        ("issued_at", "yesterday"),
        ("issued_at", 1_764_000_000),
        ("issuing_state", "US"),
        ("issuing_state", "France"),
        ("urls", ["forum.example/p/1"]),
        ("urls", ["javascript:alert(1)"]),
        ("urls", ["http://forum.example/a b"]),
        ("urls", [URL] * 101 + [f"{URL}{place}" for place in range(101)]),
        ("legal_types", ["a", "f"]),
        ("do_not_inform", "perhaps"),
        ("do_not_inform", 7),
        ("reference", "x" * 501),
        ("reference", {"a": 1}),
        ("authority", "a\0b"),
        ("authority_kind", "ministry"),
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_left_to_a_person(key: str, value: Any) -> None:
    read = read_order(fields(**{key: value}))
    assert read.unread == {key: "unreadable"}
    assert getattr(read.order, key) == getattr(RemovalOrder(), key)


def test_greece_is_one_state_by_both_codes() -> None:
    assert read_order(fields(issuing_state="gr")).order.issuing_state == "EL"


def test_stored_fields_come_back_as_they_were() -> None:
    order = read_order(fields(signed_at="2026-11-25T03:01:00+01:00")).order
    assert order_from_stored(json.loads(json.dumps(order.to_json()))) == order


@given(
    st.dictionaries(
        st.sampled_from(sorted(FIELDS)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=40),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    )
)
def test_nothing_crashes_the_reading_and_what_is_read_is_stored_as_it_is(values: dict[str, Any]) -> None:
    read = read_order(values)
    assert order_from_stored(json.loads(json.dumps(read.order.to_json()))) == read.order
    assert set(read.unread.values()) <= {"missing", "unreadable"}


@given(st.binary(max_size=400))
def test_any_bytes_are_json_xml_or_nothing(data: bytes) -> None:
    for source in (read_json(data), read_xml(data)):
        assert source is None or set(source.values) <= set(FIELDS)


def test_xml_has_the_same_fields_as_elements() -> None:
    source = read_xml(
        f"<t:removal-order xmlns:t='urn:x'><reference>REF-1</reference><issuing-state>FR</issuing-state>"
        f"<url>{URL}</url><url>{URL}2</url><legal-type>a</legal-type><legal-type>c</legal-type>"
        f"<do-not-inform>false</do-not-inform></t:removal-order>".encode()
    )
    assert source is not None
    read = read_order(source.values)
    assert read.order.urls == (URL, f"{URL}2")
    assert read.order.legal_types == ("a", "c")
    assert read.order.do_not_inform is False
    assert "do_not_inform" not in read.unread


def test_a_field_twice_in_xml_is_not_chosen_from() -> None:
    source = read_xml(b"<o><reference>A</reference><reference>B</reference></o>")
    assert source is not None
    assert read_order(source.values).unread["reference"] == "unreadable"


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><o><reference>&b;</reference></o>',
        b'<!DOCTYPE o SYSTEM "file:///etc/passwd"><o/>',
        b"<o>" * 3_000,
        b"<o>" + b"<a/>" * 5_000 + b"</o>",
        b"<?xml version='1.0' encoding='no-such'?><o/>",
    ],
)
def test_xml_that_grows_or_reaches_out_is_refused(data: bytes) -> None:
    assert read_xml(data) is None


def test_text_is_read_by_the_labels_of_the_annex() -> None:
    read = read_order(read_text(TEXT).values)
    assert read.order.reference == "REF-1"
    assert read.order.urls == ("http://forum.example/p/heron-1", "http://forum.example/p/heron-2")
    assert read.order.legal_types == ("a", "c")
    assert read.order.email == "duty@prefecture.example"


# As the annex is printed: labels over several lines, dots where nobody wrote, the name of a State.
PRINTED_EN = """SECTION A:
Member State of the issuing competent authority: France
NB: details of the issuing competent authority to be provided in Sections E and F
Addressee and, where relevant, legal representative: Example forum
Contact point: ……
Member State where the hosting service provider has its main establishment or where its legal representative
resides or is established: Germany
Time and date of issuing of the removal order: 2026-11-25T03:00:00+01:00
Reference number of the removal order: REF-1
SECTION B: Terrorist content to be removed or access to which is to be disabled in all Member States as soon as
possible and in any event within one hour of receipt of the removal order
URL and any additional information enabling the identification and exact location of the terrorist content:
http://forum.example/p/heron-1
the second picture of the gallery
Reasons for considering the material to be terrorist content, in accordance with point (7) of Article 2 of the
Regulation.
The material (please tick the relevant box(es)):
☒ incites others to commit terrorist offences, such as by glorifying terrorist acts, by advocating the commission of
such offences (point (7)(a) of Article 2 of the Regulation)
☐ solicits others to commit or to contribute to the commission of terrorist offences (Article 2, point (7)(b))
☒ solicits others to participate in the activities of a terrorist group (Article 2, point (7)(c), of the Regulation)
Additional information on the reasons for considering the material to be terrorist content: ……
SECTION C: Information to the content provider
Please note that (please tick the box, if applicable):
☒ for reasons of public security, the addressee must refrain from informing the content provider of the removal of
or disabling of access to the terrorist content
If the box is not applicable, please see Section G for details
SECTION E: Details of the issuing competent authority
Type (please tick the relevant box):
☐ judge, court, or investigating judge
☒ law enforcement authority
☐ other competent authority → please complete also Section F
Name of the issuing competent authority: Example Prefecture of Lutèce
Name of its representative and post held (title and grade): Duty officer
File No: 2026/1
Tel. No (country code) (area/city code): +33 1 02 03 04 05
Email address: duty@prefecture.example
Date: 2026-11-25T03:01:00+01:00
"""
PRINTED_DE = """ABSCHNITT A:
Mitgliedstaat der erlassenden zuständigen Behörde: Österreich
Hinweis: Angaben zur erlassenden zuständigen Behörde sind in den Abschnitten E und F zu machen.
Empfänger und ggf. gesetzlicher Vertreter: Beispielforum
Mitgliedstaat, in dem der Hostingdiensteanbieter seine Hauptniederlassung hat oder in dem der gesetzliche
Vertreter ansässig oder niedergelassen ist: DE
Referenznummer der Entfernungsanordnung: REF-2
Eine URL-Adresse und alle weiteren Informationen, die die Identifizierung und die genaue Lokalisierung des
gemeldeten terroristischen Inhalts ermöglichen: http://forum.example/p/heron-1
Das Material (Zutreffendes bitte ankreuzen):
☒ stiftet andere zur Begehung terroristischer Straftaten an (Artikel 2 Absatz 7 Buchstabe a der Verordnung)
"""


def test_an_annex_as_it_is_printed_in_the_official_journal_is_read() -> None:
    read = read_order(read_text(PRINTED_EN, kind="pdf").values)
    assert read.unread == {}
    order = read.order
    assert (order.issuing_state, order.home_state, order.reference) == ("FR", "DE", "REF-1")
    assert (order.addressee, order.contact_point) == ("Example forum", "")
    assert order.urls == ("http://forum.example/p/heron-1",)
    assert order.locating_information == "the second picture of the gallery"
    assert (order.legal_types, order.additional_reasons) == (("a", "c"), "")
    assert (order.do_not_inform, order.authority_kind) == (True, "law_enforcement")
    assert (order.authority, order.file_number) == ("Example Prefecture of Lutèce", "2026/1")
    assert (order.telephone, order.email) == ("+33 1 02 03 04 05", "duty@prefecture.example")
    assert order.signed_at is not None


def test_a_german_annex_as_it_is_printed_is_read() -> None:
    order = read_order(read_text(PRINTED_DE, kind="pdf").values).order
    assert (order.issuing_state, order.home_state, order.reference) == ("AT", "DE", "REF-2")
    assert (order.addressee, order.urls) == ("Beispielforum", ("http://forum.example/p/heron-1",))
    assert order.legal_types == ("a",)


@pytest.mark.parametrize(
    "told",
    [
        "http://forum.example/p/a-very-long-address-that-goes-on-in-\nthe-next-line",
        "see http://forum.example/p/1, the second picture",
        "heron-1",
    ],
)
def test_an_address_among_words_or_over_two_lines_is_left_to_a_person(told: str) -> None:
    text = f"Reference number of the removal order: REF-1\nURL: {told}\nIssuing authority: Amt"
    read = read_order(read_text(text, kind="pdf").values)
    assert read.order.urls == ()
    assert read.unread["urls"] == "unreadable"


@pytest.mark.parametrize(
    ("name", "code"),
    [("Grèce", "EL"), ("EL", "EL"), ("deutschland (DE)", "DE"), ("Repubblica ceca", "CZ"), ("IT", "IT")],
)
def test_a_member_state_is_read_by_its_name(name: str, code: str) -> None:
    text = f"Member State of the issuing competent authority: {name}"
    assert read_order(read_text(text).values).order.issuing_state == code


@pytest.mark.parametrize("name", ["Ruritania", "France (DE)", "France, Germany"])
def test_what_is_no_member_state_is_not_guessed(name: str) -> None:
    text = f"Member State of the issuing competent authority: {name}"
    assert read_order(read_text(text).values).unread["issuing_state"] == "unreadable"


def test_the_date_of_another_letter_is_no_signature() -> None:
    values = read_text("Date: Tue, 24 Nov 2026\nIssuing authority: Amt\nReference: no label").values
    assert "signed_at" not in values


def test_an_unticked_box_is_not_ticked_and_a_missing_one_is_unread() -> None:
    ticked = TEXT.replace("☐ The addressee", "☒ The addressee")
    assert read_order(read_text(ticked).values).order.do_not_inform is True
    without = TEXT.replace("☐ The addressee must refrain from informing the content provider:\n", "")
    assert read_order(read_text(without).values).unread["do_not_inform"] == "missing"


@pytest.mark.parametrize(
    ("boxes", "kind", "unread"),
    [
        ("☐ judge, court or investigating judge\n☒ Law enforcement authority", "law_enforcement", None),
        (
            "[ ] Richter, Gericht oder Ermittlungsrichter\n[x] Strafverfolgungsbehörde",
            "law_enforcement",
            None,
        ),
        ("☒ قاضٍ أو محكمة أو قاضي تحقيق", "court", None),
        ("☒ judge, court or investigating judge\n☒ law enforcement authority", "", "unreadable"),
        ("☐ judge, court or investigating judge\n☐ law enforcement authority", "", None),
        ("☒ ministry", "", "unreadable"),
        ("court", "court", None),
    ],
)
def test_the_one_ticked_box_says_what_kind_of_authority_it_is(
    boxes: str, kind: str, unread: str | None
) -> None:
    read = read_order(read_text(f"Kind of authority:\n{boxes}\nFile number: 7").values)
    assert read.order.authority_kind == kind
    assert read.unread.get("authority_kind") == unread
    assert read.order.file_number == "7"


def test_another_authority_than_court_and_police_owes_section_f() -> None:
    assert read_order(fields(authority_kind="other")).unread == {"follow_up_contact": "missing"}
    assert read_order(fields(authority_kind="other", follow_up_contact="Registry")).unread == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_read_in_every_language(language: str) -> None:
    text = f"{ORDER_LABELS['reference'][language]} : REF-9\n{ORDER_LABELS['authority'][language]}: Amt"
    assert read_text(text).values == {"reference": "REF-9", "authority": "Amt"}


def test_every_label_is_there_in_every_language() -> None:
    assert set(ORDER_LABELS) == set(FIELDS)
    for table in (ORDER_LABELS, ANSWER_LABELS, TITLES):
        for key, labels in table.items():
            assert set(labels) == set(LANGUAGES), key
            assert all(labels.values()), key


def test_two_sources_that_differ_leave_the_field_to_a_person() -> None:
    first = read_json(json.dumps(fields()).encode())
    second = read_json(json.dumps(fields("REF-2")).encode())
    assert first is not None
    assert second is not None
    read, kind = merged([first, second])
    assert kind == "json"
    assert read.unread == {"reference": "contradictory"}
    assert read.order.reference == ""
    assert read.order.urls == (URL,)


def test_a_letter_is_no_order() -> None:
    assert not is_order(read_order(read_text("Dear team,\nURL: http://a.example/\nBest wishes").values))
    assert not is_order(read_order({}))
