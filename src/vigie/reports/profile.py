"""What a report asks and the ledger cannot know: fields that the operator fills, and what is still missing. Pure.

It makes nothing up: an empty field stays empty in the report and is named as missing where the report asks for it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from vigie.foundation.errors import Invalid, NotFound
from vigie.reports.periods import Period

TEXT_CHARS_MAX = 20_000
NAME_CHARS_MAX = 300
NUMBER_MAX = 10**12

SERVICE_KINDS = ("hosting", "online_platform", "vlop", "vlose")

# By their English names, from Austria to Sweden and from Bulgarian to Swedish, as the templates abridge them; reports
# write Greece as EL. Source: (EU) 2024/2835, templates of its annexes.
# fmt: off
MEMBER_STATES = (
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "EL", "HU", "IE", "IT", "LV",
    "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
)
LANGUAGES = (
    "bg", "hr", "cs", "da", "nl", "en", "et", "fi", "fr", "de", "el", "hu", "ga", "it", "lv", "lt",
    "mt", "pl", "pt", "ro", "sk", "sl", "es", "sv",
)
# fmt: on

Kind = Literal["text", "name", "number", "hours", "share", "date", "choice", "by_state", "by_language"]
Applies = Literal["all", "hosting", "platform", "vlop", "vlop_vlose"]


class FieldInvalid(Invalid):
    """A value that the report could not print."""

    code = "report_field_invalid"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill. `reports` are the reports that ask for it; its words are in the wordings under its id."""

    id: str
    kind: Kind
    reports: tuple[str, ...]
    applies: Applies = "all"


_DSA, _TCO, _BOTH = ("dsa",), ("tco",), ("tco", "dsa")

FIELDS: tuple[Field, ...] = (
    Field("provider_name", "name", _BOTH),
    Field("service_name", "name", _BOTH),
    Field("service_kind", "choice", _DSA),
    Field("tco_identify", "text", _TCO),
    Field("tco_reappearance", "text", _TCO),
    Field("tco_court_reviews", "number", _TCO),
    Field("tco_court_outcomes", "text", _TCO),
    Field("previous_report_on", "date", _DSA),
    Field("information_orders", "by_state", _DSA),
    Field("disputes_submitted", "number", _DSA, "platform"),
    Field("disputes_upheld", "number", _DSA, "platform"),
    Field("disputes_partial", "number", _DSA, "platform"),
    Field("disputes_reversed", "number", _DSA, "platform"),
    Field("disputes_median_hours", "hours", _DSA, "platform"),
    Field("disputes_omitted", "number", _DSA, "platform"),
    Field("disputes_implemented", "share", _DSA, "platform"),
    Field("accuracy_total", "share", _DSA),
    Field("recall_total", "share", _DSA),
    Field("accuracy_own", "share", _DSA),
    Field("recall_own", "share", _DSA),
    Field("moderators_internal", "number", _DSA, "vlop"),
    Field("moderators_external", "number", _DSA, "vlop"),
    Field("moderators_linguistic", "number", _DSA, "vlop"),
    Field("moderators_by_language", "by_language", _DSA, "vlop"),
    Field("recipients", "by_state", _DSA, "vlop_vlose"),
    Field("text_summary", "text", _DSA),
    Field("text_own_initiative", "text", _DSA),
    Field("text_automated_means", "text", _DSA),
    Field("text_accuracy", "text", _DSA),
    Field("text_purposes", "text", _DSA),
    Field("text_safeguards", "text", _DSA),
    Field("text_governance", "text", _DSA, "vlop"),
    Field("text_qualifications", "text", _DSA, "vlop"),
    Field("text_training", "text", _DSA, "vlop"),
    Field("text_support", "text", _DSA, "vlop"),
    Field("text_methodology", "text", _DSA, "vlop"),
)
# Only some reports have something to put there; nobody is told that they are missing.
OPTIONAL = frozenset({"service_kind", "previous_report_on", "tco_court_outcomes", "disputes_median_hours"})
BY_ID: Mapping[str, Field] = {one.id: one for one in FIELDS}


