"""The report of a threat to life to the authorities: who gets it, and its draft. Pure.

It sends nothing: a person reads, completes and sends it. Source: (EU) 2022/2065 Art. 18; (EU) 2021/784 Art. 14(5).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

EUROPOL = "Europol"


@dataclass(frozen=True, slots=True)
class ThreatFacts:
    """What is known. `member_states` are those where the suspected offence, its author or its victims are."""

    number: str
    service: str
    content: str
    url: str
    author: str
    published_at: datetime | None
    aware_at: datetime
    told: str
    member_states: tuple[str, ...] = ()


def recipients(member_states: tuple[str, ...]) -> tuple[str, ...]:
    """The law enforcement of each Member State concerned; Europol when none can be identified."""
    return tuple(f"law enforcement authorities of {one}" for one in member_states) or (EUROPOL,)


def draft(facts: ThreatFacts) -> str:
    """The report, with everything that is known; what is not known says so."""
    lines = [
        "INFORMATION GIVING RISE TO A SUSPICION OF A THREAT TO LIFE OR SAFETY",
        "Regulation (EU) 2022/2065, Article 18; Regulation (EU) 2021/784, Article 14(5)",
        "",
        f"To: {'; '.join(recipients(facts.member_states))}",
        f"Our reference: {facts.number}",
        f"Hosting service: {facts.service}",
        f"We became aware at: {_instant(facts.aware_at)}",
        "",
        f"Content: {facts.content}",
        f"Address: {facts.url or 'not known'}",
        f"Published at: {_instant(facts.published_at) if facts.published_at else 'not known'}",
        f"Account (the service's own id): {facts.author or 'not known'}",
        "",
        "What gives rise to the suspicion:",
        facts.told,
        "",
        "The content and the data that came with it are preserved.",
    ]
    return "\n".join(lines)


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%d %B %Y, %H:%M:%S UTC")
