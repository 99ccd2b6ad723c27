"""People and tokens: who has access, as what, and the keys of services; with the table of who may do what.

A token's text is on the page once, in the answer to the form that made it.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.console.access import actor_of, needs, signed_in
from vigie.console.answers import complain, say, told
from vigie.console.fields import ConsoleForm, InstantField
from vigie.console.names import names_of
from vigie.console.words import ROLES, Words, word
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.people import service
from vigie.people.models import Token, User
from vigie.people.rights import PERSON_ONLY, RIGHTS_OF_ROLE, SCOPES, Right, Role
from vigie.platforms.models import Platform

RIGHTS: Words = {
    "content:write": gettext_lazy("Ask about content (platforms)"),
    "match:read": gettext_lazy("Look signals up"),
    "banks:read": gettext_lazy("See banks and entries"),
    "banks:write": gettext_lazy("Add, change and remove entries"),
    "banks:confirm": gettext_lazy("Confirm entries"),
    "cases:read": gettext_lazy("See cases"),
    "cases:decide": gettext_lazy("Decide cases"),
    "evidence:read": gettext_lazy("Read evidence, with a purpose"),
    "evidence:decide": gettext_lazy("Grant access to preserved evidence, exports and extensions"),
    "ledger:read": gettext_lazy("Read the ledger"),
    "ledger:sign": gettext_lazy("Sign checkpoints of the ledger"),
    "policy:read": gettext_lazy("Read the policy"),
    "policy:write": gettext_lazy("Activate a policy"),
    "platforms:read": gettext_lazy("See platforms, deliveries and alarms"),
    "platforms:write": gettext_lazy("Connect and change platforms"),
    "deliveries:replay": gettext_lazy("Send dead letters again"),
    "people:write": gettext_lazy("Give and take access"),
    "reports:write": gettext_lazy("Write and publish transparency reports"),
    "orders:file": gettext_lazy("Hand in an authority's own orders and read their answers"),
    "issuing:read": gettext_lazy("See orders that we issue"),
    "issuing:draft": gettext_lazy("Draft and send orders that we issue"),
    "issuing:approve": gettext_lazy("Approve orders that we issue"),
    "providers:write": gettext_lazy("Change the register of providers"),
    "holds:read": gettext_lazy("See what holds cover"),
    "holds:write": gettext_lazy("Enter and release holds"),
}


def _role_choices() -> list[tuple[str, str]]:
    return [(role.value, word(ROLES, role.value)) for role in Role]


def _scope_choices() -> list[tuple[str, str]]:
    return [(scope.value, f"{scope.value} – {word(RIGHTS, scope.value)}") for scope in SCOPES]


def _platform_choices() -> list[tuple[str, Any]]:
    platforms = Platform.objects.order_by("title").values_list("name", "title")
    return [("", gettext_lazy("no platform")), *((name, f"{title} ({name})") for name, title in platforms)]


class PersonForm(ConsoleForm):
    """Somebody who is to sign in."""

    username = forms.CharField(
        label=gettext_lazy("User name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    full_name = forms.CharField(label=gettext_lazy("Name shown"), max_length=200, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_role_choices)
    password = forms.CharField(
        label=gettext_lazy("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "At least 12 characters. Tell it in person; it can be changed after signing in."
        ),
    )


class TokenForm(ConsoleForm):
    """A service that is to call the API."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What it is for, so that it is known later."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"),
        choices=_scope_choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "checks"}),
    )
    platform = forms.ChoiceField(
        label=gettext_lazy("Platform"),
        choices=_platform_choices,
        required=False,
        help_text=gettext_lazy("Content asked about with this token is content of that platform."),
    )
    authority = forms.CharField(
        label=gettext_lazy("Authority"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For the scope orders:file alone: the key of the authority in the register."),
    )
    expires_at = InstantField(label=gettext_lazy("Expires at"), required=False)


@needs("people:write")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def show_all(request: HttpRequest) -> HttpResponse:
    """People; the form for another one."""
    form = PersonForm(request.POST or None)
    if request.method == "GET":
        return _people(request, form)
    if not form.is_valid():
        return _people(request, form, status=422)
    try:
        user = service.add_user(actor=actor_of(request), **form.cleaned_data)
    except VigieError as error:
        form.refuse(error, told(error))
        return _people(request, form, status=error.status)
    say(request, _("%(name)s can sign in now.") % {"name": user.shown_name})
    return redirect("people")


@needs("people:write")
@require_POST
def change_role(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a person another role."""
    if user_id == signed_in(request).pk:
        complain(request, _("Somebody else has to change your own role."))
        return redirect("people")
    try:
        user = service.change_role(user_id, role=request.POST.get("role", ""), actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        role = word(ROLES, user.role)
        say(request, _("%(name)s now has the role “%(role)s”.") % {"name": user.shown_name, "role": role})
    return redirect("people")


@needs("people:write")
@require_POST
def switch_off(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take a person's access away."""
    if user_id == signed_in(request).pk:
        complain(request, _("Somebody else has to switch off your own access."))
        return redirect("people")
    try:
        user = service.switch_off_user(user_id, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("%(name)s has no access any more.") % {"name": user.shown_name})
    return redirect("people")


@needs("people:write")
@require_POST
def switch_on(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a person's access back."""
    try:
        user = service.switch_on_user(user_id, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("%(name)s has access again.") % {"name": user.shown_name})
    return redirect("people")


@needs("people:write")
@require_POST
@sensitive_post_parameters("password")
def set_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a person a new password."""
    if user_id == signed_in(request).pk:
        complain(request, _("Change your own password in your account, where the former one is asked for."))
        return redirect("people")
    password = request.POST.get("password", "")
    try:
        user = service.set_password(user_id, password=password, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(
            request,
            _("%(name)s has a new password and is signed out everywhere.") % {"name": user.shown_name},
        )
    return redirect("people")


@needs("people:write")
@require_http_methods(["GET", "POST"])
def show_tokens(request: HttpRequest) -> HttpResponse:
    """Tokens; the form for another one. A new token's text is in the answer, this once."""
    form = TokenForm(request.POST or None)
    if request.method == "GET":
        return _tokens(request, form)
    if not form.is_valid():
        return _tokens(request, form, status=422)
    try:
        token, text = service.add_token(actor=actor_of(request), **form.cleaned_data)
    except VigieError as error:
        form.refuse(error, told(error))
        return _tokens(request, form, status=error.status)
    return _tokens(request, TokenForm(), made=token, text=text)


@needs("people:write")
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Stop a token at once."""
    try:
        token = service.revoke_token(token_id, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("The token “%(name)s” does not work any more.") % {"name": token.name})
    return redirect("people-tokens")


@needs("people:write")
@require_GET
def show_rights(request: HttpRequest) -> HttpResponse:
    """Who may do what, as it is in force."""
    rows = [
        (
            right.value,
            word(RIGHTS, right.value),
            [right in RIGHTS_OF_ROLE[role] for role in Role],
            right not in PERSON_ONLY,
        )
        for right in Right
    ]
    context = {"tab": "rights", "roles": [word(ROLES, role.value) for role in Role], "rows": rows}
    return render(request, "console/people/rights.html", context)


def _people(request: HttpRequest, form: PersonForm, *, status: int = 200) -> HttpResponse:
    context = {
        "tab": "people",
        "people": User.objects.order_by("-is_active", "username"),
        "roles": _role_choices(),
        "form": form,
        "me": signed_in(request),
    }
    return render(request, "console/people/list.html", context, status=status)


def _tokens(
    request: HttpRequest, form: TokenForm, *, made: Token | None = None, text: str = "", status: int = 200
) -> HttpResponse:
    tokens = list(Token.objects.select_related("user").order_by("revoked_at", "-id"))
    tokens.sort(key=lambda token: token.revoked_at is not None)
    names = names_of(token.created_by for token in tokens)
    at = now()
    context = {
        "tab": "tokens",
        "tokens": [
            (
                one,
                names.get(one.created_by, one.created_by),
                one.expires_at is not None and one.expires_at <= at,
            )
            for one in tokens
        ],
        "form": form,
        "made": made,
        "text": text,
    }
    return render(request, "console/people/tokens.html", context, status=status)
