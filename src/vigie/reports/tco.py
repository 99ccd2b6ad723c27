"""The figures of the yearly report under (EU) 2021/784 Art. 7, each with the query that gives it. Pure.

A zero is a figure: every line is there every year. Lines that Article 7 does not ask for say so by their letter.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vigie.reports.counted import ComplaintSeen, Counted, MeasureSeen, OrderSeen

GROUNDS = ("force_majeure", "manifest_errors", "insufficient_information")
OUTCOMES = ("upheld", "partial", "reversed")

Rows = Sequence[int]


@dataclass(frozen=True, slots=True)
class Query:
    """How a figure is found in the ledger: which events, which of them, and what is counted of those."""

    events: tuple[str, ...]
    where: tuple[str, ...]
    count: str = "rows"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: its id, the letter of Art. 7(3) it belongs to (empty: beside it), and its query.

    Its words are in `wording_en` and `wording_fr` under its id.
    """

    id: str
    letter: str
    query: Query
    find: Callable[[Counted], tuple[int, Rows]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A line computed: the figure and the numbers of the ledger rows that it counts, ascending."""

    line: Line
    value: int
    rows: tuple[int, ...]


def figures(counted: Counted) -> tuple[Figure, ...]:
    """Every line, in the order of the article."""
    found = []
    for line in LINES:
        value, rows = line.find(counted)
        found.append(Figure(line, value, tuple(sorted(rows))))
    return tuple(found)


def _orders(counted: Counted) -> list[OrderSeen]:
    return [one for one in counted.orders.values() if one.is_genuine]


def _before_end(counted: Counted, instant: datetime | None) -> bool:
    return instant is not None and instant < counted.period.ends_at


def _executed(counted: Counted) -> list[OrderSeen]:
    """Orders whose measure was taken in the period; content that was down before is no measure."""
    period = counted.period
    return [
        one
        for one in _orders(counted)
        if one.taken and one.measure_at is not None and period.contains(one.measure_at)
    ]


def _not_executed(counted: Counted) -> list[OrderSeen]:
    """Orders that were answered by Annex III in the period and not executed by its end."""
    return [
        one
        for one in _orders(counted)
        if one.ground_at is not None
        and counted.period.contains(one.ground_at)
        and not (one.executed_seq and _before_end(counted, one.measure_at))
    ]


def _received(counted: Counted) -> tuple[int, Rows]:
    found = [one.seq for one in _orders(counted) if counted.period.contains(one.received_at)]
    return len(found), found


def _not_genuine(counted: Counted) -> tuple[int, Rows]:
    period = counted.period
    found = [
        one.refused_seq
        for one in counted.orders.values()
        if one.refused_seq and period.contains(one.received_at)
    ]
    return len(found), found


def _removed_by_order(counted: Counted) -> tuple[int, Rows]:
    found = _executed(counted)
    return len({content for one in found for content in one.contents}), [one.executed_seq for one in found]


def _executed_orders(counted: Counted) -> tuple[int, Rows]:
    found = [one.executed_seq for one in _executed(counted)]
    return len(found), found


def _late(counted: Counted) -> tuple[int, Rows]:
    found = [one.executed_seq for one in _executed(counted) if not one.in_time]
    return len(found), found


def _all_not_executed(counted: Counted) -> tuple[int, Rows]:
    found = [one.ground_seq for one in _not_executed(counted)]
    return len(found), found


def _not_executed_by(ground: str) -> Callable[[Counted], tuple[int, Rows]]:
    def find(counted: Counted) -> tuple[int, Rows]:
        found = [one.ground_seq for one in _not_executed(counted) if one.ground == ground]
        return len(found), found

    return find


def _measures(is_counted: Callable[[MeasureSeen], bool]) -> Callable[[Counted], tuple[int, Rows]]:
    def find(counted: Counted) -> tuple[int, Rows]:
        found = [
            one
            for one in counted.measures
            if one.is_illegal and one.action != "suspend_account" and is_counted(one)
        ]
        return len({one.content for one in found}), [one.seq for one in found]

    return find


def _reappeared(counted: Counted) -> tuple[int, Rows]:
    return len(counted.reappeared), counted.reappeared


def _complaints(basis: str) -> Callable[[Counted], tuple[int, Rows]]:
    def find(counted: Counted) -> tuple[int, Rows]:
        found = [one.seq for one in _of(counted, basis) if counted.period.contains(one.received_at)]
        return len(found), found

    return find


def _decided(basis: str, outcome: str) -> Callable[[Counted], tuple[int, Rows]]:
    def find(counted: Counted) -> tuple[int, Rows]:
        found = [
            one.decided_seq
            for one in _of(counted, basis)
            if one.outcome == outcome
            and one.decided_at is not None
            and counted.period.contains(one.decided_at)
        ]
        return len(found), found

    return find


def _undecided(counted: Counted) -> tuple[int, Rows]:
    found = [
        one.seq
        for one in _of(counted, "tco10")
        if _before_end(counted, one.received_at) and not _before_end(counted, one.decided_at)
    ]
    return len(found), found


def _of(counted: Counted, basis: str) -> Iterable[ComplaintSeen]:
    return (one for one in counted.complaints.values() if one.basis == basis)


def _scrutiny(state: str) -> Callable[[Counted], tuple[int, Rows]]:
    def find(counted: Counted) -> tuple[int, Rows]:
        rows = counted.scrutinies.get(state, ())
        return len(rows), rows

    return find


def _given_back(*why: str) -> Callable[[Counted], tuple[int, Rows]]:
    def find(counted: Counted) -> tuple[int, Rows]:
        found = [one for one in counted.reinstated if one.why in why]
        return len({one.content for one in found}), [one.seq for one in found]

    return find


_GENUINE = "the order was not refused as not genuine"
_STATEMENT = ("redress.statement_made.v1",)
_EXECUTED = ("orders.order_executed.v1",)
_NOT_EXECUTED = ("orders.cannot_be_executed.v1",)
_RECEIVED = ("redress.complaint_received.v1",)
_DECIDED = ("redress.complaint_decided.v1",)
_BACK = ("redress.content_reinstated.v1",)


def _ground_line(ground: str) -> Line:
    query = Query(_NOT_EXECUTED, (f"ground = {ground}", "as c3"))
    return Line(f"c3_{ground}", "c", query, _not_executed_by(ground))


def _outcome_line(basis: str, outcome: str, id_: str, letter: str) -> Line:
    query = Query(_DECIDED, (f"basis = {basis}", f"outcome = {outcome}", "at in period"))
    return Line(id_, letter, query, _decided(basis, outcome))


LINES: tuple[Line, ...] = (
    Line(
        "b_matches",
        "b",
        Query(
            ("cases.case_opened.v1", "banks.entry_added.v1"),
            ("verdict is hold or remove", "an entry of entries has source = review", "at in period"),
        ),
        _reappeared,
    ),
    Line("orders", "", Query(("orders.order_received.v1",), ("received_at in period", _GENUINE)), _received),
    Line(
        "orders_not_genuine",
        "",
        Query(("orders.order_refused.v1",), ("received_at of the order in period",)),
        _not_genuine,
    ),
    Line(
        "c1",
        "c",
        Query(_EXECUTED, ("measure_at in period", "items > 0", _GENUINE), "distinct contents"),
        _removed_by_order,
    ),
    Line("c1_orders", "c", Query(_EXECUTED, ("measure_at in period", "items > 0")), _executed_orders),
    Line(
        "c2",
        "c",
        Query(
            _STATEMENT,
            ("cause neither order nor notice", "legal_type not empty", "specific_measure", "at in period"),
            "distinct contents",
        ),
        _measures(lambda one: one.cause not in ("order", "notice") and one.is_specific),
    ),
    Line(
        "own_initiative",
        "",
        Query(
            _STATEMENT,
            (
                "cause neither order nor notice",
                "legal_type not empty",
                "not specific_measure",
                "at in period",
            ),
            "distinct contents",
        ),
        _measures(lambda one: one.cause not in ("order", "notice") and not one.is_specific),
    ),
    Line(
        "after_notices",
        "",
        Query(_STATEMENT, ("cause = notice", "legal_type not empty", "at in period"), "distinct contents"),
        _measures(lambda one: one.cause == "notice"),
    ),
    Line(
        "c3",
        "c",
        Query(
            (*_NOT_EXECUTED, *_EXECUTED),
            ("the last of the order is in period", "not executed before the end of the period", _GENUINE),
            "orders",
        ),
        _all_not_executed,
    ),
    *(_ground_line(ground) for ground in GROUNDS),
    Line("c3_late", "c", Query(_EXECUTED, ("measure_at in period", "not in_time", "items > 0")), _late),
    Line("d", "d", Query(_RECEIVED, ("basis = tco10", "at in period")), _complaints("tco10")),
    *(_outcome_line("tco10", outcome, f"d_{outcome}", "d") for outcome in OUTCOMES),
    Line(
        "d_open",
        "d",
        Query(
            (*_RECEIVED, *_DECIDED), ("basis = tco10", "received and not decided at the end of the period")
        ),
        _undecided,
    ),
    Line("dsa20", "", Query(_RECEIVED, ("basis = dsa20", "at in period")), _complaints("dsa20")),
    *(_outcome_line("dsa20", outcome, f"dsa20_{outcome}", "") for outcome in OUTCOMES),
    Line(
        "e_scrutiny",
        "e",
        Query(
            ("orders.scrutiny_changed.v1",),
            ("scrutiny = requested", "asked_by = provider", "at in period"),
        ),
        _scrutiny("requested"),
    ),
    Line(
        "e_infringement",
        "e",
        Query(
            ("orders.scrutiny_changed.v1",),
            ("scrutiny = infringement", "asked for by the provider", "at in period"),
        ),
        _scrutiny("infringement"),
    ),
    Line(
        "e_no_infringement",
        "e",
        Query(
            ("orders.scrutiny_changed.v1",),
            ("scrutiny = no_infringement", "asked for by the provider", "at in period"),
        ),
        _scrutiny("no_infringement"),
    ),
    Line(
        "f",
        "f",
        Query(
            ("orders.content_reinstated.v1", "orders.order_annulled.v1"),
            ("items > 0", "the order lost its effect before", "at in period"),
            "distinct orders",
        ),
        _given_back("infringement", "annulled"),
    ),
    Line(
        "f_infringement",
        "f",
        Query(
            ("orders.content_reinstated.v1", "orders.scrutiny_changed.v1"),
            ("as f", "scrutiny = infringement"),
            "distinct orders",
        ),
        _given_back("infringement"),
    ),
    Line(
        "g",
        "g",
        Query(_BACK, ("basis of the complaint = tco10", "at in period"), "distinct contents"),
        _given_back("tco10"),
    ),
    Line(
        "g_dsa20",
        "",
        Query(_BACK, ("basis of the complaint = dsa20", "at in period"), "distinct contents"),
        _given_back("dsa20"),
    ),
    Line(
        "taken_back",
        "",
        Query(("cases.decision_undone.v1",), ("at in period",)),
        lambda counted: (len(counted.taken_back), counted.taken_back),
    ),
)
