"""A case: opening it takes the lock and reads its text, then a person decides, undoes, banks or hands it back.

It shows no clear picture by itself, and decides nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.banks.models import Bank, Entry
from vigie.banks.service import Provenance
from vigie.cases import service as cases
from vigie.cases.addresses import is_known_by_address
from vigie.cases.decisions import EXEMPTIONS, WORDS_FOR_AUTHOR_CHARS_MAX, DecisionDraft
from vigie.cases.models import Case
from vigie.console import words
from vigie.console.access import actor_of, needs, signed_in
from vigie.console.answers import complain, go, refuse, say, told
from vigie.console.case_page import CasePage, case_page, may_undo
from vigie.console.preferences import goes_on, keep_goes_on
from vigie.console.views.queue import go_to_next
from vigie.evidence.service import read_items
from vigie.flows import decision as decisions
from vigie.flows.banking import Banking, bank_case_medium
from vigie.flows.misuse import record_of
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.identifiers import new_uuid
from vigie.foundation.limits import IDEMPOTENCY_KEY_CHARS_MAX, NOTE_CHARS_MAX, REASON_CHARS_MAX
from vigie.foundation.settings import current
from vigie.misuse.records import Who

PAGE = "console/case.html"


@dataclass(frozen=True, slots=True)
class SealedText:
    """The sealed words of a case: its text, the author's handle, its links; or why they cannot be read."""

    text: str = ""
    handle: str = ""
    links: tuple[str, ...] = ()
    problem: str = ""


