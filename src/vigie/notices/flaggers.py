"""Trusted flaggers: who they are, for what they were designated, and the token by which they report.

Priority is for their designated expertise alone; nobody is believed more. Source: (EU) 2022/2065 Art. 22.
"""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor
from vigie.notices import events
from vigie.notices.models import TrustedFlagger
from vigie.notices.service import CATEGORIES
from vigie.people.rights import Right
from vigie.people.service import add_token


def add_flagger(
    *, name: str, title: str, designated_by: str, expertise: Sequence[str], actor: Actor
) -> tuple[TrustedFlagger, str]:
    """Enter a trusted flagger; returns it with the text of its token, shown this once."""
    if slugify(name) != name or not 1 <= len(name) <= 60:
        raise Invalid("A flagger's name is lower-case letters, digits and hyphens.")
    if not expertise or not set(expertise) <= set(CATEGORIES):
        raise Invalid(
            "Say what the flagger was designated for.", hint="One of: " + ", ".join(CATEGORIES) + "."
        )
    if not designated_by.strip():
        raise Invalid("Say which Digital Services Coordinator designated the flagger.")
    try:
        with transaction.atomic():
            token, text = add_token(
                name=f"trusted flagger {name}", scopes=[Right.NOTICES_WRITE.value], actor=actor
            )
            flagger = TrustedFlagger.objects.create(
                name=name,
                title=title.strip()[:200] or name,
                designated_by=designated_by.strip()[:200],
                expertise=sorted(set(expertise)),
                token=token,
                added_at=now(),
            )
            ledger.append(
                events.FlaggerAdded(flagger=name, expertise=tuple(flagger.expertise)),
                actor=actor,
                subject=f"flagger:{name}",
            )
    except IntegrityError as error:
        raise Conflict(f"There is already a flagger named {name!r}.", code="flagger_exists") from error
    return flagger, text


def switch_flagger(name: str, *, active: bool, actor: Actor) -> TrustedFlagger:
    """Take a flagger's standing away, or give it back; its notices are received either way."""
    with transaction.atomic():
        flagger = TrustedFlagger.objects.select_for_update().filter(name=name).first()
        if flagger is None:
            raise NotFound("There is no such flagger.")
        if flagger.active != active:
            flagger.active = active
            flagger.save(update_fields=["active"])
            ledger.append(
                events.FlaggerSwitched(flagger=name, active=active), actor=actor, subject=f"flagger:{name}"
            )
    return flagger


def flagger_of_token(token_id: int | None) -> TrustedFlagger | None:
    """The flagger whose token this is, while it has its standing."""
    return None if token_id is None else TrustedFlagger.objects.filter(token_id=token_id, active=True).first()
