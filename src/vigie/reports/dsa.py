"""The eleven tables of (EU) 2024/2835, from what the ledger says and the operator's profile. Pure.

A cell is 0 where something could have been and was not, and empty where it does not apply or nobody can know it.
Each thing is reported once: an order in part 3, a notice in part 4, everything else in parts 5 and 6.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from vigie.reports import dsa_sections as sections
from vigie.reports.counted import Counted, MeasureSeen, NoticeSeen, OrderSeen
from vigie.reports.profile import LANGUAGES, MEMBER_STATES, Applies, Profile
from vigie.reports.templates import (
    PARTS,
    PLACEHOLDERS,
    STATES_ABRIDGED,
    Category,
    Row,
    Table,
    by_category,
    spread,
    template,
)
from vigie.reports.units import median_hours

TOTAL = "TOTAL"
TERRORIST = Category("STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY", "KEYWORD_TERRORIST_CONTENT")
UNSPECIFIED_ORDER = Category("STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER")
# What a notifier can choose, in the categories of the templates.
NOTICE_CATEGORIES: Mapping[str, Category] = MappingProxyType(
    {
        "terrorism": TERRORIST,
        "violence": Category("STATEMENT_CATEGORY_VIOLENCE", "KEYWORD_INCITEMENT_VIOLENCE_HATRED"),
        "hate": Category("STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH", "KEYWORD_HATE_SPEECH"),
        "other": Category("STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"),
    }
)
APPLIES: Mapping[str, Applies] = MappingProxyType(
    {
        "All": "all",
        "Only for providers of hosting services, including online platforms": "hosting",
        "Only for providers of online platforms": "platform",
        "Only for VLOPs": "vlop",
        "Only for VLOPs and VLOSEs": "vlop_vlose",
    }
)
_MEASURE_COLUMNS = 16
_SUSPENDING = ("remove_and_suspend", "suspend_account")
_REMOVED, _DISABLED, _ACCOUNT_SUSPENDED = 2, 3, 14


@dataclass(frozen=True, slots=True)
class Filling:
    """What the tables are filled from. `published_on` is empty for a draft."""

    counted: Counted
    profile: Profile
    published_on: date | None = None


def tables(filling: Filling) -> tuple[Table, ...]:
    """The eleven parts, in their order."""
    return tuple(_framed(_PARTS[name](template(name), filling), filling) for name in PARTS)


def _framed(table: Table, filling: Filling) -> Table:
    """The columns that every part has: service and period, and nothing where a row does not apply."""
    service, period = table.column("Service"), table.column("Reporting period")
    applicability = table.column("Applicability")
    fixed = max(
        table.column(title) for title in ("Scope", "Indicator", 'Description of the sub-category "Other"')
    )
    rows = []
    for row in table.rows:
        cells = ["" if one in PLACEHOLDERS else one for one in row]
        if service >= 0:
            cells[service] = filling.profile["service_name"]
        if period >= 0:
            cells[period] = filling.counted.period.key
        if applicability >= 0 and not filling.profile.applies(APPLIES[row[applicability]]):
            cells[fixed + 1 :] = [""] * (len(cells) - fixed - 1)
        rows.append(tuple(cells))
    return replace(table, rows=tuple(rows))


def _with_values(row: Row, first: int, values: Iterable[str]) -> Row:
    given = tuple(values)
    return row[:first] + given + row[first + len(given) :]


def _within(category: Category, row: Category) -> bool:
    """Whether something of `category` counts in this row: in its own, its parent's, and the total."""
    return row.parent == TOTAL or row in (category, Category(category.parent))


def _unchanged(table: Table, filling: Filling) -> Table:
    return table


# Part 3


def _orders(table: Table, filling: Filling) -> Table:
    counted, profile = filling.counted, filling.profile
    orders = [
        one for one in counted.orders.values() if one.is_genuine and counted.period.contains(one.received_at)
    ]
    by_state: dict[str, list[OrderSeen]] = {}
    for one in orders:
        by_state.setdefault("EL" if one.issuing_state == "GR" else one.issuing_state, []).append(one)
    information = profile.counts("information_orders")
    scope = table.column("Scope")
    whole = [row for row in table.rows if row[scope] == TOTAL]
    by_each = [row for row in table.rows if row[scope] == STATES_ABRIDGED]
    rows = _order_rows(whole, table, orders, information, TOTAL)
    for state in MEMBER_STATES:
        named = [(*row[:scope], state, *row[scope + 1 :]) for row in by_each]
        rows += _order_rows(named, table, by_state.get(state, []), information, state)
    return replace(table, rows=tuple(rows))


def _order_rows(
    rows: list[Row], table: Table, orders: list[OrderSeen], information: Mapping[str, int], scope: str
) -> list[Row]:
    first = table.column("Scope") + 1
    filled = []
    for category, row in by_category(rows, table.column("Category of illegal content")):
        found = orders if _within(TERRORIST, category) else []
        asked = ""
        if information:
            asked = str(information.get(scope, 0) if _within(UNSPECIFIED_ORDER, category) else 0)
        receipts = [one.answered_at - one.received_at for one in found if one.answered_at is not None]
        effects = [
            one.measure_at - one.received_at for one in found if one.measure_at is not None and one.taken
        ]
        values = (
            str(len(found)),
            str(sum(one.items for one in found)),
            median_hours(receipts),
            median_hours(effects),
            asked,
        )
        filled.append(_with_values(row, first, values))
    return filled


