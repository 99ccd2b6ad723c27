"""`/v1/policy`: the rules in force, earlier versions, checking a text, and making one the active policy.

A version is never changed or removed: decisions cite it.
"""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Router
from ninja.responses import Status

from vigie.api.access import actor_of, allowed
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import ActorText, Instant, Sent, Shape
from vigie.foundation.errors import NotFound
from vigie.people.rights import Right
from vigie.policy import service
from vigie.policy.facts import FACTS
from vigie.policy.models import PolicyActivation, PolicyVersion
from vigie.policy.parsing import parse_policy
from vigie.policy.problems import PolicyInvalid, PolicyProblem
from vigie.policy.rules import POLICY_CHARS_MAX, Policy, Rule

router = Router(tags=["policy"])

_SAMPLE = "version: 1\nname: mine\nrules:\n  - name: near-copy\n    each: match\n    when: match.distance_bits <= 31\n"


class RuleShown(Shape):
    """One rule."""

    name: str = Field(examples=["near-copy"])
    each: str = Field(description="What it is asked about: content, match or medium.", examples=["match"])
    when: str = Field(description="The condition, in CEL.", examples=["match.distance_bits <= 31"])
    verdict: str = Field(examples=["hold"])
    because: str = Field(examples=["A near copy of known material."])
    shadow: bool = Field(description="Whether it only says what it would do.")


class PolicyShown(Shape):
    """A version of the policy."""

    number: int = Field(examples=[2])
    label: str = Field(description="What decisions cite.", examples=["default@0123456789ab"])
    digest: str = Field(description="SHA-256 of the text, lower-case hexadecimal.")
    active: bool
    added_at: Instant
    added_by: ActorText
    activated_at: Instant | None = Field(description="Its last activation.")
    activated_by: str = Field(examples=["person:12"])


class PolicyWhole(PolicyShown):
    """A version of the policy with its text and rules."""

    text: str = Field(description="The YAML file.")
    rules: list[RuleShown]


class PolicyPage(Shape):
    """Versions, newest first."""

    items: list[PolicyShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class PolicyText(Sent):
    """A policy."""

    text: str = Field(
        min_length=1, max_length=POLICY_CHARS_MAX, description="The YAML file.", examples=[_SAMPLE]
    )


class PolicyError(Shape):
    """One error in a policy."""

    code: str = Field(examples=["unknown_fact"])
    line: int = Field(description="From 1.", examples=[6])
    column: int = Field(description="From 1, in characters.", examples=[11])
    message: str
    expected: str
    suggestion: str = Field(description="Empty when there is none.")
    rendered: str = Field(description="The error as text, with its line and a caret under it.")


class PolicyChecked(Shape):
    """Whether a text is a policy."""

    valid: bool
    digest: str = Field(description="Of a valid policy.")
    rules: list[RuleShown]
    errors: list[PolicyError] = Field(description="Every error, in the order of the file.")


class FactShown(Shape):
    """A fact that a rule may use."""

    path: str = Field(examples=["match.distance_bits"])
    type: str = Field(examples=["int"])
    unit: str = Field(examples=["bits"])
    meaning: str
    example: str = Field(examples=["12"])
    values: list[str] = Field(description="All that it can be, when that is a short list.")


class Facts(Shape):
    """Every fact."""

    items: list[FactShown]


@router.get("/policy", response=PolicyWhole, **allowed(Right.POLICY_READ, problems=(503,)))
def show_policy(request: HttpRequest) -> PolicyWhole:
    """The active policy."""
    active = service.reload_if_changed()
    return _whole(PolicyVersion.objects.get(digest=active.digest), parsed=active)


@router.post("/policy/check", response=PolicyChecked, **allowed(Right.POLICY_READ, problems=(400, 422)))
def check_policy(request: HttpRequest, body: PolicyText) -> PolicyChecked:
    """Whether a text is a policy, and every error with its place; nothing is changed."""
    try:
        policy = parse_policy(body.text, source_name="policy.yaml")
    except PolicyInvalid as error:
        return PolicyChecked(valid=False, digest="", rules=[], errors=[_error(one) for one in error.errors])
    return PolicyChecked(
        valid=True, digest=policy.digest, rules=[_rule(one) for one in policy.rules], errors=[]
    )


@router.get("/policy/facts", response=Facts, **allowed(Right.POLICY_READ))
def list_facts(request: HttpRequest) -> Facts:
    """The facts that a rule may use."""
    return Facts(
        items=[
            FactShown(
                path=one.path,
                type=one.type.value,
                unit=one.unit,
                meaning=one.meaning,
                example=one.example,
                values=list(one.values),
            )
            for one in FACTS
        ]
    )


@router.get("/policy/versions", response=PolicyPage, **allowed(Right.POLICY_READ, problems=(422,)))
def list_policy_versions(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> PolicyPage:
    """Every version that ever ruled, newest first."""
    rows = PolicyVersion.objects.order_by("-number")
    if cursor:
        rows = rows.filter(number__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.number,))
    active = _active_id()
    return PolicyPage(items=[PolicyShown(**_fields(one, active)) for one in found], next=following)


@router.get(
    "/policy/versions/{number}", response=PolicyWhole, **allowed(Right.POLICY_READ, problems=(404, 422))
)
def show_policy_version(
    request: HttpRequest, number: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> PolicyWhole:
    """One version."""
    version = PolicyVersion.objects.filter(number=number).first()
    if version is None:
        raise NotFound("There is no such version of the policy.")
    return _whole(version, parsed=parse_policy(version.text, source_name=version.label))


@router.post(
    "/policy/versions", response={201: PolicyWhole}, **allowed(Right.POLICY_WRITE, problems=(400, 422))
)
def activate_policy(request: HttpRequest, body: PolicyText) -> Status[PolicyWhole]:
    """Make a text the active policy, in every process; the text that is active already changes nothing."""
    version = service.activate(body.text, actor=actor_of(request))
    return Status(201, _whole(version, parsed=parse_policy(version.text, source_name=version.label)))


def _whole(version: PolicyVersion, *, parsed: Policy) -> PolicyWhole:
    return PolicyWhole(
        **_fields(version, _active_id()), text=version.text, rules=[_rule(one) for one in parsed.rules]
    )


def _fields(version: PolicyVersion, active_id: int | None) -> dict[str, Any]:
    last = version.activations.order_by("-id").first()
    return {
        "number": version.number,
        "label": version.label,
        "digest": version.digest,
        "active": version.pk == active_id,
        "added_at": version.added_at,
        "added_by": version.added_by,
        "activated_at": last.activated_at if last else None,
        "activated_by": last.activated_by if last else "",
    }


def _active_id() -> int | None:
    return PolicyActivation.objects.order_by("-id").values_list("version_id", flat=True).first()


def _rule(rule: Rule) -> RuleShown:
    return RuleShown(
        name=rule.name,
        each=rule.each.value,
        when=rule.when,
        verdict=rule.then.value,
        because=rule.because,
        shadow=rule.shadow,
    )


def _error(problem: PolicyProblem) -> PolicyError:
    return PolicyError(
        code=problem.code,
        line=problem.line,
        column=problem.column,
        message=problem.message,
        expected=problem.expected,
        suggestion=problem.suggestion,
        rendered=problem.render(),
    )
