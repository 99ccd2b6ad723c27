"""Codes of deliveries and looks in words: what a platform answered, when the next attempt is.

It changes no meaning; a code without words is shown as it is.
"""

import re
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vigie.console.words import Words, word

FAILURES: Words = {
    "unreachable": gettext_lazy("The platform could not be reached."),
    "timed_out": gettext_lazy("The platform did not answer in time."),
    "bad_answer": gettext_lazy("What the platform answered was no proper HTTP."),
    "too_many_bytes": gettext_lazy("The platform's answer was too long."),
    "address_refused": gettext_lazy(
        "The platform's address is private; allow it with VIGIE_ALLOWED_FETCH_HOSTS."
    ),
    "scheme_refused": gettext_lazy("The platform's address is neither http nor https."),
    "redirect_refused": gettext_lazy("The platform sent Vigie on to an address that it may not reach."),
    "too_many_redirects": gettext_lazy("The platform sent Vigie on too many times."),
    "bad_url": gettext_lazy("The platform's address is no address."),
    "smtp_unreachable": gettext_lazy("The mail server could not be reached."),
}

_SMTP = re.compile(r"^smtp_(\d{3})$")
_HTTP = re.compile(r"^(?:http_|HTTP )(\d{3})$")


def failure_words(code: str) -> str:
    """A reason of the connector (`http_503`, `timed_out`) in a sentence; empty for none."""
    if not code:
        return ""
    status = _HTTP.match(code)
    if status:
        return _("The platform answered with status %(status)s.") % {"status": status.group(1)}
    refused = _SMTP.match(code)
    if refused:
        return _("The mail server refused it with code %(code)s.") % {"code": refused.group(1)}
    return word(FAILURES, code)


def seen_words(seen: str) -> str:
    """What a look found, in a sentence."""
    status = _HTTP.match(seen)
    if status:
        return _("Its address answers with status %(status)s.") % {"status": status.group(1)}
    return word(FAILURES, seen)


def until_words(instant: datetime, *, at: datetime) -> str:
    """How long until an instant, in words."""
    seconds = int((instant - at).total_seconds())
    if seconds <= 0:
        return _("now")
    if seconds < 60:
        return ngettext("in %(count)d second", "in %(count)d seconds", seconds) % {"count": seconds}
    minutes = seconds // 60
    if minutes < 60:
        return ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}
