"""The policy: the active rules in words, its text, its history, and making another text the active one.

Rules are read and checked by `policy`; what is wrong with a text is shown exactly as it says.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.console.access import actor_of, needs
from vigie.console.answers import complain, say
from vigie.console.fields import ConsoleForm
from vigie.console.names import names_of
from vigie.console.words import Words
from vigie.foundation.errors import VigieError
from vigie.policy import PolicyInvalid, parse_policy
from vigie.policy.facts import FACTS, Root
from vigie.policy.functions import FUNCTIONS, MACROS, OPERATORS
from vigie.policy.models import PolicyActivation, PolicyVersion
from vigie.policy.rules import POLICY_CHARS_MAX, VISIBLE, Policy
from vigie.policy.service import activate

ACTIVATIONS_SHOWN = 50

EACH: Words = {
    "content": gettext_lazy("For each content for which this is true,"),
    "match": gettext_lazy("For each match for which this is true,"),
    "medium": gettext_lazy("For each medium for which this is true,"),
}
THEN: Words = {
    "allow": gettext_lazy("the content passes"),
    "review": gettext_lazy("the content stays visible and a person reviews it"),
    "hold": gettext_lazy("the content is held back until a person decides"),
    "remove": gettext_lazy("the content is removed, if a person confirmed what it is a copy of"),
}


class PolicyForm(ConsoleForm):
    """The text of a policy."""

    text = forms.CharField(
        label=gettext_lazy("Policy in YAML"),
        max_length=POLICY_CHARS_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"class": "code-input", "spellcheck": "false", "wrap": "off"}),
    )

    def clean_text(self) -> str:
        """Line ends as files have them: browsers send CR LF."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")


@needs("policy:read")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The active policy, in words and as its text."""
    active = _active()
    if active is None:
        return render(request, "console/policy/none.html")
    return render(
        request, "console/policy/page.html", {"tab": "rules", **_shown(active.version), "active": active}
    )


@needs("policy:read")
@require_GET
def show_version(request: HttpRequest, number: int) -> HttpResponse:
    """One version that ruled or rules."""
    version = PolicyVersion.objects.filter(number=number).first()
    if version is None:
        raise Http404
    return render(
        request,
        "console/policy/page.html",
        {"tab": "history", **_shown(version), "active": _active(), "is_old": True},
    )


@needs("policy:read")
@require_GET
def show_history(request: HttpRequest) -> HttpResponse:
    """When which version became the active one, and by whom."""
    activations = list(PolicyActivation.objects.select_related("version").order_by("-id")[:ACTIVATIONS_SHOWN])
    names = names_of(one.activated_by for one in activations)
    context = {
        "tab": "history",
        "activations": [(one, names.get(one.activated_by, one.activated_by)) for one in activations],
    }
    return render(request, "console/policy/history.html", context)


@needs("policy:read")
@require_GET
def show_facts(request: HttpRequest) -> HttpResponse:
    """What rules may ask about."""
    fact_groups = [
        (
            root.value,
            [each.value for each, roots in VISIBLE.items() if root in roots],
            [fact for fact in FACTS if fact.root is root],
        )
        for root in Root
    ]
    context = {
        "tab": "facts",
        "fact_groups": fact_groups,
        "functions": FUNCTIONS,
        "macros": MACROS,
        "operators": OPERATORS,
    }
    return render(request, "console/policy/facts.html", context)


@needs("policy:write")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Write a new text, check it, activate it."""
    active = _active()
    if request.method == "GET":
        return _edit_page(request, PolicyForm(initial={"text": active.version.text if active else ""}))
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, form, status=422)
    text = form.cleaned_data["text"]
    try:
        policy = parse_policy(text, source_name="policy.yaml")
    except PolicyInvalid as error:
        return _edit_page(request, form, problems=error.render(), count=len(error.errors), status=422)
    if "check" in request.POST:
        return _edit_page(request, form, checked=policy)
    version = activate(text, actor=actor_of(request))
    say(request, _("Version %(number)d of the policy is active.") % {"number": version.number})
    return redirect("policy")


@needs("policy:write")
@require_POST
def activate_again(request: HttpRequest, number: int) -> HttpResponse:
    """Make a version that exists the active one."""
    version = PolicyVersion.objects.filter(number=number).first()
    if version is None:
        raise Http404
    try:
        activate(version.text, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("Version %(number)d of the policy is active.") % {"number": number})
    return redirect("policy")


def _active() -> PolicyActivation | None:
    return PolicyActivation.objects.select_related("version").order_by("-id").first()


def _shown(version: PolicyVersion) -> dict[str, Any]:
    """A stored version with its rules. One that today's Vigie cannot read any more is shown as text alone."""
    names = names_of([version.added_by])
    context: dict[str, Any] = {"version": version, "added_by": names.get(version.added_by, version.added_by)}
    context["lines"] = version.text.splitlines()
    try:
        context["policy"] = parse_policy(version.text, source_name=version.label)
    except PolicyInvalid as error:
        context["problems"] = error.render()
    context["each"], context["then"] = EACH, THEN
    return context


def _edit_page(
    request: HttpRequest,
    form: PolicyForm,
    *,
    problems: str = "",
    count: int = 0,
    checked: Policy | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "tab": "edit",
        "form": form,
        "problems": problems,
        "count": count,
        "checked": checked,
        "then": THEN,
    }
    return render(request, "console/policy/edit.html", context, status=status)
