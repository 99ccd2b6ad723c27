"""What operators fill in: taken as the report prints it, or refused with what to write."""

import pytest

from vigie.foundation.errors import NotFound
from vigie.reports.periods import Period, PeriodInvalid, parse, year
from vigie.reports.profile import (
    FIELDS,
    LANGUAGES,
    MEMBER_STATES,
    FieldInvalid,
    missing,
    parse_value,
    profile_for,
)
from vigie.reports.tco import LINES
from vigie.reports.tco_document import LETTERS
from vigie.reports.templates import PARTS
from vigie.reports.wording import WORDINGS

ANY_PERIOD, THIS = "", year(2026)


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("provider_name", "  Heron Ltd ", "Heron Ltd"),
        ("tco_identify", "one\r\ntwo", "one\ntwo"),
        ("disputes_submitted", "007", "7"),
        ("disputes_implemented", "0.98", "0.98"),
        ("disputes_median_hours", "36.5", "36.5"),
        ("previous_report_on", "2026-02-27", "2026-02-27"),
        ("recipients", "SE=4, AT=3", "AT=3 SE=4"),
        ("information_orders", "0", "0"),
        ("moderators_by_language", "sv=2 bg=1", "bg=1 sv=2"),
        ("service_kind", "vlop", "vlop"),
        ("provider_name", "   ", ""),
    ],
)
def test_values_are_kept_as_they_are_printed(field: str, given: str, kept: str) -> None:
    assert parse_value(field, given) == kept


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("provider_name", "x" * 301),
        ("tco_identify", "a\x07bell"),
        ("disputes_submitted", "-1"),
        ("disputes_submitted", "12.5"),
        ("disputes_implemented", "98"),
        ("disputes_implemented", "1e-3"),
        ("previous_report_on", "27/02/2026"),
        ("recipients", "GR=4"),
        ("recipients", "AT=4 AT=5"),
        ("recipients", "AT"),
        ("moderators_by_language", "FR=4"),
        ("service_kind", "bakery"),
    ],
)
def test_what_the_report_could_not_print_is_refused(field: str, given: str) -> None:
    with pytest.raises(FieldInvalid):
        parse_value(field, given)


def test_a_field_that_no_report_has_is_not_found() -> None:
    with pytest.raises(NotFound):
        parse_value("favourite_colour", "blue")


def test_what_is_said_of_a_period_goes_before_what_is_said_of_every_one() -> None:
    said = {
        ("provider_name", ANY_PERIOD): "Heron Ltd",
        ("disputes_submitted", ANY_PERIOD): "1",
        ("disputes_submitted", THIS.key): "2",
    }
    assert profile_for(THIS, said)["disputes_submitted"] == "2"
    assert profile_for(year(2025), said)["disputes_submitted"] == "1"
    assert profile_for(THIS, said)["provider_name"] == "Heron Ltd"


def test_only_what_this_service_is_asked_is_missing() -> None:
    asked = {one.id for one in missing("dsa", profile_for(THIS, {}))}
    assert "text_summary" in asked
    assert not asked & {"recipients", "moderators_internal", "tco_identify", "previous_report_on"}
    large = profile_for(THIS, {("service_kind", ""): "vlop", ("disputes_submitted", ""): "0"})
    asked = {one.id for one in missing("dsa", large)}
    assert {"recipients", "moderators_internal"} <= asked
    assert not any(one.startswith("disputes_") for one in asked)


def test_a_total_that_is_not_said_is_the_sum() -> None:
    profile = profile_for(THIS, {("recipients", ""): "AT=3 SE=4", ("information_orders", ""): "0"})
    assert profile.counts("recipients") == {"AT": 3, "SE": 4, "TOTAL": 7}
    assert profile.counts("information_orders") == {"TOTAL": 0}
    assert profile.counts("moderators_by_language") == {}


def test_codes_run_as_the_templates_abridge_them() -> None:
    assert (MEMBER_STATES[0], MEMBER_STATES[-1], len(set(MEMBER_STATES))) == ("AT", "SE", 27)
    assert (LANGUAGES[0], LANGUAGES[-1], len(set(LANGUAGES))) == ("bg", "sv", 24)
    assert "EL" in MEMBER_STATES
    assert "GR" not in MEMBER_STATES


@pytest.mark.parametrize("language", list(WORDINGS))
def test_every_figure_field_part_and_letter_has_words(language: str) -> None:
    texts = WORDINGS[language]
    wanted = {f"{kind}.{one.id}" for one in LINES for kind in ("line", "how")}
    wanted |= {f"word.count_{one.query.count}" for one in LINES}
    wanted |= {f"field.{one.id}" for one in FIELDS} | {f"section.{one}" for one in LETTERS} | set(PARTS)
    assert wanted <= set(texts)
    assert set(texts) == set(WORDINGS["en"])
    assert all(texts.values())


def test_a_period_is_a_year_or_two_days() -> None:
    assert parse("2026") == THIS
    assert parse("2026-01-01/2026-12-31") == THIS
    assert parse(THIS.key) == THIS


@pytest.mark.parametrize(
    "text",
    ["", "x", "26", "2026-13-01/2026-12-31", "2026-02-01/2026-01-01", "2020-01-01/2026-12-31", "99999"],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(PeriodInvalid):
        parse(text)


def test_a_period_ends_with_its_last_day_in_utc() -> None:
    assert Period(THIS.first, THIS.last).ends_at.isoformat() == "2027-01-01T00:00:00+00:00"
