"""What each domain says about sealed evidence: when its content was removed, or ended otherwise, and who needs it.

It deletes nothing and keeps nothing. What it does not know is held, so that nothing goes by mistake.
"""

from collections.abc import Iterator
from datetime import datetime

from vigie.banks.models import Entry
from vigie.cases.models import Case, Decision
from vigie.evidence.models import EvidenceItem
from vigie.evidence.retention import Facts, Ground, Hold
from vigie.foundation.identifiers import parse_public_number
from vigie.issuing.models import Reply
from vigie.notices.models import Notice, Threat
from vigie.notices.states import NoticeState
from vigie.orders.models import Order, OrderIntake, OrderItem
from vigie.orders.states import ENDS, Scrutiny
from vigie.platforms.enforcement import taken_down_since
from vigie.redress.clocks import complaint_until
from vigie.redress.models import Complaint, Statement
from vigie.redress.states import ANSWERED

ORDERS_LOOKED_AT_MAX = 1_000
_REMOVING = (Decision.Action.HIDE, Decision.Action.REMOVE, Decision.Action.REMOVE_AND_SUSPEND)


def facts_of(subject: str, at: datetime) -> Facts:
    """What is known of a subject (`case:C-000123`) at this instant. Source: (EU) 2021/784 Art. 6(1) and 6(2)."""
    kind, _, rest = subject.partition(":")
    if kind == "case":
        case = Case.objects.select_related("content__platform").filter(pk=_number("C", rest)).first()
        return _UNKNOWN if case is None else _of_case(case, at)
    if kind == "order":
        order = Order.objects.filter(pk=_number("O", rest)).first()
        return _UNKNOWN if order is None else _of_order(order)
    if kind == "intake":
        return _of_intake(subject)
    if kind == "reply":
        return _of_reply(subject)
    if kind == "entry":
        entry = Entry.objects.filter(pk=_number("E", rest)).first()
        return _UNKNOWN if entry is None else _of_entry(entry)
    return _UNKNOWN


def subjects_of_order(order: Order) -> list[str]:
    """Subjects of evidence that an order concerns: its own, what came in, and the cases of what it names."""
    references = order.intakes.values_list("evidence", flat=True)
    intakes = EvidenceItem.objects.filter(pk__in=list(references)).values_list("subject", flat=True)
    contents = order.items.exclude(content=None).values_list("content_id", flat=True)
    cases = Case.objects.filter(content_id__in=list(contents)).order_by("id")[:ORDERS_LOOKED_AT_MAX]
    found = [f"order:{order.number}", *intakes, *(f"case:{one.number}" for one in cases)]
    return list(dict.fromkeys(found))


def related_subjects(subject: str) -> list[str]:
    """Subjects of the ledger that tell the story of this one, itself first."""
    kind, _, rest = subject.partition(":")
    found = [subject]
    if kind == "case":
        case = Case.objects.select_related("content__platform").filter(pk=_number("C", rest)).first()
        if case is not None:
            found.append(case.content.reference)
            found.extend(f"order:{one.order.number}" for one in _items_of(case))
    elif kind == "order":
        found.extend(
            f"intake:{one.number}" for one in OrderIntake.objects.filter(order_id=_number("O", rest))
        )
    elif kind == "intake":
        for one in _intakes(subject):
            found.append(f"intake:{one.number}")
            found.extend([f"order:{one.order.number}"] if one.order else [])
    return list(dict.fromkeys(found))


_UNKNOWN = Facts(holds=(Hold("unknown_subject", ""),))


def _of_case(case: Case, at: datetime) -> Facts:
    decided = list(case.decisions.order_by("id"))
    removals = [(one.taken_at, Ground.DECISION) for one in decided if one.action in _REMOVING]
    if case.verdict == "remove":
        removals.append((case.opened_at, Ground.RULE))
    removals.extend((one.measure_at, Ground.ORDER) for one in _items_of(case) if one.measure_at is not None)
    holds = tuple(_holds_of_case(case, at))
    if not removals:
        return Facts(ended_at=case.decided_at, holds=holds)
    removed_at, ground = max(removals)
    # The platform may have obeyed later than it was decided: then it is removed since then.
    since = taken_down_since(case.content.reference)
    return Facts(max(removed_at, since or removed_at), ground, case.decided_at, holds)


