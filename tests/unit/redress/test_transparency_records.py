"""Records for the Transparency Database: complete, checked field by field, and without anything personal."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transparency_emulator import errors_in
from vigie.cases.decisions import LEGAL_TYPES
from vigie.redress.statements import RESTRICTING
from vigie.redress.transparency.records import (
    FACTS_CHARS_MAX,
    RecordFacts,
    enumerations,
    problems_of,
    record_of,
)
from vigie.redress.transparency.replies import Accepted, Duplicate, Mistaken, TryLater, reply_of

FACTS = RecordFacts(
    puid="1f1ab1b6-5e6c-4f50-9e6b-0c4e5f3f0a11",
    action="remove",
    legal_type="a",
    cause="own_initiative",
    by_trusted_flagger=False,
    decided_by_machine=False,
    decided_at=datetime(2026, 11, 25, 23, 30, tzinfo=UTC),
    published_at=datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
    has_pictures=True,
    has_text=True,
    kind="post",
    language="fr-CA",
    terms_clause="",
)
GOOD = record_of(FACTS)


@pytest.mark.parametrize("found_by_machine", [True, False])
def test_a_suspended_account_is_a_record_of_its_own_with_its_end_and_nothing_of_the_content(
    found_by_machine: bool,
) -> None:
    until = FACTS.decided_at + timedelta(days=90)
    facts = replace(FACTS, action="suspend_account", legal_type="", account_until=until)
    record = record_of(replace(facts, account_found_by_machine=found_by_machine))
    assert problems_of(record) == []
    assert errors_in(record) == {}
    assert record["decision_account"] == "DECISION_ACCOUNT_SUSPENDED"
    assert record["end_date_account_restriction"] == "2027-02-23"
    assert "decision_visibility" not in record
    assert record["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
    assert "Article 23(1)" in record["illegal_content_legal_ground"]
    assert record["automated_detection"] == ("Yes" if found_by_machine else "No")
    assert record["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"


def test_every_combination_is_a_record_that_both_checks_take() -> None:
    for action, legal_type, cause, flagger, machine, pictures, text in product(
        RESTRICTING,
        ("", *LEGAL_TYPES),
        ("own_initiative", "notice", "referral"),
        (False, True),
        (False, True),
        (False, True),
        (False, True),
    ):
        record = record_of(
            replace(
                FACTS,
                action=action,
                legal_type=legal_type,
                cause=cause,
                by_trusted_flagger=flagger,
                decided_by_machine=machine,
                has_pictures=pictures,
                has_text=text,
            )
        )
        assert problems_of(record) == []
        assert errors_in(record) == {}


def test_a_removal_is_said_as_the_database_says_it() -> None:
    assert GOOD["category"] == "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY"
    assert GOOD["category_specification"] == ["KEYWORD_TERRORIST_CONTENT"]
    assert GOOD["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_REMOVED"]
    assert GOOD["content_type"] == ["CONTENT_TYPE_IMAGE", "CONTENT_TYPE_TEXT"]
    assert (GOOD["content_date"], GOOD["application_date"]) == ("2026-11-22", "2026-11-25")
    assert GOOD["content_language"] == "FR"
    assert "GR" in GOOD["territorial_scope"]
    assert "EL" not in GOOD["territorial_scope"]
    assert record_of(replace(FACTS, cause="notice"))["source_type"] == "SOURCE_ARTICLE_16"
    referred = record_of(replace(FACTS, cause="referral", by_trusted_flagger=True))
    assert referred["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert referred["automated_detection"] == "No"
    assert "on our own initiative" in referred["decision_facts"]
    banned = record_of(replace(FACTS, action="remove_and_suspend", decided_by_machine=True))
    assert banned["decision_account"] == "DECISION_ACCOUNT_SUSPENDED"
    assert banned["automated_decision"] == "AUTOMATED_DECISION_FULLY"


def test_a_content_from_before_the_first_day_gets_the_first_day() -> None:
    old = record_of(replace(FACTS, published_at=datetime(1999, 5, 1, tzinfo=UTC)))
    assert old["content_date"] == "2000-01-01"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("puid", "with space"),
        ("puid", "x" * 501),
        ("content_date", "1999-12-31"),
        ("content_date", "2026-02-30"),
        ("application_date", "2019-12-31"),
        ("decision_facts", "x" * (FACTS_CHARS_MAX + 1)),
        ("decision_facts", ""),
        ("automated_detection", "yes"),
        ("automated_decision", "AUTOMATED"),
        ("category", "KEYWORD_TERRORIST_CONTENT"),
        ("content_type", "CONTENT_TYPE_TEXT"),
        ("content_type", []),
        ("content_type", ["CONTENT_TYPE_OTHER"]),
        ("territorial_scope", ["EL"]),
        ("content_language", "fr"),
        ("decision_visibility", ["DECISION_VISIBILITY_OTHER"]),
        ("decision_visibility", []),
        ("incompatible_content_ground", "only for the other ground"),
        ("content_id", {"EAN-13": "12"}),
        ("end_date_account_restriction", "soon"),
        ("author", "u-55"),
    ],
)
def test_what_the_database_would_refuse_is_named_before_it_is_sent(field: str, value: Any) -> None:
    problems = problems_of({**GOOD, field: value})
    assert problems
    assert field.removesuffix("s") in " ".join(problems) or field in ("content_type", "decision_visibility")


@pytest.mark.parametrize("field", [one for one in GOOD if one not in ("decision_account",)])
def test_each_required_field_is_missed(field: str) -> None:
    without = {name: value for name, value in GOOD.items() if name != field}
    ours, theirs = bool(problems_of(without)), bool(errors_in(without))
    assert ours == theirs


def test_every_name_of_the_database_is_kept_with_where_it_is_from() -> None:
    kept = enumerations()
    assert len(kept["KEYWORDS"]) == 69
    assert len(kept["STATEMENT_CATEGORIES"]) == 16
    assert len(kept["COUNTRIES"]) == 30


def test_answers_are_told_apart() -> None:
    say = json.dumps
    one = {"uuid": "u1", "puid": "p1"}
    assert reply_of(201, say(one).encode()) == Accepted({"p1": "u1"})
    assert reply_of(201, say({"statements": [one]}).encode()) == Accepted({"p1": "u1"})
    assert reply_of(201, b"cut off") == Accepted({})
    assert reply_of(200, b"{}") == TryLater("http_200")
    assert reply_of(302, b"") == TryLater("http_302")
    assert reply_of(401, b"{}") == TryLater("unauthorised")
    assert reply_of(429, b"Too Many Attempts.") == TryLater("rate_limited")
    batch = {"errors": {"statement_3": {"category": ["The selected category is invalid."]}}}
    assert reply_of(422, say(batch).encode()) == Mistaken({3: "category: The selected category is invalid."})
    assert reply_of(422, say({"errors": {"puid": ["no"]}}).encode()) == Mistaken({None: "puid: no"})
    assert reply_of(422, say({"errors": {"existing_puids": ["p1"]}}).encode()) == Duplicate(frozenset({"p1"}))
    assert reply_of(422, say({"existing": one}).encode()) == Duplicate(frozenset({"p1"}))
    assert reply_of(422, b"<html>") == Mistaken({None: "http_422"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.integers(100, 599), JSON | st.dictionaries(st.sampled_from(["errors", "existing", "statements"]), JSON)
)
def test_no_answer_however_odd_breaks_anything(status: int, body: Any) -> None:
    reply = reply_of(status, json.dumps(body).encode())
    assert isinstance(reply, Accepted) == (status == 201)
