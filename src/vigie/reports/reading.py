"""One pass through the ledger, row by row in its order, into what figures need. Pure.

It reads nothing but the rows that it is given, so that the same rows give the same report, in any database or none.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from vigie.banks.events import EntryAdded
from vigie.cases.events import CaseOpened, DecisionRevised, DecisionTaken, DecisionUndone
from vigie.foundation.identifiers import public_number
from vigie.ledger.chain import Row
from vigie.misuse.events import MisuseSuspended
from vigie.notices.channels import is_referral
from vigie.notices.events import FlaggerAdded, NoticeDecided, NoticeReceived, NotifierSuspended
from vigie.orders.events import (
    AnswerSent,
    CannotBeExecuted,
    OrderAnnulled,
    OrderCorrected,
    OrderExecuted,
    OrderReceived,
    OrderRefused,
    ScrutinyChanged,
)
from vigie.orders.events import ContentReinstated as OrderReinstated
from vigie.policy.events import PolicyVersionActivated
from vigie.redress.events import ComplaintDecided, ComplaintReceived, ContentReinstated, StatementMade
from vigie.reports.counted import (
    Action,
    ComplaintSeen,
    Counted,
    MeasureSeen,
    NoticeSeen,
    OrderSeen,
    PolicyVersion,
    Reinstated,
    numbers,
)
from vigie.reports.events import ProfileChanged, ReportPublished
from vigie.reports.periods import Period

SUSPEND_ACCOUNT = "suspend_account"
RESTRICTING = ("hide", "remove", "remove_and_suspend")


def read(rows: Iterable[Row], period: Period) -> Counted:
    """What `rows`, ascending from the first of the ledger, say that a report about `period` needs."""
    reading = Reading(period)
    for row in rows:
        reading.take(row)
    return reading.counted


class Reading:
    """A pass that goes on: give it rows in their order, then look at `counted`."""

    def __init__(self, period: Period) -> None:
        self.counted = Counted(period)
        self._period = period
        self._expertise: dict[str, frozenset[str]] = {}
        self._from_reviews: set[str] = set()
        self._restrictions: dict[str, str] = {}
        self._trusted: set[str] = set()
        # Rows of one transaction stand side by side: what was decided just before a statement is what it states.
        self._just_decided: Row | None = None
        self._take: dict[str, Callable[[Row], None]] = {
            OrderReceived.name: self._order_received,
            OrderCorrected.name: self._order_corrected,
            OrderRefused.name: self._order_refused,
            OrderExecuted.name: self._order_executed,
            CannotBeExecuted.name: self._order_not_executed,
            AnswerSent.name: self._order_answered,
            ScrutinyChanged.name: self._scrutiny_changed,
            OrderAnnulled.name: self._order_annulled,
            OrderReinstated.name: self._order_reinstated,
            CaseOpened.name: self._case_opened,
            DecisionTaken.name: self._decision_taken,
            DecisionRevised.name: self._decision_revised,
            DecisionUndone.name: self._decision_undone,
            StatementMade.name: self._statement_made,
            ComplaintReceived.name: self._complaint_received,
            ComplaintDecided.name: self._complaint_decided,
            ContentReinstated.name: self._content_reinstated,
            NoticeReceived.name: self._notice_received,
            NoticeDecided.name: self._notice_decided,
            NotifierSuspended.name: self._notifier_suspended,
            MisuseSuspended.name: self._misuse_suspended,
            FlaggerAdded.name: self._flagger_added,
            EntryAdded.name: self._entry_added,
            PolicyVersionActivated.name: self._policy_activated,
            ProfileChanged.name: self._profile_changed,
            ReportPublished.name: self._report_published,
        }

    @property
    def events(self) -> tuple[str, ...]:
        """The events that it reads; rows of others may be left out."""
        return tuple(self._take)

    def take(self, row: Row) -> None:
        """The next row; one of an event that no figure needs changes nothing."""
        handler = self._take.get(row.event)
        if handler is not None:
            self.counted.rows += 1
            handler(row)

    # Orders

    def _order_received(self, row: Row) -> None:
        facts = row.facts
        self.counted.orders[facts["order"]] = OrderSeen(
            number=facts["order"],
            seq=row.seq,
            received_at=datetime.fromisoformat(facts["received_at"]),
            issuing_state=facts["issuing_state"],
            items=facts["items"],
        )

    def _order(self, row: Row) -> OrderSeen | None:
        return self.counted.orders.get(row.facts["order"])

    def _order_corrected(self, row: Row) -> None:
        order = self._order(row)
        if order is not None and row.facts.get("issuing_state"):
            order.issuing_state = row.facts["issuing_state"]
        if order is not None and row.facts.get("items"):
            order.items = row.facts["items"]

    def _order_refused(self, row: Row) -> None:
        order = self._order(row)
        if order is not None:
            order.refused_seq = row.seq

    def _order_executed(self, row: Row) -> None:
        order, facts = self._order(row), row.facts
        if order is None:
            return
        order.executed_seq, order.in_time, order.taken = row.seq, facts["in_time"], facts["items"]
        order.measure_at = datetime.fromisoformat(facts["measure_at"])
        named = tuple(facts.get("contents") or ())
        # A row from before contents were named: as many as it counts, and no two orders share one.
        order.contents = named or tuple(f"{order.number}#{place}" for place in range(order.taken))

    def _order_not_executed(self, row: Row) -> None:
        order = self._order(row)
        if order is not None:
            order.ground, order.ground_seq, order.ground_at = row.facts["ground"], row.seq, row.at

    def _order_answered(self, row: Row) -> None:
        order = self._order(row)
        if order is not None and order.answered_at is None:
            order.answered_at = row.at

    def _scrutiny_changed(self, row: Row) -> None:
        order, facts = self._order(row), row.facts
        if order is None:
            return
        if facts["scrutiny"] == "requested":
            order.scrutiny_by = facts["asked_by"]
        order.infringes = facts["scrutiny"] == "infringement"
        if order.scrutiny_by == "provider" and self._period.contains(row.at):
            self.counted.scrutinies.setdefault(facts["scrutiny"], numbers()).append(row.seq)

    def _order_annulled(self, row: Row) -> None:
        order = self._order(row)
        if order is not None:
            order.annulled_seq = row.seq

    def _order_reinstated(self, row: Row) -> None:
        order = self._order(row)
        # What is given back because an order was forged or unclear is no review's doing.
        if order is None or order.annulled_seq == 0 or row.facts["items"] == 0:
            return
        if self._period.contains(row.at):
            why = "infringement" if order.infringes else "annulled"
            self.counted.reinstated.append(Reinstated(row.seq, order.number, why))

    # Cases and decisions

    def _case_opened(self, row: Row) -> None:
        facts = row.facts
        self._just_decided = row
        if not facts["rules"]:
            return
        self.counted.proposed[facts["case"]] = (0, False)
        acts = facts["verdict"] in ("hold", "remove") and self._period.contains(row.at)
        if acts and not self._from_reviews.isdisjoint(facts["entries"]):
            self.counted.reappeared.append(row.seq)

    def _decision_taken(self, row: Row) -> None:
        self._just_decided = row
        case = row.facts["case"]
        if case in self.counted.proposed:
            seq = row.seq if self._period.contains(row.at) else 0
            self.counted.proposed[case] = (seq, row.facts["action"] in RESTRICTING)

    def _decision_revised(self, row: Row) -> None:
        self._just_decided = row
        facts = row.facts
        complaint = self.counted.complaints.get(facts["because"])
        by_notifier = complaint is not None and complaint.complainant == "notifier"
        if by_notifier and facts["action"] in RESTRICTING and self._period.contains(row.at):
            self.counted.newly_restricted.append(row.seq)

    def _decision_undone(self, row: Row) -> None:
        if row.facts["case"] in self.counted.proposed:
            self.counted.proposed[row.facts["case"]] = (0, False)
        if self._period.contains(row.at):
            self.counted.taken_back.append(row.seq)

    def _statement_made(self, row: Row) -> None:
        facts = row.facts
        self._restrictions[facts["statement"]] = facts["action"]
        if not self._period.contains(row.at):
            return
        before = self._just_decided.facts if self._just_decided is not None else {}
        platform = facts.get("platform") or before.get("platform", "")
        content = facts.get("content") or before.get("content", "")
        detected_by = facts.get("detected_by") or ("person" if facts["cause"] == "notice" else "machine")
        self.counted.measures.append(
            MeasureSeen(
                seq=row.seq,
                content=f"{platform}/{content}",
                action=facts["action"],
                cause=facts["cause"],
                is_illegal=_is_illegal(facts, before),
                is_specific=bool(facts.get("specific_measure")),
                by_rule=facts["decision"] == "",
                # Persons found each content that an account is suspended for: no machine alone did.
                by_machine=detected_by == "machine" and facts["action"] != SUSPEND_ACCOUNT,
                language=facts.get("content_language", "").lower().partition("-")[0],
            )
        )

    # Complaints

    def _complaint_received(self, row: Row) -> None:
        facts = row.facts
        self.counted.complaints[facts["complaint"]] = ComplaintSeen(
            number=facts["complaint"],
            seq=row.seq,
            received_at=row.at,
            basis=facts["basis"],
            complainant=facts["complainant"],
            action=self._restrictions.get(facts["about"], ""),
            is_trusted=facts["about"] in self._trusted,
        )

    def _complaint_decided(self, row: Row) -> None:
        complaint = self.counted.complaints.get(row.facts["complaint"])
        if complaint is not None:
            complaint.decided_seq, complaint.decided_at = row.seq, row.at
            complaint.outcome = row.facts["outcome"]

    def _content_reinstated(self, row: Row) -> None:
        complaint = self.counted.complaints.get(row.facts["complaint"])
        if complaint is not None and self._period.contains(row.at):
            content = f"{row.facts['platform']}/{row.facts['content']}"
            self.counted.reinstated.append(Reinstated(row.seq, content, complaint.basis))

    # Notices

    def _flagger_added(self, row: Row) -> None:
        self._expertise[row.facts["flagger"]] = frozenset(row.facts["expertise"])

    def _notice_received(self, row: Row) -> None:
        facts = row.facts
        if is_referral(facts["came_by"]):
            return  # no notice under Art. 16: what it leads to is a measure on own initiative
        # Source: (EU) 2022/2065 Art. 22(1): trusted within the designated expertise, and like everybody else outside.
        is_trusted = facts["category"] in self._expertise.get(facts["flagger"], frozenset())
        if is_trusted:
            self._trusted.add(facts["notice"])
        self.counted.notices[facts["notice"]] = NoticeSeen(
            number=facts["notice"],
            seq=row.seq,
            received_at=row.at,
            content=f"{facts['platform']}/{facts['content']}",
            category=facts["category"],
            is_trusted=is_trusted,
        )

    def _notice_decided(self, row: Row) -> None:
        notice, facts = self.counted.notices.get(row.facts["notice"]), row.facts
        if notice is None:
            return
        if notice.decided_at is None:
            notice.decided_seq, notice.decided_at = row.seq, row.at
        # What a complaint or an undoing puts in the place of an action is no second one for the same notice.
        if facts["outcome"] not in ("acted_law", "acted_terms") or notice.acted_at is not None:
            return
        notice.acted_seq, notice.acted_at = row.seq, row.at
        known = self.counted.actions.get(facts["decision"])
        if self._period.contains(row.at) and (known is None or (notice.is_trusted and not known.is_trusted)):
            self.counted.actions[facts["decision"]] = Action(
                row.seq, facts["decision"], facts["outcome"], notice.category, notice.is_trusted
            )

    def _notifier_suspended(self, row: Row) -> None:
        """As it was written before misuse had records of its own."""
        self._suspended("notifier", row)

    def _misuse_suspended(self, row: Row) -> None:
        self._suspended(row.facts["kind"], row)

    def _suspended(self, kind: str, row: Row) -> None:
        if self._period.contains(row.at):
            self.counted.suspended.setdefault(kind, numbers()).append(row.seq)

    # What reports stand on besides

    def _entry_added(self, row: Row) -> None:
        if row.facts["source"] == "review" and row.facts["kind"] == "known":
            self._from_reviews.add(public_number("E", row.facts["entry"]))

    def _policy_activated(self, row: Row) -> None:
        if row.at < self._period.ends_at:
            facts = row.facts
            self.counted.policies.append(PolicyVersion(row.seq, facts["number"], facts["label"], row.at))

    def _profile_changed(self, row: Row) -> None:
        self.counted.profile[row.facts["field"], row.facts["period"]] = row.facts["value"]

    def _report_published(self, row: Row) -> None:
        self.counted.published.append({"seq": row.seq, "actor": row.actor, **row.facts})


def _is_illegal(facts: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether the ground is the law. An account is suspended for what is manifestly illegal, whatever stands before."""
    if facts["action"] == SUSPEND_ACCOUNT:
        return True
    return bool(facts.get("legal_type") or before.get("legal_type"))
