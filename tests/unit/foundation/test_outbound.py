"""What the door refuses before any connection is opened."""

import ipaddress
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.foundation.addresses import IPAddress
from vigie.foundation.errors import VigieError
from vigie.foundation.outbound import OutboundDoor, OutboundFailed, OutboundRefused


def resolving_to(*texts: str) -> OutboundDoor:
    addresses = [ipaddress.ip_address(text) for text in texts]
    return OutboundDoor(allowed_hosts=frozenset(), resolver=lambda host: addresses)


def code_of(door: OutboundDoor, url: str) -> str:
    with pytest.raises((OutboundRefused, OutboundFailed)) as caught:
        door.fetch(url, bytes_max=1_000, time_s_max=2)
    assert isinstance(caught.value, VigieError)
    return caught.value.code


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/x", "scheme_refused"),
        ("file:///etc/passwd", "scheme_refused"),
        ("gopher://example.org/", "scheme_refused"),
        ("javascript:alert(1)", "scheme_refused"),
        ("//example.org/x", "scheme_refused"),
        ("example.org", "scheme_refused"),
        ("", "scheme_refused"),
        ("http:///x", "bad_url"),
        ("http://user@example.org/", "bad_url"),
        ("http://user:secret@example.org/", "bad_url"),
        ("http://:@example.org/", "bad_url"),
        ("http://example.org:0/", "bad_url"),
        ("http://example.org:99999/", "bad_url"),
        ("http://example.org:x/", "bad_url"),
        ("http://exam ple.org/", "bad_url"),
        ("http://example.org/\r\nX: y", "bad_url"),
        ("http://example.org\\@127.0.0.1/", "bad_url"),
        ("http://example.org./", "bad_url"),
        ("http://127.0.0.1./", "bad_url"),
        ("http://127%2e0.0.1/", "bad_url"),
        ("http://%6cocalhost/", "bad_url"),
        ("http://2130706433/", "bad_url"),
        ("http://0x7f.1/", "bad_url"),
        ("http://0X7F000001/", "bad_url"),
        ("http://0177.0.0.1/", "bad_url"),
        ("http://127.1/", "bad_url"),
        ("http://[::1%25lo]/", "bad_url"),
        ("http://[::1/", "bad_url"),
        ("http://[v1.x]/", "bad_url"),
        ("https://example.org/" + "x" * 3_000, "bad_url"),
    ],
)
def test_an_odd_url_is_refused_with_its_reason(url: str, code: str) -> None:
    assert code_of(resolving_to("8.8.8.8"), url) == code


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "https://10.0.0.1:8443/",
        "http://0.0.0.0/",
        "http://127。0。0。1/",  # the ideographic full stop that IDNA reads as a dot
    ],
)
def test_a_literal_that_is_not_public_is_refused(url: str) -> None:
    assert code_of(resolving_to("8.8.8.8"), url) in ("address_refused", "bad_url")


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    assert (
        code_of(resolving_to("8.8.8.8", "2606:4700::1111", "10.0.0.1"), "https://a.example/")
        == "address_refused"
    )
    assert code_of(resolving_to("::ffff:127.0.0.1"), "https://a.example/") == "address_refused"


def test_post_and_status_look_at_addresses_as_fetch_does() -> None:
    door = resolving_to("192.168.0.1")
    with pytest.raises(OutboundRefused):
        door.post("https://a.example/", body=b"{}", headers={}, time_s_max=1)
    with pytest.raises(OutboundRefused):
        door.status_of("https://a.example/", time_s_max=1)


def test_an_international_name_is_resolved_in_its_ascii_form() -> None:
    asked: list[str] = []

    def resolver(host: str) -> list[IPAddress]:
        asked.append(host)
        return [ipaddress.ip_address("127.0.0.1")]

    door = OutboundDoor(allowed_hosts=frozenset(), resolver=resolver)
    assert code_of(door, "https://Bücher.example/") == "address_refused"
    assert asked == ["xn--bcher-kva.example"]


def test_an_unknown_name_is_unreachable() -> None:
    def resolver(host: str) -> list[IPAddress]:
        raise OSError("no such host")

    assert (
        code_of(OutboundDoor(allowed_hosts=frozenset(), resolver=resolver), "https://a.example/")
        == "unreachable"
    )
    assert code_of(resolving_to(), "https://a.example/") == "unreachable"


def test_a_resolver_that_hangs_ends_at_the_deadline() -> None:
    release = threading.Event()

    def resolver(host: str) -> list[IPAddress]:
        release.wait(20)
        return []

    door = OutboundDoor(allowed_hosts=frozenset(), resolver=resolver)
    try:
        with pytest.raises(OutboundFailed) as caught:
            door.status_of("https://a.example/", time_s_max=0.2)
        assert caught.value.code == "timed_out"
    finally:
        release.set()


def test_no_error_names_the_url() -> None:
    for url in (
        "http://user:secret@example.org/",
        "http://2130706433/",
        "ftp://hidden.example/",
        "http://10.9.8.7/",
    ):
        with pytest.raises(OutboundRefused) as caught:
            resolving_to("8.8.8.8").fetch(url, bytes_max=1, time_s_max=1)
        for word in ("secret", "2130706433", "hidden", "10.9.8.7"):
            assert word not in str(caught.value) + caught.value.hint


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://", "http://[", "http://a@", "//"]))
def test_any_text_is_refused_or_resolved_and_never_crashes(text: str, prefix: str) -> None:
    door = resolving_to("10.0.0.1")
    with pytest.raises(OutboundRefused):
        door.status_of(prefix + text, time_s_max=5)
