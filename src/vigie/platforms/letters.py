"""How a letter to a user lies in the outbox: locked, because it holds that user's private link.

It writes no letter; only the message that goes out holds one in clear.
"""

import json
from typing import Any

from vigie.foundation.errors import VigieError
from vigie.foundation.secretbox import lock_text, unlock_text
from vigie.foundation.settings import Settings


class LetterUnlockable(VigieError):
    """A letter was to be stored without the key that locks it."""

    code = "letter_unlockable"


def lock_letter(payload: dict[str, Any], *, settings: Settings | None) -> dict[str, Any]:
    """The message as it is stored: of its letter only kind, number and language can be read."""
    letter = payload.get("letter")
    if letter is None:
        return payload
    if settings is None:
        raise LetterUnlockable("A letter needs the settings, whose key locks it.")
    shown = {name: letter[name] for name in ("kind", "number", "language")}
    return {**payload, "letter": {**shown, "locked": lock_text(json.dumps(letter), settings=settings)}}


def unlock_letter(payload: dict[str, Any], *, settings: Settings) -> dict[str, Any]:
    """The message as it is sent."""
    letter = payload.get("letter")
    if letter is None:
        return payload
    return {**payload, "letter": json.loads(unlock_text(letter["locked"], settings=settings))}


def without_locked(payload: dict[str, Any]) -> dict[str, Any]:
    """The message as it is shown to staff: kind and number of its letter, nothing of what it says."""
    letter = payload.get("letter")
    if letter is None:
        return payload
    return {**payload, "letter": {name: one for name, one in letter.items() if name != "locked"}}
