"""The names behind the actors of ledger rows: one query for any number of them.

It is the only place where a name is joined to what somebody did; the ledger itself holds none.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from vigie.ledger.actors import Actor
from vigie.people.models import Token, User


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Actors as the ledger writes them (`person:12`) to what people call them; unknown ones stay as they are."""
    wanted = {text: actor for text in set(actors) if (actor := _parse(text)) is not None}
    people = _pks(wanted, "person")
    tokens = _pks(wanted, "token")
    user_names = {user.pk: user.shown_name for user in User.objects.filter(pk__in=people)} if people else {}
    token_names = dict(Token.objects.filter(pk__in=tokens).values_list("pk", "name")) if tokens else {}
    return {text: _name(actor, user_names, token_names) for text, actor in wanted.items()}


def _name(actor: Actor, user_names: dict[int, str], token_names: dict[int, str]) -> str:
    match actor.kind:
        case "person":
            return user_names.get(_number(actor.reference), str(actor))
        case "token":
            name = token_names.get(_number(actor.reference))
            return str(actor) if name is None else _("token “%(name)s”") % {"name": name}
        case "rule":
            return _("rule “%(name)s”") % {"name": actor.reference}
        case "system":
            return _("the command line") if actor.reference == "command-line" else "Vigie"


def _pks(wanted: dict[str, Actor], kind: str) -> set[int]:
    return {_number(actor.reference) for actor in wanted.values() if actor.kind == kind}


def _number(reference: str) -> int:
    return int(reference) if reference.isdigit() else -1


def _parse(text: str) -> Actor | None:
    try:
        return Actor.parse(text)
    except ValueError:
        return None
