"""The reference page of the benchmarks, from their results.

It measures nothing, leaves no bar out, and says of each whether it is met.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import records
from benchmarks.charts import charts_of

ORDER = ("hashing", "search", "search_large", "scan", "match", "content", "lookback", "soak")

Record = Mapping[str, Any]


def write_page(results: Path, *, page: Path, charts: Path) -> None:
    """Write the page and its charts from what was measured."""
    found = records.read(ORDER, results)
    charts.mkdir(parents=True, exist_ok=True)
    page.parent.mkdir(parents=True, exist_ok=True)
    drawn = {name: svg for record in found for name, svg in charts_of(record).items()}
    for name, svg in drawn.items():
        (charts / name).write_text(svg + "\n", encoding="utf-8")
    for earlier in charts.glob("performance-*.svg"):
        if earlier.name not in drawn:
            earlier.unlink()
    page.write_text(page_text(found), encoding="utf-8")


def page_text(found: Sequence[Record]) -> str:
    """The page in Markdown."""
    bars = [bar for record in found for bar in record["bars"]]
    missed = [bar for bar in bars if not bar["met"]]
    lines = [
        "# Performance",
        "",
        "<!-- Written by `make bench`; do not edit. -->",
        "",
        "Measured by `make bench`, which installs the peers, makes the pictures and hashes with a fixed seed and runs"
        " everything in turn; [benchmarks/README.md](../../benchmarks/README.md) says how to repeat it. Each contestant"
        " does its work in every round, in alternating order; a ratio is taken within a round, and the median of the"
        " rounds counts. Absolute numbers belong to the machine; ratios carry over.",
        "",
        _summary(len(bars), [bar["name"] for bar in missed]),
        "",
    ]
    for record in found:
        lines += _section(record)
    return "\n".join(lines).rstrip() + "\n"


def _summary(bars: int, missed: Sequence[str]) -> str:
    if not bars:
        return "**Nothing was measured yet.**"
    return f"**{bars - len(missed)} of {bars} bars are met.**" + (
        f" Not met: {'; '.join(missed)}." if missed else ""
    )


def _section(record: Record) -> list[str]:
    lines = [f"## {record['title']}", "", record["about"], ""]
    if record["bars"]:
        lines += ["| bar | wanted | measured | |", "|---|---:|---:|---|"]
        lines += [_bar_row(one) for one in record["bars"]]
        lines.append("")
    for name in charts_of(record, titles_only="yes"):
        lines += [f"![{record['title']}](../images/{name})", ""]
    for one in record["comparisons"]:
        lines += _comparison(one)
    if record["figures"]:
        lines += ["| figure | value |", "|---|---:|"]
        lines += [f"| {one['name']} | {_number(one['value'])} {one['unit']} |" for one in record["figures"]]
        lines.append("")
    return [*lines, *_made(record), ""]


def _bar_row(bar: Record) -> str:
    measured = (
        "not measured" if bar["measured"] is None else f"{_number(bar['measured'])} {bar['unit']}".strip()
    )
    said = "met" if bar["met"] else "**not met**"
    note = f"; {bar['note']}" if bar["note"] else ""
    wanted = f"{bar['sense']} {_number(bar['wanted'])} {bar['unit']}".strip()
    return f"| {bar['name']} | {wanted} | {measured} | {said}{note} |"


def _comparison(one: Record) -> list[str]:
    ours = one["ours"]
    lines = [
        f"**{one['name']}**, {one['unit']}:",
        "",
        f"| | median | least | most | {ours} is faster by | least | most |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for who, rounds in one["rounds"].items():
        ratio = one["ratio"].get(who)
        times = " | | |" if ratio is None else "".join(f" {_number(value)}x |" for value in ratio.values())
        lines.append(
            f"| {who} | {_number(one['median'][who])} | {_number(min(rounds))} | {_number(max(rounds))} |{times}"
        )
    return [*lines, ""]


def _made(record: Record) -> list[str]:
    made, machine = record["made"], record["made"]["machine"]
    dirty = " with changes not committed" if made["dirty"] else ""
    flags = f" ({', '.join(machine['flags'])})" if machine.get("flags") else ""
    versions = ", ".join(f"{name} {number}" for name, number in made["versions"].items())
    return [
        f"*{made['at'][:10]}, {made['took_s']:.0f} s, {made['rounds']} rounds, seed {made['seed']}; commit"
        f" `{made['commit'][:12]}`{dirty}; {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB,"
        f" {machine['system']}{flags}; load {made['load']:g}; {versions}.*"
    ]


def _number(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"