# Part 4


def _notices(table: Table, filling: Filling) -> Table:
    counted = filling.counted
    received = [one for one in counted.notices.values() if counted.period.contains(one.received_at)]
    acted = [
        one
        for one in counted.notices.values()
        if one.acted_at is not None and counted.period.contains(one.acted_at)
    ]
    items: dict[str, NoticeSeen] = {}
    for one in received:
        # An item that several reported is one, in the category of the trusted flagger if there is one.
        if one.content not in items or (one.is_trusted and not items[one.content].is_trusted):
            items[one.content] = one
    rows = []
    first = table.column('Description of the sub-category "Other"') + 1
    for category, row in by_category(table.rows, table.column("Category of illegal content")):
        values: list[str] = []
        pairs = (
            [one.is_trusted for one in received if _is_in(one.category, category)],
            [one.is_trusted for one in items.values() if _is_in(one.category, category)],
        )
        for flags in pairs:
            values += [str(len(flags)), str(sum(flags))]
        values += _time_to_act([one for one in acted if _is_in(one.category, category)])
        for outcome in ("acted_law", "acted_terms"):
            trusted = [
                one.is_trusted
                for one in counted.actions.values()
                if one.outcome == outcome and _is_in(one.category, category)
            ]
            values += [str(len(trusted)), str(sum(trusted))]
        rows.append(_with_values(row, first, values))
    return replace(table, rows=tuple(rows))


def _is_in(category: str, row: Category) -> bool:
    return _within(NOTICE_CATEGORIES.get(category, NOTICE_CATEGORIES["other"]), row)


def _time_to_act(acted: list[NoticeSeen]) -> list[str]:
    taken = [(one.acted_at - one.received_at, one.is_trusted) for one in acted if one.acted_at is not None]
    return [
        median_hours(duration for duration, _ in taken),
        median_hours(duration for duration, is_trusted in taken if is_trusted),
    ]


# Parts 5 and 6


def own_measures(counted: Counted, *, illegal: bool) -> list[MeasureSeen]:
    """Measures that neither an order nor a notice led to, by their ground: the law, or the terms."""
    return [
        one for one in counted.measures if one.cause not in ("order", "notice") and one.is_illegal == illegal
    ]


def _own_illegal(table: Table, filling: Filling) -> Table:
    return _own(table, own_measures(filling.counted, illegal=True), "Category of illegal content")


def _own_terms(table: Table, filling: Filling) -> Table:
    column = "Category of incompatibility with the provider's terms and conditions"
    return _own(table, own_measures(filling.counted, illegal=False), column)


def _own(table: Table, measures: list[MeasureSeen], column: str) -> Table:
    counts = [0] * _MEASURE_COLUMNS
    counts[0] = len(measures)
    counts[1] = sum(one.by_machine for one in measures)
    counts[_DISABLED] = sum(one.action == "hide" for one in measures)
    counts[_REMOVED] = sum(one.action in ("remove", "remove_and_suspend") for one in measures)
    counts[_ACCOUNT_SUSPENDED] = sum(one.action in _SUSPENDING for one in measures)
    first = table.column('Description of the sub-category "Other"') + 1
    rows = [
        _with_values(row, first, [str(one) if _within(TERRORIST, category) else "0" for one in counts])
        for category, row in by_category(table.rows, table.column(column))
    ]
    return replace(table, rows=tuple(rows))


# Parts 1 and 7 to 11


def _summary(table: Table, filling: Filling) -> Table:
    return sections.by_indicator(
        table, sections.summary(filling.counted, filling.profile, filling.published_on)
    )


def _appeals(table: Table, filling: Filling) -> Table:
    return sections.by_scope(table, sections.appeals(filling.counted, filling.profile))


def _automated(table: Table, filling: Filling) -> Table:
    written = replace(table, rows=spread(table.rows, table.column("Scope"), LANGUAGES))
    filled = sections.by_scope(written, sections.automated_means(filling.counted, filling.profile))
    return sections.with_context(filled, sections.automated_context(filling.counted))


def _people(table: Table, filling: Filling) -> Table:
    written = replace(table, rows=spread(table.rows, table.column("Scope"), LANGUAGES))
    return sections.by_scope(written, sections.human_resources(filling.profile))


def _recipients(table: Table, filling: Filling) -> Table:
    written = replace(table, rows=spread(table.rows, table.column("Scope"), MEMBER_STATES))
    counts = filling.profile.counts("recipients")
    values = {(row[4], row[5]): str(counts[row[5]]) for row in written.rows if row[5] in counts}
    return sections.by_scope(written, values)


def _qualitative(table: Table, filling: Filling) -> Table:
    return sections.by_indicator(table, sections.texts(filling.profile))


_PARTS: Mapping[str, Callable[[Table, Filling], Table]] = MappingProxyType(
    dict(
        zip(
            PARTS,
            (
                _summary,
                _unchanged,
                _orders,
                _notices,
                _own_illegal,
                _own_terms,
                _appeals,
                _automated,
                _people,
                _recipients,
                _qualitative,
            ),
            strict=True,
        )
    )
)
