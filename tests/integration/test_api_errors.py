"""Whatever goes wrong, the caller gets a problem document that says what and how to go on, and nothing more."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from api_calls import ApiCaller, person, service, signed_in, with_own_token, with_token
from vigie.api.shapes import Sent, Shape
from vigie.foundation.clock import now
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.people.models import Token
from vigie.people.service import add_token, revoke_token, switch_off_user

pytestmark = pytest.mark.usefixtures("database")


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, checked."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert document["code"] == code
    assert document["type"] == f"/v1/problems#{code}"
    assert document["title"]
    assert document["detail"]
    return document


def test_a_call_without_a_token_is_not_answered() -> None:
    response = ApiCaller({}).get("/banks")
    problem(response, 401, "unauthorised")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("text", ["", "vgt", "vgt_12345678_wrong", "vgt_\0_x", "Bearer", "vgt__", "é"])
def test_a_token_that_is_none_is_refused(text: str) -> None:
    problem(ApiCaller({"Authorization": f"Bearer {text}"}).get("/banks"), 401, "unauthorised")


def test_a_revoked_token_stops_at_once() -> None:
    caller = service("banks:read")
    assert caller.get("/banks").status_code == 200
    revoke_token(Token.objects.get().pk, actor=COMMAND_LINE)
    problem(caller.get("/banks"), 401, "unauthorised")


def test_an_expired_token_does_not_work() -> None:
    _, text = add_token(name="old", scopes=["banks:read"], actor=COMMAND_LINE, expires_at=now())
    problem(with_token(text).get("/banks"), 401, "unauthorised")


def test_the_token_of_a_person_who_left_does_not_work() -> None:
    user = person("anna", "reviewer")
    caller = with_own_token(user)
    assert caller.get("/whoami").json()["role"] == "reviewer"
    switch_off_user(user.pk, actor=COMMAND_LINE)
    problem(caller.get("/whoami"), 401, "unauthorised")


def test_a_token_notes_the_day_of_its_use_and_nothing_else() -> None:
    caller = service("banks:read")
    before = LedgerEntry.objects.count()
    caller.get("/banks")
    assert Token.objects.get().last_used_on == now().date()
    assert LedgerEntry.objects.count() == before


def test_a_missing_right_is_named() -> None:
    document = problem(service("banks:read").post("/banks", {"name": "x"}), 403, "forbidden")
    assert "banks:write" in document["detail"]


def test_a_session_changes_nothing_without_the_csrf_token() -> None:
    caller = signed_in(person("anna", "administrator"))
    assert caller.post("/banks", {"name": "with"}).status_code == 201
    del caller.headers["X-CSRFToken"]
    assert caller.get("/banks").status_code == 200
    problem(caller.post("/banks", {"name": "without"}), 403, "csrf_failed")


def test_a_bad_token_is_not_made_good_by_a_session() -> None:
    caller = signed_in(person("anna", "administrator"))
    caller.headers["Authorization"] = "Bearer vgt_12345678_wrong"
    problem(caller.get("/banks"), 401, "unauthorised")


def test_fields_that_are_wrong_are_named_with_their_place() -> None:
    caller = service("banks:write", "banks:read")
    document = problem(caller.post("/banks", {"name": "", "colour": "red"}), 422, "invalid")
    places = [tuple(one["place"]) for one in document["errors"]]
    assert ("body", "body", "name") in places or ("body", "name") in places
    assert any("colour" in place for place in places)
    problem(caller.get("/banks", limit=201), 422, "invalid")
    problem(caller.get("/banks", limit="many"), 422, "invalid")


@pytest.mark.parametrize("cursor", ["x", "bm9uZQ", "WzFd", "W10", "WyJhXHUwMDAwIl0", "é"])
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    problem(service("banks:read").get("/banks", cursor=cursor), 422, "invalid")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[1",
        b'{"name": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"name": "\\u0000"}',
        b'{"name": "\\ud800"}',
    ],
)
def test_a_body_that_cannot_be_read_is_refused(body: bytes) -> None:
    response = service("banks:write").raw("POST", "/banks", body)
    assert response.status_code in (400, 422), response.content
    assert response["Content-Type"] == "application/problem+json"


def test_a_body_over_the_limit_is_refused() -> None:
    body = b'{"name": "x", "description": "' + b"x" * 3_000_000 + b'"}'
    problem(service("banks:write").raw("POST", "/banks", body), 413, "too_large")


def test_an_unknown_address_is_a_problem_document_too() -> None:
    problem(service("banks:read").get("/nothing/here"), 404, "not_found")
    problem(service("banks:read").get("/"), 404, "not_found")
    problem(service("banks:read").get("/banks/no\0name"), 422, "invalid")


def test_another_method_is_told_which_there_are() -> None:
    response = service("banks:read").raw("DELETE", "/banks")
    problem(response, 405, "method_not_allowed")
    assert {one.strip() for one in response["Allow"].split(",")} == {"GET", "POST"}


@pytest.fixture
def database_away() -> Iterator[None]:
    connections.close_all()
    settings = connections.settings["default"]
    host, settings["HOST"] = settings["HOST"], "/nowhere"
    connections["default"].settings_dict["HOST"] = "/nowhere"
    yield
    settings["HOST"] = host
    connections["default"].settings_dict["HOST"] = host


def test_a_database_that_is_away_is_503_and_told_to_come_back(database_away: None) -> None:
    response = with_token("vgt_12345678_some").get("/banks")
    document = problem(response, 503, "unavailable")
    assert response["Retry-After"]
    assert "nowhere" not in str(document)


def test_what_nobody_foresaw_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the secret text")

    monkeypatch.setattr("vigie.api.v1.banks.service.find_bank", fails)
    document = problem(service("banks:read").get("/banks/x"), 500, "error")
    assert "secret" not in str(document)
    assert "secret" not in caplog.text
    assert any(getattr(one, "kind", "") == "RuntimeError" for one in caplog.records)


def test_every_code_leads_to_its_meaning() -> None:
    items = ApiCaller({}).get("/problems").json()["items"]
    assert {"code": "not_found", "title": "There is no such thing"} in items


def test_answers_are_not_kept_or_shown_by_browsers() -> None:
    response = service("banks:read").get("/banks")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_the_openapi_document_holds_everything() -> None:
    document = Client(SERVER_NAME="127.0.0.1").get("/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Vigie"
    assert {"/v1/content", "/v1/match", "/v1/hash", "/v1/banks", "/v1/cases/{number}/decisions"} <= set(
        document["paths"]
    )
    ids = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert operation["tags"], where
            assert "security" in operation or path == "/v1/problems", where
            content = next(iter(operation["responses"].values()))["content"]
            assert next(iter(content.values()))["schema"], where


def test_every_shape_of_the_openapi_document_has_a_name_of_its_own() -> None:
    def shapes(kind: type) -> list[type]:
        beneath: list[type] = kind.__subclasses__()
        return beneath + [one for sub in beneath for one in shapes(sub)]

    # Of two with one name, the document would describe the last one in both places.
    ours = [one.__name__ for kind in (Shape, Sent) for one in shapes(kind)]
    assert [name for name, times in Counter(ours).items() if times > 1] == []


def test_every_tag_of_the_openapi_document_is_described() -> None:
    document = Client(SERVER_NAME="127.0.0.1").get("/v1/openapi.json").json()
    used = {
        tag
        for operations in document["paths"].values()
        for operation in operations.values()
        for tag in operation.get("tags", [])
    }
    assert used == {tag["name"] for tag in document["tags"]}


def test_every_reference_in_the_openapi_document_leads_somewhere() -> None:
    document = Client(SERVER_NAME="127.0.0.1").get("/v1/openapi.json").json()
    names = set(document["components"]["schemas"])

    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    found = set(references(document))
    assert found
    assert found <= {f"#/components/schemas/{name}" for name in names}


def test_the_documentation_page_needs_nothing_from_elsewhere() -> None:
    response = Client(SERVER_NAME="127.0.0.1").get("/v1/docs")
    page = response.content.decode()
    assert response.status_code == 200
    assert "http://" not in page
    assert "https://" not in page
    assert "'unsafe-inline'" not in response["Content-Security-Policy"].split("style-src")[0]
    with closing(Client(SERVER_NAME="127.0.0.1").get("/static/ninja/swagger-ui-bundle.js")) as script:
        assert script.status_code == 200
