"""What the demonstration says on the terminal: to a person in a table, to a program in one line of JSON.

It decides nothing; numbers are shown as they were measured.
"""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from vigie.demo.expectations import false_matches, is_missed
from vigie.demo.folder import SignIn
from vigie.demo.posts import Sort
from vigie.demo.seen import Posted, Timings, Why
from vigie.foundation.clock import monotonic_s

if TYPE_CHECKING:
    from vigie.demo.story import Result

DISTANCE_BITS_MAX = 31
COPIES = frozenset({Sort.EXACT, Sort.NEAR, Sort.EDITED, Sort.UNCONFIRMED})
_VERDICT_STYLES = {"allow": "green", "review": "yellow", "hold": "dark_orange", "remove": "red"}
_WIDTH_WITHOUT_TERMINAL = 150


class Teller(Protocol):
    """Takes what happens in the order in which it happens."""

    def step(self, sentence: str) -> None:
        """Something begins."""

    def posted(self, one: Posted) -> None:
        """A post got its verdict."""

    def result(self, result: "Result") -> None:
        """All is done."""

    def invite(self, vigie_url: str, forum_url: str, data: Path, people: Sequence[SignIn]) -> None:
        """Everything goes on running; people may come in."""


class ForPeople:
    """Steps as they happen, then a table, the expectations and a summary."""

    def __init__(self) -> None:
        console = Console()
        self._console = console if console.is_terminal else Console(width=_WIDTH_WITHOUT_TERMINAL)
        self._began_s = monotonic_s()

    def step(self, sentence: str) -> None:
        """One line, with the seconds since the beginning."""
        self._console.print(f"[dim]{monotonic_s() - self._began_s:5.1f} s[/]  {sentence}")

    def posted(self, one: Posted) -> None:
        """Posts come in the table at the end."""

    def result(self, result: "Result") -> None:
        """The table, each expectation, and the summary."""
        self._console.print()
        self._console.print(_posts_table(result))
        self._console.print(_checks_table(result))
        for line in summary_lines(result):
            self._console.print(line)
        self._console.print()

    def invite(self, vigie_url: str, forum_url: str, data: Path, people: Sequence[SignIn]) -> None:
        """A box with addresses and sign-ins."""
        lines = Table.grid(padding=(0, 2))
        lines.add_row("Console", f"[bold]{vigie_url}/[/]", "")
        lines.add_row("Forum", f"[bold]{forum_url}/[/]", "")
        lines.add_row("API", f"{vigie_url}/v1/docs", "")
        lines.add_row("Data", str(data), "")
        lines.add_row("")
        for one in people:
            lines.add_row(f"[bold]{one.username}[/]", Text(one.password), one.role.replace("_", " "))
        self._console.print(
            Panel(
                lines,
                title="Everything is running",
                subtitle="Ctrl-C stops it",
                expand=False,
                border_style="green",
            )
        )


class ForPrograms:
    """One line of JSON with the result, and one with addresses and sign-ins when everything goes on running."""

    def step(self, sentence: str) -> None:
        """Programs wait for the result."""

    def posted(self, one: Posted) -> None:
        """Programs wait for the result."""

    def result(self, result: "Result") -> None:
        """The line."""
        Console(soft_wrap=True, highlight=False).print(json.dumps(as_json(result)), markup=False)

    def invite(self, vigie_url: str, forum_url: str, data: Path, people: Sequence[SignIn]) -> None:
        """The second line."""
        said = {
            "url": vigie_url,
            "forum": forum_url,
            "data": str(data),
            "people": [asdict(one) for one in people],
        }
        Console(soft_wrap=True, highlight=False).print(json.dumps(said), markup=False)


def why_in_words(one: Posted) -> str:
    """Why Vigie said what it said: the entry and the distance; empty when nothing was near."""
    if one.why is None:
        if one.missed_by_bits is not None and one.verdict == "allow":
            return missed_in_words(one)
        return "the picture cannot be decoded" if one.quarantined else ""
    confirmed = "" if one.why.confirmed else ", not confirmed"
    return f"{one.why.entry} {one.why.entry_name}{confirmed}: {distance_in_words(one.why)}"


def distance_in_words(why: Why) -> str:
    """How near a match is, in words and bits."""
    if why.signal in ("sha256", "md5"):
        return "the same file"
    if why.signal == "text_sha256":
        return "the same text"
    if why.edit:
        return why.edit
    if why.distance_bits == 0:
        return "the same picture (0 bits)"
    if why.distance_bits <= 10:
        return f"hardly changed ({why.distance_bits} bits)"
    return f"changed ({why.distance_bits} bits)"


