"""The yearly figures of an authority, each computed from the ledger alone, with the query behind it; pure.

It knows no table of orders: whoever has the ledger computes the same figures again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

PREFIX = "issuing."


@dataclass(frozen=True, slots=True)
class Entry:
    """What of a ledger row matters: its number, the event, and its facts."""

    seq: int
    event: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `query` says in words which rows it counts; `rows` are their ledger numbers, ascending."""

    key: str
    value: int | float | None
    unit: str
    source: str
    query: str
    rows: tuple[int, ...] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**asdict(self), "rows": list(self.rows)}


@dataclass
class _Story:
    """What the ledger says of one order."""

    issued: Entry
    done: Entry | None = None
    cannot: list[Entry] = field(default_factory=list)
    missed: list[Entry] = field(default_factory=list)
    received: Entry | None = None
    copied: Entry | None = None
    withdrawn: Entry | None = None
    scrutinised: list[Entry] = field(default_factory=list)
    appeals: list[Entry] = field(default_factory=list)
    annulled: Entry | None = None
    final: Entry | None = None
    overridden: list[Entry] = field(default_factory=list)


def figures_of(entries: Iterable[Entry], *, year: int) -> list[Figure]:
    """Every figure of the orders that were issued in this calendar year (UTC), whatever became of them since.

    Source: (EU) 2021/784 Art. 8(1), 21(1).
    """
    stories = [one for one in _stories(entries).values() if _year(one.issued) == year]
    issued = [one.issued for one in stories]
    abroad = [one for one in issued if one.facts["cross_border"]]
    done = [one.done for one in stories if one.done is not None]
    in_time = [one for one in done if one.facts["in_time"]]
    late = [one for one in done if not one.facts["in_time"]]
    removed = [one for one in done if one.facts["measure"] == "removed"]
    disabled = [one for one in done if one.facts["measure"] == "disabled"]
    open_ones = [one.issued for one in stories if one.done is None]
    impossible = [one for story in stories for one in story.cannot]
    last_ground = [one.cannot[-1] for one in stories if one.cannot and one.done is None]
    scrutinised = [one.scrutinised[0] for one in stories if one.scrutinised]
    infringing = [
        one for story in stories for one in story.scrutinised if one.facts["scrutiny"] == "infringement"
    ]
    appeals = {
        state: [one for story in stories for one in story.appeals if one.facts["appeal"] == state]
        for state in ("lodged", "upheld", "annulled")
    }
    return [
        counted("issued", issued, "8(1)(a), 21(1)(a)", "order_issued in the year"),
        summed("items", issued, "items", "21(1)(a)", "sum of items of order_issued in the year"),
        counted("under_4_1", abroad, "8(1)(a)", "order_issued in the year with cross_border"),
        counted(
            "home_copies",
            [one.copied for one in stories if one.copied],
            "4(1)",
            "home_copy_sent of orders issued in the year",
        ),
        counted("executed", done, "8(1)(a)", "order_done of orders issued in the year"),
        summed("items_executed", done, "items", "21(1)(a)", "sum of items of those order_done"),
        counted("removed", removed, "8(1)(a)", "those order_done with measure removed"),
        counted("disabled", disabled, "8(1)(a)", "those order_done with measure disabled"),
        counted("not_executed", open_ones, "8(1)(a)", "order_issued in the year without order_done"),
        counted("within_one_hour", in_time, "21(1)(a)", "those order_done with in_time"),
        counted("late", late, "21(1)(a)", "those order_done without in_time"),
        _share("share_within_one_hour", in_time, done, "21(1)(a)", "within_one_hour divided by executed"),
        _median("median_seconds", done, "21(1)(a)", "median of seconds of those order_done"),
        counted(
            "hour_missed",
            [one.missed[0] for one in stories if one.missed],
            "3(3)",
            "orders issued in the year with hour_missed",
        ),
        counted(
            "receipt_not_proven",
            [one.issued for one in stories if one.received is None],
            "3(5)",
            "order_issued in the year without receipt_proven",
        ),
        counted("annex_iii", impossible, "3(7), 3(8)", "cannot_be_executed of orders issued in the year"),
        *(
            counted(
                f"not_executed_{ground}",
                [one for one in last_ground if one.facts["ground"] == ground],
                "8(1)(a)",
                f"orders without order_done whose last cannot_be_executed has ground {ground}",
            )
            for ground in ("force_majeure", "manifest_errors", "insufficient_information")
        ),
        counted(
            "withheld",
            [one for one in issued if one.facts["withheld"]],
            "11(3)",
            "order_issued in the year with withheld",
        ),
        counted(
            "first_orders", [one for one in issued if one.facts["is_first"]], "3(2)", "order_issued, is_first"
        ),
        counted(
            "emergencies",
            [one for one in issued if one.facts["prior"] == "emergency"],
            "3(2)",
            "order_issued in the year with prior emergency",
        ),
        counted(
            "conflicts_overridden",
            [one for story in stories for one in story.overridden],
            "14(1)",
            "conflict_overridden of orders issued in the year",
        ),
        counted(
            "withdrawn",
            [one.withdrawn for one in stories if one.withdrawn],
            "8(1)",
            "order_withdrawn of orders issued in the year",
        ),
        counted("scrutinised", scrutinised, "8(1)(a)", "orders issued in the year with scrutiny_noted"),
        counted("infringements", infringing, "8(1)(a)", "scrutiny_noted with infringement"),
        counted("appeals", appeals["lodged"], "8(1)(c)", "appeal_noted with lodged"),
        counted("appeals_upheld", appeals["upheld"], "8(1)(c)", "appeal_noted with upheld"),
        counted("appeals_annulled", appeals["annulled"], "8(1)(c)", "appeal_noted with annulled"),
        counted(
            "final",
            [one.final for one in stories if one.final],
            "3(9)",
            "order_became_final of orders issued in the year",
        ),
    ]


