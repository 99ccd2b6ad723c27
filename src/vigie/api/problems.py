"""Errors as problem documents (RFC 9457), the same for the fast lane and for everything under `/v1`.

It shows only what an error says on purpose: no traceback, no query, no value that was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from vigie.foundation.errors import VigieError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/v1/problems#"

# What a code means whatever the occasion: the `title` of RFC 9457, and the reference page.
TITLES: dict[str, str] = {
    "account_suspended": "The account is suspended already",
    "address_refused": "Vigie does not connect to this address",
    "archive_off": "Nothing is kept for lookback",
    "archive_part_damaged": "A part of the archive cannot be read",
    "author_unknown": "The author of the content is not known",
    "bad_answer": "The other server's answer could not be used",
    "bad_url": "The address is not a usable URL",
    "bank_exists": "There is a bank of this name",
    "bank_not_found": "There is no bank of this name",
    "blob_missing": "Stored bytes are missing",
    "busy": "Too much is being uploaded at once",
    "case_decided": "The case was decided already",
    "case_locked": "Somebody else is working on the case",
    "complaint_exists": "There is a complaint about this already",
    "complaint_open": "Somebody complains about this decision",
    "complaint_state": "The complaint is in another state",
    "complaint_text": "A complaint needs words",
    "decision_withheld": "An authority forbids to tell of it",
    "inquiry_answered": "This inquiry has an answer already",
    "inquiry_text": "These are no reasons that can be given",
    "complaint_too_late": "The time for a complaint is over",
    "conflict": "The state does not allow this",
    "csrf_failed": "The call does not come from the console",
    "decision_incomplete": "The decision lacks something that must be recorded",
    "entry_not_found": "There is no such entry",
    "decision_overtaken": "Another decision holds by now",
    "entry_without_pdq": "The entry has no PDQ hash to compare with",
    "evidence_deleted": "The evidence is deleted",
    "evidence_step_impossible": "This cannot happen to the evidence as it stands",
    "extension_incomplete": "An extension lacks what makes it one",
    "extension_unusable": "The evidence cannot be kept longer in this way",
    "fetch_refused": "The address did not give the medium",
    "forbidden": "This caller may not do this",
    "flagger_exists": "There is a flagger of this name",
    "good_faith_missing": "A notice is given in good faith",
    "grant_over": "The time of the grant is over",
    "idempotency_key_reused": "The idempotency key was used for another call",
    "error": "Something went wrong in Vigie",
    "import_file_refused": "The file cannot be read",
    "invalid": "The call cannot be understood",
    "key_unusable": "A key of this installation cannot be used",
    "ledger_damaged": "Rows of the ledger are missing",
    "lookback_ended": "The lookback has ended",
    "lookback_not_stopped": "The lookback is not stopped",
    "letter_unlockable": "A letter to a user cannot be locked",
    "malformed_json": "The body cannot be read",
    "medium_ambiguous": "It is not clear where a medium is",
    "medium_empty": "The medium has no bytes",
    "medium_malformed": "The picture is damaged",
    "medium_refused": "The medium cannot be processed",
    "medium_timed_out": "Decoding took too long",
    "medium_too_many_bytes": "The medium has too many bytes",
    "medium_too_many_pixels": "The picture has too many pixels",
    "medium_unknown_format": "The medium is no picture of a known format",
    "medium_unsupported": "The picture uses an unsupported variant of its format",
    "method_not_allowed": "This address does not take this method",
    "multipart_malformed": "The multipart body cannot be read",
    "misuse_assessment": "A suspension needs words",
    "misuse_days": "A suspension lasts a stated time",
    "misuse_step": "A warning or suspension is not open now",
    "no_webhooks": "The platform takes no messages",
    "no_active_policy": "No policy is active",
    "not_found": "There is no such thing",
    "not_granted": "Nobody has granted this",
    "not_removed": "Only what was removed can be kept longer",
    "not_the_requester": "Only whoever asked can use what was granted",
    "not_illegal": "It was not removed as terrorist content",
    "not_unfounded": "It cannot be manifestly unfounded",
    "notice_state": "The notice is in another state",
    "notice_text": "A notice needs words",
    "nothing_milder": "There is no milder decision",
    "nothing_to_object_to": "There is no decision to object to",
    "nothing_to_undo": "There is no decision to undo",
    "outside_transaction": "Something was to be recorded outside its transaction",
    "package_changed": "The package was changed",
    "package_cut": "The package was cut off",
    "package_head": "The head of the package was changed",
    "package_locked": "The package does not open",
    "passphrase": "The passphrase is too short or too long",
    "passphrase_or_changed": "Another passphrase, or the package was changed",
    "password_weak": "The password is too weak",
    "period_invalid": "There is no report about this period",
    "period_not_over": "The period is not over yet",
    "report_changed": "The kept file is not what was published",
    "report_field_invalid": "The report could not print this value",
    "report_not_found": "There is no such published report",
    "pdq_quality_low": "The PDQ hash means too little",
    "platform_exists": "There is a platform of this name",
    "platform_not_found": "There is no platform of this name",
    "platform_unknown": "No such platform is connected",
    "policy_file_unreadable": "The policy file cannot be read",
    "policy_invalid": "The policy has errors",
    "purpose_missing": "Reading evidence needs a purpose",
    "reason_missing": "A refusal needs a reason",
    "redirect_refused": "The address redirects where Vigie does not go",
    "reply_missing": "The complainant is owed a reasoned answer",
    "request_decided": "Somebody decided about the request already",
    "request_of_another_kind": "The request asks for something else",
    "scheme_refused": "Only http and https addresses are fetched",
    "seal_broken": "Sealed evidence cannot be opened",
    "second_person_needed": "A second person has to do this",
    "setting_invalid": "A setting cannot be used",
    "signal_invalid": "A signal is not written as its kind asks",
    "source_missing": "An entry needs a source",
    "statement_withdrawn": "The decision was taken back already",
    "text_too_short": "The text is too short to be anybody's own",
    "threat_text": "A suspicion needs words",
    "timed_out": "The other server took too long",
    "too_large": "The call is over a limit of size",
    "too_slow": "The body arrives too slowly",
    "too_many_bytes": "The other server's answer is too large",
    "too_many_tries": "Too many tries from one address",
    "too_many_redirects": "The address redirects too often",
    "unauthorised": "A working token or sign-in is needed",
    "unavailable": "This cannot be answered now",
    "undo_not_yours": "This decision is not the caller's to undo",
    "unreachable": "The other server cannot be reached",
    "form_unusable": "The form lacks what makes it one",
    "instant_unusable": "An instant cannot be used",
    "mail_not_sent": "The mail server did not take the message",
    "mail_unreadable": "The mail cannot be taken apart",
    "kept_down_by_order": "A removal order keeps the content down",
    "order_exists": "There is such an order already",
    "order_not_found": "There is no order or intake of this number",
    "order_without_address": "The order names no address that could be read",
    "pdf_unreadable": "The PDF cannot be read",
    "register_invalid": "The register of authorities cannot be used",
    "scrutiny_too_late": "The time for asking for scrutiny is over",
    "step_impossible": "This cannot happen to the order now",
    "step_incomplete": "The step lacks something that has to be said",
    "mail_damaged": "The mail is damaged",
    "mail_too_deep": "The mail is nested too deep",
    "mail_too_large": "The mail is too large",
    "mail_too_many_parts": "The mail has too many parts",
    "pdf_too_large": "The PDF is too large",
    "smtp_unreachable": "The mail server cannot be reached",
    "address_unusable": "This is no address that can be named",
    "answer_of_other": "The answer is about another order",
    "answer_unreadable": "No Annex II or III could be read",
    "appeal_period_runs": "The order can still be challenged",
    "authority_of_other": "The order is another authority's",
    "in_conflict": "Something stands against the order",
    "order_incomplete": "The order lacks what it needs",
    "prior_information_missing": "The provider was not informed before",
    "prior_information_too_late": "The provider was informed less than twelve hours before",
    "provider_exists": "There is a provider of this name",
    "provider_not_found": "There is no provider of this name",
    "reply_not_found": "There is no reply of this number",
    "reply_placed": "The reply was placed already",
    "orders_too_few": "Too few orders to this provider became final",
    "hold_of_other": "Somebody else entered this hold",
    "exposure_not_found": "There is no such decision on exposure",
    "exposure_exists": "This decision on exposure is recorded already",
    "exposure_ended": "This decision on exposure has ended",
    "dns_unanswered": "DNS did not answer",
    "reference_taken": "The reference is taken",
    "variant_malformed": "This is not how a variant is written",
    "features_malformed": "These are not the features of a picture",
    "placement_malformed": "This is not how a placement is written",
    "alignment_malformed": "This is not how an alignment is written",
}


class Unauthorised(VigieError):
    """Nobody said who is calling, or with a token that does not work."""

    code = "unauthorised"
    status = 401


class MethodNotAllowed(VigieError):
    """The address exists, but not for this method."""

    code = "method_not_allowed"
    status = 405


class TooSlow(VigieError):
    """The body does not arrive in the time that it may take."""

    code = "too_slow"
    status = 408


class Malformed(VigieError):
    """The body cannot be read at all."""

    code = "malformed_json"
    status = 400


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field. `place` leads to it: `["body", "signals", 0, "value"]`."""

    place: tuple[str | int, ...]
    message: str


