"""`vigie user` and `vigie token`: people with roles, and services with tokens.

A password or a token that is made here is printed once and stored nowhere in clear.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import INSTANT, actor_named, by_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.errors import Invalid
from vigie.foundation.identifiers import new_secret
from vigie.people.rights import SCOPES, Role

if TYPE_CHECKING:
    from vigie.people.models import Token, User

ROLES = click.Choice([role.value for role in Role])


@click.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.argument("username")
@click.option("--role", type=ROLES, required=True, help="What the person is here for.")
@click.option("--name", default="", help="Full name, as shown.")
@click.option("--email", default="", help="For messages.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--generate", is_flag=True, help="Make a password and print it once.")
@by_option
@data_option
@json_option
def add_user(
    username: str,
    role: str,
    name: str,
    email: str,
    password_stdin: bool,
    generate: bool,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Give a person access.

    Without --password-stdin or --generate the password is asked for.

    \b
      $ vigie user add anna --role reviewer --generate
      $ vigie user add ben --role senior_reviewer --generate
    """
    use_database(data)
    from vigie.people import service

    actor = actor_named(by)
    password = _password(stdin=password_stdin, generated=generate)
    made = service.add_user(
        username=username, password=password, role=role, email=email, full_name=name, actor=actor
    )
    result = _user(made)
    if generate:
        result["password"] = password
    show(result, as_json=as_json, people=lambda: _tell_added(made, password if generate else ""))


@user.command("list")
@data_option
@json_option
def list_users(data: Path, as_json: bool) -> None:
    """Show who has access, and who had.

    \b
      $ vigie user list
    """
    use_database(data)
    from vigie.people.models import User

    rows = [_user(one) for one in User.objects.order_by("username")]
    headers = ("username", "role", "access", "name", "email")
    show(
        {"users": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (one["username"], one["role"], "yes" if one["active"] else "no", one["name"], one["email"])
                for one in rows
            ],
            empty="There is nobody yet. Add somebody: vigie user add",
        ),
    )


@user.command("role")
@click.argument("username")
@click.argument("role", type=ROLES)
@by_option
@data_option
@json_option
def change_role(username: str, role: str, by: str | None, data: Path, as_json: bool) -> None:
    """Give a person another role.

    \b
      $ vigie user role anna legal_officer
    """
    use_database(data)
    from vigie.people import service

    changed = service.change_role(user_named(username).pk, role=role, actor=actor_named(by))
    show(_user(changed), as_json=as_json, people=lambda: click.echo(f"{username} is now {role}."))


@user.command("off")
@click.argument("username")
@by_option
@data_option
@json_option
def switch_off(username: str, by: str | None, data: Path, as_json: bool) -> None:
    """Take a person's access away; what the person did stays.

    \b
      $ vigie user add eve --role analyst --generate
      $ vigie user off eve
    """
    use_database(data)
    from vigie.people import service

    changed = service.switch_off_user(user_named(username).pk, actor=actor_named(by))
    show(_user(changed), as_json=as_json, people=lambda: click.echo(f"{username} has no access any more."))


@user.command("password")
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--generate", is_flag=True, help="Make a password and print it once.")
@by_option
@data_option
@json_option
def set_password(
    username: str, password_stdin: bool, generate: bool, by: str | None, data: Path, as_json: bool
) -> None:
    """Give a person a new password; whoever is signed in with the old one is signed out.

    \b
      $ vigie user password anna --generate
    """
    use_database(data)
    from vigie.people import service

    password = _password(stdin=password_stdin, generated=generate)
    changed = service.set_password(user_named(username).pk, password=password, actor=actor_named(by))
    result = {**_user(changed), **({"password": password} if generate else {})}
    told = f" Password: {password}" if generate else ""
    show(result, as_json=as_json, people=lambda: click.echo(f"{username} has a new password.{told}"))


@user.command("on")
@click.argument("username")
@by_option
@data_option
@json_option
def switch_on(username: str, by: str | None, data: Path, as_json: bool) -> None:
    """Give a person's access back, with the role they had.

    \b
      $ vigie user add zoe --role analyst --generate
      $ vigie user off zoe
      $ vigie user on zoe
    """
    use_database(data)
    from vigie.foundation.errors import NotFound
    from vigie.people import service
    from vigie.people.models import User

    found = User.objects.filter(username=username).first()
    if found is None:
        raise NotFound(f"There is nobody named {username!r}.", hint="`vigie user list` shows who there is.")
    changed = service.switch_on_user(found.pk, actor=actor_named(by))
    show(_user(changed), as_json=as_json, people=lambda: click.echo(f"{username} has access again."))


