"""Whatever happened: sub-categories add up to their parents and parents to the total, and medians never add."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.reports.counted import Action, Counted, MeasureSeen, NoticeSeen, OrderSeen
from vigie.reports.dsa import NOTICE_CATEGORIES, Filling, tables
from vigie.reports.periods import year
from vigie.reports.profile import MEMBER_STATES, Profile
from vigie.reports.tco import figures
from vigie.reports.templates import Category, Table, by_category
from vigie.reports.units import median_hours, written

START = datetime(2025, 11, 1, tzinfo=UTC)
instants = st.integers(0, 60 * 24 * 500).map(lambda minutes: START + timedelta(minutes=minutes))
durations = st.integers(0, 10**10).map(lambda count: timedelta(microseconds=count))


@st.composite
def ledgers(draw: st.DrawFn) -> Counted:
    """What a pass through some ledger could have kept."""
    counted = Counted(year(2026))
    for place in range(draw(st.integers(0, 12))):
        received = draw(instants)
        order = OrderSeen(
            f"O-{place}",
            place,
            received,
            draw(st.sampled_from((*MEMBER_STATES, "GR", ""))),
            draw(st.integers(0, 5)),
        )
        if draw(st.booleans()):
            order.answered_at = received + draw(durations)
        if draw(st.booleans()):
            order.executed_seq, order.measure_at = place, received + draw(durations)
            order.contents = tuple(draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4)))
            order.taken, order.in_time = len(order.contents), draw(st.booleans())
        if draw(st.booleans()):
            order.ground, order.ground_seq = (
                draw(st.sampled_from(("force_majeure", "manifest_errors"))),
                place,
            )
            order.ground_at = received + draw(durations)
        order.refused_seq = place if draw(st.integers(0, 5)) == 0 else 0
        counted.orders[order.number] = order
    for place in range(draw(st.integers(0, 12))):
        category, trusted = draw(st.sampled_from((*NOTICE_CATEGORIES, "unheard-of"))), draw(st.booleans())
        received = draw(instants)
        notice = NoticeSeen(f"N-{place}", place, received, draw(st.sampled_from("abc")), category, trusted)
        if draw(st.booleans()):
            notice.acted_seq, notice.acted_at = place, received + draw(durations)
            decision = draw(st.sampled_from(("D-1", "D-2", "D-3")))
            outcome = draw(st.sampled_from(("acted_law", "acted_terms")))
            counted.actions.setdefault(decision, Action(place, decision, outcome, category, trusted))
        counted.notices[notice.number] = notice
    for place in range(draw(st.integers(0, 12))):
        counted.measures.append(
            MeasureSeen(
                place,
                draw(st.sampled_from("abcdef")),
                draw(st.sampled_from(("hide", "remove", "remove_and_suspend"))),
                draw(st.sampled_from(("own_initiative", "notice"))),
                is_illegal=draw(st.booleans()),
                is_specific=draw(st.booleans()),
                by_rule=draw(st.booleans()),
                by_machine=draw(st.booleans()),
                language="fr",
            )
        )
    return counted


def number_columns(table: Table) -> list[int]:
    """The columns of counts: neither medians nor words."""
    first = next(place for place, one in enumerate(table.header) if one.startswith("Number"))
    last = next(place for place, one in enumerate(table.header) if one.lower().startswith("contextual"))
    return [place for place in range(first, last) if "Median" not in table.header[place]]


@given(ledgers())
@settings(max_examples=60)
def test_sums_of_sub_categories_are_their_parents_and_those_the_total(counted: Counted) -> None:
    made = tables(Filling(counted, Profile({"information_orders": "FR=1"})))
    for table in made[2:6]:
        label = next(place for place, one in enumerate(table.header) if one.startswith("Category of"))
        scope = table.column("Scope")
        scopes = {row[scope] for row in table.rows} if scope >= 0 else {""}
        for wanted in scopes:
            rows = [row for row in table.rows if scope < 0 or row[scope] == wanted]
            by = dict(by_category(rows, label))
            for column in number_columns(table):
                parents = {one: row for one, row in by.items() if not one.keyword and one.parent != "TOTAL"}
                total = int(by[Category("TOTAL")][column])
                assert total == sum(int(row[column]) for row in parents.values())
                for parent, row in parents.items():
                    below = [
                        int(r[column]) for one, r in by.items() if one.keyword and one.parent == parent.parent
                    ]
                    assert not below or int(row[column]) == sum(below)


@given(ledgers())
@settings(max_examples=60)
def test_the_median_of_the_total_is_that_of_all_and_no_sum(counted: Counted) -> None:
    table = tables(Filling(counted, Profile({})))[2]
    counts = [
        one for one in counted.orders.values() if one.is_genuine and counted.period.contains(one.received_at)
    ]
    waits = [(one.answered_at - one.received_at) for one in counts if one.answered_at is not None]
    expected = ""
    if waits:
        microseconds = [Fraction(one // timedelta(microseconds=1)) for one in waits]
        expected = written(Fraction(median(microseconds)) / (3_600 * 10**6))
    assert next(row for row in table.rows if row[3] == row[5] == "TOTAL")[8] == expected


@given(st.lists(durations, max_size=30))
def test_medians_are_between_the_shortest_and_the_longest(found: list[timedelta]) -> None:
    text = median_hours(found)
    if found:
        hours = [one / timedelta(hours=1) for one in found]
        assert min(hours) - 1e-4 <= float(text) <= max(hours) + 1e-4
    else:
        assert text == ""


@given(ledgers())
@settings(max_examples=60)
def test_grounds_add_up_and_no_content_is_counted_twice(counted: Counted) -> None:
    values = {one.line.id: one.value for one in figures(counted)}
    grounds = sum(value for name, value in values.items() if name.startswith("c3_") and name != "c3_late")
    assert values["c3"] == grounds
    assert values["c3_late"] <= values["c1_orders"]
    named = {content for order in counted.orders.values() for content in order.contents}
    assert values["c1"] <= len(named)


@given(ledgers())
@settings(max_examples=60)
def test_trusted_flaggers_are_never_more_than_all(counted: Counted) -> None:
    for row in tables(Filling(counted, Profile({})))[3].rows:
        for place in (5, 7, 11, 13):
            assert int(row[place + 1]) <= int(row[place])
