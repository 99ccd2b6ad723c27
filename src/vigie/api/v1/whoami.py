"""`/v1/whoami`: who the caller is and may do, and the caller's own tokens; `/v1/problems`: what error codes mean.

It shows nothing of anybody else.
"""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Router
from ninja.responses import Status

from vigie.api.access import Kind, actor_of, allowed, caller_of, person_of
from vigie.api.problems import TITLES
from vigie.api.shapes import GivenInstant, Instant, Sent, Shape
from vigie.foundation.clock import now
from vigie.foundation.errors import Forbidden, Invalid, NotFound
from vigie.people.models import Token
from vigie.people.service import add_token, revoke_token

router = Router(tags=["whoami"])

TokenId = Annotated[int, Path(ge=1, le=2**63 - 1, description="The token's number.")]


class WhoAmI(Shape):
    """The caller."""

    kind: Kind = Field(description="How the caller is known.", examples=["service_token"])
    name: str = Field(description="The person's user name, or the token's name.", examples=["forum"])
    role: str = Field(description="The person's role; empty for a service.", examples=["reviewer"])
    rights: list[str] = Field(description="What the caller may do.", examples=[["content:write"]])
    platform: str = Field(
        description="The one platform of the token; empty when it has none.", examples=["forum"]
    )


class TokenShown(Shape):
    """A token, without its text."""

    id: int = Field(examples=[3])
    name: str = Field(examples=["forum"])
    prefix: str = Field(description="How the token's text begins, after `vgt_`.", examples=["4f1c9a20"])
    scopes: list[str] = Field(examples=[["content:write"]])
    platform: str = Field(description="The one platform it is for; empty for any.", examples=["forum"])
    authority: str = Field(description="Key of the authority whose own orders it files; empty for others.")
    username: str = Field(description="Whose own token it is; empty for a service.", examples=[""])
    created_at: Instant
    expires_at: Instant | None
    revoked_at: Instant | None
    last_used_on: str | None = Field(description="The day of its last use.", examples=["2026-11-22"])

    @classmethod
    def of(cls, token: Token) -> "TokenShown":
        """The token as it is shown."""
        return cls(**_fields(token))


class TokenMade(TokenShown):
    """A new token with its text."""

    text: str = Field(description="Shown this once and not stored.", examples=["vgt_4f1c9a20_..."])


class TokenOfOwn(Sent):
    """A token for oneself."""

    name: str = Field(min_length=1, max_length=100, examples=["my scripts"])
    scopes: list[str] = Field(
        min_length=1, max_length=40, description="Rights of the person.", examples=[["cases:read"]]
    )
    expires_at: GivenInstant | None = None


class ProblemMeaning(Shape):
    """What an error code means."""

    code: str = Field(examples=["not_found"])
    title: str = Field(examples=["There is no such thing"])


class ProblemMeanings(Shape):
    """Every error code."""

    items: list[ProblemMeaning]


@router.get("/whoami", response=WhoAmI, **allowed())
def whoami(request: HttpRequest) -> WhoAmI:
    """Who the caller is and what the caller may do."""
    caller = caller_of(request)
    if caller.token_id is not None:
        name = Token.objects.values_list("name", flat=True).get(pk=caller.token_id)
    else:
        name = person_of(request).username
    return WhoAmI(
        kind=caller.kind,
        name=name,
        role=caller.user.role if caller.user else "",
        rights=sorted(right.value for right in caller.rights),
        platform=caller.platform,
    )


@router.get("/whoami/tokens", response=list[TokenShown], **allowed(problems=(403,)))
def list_own_tokens(request: HttpRequest) -> list[TokenShown]:
    """The caller's own tokens that work, newest first."""
    rows = Token.objects.select_related("user").filter(user=person_of(request), revoked_at=None)
    return [TokenShown.of(one) for one in rows.order_by("-id")[:200]]


@router.post("/whoami/tokens", response={201: TokenMade}, **allowed(problems=(403, 422)))
def add_own_token(request: HttpRequest, body: TokenOfOwn) -> Status[TokenMade]:
    """Make a token for oneself; only from the console's session, so that one token cannot make others."""
    user = person_of(request)
    if caller_of(request).kind != "session":
        raise Forbidden("A token cannot make tokens.", hint="Sign in to the console.")
    token, text = add_token(
        name=body.name,
        scopes=body.scopes,
        actor=actor_of(request),
        expires_at=in_the_future(body.expires_at),
        user=user,
    )
    return Status(201, made(token, text))


@router.post("/whoami/tokens/{token_id}/revoke", response=TokenShown, **allowed(problems=(404,)))
def revoke_own_token(request: HttpRequest, token_id: TokenId) -> TokenShown:
    """Stop one of the caller's own tokens at once."""
    if not Token.objects.filter(pk=token_id, user=person_of(request)).exists():
        raise NotFound("There is no such token.")
    return TokenShown.of(revoke_token(token_id, actor=actor_of(request)))


@router.get("/problems", response=ProblemMeanings, auth=None)
def list_problems(request: HttpRequest) -> ProblemMeanings:
    """What every error code means; the `type` of a problem document leads here."""
    return ProblemMeanings(
        items=[ProblemMeaning(code=code, title=title) for code, title in sorted(TITLES.items())]
    )


def made(token: Token, text: str) -> TokenMade:
    """A new token as it is shown this once."""
    return TokenMade(**_fields(token), text=text)


def in_the_future(instant: datetime | None) -> datetime | None:
    """The instant; raises Invalid when it is past."""
    if instant is not None and instant <= now():
        raise Invalid("A token cannot expire in the past.")
    return instant


def _fields(token: Token) -> dict[str, Any]:
    return {
        "id": token.pk,
        "name": token.name,
        "prefix": token.prefix,
        "scopes": list(token.scopes),
        "platform": token.platform,
        "authority": token.authority,
        "username": token.user.username if token.user else "",
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_on": token.last_used_on.isoformat() if token.last_used_on else None,
    }
