"""Which addresses may be asked at all, by how they are written, and where a redirect may lead.

It looks nothing up and connects to nothing: what a host's name stands for is checked when it is connected to.
"""

import re

import httpx

from vigie.foundation.addresses import (
    parse_host,
)
from vigie.foundation.errors import VigieError
from vigie.foundation.limits import URL_CHARS_MAX

_NOT_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")


class OutboundRefused(VigieError):
    """Vigie will not go there.

    `code`: address_refused, scheme_refused, redirect_refused, too_many_redirects or bad_url.
    """

    code = "address_refused"
    status = 422


def parse_url(url: str) -> httpx.URL:
    """The URL; raises OutboundRefused unless it is one of http or https that says nothing else."""
    if len(url) > URL_CHARS_MAX:
        raise bad_url("The URL is too long.")
    if _NOT_IN_URL.search(url):
        raise bad_url("The URL holds white space, a backslash or a control character.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise bad_url("The URL cannot be understood.") from error
    return _checked_url(parsed)


def redirect_target(url: httpx.URL, location: str) -> httpx.URL:
    """Where a server that was asked for `url` sends on to; raises OutboundRefused for where Vigie does not go."""
    try:
        if len(location) > URL_CHARS_MAX or _NOT_IN_URL.search(location):
            raise bad_url(
                "The redirect is too long or holds white space, a backslash or a control character."
            )
        target = _checked_url(url.join(location))
    except OutboundRefused as error:
        raise redirect_refused(error) from error
    except (httpx.InvalidURL, ValueError) as error:
        raise redirect_refused(bad_url("The URL cannot be understood.")) from error
    if (url.scheme, target.scheme) == ("https", "http"):
        raise OutboundRefused("The server redirected from https to http.", code="redirect_refused")
    return target


def bad_url(sentence: str) -> OutboundRefused:
    """What is raised for an address that cannot be asked."""
    return OutboundRefused(sentence, hint="Write it as https://host/path.", code="bad_url")


def redirect_refused(cause: OutboundRefused) -> OutboundRefused:
    """What is raised for a redirect to what cannot be asked."""
    return OutboundRefused(
        f"The server redirected to where Vigie does not go: {cause.sentence}",
        hint=cause.hint,
        code="redirect_refused",
    )


def _checked_url(url: httpx.URL) -> httpx.URL:
    if url.scheme not in ("http", "https"):
        raise OutboundRefused("Only http and https URLs are fetched.", code="scheme_refused")
    if url.userinfo:
        raise bad_url("The URL holds a user name or password.")
    if parse_host(url.raw_host.decode("ascii")) is None:
        raise bad_url("The host of the URL cannot be understood.")
    if url.port is not None and not 0 < url.port <= 65_535:
        raise bad_url("The URL's port does not exist.")
    return url
