"""Who acts when a command changes something: the command line itself, or the person named by `--by`.

Whoever may run commands on the data folder may name anybody: it is the operator's account that is trusted. Django
must be set up before these functions are called.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from vigie.foundation.errors import NotFound
from vigie.ledger.actors import COMMAND_LINE, Actor, person

if TYPE_CHECKING:
    from vigie.people.models import User

by_option = click.option(
    "--by", metavar="USERNAME", help="Act as this person instead of as the command line."
)
by_person_option = click.option("--by", metavar="USERNAME", required=True, help="The person who does this.")


class Instant(click.ParamType[datetime]):
    """RFC 3339 with a zone, or a day (its beginning in UTC)."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant; fails with a sentence."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no instant; write 2026-11-22T10:00:00Z or 2026-11-22.", param, ctx)
        if found.tzinfo is None and len(value) > len("2026-11-22"):
            self.fail(f"{value!r} has no time zone; write 2026-11-22T10:00:00Z.", param, ctx)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found


INSTANT = Instant()


def actor_named(username: str | None) -> Actor:
    """The person of this user name, else the command line; raises NotFound."""
    return COMMAND_LINE if username is None else person(user_named(username).pk)


def user_named(username: str) -> "User":
    """The person of this user name, who has access; raises NotFound."""
    from vigie.people.models import User

    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise NotFound(f"Nobody named {username!r} has access.", hint="`vigie user list` shows who has.")
    return user