def counted(key: str, rows: Sequence[Entry], article: str, query: str) -> Figure:
    """How many rows there are."""
    return Figure(key, len(rows), "count", source_of(article), query, _numbers(rows))


def summed(key: str, rows: Sequence[Entry], fact: str, article: str, query: str) -> Figure:
    """The sum of one fact of the rows."""
    total = sum(int(one.facts[fact]) for one in rows)
    return Figure(key, total, "count", source_of(article), query, _numbers(rows))


def source_of(article: str) -> str:
    """An article of the Regulation."""
    return f"(EU) 2021/784 Art. {article}"


def _stories(entries: Iterable[Entry]) -> dict[str, _Story]:
    """By order, what happened to it; rows come in the order of the ledger. What was never issued has no story."""
    found: dict[str, _Story] = {}
    before: dict[str, list[Entry]] = {}
    for entry in entries:
        number = str(entry.facts.get("order", ""))
        name = entry.event.removeprefix(PREFIX).rpartition(".")[0]
        if name == "order_issued":
            found[number] = _Story(entry, overridden=before.pop(number, []))
        elif name == "conflict_overridden":
            before.setdefault(number, []).append(entry)
        elif number in found:
            _add(found[number], name, entry)
    return found


def _add(story: _Story, name: str, entry: Entry) -> None:
    match name:
        case "order_done":
            story.done = entry
        case "cannot_be_executed":
            story.cannot.append(entry)
        case "hour_missed":
            story.missed.append(entry)
        case "receipt_proven":
            story.received = entry
        case "home_copy_sent":
            story.copied = entry
        case "order_withdrawn":
            story.withdrawn = entry
        case "scrutiny_noted":
            story.scrutinised.append(entry)
        case "appeal_noted":
            story.appeals.append(entry)
        case "order_annulled":
            story.annulled = entry
        case "order_became_final":
            story.final = entry
        case _:
            pass


def _year(issued: Entry) -> int:
    # `issued_at` is RFC 3339 in UTC, as the ledger has it.
    return int(str(issued.facts["issued_at"])[:4])


def _share(key: str, part: Sequence[Entry], whole: Sequence[Entry], article: str, query: str) -> Figure:
    value = round(len(part) / len(whole), 4) if whole else None
    return Figure(key, value, "share", source_of(article), query, _numbers(whole))


def _median(key: str, rows: Sequence[Entry], article: str, query: str) -> Figure:
    value = median(int(one.facts["seconds"]) for one in rows) if rows else None
    return Figure(key, value, "seconds", source_of(article), query, _numbers(rows))


def _numbers(rows: Sequence[Entry]) -> tuple[int, ...]:
    return tuple(sorted(one.seq for one in rows))
