"""The order and the filters of the queue.

It shows cases to people; it takes none away from anyone.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from vigie.cases.models import Case, CaseMatch, Decision

# Higher comes first. Held content waits invisible for its author, so it comes before what is published.
PRIORITY_OF_VERDICT = {"hold": 30, "review": 20, "remove": 10}


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to show; empty fields do not restrict. `state`: open, decided or all."""

    state: str = "open"
    verdict: str = ""
    bank: str = ""
    platform: str = ""
    signal: str = ""
    language: str = ""
    locked: str = ""
    search: str = ""


def queue(wanted: QueueFilter, *, user_id: int | None, at: datetime) -> QuerySet[Case]:
    """Cases in the order they should be worked on: by priority, then the oldest first; decided ones newest first.

    `locked`: `mine` shows what the user works on, `free` what nobody does.
    """
    cases = Case.objects.select_related("content__platform", "locked_by").prefetch_related(
        "media",
        Prefetch("matches", CaseMatch.objects.select_related("entry__bank").order_by("distance_bits", "id")),
        Prefetch("decisions", Decision.objects.select_related("taken_by", "statement").order_by("-id")),
    )
    if wanted.state in (Case.State.OPEN, Case.State.DECIDED):
        cases = cases.filter(state=wanted.state)
    if wanted.verdict:
        cases = cases.filter(verdict=wanted.verdict)
    if wanted.platform:
        cases = cases.filter(content__platform__name=wanted.platform)
    if wanted.language:
        cases = cases.filter(content__language=wanted.language)
    if wanted.bank:
        cases = cases.filter(pk__in=CaseMatch.objects.filter(entry__bank__name=wanted.bank).values("case_id"))
    if wanted.signal:
        cases = cases.filter(pk__in=CaseMatch.objects.filter(signal=wanted.signal).values("case_id"))
    if wanted.locked == "mine":
        cases = cases.filter(locked_by_id=user_id, locked_until__gt=at)
    elif wanted.locked == "free":
        cases = cases.filter(Q(locked_by=None) | Q(locked_until__lte=at) | Q(locked_by_id=user_id))
    if wanted.search:
        cases = cases.filter(_search(wanted.search))
    if wanted.state == Case.State.OPEN:
        return cases.order_by("-priority", "opened_at", "id")
    return cases.order_by("-id")


def _search(text: str) -> Q:
    from vigie.foundation.identifiers import parse_public_number

    number = parse_public_number("C", text)
    if number is not None:
        return Q(pk=number)
    return Q(content__external_id=text) | Q(content__author_id=text) | Q(content__url=text)
