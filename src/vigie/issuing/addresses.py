"""When two ways of writing an address are one address, and what lies under another; pure.

It asks no server: what looks different and leads to the same place is two addresses to it.
"""

from urllib.parse import quote, unquote_to_bytes, urlsplit

from vigie.foundation.errors import Invalid

_KEPT = "!$&'()*+,;=:@~-._"
_PORTS = {"http": 80, "https": 443}


class AddressUnusable(Invalid):
    """This is no address that a hold or an order can name."""

    code = "address_unusable"


def url_key(url: str) -> str:
    """The address without what makes no difference: scheme, case of the host, usual port, fragment, a last slash.

    Raises AddressUnusable.
    """
    host, port, path, query = _parts(url)
    shown = f"{host}:{port}" if port else host
    return f"{shown}{path}{'?' + query if query else ''}"[:2_200]


def host_of(url: str) -> str:
    """The host, lower case, without `www.`; raises AddressUnusable."""
    return _parts(url)[0]


def hosts_above(host: str) -> tuple[str, ...]:
    """The host and every one above it: `a.b.example` -> a.b.example, b.example, example."""
    parts = host.split(".")
    return tuple(".".join(parts[at:]) for at in range(len(parts)))


def is_under(key: str, above: str) -> bool:
    """Whether the address of `key` is that of `above` or lies under it, at a whole step of its path."""
    return key == above or (key.startswith(above) and key[len(above) : len(above) + 1] in ("/", "?"))


def names_whole_site(url: str) -> bool:
    """Whether the address leads to no content but to a site: no path and no query."""
    _, _, path, query = _parts(url)
    return not path and not query


def _parts(url: str) -> tuple[str, int | None, str, str]:
    try:
        found = urlsplit(url.strip())
        host, port = found.hostname or "", found.port
        if found.scheme.lower() not in _PORTS or not host:
            raise ValueError("no address of the web")
        host = host.rstrip(".").encode("idna").decode() if not host.isascii() else host.rstrip(".")
    except (ValueError, UnicodeError) as error:
        raise AddressUnusable("This is no address.", hint="Write it as https://host/path.") from error
    if not host:
        raise AddressUnusable("This is no address.", hint="Write it as https://host/path.")
    host = host.lower().removeprefix("www.")
    usual = port is None or port == _PORTS[found.scheme.lower()]
    path = _without_dots(_same_escapes(found.path))
    return host, None if usual else port, path.rstrip("/"), _same_escapes(found.query, also="/?%[]")


def _same_escapes(text: str, *, also: str = "/") -> str:
    """Escapes written one way: what needs none has none, the others have capitals."""
    if also == "/":
        return "/".join(quote(unquote_to_bytes(one), safe=_KEPT) for one in text.split("/"))
    return quote(text, safe=_KEPT + also)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    return "/".join(kept)
