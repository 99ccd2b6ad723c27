"""How `vigie evidence` shows preserved items, requests and checks: as JSON for programs, in lines for people.

It reads and decides nothing.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from vigie.foundation.clock import utc_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.evidence.models import EvidenceRequest, PreservedItem
    from vigie.evidence.package_check import Checked
    from vigie.evidence.retention import Hold


def item_row(item: "PreservedItem", holds: "Iterable[Hold]") -> dict[str, Any]:
    """One preserved item."""
    return {
        "number": item.number,
        "subject": item.subject,
        "stage": str(item.stage),
        "ground": str(item.ground),
        "began_at": _text(item.began_at),
        "until": _text(item.until),
        "extended_until": _text(item.extended_until),
        "deleted_at": _text(item.deleted_at),
        "blobs_gone_at": _text(item.blobs_gone_at),
        "holds": [{"kind": one.kind, "reference": one.reference, "until": _text(one.until)} for one in holds],
    }


def request_row(one: "EvidenceRequest") -> dict[str, Any]:
    """One request."""
    return {
        "number": one.number,
        "item": one.item.number,
        "kind": str(one.kind),
        "state": str(one.state),
        "purpose": one.purpose,
        "legal_basis": one.legal_basis,
        "authority": one.authority,
        "reference": one.reference,
        "until": _text(one.until),
        "requested_by": one.requested_by.username,
        "requested_at": _text(one.requested_at),
        "decided_by": one.decided_by.username if one.decided_by else "",
        "decided_at": _text(one.decided_at),
        "reason": one.reason,
        "expires_at": _text(one.expires_at),
    }


def checked_row(checked: "Checked") -> dict[str, Any]:
    """What a check found."""
    return {
        "whole": checked.is_whole,
        "kind": checked.kind,
        "number": checked.number,
        "problems": [{"code": one.code, "sentence": one.sentence} for one in checked.problems],
        "files": checked.files,
        "rows": checked.rows,
        "signed_through": checked.through,
        "encrypted": checked.encrypted,
        "fingerprint": checked.fingerprint,
        "key_given": checked.key_known,
    }


def held_by(row: dict[str, Any]) -> str:
    """What holds an item, in one line."""
    return ", ".join(f"{one['kind']} {one['reference']}".strip() for one in row["holds"])


def tell_item(row: dict[str, Any]) -> None:
    """An item and its requests, a line each."""
    for key in ("number", "subject", "stage", "ground", "began_at", "until", "deleted_at"):
        click.echo(f"{key:<12} {row[key]}")
    click.echo(f"{'held by':<12} {held_by(row) or 'nothing'}")
    for one in row["sealed"]:
        click.echo(
            f"{'sealed':<12} {one['reference']} {one['kind']} {one['media_type']} {one['byte_count']} bytes"
        )
    for one in row["requests"]:
        whose = f", for {one['authority']} {one['reference']}" if one["authority"] else ""
        click.echo(
            f"{'request':<12} {one['number']} {one['kind']}: {one['state']}, by {one['requested_by']}{whose}"
        )


def tell_checked(checked: "Checked") -> None:
    """What a check found, for people."""
    if not checked.is_whole:
        click.secho("This is not as it was signed:", fg="red")
        for one in checked.problems:
            click.secho(f"  {one.sentence}", fg="red")
        return
    if checked.kind == "certificate":
        click.echo(f"The certificate of {checked.number} is whole: {checked.files} things were deleted.")
    else:
        click.echo(
            f"The package {checked.number} is whole: {checked.files} files, {checked.rows} ledger entries,"
            f" signed through entry {checked.through}."
        )
    if checked.key_known:
        click.echo("It was signed with the key that you gave.")
    else:
        click.echo(
            f"Fingerprint of the key in it: {checked.fingerprint}\n"
            "Compare it with what the sender told you in another way; until then nothing shows whose it is."
        )


def _text(instant: datetime | None) -> str:
    return utc_text(instant) if instant else ""
