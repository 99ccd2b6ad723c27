"""Platforms: connecting them, their settings and secrets, and a test message.

A secret is on the page once, in the answer to the form that made it, and nowhere after.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from vigie.console.access import SENTENCES, actor_of, needs, signed_in
from vigie.console.answers import say, told
from vigie.console.delivery_words import failure_words
from vigie.console.fields import ConsoleForm
from vigie.console.history import history_of
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.identifiers import new_uuid
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.secretbox import unlock_text
from vigie.foundation.settings import current
from vigie.ledger.models import OutboxMessage
from vigie.ledger.service import head_seq
from vigie.platforms import service
from vigie.platforms.connectors import CONNECTORS, Delivered, NotDelivered, PlatformConfig
from vigie.platforms.messages import EnforcementMessage, Measure
from vigie.platforms.models import Platform, gone_by_default

_STATUSES = re.compile(r"^\s*\d{3}(\s*,\s*\d{3})*\s*$")


class StatusesField(forms.CharField):
    """HTTP statuses with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        """A list is shown with commas."""
        return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[int]:
        """The statuses in order, each once."""
        text = super().clean(value)
        if not _STATUSES.match(text):
            raise forms.ValidationError(_("Statuses are numbers of three digits with commas between them."))
        statuses = sorted({int(one) for one in text.split(",")})
        if not all(300 <= one <= 599 for one in statuses):
            raise forms.ValidationError(_("A status that means gone is between 300 and 599."))
        return statuses


class PlatformForm(ConsoleForm):
    """What can be changed of a platform."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    url = forms.CharField(
        label=gettext_lazy("Webhook address"),
        max_length=2_048,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Decisions are sent there, signed. Empty: the platform only follows verdicts."
        ),
    )
    gone_statuses = StatusesField(
        label=gettext_lazy("Statuses that mean gone"),
        initial=gone_by_default,
        help_text=gettext_lazy("What the content's own address answers once it is removed."),
    )
    rechecks = forms.BooleanField(
        label=gettext_lazy("Look whether removed content is really gone"), required=False, initial=True
    )


class NewPlatformForm(PlatformForm):
    """A new platform."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "Lower-case letters, digits and hyphens; used by the API. Empty: from the title."
        ),
    )
    field_order = ("title", "name", "url", "gone_statuses", "rechecks")


class PlatformSettingsForm(PlatformForm):
    """The settings of a platform."""

    active = forms.BooleanField(
        label=gettext_lazy("Active"),
        required=False,
        help_text=gettext_lazy(
            "Off: decisions are taken and kept, and nothing new is sent to this platform."
        ),
    )


@needs("platforms:read")
@require_http_methods(["GET", "POST"])
def show_all(request: HttpRequest) -> HttpResponse:
    """All platforms, and the form for a new one."""
    if request.method == "GET":
        return _list(request, NewPlatformForm())
    _check_may_write(request)
    form = NewPlatformForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    given = form.cleaned_data
    try:
        platform, secret = service.add_platform(
            name=given["name"] or slugify(given["title"])[:60],
            title=given["title"],
            url=given["url"],
            gone_statuses=given["gone_statuses"],
            rechecks=given["rechecks"],
            actor=actor_of(request),
            settings=current(),
        )
    except VigieError as error:
        form.refuse(error, told(error))
        return _list(request, form, status=error.status)
    return _page(request, platform, _form_of(platform), secret=secret)


@needs("platforms:read")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, name: str) -> HttpResponse:
    """One platform."""
    platform = service.find_platform(name)
    if request.method == "GET":
        return _page(request, platform, _form_of(platform))
    _check_may_write(request)
    form = PlatformSettingsForm(request.POST)
    if not form.is_valid():
        return _page(request, platform, form, status=422)
    given = {key: value for key, value in form.cleaned_data.items() if value != getattr(platform, key)}
    if not given:
        say(request, _("Nothing was changed."))
        return redirect("platform", platform.name)
    try:
        service.change_platform(platform.name, actor=actor_of(request), **given)
    except VigieError as error:
        form.refuse(error, told(error))
        return _page(request, platform, form, status=error.status)
    say(request, _("The settings were saved."))
    return redirect("platform", platform.name)


@needs("platforms:write")
@require_POST
def renew_secret(request: HttpRequest, name: str) -> HttpResponse:
    """Make a new secret and show it this once; the old one stops at once."""
    secret = service.renew_secret(name, actor=actor_of(request), settings=current())
    platform = service.find_platform(name)
    return _page(request, platform, _form_of(platform), secret=secret)


@needs("platforms:write")
@require_POST
def send_test(request: HttpRequest, name: str) -> HttpResponse:
    """Deliver one message with `test` true, now, and show what the platform answered. It names no real content."""
    platform = service.find_platform(name)
    settings = current()
    message = EnforcementMessage(
        id=new_uuid(),
        sequence=max(1, head_seq()),
        at=now(),
        test=True,
        content_id="vigie-test",
        content_kind="test",
        content_url=None,
        author_id=None,
        case=None,
        decision=None,
        rule=None,
        measures=(Measure.HIDE_CONTENT,),
    )
    config = PlatformConfig(
        url=platform.url,
        secret=unlock_text(platform.locked_secret, settings=settings),
        gone_statuses=frozenset(platform.gone_statuses),
    )
    door = OutboundDoor(allowed_hosts=frozenset(settings.allowed_fetch_hosts))
    outcome = CONNECTORS[platform.connector].deliver(message, config=config, door=door)
    return _page(request, platform, _form_of(platform), tested=outcome)


def _check_may_write(request: HttpRequest) -> None:
    if not signed_in(request).may("platforms:write"):
        raise PermissionDenied(str(SENTENCES["platforms:write"]))


def _form_of(platform: Platform) -> PlatformSettingsForm:
    fields = ("title", "url", "gone_statuses", "rechecks", "active")
    return PlatformSettingsForm(initial={name: getattr(platform, name) for name in fields})


def _list(request: HttpRequest, form: NewPlatformForm, *, status: int = 200) -> HttpResponse:
    dead = dict(
        OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD)
        .values_list("receiver")
        .annotate(count=Count("id"))
    )
    platforms = [(one, dead.get(one.name, 0)) for one in Platform.objects.order_by("title")]
    return render(
        request, "console/platforms/list.html", {"platforms": platforms, "form": form}, status=status
    )


def _page(
    request: HttpRequest,
    platform: Platform,
    form: PlatformSettingsForm,
    *,
    secret: str = "",
    tested: Delivered | NotDelivered | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "platform": platform,
        "form": form,
        "secret": secret,
        "tested": tested,
        "test_failure": failure_words(tested.reason) if isinstance(tested, NotDelivered) else "",
        "may_write": signed_in(request).may("platforms:write"),
        "history": history_of(f"platform:{platform.name}"),
    }
    return render(request, "console/platforms/page.html", context, status=status)
