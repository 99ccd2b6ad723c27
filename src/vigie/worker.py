"""The worker: delivers the outbox, minds the clocks of orders, looks whether measures hold, tends the archive.

It may be killed at any instant: what it had in hand is leased for a minute and then taken up again.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.settings")
# Arrow's own pool keeps what was freed. It is chosen when Arrow is loaded.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

import django
import psycopg

django.setup()

from django.db import DatabaseError, close_old_connections, connection  # noqa: E402

from vigie.flows import (  # noqa: E402
    informing,
    issuing_calls,
    issuing_mailbox,
    issuing_post,
    issuing_watch,
    misuse,
    misuse_purge,
    notice_post,
    order_clock,
    order_mailbox,
    order_post,
    order_view,
    preservation,
)
from vigie.flows import order as order_flow  # noqa: E402
from vigie.flows.lookback import Workshop, tend_archive  # noqa: E402
from vigie.flows.notice import deliver_call  # noqa: E402
from vigie.foundation.clock import monotonic_s, now  # noqa: E402
from vigie.foundation.errors import Unavailable, VigieError  # noqa: E402
from vigie.foundation.logs import configure  # noqa: E402
from vigie.foundation.memory import give_back, keep_little  # noqa: E402
from vigie.foundation.outbound import OutboundDoor  # noqa: E402
from vigie.foundation.settings import Settings, current  # noqa: E402
from vigie.issuing import replies  # noqa: E402
from vigie.issuing.sending import TOPIC as LETTER_TOPIC  # noqa: E402
from vigie.ledger.actors import SYSTEM  # noqa: E402
from vigie.ledger.checkpoints import sign_checkpoint  # noqa: E402
from vigie.ledger.listening import Listener  # noqa: E402
from vigie.ledger.models import OutboxMessage  # noqa: E402
from vigie.ledger.outbox import Refused, Taken, claim_due, deliver  # noqa: E402
from vigie.matching.index import MatchIndex  # noqa: E402
from vigie.notices.threat_service import CALL_TOPIC  # noqa: E402
from vigie.orders.intake import read_waiting  # noqa: E402
from vigie.orders.sender_again import check_again  # noqa: E402
from vigie.people.doors import forget_tries  # noqa: E402
from vigie.platforms import service as platforms  # noqa: E402
from vigie.redress.transparency import service as transparency  # noqa: E402

_log = logging.getLogger("vigie.worker")

DELIVERIES_AT_ONCE = 16
IDLE_S = 1.0  # what is due again may wait so long; what is new is heard of at once
BUSY_S = 0.2
BREATH_S = 0.1  # between two looks, however much is heard
AWAY_S = 1.0
MAILBOX_EVERY_S = 10.0
INDEX_EVERY_S = 5.0
SNAPSHOT_EVERY_S = 300.0
ARCHIVE_EVERY_S = 1.0
EVIDENCE_EVERY_S = 60.0
PURGE_EVERY_S = 60.0


class SharedIndex:
    """One index for everything that a worker looks up, and from which it writes snapshots for all processes."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.data / "index"
        self._index = MatchIndex()
        self._lock = threading.Lock()
        self._snapshot_after_s = 0.0

    def fresh(self) -> MatchIndex:
        """The index as up to date as the database."""
        with self._lock:
            if not self._index.state.cursor:
                self._index.start(self._folder)
            else:
                self._index.catch_up()
            return self._index

    def tend(self) -> None:
        """Keep up with the ledger; write a snapshot when coming up from the last one would take long.

        At once when most of the index is not in the last one, so that no process holds for itself what all could
        share; otherwise every five minutes at most, however much changes.
        """
        index = self.fresh()
        if index.is_snapshot_due and (index.is_mostly_new or monotonic_s() >= self._snapshot_after_s):
            index.write_snapshot(self._folder)
            self._snapshot_after_s = monotonic_s() + SNAPSHOT_EVERY_S
            give_back()


