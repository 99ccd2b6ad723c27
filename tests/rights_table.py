"""Who may call what, as decided: the table that `test_rights` tries and docs/reference/rights.md shows.

It is written by hand and not made from the program, so that a right given by mistake is seen.
"""

from dataclasses import dataclass
from typing import Any

# The columns: services with these scopes, and people with these roles.
PLATFORM = "platform's token"
ARCHIVE = "reading token"
AUTHORITY = "authority's token"
REVIEWER = "reviewer"
SENIOR = "senior reviewer"
LEGAL = "legal officer"
ANALYST = "analyst"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"

SCOPES = {
    PLATFORM: ("content:write", "content:erase", "match:read"),
    ARCHIVE: ("banks:read", "cases:read", "ledger:read", "platforms:read", "policy:read"),
    AUTHORITY: ("orders:file",),
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

FILING = frozenset({AUTHORITY})
EVERYBODY = frozenset(COLUMNS) - FILING
PEOPLE = frozenset(ROLES)
ALL_BUT_PLATFORM = EVERYBODY - {PLATFORM}
LOOKING_UP = frozenset({PLATFORM, REVIEWER, SENIOR, LEGAL, ANALYST, ADMINISTRATOR})
BANKING = PEOPLE - {AUDITOR}
REVIEWING = frozenset({REVIEWER, SENIOR, LEGAL})
CONFIRMING = frozenset({SENIOR, LEGAL})
READING_EVIDENCE = REVIEWING | {AUDITOR}
READING_LEDGER = frozenset({ARCHIVE, SENIOR, LEGAL, AUDITOR, ADMINISTRATOR})
WRITING_REPORTS = frozenset({LEGAL, ADMINISTRATOR})
SIGNING_LEDGER = frozenset({LEGAL, ADMINISTRATOR})
REPLAYING = frozenset({SENIOR, ADMINISTRATOR})
SEEING_ALARMS = REVIEWING | {ADMINISTRATOR}
ADMINISTERING = frozenset({ADMINISTRATOR})
TAKING_ORDERS = REVIEWING | {ADMINISTRATOR}
READING_ORDERS = REVIEWING | {AUDITOR, ADMINISTRATOR}
READING_ISSUED = frozenset({LEGAL, ANALYST, AUDITOR, ADMINISTRATOR})
ISSUING = frozenset({LEGAL, ANALYST})
ENTERING_PROVIDERS = frozenset({LEGAL, ADMINISTRATOR})
READING_HOLDS = frozenset({ANALYST, AUDITOR})
HOLDING = frozenset({ANALYST})
NOBODY: frozenset[str] = frozenset()

SHA = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
DECISION = {"action": "keep", "reason": "nothing", "exemption": "none"}
NOTICE = {
    "platform": "no-such",
    "url": "https://heron.example/1",
    "text": "nothing at all",
    "good_faith": True,
}
ASKING = {"kind": "access", "purpose": "a test of rights", "legal_basis": "none"}
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
    "entry": "E-999999",
    "step": "warn",
    "standing": "on",
    "seq": "999999999",
    "delivery_id": "999999999",
    "alarm_id": "999999999",
    "loss_id": "999999999",
    "content": "no-such",
    "user_id": "999999999",
    "token_id": "999999999",
    "ending": "json",
    "kind": "tco",
    "file": "no-such.csv",
    "hold": "H-999999",
    "reply": "RE-999999",
}
NUMBERS = {
    "orders": "O-999999",
    "issuing": "RO-999999",
    "cases": "C-999999",
    "misuse": "M-999999",
    "entries": "E-999999",
    "decisions": "D-999999",
    "lookbacks": "L-999999",
    "statements": "S-999999",
    "submissions": "S-999999",
    "notices": "N-999999",
    "threats": "T-999999",
    "complaints": "CP-999999",
    "inquiries": "Q-999999",
    "policy": "999999",
    "evidence": "P-999999",
    "reports": "R-999999",
    "exposure": "EX-999999",
}

