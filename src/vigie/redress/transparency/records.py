"""A statement of reasons as the Transparency Database takes it: made from facts, and checked field by field. Pure.

Nothing that a person wrote about a single case is in it, no id, no address and no name: only dates, codes and sentences
that are the same for every case of their kind.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from vigie.redress import wording_en

CONTENT_DATE_FIRST = date(2000, 1, 1)
APPLICATION_DATE_FIRST = date(2020, 1, 1)
FACTS_CHARS_MAX = 5_000
EXPLANATION_CHARS_MAX = 2_000
SHORT_CHARS_MAX = 500

CATEGORY = "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY"
KEYWORD = "KEYWORD_TERRORIST_CONTENT"

_PUID = re.compile(r"[a-zA-Z0-9-_]{1,500}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LANGUAGE = re.compile(r"[A-Z]{2}", re.ASCII)
_EAN_13 = re.compile(r"\d{13}", re.ASCII)

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What a record is made from. `kind`, `language` and dates are of the content; nothing names it.

    `account_until`: an account was suspended until then, for misuse; the content is the last of those that count.
    """

    puid: str
    action: str
    legal_type: str
    cause: str
    by_trusted_flagger: bool
    decided_by_machine: bool
    decided_at: datetime
    published_at: datetime
    has_pictures: bool
    has_text: bool
    kind: str
    language: str
    terms_clause: str
    account_until: datetime | None = None
    account_found_by_machine: bool = False


@cache
def enumerations() -> Mapping[str, frozenset[str]]:
    """Every name that the database takes, by kind, with `COUNTRIES`."""
    text = files("vigie.redress.transparency").joinpath("enumerations.json").read_text(encoding="utf-8")
    kept = json.loads(text)
    found = {kind: frozenset(names) for kind, names in kept["enumerations"].items()}
    return {**found, "COUNTRIES": frozenset(kept["countries"])}


def record_of(facts: RecordFacts) -> Record:
    """The record of one statement."""
    say = wording_en.WORDING
    record: Record = {
        "puid": facts.puid,
        "decision_visibility": [
            "DECISION_VISIBILITY_CONTENT_DISABLED"
            if facts.action == "hide"
            else "DECISION_VISIBILITY_CONTENT_REMOVED"
        ],
        "category": CATEGORY,
        "category_specification": [KEYWORD],
        "territorial_scope": sorted(enumerations()["COUNTRIES"]),
        "content_date": max(facts.published_at.astimezone(UTC).date(), CONTENT_DATE_FIRST).isoformat(),
        "application_date": facts.decided_at.astimezone(UTC).date().isoformat(),
        "decision_facts": _facts(facts),
        "source_type": _source_type(facts),
        "automated_detection": "Yes" if facts.cause == "own_initiative" else "No",
        "automated_decision": (
            "AUTOMATED_DECISION_FULLY" if facts.decided_by_machine else "AUTOMATED_DECISION_NOT_AUTOMATED"
        ),
        **_content_type(facts),
    }
    if facts.account_until is not None:
        return _of_account(record, facts.account_until, facts)
    if facts.action == "remove_and_suspend":
        record["decision_account"] = "DECISION_ACCOUNT_SUSPENDED"
    language = facts.language.upper().partition("-")[0]
    if _LANGUAGE.fullmatch(language):
        record["content_language"] = language
    if facts.legal_type:
        return record | {
            "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
            "illegal_content_legal_ground": (
                f"Regulation (EU) 2021/784, Article 2(7)({facts.legal_type}); Directive (EU) 2017/541"
            ),
            "illegal_content_explanation": say.why_law.format(what=say.legal_types[facts.legal_type]),
        }
    return record | {
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": (facts.terms_clause or say.terms_default)[:SHORT_CHARS_MAX],
        "incompatible_content_explanation": say.why_terms,
        "incompatible_content_illegal": "No",
    }


def _of_account(record: Record, until: datetime, facts: RecordFacts) -> Record:
    """A suspension under (EU) 2022/2065 Art. 23(1): the account alone, with its end."""
    say = wording_en.WORDING.misuse
    kept = {name: value for name, value in record.items() if name != "decision_visibility"}
    return kept | {
        "decision_account": "DECISION_ACCOUNT_SUSPENDED",
        "end_date_account_restriction": until.astimezone(UTC).date().isoformat(),
        "decision_facts": say.database_facts,
        "automated_detection": "Yes" if facts.account_found_by_machine else "No",
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "illegal_content_legal_ground": (
            "Regulation (EU) 2022/2065, Article 23(1); Regulation (EU) 2021/784, Article 2(7)"
        ),
        "illegal_content_explanation": say.ground,
    }


def problems_of(record: Record) -> list[str]:
    """What the database would refuse, one sentence a field; empty for a good record.

    Source: the fields and conditions of `POST /api/v1/statement`.
    """
    unknown = sorted(set(record) - set(_CHECKS) - set(_CONDITIONAL_TEXTS))
    problems = [f"{name}: no such field" for name in unknown]
    problems += [f"{name}: is required" for name in _REQUIRED if not record.get(name)]
    for name, check in _CHECKS.items():
        if name in record and not check(record[name]):
            problems.append(f"{name}: not as the database takes it")
    if not any(record.get(name) for name in _DECISIONS):
        problems.append("decision_visibility: one of the four kinds of decision is required")
    return problems + _conditional_problems(record)


