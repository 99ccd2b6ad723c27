"""What somebody is told about frequent misuse: a warning, a suspension, its end, the statement about an account.

It names no reviewer and no other content than what counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from vigie.misuse.models import MisuseStep
from vigie.redress.statements import WORDINGS

CONTENTS_NAMED_MAX = 10
CONTENT_CHARS_SHOWN_MAX = 60


@dataclass(frozen=True, slots=True)
class SuspensionFacts:
    """What a statement about an account stands on besides its step."""

    number: str
    contents: Sequence[str]
    warned_at: datetime
    found_by_machine: bool


def warning_text(step: MisuseStep, *, language: str) -> str:
    """The warning: what counts, what may follow, how to contradict."""
    say = WORDINGS[language].misuse
    kind = step.record.kind
    parts = [
        say.warning_title.format(number=step.number),
        _counted(step, language),
        *_assessed(step, language),
        say.warnings[kind],
        say.contest,
    ]
    return "\n\n".join(parts)


def suspension_text(step: MisuseStep, *, warned_at: datetime, language: str) -> str:
    """That somebody's notices or complaints are set aside, why and until when."""
    wording = WORDINGS[language]
    say = wording.misuse
    assert step.until is not None
    told = say.suspended[step.record.kind].format(
        warned=wording.day(warned_at.astimezone(UTC)), until=wording.day(step.until.astimezone(UTC))
    )
    parts = [
        say.suspension_title.format(number=step.number),
        _counted(step, language),
        *_assessed(step, language),
        told,
        say.contest,
        wording.complaint_redress,
    ]
    return "\n\n".join(parts)


def lifted_text(step: MisuseStep, *, language: str) -> str:
    """That a suspension ended before its time."""
    wording = WORDINGS[language]
    say = wording.misuse
    assert step.ended_at is not None
    return "\n\n".join(
        [
            say.lifted_title.format(number=step.number),
            say.lifted[step.record.kind].format(day=wording.day(step.ended_at.astimezone(UTC))),
        ]
    )


def account_statement_text(step: MisuseStep, facts: SuspensionFacts, *, language: str) -> str:
    """The statement of reasons for the suspension of an account.

    Source: (EU) 2022/2065 Art. 17(3)(a) to (f) in that order, and Art. 23(3) among the facts.
    """
    wording = WORDINGS[language]
    say = wording.misuse
    assert step.until is not None
    from_at, until = step.taken_at.astimezone(UTC), step.until.astimezone(UTC)
    parts = [
        (
            wording.heading_what,
            [
                say.account_suspended.format(day=wording.day(from_at), time=from_at.strftime("%H:%M")),
                say.account_ends.format(day=wording.day(until), time=until.strftime("%H:%M")),
            ],
        ),
        (
            wording.heading_facts,
            [
                _counted(step, language),
                say.contents.format(contents=_named(facts.contents, language)),
                say.warned.format(day=wording.day(facts.warned_at.astimezone(UTC))),
                *_assessed(step, language),
            ],
        ),
        (
            wording.heading_automation,
            [
                say.found_by_machine if facts.found_by_machine else say.found_by_person,
                wording.decided_by_person,
            ],
        ),
        (wording.heading_ground, [say.ground]),
        (
            wording.heading_redress,
            [wording.redress_complaint, wording.redress_dispute_body, wording.redress_court],
        ),
    ]
    title = wording.title.format(number=facts.number)
    return "\n\n".join([title, *("\n".join([heading, *lines]) for heading, lines in parts)])


def _counted(step: MisuseStep, language: str) -> str:
    said = WORDINGS[language].misuse.counted[step.record.kind]
    return said.format(counted=step.counted, total=step.total, days=step.window_days)


def _assessed(step: MisuseStep, language: str) -> list[str]:
    say = WORDINGS[language].misuse
    given = ((say.gravity, step.gravity), (say.intention, step.intention))
    return [sentence.format(words=words) for sentence, words in given if words]


def _named(contents: Sequence[str], language: str) -> str:
    shown = [one[:CONTENT_CHARS_SHOWN_MAX] for one in contents[:CONTENTS_NAMED_MAX]]
    more = len(contents) - len(shown)
    if more > 0:
        shown.append(WORDINGS[language].misuse.contents_more.format(count=more))
    return ", ".join(shown)
