"""The queue: what waits for a person, filtered, and the next case to take.

It locks a case only when somebody takes it.
"""

from dataclasses import asdict, fields, replace
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vigie.banks.models import Bank, Entry
from vigie.cases import service as cases
from vigie.cases.models import Case, Content
from vigie.cases.queue import QueueFilter, queue
from vigie.console import words
from vigie.console.access import needs, signed_in
from vigie.console.answers import go, page_of, warn
from vigie.console.edit_words import match_words
from vigie.foundation.clock import now
from vigie.foundation.limits import URL_CHARS_MAX
from vigie.foundation.settings import current
from vigie.people.models import User
from vigie.platforms.models import Platform

SESSION_KEY = "queue_filter"
# How many cases are tried when others take them in the same moment.
TRIES_MAX = 20
CHOICES_MAX = 200

_FIELDS = tuple(one.name for one in fields(QueueFilter))


@needs("cases:read")
def show(request: HttpRequest) -> HttpResponse:
    """The queue with its filters, in the order in which cases should be worked on."""
    user, at = signed_in(request), now()
    wanted = _filter_of(request.GET)
    _remember(request, wanted)
    page = page_of(request, queue(wanted, user_id=user.pk, at=at))
    context = {
        "wanted": wanted,
        "page": page,
        "rows": [_row(case, user, wanted) for case in page],
        "is_filtered": wanted != QueueFilter(state=wanted.state),
        "narrowed": any((wanted.bank, wanted.platform, wanted.signal, wanted.language, wanted.locked)),
        "counts": _counts(),
        "query": _query(wanted),
        "states": words.STATES,
        "verdicts": {code: words.VERDICTS[code] for code in ("hold", "review", "remove")},
        "signals": words.SIGNALS,
        **_choices(),
    }
    if not page.object_list and not context["is_filtered"]:
        context |= {
            "lacks_platform": not Platform.objects.exists(),
            "lacks_entry": not Entry.objects.exists(),
        }
    return render(request, "console/queue.html", context)


@needs("cases:decide")
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the first case that nobody works on, within the filter last used; `after` names one to leave out."""
    return go_to_next(request, after=request.POST.get("after", ""))


def go_to_next(request: HttpRequest, *, after: str = "") -> HttpResponse:
    """Lock the next case and send the browser there; to the queue when there is none."""
    wanted = _remembered(request)
    wanted = replace(wanted, state=Case.State.OPEN, locked="mine" if wanted.locked == "mine" else "free")
    case = _take_first(wanted, user=signed_in(request), after=after)
    if case is None:
        warn(request, _("No other case waits in this view of the queue."))
        return go(request, f"/?{_query(replace(wanted, locked=''))}")
    return go(request, f"/cases/{case.number}")


def _take_first(wanted: QueueFilter, *, user: User, after: str) -> Case | None:
    for case in queue(wanted, user_id=user.pk, at=now())[:TRIES_MAX]:
        if case.number == after:
            continue
        try:
            return cases.lock_case(case.number, user=user, settings=current())
        except cases.CaseLocked:
            continue  # taken by somebody else in this moment: the next one
    return None


def _filter_of(query: QueryDict) -> QueueFilter:
    values = {name: query.get(name, "").strip()[:URL_CHARS_MAX] for name in _FIELDS}
    if values["state"] not in words.STATES:
        values["state"] = "open"
    return QueueFilter(**values)


def _query(wanted: QueueFilter) -> str:
    query = QueryDict(mutable=True)
    query.update(
        {
            name: value
            for name, value in asdict(wanted).items()
            if value and (name, value) != ("state", "open")
        }
    )
    return query.urlencode()


def _remember(request: HttpRequest, wanted: QueueFilter) -> None:
    if request.session.get(SESSION_KEY, "") != _query(wanted):
        request.session[SESSION_KEY] = _query(wanted)


def _remembered(request: HttpRequest) -> QueueFilter:
    return _filter_of(QueryDict(str(request.session.get(SESSION_KEY, ""))))


def _row(case: Case, user: User, wanted: QueueFilter) -> dict[str, Any]:
    matches = list(case.matches.all())
    media = list(case.media.all())
    decisions = list(case.decisions.all())
    nearest = matches[0] if matches else None
    at = now()
    is_locked = case.locked_by is not None and case.locked_until is not None and case.locked_until > at
    return {
        "case": case,
        "preview": next((medium.preview for medium in media if medium.preview), ""),
        "media_count": len(media),
        "quarantined": any(medium.quarantine_code for medium in media),
        "nearest": nearest,
        "nearness": match_words(nearest) if nearest else "",
        "more_matches": len({match.entry_id for match in matches}) - 1 if matches else 0,
        "because": case.reasons[0].get("because", "") if case.reasons else "",
        "decision": decisions[0] if decisions and case.state == Case.State.DECIDED else None,
        "reopened": bool(decisions) and case.state == Case.State.OPEN,
        "locked_by": case.locked_by if is_locked and wanted.state != "decided" else None,
        "is_mine": is_locked and case.locked_by_id == user.pk,
    }


def _counts() -> dict[str, int]:
    """Open cases by verdict."""
    found = Case.objects.filter(state=Case.State.OPEN).order_by().values_list("verdict").annotate(Count("id"))
    counts = dict(found)
    return {verdict: counts.get(verdict, 0) for verdict in ("hold", "review", "remove")}


def _choices() -> dict[str, list[str]]:
    languages = (
        Content.objects.exclude(language="")
        .values_list("language", flat=True)
        .distinct()
        .order_by("language")
    )
    return {
        "banks": list(Bank.objects.order_by("name").values_list("name", flat=True)[:CHOICES_MAX]),
        "platforms": list(Platform.objects.order_by("name").values_list("name", flat=True)[:CHOICES_MAX]),
        "languages": list(languages[:CHOICES_MAX]),
    }
