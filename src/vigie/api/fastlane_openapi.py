"""The three hot endpoints as OpenAPI, from the very structs that parse them.

It serves nothing: `openapi` puts what is made here beside what Django Ninja makes.
"""

from typing import Any

import msgspec

from vigie.api.fastlane_messages import (
    ContentQuestion,
    HashAnswer,
    HashQuestion,
    MatchAnswer,
    MatchQuestion,
    Verdict,
)
from vigie.foundation import limits
from vigie.people.rights import Right

_STRUCTS = (ContentQuestion, Verdict, MatchQuestion, MatchAnswer, HashQuestion, HashAnswer)
_TAG = "content"

_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}

_CONTENT_EXAMPLE = {
    "id": "post-8731",
    "kind": "post",
    "url": "https://forum.example/p/8731",
    "author": {"id": "u-55", "handle": "heron_77"},
    "created_at": "2026-11-22T10:00:00Z",
    "language": "en",
    "text": "Look at this.",
    "media": [{"id": "m1", "url": "https://forum.example/media/1.jpeg"}],
}
_VERDICT_EXAMPLE = {
    "content": "post-8731",
    "verdict": "hold",
    "case": "C-000123",
    "ledger": 4711,
    "reasons": [
        {
            "rule": "near-copy",
            "verdict": "hold",
            "because": "A near copy of known material.",
            "bank": "grey-heron",
            "entry": "E-000017",
            "signal": "pdq",
            "distance_bits": 12,
            "type": "a",
            "media": "m1",
        }
    ],
    "quarantined": [],
    "notes": [],
}
_PDQ_EXAMPLE = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"


def fastlane_schemas() -> dict[str, Any]:
    """Every struct of the fast lane by name, as JSON Schema 2020-12."""
    _, components = msgspec.json.schema_components(_STRUCTS, ref_template="#/components/schemas/{name}")
    return components


def fastlane_paths() -> dict[str, Any]:
    """The three operations by path."""
    return {
        "/v1/content": {"post": _content()},
        "/v1/match": {"post": _match()},
        "/v1/hash": {"post": _hash()},
    }


def _content() -> dict[str, Any]:
    return {
        "operationId": "judge_content",
        "tags": [_TAG],
        "summary": "Ask what shall become of a content",
        "description": (
            "One round trip: signals, look-up, rules, verdict. `allow` and `review`: publish. `hold`: keep hidden"
            " until a person decides. `remove`: do not publish. Anything but `allow` opens a case. The same content"
            " gets the same answer and no second case."
        ),
        "parameters": [_IDEMPOTENCY_KEY],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _ref("ContentQuestion"), "example": _CONTENT_EXAMPLE},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["content"],
                        "properties": {"content": _ref("ContentQuestion")},
                        "additionalProperties": _FILE,
                        "description": "The question in the part `content`, and each medium in a part named by its id.",
                    },
                    "encoding": {"content": {"contentType": "application/json"}},
                },
            },
        },
        "responses": {"200": _answer("Verdict", _VERDICT_EXAMPLE)},
        "x-right": Right.CONTENT_WRITE.value,
        "x-problems": [400, 409, 413, 422, 502, 503],
    }


def _match() -> dict[str, Any]:
    return {
        "operationId": "match_signals",
        "tags": [_TAG],
        "summary": "Look signals up in the banks",
        "description": f"Up to {limits.MATCH_SIGNALS_MAX:,} signals; every entry within the radius is found.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _ref("MatchQuestion"),
                    "example": {"signals": [{"type": "pdq", "value": _PDQ_EXAMPLE}], "banks": ["grey-heron"]},
                }
            },
        },
        "responses": {
            "200": _answer(
                "MatchAnswer",
                {
                    "matches": [
                        {
                            "signal": 0,
                            "bank": "grey-heron",
                            "entry": "E-000017",
                            "distance_bits": 12,
                            "confirmed": True,
                            "type": "a",
                        }
                    ],
                    "outweighed": [],
                },
            )
        },
        "x-right": Right.MATCH_READ.value,
        "x-problems": [400, 413, 422, 503],
    }


def _hash() -> dict[str, Any]:
    return {
        "operationId": "hash_medium",
        "tags": [_TAG],
        "summary": "Compute the signals of a still picture",
        "description": "JPEG, PNG, WebP or the first frame of a GIF. Nothing is kept. Also with `content:write`.",
        "parameters": [
            {
                "in": "query",
                "name": "dihedral",
                "required": False,
                "schema": {"type": "string", "enum": ["true", "false"], "default": "false"},
                "description": "Also the PDQ hashes of the eight turned and mirrored pictures.",
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "image/*": {"schema": _FILE},
                "application/json": {
                    "schema": _ref("HashQuestion"),
                    "example": {"url": "https://forum.example/media/1.jpeg"},
                },
            },
        },
        "responses": {
            "200": _answer(
                "HashAnswer",
                {
                    "format": "jpeg",
                    "width_px": 640,
                    "height_px": 480,
                    "signals": [{"type": "pdq", "value": _PDQ_EXAMPLE, "quality": 100}],
                },
            )
        },
        "x-right": Right.MATCH_READ.value,
        "x-problems": [400, 413, 422, 502, 503],
    }


_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": limits.IDEMPOTENCY_KEY_CHARS_MAX},
    "description": "The same key with the same question gets the same answer; with another question, 409.",
}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(name: str, example: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": "OK",
        "content": {"application/json": {"schema": _ref(name), "example": example}},
    }
