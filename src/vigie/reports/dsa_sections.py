"""Parts 1, 7, 8, 9 and 11 of the tables of (EU) 2024/2835: one value for an indicator and a scope. Pure.

It knows the templates' indicators by their words; a row whose words it does not know stays empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from vigie.reports.counted import ComplaintSeen, Counted, MeasureSeen
from vigie.reports.profile import LANGUAGES, Profile
from vigie.reports.templates import Table
from vigie.reports.units import median_hours, share

Values = Mapping[tuple[str, str], str]

TOTAL_NUMBER = "Total number"
COMPLAINTS = "Number of complaints submitted to the internal-complaints mechanism"
NEWLY_IMPOSED = "Number of restrictions newly imposed as a result of an internal complaint"
_ABOUT = "Complaint regarding a decision "
VISIBILITY = _ABOUT + "to remove or disable access to or restrict visibility of information"
PROVISION = _ABOUT + "to suspend or terminate the provision of the service"
ACCOUNT = _ABOUT + "to suspend or terminate an account"
MONEY = _ABOUT + "to restrict the ability to monetise information"
NO_ACTION = _ABOUT + "not to take action on a notice submitted in accordance with Article 16"
NO_ACTION_TRUSTED = (
    _ABOUT + "not to take action on a notice submitted by a Trusted Flagger in accordance with Article 16"
)
DISPUTES = "Number of disputes submitted to out-of-court dispute settlement bodies"
_SUSPENSIONS = "Number of suspensions enacted for the provision of manifestly "
_MISUSE = {
    "uploader": "illegal content",
    "notifier": "unfounded notices",
    "complainant": "unfounded complaints",
}
_SUSPENDING = ("remove_and_suspend", "suspend_account")
SOLELY, NOT_SOLELY = (
    "Number of measures solely taken by automated means",
    "Number of measures not taken by automated means",
)
NOTICES_SOLELY, NOTICES_NOT_SOLELY = (
    "Number of notices solely processed by automated means",
    "Number of notices not processed by automated means",
)
ACCURACY, PRECISION, RECALL = (
    f"Accuracy of the automated means - {what}" for what in ("Accuracy", "Precision", "Recall")
)
OWN = "Own-initiative"
_OUTCOMES = {"upheld": "upheld", "partial": "partially reversed", "reversed": "reversed"}


def by_scope(table: Table, values: Values) -> Table:
    """The table with the values of `(indicator, scope)`; both are compared without the spaces around them."""
    known = {(indicator.strip(), scope.strip()): value for (indicator, scope), value in values.items()}
    indicator, scope, place = (table.column(title) for title in ("Indicator", "Scope", "Value"))
    rows = [
        (*row[:place], known.get((row[indicator].strip(), row[scope].strip()), ""), *row[place + 1 :])
        for row in table.rows
    ]
    return replace(table, rows=tuple(rows))


def by_indicator(table: Table, values: Mapping[str, str]) -> Table:
    """The table with the values of indicators."""
    indicator, place = table.column("Indicator"), table.column("Value")
    rows = [(*row[:place], values.get(row[indicator].strip(), ""), *row[place + 1 :]) for row in table.rows]
    return replace(table, rows=tuple(rows))


def with_context(table: Table, words: Values) -> Table:
    """The table with contextual information in its last column."""
    indicator, scope = table.column("Indicator"), table.column("Scope")
    rows = [(*row[:-1], words.get((row[indicator].strip(), row[scope].strip()), "")) for row in table.rows]
    return replace(table, rows=tuple(rows))


def summary(counted: Counted, profile: Profile, published_on: date | None) -> dict[str, str]:
    """Part 1. The report before is the newest that was published for another period."""
    period = counted.period
    earlier = [
        str(one["published_on"])
        for one in counted.published
        if one["kind"] == "dsa"
        and one["period"] != period.key
        and (published_on is None or str(one["published_on"]) <= published_on.isoformat())
    ]
    return {
        "Name of the service provider": profile["provider_name"],
        "Date of the publication of the report": published_on.isoformat() if published_on else "",
        "Date of the publication of the latest previous report": max(
            earlier, default=profile["previous_report_on"]
        ),
        "Starting date of reporting period": period.first.isoformat(),
        "Ending date of reporting period": period.last.isoformat(),
    }


def appeals(counted: Counted, profile: Profile) -> dict[tuple[str, str], str]:
    """Part 7: complaints under Art. 20 alone, disputes as the operator says, suspensions under Art. 23.

    A complaint about a removal that also suspended the account stands in both rows, and once in the first. A suspension
    under Art. 23 comes after a warning and has an end: one by a decision about a single content is none.
    """
    complaints = [one for one in counted.complaints.values() if one.basis == "dsa20"]
    by_user = [one for one in complaints if one.complainant != "notifier"]
    by_notifier = [one for one in complaints if one.complainant == "notifier"]
    values = {
        **_outcomes(counted, COMPLAINTS, complaints),
        (COMPLAINTS, "Decision omitted"): "0",
        (NEWLY_IMPOSED, TOTAL_NUMBER): str(len(counted.newly_restricted)),
        **_outcomes(counted, VISIBILITY, [one for one in by_user if one.action != "suspend_account"]),
        **_outcomes(counted, PROVISION, ()),
        **_outcomes(counted, ACCOUNT, [one for one in by_user if one.action in _SUSPENDING]),
        **_outcomes(counted, MONEY, ()),
        **_outcomes(counted, NO_ACTION, by_notifier),
        **_outcomes(counted, NO_ACTION_TRUSTED, [one for one in by_notifier if one.is_trusted]),
        **{
            (_SUSPENSIONS + what, TOTAL_NUMBER): str(len(counted.suspended.get(kind, ())))
            for kind, what in _MISUSE.items()
        },
    }
    return values | _disputes(profile)


def _outcomes(
    counted: Counted, indicator: str, complaints: Iterable[ComplaintSeen]
) -> dict[tuple[str, str], str]:
    period, every = counted.period, list(complaints)
    decided = [one for one in every if one.decided_at is not None and period.contains(one.decided_at)]
    durations = [one.decided_at - one.received_at for one in decided if one.decided_at is not None]
    return {
        (indicator, TOTAL_NUMBER): str(sum(period.contains(one.received_at) for one in every)),
        **{
            (indicator, f"Decisions {words}"): str(sum(one.outcome == outcome for one in decided))
            for outcome, words in _OUTCOMES.items()
        },
        (indicator, "Median time"): median_hours(durations),
    }


def _disputes(profile: Profile) -> dict[tuple[str, str], str]:
    scopes = {
        TOTAL_NUMBER: "submitted",
        "Decisions upheld": "upheld",
        "Decisions partially reversed": "partial",
        "Decisions reversed": "reversed",
        "Median time": "median_hours",
        "Decision omitted": "omitted",
        "Percentage of outcomes implemented": "implemented",
    }
    none = profile["disputes_submitted"] == "0"
    countless = ("median_hours", "implemented")
    return {
        (DISPUTES, scope): profile[f"disputes_{field}"] or ("0" if none and field not in countless else "")
        for scope, field in scopes.items()
    }


def automated_means(counted: Counted, profile: Profile) -> dict[tuple[str, str], str]:
    """Part 8. Precision is what people found of what rules put before them; the rest of accuracy is the operator's."""
    own = [one for one in counted.measures if one.cause not in ("order", "notice")]
    found = share(*_proposals(counted))
    period = counted.period
    notices = [one for one in counted.notices.values() if one.decided_at and period.contains(one.decided_at)]
    values = {
        **_automated(counted.measures, TOTAL_NUMBER),
        **_automated(own, OWN),
        (PRECISION, TOTAL_NUMBER): found,
        (PRECISION, OWN): found,
        (NOTICES_SOLELY, "NAM Total"): "0",
        (NOTICES_NOT_SOLELY, "NAM Total"): str(len(notices)),
        (NOTICES_SOLELY, "NAM Trusted Flagger"): "0",
        (NOTICES_NOT_SOLELY, "NAM Trusted Flagger"): str(sum(one.is_trusted for one in notices)),
    }
    for scope, field in ((TOTAL_NUMBER, "total"), (OWN, "own")):
        values[ACCURACY, scope] = profile[f"accuracy_{field}"]
        values[RECALL, scope] = profile[f"recall_{field}"]
    for language in LANGUAGES:
        values |= _automated([one for one in counted.measures if one.language == language], language)
    return values


