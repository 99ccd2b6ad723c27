"""The eleven tables: exactly the templates, and each number where it belongs and nowhere else."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from report_rows import Ledger
from vigie.notices.events import FlaggerAdded, NoticeReopened, NotifierSuspended
from vigie.orders.events import AnswerSent, OrderCorrected, OrderRefused
from vigie.reports.dsa import TERRORIST, Filling, tables
from vigie.reports.periods import Period, year
from vigie.reports.profile import LANGUAGES, MEMBER_STATES, Profile
from vigie.reports.templates import PARTS, STATES_ABRIDGED, Row, Table, csv_bytes, template

ROOT = Path(__file__).parents[3]
# Where developers keep the originals, beside their working copies or one folder above.
ORIGINALS = next(
    (
        found
        for above in (ROOT.parent, ROOT.parent.parent)
        if (found := above / "shared" / "data" / "dsa-transparency-templates").is_dir()
    ),
    None,
)
VLOP = "vlop"


def parts(ledger: Ledger, *, period: Period | None = None, **profile: str) -> dict[str, Table]:
    filling = Filling(ledger.read(period), Profile(profile))
    return {one.name.split("-")[1]: one for one in tables(filling)}


def row_of(table: Table, *wanted: str) -> dict[str, str]:
    """The one row with these cells, by its headers."""
    found = [row for row in table.rows if all(one in (cell.strip() for cell in row) for one in wanted)]
    assert len(found) == 1, found
    return dict(zip((one.strip() for one in table.header), found[0], strict=True))


@pytest.mark.skipif(ORIGINALS is None, reason="the originals lie beside the working copies of developers")
@pytest.mark.parametrize("name", PARTS)
def test_the_templates_ship_as_they_were_published(name: str) -> None:
    assert ORIGINALS is not None
    shipped = ROOT / "src" / "vigie" / "reports" / "templates" / f"{name}.csv"
    assert shipped.read_bytes() == (ORIGINALS / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("name", PARTS)
def test_a_template_is_written_as_it_was_read(name: str) -> None:
    path = ROOT / "src" / "vigie" / "reports" / "templates" / f"{name}.csv"
    assert csv_bytes(template(name)) == path.read_bytes()


@pytest.mark.parametrize("name", PARTS)
def test_headers_labels_and_order_are_those_of_the_template(name: str) -> None:
    table = next(
        one for one in tables(Filling(Ledger().read(), Profile({"service_kind": VLOP}))) if one.name == name
    )
    original = template(name)
    assert table.header == original.header
    if name == "part-2-categories-names":
        assert table.rows == original.rows
        return
    labels = [
        place
        for place, title in enumerate(table.header)
        if title in ("Applicability", "Section", "Indicator", "Scope") or title.startswith("Category of")
    ]
    assert _abridged(table, labels) == list(
        dict.fromkeys(tuple(row[place] for place in labels) for row in original.rows)
    )


def _abridged(table: Table, labels: list[int]) -> list[Row]:
    """The labels with codes in the middle of their run written `[...]` again, each once."""
    scope = table.column("Scope")
    found: list[Row] = []
    for row in table.rows:
        cells = list(row)
        if table.name == "part-3-member-states-orders" and cells[scope] in MEMBER_STATES:
            cells[scope] = STATES_ABRIDGED
        elif scope >= 0 and cells[scope] in (*MEMBER_STATES, *LANGUAGES):
            ends = ("AT", "SE") if cells[scope] in MEMBER_STATES else ("bg", "sv")
            cells[scope] = cells[scope] if cells[scope] in ends else "[...]"
        found.append(tuple(cells[place] for place in labels))
    unique = list(dict.fromkeys(found))
    if table.name != "part-8-automated-means":
        return unique
    # The template abridges three indicators at once, the first at its beginning, the last at its end.
    short = {"Accuracy": "bg", "Precision": "[...]", "Recall": "sv"}
    return [
        one
        for one in unique
        if not (one[2].startswith("Accuracy of") and one[3] in ("bg", "[...]", "sv"))
        or short[one[2].rpartition(" - ")[2]] == one[3]
    ]


def test_every_row_has_as_many_cells_as_its_header_and_reads_back() -> None:
    for table in tables(Filling(Ledger().read(), Profile({"text_summary": 'quotes " and\nlines, commas'}))):
        read = list(csv.reader(io.StringIO(csv_bytes(table).decode(), newline="")))
        assert [tuple(one) for one in read] == [table.header, *table.rows]
        assert {len(one) for one in read} == {len(table.header)}


def test_nothing_happened_gives_zeros_and_no_medians() -> None:
    found = parts(Ledger())
    assert _totals(found["3"])[0][6:10] == ("0", "0", "", "")
    assert _totals(found["4"])[0][5:15] == ("0", "0", "0", "0", "", "", "0", "0", "0", "0")
    assert set(_totals(found["5"])[0][5:21]) == {"0"}
    assert {row[6] for row in found["7"].rows if "disputes submitted" in row[4]} == {""}


def _totals(table: Table) -> list[Row]:
    column = next(place for place, one in enumerate(table.header) if one.startswith("Category of"))
    scope = table.column("Scope")
    return [row for row in table.rows if row[column] == "TOTAL" and (scope < 0 or row[scope] == "TOTAL")]


def order_rows(table: Table, scope: str) -> dict[str, Row]:
    """The rows of part 3 that are not all zero, by category."""
    return {row[3]: row for row in table.rows if row[5] == scope and row[6] != "0"}


def test_an_order_stands_in_part_3_alone_with_its_member_state_and_medians_in_hours() -> None:
    ledger = Ledger()
    for number, state, hours in (("O-1", "FR", 0.5), ("O-2", "GR", 1.5), ("O-3", "FR", 4)):
        ledger.order(number, state=state, items=2)
        ledger.executed(number, f"forum/{number}a", f"forum/{number}b", hours=hours)
        ledger.add(AnswerSent(order=number, form="annex_ii", by="mail"), hours=0.25)
    ledger.order("O-4")
    ledger.add(OrderRefused(order="O-4", check="unknown"))

    found = parts(ledger)
    categories = {"TOTAL", TERRORIST.parent, TERRORIST.keyword}
    assert set(order_rows(found["3"], "TOTAL")) == categories
    for row in order_rows(found["3"], "TOTAL").values():
        assert row[6:10] == ("3", "6", "1.75", "1.5")  # the middle of 0.75, 1.75, 4.25 and of 0.5, 1.5, 4
    for row in order_rows(found["3"], "FR").values():
        assert row[6:10] == ("2", "4", "2.5", "2.25")
    assert set(order_rows(found["3"], "EL")) == categories
    assert not order_rows(found["3"], "DE")
    for other in ("4", "5", "6"):
        assert _totals(found[other])[0][5] == "0"


def test_a_corrected_order_counts_for_the_state_that_a_person_read() -> None:
    ledger = Ledger()
    ledger.order(state="", items=0)
    ledger.add(OrderCorrected(order="O-000001", fields=("issuing_state",), issuing_state="SE", items=3))

    rows = order_rows(parts(ledger)["3"], "SE")
    assert rows["TOTAL"][6:8] == ("1", "3")


def test_orders_for_information_are_the_operators_to_say() -> None:
    silent = parts(Ledger())["3"]
    assert {row[10] for row in silent.rows} == {""}
    none = parts(Ledger(), information_orders="0")["3"]
    assert {row[10] for row in none.rows} == {"0"}
    said = parts(Ledger(), information_orders="FR=2 SE=1")["3"]
    counted = {(row[3], row[5]): row[10] for row in said.rows if row[10] != "0"}
    assert counted == {
        ("TOTAL", "TOTAL"): "3",
        ("STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER", "TOTAL"): "3",
        ("TOTAL", "FR"): "2",
        ("STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER", "FR"): "2",
        ("TOTAL", "SE"): "1",
        ("STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER", "SE"): "1",
    }


def test_a_notice_stands_in_part_4_alone_and_a_wave_is_one_item() -> None:
    ledger = Ledger()
    ledger.add(FlaggerAdded(flagger="heron-watch", expertise=("terrorism",)))
    ledger.noticed("p1", number=1)
    ledger.noticed("p1", number=2, category="hate")
    ledger.noticed("p1", number=3, flagger="heron-watch")
    ledger.noticed("p2", number=4, category="other")
    ledger.noticed("p3", number=5, category="hate", flagger="heron-watch")  # not what it is trusted in
    for number in (1, 2, 3):
        ledger.notice_decided(number, decision="D-1", hours=2 if number == 1 else 0)
    ledger.notice_decided(4, decision="D-2", outcome="no_action", hours=1)
    ledger.notice_decided(5, decision="D-3", outcome="acted_terms", hours=1)
    ledger.restricted("p1", number=1, cause="notice")

    found = parts(ledger)
    total = _totals(found["4"])[0]
    # received, of trusted; items, of trusted; medians; law, of trusted; terms, of trusted
    assert total[5:15] == ("5", "1", "3", "1", "2", "2", "1", "1", "1", "0")
    terrorist = row_of(found["4"], TERRORIST.keyword)
    assert tuple(terrorist.values())[5:15] == ("2", "1", "1", "1", "2", "2", "1", "1", "0", "0")
    hate = row_of(found["4"], "KEYWORD_HATE_SPEECH")
    assert tuple(hate.values())[5:15] == ("2", "0", "1", "0", "3", "", "0", "0", "1", "0")
    assert row_of(found["4"], "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE")["Number of notices received"] == "1"
    assert _totals(found["5"])[0][5] == "0"


def test_a_referral_stands_in_part_5_alone() -> None:
    ledger = Ledger()
    ledger.noticed("p1", number=1, came_by="email")
    ledger.notice_decided(1, decision="D-1")
    ledger.restricted("p1", number=1, cause="referral")

    found = parts(ledger)
    # received, of trusted; items, of trusted; medians; law, of trusted; terms, of trusted
    assert _totals(found["4"])[0][5:15] == ("0", "0", "0", "0", "", "", "0", "0", "0", "0")
    # measures, of them found by automated means
    assert _totals(found["5"])[0][5:7] == ("1", "0")


def test_a_milder_decision_after_a_complaint_is_no_second_action() -> None:
    ledger = Ledger()
    ledger.noticed("p1", number=1)
    ledger.notice_decided(1, decision="D-1", hours=2)
    ledger.add(NoticeReopened(notice="N-000001"))
    ledger.notice_decided(1, decision="D-2", hours=50)

    # median in hours; actions on the basis of the law, of the terms
    total = _totals(parts(ledger)["4"])[0]
    assert (total[9], total[11], total[13]) == ("2", "1", "0")


def test_own_measures_stand_in_part_5_by_the_law_and_in_part_6_by_the_terms() -> None:
    ledger = Ledger()
    ledger.restricted("a", number=1)
    ledger.restricted("b", number=2, action="remove_and_suspend")
    ledger.restricted("c", number=3, action="hide")
    ledger.restricted("d", number=4, by_rule=True)
    ledger.restricted("e", number=5, legal_type="", action="hide")

    found = parts(ledger)
    # measures, found by machines alone; removed, disabled; ... ; account suspended
    for row in (_totals(found["5"])[0], *_terrorist(found["5"])):
        assert row[5:9] == ("4", "4", "3", "1")
        assert row[19:21] == ("1", "0")
    for row in (_totals(found["6"])[0], *_terrorist(found["6"])):
        assert row[5:9] == ("1", "1", "0", "1")
    automated = found["8"]
    solely = "Number of measures solely taken by automated means"
    assert row_of(automated, solely, "Total number")["Value"] == "1"
    assert (
        row_of(automated, "Number of measures not taken by automated means", "Own-initiative")["Value"] == "4"
    )


def _terrorist(table: Table) -> list[Row]:
    return [row for row in table.rows if row[3] in (TERRORIST.parent, TERRORIST.keyword)]


def test_complaints_of_part_7_are_those_of_article_20_by_what_they_are_about() -> None:
    ledger = Ledger()
    ledger.add(FlaggerAdded(flagger="heron-watch", expertise=("terrorism",)))
    ledger.restricted("a", number=1)
    ledger.restricted("b", number=2, action="remove_and_suspend")
    ledger.noticed("c", number=1, flagger="heron-watch")
    ledger.complained(1, about="S-000001")
    ledger.answered(1, outcome="upheld", hours=2)
    ledger.complained(2, about="S-000002")
    ledger.answered(2, outcome="partial", hours=6)
    ledger.complained(3, about="N-000001", complainant="notifier")
    ledger.answered(3, outcome="reversed", hours=4)
    ledger.complained(4, about="S-000001", basis="tco10")
    ledger.answered(4, outcome="reversed", basis="tco10")
    ledger.add(NotifierSuspended(notifier=1, days=30))
    ledger.suspended("notifier", 1)
    ledger.suspended("complainant", 2)
    ledger.suspended("uploader", 3)
    ledger.suspended("uploader", 4)
    ledger.restricted("d", number=3, action="suspend_account", legal_type="")
    ledger.complained(5, about="S-000003")
    ledger.answered(5, outcome="reversed", hours=8)

    table = parts(ledger)["7"]

    def numbers(beginning: str) -> list[str]:
        return [row[6] for row in table.rows if row[4].startswith(beginning)]

    assert numbers("Number of complaints submitted") == ["4", "1", "1", "2", "5", "0"]
    assert numbers("Complaint regarding a decision to remove") == ["2", "1", "1", "0", "4"]
    assert numbers("Complaint regarding a decision to suspend or terminate an account") == [
        "2",
        "0",
        "1",
        "1",
        "7",
    ]
    assert numbers("Complaint regarding a decision not to take action") == ["1", "0", "0", "1", "4"] * 2
    # A removal that suspends the author at once is none: that came without a warning and has no end.
    assert numbers("Number of suspensions enacted") == ["2", "2", "1"]


def test_the_suspension_of_an_account_is_an_own_measure_under_the_law_and_removes_nothing() -> None:
    ledger = Ledger()
    ledger.restricted("a", number=1)
    ledger.restricted("b", number=2, action="suspend_account", legal_type="")
    totals = [row for row in parts(ledger)["5"].rows if row[3] == "TOTAL"]
    assert [row[5:9] for row in totals] == [("2", "1", "1", "0")]
    assert totals[0][5 + 14] == "1"
    assert not any(int(one) for row in parts(ledger)["6"].rows for one in row[5:] if one.isdecimal())


def test_precision_is_what_people_found_of_what_rules_put_before_them() -> None:
    ledger = Ledger()
    for number in (1, 2, 3):
        ledger.restricted(f"p{number}", number=number, action="keep" if number == 3 else "remove")
    row = row_of(parts(ledger)["8"], "Accuracy of the automated means - Precision", "Total number")

    assert row["Value"] == "0.6667"
    assert "Of 3 contents" in row["Contextual Information"]


def test_what_a_service_is_not_asked_stays_empty() -> None:
    for kind, expected in (("online_platform", ""), ("vlop", "7")):
        found = parts(Ledger(), service_kind=kind, moderators_internal="7", recipients="AT=4 SE=3")
        internal = "Number of internal moderators employed by the provider"
        assert row_of(found["9"], internal)["Value"] == expected
        assert row_of(found["10"], "TOTAL")["Value"] == expected
    hosting = parts(Ledger(), service_kind="hosting")["7"]
    asked = [row[0] for row in hosting.rows if row[6] != ""]
    assert set(asked) == {"All"}


def test_languages_are_lower_case_and_for_the_largest_platforms() -> None:
    ledger = Ledger()
    ledger.restricted("a", language="FR-be")
    rows = {
        row[5]: row[6]
        for row in parts(ledger, service_kind=VLOP)["8"].rows
        if row[4].startswith("Number of measures not")
    }

    assert (rows["fr"], rows["de"]) == ("1", "0")
    assert set(LANGUAGES) < set(rows)


def test_part_1_names_the_days_and_the_report_before() -> None:
    counted = Ledger().read(year(2026))
    counted.published += [
        {"kind": "dsa", "period": "2024-01-01/2024-12-31", "published_on": "2025-02-20"},
        {"kind": "tco", "period": "2025-01-01/2025-12-31", "published_on": "2026-02-20"},
    ]
    table = tables(Filling(counted, Profile({"provider_name": "Heron Ltd"}), date(2027, 2, 1)))[0]

    assert [row[3] for row in table.rows] == [
        "Heron Ltd",
        "2027-02-01",
        "2025-02-20",
        "2026-01-01",
        "2026-12-31",
    ]


def test_what_happened_outside_the_period_is_outside_the_report() -> None:
    ledger = Ledger(at=datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC))
    ledger.order()
    ledger.noticed("p1")
    ledger.restricted("p2")
    ledger.at += timedelta(days=365)
    ledger.noticed("p3", number=2)

    found = parts(ledger)
    assert (_totals(found["3"])[0][6], _totals(found["4"])[0][5], _totals(found["5"])[0][5]) == (
        "0",
        "1",
        "0",
    )
