"""Calls of the API in this process, as a client makes them: with a token, or with the console's session.

The request goes through every middleware; nothing is replaced. The fast lane is not here: it is not Django's.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from vigie.ledger.actors import COMMAND_LINE
from vigie.people.models import User
from vigie.people.service import add_token


@dataclass
class ApiCaller:
    """Somebody who calls. `headers` go with every call."""

    headers: dict[str, str]
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1"))

    def get(self, path: str, **query: Any) -> Any:
        """GET."""
        return self.client.get(f"/v1{path}", query_params=query, headers=self.headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST of JSON."""
        return self._send("POST", path, body, headers)

    def patch(self, path: str, body: Any) -> Any:
        """PATCH with JSON."""
        return self._send("PATCH", path, body, {})

    def upload(self, path: str, data: dict[str, Any]) -> Any:
        """POST of a multipart form."""
        return self.client.post(f"/v1{path}", data, headers=self.headers)

    def raw(self, method: str, path: str, body: bytes = b"", content_type: str = "application/json") -> Any:
        """Anything else."""
        return self.client.generic(method, f"/v1{path}", body, content_type, headers=self.headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(
            method, f"/v1{path}", data, "application/json", headers={**self.headers, **headers}
        )


def service(*scopes: str, platform: str = "") -> ApiCaller:
    """A service with a token."""
    _, text = add_token(name="a service", scopes=list(scopes), platform=platform, actor=COMMAND_LINE)
    return with_token(text)


def with_own_token(user: User) -> ApiCaller:
    """A person with a personal token that may all that the person may."""
    _, text = add_token(
        name="own", scopes=[right.value for right in user.rights], user=user, actor=COMMAND_LINE
    )
    return with_token(text)


def with_token(text: str) -> ApiCaller:
    """Whoever has this token."""
    return ApiCaller({"Authorization": f"Bearer {text}"})


def signed_in(user: User) -> ApiCaller:
    """A person with the console's session, whose browser sends the CSRF token."""
    caller = ApiCaller({})
    caller.client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    caller.client.cookies["csrftoken"] = "a" * 32
    caller.headers["X-CSRFToken"] = "a" * 32
    return caller


def person(name: str, role: str) -> User:
    """Somebody with a role; nobody signs in with a password here."""
    return User.objects.create(username=name, role=role)