def _facts(facts: RecordFacts) -> str:
    say = wording_en.WORDING
    if facts.decided_by_machine:
        found = say.facts_copy
    else:
        found = say.facts_seen_illegal if facts.legal_type else say.facts_seen_terms
    if facts.cause == "notice":
        source = say.source_trusted_flagger if facts.by_trusted_flagger else say.source_notice
    elif facts.cause == "referral":
        source = say.source_referral
    else:
        source = say.source_own_initiative
    return f"{found} {source}"


def _source_type(facts: RecordFacts) -> str:
    if facts.cause == "referral":
        return "SOURCE_TYPE_OTHER_NOTIFICATION"
    if facts.cause != "notice":
        return "SOURCE_VOLUNTARY"
    return "SOURCE_TRUSTED_FLAGGER" if facts.by_trusted_flagger else "SOURCE_ARTICLE_16"


def _content_type(facts: RecordFacts) -> Record:
    types = [
        name
        for name, there in (("CONTENT_TYPE_IMAGE", facts.has_pictures), ("CONTENT_TYPE_TEXT", facts.has_text))
        if there
    ]
    if types:
        return {"content_type": types}
    return {"content_type": ["CONTENT_TYPE_OTHER"], "content_type_other": facts.kind[:SHORT_CHARS_MAX]}


def _one_of(kind: str) -> Any:
    return lambda value: isinstance(value, str) and value in enumerations()[kind]


def _some_of(kind: str) -> Any:
    def check(value: Any) -> bool:
        return (
            isinstance(value, list)
            and bool(value)
            and len(set(value)) == len(value)
            and all(one in enumerations()[kind] for one in value)
        )

    return check


def _text(chars_max: int) -> Any:
    return lambda value: isinstance(value, str) and 0 < len(value) <= chars_max


def _day(first: date) -> Any:
    def check(value: Any) -> bool:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            return False
        try:
            return date.fromisoformat(value) >= first
        except ValueError:
            return False

    return check


def _fits(pattern: re.Pattern[str]) -> Any:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _among(*values: str) -> Any:
    return lambda value: value in values


_REQUIRED = (
    "decision_ground",
    "content_type",
    "category",
    "content_date",
    "application_date",
    "decision_facts",
    "source_type",
    "automated_detection",
    "automated_decision",
    "puid",
)
_DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
_END_DATES = (
    "end_date_visibility_restriction",
    "end_date_monetary_restriction",
    "end_date_service_restriction",
    "end_date_account_restriction",
)

_CHECKS: dict[str, Any] = {
    "decision_visibility": _some_of("DECISION_VISIBILITIES"),
    "decision_monetary": _one_of("DECISION_MONETARIES"),
    "decision_provision": _one_of("DECISION_PROVISIONS"),
    "decision_account": _one_of("DECISION_ACCOUNTS"),
    "account_type": _one_of("ACCOUNT_TYPES"),
    "decision_ground": _one_of("DECISION_GROUNDS"),
    "decision_ground_reference_url": _text(SHORT_CHARS_MAX),
    "incompatible_content_illegal": _among("Yes", "No"),
    "content_type": _some_of("CONTENT_TYPES"),
    "category": _one_of("STATEMENT_CATEGORIES"),
    "category_addition": _some_of("STATEMENT_CATEGORIES"),
    "category_specification": _some_of("KEYWORDS"),
    "territorial_scope": _some_of("COUNTRIES"),
    "content_language": _fits(_LANGUAGE),
    "content_date": _day(CONTENT_DATE_FIRST),
    "application_date": _day(APPLICATION_DATE_FIRST),
    "decision_facts": _text(FACTS_CHARS_MAX),
    "source_type": _one_of("SOURCE_TYPES"),
    "source_identity": _text(SHORT_CHARS_MAX),
    "automated_detection": _among("Yes", "No"),
    "automated_decision": _one_of("AUTOMATED_DECISIONS"),
    "content_id": lambda value: (
        isinstance(value, dict) and set(value) == {"EAN-13"} and _fits(_EAN_13)(value["EAN-13"])
    ),
    "puid": _fits(_PUID),
    **{name: _day(APPLICATION_DATE_FIRST) for name in _END_DATES},
}

# Field -> (how long it may be, the field and the name that ask for it).
_CONDITIONAL_TEXTS: dict[str, tuple[int, str, str]] = {
    "decision_visibility_other": (SHORT_CHARS_MAX, "decision_visibility", "DECISION_VISIBILITY_OTHER"),
    "decision_monetary_other": (SHORT_CHARS_MAX, "decision_monetary", "DECISION_MONETARY_OTHER"),
    "content_type_other": (SHORT_CHARS_MAX, "content_type", "CONTENT_TYPE_OTHER"),
    "category_specification_other": (SHORT_CHARS_MAX, "category_specification", "KEYWORD_OTHER"),
    "illegal_content_legal_ground": (SHORT_CHARS_MAX, "decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT"),
    "illegal_content_explanation": (
        EXPLANATION_CHARS_MAX,
        "decision_ground",
        "DECISION_GROUND_ILLEGAL_CONTENT",
    ),
    "incompatible_content_ground": (
        SHORT_CHARS_MAX,
        "decision_ground",
        "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    ),
    "incompatible_content_explanation": (
        EXPLANATION_CHARS_MAX,
        "decision_ground",
        "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    ),
}


def _conditional_problems(record: Record) -> list[str]:
    problems = []
    for name, (chars_max, field, asks) in _CONDITIONAL_TEXTS.items():
        given = record.get(field)
        is_asked = asks in given if isinstance(given, list) else given == asks
        if is_asked and not _text(chars_max)(record.get(name)):
            problems.append(f"{name}: is required, with at most {chars_max} characters")
        if not is_asked and name in record:
            problems.append(f"{name}: only goes with {asks}")
    return problems