def automated_context(counted: Counted) -> dict[tuple[str, str], str]:
    """What the precision stands on, in words beside it."""
    confirmed, decided = _proposals(counted)
    if not decided:
        return {}
    words = f"Of {decided} contents that rules put before a person and a person decided, {confirmed} were restricted."
    return {(PRECISION, TOTAL_NUMBER): words, (PRECISION, OWN): words}


def _automated(measures: list[MeasureSeen], scope: str) -> dict[tuple[str, str], str]:
    alone = sum(one.by_rule for one in measures)
    return {(SOLELY, scope): str(alone), (NOT_SOLELY, scope): str(len(measures) - alone)}


def _proposals(counted: Counted) -> tuple[int, int]:
    """How many cases that rules opened people restricted, and how many they decided, in the period."""
    decided = [restricts for seq, restricts in counted.proposed.values() if seq]
    return sum(decided), len(decided)


def human_resources(profile: Profile) -> dict[tuple[str, str], str]:
    """Part 9, as the operator says."""
    linguistic = "Number of total moderators with sufficient linguistic expertise"
    by_language = profile.counts("moderators_by_language")
    return {
        ("Number of internal moderators employed by the provider", TOTAL_NUMBER): profile[
            "moderators_internal"
        ],
        ("Number of external moderators contracted by the provider", TOTAL_NUMBER): profile[
            "moderators_external"
        ],
        (linguistic, TOTAL_NUMBER): profile["moderators_linguistic"],
        **{(linguistic, one): str(by_language.get(one, 0)) for one in LANGUAGES if by_language},
    }


def texts(profile: Profile) -> dict[str, str]:
    """Part 11, in the operator's words."""
    fields = {
        "Summary of the content moderation engaged in at the providers’ own initiative": "summary",
        "Meaningful and comprehensible information regarding content moderation engaged in at the providers'"
        " own initiative": "own_initiative",
        "Qualitative description of the automated means": "automated_means",
        "Qualitative description of indicators of accuracy and possible rate of error of automated means": (
            "accuracy"
        ),
        "Specification of the precise purposes to apply automated means": "purposes",
        "Safeguards applied to the use of automated means": "safeguards",
        "High-level description of the content moderation governance structure": "governance",
        "Qualifications of the human resources dedicated to content moderation": "qualifications",
        "Training given to human resources dedicated to content moderation": "training",
        "Support given to human resources dedicated to content moderation": "support",
        "Methodology used to compute the number of human resources dedicated to content moderation": (
            "methodology"
        ),
    }
    return {indicator: profile[f"text_{field}"] for indicator, field in fields.items()}
