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


class Arrival:
    """One body on its way; its time runs from here on."""

    def __init__(self, receive: Receive, *, start_s: float = START_S) -> None:
        self._receive = receive
        self._due_s = asyncio.get_running_loop().time() + start_s

    async def receive(self) -> dict[str, Any]:
        """The next message of the server; raises TooSlow when the caller keeps it waiting."""
        try:
            async with asyncio.timeout_at(self._due_s):
                message = await self._receive()
        except TimeoutError as error:
            raise TooSlow("The body arrives too slowly.", hint="Send it again, in one piece.") from error
        self._due_s += len(message.get("body", b"")) / BYTES_PER_S_MIN
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
