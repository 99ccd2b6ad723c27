"""Work that the event loop hands to threads."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from vigie.api.fastlane_threads import TOGETHER_MAX, Failed, SharedWork, WorkThreads


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


class Counting:
    """Shared work that notes who was done with whom; a negative number fails, zero must be done alone."""

    def __init__(self, threads: int) -> None:
        self.groups: list[tuple[int, ...]] = []
        self.threads = WorkThreads(threads, name="test")
        self.work = SharedWork(
            self.threads, alone=self.alone, together=self.together, weigh=abs, weight_max=1_000
        )

    def alone(self, item: int) -> int:
        self.groups.append((item,))
        return 1 // (item + 1) if item < 0 else item

    def together(self, items: Sequence[int]) -> list[int | Failed | None]:
        self.groups.append(tuple(items))
        if 999 in items:
            raise ValueError("as a whole")
        return [item or None if item >= 0 else Failed(KeyError(item)) for item in items]

    def ask(self, items: Sequence[int]) -> list[int | BaseException]:
        """What comes of `items` when all of them wait for the only thread."""
        go_on = threading.Event()

        async def ask() -> list[int | BaseException]:
            busy = self.threads.run(lambda: go_on.wait(timeout=60))
            waiting = [self.work.run(item) for item in items]
            go_on.set()
            await busy
            return list(await asyncio.gather(*waiting, return_exceptions=True))

        try:
            return asyncio.run(ask())
        finally:
            self.threads.close()


def test_what_waits_is_done_together_and_each_gets_its_own() -> None:
    counting = Counting(1)
    assert counting.ask([3, 1, 2]) == [3, 1, 2]
    assert counting.groups == [(3, 1, 2)]


def test_who_fails_fails_alone() -> None:
    found = Counting(1).ask([3, -7, 2])
    assert (found[0], found[2]) == (3, 2)
    assert isinstance(found[1], KeyError)


def test_what_must_be_done_alone_is_done_after_the_others() -> None:
    counting = Counting(1)
    assert counting.ask([0, 5, 6]) == [0, 5, 6]
    assert counting.groups == [(0, 5, 6), (0,)]


def test_where_the_whole_fails_each_is_done_alone() -> None:
    counting = Counting(1)
    assert counting.ask([1, 999]) == [1, 999]
    assert counting.groups == [(1, 999), (1,), (999,)]


def test_no_more_is_taken_together_than_weighs_so_much() -> None:
    counting = Counting(1)
    assert counting.ask([600, 400, 1, 2_000, 3]) == [600, 400, 1, 2_000, 3]
    assert counting.groups == [(600, 400), (1,), (2_000,), (3,)]


def test_no_more_are_taken_together_than_the_limit() -> None:
    counting = Counting(1)
    items = list(range(1, 2 * TOGETHER_MAX + 1))
    assert counting.ask(items) == items
    assert [len(one) for one in counting.groups] == [TOGETHER_MAX, TOGETHER_MAX]


def test_one_thread_leaves_the_others_their_share() -> None:
    counting = Counting(2)
    counting.ask(range(1, 7))
    assert max(len(one) for one in counting.groups) <= 3


def test_an_item_that_finds_a_thread_idle_is_done_alone() -> None:
    counting = Counting(1)
    assert counting.ask([4]) == [4]
    assert counting.groups == [(4,)]
