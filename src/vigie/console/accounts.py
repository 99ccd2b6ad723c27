"""How allauth behaves here: nobody signs up, and whoever signs in gets their own language.

People are added by an administrator (`people.service.add_user`), never by themselves.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from vigie.people.models import User


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's adapter without sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The next page, and messages on it, in the language of the person."""
        if user.language:
            translation.activate(user.language)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response
