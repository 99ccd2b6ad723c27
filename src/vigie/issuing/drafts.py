"""What a draft of Annex I still lacks before it can be approved, as a pure function of its fields.

It mends nothing: a field that cannot be taken stays as it was typed, and is named.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vigie.issuing.addresses import AddressUnusable, names_whole_site
from vigie.orders.forms import FIELDS, RemovalOrder, read_order

# What Article 3(4) asks of an order, and Annex I of its form. The instant of issue is set when it goes out.
NEEDED = (
    "issuing_state",
    "addressee",
    "contact_point",
    "home_state",
    "reference",
    "urls",
    "legal_types",
    "additional_reasons",
    "do_not_inform",
    "authority_kind",
    "authority",
    "representative",
    "email",
    "follow_up_contact",
    "redress_body",
    "redress_deadline",
    "redress_provisions",
)
# What Vigie fills in itself when the order is issued.
OURS = ("issued_at", "signed_at", "home_state_differs", "copy_sent")
REASONS_CHARS_MIN = 20
WEEKS_MAX = 6


def lacking(
    values: Mapping[str, Any], *, withheld_weeks: int, withheld_reason: str, has_provider: bool
) -> dict[str, str]:
    """For each field that stops the order, why: missing, unreadable, too_short, whole_site, weeks, for_other_state.

    Source: (EU) 2021/784 Art. 3(4), 11(3), Annex I.
    """
    read = read_order(values)
    found = {key: why for key, why in read.unread.items() if key in NEEDED}
    order = read.order
    for key in NEEDED:
        if key not in found and key != "do_not_inform" and not getattr(order, key):
            found[key] = "missing"
    if "do_not_inform" not in values:
        found["do_not_inform"] = "missing"
    if "additional_reasons" not in found and len(order.additional_reasons) < REASONS_CHARS_MIN:
        found["additional_reasons"] = "too_short"
    if any(_is_whole_site(url) for url in order.urls):
        found["urls"] = "whole_site"
    if order.do_not_inform:
        if not 1 <= withheld_weeks <= WEEKS_MAX:
            found["withheld_weeks"] = "weeks"
        if not withheld_reason.strip():
            found["withheld_reason"] = "missing"
    if not has_provider:
        found["provider"] = "missing"
    return found


def unusable(values: Mapping[str, Any]) -> dict[str, str]:
    """Of what was typed, what cannot be taken as it is written; what is missing is no fault of a draft."""
    found = {key: "unknown" for key in values if key not in FIELDS}
    found |= {key: "ours" for key in values if key in OURS}
    return found | {key: why for key, why in read_order(values).unread.items() if why == "unreadable"}


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that were given, JSON-ready and in the order of the annex; a tick that is off was given too."""
    plain = read_order(values).order.to_json()
    return {
        key: plain[key]
        for key in FIELDS
        if (key == "do_not_inform" and "do_not_inform" in values and values[key] not in (None, ""))
        or plain[key] not in ("", [], None, False)
    }


def as_issued(values: Mapping[str, Any], *, issued_at: datetime, cross_border: bool) -> RemovalOrder:
    """Annex I as it goes out: dated, with its section D filled in."""
    dated = {
        **values,
        "issued_at": issued_at,
        "signed_at": issued_at,
        "home_state_differs": cross_border,
        "copy_sent": cross_border,
    }
    return read_order(dated).order


def _is_whole_site(url: str) -> bool:
    try:
        return names_whole_site(url)
    except AddressUnusable:
        return True
