"""What one API process holds in memory and how it stays true: index, policy, tokens, counts of removals.

A thread follows the ledger; a change anywhere shows here within a second. Nothing here answers a request.
"""

import logging
import threading

import psycopg
from django.db import DatabaseError, close_old_connections, connection

from vigie.cases.service import author_key, removal_counts
from vigie.flows.first_start import activate_first_policy
from vigie.flows.upload import Tools
from vigie.foundation.clock import now
from vigie.foundation.errors import Unavailable
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.listening import Listener
from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.journal import Journal
from vigie.matching.index import MatchIndex
from vigie.people.service import TokenRecord, working_tokens
from vigie.platforms.models import Platform
from vigie.policy import service as policies

_log = logging.getLogger(__name__)
POLL_S = 0.5
BREATH_S = 0.05  # between two looks, however much is heard
RECONNECT_S = 0.5


class RemovalCounts:
    """Counts of removals by author, from memory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._counts: dict[str, int] = {}

    def of_author(self, platform: str, author_id: str) -> int:
        """How many contents of this author were removed; 0 for an unknown one."""
        if not self._counts or not author_id:
            return 0
        return self._counts.get(author_key(author_id, platform=platform, settings=self._settings), 0)

    def reload(self) -> None:
        """Read the counts from the database."""
        self._counts = removal_counts()


class FastlaneState:
    """The memory of one process. `ready` is false until it was read for the first time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.index = MatchIndex()
        self.journal = Journal(ArchiveFolder.of(settings), clock=now) if settings.archive_days else None
        self.removals = RemovalCounts(settings)
        self.tokens: dict[str, TokenRecord] = {}
        self.platforms: frozenset[str] = frozenset()
        self._tools: Tools | None = None
        self._seen_seq = 0
        self._behind = False
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._listener = Listener()
        self._thread = threading.Thread(target=self._follow, name="follow-ledger", daemon=True)

    @property
    def ready(self) -> bool:
        """Whether the memory was filled and follows the ledger; a database that is away does not count against it."""
        return self._ready.is_set() and not self._behind

    def start(self) -> None:
        """Begin to follow the ledger, and open the journal of uploads."""
        if self.journal is not None:
            self.journal.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop following, and close the journal."""
        self._stopping.set()
        self._listener.stop()
        self._thread.join(timeout=5)
        if self.journal is not None:
            self.journal.stop()

    def wait_ready(self, timeout_s: float) -> bool:
        """Wait until the memory was filled; False when that took too long."""
        return self._ready.wait(timeout_s)

    def tools(self) -> Tools:
        """What judging an upload needs; raises Unavailable before the first read."""
        if self._tools is None or not self.ready:
            raise Unavailable("Vigie is starting.", hint="Try again in a moment.")
        return self._tools

    def _follow(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow_connection()
            except (psycopg.Error, DatabaseError) as error:
                # The database is away: what is in memory goes on answering, and what is near an entry that was not
                # met gets 503.
                _log.warning(
                    "the database is away", extra={"action": "follow_ledger", "kind": type(error).__name__}
                )
                connection.close()
                self._stopping.wait(RECONNECT_S)
            except Exception:  # noqa: BLE001 - a process that no longer follows would answer from a stale memory
                _log.exception("cannot follow the ledger", extra={"action": "follow_ledger"})
                self._behind = True
                connection.close()
                self._stopping.wait(RECONNECT_S)
        connection.close()

    def _follow_connection(self) -> None:
        close_old_connections()
        with self._listener.connected() as wait:
            self._refresh()
            self._ready.set()
            while not self._stopping.is_set():
                wait(POLL_S)
                self._refresh()
                self._stopping.wait(BREATH_S)

    def _refresh(self) -> None:
        """Bring everything up to the head of the ledger."""
        head = ledger.head_seq()
        first = not self._ready.is_set()
        if head == self._seen_seq and not first:
            return
        if first:
            activate_first_policy(self.settings)
            self.index.start(self.settings.data / "index")
            self._tell_journal()
            kinds = {"people", "policy", "cases", "platforms"}
        else:
            kinds = ledger.domains_between(self._seen_seq, head)
            if self.index.catch_up() or self._is_put_back():
                self._tell_journal()
        if "people" in kinds:
            self.tokens = working_tokens()
        if "policy" in kinds:
            self._tools = Tools(
                index=self.index,
                policy=policies.reload_if_changed(),
                removals=self.removals,
                settings=self.settings,
                archive=self.journal,
            )
        if "platforms" in kinds:
            self.platforms = frozenset(Platform.objects.filter(active=True).values_list("name", flat=True))
        if "cases" in kinds:
            self.removals.reload()
        self._seen_seq = head
        self._behind = False

    def _tell_journal(self) -> None:
        """From here on uploads are compared with what the index now holds."""
        if self.journal is not None:
            self.journal.follow(self.index.state.cursor)

    def _is_put_back(self) -> bool:
        """Whether the database was put back to an earlier state than the journal knows."""
        return self.journal is not None and self.index.state.cursor < self.journal.entries_seq
