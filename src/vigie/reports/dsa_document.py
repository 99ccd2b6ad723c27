"""The tables of (EU) 2024/2835 as something to read: what is not zero or empty, with charts. Pure.

It leaves rows out and says so; the CSV files have them all, with the labels of the templates.
"""

from typing import TYPE_CHECKING

from vigie.reports.document import Bar, Chart, Document, Grid, Section
from vigie.reports.dsa import own_measures
from vigie.reports.tco_document import facts_of, period_words
from vigie.reports.templates import Table
from vigie.reports.wording import Say

if TYPE_CHECKING:
    from vigie.reports.report import Report

_LABELS = (
    "Category of illegal content",
    "Category of incompatibility with the provider's terms and conditions",
)
_SKIPPED = ("part-2-categories-names",)
_OUTCOMES = (
    ("upheld", "Decisions upheld"),
    ("partial", "Decisions partially reversed"),
    ("reversed", "Decisions reversed"),
)


def dsa_document(report: "Report", say: Say) -> Document:
    """The document in the language of `say`."""
    sections = [
        Section(
            say(one.name),
            paragraphs=_paragraphs(one, say),
            grids=_grids(one, say),
            charts=_charts(one, report, say),
        )
        for one in report.tables
        if one.name not in _SKIPPED
    ]
    return Document(
        language=say.language,
        title=say("dsa.title", period=period_words(report.period)),
        facts=facts_of(report, say),
        sections=tuple(sections),
        footer=say("footer"),
    )


def _paragraphs(table: Table, say: Say) -> tuple[str, ...]:
    if table.name == "part-11-qualitative":
        return tuple(f"{row[-2].strip()}\n{row[-1]}" for row in table.rows if row[-1])
    return (say("dsa.rows"),) if _is_by_category(table) else ()


def _grids(table: Table, say: Say) -> tuple[Grid, ...]:
    if table.name == "part-11-qualitative":
        return ()
    return _by_category(table, say) if _is_by_category(table) else _by_indicator(table, say)


def _is_by_category(table: Table) -> bool:
    return any(table.column(label) >= 0 for label in _LABELS)


def _by_category(table: Table, say: Say) -> tuple[Grid, ...]:
    """One grid for each row that says something: its columns read downwards, because there are too many across."""
    label = max(table.column(one) for one in _LABELS)
    scope = table.column("Scope")
    first = (scope if scope >= 0 else table.column('Description of the sub-category "Other"')) + 1
    last = next(
        place for place, title in enumerate(table.header) if title.startswith(("Contextual", "contextual"))
    )
    grids = []
    for row in table.rows:
        values = row[first:last]
        is_total = row[label] == "TOTAL" and (scope < 0 or row[scope] == "TOTAL")
        if not is_total and all(one in ("", "0") for one in values):
            continue
        where = f" ({say('dsa.scope')}: {row[scope]})" if scope >= 0 and row[scope] != "TOTAL" else ""
        shown = zip(table.header[first:last], values, strict=True)
        rows = tuple(
            (title.strip(), value or "–") for title, value in shown if is_total or value not in ("", "0")
        )
        grids.append(Grid(row[label] + where, (say("word.indicator"), say("word.value")), rows))
    return tuple(grids)


def _by_indicator(table: Table, say: Say) -> tuple[Grid, ...]:
    indicator, value = table.column("Indicator"), table.column("Value")
    scope = table.column("Scope")
    rows = []
    for row in table.rows:
        if row[value] == "" and scope >= 0 and len(row[scope]) == 2:
            continue
        name = row[indicator].strip()
        rows.append((f"{name}: {row[scope].strip()}" if scope >= 0 else name, row[value] or "–"))
    return (Grid("", (say("word.indicator"), say("word.value")), tuple(rows)),)


def _charts(table: Table, report: "Report", say: Say) -> tuple[Chart, ...]:
    counted = report.counted
    if table.name == "part-4-notices":
        outcomes = [one.outcome for one in counted.actions.values()]
        received = sum(counted.period.contains(one.received_at) for one in counted.notices.values())
        return (
            Chart(
                say("chart.notices"),
                (
                    Bar(say("chart.notices.received"), received),
                    Bar(say("chart.notices.law"), outcomes.count("acted_law")),
                    Bar(say("chart.notices.terms"), outcomes.count("acted_terms")),
                ),
            ),
        )
    if table.name == "part-8-automated-means":
        law, terms = own_measures(counted, illegal=True), own_measures(counted, illegal=False)
        alone = sum(one.by_rule for one in (*law, *terms))
        return (
            Chart(
                say("chart.measures"),
                (
                    Bar(say("chart.measures.law"), len(law)),
                    Bar(say("chart.measures.terms"), len(terms)),
                    Bar(say("chart.measures.alone"), alone),
                ),
            ),
        )
    if table.name == "part-7-appeals-and-recidivism":
        scope, value = table.column("Scope"), table.column("Value")
        numbers = {
            row[scope]: row[value] for row in reversed(table.rows) if "submitted to the internal" in row[4]
        }
        bars = tuple(Bar(say(f"chart.{word}"), int(numbers[name] or 0)) for word, name in _OUTCOMES)
        return (Chart(say("chart.complaints"), bars),)
    return ()
