"""The report under (EU) 2021/784 Art. 7 as something to read: letter by letter, with how each figure is found. Pure.

Texts are the operator's; where there is none it says so.
"""

from typing import TYPE_CHECKING

from vigie.reports.counted import PolicyVersion
from vigie.reports.document import Bar, Chart, Document, Grid, Section
from vigie.reports.periods import Period
from vigie.reports.tco import GROUNDS, OUTCOMES, Figure
from vigie.reports.wording import Say

if TYPE_CHECKING:
    from vigie.reports.report import Report

LETTERS = ("a", "b", "c", "d", "e", "f", "g")


def tco_document(report: "Report", say: Say) -> Document:
    """The document in the language of `say`."""
    values = {one.line.id: one.value for one in report.figures}
    sections = [
        Section(
            say(f"section.{letter}"),
            paragraphs=_paragraphs(letter, report, say),
            grids=_grids([one for one in report.figures if one.line.letter == letter], report, letter, say),
            charts=_charts(letter, values, say),
        )
        for letter in LETTERS
    ]
    beside = [one for one in report.figures if not one.line.letter]
    sections.append(
        Section(say("section.beside"), (say("section.beside.text"),), _grids(beside, report, "beside", say))
    )
    return Document(
        language=say.language,
        title=say("tco.title", period=period_words(report.period)),
        facts=facts_of(report, say),
        sections=tuple(sections),
        footer=say("footer"),
    )


def facts_of(report: "Report", say: Say) -> tuple[tuple[str, str], ...]:
    """What stands under the title of every report: who, about when, and from which ledger."""
    profile, point = report.profile, report.point
    not_given = say("fact.not_given")
    signed = f"{point.signed_through} ({point.signed_hash})" if point.signed_through else "–"
    return (
        (say("fact.law"), say(f"law.{report.kind}")),
        (say("fact.provider"), profile["provider_name"] or not_given),
        (say("fact.service"), profile["service_name"] or not_given),
        (say("fact.period"), f"{report.period.first.isoformat()} – {report.period.last.isoformat()}"),
        (
            say("fact.published_on"),
            report.published_on.isoformat() if report.published_on else say("fact.draft"),
        ),
        (say("fact.ledger"), str(point.through)),
        (say("fact.hash"), point.hash or "–"),
        (say("fact.signed"), signed),
    )


def period_words(period: Period) -> str:
    """A year by its number, everything else by its days."""
    if (period.first.month, period.first.day, period.last.month, period.last.day) == (1, 1, 12, 31):
        first, last = period.first.year, period.last.year
        return str(first) if first == last else f"{first}–{last}"
    return f"{period.first.isoformat()} – {period.last.isoformat()}"


def _paragraphs(letter: str, report: "Report", say: Say) -> tuple[str, ...]:
    profile = report.profile
    if letter == "a":
        text = profile["tco_identify"] or say("to_write")
        active = [
            f"{one.number} ({one.label})" if one.label else str(one.number) for one in _policies(report)
        ]
        return (text, *((say("word.policies", versions=", ".join(active)),) if active else ()))
    if letter == "b":
        return (profile["tco_reappearance"] or say("to_write"),)
    if letter == "e" and profile["tco_court_outcomes"]:
        return (profile["tco_court_outcomes"],)
    return ()


def _policies(report: "Report") -> list[PolicyVersion]:
    """The version that ruled when the period began, and those that came in it."""
    versions = report.counted.policies
    before = [one for one in versions if one.at.date() < report.period.first]
    return [*before[-1:], *(one for one in versions if one.at.date() >= report.period.first)]


def _grids(figures: list[Figure], report: "Report", letter: str, say: Say) -> tuple[Grid, ...]:
    rows = [(say(f"line.{one.line.id}"), say(f"how.{one.line.id}"), str(one.value)) for one in figures]
    if letter == "e":
        court = report.profile["tco_court_reviews"] or say("fact.not_given")
        rows.append((say("line.e_court"), say("how.e_court"), court))
    if not rows:
        return ()
    return (Grid("", (say("word.figure"), say("word.how"), say("word.value")), tuple(rows), numbers_from=2),)


def _charts(letter: str, values: dict[str, int], say: Say) -> tuple[Chart, ...]:
    if letter == "c":
        late = values["c3_late"]
        orders = (
            Bar(say("chart.orders.in_time"), values["c1_orders"] - late),
            Bar(say("chart.orders.late"), late),
            *(Bar(_ground(ground, say), values[f"c3_{ground}"]) for ground in GROUNDS),
        )
        removed = (("c1", "c1"), ("c2", "c2"), ("own", "own_initiative"), ("notices", "after_notices"))
        bars = tuple(Bar(say(f"chart.removed.{word}"), values[line]) for word, line in removed)
        return (Chart(say("chart.removed"), bars), Chart(say("chart.orders"), orders))
    if letter == "d":
        bars = tuple(Bar(say(f"chart.{outcome}"), values[f"d_{outcome}"]) for outcome in OUTCOMES)
        return (Chart(say("chart.complaints"), bars),)
    return ()


def _ground(ground: str, say: Say) -> str:
    """`of these: manifest errors, Article 3(8)` without its beginning and its article."""
    words = say(f"line.c3_{ground}").split(":", 1)[1].split(",")[0].strip()
    return words[:1].upper() + words[1:]
