"""A statement of reasons: what it says, from the facts of a decision. Pure functions.

It tells the user nothing that the decision does not say, and no reviewer's name. There is none for what an authority
ordered: (EU) 2022/2065 Art. 17(5) excepts orders of Article 9, and a removal order is answered under (EU) 2021/784.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal

from vigie.redress import wording_ar, wording_de, wording_en, wording_es, wording_fr, wording_it
from vigie.redress.wording import Wording

Measure = Literal["hide", "remove", "remove_and_suspend"]
# What a statement about an account has as its action.
SUSPEND_ACCOUNT = "suspend_account"
Cause = Literal["own_initiative", "notice", "referral", "order"]

RESTRICTING: tuple[Measure, ...] = ("hide", "remove", "remove_and_suspend")
URL_CHARS_SHOWN_MAX = 300

WORDINGS = MappingProxyType(
    {
        "en": wording_en.WORDING,
        "fr": wording_fr.WORDING,
        "de": wording_de.WORDING,
        "es": wording_es.WORDING,
        "it": wording_it.WORDING,
        "ar": wording_ar.WORDING,
    }
)


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """Everything that a statement stands on.

    `legal_type` is (a) to (e) of (EU) 2021/784 Art. 2(7); empty when the ground is the terms, `terms_clause`.
    `detected_by_machine`: a rule found the content. `decided_by_machine`: a rule removed it, as a copy of what
    people had confirmed. `looked_at` by a person otherwise.
    """

    number: str
    kind: str
    content: str
    url: str
    measure: Measure
    legal_type: str
    cause: Cause
    by_trusted_flagger: bool
    detected_by_machine: bool
    decided_by_machine: bool
    decided_at: datetime
    words_for_author: str = ""
    terms_clause: str = ""
    terms_url: str = ""


def is_owed(*, action: str, cause: str) -> bool:
    """Whether a decision needs a statement: a restriction that no authority ordered.

    Source: (EU) 2022/2065 Art. 17(1) and (5).
    """
    return action in RESTRICTING and cause != "order"


def is_specific_measure(*, cause: str, legal_type: str, exposed: bool) -> bool:
    """Whether a provider that was exposed, and took specific measures, acted under them.

    Source: (EU) 2021/784 Art. 5(2); never for what an authority ordered or somebody reported.
    """
    return exposed and cause == "own_initiative" and legal_type != ""


def language_for(content_language: str, *, otherwise: str) -> str:
    """The language of a statement: that of the content where Vigie speaks it, else `otherwise`, else English."""
    for wanted in (content_language, otherwise):
        primary = wanted.lower().partition("-")[0]
        if primary in WORDINGS:
            return primary
    return "en"


def statement_text(facts: StatementFacts, *, language: str) -> str:
    """The statement in words, without the private link: that goes beside it.

    Source: (EU) 2022/2065 Art. 17(3)(a) to (f), in that order.
    """
    say = WORDINGS[language]
    parts = [
        (say.heading_what, _what(facts, say)),
        (say.heading_facts, _facts(facts, say)),
        (say.heading_automation, _automation(facts, say)),
        (say.heading_ground, _ground(facts, say)),
        (say.heading_redress, [say.redress_complaint, say.redress_dispute_body, say.redress_court]),
    ]
    title = say.title.format(number=facts.number)
    return "\n\n".join([title, *("\n".join([heading, *lines]) for heading, lines in parts)])


def passages(text: str) -> list[tuple[str, str]]:
    """A statement as it is shown: each passage with its heading, empty where it has none."""
    headings = {
        heading
        for say in WORDINGS.values()
        for heading in (
            say.heading_what,
            say.heading_facts,
            say.heading_automation,
            say.heading_ground,
            say.heading_redress,
        )
    }
    found = []
    for passage in text.split("\n\n"):
        first, _, rest = passage.partition("\n")
        found.append((first, rest) if first in headings else ("", passage))
    return found


def _what(facts: StatementFacts, say: Wording) -> list[str]:
    url = facts.url if len(facts.url) <= URL_CHARS_SHOWN_MAX else ""
    named = f"{facts.content} ({url})" if url and facts.content else url or facts.content
    lines = [say.measures[facts.measure].format(content=named)]
    if facts.measure == "remove_and_suspend":
        lines.append(say.account_suspended)
    decided = facts.decided_at.astimezone(UTC)
    lines.append(say.decided_at.format(day=say.day(decided), time=decided.strftime("%H:%M")))
    lines.append(say.territory_and_duration)
    return lines


def _facts(facts: StatementFacts, say: Wording) -> list[str]:
    if facts.decided_by_machine:
        first = say.facts_copy
    elif facts.legal_type:
        first = say.facts_seen_illegal
    else:
        first = say.facts_seen_terms
    lines = [first, _source(facts, say)]
    if facts.words_for_author:
        lines.append(facts.words_for_author)
    return lines


def _source(facts: StatementFacts, say: Wording) -> str:
    if facts.cause == "notice":
        return say.source_trusted_flagger if facts.by_trusted_flagger else say.source_notice
    return say.source_referral if facts.cause == "referral" else say.source_own_initiative


def _automation(facts: StatementFacts, say: Wording) -> list[str]:
    found = say.detected_by_machine if facts.detected_by_machine else say.detected_by_person
    return [found, say.decided_by_machine if facts.decided_by_machine else say.decided_by_person]


def _ground(facts: StatementFacts, say: Wording) -> list[str]:
    if facts.legal_type:
        return [
            say.ground_law.format(letter=facts.legal_type),
            say.why_law.format(what=say.legal_types[facts.legal_type]),
        ]
    clause = facts.terms_clause or say.terms_default
    lines = [say.ground_terms.format(clause=clause), say.why_terms]
    return [*lines, facts.terms_url] if facts.terms_url else lines
