"""Pictures: veiled previews for everyone who may see the page, clear ones only by POST and with a purpose.

No clear picture is ever cached, and none leaves in its original bytes: it is made anew without metadata.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from vigie.banks.models import EntrySignal
from vigie.console.access import actor_of, needs
from vigie.console.answers import told
from vigie.console.drawing import numbers_of, turn_of
from vigie.evidence.models import EvidenceItem
from vigie.evidence.service import read_item, read_preview
from vigie.foundation.errors import Forbidden, NotFound, VigieError
from vigie.foundation.settings import current
from vigie.signals.media import MediumLimits, clear_picture, hash_medium

CLEAR_SIDE_PX = 1_600
SHOWN_KINDS = (EvidenceItem.Kind.MEDIUM, EvidenceItem.Kind.PICTURE)


@needs("cases:read", "banks:read")
@require_GET
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """The grey blur of a picture."""
    try:
        data = read_preview(reference, settings=current())
    except VigieError as error:
        return _refused(error)
    return _png(data)


@needs("evidence:read")
@require_POST
def clear(request: HttpRequest, reference: str) -> HttpResponse:
    """The picture itself; who asked and for what is in the ledger before it is sent.

    With `turn`, the header `Vigie-Turn` says how it is turned against its pixels as stored, so that it can be drawn on.
    """
    settings = current()
    limits = MediumLimits.from_settings(settings)
    try:
        _check_is_picture(reference)
        purpose = request.POST.get("purpose", "")
        item, data = read_item(reference, purpose=purpose, actor=actor_of(request), settings=settings)
        picture = clear_picture(data, side_px_max=CLEAR_SIDE_PX, limits=limits)
        answer = _png(picture)
        stored_pdq = _stored_pdq(item, data, limits=limits) if "turn" in request.POST else None
        if stored_pdq is not None:
            turn = turn_of(picture, stored_pdq, quality_min=settings.pdq_quality_min, limits=limits)
            answer["Vigie-Turn"] = numbers_of(turn)
    except VigieError as error:
        return _refused(error)
    return answer


def _stored_pdq(item: EvidenceItem, data: bytes, *, limits: MediumLimits) -> bytes | None:
    """The PDQ hash of a picture's pixels as they were stored; None for an entry without one."""
    if item.kind == EvidenceItem.Kind.MEDIUM:
        return hash_medium(data, limits=limits).pdq
    # What is kept of an entry's picture was made upright; its hash was not.
    signal = EntrySignal.objects.filter(type="pdq", entry__picture=item.reference).first()
    return None if signal is None else bytes(signal.value)


def _check_is_picture(reference: str) -> None:
    kind = EvidenceItem.objects.filter(pk=reference).values_list("kind", flat=True).first()
    if kind is None:
        raise NotFound("There is no such evidence.")
    if kind not in SHOWN_KINDS:
        raise Forbidden("Only pictures that could be processed are shown here.")


def _png(data: bytes) -> HttpResponse:
    return HttpResponse(data, content_type="image/png", headers={"Cache-Control": "no-store"})


def _refused(error: VigieError) -> HttpResponse:
    return HttpResponse(told(error), status=error.status, content_type="text/plain; charset=utf-8")