@dataclass(frozen=True, slots=True)
class Profile:
    """The fields as they hold for one period: what was said of it, else what was said of every one."""

    values: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.values.get(field, "")

    @property
    def service_kind(self) -> str:
        """What the service is; an online platform until the operator says otherwise."""
        return self["service_kind"] or "online_platform"

    def applies(self, who: Applies) -> bool:
        """Whether a row of the templates is for this service."""
        kind = self.service_kind
        return {
            "all": True,
            "hosting": kind != "vlose",
            "platform": kind in ("online_platform", "vlop"),
            "vlop": kind == "vlop",
            "vlop_vlose": kind in ("vlop", "vlose"),
        }[who]

    def counts(self, field: str) -> dict[str, int]:
        """A field by Member State or language, as numbers by code; empty when nothing was said."""
        return _counts(self[field])


def profile_for(period: Period | None, said: Mapping[tuple[str, str], str]) -> Profile:
    """The profile of a period, or of every one, from everything that was ever said, by (field, period)."""
    values = {}
    for one in FIELDS:
        value = said.get((one.id, period.key if period else "")) or said.get((one.id, ""), "")
        if value:
            values[one.id] = value
    return Profile(values)


def missing(report: str, profile: Profile) -> tuple[Field, ...]:
    """What this report asks of this service and nobody filled in."""
    return tuple(
        one
        for one in FIELDS
        if report in one.reports
        and one.id not in OPTIONAL
        and not profile[one.id]
        and profile.applies(one.applies)
        and not (one.id.startswith("disputes_") and profile["disputes_submitted"] == "0")
    )


def parse_value(field_id: str, text: str) -> str:
    """The value as it is kept; empty takes it back. Raises NotFound for no field, FieldInvalid for what is no value."""
    field = BY_ID.get(field_id)
    if field is None:
        raise NotFound(
            f"A report has no field {field_id[:60]!r}.", hint="`vigie report profile show` lists them."
        )
    value = text.strip()
    if not value:
        return ""
    match field.kind:
        case "text" | "name":
            return _text(value, TEXT_CHARS_MAX if field.kind == "text" else NAME_CHARS_MAX)
        case "number":
            return str(_number(value))
        case "hours" | "share":
            return _decimal(value, most=Decimal(1) if field.kind == "share" else Decimal(NUMBER_MAX))
        case "date":
            return _date(value)
        case "choice":
            if value not in SERVICE_KINDS:
                raise FieldInvalid("There is no such kind of service.", hint=", ".join(SERVICE_KINDS))
            return value
        case "by_state" | "by_language":
            codes = MEMBER_STATES if field.kind == "by_state" else LANGUAGES
            return _by_code(value, codes)


def _text(value: str, chars_max: int) -> str:
    if len(value) > chars_max:
        raise FieldInvalid("The text is too long.", hint=f"At most {chars_max} characters.")
    if any(ord(sign) < 32 and sign not in "\n\t\r" for sign in value):
        raise FieldInvalid("The text contains signs that no page can show.")
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _number(value: str) -> int:
    if not re.fullmatch(r"\d{1,13}", value, re.ASCII) or int(value) > NUMBER_MAX:
        raise FieldInvalid("This is no whole number.", hint="Write digits only; 0 for none.")
    return int(value)


def _decimal(value: str, *, most: Decimal) -> str:
    try:
        found = Decimal(value) if re.fullmatch(r"\d{1,13}(\.\d{1,6})?", value, re.ASCII) else None
    except InvalidOperation:
        found = None
    if found is None or found > most:
        what = "a share from 0 to 1, such as 0.98" if most == 1 else "a number of hours, such as 36.5"
        raise FieldInvalid(f"This is not {what}.")
    return value


def _date(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise FieldInvalid("This is no day.", hint="Such as 2026-02-27.") from error


def _by_code(value: str, codes: tuple[str, ...]) -> str:
    if value == "0":
        return "0"
    found: dict[str, int] = {}
    for part in re.split(r"[\s,;]+", value):
        code, separator, number = part.partition("=")
        if not separator or code not in (*codes, "TOTAL") or code in found:
            raise FieldInvalid(
                f"{part[:40]!r} is not CODE=NUMBER.",
                hint=f"Such as {codes[0]}=12 {codes[-1]}=3, or 0 for none; codes: {' '.join(codes)}.",
            )
        found[code] = _number(number)
    return " ".join(f"{code}={found[code]}" for code in ("TOTAL", *codes) if code in found)


def _counts(value: str) -> dict[str, int]:
    if not value:
        return {}
    counts: dict[str, int] = {}
    if value != "0":
        for part in value.split():
            code, _, number = part.partition("=")
            counts[code] = int(number)
    counts.setdefault("TOTAL", sum(counts.values()))
    return counts
