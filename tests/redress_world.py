"""What tests of redress share: a held case, and delivering everything to a platform that says yes."""

import json
from typing import Any

from domain import Domain
from loopback import LoopbackServer, answer
from pictures import as_bytes, picture
from vigie.flows.informing import deliver
from vigie.foundation.clock import now
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import current
from vigie.ledger.outbox import Taken, claim_due
from vigie.ledger.outbox import deliver as deliver_stored
from vigie.platforms.models import Platform


def open_case(domain: Domain, external_id: str = "p1", *, seed: int = 1, author: str = "u-1") -> str:
    """A held case about a near copy of what is banked."""
    data = as_bytes(picture(seed).resize((400, 300)), "JPEG", quality=70)
    return str(domain.ask(external_id, data, author=author)["case"])


def deliver_everything() -> list[dict[str, Any]]:
    """Deliver what is due to a platform that obeys; the messages as it read them, in their order."""
    server = LoopbackServer(answer(200))
    try:
        Platform.objects.update(url=f"{server.url}/hook")
        door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
        while due := claim_due(at=now(), limit=10):
            for message in due:
                outcome = deliver_stored(
                    message, deliverer=lambda one: deliver(one, door=door, settings=current()), clock=now
                )
                assert isinstance(outcome, Taken)
        return [json.loads(one.partition(b"\r\n\r\n")[2]) for one in server.requests]
    finally:
        server.close()
