"""Answering what authors ask about removal orders, on the page of the order.

It decides nothing: `flows.order_inquiry` does.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vigie.console.access import needs, signed_in
from vigie.console.answers import complain, say
from vigie.flows import order_inquiry
from vigie.foundation.errors import VigieError
from vigie.foundation.settings import current
from vigie.redress.inquiries import find_inquiry


@needs("orders:decide")
@require_POST
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Give the reasons, or a copy of the order, as they stand in the form."""
    form = request.POST
    try:
        order_inquiry.answer(
            number,
            form=form.get("form", ""),
            text=form.get("text", ""),
            user=signed_in(request),
            settings=current(),
        )
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("The author can read the answer."))
    return redirect("order", find_inquiry(number).order)
