"""Drafts of Annex I: begun from nothing or from a case, changed as often as wished, given up.

It approves nothing; a change undoes what was found out about a draft before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db import IntegrityError, transaction

from vigie.cases.service import find_case
from vigie.foundation.errors import Conflict, Invalid
from vigie.foundation.settings import SettingInvalid, Settings
from vigie.issuing import drafts, events, service
from vigie.issuing.addresses import url_key
from vigie.issuing.clocks import APPEAL_DAYS_MAX
from vigie.issuing.models import IssuedItem, IssuedOrder, Provider
from vigie.issuing.providers import find_provider, provider_of_host
from vigie.issuing.states import Happening, Stage
from vigie.ledger.actors import person
from vigie.orders.forms import FIELDS
from vigie.people.models import User
from vigie.people.rights import Right

# What a draft has beside the fields of Annex I.
BESIDE = ("provider", "withheld_weeks", "withheld_reason", "appeal_days")


@dataclass(frozen=True, slots=True)
class Profile:
    """What every draft of this authority begins with."""

    fields: Mapping[str, Any]
    appeal_days: int


def profile(settings: Settings) -> Profile:
    """The authority's own fields, from the file of the settings; empty without one. Raises SettingInvalid."""
    if not settings.issuing_profile_file:
        return Profile({}, 30)
    path = Path(settings.issuing_profile_file)
    try:
        return _profile(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise SettingInvalid(
            "The profile of the authority cannot be opened.", hint="See VIGIE_ISSUING_PROFILE_FILE."
        ) from error


def begin_draft(
    values: Mapping[str, Any], *, case: str, user: User, at: datetime, settings: Settings
) -> IssuedOrder:
    """Begin a draft with the authority's own fields, and with the content of a case when one is named."""
    service.check_may(user, Right.ISSUING_DRAFT)
    own = profile(settings)
    given = {**own.fields, "appeal_days": own.appeal_days}
    if case:
        given |= _from_case(case)
    given |= {key: value for key, value in values.items() if value not in (None, "")}
    with transaction.atomic():
        order = IssuedOrder.objects.create(drafted_at=at, drafters=[user.pk], case=case)
        given.setdefault("reference", f"{at.year}/{order.number}")
        _take(order, given)
        service.note(order, events.OrderDrafted(order=order.number, case=case), actor=person(user.pk))
    return order


def change_draft(number: str, values: Mapping[str, Any], *, user: User, at: datetime) -> IssuedOrder:
    """Change fields of a draft; an empty value takes a field away. Raises Invalid for what cannot be taken."""
    service.check_may(user, Right.ISSUING_DRAFT)
    with transaction.atomic():
        order = service.locked_order(number)
        if order.stage == Stage.APPROVED:
            raise Conflict(
                "An approved order does not change.",
                hint="Take the approval back first.",
                code="step_impossible",
            )
        before = order.fields | {key: getattr(order, key) for key in BESIDE}
        service.happen(order, Happening.CHANGED, at=at)
        _take(order, values)
        after = order.fields | {key: getattr(order, key) for key in BESIDE}
        changed = tuple(sorted(key for key in before | after if before.get(key) != after.get(key)))
        order.conflicts, order.checked_at = [], None
        if user.pk not in order.drafters:
            order.drafters = [*order.drafters, user.pk]
        order.save()
        service.note(order, events.DraftChanged(order=order.number, fields=changed), actor=person(user.pk))
    return order


def lacking(order: IssuedOrder) -> dict[str, str]:
    """What stops this order from being approved: field to reason."""
    return drafts.lacking(
        order.fields,
        withheld_weeks=order.withheld_weeks,
        withheld_reason=order.withheld_reason,
        has_provider=order.provider is not None,
    )


def put_fields(order: IssuedOrder, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Put fields of Annex I into a locked order, and its addresses; returns which changed. Raises Invalid."""
    given = {key: value for key, value in values.items() if key not in BESIDE}
    bad = drafts.unusable({key: value for key, value in given.items() if value not in (None, "")})
    if bad:
        key, why = next(iter(bad.items()))
        sentences = {
            "unknown": f"An order has no field {key!r}.",
            "ours": f"{key!r} is filled in when the order is issued.",
        }
        raise Invalid(sentences.get(why, f"The field {key!r} cannot be taken as it is written."))
    before = dict(order.fields)
    merged = {key: value for key, value in {**before, **given}.items() if value not in (None, "", [])}
    order.fields = drafts.kept(merged)
    order.reference = str(order.fields.get("reference", ""))
    _save(order)
    _put_items(order, tuple(order.fields.get("urls", ())))
    return tuple(sorted(key for key in FIELDS if before.get(key) != order.fields.get(key)))


def _take(order: IssuedOrder, values: Mapping[str, Any]) -> None:
    if "provider" in values:
        order.provider = find_provider(str(values["provider"])) if values["provider"] else None
    given = dict(values)
    if order.provider is None and given.get("urls"):
        first = given["urls"].split()[:1] if isinstance(given["urls"], str) else list(given["urls"])[:1]
        order.provider = provider_of_host(str(first[0])) if first else None
    if order.provider is not None:
        for key, value in _of_provider(order.provider).items():
            if not given.get(key) and ("provider" in values or not order.fields.get(key)):
                given[key] = value
    if "withheld_weeks" in values:
        order.withheld_weeks = _number(values["withheld_weeks"], "withheld_weeks", drafts.WEEKS_MAX)
    if "withheld_reason" in values:
        order.withheld_reason = str(values["withheld_reason"] or "").strip()[:5_000]
    if "appeal_days" in values:
        order.appeal_days = _number(values["appeal_days"], "appeal_days", APPEAL_DAYS_MAX)
    put_fields(order, given)


def _of_provider(provider: Provider) -> dict[str, str]:
    representative = f", {provider.legal_representative}" if provider.legal_representative else ""
    contact = "\n".join(one for one in (provider.home_authority, provider.home_authority_email) if one)
    return {
        "addressee": f"{provider.title}{representative}"[:500],
        "contact_point": provider.contact_email or provider.api_url[:500] or provider.title,
        "home_state": provider.home_state,
        "home_authority_contact": contact,
    }


def _number(value: Any, name: str, most: int) -> int:
    try:
        number = int(value or 0)
    except (TypeError, ValueError) as error:
        raise Invalid(f"{name!r} is a whole number.") from error
    if not 0 <= number <= most:
        raise Invalid(f"{name!r} is at most {most}.")
    return number


def _save(order: IssuedOrder) -> None:
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError as error:
        raise Conflict("Another order of ours has this reference.", code="reference_taken") from error


def _put_items(order: IssuedOrder, urls: tuple[str, ...]) -> None:
    known = {one.url: one for one in order.items.all()}
    for url, item in known.items():
        if url not in urls:
            item.delete()
    IssuedItem.objects.bulk_create(
        [IssuedItem(order=order, url=url, url_key=url_key(url)) for url in urls if url not in known]
    )


def _from_case(number: str) -> dict[str, Any]:
    case = find_case(number)
    decided = case.decisions.order_by("-id").first()
    found: dict[str, Any] = {}
    if case.content.url:
        found["urls"] = [case.content.url]
    if decided is not None and decided.legal_type:
        found["legal_types"] = [decided.legal_type]
    if decided is not None and decided.reason:
        found["additional_reasons"] = decided.reason
    return found


@lru_cache(maxsize=4)
def _profile(path: Path, _changed_at_ns: int) -> Profile:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        fields = {str(key): value for key, value in (found.get("fields") or {}).items()}
        days = int(found.get("appeal_days", 30))
    except (yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        raise SettingInvalid("The profile of the authority cannot be read.") from error
    bad = drafts.unusable(fields)
    if bad or not 1 <= days <= APPEAL_DAYS_MAX:
        named = next(iter(bad), "appeal_days")
        raise SettingInvalid(f"The profile of the authority has a value that cannot be used: {named}.")
    return Profile(fields, days)