class Worker:
    """One worker process; any number may run at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._door = OutboundDoor(allowed_hosts=frozenset(settings.allowed_fetch_hosts))
        self._pool = ThreadPoolExecutor(DELIVERIES_AT_ONCE, thread_name_prefix="deliver")
        self._stopping = threading.Event()
        self._listener = Listener()
        self._in_hand: set[Future[None]] = set()
        self._index = SharedIndex(settings)

    def stop(self) -> None:
        """End after what is in hand."""
        self._stopping.set()
        self._listener.stop()

    def run(self) -> None:
        """Work until stopped."""
        others = [
            threading.Thread(target=self._repeat, args=(work, every), name=name, daemon=True)
            for name, work, every in (
                ("recheck", self._recheck, 1.0),
                ("orders", self._orders, 1.0),
                ("orders' addresses", self._look_at_orders, 1.0),
                ("orders' mailbox", self._mailbox, MAILBOX_EVERY_S),
                ("own orders", self._watch_issued, 1.0),
                ("replies", self._replies, MAILBOX_EVERY_S),
                ("release", self._release, 5.0),
                ("suspensions", self._end_suspensions, 5.0),
                ("misuse records", self._purge_misuse, PURGE_EVERY_S),
                ("transparency", self._submit, 5.0),
                ("checkpoint", self._checkpoint, float(self._settings.checkpoint_every_s)),
                ("index", self._index.tend, INDEX_EVERY_S),
                ("archive", self._tend_archive, ARCHIVE_EVERY_S),
                ("evidence", self._tend_evidence, EVIDENCE_EVERY_S),
            )
        ]
        for one in others:
            one.start()
        self._repeat(self._deliver_all, AWAY_S)
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
            except (DatabaseError, psycopg.Error) as error:
                _log.warning("the database is away", extra={"action": "work", "kind": type(error).__name__})
                connection.close()
                wait_s = AWAY_S
            except VigieError as error:
                _log.error(error.sentence, extra={"action": "work", "code": error.code})
                wait_s = max(pause_s, AWAY_S)
            self._stopping.wait(wait_s)
        connection.close()

    def _deliver_all(self) -> None:
        """Deliver what is due until stopped, and what is new at once."""
        with self._listener.connected() as wait:
            while not self._stopping.is_set():
                if not self._deliver_due():
                    self._stopping.wait(BREATH_S)
                    wait(BUSY_S if self._in_hand else IDLE_S)

    def _deliver_due(self) -> bool:
        """Claim as much as there are hands free; true when there may be more."""
        self._in_hand = {one for one in self._in_hand if not one.done()}
        free = DELIVERIES_AT_ONCE - len(self._in_hand)
        if free == 0:
            return False
        claimed = claim_due(at=now(), limit=free)
        self._in_hand |= {self._pool.submit(self._deliver, message) for message in claimed}
        return len(claimed) == free

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
        if message.topic == CALL_TOPIC:
            return deliver_call(message, door=self._door, settings=self._settings)
        if message.topic == LETTER_TOPIC:
            return issuing_post.deliver(message, door=self._door, settings=self._settings)
        if message.topic == issuing_calls.TOPIC:
            return issuing_calls.deliver(message, door=self._door, settings=self._settings)
        if message.topic == notice_post.TOPIC:
            return notice_post.deliver(message, settings=self._settings)
        if message.topic in order_post.TOPICS:
            return order_post.deliver(message, door=self._door, settings=self._settings)
        return order_flow.deliver(message, door=self._door, settings=self._settings)

    def _recheck(self) -> bool:
        looked = platforms.run_due_rechecks(door=self._door, settings=self._settings, at=now())
        return looked >= platforms.RECHECKS_AT_ONCE

    def _orders(self) -> bool:
        """The clocks of orders; nothing that may take long is done beside them."""
        read_waiting(at=now(), settings=self._settings)
        order_clock.call_about_unread(at=now(), settings=self._settings)
        return order_clock.sweep(at=now(), settings=self._settings) > 0

    def _look_at_orders(self) -> bool:
        return order_view.look_at_items(door=self._door, settings=self._settings) > 0

    def _mailbox(self) -> bool:
        check_again(at=now(), settings=self._settings)
        return order_mailbox.poll(settings=self._settings, clock=now) > 0

    def _watch_issued(self) -> bool:
        """Orders of ours: answers, hours that ended, and what is still there."""
        issuing_watch.sweep(at=now(), settings=self._settings)
        issuing_watch.look_at_addresses(door=self._door, settings=self._settings, at=now())
        asked = issuing_watch.poll_answers(door=self._door, settings=self._settings)
        return asked >= issuing_watch.POLLS_AT_ONCE

    def _replies(self) -> bool:
        """What providers answer by mail."""
        replies.read_waiting(at=now(), settings=self._settings)
        return issuing_mailbox.poll(settings=self._settings, clock=now) > 0

    def _end_suspensions(self) -> bool:
        """Those for misuse whose time is over; what they set aside comes back."""
        ended, taken_up = misuse.end_due(at=now(), settings=self._settings)
        return max(ended, taken_up) >= misuse.TAKEN_UP_AT_ONCE_MAX

    def _purge_misuse(self) -> bool:
        """Records whose time is over."""
        return misuse_purge.purge(at=now(), settings=self._settings) >= misuse_purge.PURGED_AT_ONCE_MAX

    def _release(self) -> None:
        informing.release_withheld(at=now(), settings=self._settings)
        forget_tries(at=now())

    def _submit(self) -> bool:
        return transparency.submit_due(door=self._door, settings=self._settings, at=now()) > 0

    def _checkpoint(self) -> None:
        sign_checkpoint(self._settings, actor=SYSTEM)

    def _tend_evidence(self) -> bool:
        return preservation.tend(at=now(), settings=self._settings).more

    def _tend_archive(self) -> None:
        workshop = Workshop(self._settings, self._index.fresh, self._stopping.is_set)
        try:
            tend_archive(workshop)
        except OSError as error:
            raise Unavailable(
                f"The archive cannot be written: {error.strerror}.", hint="Is the disk full?"
            ) from error


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    settings = current()
    configure(settings.log_level)
    keep_little()
    worker = Worker(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
