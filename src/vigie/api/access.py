"""Who is calling: a service token, a person's own token, or a person signed in to the console; and what they may do.

It keeps nothing between calls: each one is looked up in the database, so that a revoked token stops at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from ninja.utils import check_csrf

from vigie.api.problems import Unauthorised
from vigie.foundation.clock import now
from vigie.foundation.errors import Forbidden, Invalid
from vigie.ledger.actors import Actor, person
from vigie.people.models import Token, User
from vigie.people.rights import Right
from vigie.people.service import TokenRecord, recognise

Kind = Literal["service_token", "personal_token", "session"]


class CsrfFailed(Forbidden):
    """A call with the console's session does not carry the console's CSRF token."""

    code = "csrf_failed"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `user` is None for a service; `platform` and `authority` tell whose token it is, where it is one's."""

    kind: Kind
    actor: Actor
    rights: frozenset[Right]
    user: User | None
    platform: str
    token_id: int | None
    authority: str = ""


class Having:
    """Lets through who has one of `rights`; anybody who is known when none is named. The `auth` of an operation."""

    def __init__(self, *rights: Right) -> None:
        self.rights = rights

    def __call__(self, request: HttpRequest) -> Caller:
        """Raises Unauthorised, CsrfFailed, or Forbidden for a right that is missing."""
        if "\0" in request.path:
            raise Invalid("The address contains a character that no name has.")
        caller = _caller(request)
        if self.rights and not caller.rights.intersection(self.rights):
            who = "You may" if caller.kind == "session" else "This token may"
            raise Forbidden(f"{who} not do this: it needs {_listed(self.rights)}.")
        return caller


def allowed(*rights: Right, problems: Sequence[int] = (), files: Sequence[str] = ()) -> dict[str, Any]:
    """Arguments for an operation: who may call it, and with which problems it answers besides 401 and 403.

    `files` are the media types of an answer that is no JSON.
    """
    extra = {"x-right": _listed(rights), "x-problems": list(problems), "x-files": list(files)}
    return {"auth": Having(*rights), "openapi_extra": extra}


def caller_of(request: HttpRequest) -> Caller:
    """The caller of a request that passed `Having`."""
    caller = getattr(request, "auth", None)
    if not isinstance(caller, Caller):
        raise Unauthorised("A working token or sign-in is needed.")
    return caller


def actor_of(request: HttpRequest) -> Actor:
    """The caller as the ledger names them."""
    return caller_of(request).actor


def person_of(request: HttpRequest) -> User:
    """The person who calls; raises Forbidden for a service."""
    user = caller_of(request).user
    if user is None:
        raise Forbidden("Only a person can do this.", hint="Use a personal token, or the console.")
    return user


def _listed(rights: Sequence[Right]) -> str:
    return " or ".join(right.value for right in rights)


def _caller(request: HttpRequest) -> Caller:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        return _caller_by_token(scheme, text.strip())
    return _caller_by_session(request)


def _caller_by_token(scheme: str, text: str) -> Caller:
    row = _token_row(text) if scheme.lower() == "bearer" else None
    record = None if row is None else recognise(text, tokens={row.prefix: _record(row)}, at=now())
    if row is None or record is None or (row.user is not None and not row.user.is_active):
        raise Unauthorised("This token does not work.", hint="Send it as 'Authorization: Bearer vgt_...'.")
    _note_use(row)
    return Caller(
        kind="service_token" if row.user is None else "personal_token",
        actor=record.actor,
        rights=record.rights,
        user=row.user,
        platform=record.platform,
        token_id=row.pk,
        authority=row.authority,
    )


def _caller_by_session(request: HttpRequest) -> Caller:
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        raise Unauthorised(
            "A working token or sign-in is needed.", hint="Send a token as 'Authorization: Bearer vgt_...'."
        )
    if check_csrf(request) is not None:
        raise CsrfFailed(
            "The call lacks the console's CSRF token.", hint="Send it in the header X-CSRFToken."
        )
    return Caller(
        kind="session", actor=person(user.pk), rights=user.rights, user=user, platform="", token_id=None
    )


def _token_row(text: str) -> Token | None:
    parts = text.split("_", 2)
    if len(parts) != 3 or "\0" in text:
        return None
    return Token.objects.select_related("user").filter(prefix=parts[1], revoked_at=None).first()


def _record(row: Token) -> TokenRecord:
    return TokenRecord(
        id=row.pk,
        secret_hash=bytes(row.secret_hash),
        rights=row.rights,
        platform=row.platform,
        expires_at=row.expires_at,
        user_id=row.user_id,
    )


def _note_use(row: Token) -> None:
    """Once a day at most, so that unused tokens can be found and revoked."""
    today = now().date()
    if row.last_used_on != today:
        Token.objects.filter(pk=row.pk).update(last_used_on=today)
