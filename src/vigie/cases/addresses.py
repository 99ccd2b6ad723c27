"""Content that is known by its address: found under any way to write it, noted under an id made from it.

It asks no platform and does not say which platform an address belongs to.
"""

import hashlib

from vigie.cases.models import Content
from vigie.foundation.clock import now
from vigie.platforms.models import Platform

KIND = "unknown"


def known_at(url: str, *, platform: Platform | None = None) -> Content | None:
    """The newest content with this address, on one platform or on any."""
    rows = Content.objects.select_related("platform").filter(url__in=_ways_to_write(url))
    if platform is not None:
        rows = rows.filter(platform=platform)
    return rows.order_by("-id").first()


def note_at(url: str, *, platform: Platform) -> Content:
    """The content of a platform with this address, noted when nobody knew it."""
    known = known_at(url, platform=platform)
    if known is not None:
        return known
    content, _ = Content.objects.select_related("platform").get_or_create(
        platform=platform,
        external_id=id_at(url),
        defaults={"kind": KIND, "url": url, "first_seen_at": now()},
    )
    return content


def is_known_by_address(external_id: str) -> bool:
    """Whether the id is one of ours: the platform never named the content otherwise, so people are told its address."""
    return external_id.startswith("url-")


def id_at(url: str) -> str:
    """The id of a content that nothing but its address is known of."""
    return f"url-{hashlib.sha256(_plain(url).encode()).hexdigest()[:40]}"


def _plain(url: str) -> str:
    """The address without fragment and without a slash at its end."""
    return url.partition("#")[0].rstrip("/")


def _ways_to_write(url: str) -> list[str]:
    """The address as it is, and the same without fragment, with or without a slash at its end."""
    return list(dict.fromkeys((url, url.partition("#")[0], _plain(url), f"{_plain(url)}/")))
