"""Nonsense in any place of any call is answered with a problem document, and never with an error of the server."""

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api_calls import ApiCaller, person, with_own_token
from domain import make_domain
from pictures import as_bytes, picture
from vigie.api.fastlane_openapi import fastlane_paths
from vigie.api.v1 import api

CALLS = 800
# Texts that look like something, and texts that are nothing.
WORDS = (
    "",
    "x",
    "é" * 300,
    "C-000001",
    "E-000001",
    "D-000001",
    "E-" + "9" * 18,
    "E-" + "9" * 19,
    "-1",
    "0",
    "1",
    "9" * 23,
    "true",
    "2026-11-22T10:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "a/b",
    "..",
    "\0",
    "grey-heron",
    "pdq",
    "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22",
    "';--",
    "WzFd",
    "WyJhIl0",
    "WzEsMV0",
    "open",
    "all",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    [],
    {},
    ["a"],
    [None],
    {"a": 1},
    [404],
    ["cases:read"],
    "keep",
    "reviewer",
)

words = st.sampled_from(WORDS)
values = words | st.sampled_from(VALUES) | st.text(max_size=5)


@pytest.fixture
def callers(database: str) -> list[ApiCaller]:
    """Those who together may do everything, in a database with something in it."""
    domain = make_domain()
    domain.bank_confirmed(1)
    domain.ask("p1", as_bytes(picture(1).resize((400, 300)), "JPEG", quality=70))
    return [with_own_token(person("ada", "administrator")), with_own_token(person("lea", "legal_officer"))]


def test_nonsense_is_a_problem_and_never_an_error_of_the_server(callers: list[ApiCaller]) -> None:
    document: Any = api.get_openapi_schema(path_prefix="/v1/")
    operations = [
        (method.upper(), path.removeprefix("/v1"), operation)
        for path, found in document["paths"].items()
        if path not in fastlane_paths()
        for method, operation in found.items()
    ]
    schemas = document["components"]["schemas"]
    statuses = set()

    @settings(
        max_examples=CALLS,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def call(data: st.DataObject) -> None:
        method, path, operation = data.draw(st.sampled_from(operations))
        address = re.sub(r"{\w+}", lambda _: quote(data.draw(words) or "x", safe=""), path)
        names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
        query = {name: data.draw(words) for name in names if data.draw(st.booleans())}
        kind, body = _body(data, operation, schemas)
        caller = data.draw(st.sampled_from(callers))
        response = caller.raw(method, f"{address}?{urlencode(query)}", body, kind)
        statuses.add(response.status_code)
        assert response.status_code < 500 or response.status_code == 502, (method, address, query, body)
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json"
            assert response.json()["status"] == response.status_code

    call()
    assert {200, 404, 422} <= statuses


def _body(data: st.DataObject, operation: Any, schemas: Any) -> tuple[str, bytes]:
    """A body with the fields of the operation: examples, nonsense, or nothing."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return "multipart/form-data; boundary=xx", b"--xx\r\n" if content else b""
    schema = content["application/json"]["schema"]
    schema = schemas[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    body = {}
    for name, one in schema.get("properties", {}).items():
        choice = data.draw(st.integers(0, 3))
        if choice:
            body[name] = one["examples"][0] if choice > 1 and "examples" in one else data.draw(values)
    return "application/json", json.dumps(body).encode()
