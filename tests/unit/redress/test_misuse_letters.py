"""Letters about misuse in six languages: complete, with their numbers, and without what they must not say."""

from datetime import UTC, datetime, timedelta
from string import Formatter

import pytest

from vigie.misuse.models import MisuseRecord, MisuseStep
from vigie.misuse.steps import KINDS
from vigie.redress.misuse_letters import (
    CONTENTS_NAMED_MAX,
    SuspensionFacts,
    account_statement_text,
    lifted_text,
    suspension_text,
    warning_text,
)
from vigie.redress.statements import WORDINGS

AT = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
WARNED_AT = AT - timedelta(days=20)


def step(kind: str) -> MisuseStep:
    """A suspension of 30 days, as it would be stored."""
    return MisuseStep(
        pk=12,
        record=MisuseRecord(pk=7, kind=kind),
        kind="suspension",
        taken_at=AT,
        until=AT + timedelta(days=30),
        counted=17,
        total=23,
        window_days=365,
        gravity="It calls to violence.",
        intention="It went on when warned.",
        ended_at=AT + timedelta(days=3),
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", WORDINGS)
def test_each_letter_says_its_numbers_and_what_was_weighed_and_fills_every_blank(
    language: str, kind: str
) -> None:
    warned = warning_text(step(kind), language=language)
    suspended = suspension_text(step(kind), warned_at=WARNED_AT, language=language)
    lifted = lifted_text(step(kind), language=language)
    for text in (warned, suspended):
        assert "17" in text
        assert "23" in text
        assert "365" in text
        assert "It calls to violence." in text
        assert "It went on when warned." in text
    assert WORDINGS[language].day(AT + timedelta(days=30)) in suspended
    assert WORDINGS[language].day(WARNED_AT) in suspended
    for text in (warned, suspended, lifted):
        assert "MS-000012" in text
        assert "{" not in text


@pytest.mark.parametrize("language", WORDINGS)
def test_the_statement_about_an_account_has_the_end_the_facts_the_ground_and_the_redress(
    language: str,
) -> None:
    say = WORDINGS[language]
    contents = [f"post-{number}" for number in range(CONTENTS_NAMED_MAX + 4)]
    facts = SuspensionFacts("S-000009", contents, WARNED_AT, found_by_machine=True)
    text = account_statement_text(step("uploader"), facts, language=language)
    for heading in (say.heading_what, say.heading_facts, say.heading_automation, say.heading_ground):
        assert heading in text
    for said in ("S-000009", "post-0", say.day(AT + timedelta(days=30)), "13:00", "17", "23"):
        assert said in text
    assert f"post-{CONTENTS_NAMED_MAX}" not in text
    assert say.misuse.contents_more.format(count=4) in text
    assert say.misuse.ground in text
    assert say.decided_by_person in text
    assert say.redress_complaint in text
    assert say.misuse.found_by_machine in text
    assert "{" not in text
    by_person = account_statement_text(
        step("uploader"), SuspensionFacts("S-000009", contents, WARNED_AT, False), language=language
    )
    assert say.misuse.found_by_person in by_person


@pytest.mark.parametrize("language", [one for one in WORDINGS if one != "en"])
def test_every_language_has_the_blanks_of_the_english_and_no_english_sentence(language: str) -> None:
    english, other = WORDINGS["en"].misuse, WORDINGS[language].misuse
    for name in english.__dataclass_fields__:
        wanted, found = getattr(english, name), getattr(other, name)
        pairs = (
            [(wanted, found)] if isinstance(wanted, str) else [(wanted[kind], found[kind]) for kind in KINDS]
        )
        for one, translated in pairs:
            assert _blanks(one) == _blanks(translated), name
            assert one != translated or len(one) < 20, name


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
