"""Which addresses count as public, and how hosts and allowed hosts are read."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.foundation.addresses import IPAddress, is_public, parse_allowed_hosts, parse_host, unwrapped
from vigie.foundation.settings import SettingInvalid

NOT_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "193.0.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_private_reserved_and_disguised_addresses_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_ordinary_addresses_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_nothing_that_python_calls_private_loopback_or_multicast_is_public(address: IPAddress) -> None:
    inner = unwrapped(address)
    if inner.is_loopback or inner.is_link_local or inner.is_multicast or inner.is_unspecified:
        assert not is_public(address)
    if inner.is_private:
        assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_the_address_inside(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | int(address))
    translated = ipaddress.IPv6Address((0x64FF9B << 96) | int(address))
    assert is_public(mapped) == is_public(address) == is_public(translated)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0x",
        "0177.0.0.1",
        "127.1",
        "127.0.0.01",
        "256.1.1.1",
        "1.2.3.4.5",
        "foo.0x1",
        "foo.09",
        "127.0.0.1.",
        "example.org.",
        "a..b",
        "",
        ".",
        "-",
        "a b",
        "127%2e0.0.1",
        "exa_mple.org/",
        "[::1%25lo]",
        "[::1",
        "[127.0.0.1]x",
        "x" * 64 + ".org",
        ".".join(["abcdefg"] * 40),
        "пример.org",
        "example.org\n",
    ],
)
def test_odd_hosts_are_not_understood(host: str) -> None:
    assert parse_host(host) is None


@pytest.mark.parametrize(
    "host", ["example.org", "xn--e1afmkfd.org", "a_b.example", "localhost", "1a.example", "3com.com"]
)
def test_names_are_names(host: str) -> None:
    assert parse_host(host) == host


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "::1", "[::ffff:127.0.0.1]"])
def test_literals_are_addresses(host: str) -> None:
    assert parse_host(host) == ipaddress.ip_address(host.strip("[]"))


def test_allowed_entries_hold_for_their_port_only_when_they_name_one() -> None:
    allowed = parse_allowed_hosts(
        frozenset(
            {
                "forum.internal:8900",
                "Media.internal",
                "10.1.0.0/16",
                "127.0.0.1:8901",
                "[::1]:8902",
                "fd00::7",
            }
        )
    )

    def address(text: str, port: int) -> bool:
        return allowed.allows_address(ipaddress.ip_address(text), port)

    assert allowed.allows_name("forum.internal", 8900)
    assert not allowed.allows_name("forum.internal", 8901)
    assert allowed.allows_name("media.internal", 1)
    assert not allowed.allows_name("internal", 1)
    assert address("10.1.200.3", 5)
    assert not address("10.2.0.1", 5)
    assert address("127.0.0.1", 8901)
    assert not address("127.0.0.1", 8900)
    assert address("::1", 8902)
    assert not address("::1", 8901)
    assert address("fd00::7", 1)
    assert not address("fd00::8", 1)
    assert address("::ffff:10.1.0.1", 1)


@pytest.mark.parametrize(
    "entry", ["", "http://x", "host:port", "host:99999", "10.0.0.0/40", "a b", "2130706433"]
)
def test_an_allowed_entry_that_is_no_host_is_an_error(entry: str) -> None:
    with pytest.raises(SettingInvalid):
        parse_allowed_hosts(frozenset({entry}))
