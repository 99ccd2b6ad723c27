"""Approving, issuing and everything that goes out: each letter is kept as it was, and put in the outbox with its cause.

Nothing goes out that its drafter alone wanted; what no machine can send waits for a person.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.foundation.identifiers import new_uuid
from vigie.foundation.settings import Settings
from vigie.issuing import clocks, drafts, events, service
from vigie.issuing.deconfliction import compare, conflict_error, look
from vigie.issuing.drafting import lacking, profile, put_fields
from vigie.issuing.letters import language_for, text_of
from vigie.issuing.models import IssuedOrder, Letter, Provider
from vigie.issuing.providers import is_first_order, set_informed
from vigie.issuing.states import Happening, Home, Stage, can
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor, person
from vigie.people.models import User
from vigie.people.rights import Right

TOPIC = "issuing.letter"
_ABOUT_HOME = (Letter.Kind.HOME_COPY, Letter.Kind.HOME_WITHDRAWAL, Letter.Kind.HOME_FINALITY)


def approve(order: IssuedOrder, *, user: User, at: datetime) -> str:
    """A second person approves a locked order. Returns why it was held instead, or an empty text."""
    service.check_may(user, Right.ISSUING_APPROVE)
    if user.pk in order.drafters:
        raise Forbidden(
            "Whoever wrote a part of the draft does not approve it.",
            hint="Ask another legal officer.",
            code="second_person_needed",
        )
    gaps = lacking(order)
    if gaps:
        raise Invalid(
            "The order lacks what it needs: " + ", ".join(sorted(gaps)) + ".", code="order_incomplete"
        )
    if order.stage != Stage.CLEAR:
        service.happen(order, Happening.APPROVED, at=at)  # says why not
    if compare(order, at=at, actor=person(user.pk)):
        return "held"
    order.approved_by, order.approved_at = user, at
    service.happen(order, Happening.APPROVED, at=at)
    service.note(order, events.OrderApproved(order=order.number), actor=person(user.pk))
    return ""


def prior_information(order: IssuedOrder) -> tuple[str, datetime | None]:
    """What Article 3(2) asks before this order: not_needed, informed, emergency or missing; and from when it is met."""
    provider = order.provider
    if provider is None:
        return "missing", None
    if not is_first_order(provider, apart_from=order.pk):
        return "not_needed", None
    if provider.informed_at is not None:
        return "informed", clocks.may_be_issued_from(provider.informed_at)
    return ("emergency" if order.emergency else "missing"), None


def issue(order: IssuedOrder, *, user: User, at: datetime, settings: Settings) -> str:
    """Issue a locked, approved order: dated, on its way, its copy too. Returns why it was held, or an empty text."""
    service.check_may(user, Right.ISSUING_DRAFT)
    provider = order.provider
    if order.stage != Stage.APPROVED or provider is None:
        service.happen(order, Happening.ISSUED, at=at)  # says why not
        raise Conflict("This order names no provider.")
    prior = _prior_or_refuse(order, at)
    if compare(order, at=at, actor=person(user.pk)):
        return "held"
    is_abroad = order.is_cross_border
    form = drafts.as_issued(order.fields, issued_at=at, cross_border=is_abroad)
    order.fields = form.to_json()
    order.issued_at, order.emergency = at, order.emergency if prior == "emergency" else ""
    service.happen(order, Happening.ISSUED, at=at)
    service.note(
        order,
        events.OrderIssued(
            order=order.number,
            provider=provider.name,
            issuing_state=form.issuing_state,
            home_state=provider.home_state,
            cross_border=is_abroad,
            items=len(form.urls),
            legal_types=form.legal_types,
            withheld=form.do_not_inform,
            is_first=prior != "not_needed",
            prior=prior,
            issued_at=utc_text(at),
        ),
        actor=person(user.pk),
    )
    send_letter(order, Letter.Kind.ORDER, at=at, settings=settings)
    if is_abroad:
        send_letter(order, Letter.Kind.HOME_COPY, at=at, settings=settings)
    return ""


def propose_change(order: IssuedOrder, values: dict[str, Any], *, user: User) -> None:
    """Say how a locked order that is out should read; a second person sends it so. Source: (EU) 2021/784 Art. 3(8)."""
    service.check_may(user, Right.ISSUING_DRAFT)
    if not (can(order.standing, Happening.CLARIFIED) or can(order.standing, Happening.CORRECTED)):
        raise Conflict("An order that stands so is not changed any more.", code="step_impossible")
    if {"reference", "issuing_state", "authority"} & set(values):
        raise Invalid(
            "Authority and reference stay: by them the provider knows the order again.",
            hint="Withdraw the order and issue another one.",
        )
    bad = drafts.unusable(values)
    if bad or not values:
        raise Invalid(
            f"The field {next(iter(bad))!r} cannot be taken as it is written."
            if bad
            else "Nothing is changed."
        )
    order.proposed, order.proposed_by = values, user
    order.save()


def resend(order: IssuedOrder, *, user: User, at: datetime, settings: Settings) -> None:
    """Send a locked order again as another person proposed: as clarification after Annex III, else as correction."""
    service.check_may(user, Right.ISSUING_APPROVE)
    if not order.proposed:
        raise Conflict("Nobody proposed how the order should read.", code="step_impossible")
    if order.proposed_by_id == user.pk:
        raise Forbidden(
            "Whoever proposed the change does not send it.",
            hint="Ask another legal officer.",
            code="second_person_needed",
        )
    is_asked = order.stage == Stage.CANNOT
    service.happen(order, Happening.CLARIFIED if is_asked else Happening.CORRECTED, at=at)
    is_abroad = bool(order.fields["home_state_differs"])
    order.fields = {key: value for key, value in order.fields.items() if key not in drafts.OURS}
    changed = put_fields(order, order.proposed)
    gaps = lacking(order)
    if gaps:
        raise Invalid(
            "The order lacks what it needs: " + ", ".join(sorted(gaps)) + ".", code="order_incomplete"
        )
    against = look(order, at=at)
    if against:
        raise conflict_error(against)
    dated = drafts.as_issued(order.fields, issued_at=order.issued_at or at, cross_border=is_abroad)
    order.fields, order.proposed, order.proposed_by = dated.to_json(), {}, None
    order.save()
    event = events.ClarificationSent if is_asked else events.OrderCorrected
    service.note(order, event(order=order.number, fields=changed), actor=person(user.pk))
    kind = Letter.Kind.CLARIFICATION if is_asked else Letter.Kind.CORRECTION
    send_letter(order, kind, at=at, settings=settings)


def inform_provider(provider_name: str, *, user: User, at: datetime, settings: Settings) -> Letter:
    """Send a provider the information on procedures and deadlines; it counts as informed when its server took it."""
    service.check_may(user, Right.ISSUING_DRAFT)
    with transaction.atomic():
        provider = Provider.objects.select_for_update().filter(name=provider_name).first()
        if provider is None or not provider.contact_email:
            raise Invalid(
                "This provider has no mail address.", hint="Inform it by hand, and say when and how."
            )
        if not settings.smtp_url:
            raise Invalid("No mail server is set up.", hint="See VIGIE_SMTP_URL.")
        return _letter(
            provider,
            None,
            Letter.Kind.PRIOR_INFORMATION,
            to=provider.contact_email,
            facts=_facts(provider, None, settings),
            at=at,
            settings=settings,
        )


def send_letter(
    order: IssuedOrder, kind: Letter.Kind, *, at: datetime, settings: Settings, reason: str = ""
) -> Letter:
    """Make a letter about a locked order and put it in the outbox, when a machine can send it."""
    provider = order.provider
    assert provider is not None
    to = provider.home_authority_email if kind in _ABOUT_HOME else provider.contact_email
    facts = {**_facts(provider, order, settings), "reason": reason}
    return _letter(provider, order, kind, to=to, facts=facts, at=at, settings=settings)


def note_letter_sent(letter: Letter, *, by: str, at: datetime, actor: Actor) -> None:
    """A letter was taken by the receiver's server, or handed over, inside the caller's transaction."""
    if letter.sent_at is not None:
        return
    letter.sent_at, letter.sent_by = at, by
    letter.save(update_fields=["sent_at", "sent_by"])
    if letter.order_id is None:
        provider = Provider.objects.select_for_update().get(pk=letter.provider_id)
        set_informed(provider, informed_at=at, by=by, proof="", actor=actor)
        return
    order = (
        IssuedOrder.objects.select_for_update(of=("self",)).select_related("provider").get(pk=letter.order_id)
    )
    home_state = order.provider.home_state if order.provider else ""
    match Letter.Kind(letter.kind):
        case Letter.Kind.ORDER if order.stage == Stage.ISSUED:
            order.sent_at = at
            service.happen(order, Happening.SENT, at=at)
            service.note(order, events.OrderSent(order=order.number, by=by), actor=actor)
        case Letter.Kind.HOME_COPY if order.home == Home.COPY_DUE:
            service.happen(order, Happening.HOME_COPY_SENT, at=at)
            event = events.HomeCopySent(order=order.number, home_state=home_state, by=by)
            service.note(order, event, actor=actor)
        case Letter.Kind.HOME_FINALITY if order.home == Home.FINALITY_DUE:
            service.happen(order, Happening.HOME_TOLD_FINAL, at=at)
            told = events.HomeInformedOfFinality(order=order.number, home_state=home_state, by=by)
            service.note(order, told, actor=actor)
        case _:
            pass


def note_by_hand(order: IssuedOrder, *, user: User, at: datetime) -> None:
    """A person handed over every letter of a locked order that no machine sends."""
    waiting = list(order.letters.filter(sent_at=None, channel=Provider.Channel.HAND))
    if not waiting:
        raise Conflict("Nothing waits to be handed over by a person.")
    for letter in waiting:
        note_letter_sent(letter, by="hand", at=at, actor=person(user.pk))
    order.refresh_from_db()


def _prior_or_refuse(order: IssuedOrder, at: datetime) -> str:
    prior, since = prior_information(order)
    if prior == "informed" and since is not None and at < since:
        if order.emergency:
            return "emergency"
        raise Conflict(
            "The provider was informed less than twelve hours ago.",
            hint=f"A first order may be issued from {utc_text(since)}, or before in a duly justified emergency.",
            code="prior_information_too_late",
        )
    if prior == "missing":
        raise Conflict(
            "This would be the first order to this provider, and it was not informed of procedures and deadlines.",
            hint="Send the information and wait twelve hours, or justify an emergency.",
            code="prior_information_missing",
        )
    return prior


def _letter(
    provider: Provider,
    order: IssuedOrder | None,
    kind: Letter.Kind,
    *,
    to: str,
    facts: dict[str, str],
    at: datetime,
    settings: Settings,
) -> Letter:
    channel = _channel(provider, kind, to, settings)
    letter = Letter.objects.create(
        order=order,
        provider=provider,
        kind=kind,
        channel=channel,
        to=provider.api_url if channel == Provider.Channel.API else to,
        form={} if order is None else dict(order.fields),
        text=text_of(kind, language_for(provider.languages), facts),
        key=new_uuid(),
        made_at=at,
    )
    if channel != Provider.Channel.HAND:
        side = "home" if kind in _ABOUT_HOME else "provider"
        subject = f"issued:{order.number}" if order is not None else f"provider:{provider.name}"
        ledger.put_in_outbox(
            key=letter.key,
            topic=TOPIC,
            # No platform has such a name: its token sees deliveries to it, and none of these.
            receiver=f"{side}:{provider.name}",
            ordering_key=f"{subject}/{side}",
            payload={"issued_letter": letter.pk, "kind": kind, "order": order.number if order else ""},
            ledger_seq=ledger.head_seq(),
            at=at,
        )
    return letter


def _channel(provider: Provider, kind: Letter.Kind, to: str, settings: Settings) -> Provider.Channel:
    speaks_api = provider.channel == Provider.Channel.API and kind not in (
        *_ABOUT_HOME,
        Letter.Kind.PRIOR_INFORMATION,
        Letter.Kind.SILENCE_EXTENDED,
    )
    if speaks_api:
        return Provider.Channel.API
    may_mail = kind in _ABOUT_HOME or provider.channel != Provider.Channel.HAND
    return Provider.Channel.MAIL if may_mail and to and settings.smtp_url else Provider.Channel.HAND


def _facts(provider: Provider, order: IssuedOrder | None, settings: Settings) -> dict[str, str]:
    fields = dict(profile(settings).fields) if order is None else order.fields
    facts = {
        "provider": provider.title,
        "authority": str(fields.get("authority") or settings.provider_name),
        "email": str(fields.get("email") or settings.mail_from),
        "reference": "" if order is None else order.reference,
    }
    if order is not None and order.withheld_until is not None:
        facts["until"] = order.withheld_until.strftime("%Y-%m-%d %H:%M UTC")
    if order is not None and order.ended_at is not None:
        facts["final_at"] = order.ended_at.strftime("%Y-%m-%d")
    return facts
