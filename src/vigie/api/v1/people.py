"""`/v1/users` and `/v1/tokens`: people with roles, and services with tokens.

Secrets are answered once, when they are made. What people did stays theirs when they lose access.
"""

from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Path, Query, Router
from ninja.responses import Status

from vigie.api.access import actor_of, allowed, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import GivenInstant, Instant, Sent, Shape
from vigie.api.v1.whoami import TokenId, TokenMade, TokenShown, in_the_future, made
from vigie.foundation.errors import Conflict
from vigie.people import service
from vigie.people.models import Token, User
from vigie.people.rights import Right, Role
from vigie.platforms.service import find_platform

router = Router(tags=["people"])

UserId = Annotated[int, Path(ge=1, le=2**63 - 1, description="The person's number.")]


class UserShown(Shape):
    """A person who signs in."""

    id: int = Field(examples=[12])
    username: str = Field(examples=["reviewer-1"])
    name: str
    email: str
    role: Role
    active: bool = Field(description="Whether the person has access.")
    rights: list[str] = Field(examples=[["cases:read"]])
    last_signed_in_at: Instant | None

    @classmethod
    def of(cls, user: User) -> "UserShown":
        """The person as shown."""
        return cls(
            id=user.pk,
            username=user.username,
            name=user.get_full_name(),
            email=user.email,
            role=Role(user.role),
            active=user.is_active,
            rights=sorted(right.value for right in user.rights),
            last_signed_in_at=user.last_login,
        )


class UserPage(Shape):
    """People, in the order in which they came."""

    items: list[UserShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class NewPassword(Sent):
    """A password in place of the former one."""

    password: str = Field(
        min_length=1,
        max_length=500,
        description="At least 12 characters.",
        json_schema_extra={"format": "password"},
    )


class UserToAdd(NewPassword):
    """A person who gets access."""

    username: str = Field(min_length=1, max_length=150, pattern=r"^[\w.@+-]+$", examples=["reviewer-1"])
    role: Role
    name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=254)


class UserChanges(Sent):
    """Another role."""

    role: Role


class TokenPage(Shape):
    """Tokens, newest first."""

    items: list[TokenShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class TokenToMake(Sent):
    """A token for a service."""

    name: str = Field(min_length=1, max_length=100, examples=["forum"])
    scopes: list[str] = Field(min_length=1, max_length=40, examples=[["content:write"]])
    platform: str = Field(
        default="", max_length=60, description="The one platform it is for.", examples=["forum"]
    )
    authority: str = Field(
        default="",
        max_length=200,
        description="For the scope `orders:file`: key of the authority whose own orders it files.",
        examples=["example-fr"],
    )
    expires_at: GivenInstant | None = None


@router.get("/users", response=UserPage, **allowed(Right.PEOPLE_WRITE, problems=(422,)))
def list_users(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> UserPage:
    """People, also those without access any more."""
    rows = User.objects.order_by("id")
    if cursor:
        rows = rows.filter(pk__gt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return UserPage(items=[UserShown.of(one) for one in found], next=following)


@router.post("/users", response={201: UserShown}, **allowed(Right.PEOPLE_WRITE, problems=(400, 409, 422)))
def add_user(request: HttpRequest, body: UserToAdd) -> Status[UserShown]:
    """Give a person access; 409 when the user name is taken."""
    user = service.add_user(
        username=body.username,
        password=body.password,
        role=body.role.value,
        email=body.email,
        full_name=body.name,
        actor=actor_of(request),
    )
    return Status(201, UserShown.of(user))


@router.patch(
    "/users/{user_id}", response=UserShown, **allowed(Right.PEOPLE_WRITE, problems=(400, 404, 409, 422))
)
def change_user(request: HttpRequest, user_id: UserId, body: UserChanges) -> UserShown:
    """Give a person another role; not oneself, so that an installation keeps an administrator."""
    _refuse_oneself(request, user_id)
    return UserShown.of(service.change_role(user_id, role=body.role.value, actor=actor_of(request)))


@router.post(
    "/users/{user_id}/off", response=UserShown, **allowed(Right.PEOPLE_WRITE, problems=(404, 409, 422))
)
def switch_off_user(request: HttpRequest, user_id: UserId) -> UserShown:
    """Take a person's access away at once, tokens included; not one's own."""
    _refuse_oneself(request, user_id)
    return UserShown.of(service.switch_off_user(user_id, actor=actor_of(request)))


@router.post(
    "/users/{user_id}/on", response=UserShown, **allowed(Right.PEOPLE_WRITE, problems=(404, 409, 422))
)
def switch_on_user(request: HttpRequest, user_id: UserId) -> UserShown:
    """Give a person's access back, with the role they had."""
    return UserShown.of(service.switch_on_user(user_id, actor=actor_of(request)))


@router.post(
    "/users/{user_id}/password", response=UserShown, **allowed(Right.PEOPLE_WRITE, problems=(400, 404, 422))
)
def set_password(request: HttpRequest, user_id: UserId, body: NewPassword) -> UserShown:
    """Give a person a new password; whoever is signed in with the former one is signed out."""
    return UserShown.of(service.set_password(user_id, password=body.password, actor=actor_of(request)))


@router.get("/tokens", response=TokenPage, **allowed(Right.PEOPLE_WRITE, problems=(422,)))
def list_tokens(
    request: HttpRequest,
    revoked: Annotated[bool, Query(description="Also those that were revoked.")] = False,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> TokenPage:
    """Tokens of services and people, without their texts."""
    rows = Token.objects.select_related("user").order_by("-id")
    if not revoked:
        rows = rows.filter(revoked_at=None)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return TokenPage(items=[TokenShown.of(one) for one in found], next=following)


@router.post("/tokens", response={201: TokenMade}, **allowed(Right.PEOPLE_WRITE, problems=(400, 404, 422)))
def add_token(request: HttpRequest, body: TokenToMake) -> Status[TokenMade]:
    """Make a token for a service; its text is answered this once. Asked twice, two are made."""
    if body.platform:
        find_platform(body.platform)
    token, text = service.add_token(
        name=body.name,
        scopes=body.scopes,
        platform=body.platform,
        authority=body.authority.strip(),
        expires_at=in_the_future(body.expires_at),
        actor=actor_of(request),
    )
    return Status(201, made(token, text))


@router.post(
    "/tokens/{token_id}/revoke", response=TokenShown, **allowed(Right.PEOPLE_WRITE, problems=(404, 422))
)
def revoke_token(request: HttpRequest, token_id: TokenId) -> TokenShown:
    """Stop a token at once, in every process."""
    return TokenShown.of(service.revoke_token(token_id, actor=actor_of(request)))


def _refuse_oneself(request: HttpRequest, user_id: int) -> None:
    if person_of(request).pk == user_id:
        raise Conflict("Nobody changes their own access.", hint="Another administrator can.")
