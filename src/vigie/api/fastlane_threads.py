"""Threads that work for the event loop: a call goes out, its result comes back, and nothing more.

They keep no account of calls and cancel none; whoever hands work over bounds how much of it there is.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, NamedTuple, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

TOGETHER_MAX = 8
"""So many waiting items are done together at most."""


class Failed(NamedTuple):
    """What was raised, in the place of a result."""

    error: BaseException


class _Waiting(NamedTuple):
    """Somebody on the loop who waits for the result of work on an item."""

    loop: asyncio.AbstractEventLoop
    result: "asyncio.Future[Any]"
    item: Any


class WorkThreads:
    """At most `count` threads, begun with the first call.

    `concurrent.futures` does the same with locks and objects of its own, which cost twice as much as the hand-over.
    """

    def __init__(self, count: int, *, name: str) -> None:
        self.count = count
        self._name = name
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._beginning = Lock()

    def run(self, work: Callable[[], Any]) -> "asyncio.Future[Any]":
        """What `work` returns or raises, once a thread has done it; to be awaited on the loop that is running."""
        waiting = _waiting_for(work)
        self.hand_over(lambda: _settle([(waiting, attempt(work))]))
        return waiting.result

    def hand_over(self, work: Callable[[], None]) -> None:
        """Let a thread do `work`, which raises nothing and tells nobody."""
        if not self._threads:
            self._begin()
        self._calls.put(work)

    def close(self) -> None:
        """Let the work in hand end."""
        for _ in self._threads:
            self._calls.put(None)
        for one in self._threads:
            one.join()

    def _begin(self) -> None:
        with self._beginning:
            if self._threads:
                return
            threads = [
                Thread(target=self._work, name=f"{self._name}_{number}", daemon=True)
                for number in range(self.count)
            ]
            for one in threads:
                one.start()
            self._threads = threads

    def _work(self) -> None:
        while (work := self._calls.get()) is not None:
            work()
            del work  # nothing of a picture stays here until the next call


class SharedWork(Generic[Item]):
    """Work that costs less for several items at once: those that wait for a thread anyway are done together.

    `together` gives for each item a result or a `Failed`, or None for one that must be done `alone`, so that the
    others need not wait for it. An item that finds a thread idle is done alone at once. At most
    `TOGETHER_MAX` items of `weight_max` in all are taken together, and never more than this thread's share.
    """

    def __init__(
        self,
        threads: WorkThreads,
        *,
        alone: Callable[[Item], Any],
        together: Callable[[Sequence[Item]], Sequence[Any]],
        weigh: Callable[[Item], int],
        weight_max: int,
    ) -> None:
        self._threads = threads
        self._alone = alone
        self._together = together
        self._weigh = weigh
        self._weight_max = weight_max
        self._waiting: deque[_Waiting] = deque()
        self._taking = Lock()

    def run(self, item: Item) -> "asyncio.Future[Any]":
        """What the work gives for `item`; to be awaited on the loop that is running."""
        waiting = _waiting_for(item)
        self._waiting.append(waiting)
        self._threads.hand_over(self._take_up)
        return waiting.result

    def _take_up(self) -> None:
        """Do what waits; nothing, where it went with what another call took up."""
        taken = self._taken()
        if len(taken) > 1:
            outcomes = attempt(self._together, [one.item for one in taken])
            # Where it failed as a whole, each gets to know alone what is wrong.
            if not isinstance(outcomes, Failed):
                done = list(zip(taken, outcomes, strict=True))
                _settle([(one, outcome) for one, outcome in done if outcome is not None])
                taken = [one for one, outcome in done if outcome is None]
        for one in taken:
            _settle([(one, attempt(self._alone, one.item))])

    def _taken(self) -> list[_Waiting]:
        with self._taking:
            waiting = self._waiting
            share = min(-(-len(waiting) // self._threads.count), TOGETHER_MAX)
            taken: list[_Waiting] = []
            weight = 0
            while len(taken) < share:
                weight += self._weigh(waiting[0].item)
                if taken and weight > self._weight_max:
                    break
                taken.append(waiting.popleft())
            return taken


def _waiting_for(item: Any) -> _Waiting:
    loop = asyncio.get_running_loop()
    return _Waiting(loop, loop.create_future(), item)


def attempt(work: Callable[..., Outcome], *arguments: Any) -> Outcome | Failed:
    """What `work` returns, or what it raises as a value."""
    try:
        return work(*arguments)
    except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
        return Failed(error)


def _settle(settled: Sequence[tuple[_Waiting, Any]]) -> None:
    """Give each its outcome, on the loop where it is awaited."""
    if settled:
        # The loop is gone when the process ends, and with it whoever waits.
        with suppress(RuntimeError):
            settled[0][0].loop.call_soon_threadsafe(_give, settled)


def _give(settled: Sequence[tuple[_Waiting, Any]]) -> None:
    for waiting, outcome in settled:
        if waiting.result.done():
            continue
        if isinstance(outcome, Failed):
            waiting.result.set_exception(outcome.error)
        else:
            waiting.result.set_result(outcome)
