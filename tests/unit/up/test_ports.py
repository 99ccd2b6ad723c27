"""The port is looked at before anything starts, and kept."""

import socket

import pytest

from vigie.up.errors import CannotStart, PortTaken
from vigie.up.ports import reserved


def test_a_port_on_which_somebody_listens_is_refused_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        with pytest.raises(PortTaken) as refused, reserved("127.0.0.1", number):
            pass
    assert str(number) in refused.value.sentence
    assert "--port" in refused.value.hint


def test_a_reserved_port_is_taken_for_a_second_vigie_although_nobody_listens_yet() -> None:
    with reserved("127.0.0.1", 0) as number, pytest.raises(PortTaken), reserved("127.0.0.1", number):
        pass


def test_a_server_that_shares_ports_can_listen_on_the_reserved_one() -> None:
    with reserved("127.0.0.1", 0) as number, socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", number))
        server.listen()
        with socket.create_connection(("127.0.0.1", number), timeout=5) as client:
            assert client.getpeername()[1] == number


def test_a_port_is_free_again_after_connections_on_it_were_closed_a_moment_ago() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        with socket.create_connection(("127.0.0.1", number)) as client:
            accepted, _ = other.accept()
            accepted.close()  # the side that closes first keeps the port in TIME_WAIT
            client.recv(1)
    with reserved("127.0.0.1", number) as again:
        assert again == number


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(CannotStart), reserved("192.0.2.1", 0):
        pass


def test_a_name_that_nobody_knows_is_refused() -> None:
    with pytest.raises(CannotStart), reserved("nobody.invalid", 0):
        pass
