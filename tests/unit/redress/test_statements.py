"""A statement says everything that Article 17(3) asks for, in each language, and nothing that is not so."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from vigie.cases.decisions import LEGAL_TYPES
from vigie.redress.statements import (
    RESTRICTING,
    WORDINGS,
    StatementFacts,
    is_owed,
    language_for,
    passages,
    statement_text,
)

FACTS = StatementFacts(
    number="S-000012",
    kind="post",
    content="post-8731",
    url="https://forum.example/p/8731",
    measure="remove",
    legal_type="a",
    cause="own_initiative",
    by_trusted_flagger=False,
    detected_by_machine=True,
    decided_by_machine=False,
    decided_at=datetime(2026, 11, 25, 13, 5, tzinfo=UTC),
)
LANGUAGES = sorted(WORDINGS)


def test_no_statement_is_owed_for_what_an_authority_ordered_nor_for_what_restricts_nobody() -> None:
    for action, cause in product(
        ("keep", "undo", "hide", "remove", "remove_and_suspend"), ("own_initiative", "notice", "order")
    ):
        assert is_owed(action=action, cause=cause) == (action in RESTRICTING and cause != "order")


def test_the_english_statement_names_each_item_of_article_17_3() -> None:
    text = statement_text(replace(FACTS, words_for_author="The poster in your third picture."), language="en")
    for said in (
        "What you published, post-8731 (https://forum.example/p/8731), was removed.",
        "25 November 2026 at 13:05 UTC",
        "everywhere",
        "unlimited time",
        "The poster in your third picture.",
        "by our own checks",
        "Automated means were used to find it.",
        "by a person, not by automated means",
        "Article 2(7)(a) of Regulation (EU) 2021/784",
        "incites to terrorist offences",
        "within six months",
        "Article 21 of Regulation (EU) 2022/2065",
        "court",
    ):
        assert said in text, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_combination_of_facts_can_be_said_without_a_gap(language: str) -> None:
    seen = set()
    for measure, legal_type, cause, flagger, machine in product(
        RESTRICTING,
        ("", *LEGAL_TYPES),
        ("own_initiative", "notice", "referral"),
        (False, True),
        (False, True),
    ):
        facts = replace(
            FACTS,
            measure=measure,
            legal_type=legal_type,
            cause=cause,  # type: ignore[arg-type]  # a cause of the table above
            by_trusted_flagger=flagger,
            decided_by_machine=machine,
        )
        text = statement_text(facts, language=language)
        assert "{" not in text
        assert text.count("\n\n") == 5
        seen.add(text)
    # Whose notice it was only matters where there was one.
    assert len(seen) == 3 * 6 * 4 * 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ground_is_the_law_or_the_terms_and_never_both(language: str) -> None:
    by_law = statement_text(FACTS, language=language)
    by_terms = statement_text(
        replace(FACTS, legal_type="", terms_clause="section 4", terms_url="https://forum.example/terms"),
        language=language,
    )
    assert "2021/784" in by_law
    assert "2021/784" not in by_terms
    assert "section 4" in by_terms
    assert "https://forum.example/terms" in by_terms


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_suspension_is_named_beside_the_removal(language: str) -> None:
    assert WORDINGS[language].account_suspended in statement_text(
        replace(FACTS, measure="remove_and_suspend"), language=language
    )
    assert WORDINGS[language].account_suspended not in statement_text(FACTS, language=language)


def test_every_language_has_twelve_months_and_every_legal_type() -> None:
    for wording in WORDINGS.values():
        assert len(set(wording.months)) == 12
        assert set(wording.legal_types) == set(LEGAL_TYPES)
        assert set(wording.measures) == set(RESTRICTING)
        assert set(wording.complaint_outcomes) == {"upheld", "partial", "reversed"}


def test_the_language_is_the_contents_where_vigie_writes_it() -> None:
    assert language_for("fr-CA", otherwise="en") == "fr"
    assert language_for("ar-EG", otherwise="fr") == "ar"
    assert language_for("zh", otherwise="fr") == "fr"
    assert language_for("", otherwise="xx") == "en"


def test_what_is_known_by_its_address_alone_is_named_by_it() -> None:
    text = statement_text(replace(FACTS, content=""), language="en")
    assert "What you published, https://forum.example/p/8731, was removed." in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_falls_into_its_passages_and_words_for_the_author_into_none(language: str) -> None:
    words = "The poster.\n\nAnd the second one."
    text = statement_text(replace(FACTS, words_for_author=words), language=language)
    found = passages(text)
    say = WORDINGS[language]
    assert [heading for heading, _ in found if heading] == [
        say.heading_what,
        say.heading_facts,
        say.heading_automation,
        say.heading_ground,
        say.heading_redress,
    ]
    assert "\n\n".join(f"{heading}\n{words}" if heading else words for heading, words in found) == text


def test_an_address_that_is_too_long_to_read_is_left_out() -> None:
    text = statement_text(replace(FACTS, url="https://forum.example/" + "a" * 400), language="en")
    assert "https://" not in text
    assert "post-8731" in text
