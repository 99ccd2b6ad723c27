"""Ledgers of invented events for tests of reports: rows in their order, without a database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from vigie.cases.events import CaseOpened, DecisionTaken
from vigie.foundation.clock import utc_text
from vigie.ledger.chain import Row
from vigie.ledger.events import Event
from vigie.misuse.events import MisuseSuspended
from vigie.notices.events import NoticeDecided, NoticeReceived
from vigie.orders.events import CannotBeExecuted, OrderExecuted, OrderReceived
from vigie.redress.events import ComplaintDecided, ComplaintReceived, StatementMade
from vigie.reports.counted import Counted
from vigie.reports.periods import Period, year
from vigie.reports.reading import read

SPRING = datetime(2026, 4, 1, 12, tzinfo=UTC)


@dataclass
class Ledger:
    """Rows as they would be read from the ledger; `at` is when the next one is written."""

    at: datetime = SPRING
    rows: list[Row] = field(default_factory=list)

    def add(self, *events: Event, hours: float = 0) -> int:
        """Write events, so many hours after what was written before; the number of the last row."""
        self.at += timedelta(hours=hours)
        for event in events:
            seq = len(self.rows) + 1
            self.rows.append(
                Row(seq, self.at, event.name, "system:vigie", "", event.facts(), bytes(32), bytes(32))
            )
        return len(self.rows)

    def order(self, number: str = "O-000001", *, state: str = "FR", items: int = 1) -> int:
        """An order is received now."""
        return self.add(
            OrderReceived(
                order=number,
                intake="I-000001",
                authority="a",
                issuing_state=state,
                items=items,
                unread=(),
                received_at=utc_text(self.at),
                withheld=False,
            )
        )

    def executed(
        self,
        number: str = "O-000001",
        *contents: str,
        hours: float = 0.5,
        in_time: bool = True,
        gone_before: int = 0,
    ) -> int:
        """The platform obeys, so many hours later."""
        self.at += timedelta(hours=hours)
        return self.add(
            OrderExecuted(
                order=number,
                measure="removed",
                measure_at=utc_text(self.at),
                in_time=in_time,
                items=len(contents),
                gone_before=gone_before,
                contents=contents,
            )
        )

    def cannot(self, number: str = "O-000001", *, ground: str = "insufficient_information") -> int:
        """Annex III."""
        return self.add(CannotBeExecuted(order=number, ground=ground))

    def restricted(
        self,
        content: str,
        *,
        number: int = 1,
        action: str = "remove",
        legal_type: str = "a",
        cause: str = "own_initiative",
        by_rule: bool = False,
        specific: bool = False,
        language: str = "fr",
    ) -> int:
        """A case, a decision and its statement; without a decision when a rule acted alone."""
        case, decision = f"C-{number:06d}", "" if by_rule else f"D-{number:06d}"
        is_reported = cause in ("notice", "referral")
        self.add(
            CaseOpened(
                case=case,
                platform="forum",
                content=content,
                verdict="remove" if by_rule else "review",
                rules=() if is_reported else ("near-copy",),
                entries=(),
                policy="p",
                quarantined=0,
            )
        )
        if decision:
            self.add(
                DecisionTaken(
                    case=case,
                    decision=decision,
                    platform="forum",
                    content=content,
                    action=action,
                    legal_type=legal_type,
                    exemption="none",
                    policy="p",
                    cause=cause,
                )
            )
        return self.add(
            StatementMade(
                statement=f"S-{number:06d}",
                decision=decision,
                action=action,
                cause=cause,
                language="en",
                withheld=False,
                platform="forum",
                content=content,
                content_language=language,
                legal_type=legal_type,
                detected_by="person" if is_reported else "machine",
                specific_measure=specific,
            )
        )

    def complained(
        self, number: int = 1, *, about: str = "S-000001", basis: str = "dsa20", complainant: str = "user"
    ) -> int:
        """Somebody objects."""
        return self.add(
            ComplaintReceived(
                complaint=f"CP-{number:06d}",
                about=about,
                decision="",
                complainant=complainant,
                basis=basis,
                came_by="link",
            )
        )

    def answered(
        self, number: int = 1, *, outcome: str = "reversed", basis: str = "dsa20", hours: float = 10
    ) -> int:
        """Another person decides, so many hours later."""
        return self.add(
            ComplaintDecided(complaint=f"CP-{number:06d}", outcome=outcome, revision="", basis=basis),
            hours=hours,
        )

    def noticed(
        self,
        content: str,
        *,
        number: int = 1,
        category: str = "terrorism",
        flagger: str = "",
        came_by: str = "form",
    ) -> int:
        """Somebody reports content."""
        return self.add(
            NoticeReceived(
                notice=f"N-{number:06d}",
                platform="forum",
                content=content,
                came_by=came_by,
                category=category,
                flagger=flagger,
                threat_to_life=False,
                state="queued",
            )
        )

    def notice_decided(
        self, number: int = 1, *, decision: str = "D-000001", outcome: str = "acted_law", hours: float = 2
    ) -> int:
        """A decision answers it, so many hours later."""
        return self.add(
            NoticeDecided(notice=f"N-{number:06d}", decision=decision, outcome=outcome, flagger=""),
            hours=hours,
        )

    def suspended(self, kind: str, number: int = 1) -> int:
        """A person suspends somebody for misuse, after a warning."""
        return self.add(
            MisuseSuspended(
                record=f"M-{number:06d}",
                kind=kind,
                platform="forum",
                step=f"MS-{number:06d}",
                counted=5,
                total=5,
                window_days=365,
                until=utc_text(self.at + timedelta(days=90)),
            )
        )

    def read(self, period: Period | None = None) -> Counted:
        """What a report of 2026, or of `period`, reads of it."""
        return read(self.rows, period or year(2026))
