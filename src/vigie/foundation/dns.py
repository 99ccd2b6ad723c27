"""The only door to DNS: the TXT records of a name, asked of one resolver, with limits of time and size.

It believes nothing more than the resolver that the operator named, and asks no other server.
"""

from functools import lru_cache

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from vigie.foundation.addresses import IPAddress, parse_host
from vigie.foundation.clock import monotonic_s
from vigie.foundation.errors import VigieError
from vigie.foundation.settings import SettingInvalid, Settings

RECORDS_MAX = 10
RECORD_BYTES_MAX = 4_096
# A resolver that gave no answer is left alone so long: many names in a row do not wait for it one after the other.
QUIET_S = 15.0


class DnsUnanswered(VigieError):
    """No resolver could say whether there is such a record: to be asked again."""

    code = "dns_unanswered"
    status = 502


class DnsDoor:
    """Asks one resolver: `server`, as host or host:port, or that of the system when it is empty."""

    def __init__(self, server: str = "") -> None:
        """Raises SettingInvalid when `server` is no address."""
        self._server = _address(server) if server else None
        self._quiet_until_s = 0.0

    def txt(self, name: str, *, time_s_max: float) -> tuple[bytes, ...]:
        """The TXT records of a name, each as one text; none when there is no such name. Raises DnsUnanswered."""
        if monotonic_s() < self._quiet_until_s:
            raise DnsUnanswered("The resolver gave no answer a moment ago.")
        try:
            answer = self._resolver().resolve(
                name, dns.rdatatype.TXT, search=False, lifetime=time_s_max, raise_on_no_answer=False
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN):
            return ()
        except (dns.name.NameTooLong, dns.exception.SyntaxError, UnicodeError):
            return ()  # no name, so nothing is there
        except (dns.resolver.LifetimeTimeout, OSError) as error:
            self._quiet_until_s = monotonic_s() + QUIET_S
            raise DnsUnanswered("The resolver gave no answer.", hint="See VIGIE_DNS_SERVER.") from error
        except dns.exception.DNSException as error:
            raise DnsUnanswered("The resolver could not say.") from error
        if answer.rrset is None:
            return ()
        texts = (b"".join(one.strings) for one in list(answer.rrset)[:RECORDS_MAX])
        return tuple(text for text in texts if len(text) <= RECORD_BYTES_MAX)

    def _resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=self._server is None)
        if self._server is not None:
            address, resolver.port = self._server
            resolver.nameservers = [str(address)]
        return resolver


def door_of(settings: Settings) -> DnsDoor:
    """The door of these settings; the same one for the same resolver, so that its rest holds for all."""
    return _door(settings.dns_server)


@lru_cache(maxsize=8)
def _door(server: str) -> DnsDoor:
    return DnsDoor(server)


def _address(server: str) -> tuple[IPAddress, int]:
    host, colon, port = server.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        host, port = server, "53"
    address = parse_host(host)
    if address is None or isinstance(address, str) or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise SettingInvalid("VIGIE_DNS_SERVER must be the address of a resolver, such as 127.0.0.1:53.")
    return address, int(port)
