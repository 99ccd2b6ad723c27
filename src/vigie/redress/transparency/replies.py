"""What the Transparency Database said to a call, as one of a few outcomes. Pure.

Only 201 is success. A duplicate is told from a mistake in the record; whatever is not understood is tried again.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

ERROR_CHARS_MAX = 500
_PLACE = re.compile(r"statement_(\d{1,3})|statements\.(\d{1,3})(?:\..*)?")


@dataclass(frozen=True, slots=True)
class Accepted:
    """Everything is in the database; `uuids` by puid, as far as the answer could be read."""

    uuids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mistaken:
    """Nothing was taken. `errors` by place in the batch; None holds what is said of the whole call."""

    errors: dict[int | None, str]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Nothing was taken, because these are there already, or are said to be. Empty: it is not said which."""

    puids: frozenset[str]


@dataclass(frozen=True, slots=True)
class TryLater:
    """Nothing is known to be taken; `reason` is a stable code."""

    reason: str


Reply = Accepted | Mistaken | Duplicate | TryLater


def reply_of(status: int, body: bytes) -> Reply:
    """The outcome of `POST statement` or `POST statements`."""
    if status == 201:
        return Accepted(_uuids(_json(body)))
    if status == 422:
        return _unprocessable(_json(body))
    return TryLater(
        {401: "unauthorised", 403: "forbidden", 429: "rate_limited"}.get(status, f"http_{status}")
    )


def _unprocessable(found: Any) -> Reply:
    errors = found.get("errors") if isinstance(found, dict) else None
    if not isinstance(errors, dict):
        errors = {}
    if isinstance(found, dict) and isinstance(found.get("existing"), dict):
        return Duplicate(_texts([found["existing"].get("puid")]))
    if "existing_puids" in errors:
        known = errors["existing_puids"]
        return Duplicate(_texts(known if isinstance(known, list) else [known]))
    placed: dict[int | None, str] = {}
    for name, said in errors.items():
        place = _PLACE.fullmatch(name)
        if place is None:
            placed[None] = _said(placed.get(None, ""), name, said)
        else:
            at = int(place.group(1) or place.group(2))
            placed[at] = _said(placed.get(at, ""), "", said)
    return Mistaken(placed or {None: "http_422"})


def _said(before: str, name: str, said: Any) -> str:
    """Field names and what is said of them, short; values that were sent are not repeated by the database."""
    if isinstance(said, dict):
        text = "; ".join(f"{one}: {_first(why)}" for one, why in said.items())
    else:
        text = f"{name}: {_first(said)}" if name else _first(said)
    return f"{before}; {text}".removeprefix("; ")[:ERROR_CHARS_MAX]


def _first(said: Any) -> str:
    return str(said[0] if isinstance(said, list) and said else said)


def _uuids(found: Any) -> dict[str, str]:
    rows = found.get("statements", [found]) if isinstance(found, dict) else []
    return {
        str(one["puid"]): str(one["uuid"])
        for one in rows
        if isinstance(one, dict) and isinstance(one.get("puid"), str) and isinstance(one.get("uuid"), str)
    }


def _texts(values: list[Any]) -> frozenset[str]:
    return frozenset(one for one in values if isinstance(one, str))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
