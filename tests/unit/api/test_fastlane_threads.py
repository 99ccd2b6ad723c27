"""Work that the event loop hands to threads."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from vigie.api.fastlane_threads import WorkThreads


@pytest.fixture
def two() -> Iterator[WorkThreads]:
    """Two threads."""
    threads = WorkThreads(2, name="test")
    yield threads
    threads.close()


def test_what_was_returned_comes_back_from_another_thread(two: WorkThreads) -> None:
    async def ask() -> tuple[int, ...]:
        return tuple(await asyncio.gather(*(two.run(threading.get_ident) for _ in range(20))))

    found = set(asyncio.run(ask()))
    assert threading.get_ident() not in found
    assert len(found) <= 2


def test_what_was_raised_is_raised_to_whoever_waits(two: WorkThreads) -> None:
    async def ask() -> int:
        with pytest.raises(ZeroDivisionError):
            await two.run(lambda: 1 // 0)
        done: int = await two.run(lambda: 1)
        return done

    assert asyncio.run(ask()) == 1


def test_as_many_calls_run_at_once_as_there_are_threads(two: WorkThreads) -> None:
    together = threading.Barrier(2)

    async def ask() -> None:
        await asyncio.gather(*(two.run(lambda: together.wait(timeout=60)) for _ in range(2)))

    asyncio.run(ask())
    assert not together.broken


def test_a_caller_that_hung_up_does_not_stop_the_thread(two: WorkThreads) -> None:
    go_on = threading.Event()

    async def ask() -> int:
        waiting = asyncio.ensure_future(two.run(lambda: go_on.wait(timeout=60)))
        await asyncio.sleep(0)
        waiting.cancel()
        go_on.set()
        done: int = await two.run(lambda: 2)
        return done

    assert asyncio.run(ask()) == 2


def test_work_in_hand_ends_before_the_threads_do() -> None:
    threads = WorkThreads(1, name="test")
    done: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait(timeout=60)
        done.append(1)

    async def ask(work: Callable[[], None]) -> None:
        threads.run(work)
        await asyncio.to_thread(begun.wait, 60)

    asyncio.run(ask(slow))
    go_on.set()
    threads.close()
    assert done == [1]
