"""Ports that others use are passed over."""

import socket
from collections.abc import Iterator

import pytest

from vigie.demo.errors import DemoFailed
from vigie.demo.processes import EXAMPLES, HOST, PORTS_TRIED_MAX, free_port, wait_for


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    with socket.create_server((HOST, 0)) as listening:
        yield listening


def test_a_taken_port_is_passed_over(taken: socket.socket) -> None:
    port = taken.getsockname()[1]
    assert free_port(port) > port


def test_a_port_that_is_meant_for_another_is_passed_over(taken: socket.socket) -> None:
    port = free_port(taken.getsockname()[1])
    assert free_port(port, besides=frozenset({port})) > port


def test_after_fifty_taken_ports_it_gives_up() -> None:
    meant = frozenset(range(20_000, 20_000 + PORTS_TRIED_MAX))
    with pytest.raises(DemoFailed, match="No port from 20000 on"):
        free_port(20_000, besides=meant)


def test_waiting_ends_when_the_time_is_over() -> None:
    assert wait_for(lambda: False, seconds_max=0.1) is None
    assert wait_for(lambda: True, seconds_max=0.1) is not None


def test_the_example_platform_is_where_it_is_looked_for() -> None:
    assert (EXAMPLES / "forum" / "forum.py").is_file()
