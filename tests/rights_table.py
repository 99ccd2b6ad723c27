"""Who may call what, as decided: the table that `test_rights` tries and docs/reference/rights.md shows.

It is written by hand and not made from the program, so that a right given by mistake is seen.
"""

from dataclasses import dataclass
from typing import Any

# The columns: services with these scopes, and people with these roles.
PLATFORM = "platform's token"
ARCHIVE = "reading token"
REVIEWER = "reviewer"
SENIOR = "senior reviewer"
LEGAL = "legal officer"
ANALYST = "analyst"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"

SCOPES = {
    PLATFORM: ("content:write", "match:read"),
    ARCHIVE: ("banks:read", "cases:read", "ledger:read", "platforms:read", "policy:read"),
}
ROLES = {
    REVIEWER: "reviewer",
    SENIOR: "senior_reviewer",
    LEGAL: "legal_officer",
    ANALYST: "analyst",
    AUDITOR: "auditor",
    ADMINISTRATOR: "administrator",
}
COLUMNS = (*SCOPES, *ROLES)

EVERYBODY = frozenset(COLUMNS)
PEOPLE = frozenset(ROLES)
ALL_BUT_PLATFORM = EVERYBODY - {PLATFORM}
LOOKING_UP = frozenset({PLATFORM, REVIEWER, SENIOR, LEGAL, ANALYST, ADMINISTRATOR})
BANKING = PEOPLE - {AUDITOR}
REVIEWING = frozenset({REVIEWER, SENIOR, LEGAL})
CONFIRMING = frozenset({SENIOR, LEGAL})
READING_EVIDENCE = REVIEWING | {AUDITOR}
READING_LEDGER = frozenset({ARCHIVE, SENIOR, LEGAL, AUDITOR, ADMINISTRATOR})
SIGNING_LEDGER = frozenset({LEGAL, ADMINISTRATOR})
REPLAYING = frozenset({SENIOR, ADMINISTRATOR})
SEEING_ALARMS = REVIEWING | {ADMINISTRATOR}
ADMINISTERING = frozenset({ADMINISTRATOR})
NOBODY: frozenset[str] = frozenset()

SHA = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
DECISION = {"action": "keep", "reason": "nothing", "exemption": "none"}
PERSON = {"username": "x", "password": "short", "role": "reviewer"}


@dataclass(frozen=True)
class Row:
    """One operation: how it is called, with a body that changes nothing, and who may."""

    method: str
    path: str
    who: frozenset[str]
    body: Any = None
    form: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        """`METHOD /path`, as the OpenAPI document writes it."""
        return f"{self.method} /v1{self.path}"

    @property
    def address(self) -> str:
        """A concrete address: things that are not there."""
        filled = self.path
        for name, value in FILLED_IN.items():
            filled = filled.replace("{" + name + "}", value)
        if "{number}" in filled:
            filled = filled.replace("{number}", NUMBERS[self.path.split("/")[1]])
        return f"/v1{filled}"


FILLED_IN = {
    "name": "no-such",
    "reference": "no-such",
    "medium": "m1",
    "seq": "999999999",
    "delivery_id": "999999999",
    "alarm_id": "999999999",
    "user_id": "999999999",
    "token_id": "999999999",
}
NUMBERS = {"cases": "C-999999", "entries": "E-999999", "decisions": "D-999999", "policy": "999999"}