def _holds_of_case(case: Case, at: datetime) -> Iterator[Hold]:
    if case.state == Case.State.OPEN:
        yield Hold("case_open", case.number)
    for complaint in Complaint.objects.filter(case=case).exclude(state__in=ANSWERED).order_by("id"):
        yield Hold("complaint_open", complaint.number)
    for notice in Notice.objects.filter(case=case, state=NoticeState.QUEUED).order_by("id")[:20]:
        yield Hold("notice_open", notice.number)
    for threat in Threat.objects.filter(case=case, state=Threat.State.OPEN).order_by("id"):
        yield Hold("threat_open", threat.number)
    yield from _holds_of_statements(case, at)
    for order in dict.fromkeys(one.order for one in _items_of(case)):
        yield from _holds_of_order(order)


def _holds_of_statements(case: Case, at: datetime) -> Iterator[Hold]:
    """Whoever was told why may object for six months: (EU) 2022/2065 Art. 20(1)."""
    told = Statement.objects.filter(case=case, withdrawn_at=None, complaint=None).order_by("id")
    for statement in told:
        if statement.withheld_at(at):
            yield Hold("withheld", statement.number, statement.withheld_until)
        elif statement.informed_at is not None and at < complaint_until(statement.informed_at):
            yield Hold("complaint_possible", statement.number, complaint_until(statement.informed_at))


def _holds_of_order(order: Order) -> Iterator[Hold]:
    if order.scrutiny == Scrutiny.REQUESTED and order.stage not in ENDS:
        yield Hold("scrutiny_open", order.number)
    if not order.standing.has_ended:
        yield Hold("order_open", order.number)


def _of_order(order: Order) -> Facts:
    holds = tuple(_holds_of_order(order))
    measures = [one for one in order.items.values_list("measure_at", flat=True) if one is not None]
    if measures:
        return Facts(max(measures), Ground.ORDER, order.ended_at, holds)
    return Facts(ended_at=order.ended_at, holds=holds)


def _of_intake(subject: str) -> Facts:
    """What came in as an order: kept as long as the order it became."""
    found = list(_intakes(subject))
    if not found:
        return _UNKNOWN
    all_facts = [_of_one_intake(one) for one in found]
    removed = [(one.removed_at, one.ground) for one in all_facts if one.removed_at is not None]
    ended = [one.ended_at for one in all_facts if one.ended_at is not None]
    holds = tuple(dict.fromkeys(hold for one in all_facts for hold in one.holds))
    removed_at, ground = max(removed) if removed else (None, Ground.NONE)
    return Facts(removed_at, ground, max(ended) if len(ended) == len(found) else None, holds)


def _of_one_intake(one: OrderIntake) -> Facts:
    if one.order is not None:
        return _of_order(one.order)
    if one.state == OrderIntake.State.SET_ASIDE:
        return Facts(ended_at=one.stored_at)
    return Facts(holds=(Hold("intake_waits", one.number),))


def _of_reply(subject: str) -> Facts:
    """A mail that came in answer to an order of ours: kept until that order ended, or until a person noted it."""
    references = list(EvidenceItem.objects.filter(subject=subject).values_list("reference", flat=True))
    rows = Reply.objects.filter(evidence__in=references).select_related("order").order_by("id")
    found = list(rows[:ORDERS_LOOKED_AT_MAX])
    if not found:
        return _UNKNOWN
    waiting = [Hold("reply_waits", one.number) for one in found if one.state == Reply.State.WAITING]
    orders = {one.order for one in found if one.order is not None}
    running = [Hold("issued_open", one.number) for one in orders if not one.standing.has_ended]
    if waiting or running:
        return Facts(holds=(*waiting, *running))
    ended = [one.ended_at for one in orders if one.ended_at is not None]
    return Facts(ended_at=max([*ended, *(one.stored_at for one in found)]))


def _of_entry(entry: Entry) -> Facts:
    if entry.removed_at is None:
        return Facts(holds=(Hold("banked", entry.number),))
    return Facts(ended_at=entry.removed_at)


def _items_of(case: Case) -> list[OrderItem]:
    items = OrderItem.objects.filter(content=case.content).select_related("order").order_by("id")
    return list(items[:ORDERS_LOOKED_AT_MAX])


def _intakes(subject: str) -> Iterator[OrderIntake]:
    references = list(EvidenceItem.objects.filter(subject=subject).values_list("reference", flat=True))
    rows = OrderIntake.objects.filter(evidence__in=references).select_related("order").order_by("id")
    return iter(rows[:ORDERS_LOOKED_AT_MAX])


def _number(prefix: str, text: str) -> int:
    return parse_public_number(prefix, text) or 0
