"""The one OpenAPI document: what Django Ninja says, the fast lane, sign-in, rights and problems.

It describes and checks nothing at run time.
"""

from http import HTTPStatus
from typing import Any

from vigie.api.fastlane_openapi import fastlane_paths, fastlane_schemas
from vigie.api.problems import MEDIA_TYPE, TYPE_PREFIX

TAGS = {
    "content": "Ask before publishing; look signals up. Answered from memory.",
    "banks": "Named lists of known entries.",
    "entries": "What is known, where it came from, and who confirmed it.",
    "lookbacks": "Looking for entries among earlier uploads, and what is kept for that.",
    "cases": "What a person has to decide.",
    "decisions": "What was decided, by whom, and why.",
    "statements": "What users are told about restrictions, and how they can object.",
    "complaints": "Objections to decisions, decided by another person.",
    "submissions": "Statements on their way to the Commission's Transparency Database.",
    "notices": "What others report, and trusted flaggers.",
    "threats": "Threats to somebody's life, and what the authorities were told.",
    "misuse": "Accounts, notifiers and complainants that misuse the service: warned, then suspended with an end.",
    "orders": "Removal orders received: the hour, the measure and the answer.",
    "exposure": "Decisions that this service is exposed, and the specific measures that follow.",
    "issuing": "Removal orders sent by an authority: drafted, approved, followed.",
    "reports": "Transparency reports, computed from the ledger.",
    "evidence": "Sealed content; each reading says for what and is in the ledger.",
    "ledger": "The record of everything that happened.",
    "policy": "The rules that give verdicts.",
    "platforms": "Where content lives and decisions take effect.",
    "deliveries": "Decisions on their way to platforms.",
    "alarms": "Content that is still there although its platform said that it is gone.",
    "people": "People with roles and services with tokens.",
    "whoami": "The caller.",
}

DESCRIPTION = """
Vigie finds, removes and keeps down terrorist content for hosting platforms.

Send `Authorization: Bearer vgt_...` with each call. Errors are problem documents (RFC 9457) with a stable `code`.
Lists come in pages: `next` of one page is `cursor` of the next. Times are RFC 3339 in UTC.
"""

_SECURITY: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]

_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "A service's token, or a person's own."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The console's session; calls that change something also need the header X-CSRFToken.",
    },
}

_PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": [f"{TYPE_PREFIX}not_found"]},
        "title": {"type": "string", "description": "What this code means whatever the occasion."},
        "status": {"type": "integer", "examples": [404]},
        "detail": {"type": "string", "description": "What happened, in a sentence for a person."},
        "code": {"type": "string", "description": "Stable and for programs.", "examples": ["not_found"]},
        "hint": {"type": "string", "description": "A way out, when there is one."},
        "errors": {
            "type": "array",
            "description": "One item for each field or line that is wrong.",
            "items": {
                "type": "object",
                "required": ["place", "message"],
                "properties": {
                    "place": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "message": {"type": "string"},
                    "expected": {"type": "string"},
                    "suggestion": {"type": "string"},
                },
            },
        },
    },
}


def finish(document: dict[str, Any]) -> dict[str, Any]:
    """Ninja's document made whole; raises ValueError when two parts use one name for two shapes."""
    schemas = document["components"]["schemas"]
    for name, schema in fastlane_schemas().items():
        if schemas.get(name, schema) != schema:
            raise ValueError(f"two shapes are named {name}")
        schemas[name] = schema
    schemas["Problem"] = _PROBLEM
    document["components"]["securitySchemes"] = _SCHEMES
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    document["paths"] = {**fastlane_paths(), **document["paths"]}
    for path in document["paths"].values():
        for operation in path.values():
            _finish_operation(operation)
    return document


def _finish_operation(operation: dict[str, Any]) -> None:
    statuses = list(operation.pop("x-problems", []))
    files = operation.pop("x-files", [])
    if files:
        bytes_schema = {"type": "string", "contentMediaType": "application/octet-stream"}
        operation["responses"] = {
            "200": {"description": "OK", "content": {kind: {"schema": bytes_schema} for kind in files}}
        }
    if "x-right" in operation:
        operation["security"] = _SECURITY
        statuses += [401, 403]
        right = operation["x-right"]
        if right:
            text = operation.get("description", "")
            operation["description"] = f"{text}\n\nNeeds `{right}`.".strip()
        else:
            del operation["x-right"]
    for status in sorted(set(statuses)):
        operation["responses"][str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    operation["responses"] = {str(status): one for status, one in operation["responses"].items()}
