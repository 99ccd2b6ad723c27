"""The register of authorities: read from a file that people keep, and asked who a sender is.

It invents no authority and takes no order for genuine; it says what stands in the file.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from vigie.foundation.errors import Invalid
from vigie.orders.forms import MEMBER_STATES

AUTHORITIES_MAX = 10_000
REGISTER_BYTES_MAX = 5_000_000
COMPETENCES = frozenset({"issue", "scrutinise", "specific_measures", "penalties"})


class RegisterInvalid(Invalid):
    """The register of authorities cannot be used."""

    code = "register_invalid"


@dataclass(frozen=True, slots=True)
class Authority:
    """An entry of the register. `certificates` are SHA-256 fingerprints of those it signs with."""

    key: str
    name: str
    member_state: str
    competences: frozenset[str]
    domains: tuple[str, ...]
    certificates: tuple[str, ...]
    example: bool


@dataclass(frozen=True, slots=True)
class Register:
    """All authorities, and where they were taken from."""

    source: str
    checked_on: str
    authorities: tuple[Authority, ...]

    def of_domain(self, domain: str) -> Authority | None:
        """The authority that writes from this domain, or one above it."""
        parts = domain.lower().split(".")
        for at in range(len(parts) - 1):
            name = ".".join(parts[at:])
            for one in self.authorities:
                if name in one.domains:
                    return one
        return None

    def named(self, name: str, member_state: str) -> Authority | None:
        """The authority of this name in this Member State."""
        wanted = folded(name)
        for one in self.authorities:
            if folded(one.name) == wanted and (not member_state or one.member_state == member_state):
                return one
        return None

    def key_of(self, name: str, member_state: str) -> str:
        """A stable key for whoever signs so: that of the register, else made from State and name; empty for nobody."""
        known = self.named(name, member_state)
        if known is not None:
            return known.key
        return f"{member_state.lower() or '??'}:{folded(name)}"[:200] if folded(name) else ""


def parse_register(text: str) -> Register:
    """The register in a YAML file; raises RegisterInvalid saying which entry is wrong."""
    if len(text) > REGISTER_BYTES_MAX:
        raise RegisterInvalid("The register is too large.")
    try:
        found = yaml.safe_load(text)
        provenance, entries = found["provenance"], found["authorities"]
        source, checked_on = str(provenance["source"]), provenance["checked_on"]
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise RegisterInvalid(
            "The register of authorities cannot be read.", hint="See orders/authorities.yaml for its form."
        ) from error
    if not isinstance(entries, list) or len(entries) > AUTHORITIES_MAX:
        raise RegisterInvalid("The register has no list of authorities, or a too long one.")
    authorities = tuple(_authority(entry, place) for place, entry in enumerate(entries, start=1))
    keys = [one.key for one in authorities]
    if len(set(keys)) < len(keys):
        raise RegisterInvalid("Two authorities of the register have the same key.")
    day = checked_on.isoformat() if isinstance(checked_on, date) else str(checked_on)
    return Register(source, day, authorities)


def folded(name: str) -> str:
    """A name without case, accents and punctuation, so that two ways of writing it are one."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(
        "".join(one if one.isalnum() else " " for one in plain if not unicodedata.combining(one)).split()
    )


def _authority(entry: Any, place: int) -> Authority:
    try:
        return _entry(entry)
    except (KeyError, TypeError, ValueError) as error:
        raise RegisterInvalid(f"Authority {place} of the register is not as expected.") from error


def _entry(entry: Mapping[str, Any]) -> Authority:
    made = Authority(
        key=str(entry["key"]),
        name=str(entry["name"]),
        member_state=str(entry["member_state"]).upper(),
        competences=frozenset(entry["competences"]),
        domains=tuple(str(one).lower() for one in entry["domains"]),
        certificates=tuple(str(one).lower().replace(":", "") for one in entry.get("certificates") or ()),
        example=entry.get("example", False) is True,
    )
    if made.member_state not in MEMBER_STATES or not made.competences <= COMPETENCES:
        raise ValueError("an unknown state or competence")
    if not made.key or not made.name or not all("." in one for one in made.domains):
        raise ValueError("an empty name, or a domain that is none")
    return made
