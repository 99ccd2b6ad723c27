"""A body has to keep coming: who sends slowly is not waited for."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from vigie.api.arrival import BYTES_PER_S_MIN, Arrivals, Receive, ahead
from vigie.api.problems import TooSlow


def _sent(pieces: Sequence[bytes], *, every_s: float) -> Receive:
    """A caller that sends these, the last one too without saying that it is the last."""
    left = list(pieces)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(every_s if left else 60)
        return {"type": "http.request", "body": left.pop(0), "more_body": True}

    return receive


def _received(receive: Receive, *, start_s: float) -> int:
    """How many messages came before it took too long."""

    async def read() -> int:
        arrival, count = Arrivals(start_s=start_s, every_s=0.01).begin(receive), 0
        with pytest.raises(TooSlow):
            while True:
                await arrival.receive()
                count += 1
        return count

    return asyncio.run(read())


def test_whoever_sends_nothing_is_not_waited_for() -> None:
    assert _received(_sent([], every_s=0), start_s=0.05) == 0


def test_single_bytes_buy_no_time_worth_mentioning() -> None:
    assert _received(_sent([b"a"] * 100, every_s=0.02), start_s=0.2) < 20


def test_a_body_that_keeps_coming_may_take_longer() -> None:
    piece = bytes(BYTES_PER_S_MIN // 10)
    assert _received(_sent([piece] * 20, every_s=0.02), start_s=0.2) == 20


def test_what_fits_is_read_ahead_and_no_more() -> None:
    messages = [{"type": "http.request", "body": b"heron", "more_body": True}] * 3
    messages.append({"type": "http.request", "body": b""})

    async def read(bytes_max: int) -> tuple[int, int]:
        left = list(messages)

        async def receive() -> dict[str, Any]:
            return left.pop(0)

        taken, held = await ahead(receive, bytes_max)
        return len(taken), held

    assert asyncio.run(read(100)) == (4, 15)
    assert asyncio.run(read(9)) == (2, 10)
