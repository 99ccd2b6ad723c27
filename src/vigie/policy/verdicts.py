"""The verdict of a policy about content, with every reason for it; pure, and bounded in time.

Above any rule: only a match with an entry that a person confirmed, in a bank that may remove automatically,
can lead to `remove`, and of edited copies only one that an alignment verified; everything else is held for a
person. A rule that fails is a reason to look, never to let pass.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cel

from vigie.policy.facts import CelValue, ContentFacts, MatchFacts, MediumFacts, Root
from vigie.policy.rules import Policy, Rule, VerdictLevel
from vigie.signals.alignment import FEATURES_SIGNAL
from vigie.signals.variants import VARIANT_SIGNAL

MATCHES_MAX = 500
"""Rules see at most this many matches, those nearest to a removal first; more is itself a reason."""

MEDIA_MAX = 100

SIGNALS_THAT_MAY_REMOVE = frozenset({"pdq", "sha256", "md5"})
"""Signals of whole media. Text matching cannot judge stance, and a variant speaks of a part: both ask for a person."""

SIGNALS_OF_EDITED_COPIES = frozenset({VARIANT_SIGNAL, FEATURES_SIGNAL})
"""These may remove only where an alignment verified that the upload shows the entry's picture, and enough of it."""


class ReasonCode(StrEnum):
    """Why a reason is among the reasons."""

    RULE_TRUE = "rule_true"
    RULE_FAILED = "rule_failed"
    OVER_LIMIT = "over_limit"


class Cap(StrEnum):
    """Why a rule's `remove` became a `hold`."""

    NO_MATCH = "no_match"
    TEXT_MATCH = "text_match"
    VARIANT_MATCH = "variant_match"
    ENTRY_UNCONFIRMED = "entry_unconfirmed"
    BANK_MAY_NOT_REMOVE = "bank_may_not_remove"

    @property
    def sentence(self) -> str:
        """The cap told to people."""
        return _CAP_SENTENCES[self]