TABLE = (
    Row("POST", "/content", frozenset({PLATFORM}), {"id": "p", "platform": "no-such", "text": "hello"}),
    Row("DELETE", "/content/{content}", frozenset({PLATFORM, ADMINISTRATOR})),
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
    Row("GET", "/lookbacks", ALL_BUT_PLATFORM),
    Row("POST", "/lookbacks", BANKING, {}),
    Row("GET", "/lookbacks/{number}", ALL_BUT_PLATFORM),
    Row("GET", "/lookbacks/{number}/finds", ALL_BUT_PLATFORM),
    Row("POST", "/lookbacks/{number}/go-on", BANKING),
    Row("POST", "/lookbacks/{number}/cancel", BANKING),
    Row("GET", "/archive", ALL_BUT_PLATFORM),
    Row("POST", "/archive/losses/{loss_id}/seen", SEEING_ALARMS),
    Row("GET", "/cases", ALL_BUT_PLATFORM),
    Row("GET", "/cases/{number}", ALL_BUT_PLATFORM),
    Row("GET", "/cases/{number}/media/{medium}/preview", ALL_BUT_PLATFORM),
    Row("POST", "/cases/{number}/lock", REVIEWING),
    Row("POST", "/cases/{number}/release", REVIEWING),
    Row("POST", "/cases/{number}/decisions", REVIEWING, DECISION),
    Row("POST", "/cases/{number}/undo", REVIEWING, {"reason": "nothing"}),
    Row("GET", "/decisions", ALL_BUT_PLATFORM),
    Row("GET", "/decisions/{number}", ALL_BUT_PLATFORM),
    Row("GET", "/statements", EVERYBODY),
    Row("GET", "/statements/{number}", EVERYBODY),
    Row("POST", "/statements/{number}/informed", frozenset({PLATFORM})),
    Row("POST", "/complaints", frozenset({PLATFORM}), {"statement": "S-999999", "text": "no"}),
    Row("GET", "/complaints", EVERYBODY),
    Row("GET", "/complaints/{number}", EVERYBODY),
    Row("POST", "/complaints/{number}/assign", REVIEWING),
    Row("POST", "/complaints/{number}/take-up", REVIEWING),
    Row("POST", "/complaints/{number}/hand-back", REVIEWING),
    Row(
        "POST",
        "/complaints/{number}/outcome",
        REVIEWING,
        {"outcome": "upheld", "reply": "It stands as it is."},
    ),
    Row("POST", "/complaints/{number}/informed", frozenset({PLATFORM})),
    Row("POST", "/complaints/{number}/entries/{entry}", BANKING, {"action": "keep"}),
    Row("GET", "/submissions", ALL_BUT_PLATFORM),
    Row("POST", "/submissions/{number}/replay", REPLAYING),
    Row("POST", "/notices", REVIEWING, NOTICE),
    Row("GET", "/notices", ALL_BUT_PLATFORM),
    Row("GET", "/notices/{number}", ALL_BUT_PLATFORM),
    Row("POST", "/notices/{number}/take-up", REVIEWING),
    Row("POST", "/notices/{number}/unfounded", REVIEWING),
    Row("POST", "/notices/{number}/notifier/{step}", REVIEWING),
    Row("GET", "/misuse", ALL_BUT_PLATFORM),
    Row("GET", "/misuse/{number}", ALL_BUT_PLATFORM),
    Row("POST", "/misuse/{number}/warn", REVIEWING, {}),
    Row("POST", "/misuse/{number}/suspend", REVIEWING, {}),
    Row("POST", "/misuse/{number}/lift", REVIEWING),
    Row("POST", "/misuse/{number}/take-warning-back", REVIEWING),
    Row("POST", "/misuse/{number}/withdraw", REVIEWING, {"about": "N-999999"}),
    Row("POST", "/cases/{number}/manifestly-illegal", REVIEWING),
    Row("GET", "/flaggers", ALL_BUT_PLATFORM),
    Row("POST", "/flaggers", ADMINISTERING, {"name": "NO NAME"}),
    Row("POST", "/flaggers/{name}/{standing}", ADMINISTERING),
    Row("GET", "/threats", ALL_BUT_PLATFORM),
    Row("POST", "/threats", REVIEWING, {"case": "C-999999", "told": "nothing at all"}),
    Row("POST", "/threats/{number}/settle", REVIEWING, {"outcome": "dismissed", "reason": "nothing at all"}),
    Row("GET", "/reports/draft/{kind}", READING_LEDGER),
    Row("GET", "/reports/draft/{kind}/{file}", READING_LEDGER),
    Row("GET", "/reports/profile", READING_LEDGER),
    Row("POST", "/reports/profile", WRITING_REPORTS, {"field": "no-such", "value": "x"}),
    Row("GET", "/reports/published", READING_LEDGER),
    Row("POST", "/reports/published", WRITING_REPORTS, {"kind": "tco", "year": 9998}),
    Row("GET", "/reports/published/{number}", READING_LEDGER),
    Row("GET", "/reports/published/{number}/{file}", READING_LEDGER),
    Row("GET", "/evidence", READING_EVIDENCE),
    Row("POST", "/evidence/{reference}/read", READING_EVIDENCE, {"purpose": "a test of rights"}),
    Row("GET", "/evidence/items", READING_EVIDENCE),
    Row("GET", "/evidence/due", READING_EVIDENCE),
    Row("GET", "/evidence/items/{number}", READING_EVIDENCE),
    Row("GET", "/evidence/items/{number}/certificate.{ending}", READING_EVIDENCE),
    Row("POST", "/evidence/items/{number}/requests", READING_EVIDENCE, ASKING),
    Row("GET", "/evidence/requests", READING_EVIDENCE),
    Row("GET", "/evidence/requests/{number}", READING_EVIDENCE),
    Row("POST", "/evidence/requests/{number}/grant", CONFIRMING, {}),
    Row("POST", "/evidence/requests/{number}/refuse", CONFIRMING, {"reason": "nothing"}),
    Row("POST", "/evidence/requests/{number}/open", READING_EVIDENCE, {"reference": "no-such"}),
    Row("POST", "/evidence/requests/{number}/package", READING_EVIDENCE, {"passphrase": "twelve herons"}),
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
    Row("GET", "/whoami", EVERYBODY | FILING),
    Row("GET", "/whoami/tokens", PEOPLE),
    # No `orders:write` in the columns of services: an authority's gateway gets a token of its own.
    Row("POST", "/orders", TAKING_ORDERS, {"form": "annex_vii"}),
    Row("POST", "/orders/file", TAKING_ORDERS, body={}),
    Row("GET", "/orders", READING_ORDERS),
    Row("POST", "/inquiries", frozenset({PLATFORM}), {"content": "no-such-content"}),
    Row("GET", "/inquiries", READING_ORDERS | {PLATFORM}),
    Row("GET", "/inquiries/{number}", READING_ORDERS | {PLATFORM}),
    Row("POST", "/inquiries/{number}/answer", REVIEWING, {}),
    Row("GET", "/orders/exposure", READING_ORDERS),
    Row("GET", "/orders/intakes", READING_ORDERS),
    Row("POST", "/orders/intakes/{number}/order", REVIEWING, {}),
    Row("POST", "/orders/intakes/{number}/set-aside", REVIEWING, {"reason": "nothing"}),
    Row("GET", "/orders/{number}", READING_ORDERS),
    Row("PATCH", "/orders/{number}", REVIEWING, {}),
    Row("POST", "/orders/{number}/steps", REVIEWING, {"step": "accept"}),
    Row("GET", "/orders/{number}/answer.{ending}", READING_ORDERS),
    Row("GET", "/orders/{number}/order.{ending}", READING_ORDERS),
    # Only with a token of an authority, which may do nothing else.
    Row("POST", "/orders/filed", FILING, {"form": "annex_vii"}),
    Row("GET", "/orders/filed", FILING),
    Row("GET", "/orders/filed/{number}", FILING),
    Row("POST", "/orders/filed/{number}/answer-taken", FILING),
    Row("POST", "/orders/filed/{number}/withdrawal", FILING, {"reason": "nothing"}),
    Row("GET", "/issuing/orders", READING_ISSUED),
    Row("POST", "/issuing/orders", ISSUING, {"case": "C-999999"}),
    Row("GET", "/issuing/orders/{number}", READING_ISSUED),
    Row("PATCH", "/issuing/orders/{number}", ISSUING, {}),
    Row("POST", "/issuing/orders/{number}/steps", ISSUING, {"step": "check"}),
    Row("POST", "/issuing/orders/{number}/proposal", ISSUING, {"file_number": "x"}),
    Row("POST", "/issuing/orders/{number}/answers", ISSUING, form=("file",)),
    Row("GET", "/issuing/orders/{number}/order.{ending}", READING_ISSUED),
    Row("GET", "/issuing/figures", READING_ISSUED),
    Row("GET", "/issuing/providers/{name}/acts", READING_ISSUED),
    Row(
        "POST",
        "/issuing/providers/{name}/acts",
        ISSUING,
        {"kind": "review_asked", "at": "2020-01-01T00:00:00Z"},
    ),
    Row("GET", "/exposure", READING_ORDERS),
    Row("POST", "/exposure", WRITING_REPORTS, {"authority": ""}),
    Row("GET", "/exposure/{number}", READING_ORDERS),
    Row("POST", "/exposure/{number}/steps", WRITING_REPORTS, {"step": "ask_review"}),
    Row("GET", "/issuing/replies", READING_ISSUED),
    Row("GET", "/issuing/replies/{reply}", READING_ISSUED),
    Row("POST", "/issuing/replies/{reply}/place", ISSUING, {"meaning": "noted", "reason": "nothing"}),
    Row("GET", "/issuing/providers", READING_ISSUED),
    Row("POST", "/issuing/providers", ENTERING_PROVIDERS, {"name": "NO NAME"}),
    Row("GET", "/issuing/providers/{name}", READING_ISSUED),
    Row("PATCH", "/issuing/providers/{name}", ENTERING_PROVIDERS, {}),
    Row("POST", "/issuing/providers/{name}/information", ISSUING),
    Row(
        "POST",
        "/issuing/providers/{name}/informed",
        ISSUING,
        {"informed_at": "2026-01-01T00:00:00Z", "proof": "nothing"},
    ),
    Row("GET", "/issuing/holds", READING_HOLDS),
    Row("POST", "/issuing/holds", HOLDING, {"kind": "url"}),
    Row("POST", "/issuing/holds/{hold}/release", ISSUING),
    # With a token nobody makes tokens; with the console's session every person does, for themselves.
    Row("POST", "/whoami/tokens", NOBODY, {"name": "x", "scopes": ["no:such"]}),
    Row("POST", "/whoami/tokens/{token_id}/revoke", PEOPLE),
)
