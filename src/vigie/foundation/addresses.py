"""Which network addresses are public, and which private ones an operator let through.

Pure: it never resolves a name and opens no connection.
"""

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from vigie.foundation.settings import SettingInvalid

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

_HOST_CHARS_MAX = 253
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_DOTTED_QUAD = re.compile(r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}")

# Source: the IANA special-purpose address registries (RFC 6890 and its updates), multicast (RFC 5771) and
# former class E. Kept here instead of `ipaddress.is_global`, whose answer changed between Python releases.
_NOT_PUBLIC_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_NOT_PUBLIC_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo and ORCHID among them
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",
    )
)


def is_public(address: IPAddress) -> bool:
    """Whether `address` is an ordinary unicast address of the public Internet.

    An IPv4 address inside an IPv6 one (mapped, NAT64) is judged as what it leads to; 6to4, Teredo and
    IPv4-compatible forms are never public.
    """
    inner = unwrapped(address)
    if isinstance(inner, IPv4Address):
        return not any(inner in network for network in _NOT_PUBLIC_V4)
    return inner in _GLOBAL_UNICAST_V6 and not any(inner in network for network in _NOT_PUBLIC_V6)


def unwrapped(address: IPAddress) -> IPAddress:
    """The IPv4 address that a mapped (RFC 4291) or NAT64 (RFC 6052) address leads to, else `address`."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def parse_host(host: str) -> IPAddress | str | None:
    """A lower-case ASCII host as an address (brackets taken off) or a name; None when it is neither.

    Numbers that some resolvers read as addresses (2130706433, 0x7f.1, 0177.0.0.1), a trailing dot, a zone
    identifier and percent signs are neither. Source: WHATWG URL, "ends in a number checker".
    """
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if ":" in host:
        return _parse_v6(host)
    if _DOTTED_QUAD.fullmatch(host):
        try:
            return IPv4Address(host)
        except ValueError:
            return None
    labels = host.split(".")
    if len(host) > _HOST_CHARS_MAX or _NUMBER.fullmatch(labels[-1]):
        return None
    return host if all(_LABEL.fullmatch(label) for label in labels) else None


def _parse_v6(text: str) -> IPAddress | None:
    if "%" in text:
        return None
    try:
        return IPv6Address(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class AllowedHosts:
    """What is let through although not public: names and networks, each for one port or (None) for all."""

    names: frozenset[tuple[str, int | None]]
    networks: frozenset[tuple[IPNetwork, int | None]]

    def allows_name(self, host: str, port: int) -> bool:
        """Whether this very name was allowed, wherever it leads."""
        return (host, None) in self.names or (host, port) in self.names

    def allows_address(self, address: IPAddress, port: int) -> bool:
        """Whether `address` (or the IPv4 address inside it) lies in an allowed network."""
        inner = unwrapped(address)
        return any(
            inner.version == network.version and inner in network and allowed_port in (None, port)
            for network, allowed_port in self.networks
        )


def parse_allowed_hosts(entries: frozenset[str]) -> AllowedHosts:
    """Parse `host`, `host:port`, `address`, `address:port`, `[v6]:port` and CIDR entries.

    Raises SettingInvalid for an entry that is none of them.
    """
    names: set[tuple[str, int | None]] = set()
    networks: set[tuple[IPNetwork, int | None]] = set()
    for entry in entries:
        host, port = _split_port(entry.strip().lower())
        try:
            networks.add((ipaddress.ip_network(host.strip("[]"), strict=False), port))
            continue
        except ValueError:
            pass
        if not isinstance(parse_host(host), str):
            raise SettingInvalid(
                f"The allowed host {entry!r} cannot be understood.",
                hint="Write a host, host:port, an address, or a network such as 10.1.0.0/16.",
            )
        names.add((host, port))
    return AllowedHosts(frozenset(names), frozenset(networks))


def _split_port(entry: str) -> tuple[str, int | None]:
    host, colon, port = entry.rpartition(":")
    bare_v6 = ":" in host and not host.endswith("]")
    if not colon or bare_v6 or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        return entry, None
    return host, int(port)