def missed_in_words(one: Posted) -> str:
    """Why a copy went unseen: too far from what it is a copy of, or as near to what is banked as harmless."""
    away = f"{one.missed_by_bits} bits from the {one.post.copy_of}"
    if one.missed_by_bits is not None and one.missed_by_bits > DISTANCE_BITS_MAX:
        return f"{away}: beyond {DISTANCE_BITS_MAX}"
    return f"{away}, but a harmless entry is as near"


def on_the_platform(one: Posted, afterwards: dict[str, str]) -> str:
    """What happened to the post."""
    at_once = {
        "published": "published",
        "held": "hidden, waits",
        "declined": "not published",
        "pending": "waits for Vigie",
    }.get(one.state, one.state)
    later = afterwards.get(one.post.key)
    return f"{at_once}; {later}" if later else at_once


def summary_lines(result: "Result") -> list[str]:
    """The numbers, and what is not found."""
    counted = counts(result)
    timings = result.timings
    lines = [
        f"Found {counted['found']} of {counted['copies']} copies; missed {counted['missed']}."
        f" False matches among {counted['photographs']} photographs: {counted['false_matches']}."
        f" Decisions: {result.deeds.decisions}, and one taken back.",
        f"{result.deeds.ledger_sentence}",
        f"Vigie served after {timings.start_s:.1f} s; the last banked entry was matched"
        f" {timings.live_after_s * 1000:.0f} ms after it was added;"
        f" a post took {statistics.median(timings.posts_ms):.0f} ms (median, through the forum);"
        f" a decision took effect after {_median(timings):.0f} ms (median). Everything: {timings.total_s:.0f} s.",
    ]
    missed = [one for one in result.posted if is_missed(one)]
    if missed:
        what = "; ".join(
            one.post.what + (f" ({one.missed_by_bits} bits)" if one.missed_by_bits is not None else "")
            for one in missed
        )
        lines.append(
            f"[yellow]Known to be missed today[/], and so published: {what}. A text is found only as a whole."
        )
    return lines


def counts(result: "Result") -> dict[str, int]:
    """How many copies were found and missed, and how many photographs were taken for something."""
    copies = [one for one in result.posted if one.post.sort in COPIES]
    return {
        "posts": len(result.posted),
        "copies": len(copies),
        "found": sum(1 for one in copies if one.why is not None),
        "missed": sum(1 for one in copies if one.why is None),
        "photographs": sum(1 for one in result.posted if one.post.sort is Sort.PHOTOGRAPH),
        "false_matches": false_matches(result.posted),
    }


def as_json(result: "Result") -> dict[str, Any]:
    """Everything that was seen, without pictures and texts."""
    return {
        "ok": result.holds,
        "expectations": [asdict(one) for one in result.checked],
        "counts": counts(result),
        "timings": asdict(result.timings),
        "posts": [
            {
                "key": one.post.key,
                "number": one.number,
                "what": one.post.what,
                "sort": one.post.sort.value,
                "expected": one.post.expected.value,
                "verdict": one.verdict,
                "state": one.state,
                "case": one.case,
                "rules": list(one.rules),
                "why": why_in_words(one),
                "platform": on_the_platform(one, result.deeds.afterwards),
                "took_ms": round(one.took_ms, 1),
            }
            for one in result.posted
        ],
    }


def _posts_table(result: "Result") -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="What was posted, and what became of it", title_justify="left")
    table.add_column("by")
    table.add_column("what it is", ratio=3)
    table.add_column("verdict")
    table.add_column("why", ratio=3)
    table.add_column("on the platform", ratio=3)
    table.add_column("ms", justify="right")
    for one in result.posted:
        style = _VERDICT_STYLES.get(one.verdict, "")
        missed = Text(" missed", "yellow") if is_missed(one) else Text()
        table.add_row(
            one.post.author,
            one.post.what,
            Text(one.verdict or one.state, style) + missed,
            why_in_words(one),
            on_the_platform(one, result.deeds.afterwards),
            f"{one.took_ms:.0f}",
        )
    return table


def _checks_table(result: "Result") -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="What must happen", title_justify="left")
    table.add_column("")
    table.add_column("expectation")
    table.add_column("seen")
    for one in result.checked:
        mark = Text("ok", "green") if one.holds else Text("FAILED", "bold red")
        table.add_row(mark, one.claim, one.seen)
    return table


def _median(timings: Timings) -> float:
    return statistics.median(timings.took_effect_ms) if timings.took_effect_ms else 0.0
