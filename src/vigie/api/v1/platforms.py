"""`/v1/platforms`: connecting platforms and changing how decisions reach them.

A webhook secret is answered once, when it is made, and never again.
"""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Router
from ninja.responses import Status

from vigie.api.access import actor_of, allowed, caller_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import Instant, Sent, Shape
from vigie.foundation.errors import NotFound
from vigie.foundation.limits import URL_CHARS_MAX
from vigie.foundation.settings import current
from vigie.people.rights import Right
from vigie.platforms import service
from vigie.platforms.models import Platform

router = Router(tags=["platforms"])

Name = Annotated[str, Path(max_length=60, description="The platform's name.", examples=["forum"])]
Statuses = Annotated[list[Annotated[int, Field(ge=100, le=599)]], Field(min_length=1, max_length=20)]


class PlatformShown(Shape):
    """A place where content lives."""

    name: str = Field(examples=["forum"])
    title: str = Field(examples=["Example forum"])
    connector: str = Field(examples=["webhook"])
    url: str = Field(description="Where decisions are sent; empty: it only takes verdicts.")
    gone_statuses: list[int] = Field(
        description="HTTP statuses that say that content is gone.", examples=[[404, 410, 451]]
    )
    rechecks: bool = Field(description="Whether Vigie looks if what was decided holds.")
    active: bool = Field(description="Whether decisions are sent.")
    created_at: Instant

    @classmethod
    def of(cls, platform: Platform) -> "PlatformShown":
        """The platform as it is shown."""
        return cls(**_fields(platform))


class PlatformMade(PlatformShown):
    """A new platform with its webhook secret."""

    secret: str = Field(description="Shown this once: it signs what Vigie sends.")


class PlatformPage(Shape):
    """Platforms by name."""

    items: list[PlatformShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class PlatformToAdd(Sent):
    """A new platform."""

    name: str = Field(min_length=1, max_length=60, examples=["forum"])
    title: str = Field(default="", max_length=200, examples=["Example forum"])
    url: str = Field(default="", max_length=URL_CHARS_MAX, examples=["https://forum.example/vigie"])
    connector: str = Field(default="webhook", max_length=20)
    gone_statuses: Statuses | None = Field(default=None, examples=[[404, 410, 451]])
    rechecks: bool = True


class PlatformChanges(Sent):
    """What to change; what is left out stays."""

    title: str | None = Field(default=None, max_length=200)
    url: str | None = Field(default=None, max_length=URL_CHARS_MAX)
    gone_statuses: Statuses | None = None
    rechecks: bool | None = None
    active: bool | None = None


class NewSecret(Shape):
    """A new webhook secret; the old one stopped."""

    secret: str = Field(description="Shown this once.")


@router.get("/platforms", response=PlatformPage, **allowed(Right.PLATFORMS_READ, problems=(422,)))
def list_platforms(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> PlatformPage:
    """Platforms, by name."""
    rows = Platform.objects.order_by("name")
    own = caller_of(request).platform
    if own:
        rows = rows.filter(name=own)
    if cursor:
        rows = rows.filter(name__gt=position_of(cursor, str)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.name,))
    return PlatformPage(items=[PlatformShown.of(one) for one in found], next=following)


@router.post(
    "/platforms", response={201: PlatformMade}, **allowed(Right.PLATFORMS_WRITE, problems=(400, 409, 422))
)
def add_platform(request: HttpRequest, body: PlatformToAdd) -> Status[PlatformMade]:
    """Connect a platform; 409 when the name is taken."""
    _refuse_others(request, body.name)
    platform, secret = service.add_platform(
        name=body.name,
        title=body.title,
        url=body.url,
        connector=body.connector,
        gone_statuses=body.gone_statuses,
        rechecks=body.rechecks,
        actor=actor_of(request),
        settings=current(),
    )
    return Status(201, PlatformMade(**_fields(platform), secret=secret))


@router.get("/platforms/{name}", response=PlatformShown, **allowed(Right.PLATFORMS_READ, problems=(404,)))
def show_platform(request: HttpRequest, name: Name) -> PlatformShown:
    """One platform."""
    _refuse_others(request, name)
    return PlatformShown.of(service.find_platform(name))


@router.patch(
    "/platforms/{name}", response=PlatformShown, **allowed(Right.PLATFORMS_WRITE, problems=(400, 404, 422))
)
def change_platform(request: HttpRequest, name: Name, body: PlatformChanges) -> PlatformShown:
    """Change a platform."""
    _refuse_others(request, name)
    return PlatformShown.of(
        service.change_platform(
            name,
            actor=actor_of(request),
            title=body.title,
            url=body.url,
            gone_statuses=body.gone_statuses,
            rechecks=body.rechecks,
            active=body.active,
        )
    )


@router.post(
    "/platforms/{name}/secret", response=NewSecret, **allowed(Right.PLATFORMS_WRITE, problems=(404,))
)
def renew_secret(request: HttpRequest, name: Name) -> NewSecret:
    """Give a platform a new webhook secret; the old one stops at once."""
    _refuse_others(request, name)
    return NewSecret(secret=service.renew_secret(name, actor=actor_of(request), settings=current()))


def _refuse_others(request: HttpRequest, name: str) -> None:
    """A token of one platform knows of no other."""
    own = caller_of(request).platform
    if own and name != own:
        raise NotFound(f"There is no platform named {name!r}.", code="platform_not_found")


def _fields(platform: Platform) -> dict[str, Any]:
    return {
        "name": platform.name,
        "title": platform.title,
        "connector": platform.connector,
        "url": platform.url,
        "gone_statuses": list(platform.gone_statuses),
        "rechecks": platform.rechecks,
        "active": platform.active,
        "created_at": platform.created_at,
    }
