"""Who may call what: every operation, called over HTTP by two services and a person of each role."""

from collections.abc import Iterator

import httpx
import pytest

from inside import inside
from rights_table import ADMINISTRATOR, AUTHORITY, COLUMNS, ROLES, SCOPES, TABLE, Row
from running import RunningVigie
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.ledger.actors import COMMAND_LINE
from vigie.people.models import User
from vigie.people.service import add_token

FASTLANE_KNOWS_S_MAX = 10.0


@pytest.fixture(scope="module")
def tokens(running_vigie: RunningVigie) -> dict[str, str]:
    """A token of each caller: services' own, and each person's own with all that the person may."""
    with inside(running_vigie):
        made = {
            column: add_token(
                name=column,
                scopes=list(scopes),
                authority="example-fr" if column == AUTHORITY else "",
                actor=COMMAND_LINE,
            )[1]
            for column, scopes in SCOPES.items()
        }
        for column, role in ROLES.items():
            # Nobody signs in with a password here.
            user = User.objects.create(username=f"rights-{role}", role=role)
            rights = [right.value for right in user.rights]
            made[column] = add_token(name=column, scopes=rights, user=user, actor=COMMAND_LINE)[1]
    return made


@pytest.fixture(scope="module")
def client(running_vigie: RunningVigie, tokens: dict[str, str]) -> Iterator[httpx.Client]:
    """Calls the running Vigie, once its fast lane knows the newest token too."""
    with httpx.Client(base_url=running_vigie.url, timeout=30) as made:
        until_s = monotonic_s() + FASTLANE_KNOWS_S_MAX
        newest = {"Authorization": f"Bearer {tokens[ADMINISTRATOR]}"}
        while made.post("/v1/match", headers=newest).status_code == 401:
            assert monotonic_s() < until_s, "the fast lane does not learn of a new token"
            sleep_s(0.05)
        yield made


def test_the_table_holds_every_operation(client: httpx.Client) -> None:
    document = client.get("/v1/openapi.json").json()
    there_are = {
        f"{method.upper()} {path}" for path, operations in document["paths"].items() for method in operations
    }
    assert {row.template for row in TABLE} == there_are - {"GET /v1/problems"}


@pytest.mark.parametrize("row", TABLE, ids=[row.template for row in TABLE])
def test_those_who_may_are_answered_and_nobody_else(
    row: Row, client: httpx.Client, tokens: dict[str, str]
) -> None:
    answers = {column: call(client, row, tokens[column]) for column in COLUMNS}
    answered = {column for column, answer in answers.items() if answer.status_code not in (401, 403)}
    assert answered == row.who, {column: answer.text for column, answer in answers.items()}
    assert all(answer.status_code < 500 or answer.status_code == 502 for answer in answers.values()), answers
    refused = {answer.status_code for column, answer in answers.items() if column not in row.who}
    assert refused <= {403}
    assert call(client, row, "").status_code == 401
    assert call(client, row, "vgt_12345678_wrong").status_code == 401


def call(client: httpx.Client, row: Row, token: str) -> httpx.Response:
    """One call; nothing it is about exists, or its body is wrong, so that it changes nothing."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    query = {"subject": "case:C-999999"} if row.path == "/evidence" else {}
    if row.form:
        return client.post(
            row.address, data={"source": "nobody"}, files={"file": ("x", b"nothing")}, headers=headers
        )
    return client.request(row.method, row.address, params=query, json=row.body, headers=headers)
