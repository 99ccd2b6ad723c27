"""How often one address may use a page that needs no account, counted by the hour in every process together.

It keeps no address, only a keyed hash of it, and forgets that after two hours.
"""

import hashlib
import hmac
from datetime import datetime

from django.db import connection

from vigie.foundation.errors import VigieError
from vigie.foundation.keys import key_from_file
from vigie.foundation.settings import Settings
from vigie.people.models import PublicTry

HOUR_S = 3_600
KEPT_HOURS = 2

_COUNT = """
INSERT INTO people_public_try (door, who, hour, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (door, who, hour) DO UPDATE SET count = people_public_try.count + 1
RETURNING count
"""


class TooManyTries(VigieError):
    """The same address used a public page too often."""

    code = "too_many_tries"
    status = 429


def pass_door(door: str, *, address: str, tries_max: int, at: datetime, settings: Settings) -> None:
    """Count one use of `door` by `address`; raises TooManyTries above `tries_max` within the hour."""
    hour = int(at.timestamp()) // HOUR_S
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [door, _who(address, settings), hour])
        row = cursor.fetchone()
    if row is not None and row[0] > tries_max:
        raise TooManyTries("Too many tries from your address.", hint="Wait an hour, then try again.")


def forget_tries(*, at: datetime) -> int:
    """Delete what is older than two hours; returns how many rows."""
    oldest = int(at.timestamp()) // HOUR_S - KEPT_HOURS
    return PublicTry.objects.filter(hour__lt=oldest).delete()[0]


def _who(address: str, settings: Settings) -> str:
    key = key_from_file(settings.keys_folder / "secrets.key")
    return hmac.new(key, b"vigie public door\0" + address.encode(), hashlib.sha256).hexdigest()
