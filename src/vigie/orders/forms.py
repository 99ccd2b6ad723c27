"""The three forms of Regulation (EU) 2021/784 as records: Annex I, the order; II, the feedback; III, why it cannot be.

It guesses nothing: what a sender did not say, or said so that it can be read in two ways, is left for a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Invalid

TEXT_CHARS_MAX = 10_000
LINE_CHARS_MAX = 500
URLS_MAX = 100
URL_CHARS_MAX = 2_048

# fmt: off
MEMBER_STATES = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)
# fmt: on
AuthorityKind = Literal["court", "law_enforcement", "other"]
AUTHORITY_KINDS: tuple[AuthorityKind, ...] = ("court", "law_enforcement", "other")
LEGAL_TYPES = ("a", "b", "c", "d", "e")
Kind = Literal["line", "text", "state", "instant", "tick", "types", "urls", "authority_kind"]


class FormUnusable(Invalid):
    """This is no form, or it lacks what makes it one."""

    code = "form_unusable"


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of Annex I: its section, what kind of value it holds, and whether an order needs it."""

    key: str
    section: str
    kind: Kind
    needed: bool = False


ANNEX_I: tuple[FormField, ...] = (
    FormField("issuing_state", "A", "state", needed=True),
    FormField("addressee", "A", "line"),
    FormField("contact_point", "A", "line"),
    FormField("home_state", "A", "state"),
    FormField("issued_at", "A", "instant", needed=True),
    FormField("reference", "A", "line", needed=True),
    FormField("urls", "B", "urls", needed=True),
    FormField("locating_information", "B", "text"),
    FormField("legal_types", "B", "types", needed=True),
    FormField("additional_reasons", "B", "text"),
    FormField("do_not_inform", "C", "tick", needed=True),
    FormField("home_state_differs", "D", "tick"),
    FormField("copy_sent", "D", "tick"),
    FormField("authority_kind", "E", "authority_kind"),
    FormField("authority", "E", "line", needed=True),
    FormField("representative", "E", "line"),
    FormField("file_number", "E", "line"),
    FormField("address", "E", "text"),
    FormField("telephone", "E", "line"),
    FormField("fax", "E", "line"),
    FormField("email", "E", "line", needed=True),
    FormField("signed_at", "E", "instant"),
    FormField("follow_up_contact", "F", "text"),
    FormField("home_authority_contact", "F", "text"),
    FormField("redress_body", "G", "text"),
    FormField("redress_deadline", "G", "line"),
    FormField("redress_provisions", "G", "line"),
)
FIELDS = {one.key: one for one in ANNEX_I}


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalOrder:
    """Annex I, as far as it could be read. Instants keep the offset that they were written with."""

    issuing_state: str = ""
    addressee: str = ""
    contact_point: str = ""
    home_state: str = ""
    issued_at: datetime | None = None
    reference: str = ""
    urls: tuple[str, ...] = ()
    locating_information: str = ""
    legal_types: tuple[str, ...] = ()
    additional_reasons: str = ""
    do_not_inform: bool = False
    home_state_differs: bool = False
    copy_sent: bool = False
    authority_kind: str = ""
    authority: str = ""
    representative: str = ""
    file_number: str = ""
    address: str = ""
    telephone: str = ""
    fax: str = ""
    email: str = ""
    signed_at: datetime | None = None
    follow_up_contact: str = ""
    home_authority_contact: str = ""
    redress_body: str = ""
    redress_deadline: str = ""
    redress_provisions: str = ""

    def to_json(self) -> dict[str, Any]:
        """Every field, JSON-ready, in the order of the annex."""
        return {one.key: _plain(getattr(self, one.key)) for one in ANNEX_I}