_CAP_SENTENCES = {
    Cap.NO_MATCH: "Held, not removed: only a match with confirmed material can remove.",
    Cap.TEXT_MATCH: "Held, not removed: a matching text can also quote or oppose; a person must read it.",
    Cap.VARIANT_MATCH: "Held, not removed: an edited copy was recognised by a part; a person must compare the two.",
    Cap.ENTRY_UNCONFIRMED: "Held, not removed: no person has confirmed the entry that matched.",
    Cap.BANK_MAY_NOT_REMOVE: "Held, not removed: the bank of the entry may not remove automatically.",
}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One rule's part in a verdict: what it asked for, what was given, and what it was about."""

    rule: str
    code: ReasonCode
    verdict_asked: VerdictLevel
    verdict_given: VerdictLevel
    because: str
    cap: Cap | None = None
    match: MatchFacts | None = None
    medium: MediumFacts | None = None

    @property
    def capped_because(self) -> str:
        """Why less was given than asked, in a sentence; empty when all of it was given."""
        return self.cap.sentence if self.cap else ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The strongest verdict of the rules in force, reasons strongest first, and what shadow rules say."""

    level: VerdictLevel
    reasons: tuple[Reason, ...]
    shadow_reasons: tuple[Reason, ...]


def evaluate(
    policy: Policy, *, content: ContentFacts, matches: Sequence[MatchFacts], media: Sequence[MediumFacts]
) -> Verdict:
    """The verdict about content with these matches and media; `allow` with no reason when no rule is true."""
    counts = {
        "media_count": len(media),
        "quarantined_count": sum(medium.quarantined for medium in media),
        "match_count": len(matches),
    }
    seen_matches = sorted(matches, key=_nearness_to_removal)[:MATCHES_MAX]
    seen_media = media[:MEDIA_MAX]
    found: list[tuple[Rule, Reason]] = []
    content_facts = content.as_cel(**counts)
    for each, subjects in (
        (Root.CONTENT, (None,)),
        (Root.MEDIUM, seen_media),
        (Root.MATCH, seen_matches),
    ):
        if subjects:
            found.extend(_reasons(policy, each, content_facts, subjects))
    is_over_limit = len(seen_matches) < len(matches) or len(seen_media) < len(media)
    if not (found or is_over_limit):
        return _NOTHING
    reasons = [reason for rule, reason in found if not rule.shadow]
    if is_over_limit:
        reasons.append(_OVER_LIMIT)
    return Verdict(
        level=max((reason.verdict_given for reason in reasons), key=_rank, default=VerdictLevel.ALLOW),
        reasons=_strongest_first(reasons),
        shadow_reasons=_strongest_first([reason for rule, reason in found if rule.shadow]),
    )


_OVER_LIMIT = Reason(
    rule="",
    code=ReasonCode.OVER_LIMIT,
    verdict_asked=VerdictLevel.REVIEW,
    verdict_given=VerdictLevel.REVIEW,
    because=f"More than {MATCHES_MAX} matches or {MEDIA_MAX} media: the rules saw only the first of them.",
)

_NOTHING = Verdict(level=VerdictLevel.ALLOW, reasons=(), shadow_reasons=())

_Subject = MatchFacts | MediumFacts | None


def _reasons(
    policy: Policy, each: Root, content_facts: Mapping[str, CelValue], subjects: Sequence[_Subject]
) -> Iterator[tuple[Rule, Reason]]:
    """What the rules for `each` say about every subject; one engine context serves them all."""
    rules = policy.rules_for(each)
    if not rules:
        return
    used = policy.facts_used[each]
    of_content = {name: content_facts[name] for name in used[Root.CONTENT]}
    context: cel.Context | None = None
    for subject in subjects:
        of_subject = {} if subject is None else subject.as_cel(used[each])
        key = (*of_content.values(), *of_subject.values())
        if policy.quiet.knows(each, key):
            continue
        if context is None:
            context = cel.Context()
            _add(context, Root.CONTENT, of_content)
        if subject is not None:
            _add(context, each, of_subject)
        answers = [(rule, _reason(rule, context, subject)) for rule in rules]
        reasons = [(rule, reason) for rule, reason in answers if reason is not None]
        if not reasons:
            policy.quiet.remember(each, key)
        yield from reasons


def _add(context: cel.Context, root: Root, facts: dict[str, CelValue]) -> None:
    try:
        context.add_variable(root.value, facts)
    except ValueError:
        # The engine takes no half of a surrogate pair; one in a text must not be a way around the rules.
        context.add_variable(root.value, {name: _encodable(value) for name, value in facts.items()})


def _encodable(value: CelValue) -> CelValue:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, bool | int):
        return value
    return [item.encode("utf-8", "replace").decode() for item in value]


def _reason(rule: Rule, context: cel.Context, subject: _Subject) -> Reason | None:
    match = subject if isinstance(subject, MatchFacts) else None
    medium = subject if isinstance(subject, MediumFacts) else None
    try:
        answer = rule.program.execute(context)
    except (ValueError, TypeError, RuntimeError, ArithmeticError, LookupError) as error:
        return _failed(rule, _FAILURES.get(type(error), "the engine refused it"), match, medium)
    if answer is False:
        return None
    if answer is not True:
        return _failed(rule, "it is neither true nor false", match, medium)
    cap = _cap(match) if rule.then is VerdictLevel.REMOVE else None
    return Reason(
        rule=rule.name,
        code=ReasonCode.RULE_TRUE,
        verdict_asked=rule.then,
        verdict_given=VerdictLevel.HOLD if cap else rule.then,
        because=rule.because,
        cap=cap,
        match=match,
        medium=medium,
    )


_FAILURES: dict[type[Exception], str] = {
    ZeroDivisionError: "division by zero",
    OverflowError: "a number grew too large",
    IndexError: "a list has no item at that position",
}


def _failed(rule: Rule, why: str, match: MatchFacts | None, medium: MediumFacts | None) -> Reason:
    return Reason(
        rule=rule.name,
        code=ReasonCode.RULE_FAILED,
        verdict_asked=rule.then,
        verdict_given=VerdictLevel.REVIEW,
        because=f"This rule could not be computed ({why}), so a person looks.",
        match=match,
        medium=medium,
    )


def _cap(match: MatchFacts | None) -> Cap | None:
    """Why this match cannot lead to a removal without a person; None when a person already decided."""
    if match is None:
        return Cap.NO_MATCH
    if match.signal in SIGNALS_OF_EDITED_COPIES:
        if not match.verified:
            return Cap.VARIANT_MATCH
    elif match.signal not in SIGNALS_THAT_MAY_REMOVE:
        return Cap.TEXT_MATCH
    if not match.entry_confirmed:
        return Cap.ENTRY_UNCONFIRMED
    if not match.bank_may_remove:
        return Cap.BANK_MAY_NOT_REMOVE
    return None


def _nearness_to_removal(match: MatchFacts) -> tuple[bool, int]:
    return _cap(match) is not None, match.distance_bits


def _strongest_first(reasons: list[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: -reason.verdict_given.rank))


def _rank(level: VerdictLevel) -> int:
    return level.rank