TABLE = (
    Row("POST", "/content", frozenset({PLATFORM}), {"id": "p", "platform": "no-such", "text": "hello"}),
    Row("POST", "/match", LOOKING_UP, {"signals": [{"type": "sha256", "value": SHA}]}),
    Row("POST", "/hash", LOOKING_UP, {"url": "http://127.0.0.1/"}),
    Row("GET", "/banks", ALL_BUT_PLATFORM),
    Row("POST", "/banks", BANKING, {"name": "NO NAME"}),
    Row("GET", "/banks/{name}", ALL_BUT_PLATFORM),
    Row("PATCH", "/banks/{name}", BANKING, {}),
    Row(
        "POST",
        "/banks/{name}/entries",
        BANKING,
        {"source": "x", "signals": [{"type": "sha256", "value": SHA}]},
    ),
    Row("POST", "/banks/{name}/entries/file", BANKING, form=("source", "file")),
    Row("POST", "/banks/{name}/import", BANKING, form=("source", "file")),
    Row("GET", "/banks/{name}/export", ALL_BUT_PLATFORM),
    Row("GET", "/entries", ALL_BUT_PLATFORM),
    Row("GET", "/entries/{number}", ALL_BUT_PLATFORM),
    Row("GET", "/entries/{number}/preview", ALL_BUT_PLATFORM),
    Row("PATCH", "/entries/{number}", BANKING, {"note": "x"}),
    Row("POST", "/entries/{number}/missed", ALL_BUT_PLATFORM, form=("file",)),
    Row("POST", "/entries/{number}/confirm", CONFIRMING),
    Row("POST", "/entries/{number}/withdraw", CONFIRMING),
    Row("POST", "/entries/{number}/remove", BANKING, {"reason": "nothing"}),
    Row("POST", "/entries/{number}/restore", BANKING),
    Row("GET", "/cases", ALL_BUT_PLATFORM),
    Row("GET", "/cases/{number}", ALL_BUT_PLATFORM),
    Row("GET", "/cases/{number}/media/{medium}/preview", ALL_BUT_PLATFORM),
    Row("POST", "/cases/{number}/lock", REVIEWING),
    Row("POST", "/cases/{number}/release", REVIEWING),
    Row("POST", "/cases/{number}/decisions", REVIEWING, DECISION),
    Row("POST", "/cases/{number}/undo", REVIEWING, {"reason": "nothing"}),
    Row("GET", "/decisions", ALL_BUT_PLATFORM),
    Row("GET", "/decisions/{number}", ALL_BUT_PLATFORM),
    Row("GET", "/evidence", READING_EVIDENCE),
    Row("POST", "/evidence/{reference}/read", READING_EVIDENCE, {"purpose": "a test of rights"}),
    Row("GET", "/ledger", READING_LEDGER),
    Row("GET", "/ledger/{seq}", READING_LEDGER),
    Row("GET", "/ledger/verification", READING_LEDGER),
    Row("GET", "/ledger/checkpoints", READING_LEDGER),
    Row("POST", "/ledger/checkpoints", SIGNING_LEDGER),
    Row("GET", "/policy", ALL_BUT_PLATFORM),
    Row("POST", "/policy/check", ALL_BUT_PLATFORM, {"text": "x"}),
    Row("GET", "/policy/facts", ALL_BUT_PLATFORM),
    Row("GET", "/policy/versions", ALL_BUT_PLATFORM),
    Row("GET", "/policy/versions/{number}", ALL_BUT_PLATFORM),
    Row("POST", "/policy/versions", ADMINISTERING, {"text": "x"}),
    Row("GET", "/platforms", ALL_BUT_PLATFORM),
    Row("POST", "/platforms", ADMINISTERING, {"name": "NO NAME"}),
    Row("GET", "/platforms/{name}", ALL_BUT_PLATFORM),
    Row("PATCH", "/platforms/{name}", ADMINISTERING, {}),
    Row("POST", "/platforms/{name}/secret", ADMINISTERING),
    Row("GET", "/deliveries", ALL_BUT_PLATFORM),
    Row("GET", "/deliveries/{delivery_id}", ALL_BUT_PLATFORM),
    Row("POST", "/deliveries/{delivery_id}/replay", REPLAYING),
    Row("GET", "/alarms", ALL_BUT_PLATFORM),
    Row("POST", "/alarms/{alarm_id}/seen", SEEING_ALARMS),
    Row("GET", "/users", ADMINISTERING),
    Row("POST", "/users", ADMINISTERING, PERSON),
    Row("PATCH", "/users/{user_id}", ADMINISTERING, {"role": "reviewer"}),
    Row("POST", "/users/{user_id}/password", ADMINISTERING, {"password": "short"}),
    Row("POST", "/users/{user_id}/off", ADMINISTERING),
    Row("POST", "/users/{user_id}/on", ADMINISTERING),
    Row("GET", "/tokens", ADMINISTERING),
    Row("POST", "/tokens", ADMINISTERING, {"name": "x", "scopes": ["no:such"]}),
    Row("POST", "/tokens/{token_id}/revoke", ADMINISTERING),
    Row("GET", "/whoami", EVERYBODY),
    Row("GET", "/whoami/tokens", PEOPLE),
    # With a token nobody makes tokens; with the console's session every person does, for themselves.
    Row("POST", "/whoami/tokens", NOBODY, {"name": "x", "scopes": ["no:such"]}),
    Row("POST", "/whoami/tokens/{token_id}/revoke", PEOPLE),
)
