"""Tags for instants, codes in words and addresses that nobody should follow by accident.

They format; they look nothing up.
"""

from datetime import UTC, datetime

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from vigie.console import (
    event_words,
    evidence_words,
    exposure_words,
    issuing_words,
    misuse_words,
    order_words,
    public_words,
    redress_words,
    words,
)
from vigie.console.member_states import member_state
from vigie.console.public import is_for_everybody
from vigie.foundation.clock import now
from vigie.people import first_account
from vigie.people.models import User
from vigie.redress import statements

register = template.Library()

# Day first, month in letters, 24 hours: read the same way in every language. `M` is for English: it makes capitals.
INSTANT_FORMAT = "j N Y, H:i"
INSTANT_FORMAT_ENGLISH = "j M Y, H:i"

_WORDS: dict[str, words.Words] = {
    "verdict": words.VERDICTS,
    "state": words.STATES,
    "action": words.ACTIONS,
    "action_taken": words.ACTIONS_TAKEN,
    "legal_type": words.LEGAL_TYPES,
    "legal_type_short": words.LEGAL_TYPES_SHORT,
    "exemption": words.EXEMPTIONS,
    "signal": words.SIGNALS,
    "quarantine": words.QUARANTINE,
    "measure": words.MEASURES,
    "delivery": words.DELIVERY_STATES,
    "recheck": words.RECHECK_STATES,
    "role": words.ROLES,
    "lookback": words.LOOKBACK_STATES,
    "find": words.FIND_OUTCOMES,
    "event": event_words.EVENTS,
    "evidence": words.EVIDENCE_KINDS,
    "evidence_stage": evidence_words.STAGES,
    "evidence_ground": evidence_words.GROUNDS,
    "evidence_hold": evidence_words.HOLDS,
    "evidence_kind": evidence_words.KINDS,
    "evidence_request": evidence_words.REQUEST_STATES,
    "issued_stage": issuing_words.STAGES,
    "issued_home": issuing_words.HOME,
    "issued_appeal": issuing_words.APPEALS,
    "issued_prior": issuing_words.PRIOR,
    "issued_letter": issuing_words.LETTERS,
    "issued_figure": {**issuing_words.FIGURES, **exposure_words.FIGURES},
    "channel": issuing_words.CHANNELS,
    "hold_kind": issuing_words.HOLD_KINDS,
    "exposure": exposure_words.EXPOSURE,
    "exposure_measure": exposure_words.MEASURES,
    "act_title": exposure_words.ACT_TITLES,
    "act_outcome": exposure_words.OUTCOMES,
    "act_penalty": exposure_words.PENALTIES,
    "issued_alarm": issuing_words.ALARMS,
    "reply_state": issuing_words.REPLY_STATES,
    "reply_problem": issuing_words.REPLY_PROBLEMS,
    "authority_kind": order_words.AUTHORITY_KINDS,
    "order_stage": order_words.STAGES,
    "order_access": order_words.ACCESS,
    "order_answer": order_words.ANSWERS,
    "order_scrutiny": order_words.SCRUTINY,
    "order_disclosure": order_words.DISCLOSURE,
    "order_sender": order_words.SENDER,
    "dkim": order_words.DKIM,
    "signature": order_words.SIGNATURE,
    "order_problem": order_words.PROBLEMS,
    "order_measure": order_words.MEASURES_TAKEN,
    "cause": redress_words.CAUSES,
    "letter": redress_words.LETTERS,
    "statement": redress_words.STATEMENT_STATES,
    "misuse_kind": misuse_words.KINDS,
    "misuse_who": misuse_words.WHO,
    "misuse_stage": misuse_words.STAGES,
    "misuse_total": misuse_words.TOTALS,
    "misuse_effect": misuse_words.EFFECTS,
    "misuse_step": misuse_words.STEPS,
    "misuse_end": misuse_words.ENDS,
    "misuse_withdrawn": misuse_words.WITHDRAWN,
    "notice": redress_words.NOTICE_STATES,
    "notice_outcome": public_words.NOTICE_OUTCOMES,
    "category": public_words.CATEGORIES,
    "came_by": redress_words.CAME_BY,
    "threat": redress_words.THREAT_STATES,
    "submission": redress_words.SUBMISSION_STATES,
    "complaint": redress_words.COMPLAINT_STATES,
    "complainant": redress_words.COMPLAINANTS,
    "basis": redress_words.BASES,
    "outcome": redress_words.OUTCOMES,
    "restitution": redress_words.RESTITUTIONS,
    "restitution_state": redress_words.RESTITUTION_STATES,
}

