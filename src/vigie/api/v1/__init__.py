"""Version 1 of the HTTP interface: one module a domain, one `NinjaAPI`, errors as problem documents.

The three hot endpoints are not served here; they only stand in the same OpenAPI document.
"""

from vigie.api.v1 import (
    banks,
    cases,
    complaints,
    decisions,
    deliveries,
    entries,
    evidence,
    exposure,
    filed,
    inquiries,
    issuing,
    issuing_dossier,
    issuing_replies,
    ledger,
    lookbacks,
    misuse,
    notices,
    orders,
    people,
    platforms,
    policy,
    preservation,
    reports,
    statements,
    threats,
    transparency,
    whoami,
)
from vigie.api.v1.application import VigieAPI

ROUTERS = (
    banks,
    entries,
    lookbacks,
    cases,
    decisions,
    statements,
    complaints,
    inquiries,
    transparency,
    notices,
    misuse,
    threats,
    preservation,
    evidence,
    filed,
    orders,
    exposure,
    reports,
    issuing,
    issuing_replies,
    issuing_dossier,
    ledger,
    policy,
    platforms,
    deliveries,
    people,
    whoami,
)

api = VigieAPI()
for _module in ROUTERS:
    api.add_router("", _module.router)
