"""What the author of ordered content is told, and gets on request: the reasons of the order, or a copy of it.

While an authority forbids to tell, it answers as if there were no order. It gives nothing out that a person did not
release. Source: (EU) 2021/784 Art. 11.
"""

from django.db import transaction

from vigie.cases.addresses import is_known_by_address
from vigie.foundation.errors import NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import Settings
from vigie.ledger.actors import Actor, person
from vigie.orders import service as orders
from vigie.orders.form_pdf import fields_pdf
from vigie.orders.forms import order_from_stored
from vigie.orders.models import Order, OrderItem
from vigie.orders.states import Stage
from vigie.people.models import User
from vigie.platforms.enforcement import Enforcement, request_letter
from vigie.platforms.messages import Letter
from vigie.redress import inquiries
from vigie.redress.models import Inquiry
from vigie.redress.statements import WORDINGS, language_for

REMOVED_KIND, REASONS_KIND = "order_removal", "order_reasons"
# Who the officials are stays with the provider: what the author needs is the authority and its reasons.
OFFICIALS = (
    "representative",
    "telephone",
    "fax",
    "email",
    "follow_up_contact",
    "home_authority_contact",
    "contact_point",
)


def removal_letter(order: Order, item: OrderItem, *, settings: Settings) -> Letter | None:
    """What tells the author of an item that it was taken down, with the private link; None while that is forbidden."""
    if item.content is None or not _may_be_told(order):
        return None
    language = language_for(item.content.language, otherwise=settings.letter_language)
    inquiry = inquiries.offer(
        order=order.number, item=item.pk, content=item.content, language=language, settings=settings
    )
    say = WORDINGS[inquiry.language]
    # A content that is known by nothing but its address is named by that.
    known = item.content.external_id
    named = item.url if is_known_by_address(known) else f"{known} ({item.url})"
    measure = "disabled" if order.measure == "disabled" else "removed"
    parts = [
        say.order_title,
        say.order_measures[measure].format(content=named),
        say.order_cause,
        say.order_ask,
    ]
    return Letter(
        kind=REMOVED_KIND,
        number=inquiry.number,
        language=inquiry.language,
        text="\n\n".join(parts),
        link=inquiries.inquiry_address(inquiry, settings=settings),
    )


def open_inquiry(token: str) -> Inquiry | None:
    """The inquiry of a private link; None for any other text, and while its author may not be told."""
    inquiry = inquiries.inquiry_of_link(token)
    return inquiry if inquiry is not None and _may_be_told(_order_of(inquiry)) else None


def ask_by_link(inquiry: Inquiry, *, actor: Actor) -> Inquiry:
    """The author asks on the private page."""
    with transaction.atomic():
        return inquiries.ask(inquiry, came_by=Inquiry.CameBy.LINK, actor=actor)


def ask_for_platform(
    *, platform: str, content: str, language: str, actor: Actor, settings: Settings
) -> list[Inquiry]:
    """A platform asks for its user about a content; raises NotFound alike for no order and for one that is withheld."""
    rows = OrderItem.objects.select_related("order", "content__platform").filter(
        content__platform__name=platform, content__external_id=content, measure_at__isnull=False
    )
    with transaction.atomic():
        asked = []
        for item in rows.order_by("id")[:100]:
            if item.content is None or not _may_be_told(item.order):
                continue
            wanted = language_for(language or item.content.language, otherwise=settings.letter_language)
            offered = inquiries.offer(
                order=item.order.number,
                item=item.pk,
                content=item.content,
                language=wanted,
                settings=settings,
            )
            asked.append(inquiries.ask(offered, came_by=Inquiry.CameBy.PLATFORM, actor=actor))
    if not asked:
        raise NotFound("There is nothing to ask about this content.")
    return asked


def answer(number: str, *, form: str, text: str, user: User, settings: Settings) -> Inquiry:
    """A person gives the reasons or the copy; the author reads it under the private link, and through the platform."""
    orders.check_may_decide(user)
    with transaction.atomic():
        inquiry = inquiries.find_inquiry(number)
        if not _may_be_told(orders.locked_order(inquiry.order)):
            raise NotFound("There is no such inquiry.")
        inquiry = inquiries.answer(number, form=form, text=text or draft_reasons(inquiry), user=user)
        content = inquiry.content
        letter = Letter(
            kind=REASONS_KIND,
            number=inquiry.number,
            language=inquiry.language,
            text=inquiry.text,
            link=inquiries.inquiry_address(inquiry, settings=settings),
        )
        request_letter(
            Enforcement(
                platform=content.platform,
                content=content.external_id,
                content_kind=content.kind,
                content_url=content.url,
                author=content.author_id,
                case="",
                decision=None,
                rule=None,
                measures=(),
                order=inquiry.order,
                letter=letter,
            ),
            actor=person(user.pk),
            settings=settings,
        )
    return inquiry


def draft_reasons(inquiry: Inquiry) -> str:
    """The reasons and the ways to challenge the order, for a person to look through before they go out."""
    order, say = order_from_stored(_order_of(inquiry).fields), WORDINGS[inquiry.language]
    issued = order.issued_at.strftime("%Y-%m-%d %H:%M %z") if order.issued_at else "–"
    parts = [
        say.order_reasons_title,
        say.order_issued.format(
            authority=order.authority or "–",
            state=order.issuing_state or "–",
            reference=order.reference or "–",
            issued=issued,
        ),
    ]
    if order.legal_types:
        whys = [f"({one}) {say.legal_types[one]}" for one in order.legal_types]
        parts.append("\n".join([say.order_types, *whys]))
    if order.additional_reasons:
        parts.append(say.order_more_reasons.format(reasons=order.additional_reasons))
    ways = [say.order_redress]
    if order.redress_body:
        ways.append(say.order_redress_body.format(body=order.redress_body))
    if order.redress_deadline:
        ways.append(say.order_redress_deadline.format(deadline=order.redress_deadline))
    if order.redress_provisions:
        ways.append(say.order_redress_provisions.format(provisions=order.redress_provisions))
    return "\n\n".join([*parts, "\n".join([*ways, say.order_scrutiny])])


def copy_of_order(inquiry: Inquiry) -> bytes | None:
    """The order as PDF without its officials, where a person gave a copy; None otherwise.

    It names only the address of this author's own content.
    """
    if inquiry.form != Inquiry.Form.COPY:
        return None
    order = _order_of(inquiry)
    item = OrderItem.objects.get(pk=inquiry.item)
    fields = {key: value for key, value in order.fields.items() if key not in OFFICIALS} | {
        "urls": [item.url]
    }
    return fields_pdf(fields, b"{}\n", made_at=order.received_at, language=inquiry.language)


def waiting(order: Order) -> list[Inquiry]:
    """What was asked about an order, the oldest first."""
    return list(inquiries.inquiries().filter(order=order.number).order_by("id"))


def is_open(inquiry: Inquiry) -> bool:
    """Whether anybody outside may learn of it at this moment."""
    return _may_be_told(_order_of(inquiry))


def _order_of(inquiry: Inquiry) -> Order:
    return Order.objects.get(pk=parse_public_number("O", inquiry.order) or 0)


def _may_be_told(order: Order) -> bool:
    return order.standing.author_may_be_told and order.stage != Stage.NOT_GENUINE
