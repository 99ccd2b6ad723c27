"""What the pages for people without an account share: from which address somebody comes.

It keeps nothing.
"""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address to count tries by: the peer, or what `VIGIE_TRUSTED_PROXIES` proxies say of it, as at sign-in."""
    return str(get_adapter(request).get_client_ip(request))
