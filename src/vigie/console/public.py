"""What the pages for people without an account share: from which address somebody comes.

It keeps nothing.
"""

import ipaddress

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address to count tries by: the peer, or what a reverse proxy on this machine or network says of it.

    Only the last hop of X-Forwarded-For is the proxy's own word; whatever stands before it anybody may have written.
    """
    peer = request.META.get("REMOTE_ADDR", "") or "unknown"
    try:
        near = ipaddress.ip_address(peer).is_private
    except ValueError:
        near = False
    said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if not near or not said:
        return peer
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return peer
