"""Threads that work for the event loop: a call goes out, its result comes back, and nothing more.

They keep no account of calls and cancel none; whoever hands work over bounds how much of it there is.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

_Call = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class WorkThreads:
    """At most `count` threads, begun with the first call.

    `concurrent.futures` does the same with locks and objects of its own, which cost twice as much as the hand-over.
    """

    def __init__(self, count: int, *, name: str) -> None:
        self._count = count
        self._name = name
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._beginning = Lock()

    def run(self, work: Callable[[], Any]) -> "asyncio.Future[Any]":
        """What `work` returns or raises, once a thread has done it; to be awaited on the loop that is running."""
        if not self._threads:
            self._begin()
        loop = asyncio.get_running_loop()
        result: asyncio.Future[Any] = loop.create_future()
        self._calls.put((loop, result, work))
        return result

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
                for number in range(self._count)
            ]
            for one in threads:
                one.start()
            self._threads = threads

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            loop, result, work = call
            settle: Callable[[], None]
            try:
                settle = partial(_give, result, work())
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
                settle = partial(_fail, result, error)
            # The loop is gone when the process ends, and with it whoever waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle)
            del call, result, work, settle  # nothing of a picture stays here until the next call


def _give(result: "asyncio.Future[Any]", given: Any) -> None:
    if not result.done():
        result.set_result(given)


def _fail(result: "asyncio.Future[Any]", error: BaseException) -> None:
    if not result.done():
        result.set_exception(error)
