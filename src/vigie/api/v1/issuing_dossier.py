"""`/v1/issuing/providers/{name}/acts`: exposure, reviews, reports, penalties and access requests about a provider.

Acting is a person's; decisions take the right to approve.
"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Path, Router
from ninja.responses import Status

from vigie.api.access import allowed, person_of
from vigie.api.shapes import GivenInstant, Instant, Sent, Shape
from vigie.foundation.clock import now
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.issuing import dossier
from vigie.issuing.acts import act_from
from vigie.issuing.models import ProviderAct
from vigie.issuing.providers import find_provider
from vigie.people.rights import Right

router = Router(tags=["issuing"])

Name = Annotated[str, Path(max_length=60, description="Name of the provider.", examples=["example-forum"])]
Count = Annotated[int | None, Field(ge=0, le=10**12)]


class ActShown(Shape):
    """Something that was decided about a provider, or that it told us."""

    number: str = Field(examples=["PA-000001"])
    kind: str = Field(examples=["exposed"])
    happened_at: Instant
    taken_at: Instant
    facts: dict[str, Any]
    text: str

    @classmethod
    def of(cls, one: ProviderAct) -> "ActShown":
        """The act as it is shown."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class DossierShown(Shape):
    """Where a provider stands, and every act about it in order."""

    exposure: Literal["none", "decided", "notified"] = Field(description="`notified`: it is exposed.")
    final_orders: list[str] = Field(description="Our orders to it that became final within twelve months.")
    report_due_at: Instant | None = Field(description="Until when its next report is due: Article 5(5).")
    review_due_at: Instant | None = Field(description="Until when we decide on a review: Article 5(7).")
    can: list[str] = Field(description="Which kinds of acts can follow.")
    acts: list[ActShown]


class ActToTake(Sent):
    """An act and what it needs."""

    kind: Literal[
        "exposed",
        "notified",
        "required",
        "reported",
        "review_asked",
        "review_decided",
        "challenged",
        "court_decided",
        "penalty",
        "access_requested",
    ]
    at: GivenInstant | None = Field(default=None, description="The instant that it counts from.")
    reason: str | None = Field(default=None, max_length=REASON_CHARS_MAX)
    proof: str | None = Field(default=None, max_length=REASON_CHARS_MAX)
    outcome: Literal["kept", "amended", "revoked", "upheld", "annulled"] | None = None
    infringed: str | None = Field(default=None, max_length=10, examples=["3(3)"])
    penalty: Literal["warning", "order", "periodic", "fine", "other"] | None = None
    order: str | None = Field(default=None, max_length=30, examples=["RO-000012"])
    amount_eur: Count = None
    items: Count = None
    seconds: Count = None
    complaints: Count = None
    reinstated: Count = None

    def values(self) -> dict[str, Any]:
        """What the act was given; numbers as they would be typed."""
        given = self.model_dump(exclude={"kind"}, exclude_none=True)
        return {key: str(value) if isinstance(value, int) else value for key, value in given.items()}


@router.get(
    "/issuing/providers/{name}/acts",
    response=DossierShown,
    **allowed(Right.ISSUING_READ, problems=(404,)),
)
def show_dossier(request: HttpRequest, name: Name) -> DossierShown:
    """The dossier of a provider."""
    found = dossier.dossier_of(find_provider(name), at=now())
    return DossierShown(
        exposure=found.situation.exposure.value,
        final_orders=list(found.final_orders),
        report_due_at=found.report_due_at,
        review_due_at=found.review_due_at,
        can=list(found.can),
        acts=[ActShown.of(one) for one in found.acts],
    )


@router.post(
    "/issuing/providers/{name}/acts",
    response={201: ActShown},
    **allowed(Right.ISSUING_DRAFT, Right.ISSUING_APPROVE, problems=(400, 404, 409, 422)),
)
def take_act(request: HttpRequest, name: Name, body: ActToTake) -> Status[ActShown]:
    """Note an act about a provider."""
    made = dossier.take(name, act_from(body.kind, body.values()), user=person_of(request), at=now())
    return Status(201, ActShown.of(made))
