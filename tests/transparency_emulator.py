"""A Transparency Database on loopback: a real HTTP server that takes, checks and refuses as the Commission's does.

Its checks are written from the published description and not from Vigie's own, so that each tests the other.
"""

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import vigie.redress.transparency as transparency

TOKEN = "a-token-of-the-emulator"
_KEPT = json.loads((Path(transparency.__file__).parent / "enumerations.json").read_text())
NAMES = {kind: set(names) for kind, names in _KEPT["enumerations"].items()}

_LISTS = {
    "decision_visibility": "DECISION_VISIBILITIES",
    "content_type": "CONTENT_TYPES",
    "category_addition": "STATEMENT_CATEGORIES",
    "category_specification": "KEYWORDS",
}
_SINGLES = {
    "decision_ground": "DECISION_GROUNDS",
    "category": "STATEMENT_CATEGORIES",
    "source_type": "SOURCE_TYPES",
    "automated_decision": "AUTOMATED_DECISIONS",
    "decision_monetary": "DECISION_MONETARIES",
    "decision_provision": "DECISION_PROVISIONS",
    "decision_account": "DECISION_ACCOUNTS",
    "account_type": "ACCOUNT_TYPES",
}
_LENGTHS = {
    "decision_facts": 5_000,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2_000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2_000,
    "content_type_other": 500,
}
_ALWAYS = (
    *("decision_ground", "content_type", "category", "content_date", "application_date", "decision_facts"),
    *("source_type", "automated_detection", "automated_decision", "puid"),
)

Fault = Callable[["_Handler"], bool]


def errors_in(statement: dict[str, Any]) -> dict[str, list[str]]:
    """What the database says is wrong, by field."""
    errors: dict[str, list[str]] = {}

    def wrong(field: str, sentence: str) -> None:
        errors.setdefault(field, []).append(sentence)

    for field in _ALWAYS:
        if not statement.get(field):
            wrong(field, f"The {field} field is required.")
    for field, kind in _SINGLES.items():
        if field in statement and statement[field] not in NAMES[kind]:
            wrong(field, f"The selected {field} is invalid.")
    for field, kind in _LISTS.items():
        value = statement.get(field, [])
        if not isinstance(value, list) or not set(value) <= NAMES[kind]:
            wrong(field, f"The selected {field} is invalid.")
    for field, most in _LENGTHS.items():
        if len(statement.get(field, "")) > most:
            wrong(field, f"The {field} must not be greater than {most} characters.")
    if not any(
        statement.get(f"decision_{kind}") for kind in ("visibility", "monetary", "provision", "account")
    ):
        wrong("decision_visibility", "The decision visibility field is required when none of the others are.")
    ground = statement.get("decision_ground")
    for name, prefix in (
        ("ILLEGAL", "illegal_content_legal_ground"),
        ("INCOMPATIBLE", "incompatible_content_ground"),
    ):
        if ground == f"DECISION_GROUND_{name}_CONTENT" and not statement.get(prefix):
            wrong(prefix, f"The {prefix} field is required.")
        explanation = f"{name.lower()}_content_explanation"
        if ground == f"DECISION_GROUND_{name}_CONTENT" and not statement.get(explanation):
            wrong(explanation, f"The {explanation} field is required.")
    for field, first in (("content_date", "2000-01-01"), ("application_date", "2020-01-01")):
        day = str(statement.get(field, ""))
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) or day < first:
            wrong(field, f"The {field} must be a date after or equal to {first}.")
    if statement.get("automated_detection") not in ("Yes", "No"):
        wrong("automated_detection", "The selected automated detection is invalid.")
    if not re.fullmatch(r"[a-zA-Z0-9-_]{1,500}", str(statement.get("puid", ""))):
        wrong("puid", "The puid format is invalid.")
    return errors


class TransparencyEmulator:
    """Listens on 127.0.0.1. `faults` are tried before each call; one that returns True has answered it."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, int]] = []
        self.faults: list[Fault] = []
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"emulator": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    emulator: TransparencyEmulator
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base names it
        """Say nothing."""

    def do_POST(self) -> None:
        """Take one statement, or up to a hundred, all or none."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.emulator.lock:
            if self._is_faulty() or not self._may():
                return None
            try:
                sent = json.loads(body)
            except ValueError:
                return self.answer(400, {"message": "not JSON"})
            if self.path == "/api/v1/statement":
                return self._take_one(sent)
            if self.path == "/api/v1/statements":
                return self._take_many(sent.get("statements"))
            return self.answer(404, {"message": "not found"})

    def do_GET(self) -> None:
        """302 when a puid is known, 404 when not."""
        with self.emulator.lock:
            if self._is_faulty() or not self._may():
                return
            puid = self.path.removeprefix("/api/v1/statement/existing-puid/")
            if puid in self.emulator.kept:
                self.answer(302, {"puid": puid}, Location=f"{self.emulator.url}/statement/1")
            else:
                self.answer(404, {"message": "statement of reason not found"})

    def answer(self, status: int, body: Any, **headers: str) -> None:
        """Answer with JSON, or a text as it stands."""
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.emulator.calls.append((f"{self.command} {self.path}", status))
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if isinstance(body, str) else "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _is_faulty(self) -> bool:
        return bool(self.emulator.faults) and self.emulator.faults.pop(0)(self)

    def _may(self) -> bool:
        if self.headers.get("Authorization") == f"Bearer {TOKEN}":
            return True
        self.answer(401, {"message": "Unauthenticated."})
        return False

    def _take_one(self, sent: dict[str, Any]) -> None:
        errors = errors_in(sent)
        if errors:
            message = next(iter(errors.values()))[0]
            return self.answer(422, {"message": message, "errors": errors})
        if sent["puid"] in self.emulator.kept:
            existing = self.emulator.kept[sent["puid"]]
            message = "The identifier given is not unique within this platform."
            return self.answer(422, {"message": message, "errors": {"puid": [message]}, "existing": existing})
        return self.answer(201, self._keep(sent))

    def _take_many(self, sent: Any) -> None:
        if not isinstance(sent, list) or not 1 <= len(sent) <= 100:
            message = "The statements field must have between 1 and 100 items."
            return self.answer(422, {"message": message, "errors": {"statements": [message]}})
        found = {f"statement_{at}": errors for at, one in enumerate(sent) if (errors := errors_in(one))}
        if found:
            return self.answer(422, {"errors": found})
        known = [one["puid"] for one in sent if one["puid"] in self.emulator.kept]
        if known:
            message = "The identifiers given are not unique within this platform."
            return self.answer(
                422, {"message": message, "errors": {"puid": [message], "existing_puids": known}}
            )
        return self.answer(201, {"statements": [self._keep(one) for one in sent]})

    def _keep(self, sent: dict[str, Any]) -> dict[str, Any]:
        kept = {**sent, "uuid": f"00000000-0000-4000-8000-{len(self.emulator.kept):012d}"}
        self.emulator.kept[sent["puid"]] = kept
        return kept