@click.group()
def token() -> None:
    """Tokens for the API."""


@token.command("add")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help=f"May be repeated. For services: {', '.join(SCOPES)}.",
)
@click.option("--platform", default="", help="The one platform that it is for.")
@click.option(
    "--authority", default="", help="Key of the authority whose own orders it files (scope orders:file)."
)
@click.option("--for", "username", help="A person's own token: it acts as that person.")
@click.option("--expires", type=INSTANT, help="When it stops, as 2027-01-01 or with a time.")
@by_option
@data_option
@json_option
def add_token(
    name: str,
    scopes: tuple[str, ...],
    platform: str,
    authority: str,
    username: str | None,
    expires: datetime | None,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Make a token; it is printed this once.

    \b
      $ vigie token add gallery --scope content:write --scope match:read
      $ vigie token add lutece --scope orders:file --authority "fr:example prefecture"
      $ vigie token add scripts --for anna --scope cases:read --expires 2099-01-01
    """
    use_database(data)
    from vigie.people import service
    from vigie.platforms.service import find_platform

    if platform:
        find_platform(platform)
    made, text = service.add_token(
        name=name,
        scopes=list(scopes),
        platform=platform,
        authority=authority,
        expires_at=expires,
        user=user_named(username) if username else None,
        actor=actor_named(by),
    )
    show(
        {**_token(made), "token": text},
        as_json=as_json,
        people=lambda: click.echo(f"{text}\nKeep it now: it is not stored and not shown again."),
    )


@token.command("list")
@click.option("--revoked", is_flag=True, help="Also those that were revoked.")
@data_option
@json_option
def list_tokens(revoked: bool, data: Path, as_json: bool) -> None:
    """Show tokens, without their secrets.

    \b
      $ vigie token list
    """
    use_database(data)
    from vigie.people.models import Token

    tokens = Token.objects.select_related("user").order_by("id")
    if not revoked:
        tokens = tokens.filter(revoked_at=None)
    rows = [_token(one) for one in tokens]
    headers = ("id", "name", "begins", "scopes", "platform", "of", "expires", "last used")
    show(
        {"tokens": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["id"],
                    one["name"],
                    f"vgt_{one['prefix']}",
                    " ".join(one["scopes"]),
                    one["platform"] or one["authority"],
                    one["username"],
                    one["expires_at"],
                    one["last_used_on"],
                )
                for one in rows
            ],
            empty="There is no token. Make one: vigie token add",
        ),
    )


@token.command("revoke")
@click.argument("token_id", type=click.IntRange(min=1), metavar="ID")
@by_option
@data_option
@json_option
def revoke_token(token_id: int, by: str | None, data: Path, as_json: bool) -> None:
    """Stop a token at once, in every process.

    \b
      $ vigie token revoke 2
    """
    use_database(data)
    from vigie.people import service

    revoked = service.revoke_token(token_id, actor=actor_named(by))
    show(_token(revoked), as_json=as_json, people=lambda: click.echo(f"Token {token_id} stopped."))


def _password(*, stdin: bool, generated: bool) -> str:
    if stdin and generated:
        raise click.UsageError("--password-stdin and --generate exclude each other.")
    if generated:
        return new_secret(15)
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Invalid(
            "Nobody is there to be asked for a password.", hint="Use --password-stdin or --generate."
        )
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _tell_added(made: "User", password: str) -> None:
    click.echo(f"{made.username} has access as {made.role}.")
    if password:
        click.echo(f"Password: {password}\nKeep it now: it is not shown again.")


def _user(one: "User") -> dict[str, Any]:
    return {
        "id": one.pk,
        "username": one.username,
        "role": one.role,
        "active": one.is_active,
        "name": one.get_full_name(),
        "email": one.email,
    }


def _token(one: "Token") -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "prefix": one.prefix,
        "scopes": list(one.scopes),
        "platform": one.platform,
        "authority": one.authority,
        "username": one.user.username if one.user else "",
        "expires_at": one.expires_at,
        "revoked_at": one.revoked_at,
        "last_used_on": one.last_used_on,
    }
