"""Inquiries of authors about removal orders: offered, asked, answered; each one transaction with its ledger entry.

It knows no order: whether its author may be told is for `flows.order_inquiry` to say, each time.
"""

from django.db.models import QuerySet

from vigie.cases.models import Content
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.foundation.identifiers import new_uuid, parse_public_number
from vigie.foundation.links import link_hash, link_token
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor, person
from vigie.people.models import User
from vigie.redress import events
from vigie.redress.models import Inquiry

TEXT_CHARS_MIN = 10
# A letter has to fit into a message to the platform, in any script.
TEXT_BYTES_MAX = 10_000


def offer(*, order: str, item: int, content: Content, language: str, settings: Settings) -> Inquiry:
    """The inquiry that the author of this item of an order can make, inside the caller's transaction."""
    found, is_new = Inquiry.objects.select_related("content__platform").get_or_create(
        item=item,
        defaults={
            "order": order,
            "content": content,
            "language": language,
            "link_hash": link_hash(new_uuid()),
            "offered_at": now(),
        },
    )
    if is_new:
        found.link_hash = link_hash(link_token(found.number, settings=settings))
        found.save(update_fields=["link_hash"])
    return found


def ask(inquiry: Inquiry, *, came_by: Inquiry.CameBy, actor: Actor) -> Inquiry:
    """The author wants to know, inside the caller's transaction; asking again changes nothing."""
    locked = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
    if locked.asked_at is None:
        locked.asked_at, locked.came_by = now(), came_by
        locked.save(update_fields=["asked_at", "came_by"])
        _record(
            events.InquiryReceived(inquiry=locked.number, order=locked.order, came_by=came_by), locked, actor
        )
    return locked


def answer(number: str, *, form: str, text: str, user: User) -> Inquiry:
    """A person gives the reasons or a copy, inside the caller's transaction; the text goes out as it stands."""
    inquiry = find_inquiry(number)
    locked = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
    if locked.asked_at is None:
        raise NotFound("There is no such inquiry.")
    if locked.answered_at is not None:
        raise Conflict("This was answered already.", code="inquiry_answered")
    if form not in Inquiry.Form.values:
        raise Invalid("Give the reasons or a copy of the order.")
    words = text.strip()
    if len(words) < TEXT_CHARS_MIN or len(words.encode()) > TEXT_BYTES_MAX:
        raise Invalid("The author is owed reasons in words.", hint="10 to 10,000 bytes.", code="inquiry_text")
    locked.form, locked.text = form, words
    locked.answered_at, locked.answered_by = now(), user
    locked.save(update_fields=["form", "text", "answered_at", "answered_by"])
    _record(
        events.InquiryAnswered(inquiry=locked.number, order=locked.order, form=form), locked, person(user.pk)
    )
    return locked


def inquiries() -> QuerySet[Inquiry]:
    """All that were asked, with what is shown of them."""
    return Inquiry.objects.select_related("content__platform", "answered_by").exclude(asked_at=None)


def find_inquiry(number: str) -> Inquiry:
    """The inquiry with this public number that was asked; raises NotFound."""
    found = inquiries().filter(pk=parse_public_number("Q", number) or 0).first()
    if found is None:
        raise NotFound("There is no such inquiry.")
    return found


def inquiry_of_link(token: str) -> Inquiry | None:
    """The inquiry that a private link opens."""
    rows = Inquiry.objects.select_related("content__platform")
    return rows.filter(link_hash=link_hash(token)).first()


def inquiry_address(inquiry: Inquiry, *, settings: Settings) -> str:
    """The private link of the author."""
    return f"{settings.base_url}/ordered/{link_token(inquiry.number, settings=settings)}"


def _record(event: events.InquiryReceived | events.InquiryAnswered, inquiry: Inquiry, actor: Actor) -> None:
    ledger.append(event, actor=actor, subject=f"order:{inquiry.order}")