@needs("cases:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a case. For whoever may decide, opening it takes the lock and reads the text."""
    return _page(request, _opened(request, number), {})


@needs("cases:decide")
@require_POST
def keep_lock(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the case while its page is on screen: the state of the lock, anew."""
    try:
        case = cases.lock_case(number, user=signed_in(request), settings=current())
    except cases.CaseLocked:
        case = cases.find_case(number)
    return render(request, "console/parts/lock.html", {"case": case, "lock": _lock(request, case)})


@needs("evidence:read")
@require_POST
def read_text(request: HttpRequest, number: str) -> HttpResponse:
    """The sealed words for somebody who does not work on the case, with a purpose of their own."""
    case = cases.find_case(number)
    sealed = _read_sealed(request, case, purpose=request.POST.get("purpose", ""))
    if request.headers.get("HX-Request"):
        return render(request, "console/parts/text.html", _text_context(case, sealed))
    return _page(request, case, _text_context(case, sealed))


@needs("cases:decide")
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Take the decision of the form; sent twice it is taken once."""
    form = request.POST
    draft = DecisionDraft(
        action=form.get("action", ""),  # type: ignore[arg-type]  # checked by cases.decisions
        reason=form.get("reason", "")[: REASON_CHARS_MAX + 1],
        legal_type=form.get("legal_type", ""),
        exemption=form.get("exemption", ""),
        true_purpose=form.get("true_purpose", "")[: REASON_CHARS_MAX + 1],
        words_for_author=form.get("words_for_author", "")[: WORDS_FOR_AUTHOR_CHARS_MAX + 1],
    )
    key = form.get("idempotency_key", "")[:IDEMPOTENCY_KEY_CHARS_MAX]
    try:
        decision = decisions.decide(number, draft, user=signed_in(request), idempotency_key=key or None)
    except VigieError as error:
        return _refuse_form(request, number, "console/parts/decision.html", error)
    done = _("%(case)s: %(action)s.") % {
        "case": decision.case.number,
        "action": words.word(words.ACTIONS_TAKEN, decision.action),
    }
    say(request, done, undo=decision.case.number)
    wants_next = "go_on" in form
    answer = (
        go_to_next(request, after=number) if wants_next else go(request, f"/cases/{decision.case.number}")
    )
    keep_goes_on(answer, "yes" if wants_next else "no")
    return answer


@needs("cases:decide")
@require_POST
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Take the last decision back and open the case again."""
    reason = request.POST.get("reason", "")[:REASON_CHARS_MAX]
    try:
        undoing = decisions.undo(number, reason=reason, user=signed_in(request), settings=current())
    except VigieError as error:
        complain(request, error)
        return go(request, f"/cases/{cases.find_case(number).number}")
    say(request, _("%(case)s is open again, and the platform is told.") % {"case": undoing.case.number})
    return go(request, f"/cases/{undoing.case.number}")


@needs("cases:decide")
@require_POST
def hand_back(request: HttpRequest, number: str) -> HttpResponse:
    """Put the case back in the queue for somebody else."""
    case = cases.release_case(number, user=signed_in(request))
    say(request, _("%(case)s is back in the queue.") % {"case": case.number})
    return go(request, "queue")


@needs("banks:write")
@require_POST
def bank_medium(request: HttpRequest, number: str) -> HttpResponse:
    """Bank a picture of the case, as known or as harmless."""
    form = request.POST
    case = cases.find_case(number)
    kind = Entry.Kind.HARMLESS if form.get("kind") == "harmless" else Entry.Kind.KNOWN
    banking = Banking(
        bank=form.get("bank", ""),
        provenance=Provenance(source="review", reference=case.number),
        kind=kind,
        legal_type=form.get("bank_legal_type", "") if kind == Entry.Kind.KNOWN else "",
        note=form.get("note", "")[:NOTE_CHARS_MAX],
    )
    try:
        banked = bank_case_medium(
            case, form.get("medium", ""), banking, actor=actor_of(request), settings=current()
        )
    except VigieError as error:
        return _refuse_form(request, number, "console/parts/bank_medium.html", error)
    context = {**_bank_context(request, case, form), "banked": banked}
    if request.headers.get("HX-Request"):
        return render(request, "console/parts/bank_medium.html", context)
    say(request, _("The picture is now %(entry)s in %(bank)s.") % _names(banked.entry))
    return go(request, f"/cases/{case.number}")


def _names(entry: Entry) -> dict[str, str]:
    return {"entry": entry.number, "bank": entry.bank.title}


def _manifestly_illegal(page: CasePage, *, may_find: bool) -> dict[str, Any]:
    """The misuse record of the account, whether this content counts in it, and whether it can be made to."""
    content, last = page.case.content, page.last_decision
    record = record_of(Who("uploader", content.platform, content.author_key))
    counts = (
        record is not None and record.findings.filter(about=content.reference, withdrawn_at=None).exists()
    )
    is_illegal = last is not None and last.action in cases.REMOVAL_ACTIONS and last.legal_type != ""
    return {
        "record": record,
        "counts": counts,
        "may_find": may_find and is_illegal and not counts and content.author_id != "",
    }


def _opened(request: HttpRequest, number: str) -> Case:
    """The case, locked for whoever may decide it, unless somebody else has it or the browser only looks ahead."""
    user = signed_in(request)
    case = cases.find_case(number)
    looks_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    if case.state != Case.State.OPEN or looks_ahead or not user.may("cases:decide"):
        return case
    try:
        cases.lock_case(number, user=user, settings=current())
    except cases.CaseLocked:
        pass  # the page says who has it
    return cases.find_case(number)


def _page(request: HttpRequest, case: Case, more: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """The whole page; `more` brings what a form was filled with, or a text that was just read."""
    user, settings, at = signed_in(request), current(), now()
    lock = _lock(request, case)
    # Read before the history is gathered, so that this reading is in it.
    sealed, has_sealed_words = None, bool(case.text or case.record)
    if has_sealed_words and lock["mine"] and "sealed" not in more and user.may("evidence:read"):
        sealed = _read_sealed(request, case, purpose=_purpose(case))
    gathered = case_page(case)
    context = {
        "page": gathered,
        "case": case,
        "content": case.content,
        "lock": lock,
        "may_decide": lock["mine"],
        "illegal": _manifestly_illegal(gathered, may_find=user.may("cases:decide")),
        "may_undo": may_undo(gathered, user=user, settings=settings, at=at),
        "purpose": _purpose(case),
        "sealed": sealed,
        "has_sealed_words": has_sealed_words,
        "verdict_sentence": words.word(words.VERDICT_SENTENCES, _told_by(case, has_words=has_sealed_words)),
        "is_reported_only": is_known_by_address(case.content.external_id),
        **_form_context(request, case, {}),
        **_bank_context(request, case, {}),
    }
    context |= dict(more)
    return render(request, PAGE, context, status=status)


def _refuse_form(request: HttpRequest, number: str, fragment: str, error: VigieError) -> HttpResponse:
    """The form again, as it was filled, with the error in words: alone for htmx, else in the whole page."""
    case = cases.find_case(number)
    if fragment == "console/parts/decision.html":
        filled = _form_context(request, case, request.POST)
    else:
        filled = _bank_context(request, case, request.POST)
    if request.headers.get("HX-Request"):
        return refuse(request, fragment, filled, error)
    where = "problem" if fragment == "console/parts/decision.html" else "bank_problem"
    return _page(request, case, {**filled, where: told(error)}, status=error.status)


def _lock(request: HttpRequest, case: Case) -> dict[str, Any]:
    user, at = signed_in(request), now()
    held = case.locked_by is not None and case.locked_until is not None and case.locked_until > at
    return {
        "mine": held and case.locked_by_id == user.pk and case.state == Case.State.OPEN,
        "other": case.locked_by if held and case.locked_by_id != user.pk else None,
        "until": case.locked_until if held else None,
    }


def _told_by(case: Case, *, has_words: bool) -> str:
    """Why the case is there, as a code of the sentences for it."""
    if has_words:
        return case.verdict
    return "notice" if is_known_by_address(case.content.external_id) else "lookback"


def _purpose(case: Case) -> str:
    """What reading evidence on this page is for, unless the person says otherwise; stored as it stands."""
    return _("review of case %(number)s") % {"number": case.number}


def _read_sealed(request: HttpRequest, case: Case, *, purpose: str) -> SealedText:
    """Text and record in one reading, so that the ledger has one row for it."""
    references = [one for one in (case.record, case.text) if one]
    if not references:
        return SealedText()
    try:
        read = read_items(references, purpose=purpose, actor=actor_of(request), settings=current())
    except VigieError as error:
        return SealedText(problem=told(error))
    by_kind = {item.kind: data for item, data in read}
    record = json.loads(by_kind.get("record", b"{}"))
    return SealedText(
        text=by_kind.get("text", b"").decode("utf-8", "replace"),
        handle=record.get("author", {}).get("handle", ""),
        links=tuple(record.get("links", [])),
    )


def _text_context(case: Case, sealed: SealedText) -> dict[str, Any]:
    return {
        "case": case,
        "content": case.content,
        "sealed": sealed,
        "has_sealed_words": True,
        "purpose": _purpose(case),
    }


def _form_context(request: HttpRequest, case: Case, form: Mapping[str, str]) -> dict[str, Any]:
    """The decision form; what was typed comes back, with the same key."""
    return {
        "case": case,
        "form": form,
        "idempotency_key": form.get("idempotency_key") or new_uuid(),
        "actions": [
            (str(place), code, words.ACTIONS[code], words.ACTION_SENTENCES[code])
            for place, code in enumerate(("keep", "hide", "remove", "remove_and_suspend"), start=1)
        ],
        "author_known": bool(case.content.author_id),
        "legal_types": words.LEGAL_TYPES,
        "legal_types_of_entries": set(case.matches.values_list("entry__legal_type", flat=True)),
        "exemptions": [(code, words.EXEMPTIONS[code]) for code in EXEMPTIONS],
        "phrases": words.PHRASES,
        "go_on": "go_on" in form if form else goes_on(request),
    }


def _bank_context(request: HttpRequest, case: Case, form: Mapping[str, str]) -> dict[str, Any]:
    if not signed_in(request).may("banks:write"):
        return {"may_bank": False}
    media = case.media.exclude(original="").filter(quarantine_code="").order_by("id")
    return {
        "case": case,
        "may_bank": True,
        "bank_form": form,
        "bankable": list(media),
        "all_banks": list(Bank.objects.order_by("title")),
        "legal_types_short": words.LEGAL_TYPES_SHORT,
    }