_BADGES = {
    "hold": "badge-hold",
    "remove": "badge-remove",
    "review": "badge-review",
    "allow": "badge-ok",
    "keep": "badge-ok",
    "hide": "badge-hold",
    "remove_and_suspend": "badge-remove",
    "undo": "badge-muted",
    "suspend_account": "badge-remove",
    "suspended": "badge-remove",
    "warned": "badge-hold",
    "pending": "badge-review",
    "delivered": "badge-ok",
    "dead": "badge-remove",
    "informed": "badge-ok",
    "sent": "badge-review",
    "waiting": "badge-hold",
    "withheld": "badge-hold",
    "queued": "badge-review",
    "set_aside": "badge-muted",
    "told": "badge-ok",
    "accepted": "badge-ok",
    "received": "badge-hold",
    "assigned": "badge-review",
    "back": "badge-ok",
    "missing": "badge-remove",
    "gone": "badge-ok",
    "still_there": "badge-remove",
    "running": "badge-review",
    "stopped": "badge-hold",
    "done": "badge-ok",
    "cancelled": "badge-muted",
    "preserved": "badge-review",
    "extended": "badge-review",
    "expired": "badge-hold",
    "requested": "badge-hold",
    "granted": "badge-ok",
}


@register.simple_tag
def when(instant: datetime | None) -> SafeString | str:
    """An instant in the reader's zone, with UTC on hover."""
    if instant is None:
        return "–"
    return _time(instant, date_format(timezone.localtime(instant), _instant_format()), kind="when")


@register.simple_tag
def when_with_zone(instant: datetime | None) -> SafeString | str:
    """An instant with its zone behind it (`UTC`, `CET`), for pages that name the zone nowhere else."""
    if instant is None:
        return "–"
    return _time(instant, date_format(timezone.localtime(instant), f"{_instant_format()} T"), kind="when")


@register.simple_tag
def age(instant: datetime | None) -> SafeString | str:
    """How long ago an instant was, short (`3 h`), with UTC on hover."""
    if instant is None:
        return "–"
    return _time(instant, age_words(int((now() - instant).total_seconds())), kind="age")


def age_words(seconds: int) -> str:
    """Whole minutes, hours or days in few characters."""
    minutes = max(0, seconds) // 60
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return gettext("%(count)d min") % {"count": minutes}
    if minutes < 48 * 60:
        return gettext("%(count)d h") % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.simple_tag(takes_context=True)
def languages_here(context: Context) -> list[tuple[str, str]]:
    """The languages that this page is there in, each with its own name."""
    request = context.get("request")
    view = request.resolver_match.func if request is not None and request.resolver_match else None
    return list(settings.LANGUAGES if is_for_everybody(view) else settings.CONSOLE_LANGUAGES.items())


@register.filter
def words_for(code: str, table: str) -> str:
    """`{{ "hold"|words_for:"verdict" }}`; tables are those of `console.words`."""
    return words.word(_WORDS[table], code)


register.filter("member_state", member_state)


@register.simple_tag
def command_for_first_account() -> str:
    """How to make the first account, while there is none: whoever knocks at a Vigie with accounts learns nothing."""
    return "" if User.objects.exists() else first_account.COMMAND


@register.filter
def badge(code: str) -> str:
    """The class of the badge for a verdict, an action or a state."""
    return _BADGES.get(code, "badge-muted")


@register.filter
def issuing_badge(code: str) -> str:
    """The class of the badge for the stage of an order of ours."""
    return issuing_words.issuing_badge(code)


@register.filter
def annex_label(key: str) -> str:
    """The words of Annex I for a field."""
    return order_words.field_label(key)


@register.filter
def passages(statement: str) -> list[tuple[str, str]]:
    """The passages of a statement of reasons with their headings."""
    return statements.passages(statement)


@register.filter
def order_badge(code: str) -> str:
    """The class of the badge for a stage, an answer or the sender check of a removal order."""
    return order_words.order_badge(code)


@register.simple_tag
def countdown(due_at: datetime) -> SafeString:
    """What is left until an instant (`41 min left`), kept current by the page's script."""
    shown = left_words(int((due_at - now()).total_seconds()))
    utc = due_at.astimezone(UTC)
    return format_html(
        '<time class="countdown" datetime="{}" title="{} UTC" data-due data-left="{}" data-over="{}">{}</time>',
        utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        utc.strftime("%Y-%m-%d %H:%M:%S"),
        gettext("%(count)d min left"),
        gettext("%(count)d min over"),
        shown,
    )


def left_words(seconds: int) -> str:
    """Whole minutes left, or over."""
    if seconds >= 0:
        return gettext("%(count)d min left") % {"count": seconds // 60}
    return gettext("%(count)d min over") % {"count": -seconds // 60}


@register.filter
def split_words(text: str) -> list[str]:
    """The words of a text, for a loop over a few codes."""
    return text.split()


@register.filter
def defanged(address: str) -> str:
    """An address that no program turns into a link: `hxxps://heron[.]example/a`."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return address.replace(".", "[.]")
    host, slash, path = rest.partition("/")
    return scheme.replace("http", "hxxp") + separator + host.replace(".", "[.]") + slash + path


@register.filter
def item(mapping: dict[str, str], key: str) -> str:
    """`{{ names|item:actor }}`; the key itself when it is not there."""
    return mapping.get(key, key)


def _instant_format() -> str:
    return INSTANT_FORMAT_ENGLISH if get_language() == "en" else INSTANT_FORMAT


def _time(instant: datetime, shown: str, *, kind: str) -> SafeString:
    utc = instant.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC" data-{}>{}</time>',
        utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        utc.strftime("%Y-%m-%d %H:%M:%S"),
        kind,
        shown,
    )
