"""What the pages for people without an account share: from where somebody comes, and in which language they read.

It keeps nothing.
"""

from collections.abc import Callable
from typing import TypeVar

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

View = TypeVar("View", bound=Callable[..., object])
_MARK = "is_for_everybody"


def for_everybody(view: View) -> View:
    """Mark a view as read by people outside: it is there in every language."""
    setattr(view, _MARK, True)
    return view


def is_for_everybody(view: object) -> bool:
    """Whether a view is marked so."""
    return bool(getattr(view, _MARK, False))


def language_of(request: HttpRequest, *, otherwise: str = settings.LANGUAGE_CODE) -> str:
    """What the reader chose here, else the first language of their browser that Vigie writes, else `otherwise`."""
    known = dict(settings.LANGUAGES)
    wanted = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")]
    wanted += [code for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    found = next((one.partition("-")[0] for one in wanted if one.partition("-")[0] in known), otherwise)
    return found if found in known else settings.LANGUAGE_CODE


def client_address(request: HttpRequest) -> str:
    """The address to count tries by: the peer, or what `VIGIE_TRUSTED_PROXIES` proxies say of it, as at sign-in."""
    return str(get_adapter(request).get_client_ip(request))
