"""`vigie policy`: the rules in force, checking a file, and making one the active policy.

`check` and `facts` need no database. A version is never changed: a new text is a new version.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.files import text_of
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import NotFound
from vigie.policy.facts import FACTS
from vigie.policy.parsing import parse_policy
from vigie.policy.problems import PolicyInvalid
from vigie.policy.rules import Policy

if TYPE_CHECKING:
    from vigie.policy.models import PolicyVersion

POLICY_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def policy() -> None:
    """The rules that give verdicts."""


@policy.command("show")
@click.option(
    "--version", "number", type=click.IntRange(min=1), help="An earlier version; else the active one."
)
@data_option
@json_option
def show_policy(number: int | None, data: Path, as_json: bool) -> None:
    """Print the active policy as its file, or an earlier version.

    \b
      $ vigie policy show
      $ vigie policy show --version 1
    """
    use_database(data)
    from vigie.policy import service
    from vigie.policy.models import PolicyVersion

    if number is None:
        version = PolicyVersion.objects.get(digest=service.reload_if_changed().digest)
    else:
        found = PolicyVersion.objects.filter(number=number).first()
        if found is None:
            raise NotFound(f"There is no version {number}.", hint="`vigie policy versions` shows them.")
        version = found
    show(
        {**_version(version), "text": version.text},
        as_json=as_json,
        people=lambda: click.echo(version.text, nl=False),
    )


@policy.command("versions")
@data_option
@json_option
def list_versions(data: Path, as_json: bool) -> None:
    """Show every version that ever ruled, newest first.

    \b
      $ vigie policy versions
    """
    use_database(data)
    from vigie.policy.models import PolicyVersion

    rows = [_version(one) for one in PolicyVersion.objects.order_by("-number")]
    headers = ("version", "label", "added", "by", "last activated")
    show(
        {"versions": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (one["number"], one["label"], one["added_at"][:16], one["added_by"], one["activated_at"])
                for one in rows
            ],
            empty="No policy was ever active. `vigie up` activates the default policy.",
        ),
    )


@policy.command("check")
@click.argument("file", type=POLICY_FILE)
@json_option
@click.pass_context
def check_policy(context: click.Context, file: Path, as_json: bool) -> None:
    """Say whether a file is a policy, with every error, its place and what was expected. Exit status 1 if it is none.

    \b
      $ vigie policy check policy.yaml
    """
    try:
        found = parse_policy(text_of(file), source_name=file.name)
    except PolicyInvalid as error:
        _show_errors(error, as_json=as_json)
        context.exit(1)
    show(
        {"valid": True, "digest": found.digest, "rules": _rules(found), "errors": []},
        as_json=as_json,
        people=lambda: click.echo(f"{file.name} is a policy with {len(found.rules)} rules."),
    )


@policy.command("activate")
@click.argument("file", type=POLICY_FILE)
@by_option
@data_option
@json_option
@click.pass_context
def activate_policy(context: click.Context, file: Path, by: str | None, data: Path, as_json: bool) -> None:
    """Make a file the active policy, in every process within a second.

    \b
      $ vigie policy activate policy.yaml
    """
    use_database(data)
    from vigie.policy import service

    try:
        version = service.activate(text_of(file), actor=actor_named(by), source_name=file.name)
    except PolicyInvalid as error:
        _show_errors(error, as_json=as_json)
        context.exit(1)
    shown = _version(version)
    show(
        shown,
        as_json=as_json,
        people=lambda: click.echo(f"{shown['label']} is active (version {version.number})."),
    )


@policy.command("facts")
@json_option
def list_facts(as_json: bool) -> None:
    """Show the facts that a rule may use.

    \b
      $ vigie policy facts
    """
    rows = [
        {
            "path": one.path,
            "type": one.type.value,
            "unit": one.unit,
            "meaning": one.meaning,
            "example": one.example,
            "values": list(one.values),
        }
        for one in FACTS
    ]
    show(
        {"facts": rows},
        as_json=as_json,
        people=lambda: print_table(
            ("fact", "type", "meaning", "example"),
            [(one["path"], one["type"], one["meaning"], one["example"]) for one in rows],
            empty="There are no facts.",
        ),
    )


def _show_errors(error: PolicyInvalid, *, as_json: bool) -> None:
    errors = [
        {
            "code": one.code,
            "line": one.line,
            "column": one.column,
            "message": one.message,
            "expected": one.expected,
            "suggestion": one.suggestion,
            "rendered": one.render(),
        }
        for one in error.errors
    ]
    show(
        {"valid": False, "errors": errors},
        as_json=as_json,
        people=lambda: click.echo(error.render(), err=True, nl=False),
    )


def _rules(found: Policy) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "each": one.each.value,
            "when": one.when,
            "verdict": one.then.value,
            "shadow": one.shadow,
        }
        for one in found.rules
    ]


def _version(version: "PolicyVersion") -> dict[str, Any]:
    last = version.activations.order_by("-id").first()
    return {
        "number": version.number,
        "label": version.label,
        "digest": version.digest,
        "added_at": utc_text(version.added_at),
        "added_by": version.added_by,
        "activated_at": utc_text(last.activated_at) if last else None,
    }