class FieldsInvalid(VigieError):
    """Fields of a call are missing or not what they should be."""

    code = "invalid"
    status = 422

    def __init__(self, errors: Sequence[FieldError]) -> None:
        count = "One field is" if len(errors) == 1 else f"{len(errors)} fields are"
        super().__init__(f"{count} not as expected.", hint="`errors` says which, and what was expected.")
        self.errors = tuple(errors)


def problem(error: VigieError) -> tuple[int, dict[str, Any]]:
    """HTTP status and problem document of an error that Vigie raised on purpose.

    Members besides those of RFC 9457: `code`, stable and for programs; `hint`, a way out, when there is one;
    `errors`, one item a field or line, when there are several.
    """
    document: dict[str, Any] = {
        "type": TYPE_PREFIX + error.code,
        "title": TITLES.get(error.code) or HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.sentence,
        "code": error.code,
    }
    if error.hint:
        document["hint"] = error.hint
    errors = _errors(error)
    if errors:
        document["errors"] = errors
    return error.status, document


def _errors(error: VigieError) -> list[dict[str, Any]]:
    if isinstance(error, FieldsInvalid):
        return [{"place": list(one.place), "message": one.message} for one in error.errors]
    # A policy's errors know their line and column; `policy` is not imported for them, so that the fast lane is light.
    found = getattr(error, "errors", ())
    return [
        {"place": ["policy", one.line, one.column], "message": one.message, "expected": one.expected}
        | ({"suggestion": one.suggestion} if one.suggestion else {})
        for one in found
    ]
