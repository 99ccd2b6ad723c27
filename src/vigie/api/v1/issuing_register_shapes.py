"""Providers and holds as they go over the wire.

Shapes hold no rule; a hold is shown whole only to whoever may see holds.
"""

from typing import Any, Literal

from ninja import Field

from vigie.api.shapes import GivenInstant, Instant, Sent, Shape
from vigie.api.v1.order_shapes import Reason
from vigie.issuing.models import Hold, Provider


class ProviderFields(Sent):
    """What an entry of the register of providers says."""

    title: str | None = Field(default=None, max_length=200)
    home_state: str | None = Field(default=None, max_length=2, examples=["DE"])
    channel: Literal["api", "mail", "hand"] | None = None
    contact_email: str | None = Field(default=None, max_length=320)
    api_url: str | None = Field(default=None, max_length=2_048, examples=["https://vigie.forum.example"])
    token: str | None = Field(default=None, max_length=200, description="Kept locked, never shown again.")
    legal_representative: str | None = Field(default=None, max_length=500)
    languages: str | None = Field(default=None, max_length=200, examples=["en, fr"])
    home_authority: str | None = Field(default=None, max_length=500)
    home_authority_email: str | None = Field(default=None, max_length=320)
    hosts: str | None = Field(default=None, max_length=2_000, examples=["forum.example"])
    note: str | None = Field(default=None, max_length=2_000)
    active: bool | None = None

    def given(self) -> dict[str, Any]:
        """What was sent, without what was left out."""
        return self.model_dump(exclude_none=True, exclude={"name"})


class NewProvider(ProviderFields):
    """A provider to enter."""

    name: str = Field(min_length=1, max_length=60, examples=["example-forum"])


class ProviderShown(Shape):
    """A provider."""

    name: str
    title: str
    home_state: str
    channel: Literal["api", "mail", "hand"]
    contact_email: str
    api_url: str
    has_token: bool
    legal_representative: str
    languages: str
    home_authority: str
    home_authority_email: str
    hosts: str
    note: str
    active: bool
    informed_at: Instant | None = Field(description="When it was informed of procedures and deadlines.")

    @classmethod
    def of(cls, one: Provider) -> "ProviderShown":
        """The provider as it is shown."""
        names = set(cls.model_fields) - {"has_token"}
        return cls(has_token=bool(one.locked_token), **{name: getattr(one, name) for name in names})


class ProviderPage(Shape):
    """Providers by name."""

    items: list[ProviderShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class InformedByHand(Sent):
    """Since when a provider has the information on procedures and deadlines, and how that is known."""

    informed_at: GivenInstant
    proof: Reason


class NewHold(Sent):
    """Something to hold."""

    kind: Literal["url", "account", "host"]
    pattern: str = Field(min_length=1, max_length=2_048, examples=["https://forum.example/u/heron_77"])
    unit: str = Field(min_length=1, max_length=200)
    contact: str = Field(min_length=1, max_length=500)
    until: GivenInstant
    reason: str = Field(default="", max_length=2_000)


class HoldShown(Shape):
    """A hold."""

    number: str = Field(examples=["H-000003"])
    kind: Literal["url", "account", "host"]
    pattern: str
    unit: str
    contact: str
    reason: str
    until: Instant
    released_at: Instant | None
    released_reason: str

    @classmethod
    def of(cls, one: Hold) -> "HoldShown":
        """The hold as it is shown."""
        return cls(
            number=one.number,
            kind=one.kind,  # type: ignore[arg-type]
            pattern=one.pattern,
            unit=one.unit,
            contact=one.contact,
            reason=one.reason,
            until=one.until,
            released_at=one.released_at,
            released_reason=one.released_reason,
        )


class HoldPage(Shape):
    """Holds, newest first."""

    items: list[HoldShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")
