"""How quickly a body has to arrive: nobody may hold a thread or a place by sending it byte by byte.

It refuses to wait for a caller that neither sends nor goes away, and to judge what was sent.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from vigie.api.problems import TooSlow

Receive = Callable[[], Awaitable[dict[str, Any]]]

# A body may take so long, and a second more for each so many bytes of it that came.
START_S = 15.0
BYTES_PER_S_MIN = 16 * 1024


class Arrivals:
    """Watches the bodies that are waited for, on the loop that runs.

    One look at all of them twice a second costs a call a twentieth of what a timer of its own would.
    """

    def __init__(self, *, start_s: float = START_S, every_s: float = 0.5) -> None:
        self._start_s = start_s
        self._every_s = every_s
        self._waiting: dict[asyncio.Task[Any], Arrival] = {}
        self._is_looking = False

    def begin(self, receive: Receive) -> "Arrival":
        """A body on its way; its time runs from here on."""
        return Arrival(self, receive, due_s=asyncio.get_running_loop().time() + self._start_s)

    def wait(self, task: "asyncio.Task[Any]", arrival: "Arrival") -> None:
        """Watch `task`, which waits for a body."""
        self._waiting[task] = arrival
        if not self._is_looking:
            self._is_looking = True
            asyncio.get_running_loop().call_later(self._every_s, self._look)

    def came(self, task: "asyncio.Task[Any]") -> None:
        """It waits no more."""
        del self._waiting[task]

    def _look(self) -> None:
        self._is_looking = bool(self._waiting)
        if not self._is_looking:
            return
        loop = asyncio.get_running_loop()
        loop.call_later(self._every_s, self._look)
        for task, arrival in self._waiting.items():
            if arrival.due_s < loop.time() and not arrival.is_late:
                arrival.is_late = True
                task.cancel()


class Arrival:
    """One body on its way."""

    def __init__(self, arrivals: Arrivals, receive: Receive, *, due_s: float) -> None:
        self._arrivals = arrivals
        self._receive = receive
        self.due_s = due_s
        self.is_late = False

    async def receive(self) -> dict[str, Any]:
        """The next message of the server; raises TooSlow when the caller keeps it waiting."""
        task = asyncio.current_task()
        assert task is not None
        self._arrivals.wait(task, self)
        try:
            message = await self._receive()
        except asyncio.CancelledError:
            if not self.is_late:
                raise
            task.uncancel()
            raise TooSlow("The body arrives too slowly.", hint="Send it again, in one piece.") from None
        finally:
            self._arrivals.came(task)
        self.due_s += len(message.get("body", b"")) / BYTES_PER_S_MIN
        return message


async def ahead(receive: Receive, bytes_max: int) -> tuple[list[dict[str, Any]], int]:
    """The messages of a body until it ends or there are more than `bytes_max`; and how many bytes they hold."""
    messages: list[dict[str, Any]] = []
    held = 0
    while True:
        message = await receive()
        messages.append(message)
        held += len(message.get("body", b""))
        if held > bytes_max or not message.get("more_body", False):
            return messages, held
