"""Where the subject of a ledger row can be looked at.

It checks no right: the page behind an address does.
"""

from django.urls import NoReverseMatch, reverse

_ROUTES = {
    "case": "case",
    "bank": "bank",
    "entry": "entry-by-number",
    "platform": "platform",
    "order": "order",
    "misuse": "misuse-record",
    "issued": "issued",
    "reply": "issued-reply",
    "provider": "issuing-provider",
}


def address_of(subject: str) -> str:
    """The address of a subject (`case:C-000123`), or an empty string when it has no page."""
    kind, _, reference = subject.partition(":")
    if kind in ("user", "token"):
        return reverse("people")
    if kind == "exposure":
        return reverse("exposure")
    if kind == "policy":
        return reverse("policy")
    route = _ROUTES.get(kind)
    if route is None or not reference:
        return ""
    try:
        return reverse(route, args=[reference])
    except NoReverseMatch:
        return ""
