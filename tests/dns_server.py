"""A real DNS server on loopback for tests: UDP, TXT records from a map, or silence."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class Zone:
    """What the server knows: names with a dot at the end. `mode`: answers, silent, or servfail."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.asked: list[str] = []
        self.mode = "answers"
        self.server = ""


@contextmanager
def dns_server() -> Iterator[Zone]:
    """Runs while the block does."""
    zone, listener = Zone(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 0))
    zone.server = f"127.0.0.1:{listener.getsockname()[1]}"
    thread = threading.Thread(target=_serve, args=(listener, zone), daemon=True)
    thread.start()
    try:
        yield zone
    finally:
        # A datagram of nothing ends the loop.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", listener.getsockname())
        thread.join(10)
        listener.close()


def _serve(listener: socket.socket, zone: Zone) -> None:
    while True:
        data, client = listener.recvfrom(4_096)
        if not data:
            return
        question = dns.message.from_wire(data)
        name = question.question[0].name.to_text().lower()
        zone.asked.append(name)
        if zone.mode != "silent":
            listener.sendto(_answer(question, name, zone).to_wire(), client)


def _answer(question: dns.message.Message, name: str, zone: Zone) -> dns.message.Message:
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    if zone.mode == "servfail":
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif name in zone.texts:
        text = zone.texts[name]
        pieces = " ".join(f'"{text[start : start + 250]}"' for start in range(0, len(text), 250))
        answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", pieces))
    else:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer
