"""The register of hosting services: where orders reach them, who their home authority is, what they were told when.

It sends nothing; `sending` makes the letter of prior information.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from vigie.foundation.clock import now, utc_text
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.foundation.secretbox import lock_text, unlock_text
from vigie.foundation.settings import Settings
from vigie.issuing import events, service
from vigie.issuing.addresses import AddressUnusable, host_of
from vigie.issuing.models import IssuedOrder, Provider
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor, person
from vigie.orders.forms import MEMBER_STATES
from vigie.people.models import User
from vigie.people.rights import Right

FILE_BYTES_MAX = 5_000_000
PROVIDERS_MAX = 10_000
# What an entry says; `token` is kept locked and never shown again.
TEXTS = {
    "title": 200,
    "home_state": 2,
    "channel": 4,
    "contact_email": 320,
    "api_url": 2_048,
    "legal_representative": 500,
    "languages": 200,
    "home_authority": 500,
    "home_authority_email": 320,
    "hosts": 2_000,
    "note": 2_000,
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What reading a file of providers did."""

    added: tuple[str, ...]
    changed: tuple[str, ...]


def find_provider(name: str) -> Provider:
    """The provider of this name; raises NotFound."""
    found = Provider.objects.filter(name=name).first()
    if found is None:
        raise NotFound("There is no such provider.", code="provider_not_found")
    return found


def provider_of_host(url: str) -> Provider | None:
    """The provider whose entry names the host of this address; None for none or for several."""
    try:
        host = host_of(url)
    except AddressUnusable:
        return None
    found = [
        one
        for one in Provider.objects.filter(active=True).order_by("id")[:PROVIDERS_MAX]
        if any(host == own or host.endswith("." + own) for own in one.hosts.lower().split())
    ]
    return found[0] if len(found) == 1 else None


def add_provider(name: str, values: Mapping[str, Any], *, actor: Actor, settings: Settings) -> Provider:
    """Enter a hosting service; raises Invalid naming what is wrong, Conflict for a name that is taken."""
    if slugify(name) != name or not 1 <= len(name) <= 60:
        raise Invalid("A provider's name is lower-case letters, digits and hyphens.")
    provider = Provider(name=name, added_at=now())
    _take(provider, values, settings)
    try:
        with transaction.atomic():
            provider.save()
            ledger.append(
                events.ProviderAdded(provider=name, home_state=provider.home_state, channel=provider.channel),
                actor=actor,
                subject=f"provider:{name}",
            )
    except IntegrityError as error:
        raise Conflict(f"There is already a provider named {name!r}.", code="provider_exists") from error
    return provider


def change_provider(name: str, values: Mapping[str, Any], *, actor: Actor, settings: Settings) -> Provider:
    """Change an entry; orders that are out keep what they were sent with."""
    with transaction.atomic():
        provider = Provider.objects.select_for_update().filter(name=name).first()
        if provider is None:
            raise NotFound("There is no such provider.", code="provider_not_found")
        changed = _take(provider, values, settings)
        if changed:
            provider.save()
            ledger.append(
                events.ProviderChanged(provider=name, fields=tuple(changed)),
                actor=actor,
                subject=f"provider:{name}",
            )
    return provider


def import_providers(text: str, *, actor: Actor, settings: Settings) -> Imported:
    """Take entries in from YAML: a list under `providers`, each with its `name`. All of them, or none."""
    if len(text) > FILE_BYTES_MAX:
        raise Invalid("The file of providers is too large.")
    try:
        entries = yaml.safe_load(text)["providers"]
        named = {str(one["name"]): {k: v for k, v in one.items() if k != "name"} for one in entries}
    except (yaml.YAMLError, TypeError, KeyError, AttributeError) as error:
        raise Invalid(
            "The file of providers cannot be read.", hint="See docs/how-to/order-out.md for its form."
        ) from error
    if len(named) != len(entries) or len(named) > PROVIDERS_MAX:
        raise Invalid("Two entries of the file have the same name, or there are too many.")
    known = set(Provider.objects.filter(name__in=named).values_list("name", flat=True))
    with transaction.atomic():
        for name, values in named.items():
            write = change_provider if name in known else add_provider
            try:
                write(name, values, actor=actor, settings=settings)
            except Invalid as error:
                raise Invalid(f"Provider {name!r}: {error.sentence}", hint=error.hint) from error
    return Imported(tuple(sorted(set(named) - known)), tuple(sorted(known)))


def note_informed(name: str, *, informed_at: datetime, proof: str, user: User, at: datetime) -> Provider:
    """A person says since when the provider has the information on procedures and deadlines, and how they know."""
    service.check_may(user, Right.ISSUING_DRAFT)
    if informed_at > at:
        raise Invalid("This instant has not come yet.")
    text = service.check_reason(proof)
    with transaction.atomic():
        provider = Provider.objects.select_for_update().filter(name=name).first()
        if provider is None:
            raise NotFound("There is no such provider.", code="provider_not_found")
        set_informed(provider, informed_at=informed_at, by="hand", proof=text, actor=person(user.pk))
    return provider


def set_informed(provider: Provider, *, informed_at: datetime, by: str, proof: str, actor: Actor) -> None:
    """Note it, inside the caller's transaction."""
    provider.informed_at, provider.informed_proof = informed_at, proof
    provider.save(update_fields=["informed_at", "informed_proof"])
    ledger.append(
        events.ProviderInformed(provider=provider.name, informed_at=utc_text(informed_at), by=by),
        actor=actor,
        subject=f"provider:{provider.name}",
    )


def is_first_order(provider: Provider, *, apart_from: int) -> bool:
    """Whether no order of ours was ever issued to this provider. Source: (EU) 2021/784 Art. 3(2)."""
    issued = IssuedOrder.objects.filter(provider=provider, issued_at__isnull=False)
    return not issued.exclude(pk=apart_from).exists()


def token_of(provider: Provider, *, settings: Settings) -> str:
    """The token for the provider's API; empty without one."""
    return unlock_text(provider.locked_token, settings=settings) if provider.locked_token else ""


def _take(provider: Provider, values: Mapping[str, Any], settings: Settings) -> list[str]:
    """Put values into an entry, checked; returns which changed."""
    unknown = set(values) - set(TEXTS) - {"token", "active"}
    if unknown:
        raise Invalid(f"A provider has no {sorted(unknown)[0]!r}.", hint="It has: " + ", ".join(TEXTS) + ".")
    changed = []
    for key, chars_max in TEXTS.items():
        if key not in values:
            continue
        text = str(values[key] if values[key] is not None else "").strip()
        if len(text) > chars_max or "\0" in text:
            raise Invalid(f"{key!r} is too long.")
        text = text.upper() if key == "home_state" else text.rstrip("/") if key == "api_url" else text
        if text != getattr(provider, key):
            setattr(provider, key, text)
            changed.append(key)
    if values.get("token"):
        provider.locked_token = lock_text(str(values["token"]).strip(), settings=settings)
        changed.append("token")
    if "active" in values and bool(values["active"]) != provider.active:
        provider.active = bool(values["active"])
        changed.append("active")
    _check(provider)
    return changed


def _check(provider: Provider) -> None:
    provider.home_state = "EL" if provider.home_state == "GR" else provider.home_state
    if not provider.title:
        raise Invalid("A provider needs a title.")
    if provider.home_state not in MEMBER_STATES:
        raise Invalid("The home Member State is two letters, of the establishment or legal representative.")
    if provider.channel not in Provider.Channel.values:
        raise Invalid("Orders go by api, mail or hand.")
    for mail in (provider.contact_email, provider.home_authority_email):
        if mail and (mail.count("@") != 1 or " " in mail):
            raise Invalid("This is no mail address.")
    if provider.channel == Provider.Channel.MAIL and not provider.contact_email:
        raise Invalid("To send by mail, the address of the contact point is needed.")
    if provider.channel == Provider.Channel.API:
        if not provider.api_url.startswith(("https://", "http://")):
            raise Invalid("To send by API, its address is needed: https://host of the provider's Vigie.")
        if not provider.locked_token:
            raise Invalid("To send by API, the token that the provider gave you is needed.")
