"""Who may open which page: sign-in and rights, checked before a view runs.

It grants nothing: rights come from `people.rights`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from vigie.ledger.actors import Actor, person
from vigie.people.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# What somebody without the right is told that they may not do.
SENTENCES = {
    "banks:read": _("You may not see the banks."),
    "banks:write": _("You may not change banks."),
    "banks:confirm": _("You may not confirm entries."),
    "content:erase": _("You may not erase content from the archive."),
    "cases:read": _("You may not see cases."),
    "cases:decide": _("You may not decide cases."),
    "evidence:read": _("You may not read evidence."),
    "evidence:decide": _("You may not decide about evidence."),
    "ledger:read": _("You may not read the ledger."),
    "ledger:sign": _("You may not sign checkpoints of the ledger."),
    "policy:read": _("You may not read the policy."),
    "policy:write": _("You may not change the policy."),
    "platforms:read": _("You may not see the platforms."),
    "platforms:write": _("You may not change platforms."),
    "deliveries:replay": _("You may not replay deliveries."),
    "people:write": _("You may not change people."),
    "orders:read": _("You may not see removal orders."),
    "orders:write": _("You may not take removal orders in."),
    "orders:decide": _("You may not decide about removal orders."),
    "notices:write": _("You may not enter referrals."),
    "reports:write": _("You may not publish reports or write what stands in them."),
    "issuing:read": _("You may not see removal orders that we issue."),
    "issuing:draft": _("You may not work on removal orders that we issue."),
    "issuing:approve": _("You may not approve removal orders."),
    "providers:write": _("You may not change the register of providers."),
    "holds:read": _("You may not see what holds cover."),
    "holds:write": _("You may not enter holds."),
}


def needs(*rights: str) -> Callable[[View[P]], View[P]]:
    """A view for people who have at least one of `rights`; for everybody who is signed in without any named.

    Others get the sign-in page, or page 403 with a sentence.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not isinstance(user, User):
                return _to_sign_in(request)
            if rights and not any(user.may(right) for right in rights):
                raise PermissionDenied(str(SENTENCES.get(rights[0], "")))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def signed_in(request: HttpRequest) -> User:
    """The person of a request that passed `needs`."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def actor_of(request: HttpRequest) -> Actor:
    """The person of a request, as the ledger names them."""
    return person(signed_in(request).pk)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A fragment must not become a sign-in form inside the page: the page itself goes there.
        return HttpResponse(status=401, headers={"HX-Redirect": "/accounts/login/"})
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
