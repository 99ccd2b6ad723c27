"""The people, tokens and the platform of the demonstration, made as an administrator makes them.

It needs Django set up on the running Vigie's database, and takes no decision in anybody's name.
"""

from dataclasses import dataclass

from vigie.demo.folder import SignIn
from vigie.foundation.identifiers import new_secret
from vigie.foundation.settings import Settings
from vigie.ledger.actors import COMMAND_LINE, person
from vigie.people.rights import Right, Role
from vigie.people.service import add_token, add_user
from vigie.platforms.service import add_platform

PLATFORM = "lakeside"
PASSWORD_BYTES = 12
PEOPLE: dict[str, Role] = {
    "admin": Role.ADMINISTRATOR,
    "reviewer": Role.REVIEWER,
    "senior": Role.SENIOR_REVIEWER,
    "legal": Role.LEGAL_OFFICER,
    "auditor": Role.AUDITOR,
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who there is: sign-ins, a token for each person, and what the platform needs."""

    people: tuple[SignIn, ...]
    tokens: dict[str, str]
    forum_token: str
    webhook_secret: str


def make_cast(*, webhook: str, settings: Settings) -> Cast:
    """Add the people, their tokens, the platform and its token; every one is in the ledger."""
    people, tokens = [], {}
    administrator = COMMAND_LINE
    for username, role in PEOPLE.items():
        password = new_secret(PASSWORD_BYTES)
        user = add_user(username=username, password=password, role=role, actor=administrator)
        if role is Role.ADMINISTRATOR:
            administrator = person(user.pk)
        scopes = sorted(right.value for right in user.rights)
        _, tokens[username] = add_token(name="demo", scopes=scopes, actor=administrator, user=user)
        people.append(SignIn(username, role.value, password))
    _, secret = add_platform(
        name=PLATFORM, title="Lakeside forum", url=webhook, actor=administrator, settings=settings
    )
    _, forum_token = add_token(
        name="Lakeside forum", scopes=[Right.CONTENT_WRITE.value], actor=administrator, platform=PLATFORM
    )
    return Cast(tuple(people), tokens, forum_token, secret)
