"""The yearly figures beside orders: exposure, reviews, reports of providers, access requests, penalties; pure.

They count acts of the calendar year, by the instant that each counts from.
"""

from collections.abc import Iterable, Sequence
from statistics import median

from vigie.issuing.figures import PREFIX, Entry, Figure, counted, source_of, summed

PENALTIES = ("warning", "order", "periodic", "fine", "other")


def act_figures_of(entries: Iterable[Entry], *, year: int) -> list[Figure]:
    """Every figure of acts about providers in this calendar year (UTC). Source: (EU) 2021/784 Art. 8(1), 21(1)."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if str(entry.facts.get("at", ""))[:4] == f"{year:04}":
            found.setdefault(entry.event.removeprefix(PREFIX).rpartition(".")[0], []).append(entry)

    def of(name: str, **facts: str) -> list[Entry]:
        return [
            one for one in found.get(name, ()) if all(one.facts[key] == value for key, value in facts.items())
        ]

    reports, penalties = of("measures_reported"), of("penalty_imposed")
    return [
        counted(
            "exposure_decisions", of("exposure_decided"), "5(4), 8(1)(b)", "exposure_decided of the year"
        ),
        counted(
            "measures_required", of("measures_required"), "5(6), 8(1)(b)", "measures_required of the year"
        ),
        counted(
            "reviews_asked", of("exposure_review_asked"), "5(7), 8(1)(b)", "exposure_review_asked of the year"
        ),
        *(
            counted(
                f"reviews_{outcome}",
                of("exposure_review_decided", outcome=outcome),
                "5(7), 8(1)(b)",
                f"exposure_review_decided of the year with {outcome}",
            )
            for outcome in ("kept", "amended", "revoked")
        ),
        counted(
            "exposure_challenged",
            of("exposure_challenged"),
            "8(1)(c), 21(1)(e)",
            "exposure_challenged of the year",
        ),
        *(
            counted(
                f"exposure_{outcome}",
                of("exposure_court_decided", outcome=outcome),
                "8(1)(c), 21(1)(e)",
                f"exposure_court_decided of the year with {outcome}",
            )
            for outcome in ("upheld", "annulled")
        ),
        counted("measures_reports", reports, "5(5), 21(1)(b)", "measures_reported of the year"),
        summed("measures_items", reports, "items", "21(1)(b)", "sum of items of those measures_reported"),
        _median_seconds([one for one in reports if one.facts["seconds"] >= 0]),
        counted("access_requests", of("access_requested"), "21(1)(c)", "access_requested of the year"),
        summed(
            "complaints", reports, "complaints", "21(1)(d)", "sum of complaints of those measures_reported"
        ),
        summed(
            "complaints_reinstated",
            reports,
            "reinstated",
            "21(1)(d)",
            "sum of reinstated of those measures_reported",
        ),
        counted("penalties", penalties, "8(1)(d), 18", "penalty_imposed of the year"),
        *(
            counted(
                f"penalties_{kind}",
                of("penalty_imposed", penalty=kind),
                "8(1)(d), 18",
                f"penalty_imposed of the year with penalty {kind}",
            )
            for kind in PENALTIES
        ),
        summed("penalties_eur", penalties, "amount_eur", "8(1)(d), 18", "sum of amount_eur of those"),
    ]


def _median_seconds(rows: Sequence[Entry]) -> Figure:
    value = median(int(one.facts["seconds"]) for one in rows) if rows else None
    return Figure(
        "measures_seconds",
        value,
        "seconds",
        source_of("21(1)(b)"),
        "median of seconds of those measures_reported that give it",
        tuple(one.seq for one in rows),
    )
