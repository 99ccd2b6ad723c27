"""Entering a referral: a report that came by post, telephone, e-mail or another way, in its notifier's words.

It decides nothing, and what came through the form or the API is not entered here.
"""

from typing import Any

from django import forms
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vigie.console import public_words, redress_words
from vigie.console.access import actor_of, needs
from vigie.console.answers import told
from vigie.console.fields import ConsoleForm
from vigie.flows.notice import notify
from vigie.foundation.errors import VigieError
from vigie.foundation.limits import CONTENT_ID_CHARS_MAX, URL_CHARS_MAX
from vigie.foundation.settings import current
from vigie.notices import service
from vigie.notices.channels import REFERRED
from vigie.notices.models import Notice
from vigie.notices.service import NoticeDraft
from vigie.platforms.models import Platform
from vigie.platforms.service import find_platform

PAGE = "console/notices/new.html"


def _platforms() -> list[tuple[str, str]]:
    named = list(Platform.objects.filter(active=True).order_by("title").values_list("name", "title"))
    return named if len(named) == 1 else [("", "–"), *named]


def _language() -> str:
    return current().letter_language


class ReferralForm(ConsoleForm):
    """What `POST /v1/notices` takes with `referred_by`; whoever enters it vouches for nothing."""

    came_by = forms.ChoiceField(
        label=_("How it came"),
        choices=[("", "–"), *((one, redress_words.CAME_BY[one]) for one in REFERRED)],
        help_text=_("What came through the form or the API is a notice and is here already."),
    )
    platform = forms.ChoiceField(label=_("On which platform is it?"), choices=_platforms)
    url = forms.CharField(
        label=_("Exact address of the content"),
        max_length=URL_CHARS_MAX,
        widget=forms.URLInput(attrs={"placeholder": "https://", "dir": "ltr"}),
    )
    content = forms.CharField(
        label=_("Id on the platform"),
        max_length=CONTENT_ID_CHARS_MAX,
        required=False,
        help_text=_("Where it is known."),
    )
    category = forms.ChoiceField(label=_("What is it about?"), choices=list(public_words.CATEGORIES.items()))
    text = forms.CharField(
        label=_("Why is it illegal, in the notifier's words?"),
        min_length=service.TEXT_CHARS_MIN,
        max_length=service.TEXT_CHARS_MAX,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("As it was written or said; in any language."),
    )
    threat_to_life = forms.BooleanField(
        label=_("Somebody's life is in danger"),
        required=False,
        help_text=_("The case goes before all others, and whoever is on call is called."),
    )
    name = forms.CharField(label=_("Name"), max_length=service.NAME_CHARS_MAX, required=False)
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=service.EMAIL_CHARS_MAX,
        required=False,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the answer"), choices=django_settings.LANGUAGES, initial=_language
    )

    def draft(self) -> NoticeDraft:
        """The report as the service takes it."""
        given = self.cleaned_data
        return NoticeDraft(
            text=given["text"],
            url=given["url"],
            category=given["category"],
            language=given["language"],
            good_faith=True,
            came_by=Notice.CameBy(given["came_by"]),
            name=given["name"],
            email=given["email"],
            threat_to_life=given["threat_to_life"],
        )


@needs("notices:write")
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The form; POST takes the referral and shows its private address, this once."""
    if request.method == "GET":
        return _page(request, ReferralForm())
    form, settings = ReferralForm(request.POST), current()
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        notice = notify(
            form.draft(),
            platform=find_platform(form.cleaned_data["platform"]),
            content_id=form.cleaned_data["content"],
            from_address="",
            actor=actor_of(request),
            settings=settings,
        )
    except VigieError as error:
        form.refuse(error, told(error))
        return _page(request, form, status=error.status)
    link = service.notice_address(notice, settings=settings)
    return _page(request, ReferralForm(), entered=notice, link=link)


def _page(request: HttpRequest, form: ReferralForm, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, PAGE, {"form": form, **more}, status=status)
