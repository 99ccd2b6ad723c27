"""`/v1/ledger`: the record of everything, its verification and its signed checkpoints.

Nothing is written here but checkpoints.
"""

from typing import Annotated, Any, Literal, cast

from django.http import HttpRequest
from ninja import Field, Path, Query, Router

from vigie.api.access import actor_of, allowed
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import ActorText, GivenInstant, Instant, Shape
from vigie.foundation.errors import NotFound
from vigie.foundation.settings import current
from vigie.ledger.checkpoints import Verified, sign_checkpoint, verify
from vigie.ledger.models import Checkpoint, LedgerEntry
from vigie.people.rights import Right

router = Router(tags=["ledger"])

Damage = Literal["", "changed", "removed", "added", "reordered"]


class LedgerRow(Shape):
    """One fact."""

    seq: int = Field(description="Without gaps.", examples=[4711])
    at: Instant
    event: str = Field(examples=["cases.decision_taken.v1"])
    actor: ActorText
    subject: str = Field(examples=["case:C-000123"])
    facts: dict[str, Any]
    hash: str = Field(description="Covers this row and the hash before it; lower-case hexadecimal.")


class LedgerPage(Shape):
    """Rows of the ledger."""

    items: list[LedgerRow]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class Verification(Shape):
    """Whether the ledger is whole."""

    whole: bool
    rows: int = Field(description="Rows read; 0 when it is damaged.", examples=[4711])
    checkpoints: int = Field(description="Signatures that hold.", examples=[12])
    signed_through: int = Field(description="The last row that a signature covers.", examples=[4700])
    first_broken: int | None = Field(description="The first row at which the damage shows.")
    damage: Damage
    sentence: str = Field(examples=["Row 17 was changed."])


class CheckpointShown(Shape):
    """A signed statement of what the ledger was."""

    through: int = Field(examples=[4700])
    hash: str = Field(description="Of the row `through`, lower-case hexadecimal.")
    at: Instant
    public_key: str = Field(description="Ed25519, lower-case hexadecimal.")
    signature: str = Field(description="Ed25519, lower-case hexadecimal.")


class CheckpointPage(Shape):
    """Checkpoints, newest first."""

    items: list[CheckpointShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class CheckpointMade(Shape):
    """The new checkpoint; null when nothing came since the last one."""

    checkpoint: CheckpointShown | None


@router.get("/ledger", response=LedgerPage, **allowed(Right.LEDGER_READ, problems=(422,)))
def list_ledger(
    request: HttpRequest,
    event: Annotated[str, Query(max_length=100, description="An event, or its beginning (`cases.`).")] = "",
    subject: Annotated[str, Query(max_length=200, examples=["case:C-000123"])] = "",
    actor: Annotated[str, Query(max_length=200, examples=["person:12"])] = "",
    since: Annotated[GivenInstant | None, Query(description="Recorded at or after.")] = None,
    until: Annotated[GivenInstant | None, Query(description="Recorded before.")] = None,
    order: Annotated[Literal["newest", "oldest"], Query()] = "newest",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> LedgerPage:
    """Rows of the ledger."""
    rows = LedgerEntry.objects.order_by("-seq" if order == "newest" else "seq")
    if event:
        rows = rows.filter(event__startswith=event)
    if subject:
        rows = rows.filter(subject=subject)
    if actor:
        rows = rows.filter(actor=actor)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if cursor:
        position = position_of(cursor, int)[0]
        rows = rows.filter(seq__lt=position) if order == "newest" else rows.filter(seq__gt=position)
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.seq,))
    return LedgerPage(items=[_row(one) for one in found], next=following)


@router.get("/ledger/verification", response=Verification, **allowed(Right.LEDGER_READ))
def verify_ledger(request: HttpRequest) -> Verification:
    """Read the whole ledger and say whether it is as it was written."""
    found = verify(current())
    if isinstance(found, Verified):
        return Verification(
            whole=True,
            rows=found.rows,
            checkpoints=found.checkpoints,
            signed_through=found.signed_through,
            first_broken=None,
            damage="",
            sentence=f"The ledger is whole: {found.rows} rows.",
        )
    return Verification(
        whole=False,
        rows=0,
        checkpoints=0,
        signed_through=0,
        first_broken=found.seq,
        damage=cast(Damage, found.kind),
        sentence=found.sentence,
    )


@router.get("/ledger/checkpoints", response=CheckpointPage, **allowed(Right.LEDGER_READ, problems=(422,)))
def list_checkpoints(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> CheckpointPage:
    """Signed checkpoints, newest first."""
    rows = Checkpoint.objects.order_by("-through")
    if cursor:
        rows = rows.filter(through__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.through,))
    return CheckpointPage(items=[_checkpoint(one) for one in found], next=following)


@router.post("/ledger/checkpoints", response=CheckpointMade, **allowed(Right.LEDGER_SIGN))
def sign_ledger(request: HttpRequest) -> CheckpointMade:
    """Sign the ledger as it stands."""
    made = sign_checkpoint(current(), actor=actor_of(request))
    return CheckpointMade(checkpoint=None if made is None else _checkpoint(made))


@router.get("/ledger/{seq}", response=LedgerRow, **allowed(Right.LEDGER_READ, problems=(404, 422)))
def show_ledger_row(request: HttpRequest, seq: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> LedgerRow:
    """One row."""
    entry = LedgerEntry.objects.filter(pk=seq).first()
    if entry is None:
        raise NotFound("There is no such row.")
    return _row(entry)


def _row(entry: LedgerEntry) -> LedgerRow:
    return LedgerRow(
        seq=entry.seq,
        at=entry.at,
        event=entry.event,
        actor=entry.actor,
        subject=entry.subject,
        facts=entry.facts,
        hash=bytes(entry.hash).hex(),
    )


def _checkpoint(one: Checkpoint) -> CheckpointShown:
    return CheckpointShown(
        through=one.through,
        hash=bytes(one.hash).hex(),
        at=one.at,
        public_key=bytes(one.public_key).hex(),
        signature=bytes(one.signature).hex(),
    )