@dataclass(frozen=True, slots=True)
class Read:
    """What could be read of an order, and for each field that could not, why: `missing` or `unreadable`."""

    order: RemovalOrder
    unread: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Annex II: the order was executed, when and how. Source: (EU) 2021/784 Art. 3(6)."""

    addressee: str
    authority: str
    authority_reference: str
    addressee_reference: str
    received_at: datetime
    measure: Literal["removed", "disabled"]
    measure_at: datetime
    representative: str
    member_state: str
    authorised_person: str
    contact_email: str
    signed_at: datetime

    def to_json(self) -> dict[str, Any]:
        """JSON-ready, with `form` naming the annex."""
        return {"form": "annex_ii", **_record(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotExecute:
    """Annex III: why the order cannot be executed for now. Source: (EU) 2021/784 Art. 3(7) and 3(8)."""

    addressee: str
    authority: str
    authority_reference: str
    addressee_reference: str
    received_at: datetime
    ground: Literal["force_majeure", "manifest_errors", "insufficient_information"]
    reasons: str
    needed: str
    representative: str
    member_state: str
    authorised_person: str
    contact_email: str
    signed_at: datetime

    def to_json(self) -> dict[str, Any]:
        """JSON-ready, with `form` naming the annex."""
        return {"form": "annex_iii", **_record(self)}


def read_order(values: Mapping[str, Any]) -> Read:
    """The fields of Annex I from a map of their keys; keys that the form does not have are passed over.

    A needed field that is not there is `missing`; one with a value that cannot be taken is `unreadable`.
    """
    read: dict[str, Any] = {}
    unread: dict[str, str] = {}
    for field in ANNEX_I:
        given = values.get(field.key)
        if given is None or given in ("", [], ()):
            if field.needed:
                unread[field.key] = "missing"
            continue
        try:
            read[field.key] = _parsed(field.kind, given)
        except (ValueError, TypeError, OverflowError):
            unread[field.key] = "unreadable"
    if read.get("authority_kind") == "other" and not values.get("follow_up_contact"):
        # The annex asks those that tick this box in section E for section F as well.
        unread["follow_up_contact"] = "missing"
    return Read(RemovalOrder(**read), unread)


def order_from_stored(values: Mapping[str, Any]) -> RemovalOrder:
    """The inverse of `to_json`."""
    return read_order(values).order


def _parsed(kind: Kind, given: Any) -> Any:
    match kind:
        case "line":
            return _text(given, LINE_CHARS_MAX, one_line=True)
        case "text":
            return _text(given, TEXT_CHARS_MAX)
        case "state":
            return _state(given)
        case "instant":
            return _instant(given)
        case "tick":
            return _tick(given)
        case "types":
            return _types(given)
        case "urls":
            return _urls(given)
        case "authority_kind":
            if given not in AUTHORITY_KINDS:
                raise ValueError("no kind of authority")
            return given


def _text(given: Any, chars_max: int, *, one_line: bool = False) -> str:
    if not isinstance(given, str) or "\0" in given or any("\ud800" <= one <= "\udfff" for one in given):
        raise ValueError("no text")
    text = " ".join(given.split()) if one_line else given.strip()
    if len(text) > chars_max:
        raise ValueError("too long")
    return text


def _state(given: Any) -> str:
    code = _text(given, 2).upper()
    code = "EL" if code == "GR" else code
    if code not in MEMBER_STATES:
        raise ValueError("no Member State")
    return code


def _instant(given: Any) -> datetime:
    """RFC 3339 with an offset. A time without one, or a day written 03/04, can be read in two ways: it is not read."""
    if isinstance(given, datetime):
        found = given
    else:
        found = datetime.fromisoformat(_text(given, 40).upper().replace("Z", "+00:00"))
    if found.tzinfo is None or not 1970 <= found.year <= 9998:
        raise ValueError("no instant")
    return found


def _tick(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    known = {"true": True, "yes": True, "1": True, "☒": True, "[x]": True}
    known |= {"false": False, "no": False, "0": False, "☐": False, "[ ]": False}
    text = _text(given, 10).lower()
    if text not in known:
        raise ValueError("neither ticked nor not")
    return known[text]


def _types(given: Any) -> tuple[str, ...]:
    parts = given.replace(",", " ").split() if isinstance(given, str) else list(given)
    found = sorted({_text(one, 10).lower().strip("()") for one in parts})
    if not found or not set(found) <= set(LEGAL_TYPES):
        raise ValueError("no types of Article 2(7)")
    return tuple(found)


def _urls(given: Any) -> tuple[str, ...]:
    parts = given.split() if isinstance(given, str) else list(given)
    if len(parts) > URLS_MAX:
        raise ValueError("too many addresses")
    return tuple(dict.fromkeys(_url(one) for one in parts))


def _url(given: Any) -> str:
    text = _text(given, URL_CHARS_MAX)
    parts = urlsplit(text)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or any(one <= " " for one in text):
        raise ValueError("no address")
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _record(form: Feedback | CannotExecute) -> dict[str, Any]:
    values = {one.name: getattr(form, one.name) for one in fields(form)}
    return {key: utc_text(value) if isinstance(value, datetime) else value for key, value in values.items()}
