"""The worker: delivers the outbox, minds the clocks of orders, looks whether measures hold, signs checkpoints.

It may be killed at any instant: what it had in hand is leased for a minute and then taken up again.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.settings")

import django

django.setup()

from django.db import DatabaseError, close_old_connections, connection  # noqa: E402

from vigie.flows import order as order_flow  # noqa: E402
from vigie.flows import order_clock, order_mailbox, order_post, order_view  # noqa: E402
from vigie.foundation.clock import now  # noqa: E402
from vigie.foundation.errors import VigieError  # noqa: E402
from vigie.foundation.logs import configure  # noqa: E402
from vigie.foundation.outbound import OutboundDoor  # noqa: E402
from vigie.foundation.settings import Settings, current  # noqa: E402
from vigie.ledger.actors import SYSTEM  # noqa: E402
from vigie.ledger.checkpoints import sign_checkpoint  # noqa: E402
from vigie.ledger.models import OutboxMessage  # noqa: E402
from vigie.ledger.outbox import Refused, Taken, claim_due, deliver  # noqa: E402
from vigie.matching.index import MatchIndex  # noqa: E402
from vigie.orders.intake import read_waiting  # noqa: E402
from vigie.platforms import service as platforms  # noqa: E402

_log = logging.getLogger("vigie.worker")

DELIVERIES_AT_ONCE = 16
IDLE_S = 0.2
AWAY_S = 1.0
MAILBOX_EVERY_S = 10.0
SNAPSHOT_EVERY = timedelta(minutes=5)


class Worker:
    """One worker process; any number may run at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._door = OutboundDoor(allowed_hosts=frozenset(settings.allowed_fetch_hosts))
        self._pool = ThreadPoolExecutor(DELIVERIES_AT_ONCE, thread_name_prefix="deliver")
        self._stopping = threading.Event()
        self._in_hand: set[Future[None]] = set()

    def stop(self) -> None:
        """End after what is in hand."""
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped."""
        others = [
            threading.Thread(target=self._repeat, args=(work, every), name=name, daemon=True)
            for name, work, every in (
                ("recheck", self._recheck, 1.0),
                ("orders", self._orders, 1.0),
                ("orders' addresses", self._look_at_orders, 1.0),
                ("orders' mailbox", self._mailbox, MAILBOX_EVERY_S),
                ("checkpoint", self._checkpoint, float(self._settings.checkpoint_every_s)),
                ("snapshot", self._snapshots(), SNAPSHOT_EVERY.total_seconds()),
            )
        ]
        for one in others:
            one.start()
        self._repeat(self._deliver_due, IDLE_S)
        self._pool.shutdown(wait=True)
        for one in others:
            one.join(timeout=20)

    def _repeat(self, work: Callable[[], object], pause_s: float) -> None:
        """Do `work` again and again. The database may go away and come back; nothing else may pass unseen."""
        while not self._stopping.is_set():
            wait_s = pause_s
            try:
                close_old_connections()
                if work() is True:
                    wait_s = 0.0
            except DatabaseError as error:
                _log.warning("the database is away", extra={"action": "work", "kind": type(error).__name__})
                connection.close()
                wait_s = AWAY_S
            except VigieError as error:
                _log.error(error.sentence, extra={"action": "work", "code": error.code})
                wait_s = max(pause_s, AWAY_S)
            self._stopping.wait(wait_s)
        connection.close()

    def _deliver_due(self) -> bool:
        """Claim as much as there are hands free; true when there may be more."""
        self._in_hand = {one for one in self._in_hand if not one.done()}
        free = DELIVERIES_AT_ONCE - len(self._in_hand)
        if free == 0:
            return False
        claimed = claim_due(at=now(), limit=free)
        self._in_hand |= {self._pool.submit(self._deliver, message) for message in claimed}
        return bool(claimed)

    def _deliver(self, message: OutboxMessage) -> None:
        close_old_connections()
        try:
            deliver(message, deliverer=self._deliverer, clock=now)
        except DatabaseError as error:
            # Perhaps delivered and not recorded: the lease runs out and it goes again, with the same key.
            _log.warning("delivery not recorded", extra={"action": "deliver", "kind": type(error).__name__})
            connection.close()
        except Exception:  # noqa: BLE001 - a defect: it is logged, and the message goes again after its lease
            _log.exception("delivery failed", extra={"action": "deliver"})

    def _deliverer(self, message: OutboxMessage) -> Taken | Refused:
        if message.topic in order_post.TOPICS:
            return order_post.deliver(message, door=self._door, settings=self._settings)
        return order_flow.deliver(message, door=self._door, settings=self._settings)

    def _recheck(self) -> bool:
        looked = platforms.run_due_rechecks(door=self._door, settings=self._settings, at=now())
        return looked >= platforms.RECHECKS_AT_ONCE

    def _orders(self) -> bool:
        """The clocks of orders; nothing that may take long is done beside them."""
        read_waiting(at=now(), settings=self._settings)
        return order_clock.sweep(at=now(), settings=self._settings) > 0

    def _look_at_orders(self) -> bool:
        return order_view.look_at_items(door=self._door, settings=self._settings) > 0

    def _mailbox(self) -> bool:
        return order_mailbox.poll(settings=self._settings, clock=now) > 0

    def _checkpoint(self) -> None:
        sign_checkpoint(self._settings, actor=SYSTEM)

    def _snapshots(self) -> Callable[[], None]:
        index = MatchIndex()
        folder = self._settings.data / "index"
        changed = [True]

        def write() -> None:
            if not index.state.cursor:
                index.start(folder)
            elif index.catch_up():
                changed[0] = True
            if changed[0]:
                index.write_snapshot(folder)
                changed[0] = False

        return write


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    settings = current()
    configure(settings.log_level)
    worker = Worker(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
