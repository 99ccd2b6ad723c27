"""Codes of removal orders in words for people, in the language of the request.

It changes no meaning: codes in, words out. The words of the annexes themselves stand in `orders.form_labels`.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vigie.orders.form_labels import ANSWER_LABELS, ORDER_LABELS

Words = Mapping[str, "str | Promise"]

STAGES: Words = {
    "received": _("Received"),
    "valid": _("Genuine, undecided"),
    "executing": _("On its way to the platform"),
    "executed": _("Executed"),
    "impossible": _("Cannot be executed for now"),
    "clarification": _("Waits for clarification"),
    "not_genuine": _("Refused: not genuine"),
    "final": _("Final"),
    "annulled": _("Without effect"),
}

LACKS: Words = {
    "on_call": _("Nobody is called when an order comes: VIGIE_ONCALL_URL or VIGIE_ONCALL_MAILS is not set."),
    "mailbox": _("No mailbox is read: VIGIE_ORDERS_IMAP_URL is not set. Orders come by form, file or API."),
    "provider": _("Answers to authorities bear no name: VIGIE_PROVIDER_NAME is not set."),
}

ACCESS: Words = {
    "up": _("not taken down because of this order"),
    "disabled": _("disabled for now, until somebody decides"),
    "taken": _("taken down"),
    "restored": _("given back"),
}

ANSWERS: Words = {
    "none": _("none yet"),
    "annex_ii_due": _("Annex II to be sent"),
    "annex_ii_sent": _("Annex II sent"),
    "annex_iii_due": _("Annex III to be sent"),
    "annex_iii_sent": _("Annex III sent"),
}

SCRUTINY: Words = {
    "none": _("not asked for"),
    "requested": _("asked for, to be decided within 72 hours"),
    "no_infringement": _("no infringement found"),
    "infringement": _("infringement found"),
}

DISCLOSURE: Words = {
    "open": _("The author may be told."),
    "withheld": _("The authority forbids telling the author."),
    "extended": _("The authority forbids telling the author; extended once."),
    "due": _("The author may be told now and was not yet."),
    "informed": _("The platform was told that its author may know."),
}

SENDER: Words = {
    "verified": _("Sender verified"),
    "contradicted": _("Sender contradicted"),
    "doubtful": _("Sender not proven"),
    "unknown": _("Sender not known by mail"),
}

DKIM: Words = {
    "pass": _("signature holds"),
    "fail": _("signature does not hold"),
    "none": _("no signature that counts"),
    "temporary": _("not known yet: DNS did not answer"),
    "unchecked": _("not checked"),
}

SIGNATURE: Words = {
    "valid": _("signature holds"),
    "invalid": _("signature does not hold"),
    "none": _("not signed"),
    "not_whole": _("something was added after signing"),
}

SENDER_NOTES: Words = {
    "sender_unclear": _("The mail names no sender, or more than one."),
    "domain_not_listed": _("The sender's domain is not in the register of authorities."),
    "authority_not_listed": _("The authority that the order names is not in the register."),
    "other_authority": _("The mail comes from another authority than the order names."),
    "domain_of_other": _("The authority is in the register, and the mail does not come from its domain."),
    "reply_elsewhere": _("The order asks for the answer at another domain than it came from."),
    "may_not_issue": _("This authority may not issue removal orders, says the register."),
    "example_authority": _("This is an invented authority of the examples: never verified."),
    "dkim_failed": _("The mail's DKIM signature does not hold."),
    "dkim_temporary": _("DNS did not answer when the DKIM signature was checked; it is checked again."),
    "dkim_not_whole": _("The mail's DKIM signature leaves out a part of its text, and so proves nothing."),
    "dkim_results_differ": _("Your mail server and Vigie do not agree whether the DKIM signature holds."),
    "dkim_of_other": _("The mail is signed (DKIM) by another domain than its sender's."),
    "signature_invalid": _("The mail's S/MIME signature does not hold."),
    "pdf_signature_invalid": _("The signature in the PDF does not hold."),
    "pdf_signature_not_whole": _("Something was added to the PDF after it was signed; a person has to look."),
    "pdf_signer_not_listed": _("The PDF is signed with a certificate that the register does not know."),
    "signer_not_listed": _("The mail is signed (S/MIME) with a certificate that the register does not know."),
    "reference_of_other": _("Another order came with the same authority and reference: look at both."),
    "clarification_unproven": _(
        "The clarification came from a sender of whom less is proven: nothing of it was taken over. Read it below."
    ),
}

UNREAD: Words = {
    "missing": _("not given"),
    "unreadable": _("could not be read"),
    "contradictory": _("given in two ways"),
}

PROBLEMS: Words = {
    "not_read_yet": _("It is being read."),
    "nothing_readable": _("Nothing in it reads like a removal order."),
    "mail_too_large": _("The mail is too large to be read."),
    "mail_too_deep": _("The mail is nested too deep."),
    "mail_too_many_parts": _("The mail has too many parts."),
    "mail_damaged": _("The mail is damaged."),
    "pdf_unreadable": _("The PDF cannot be read."),
    "pdf_without_text": _("The PDF is a picture: it holds no text."),
    "pdf_too_large": _("The PDF is too large."),
    "reader_failed": _("Reading it failed."),
}

GROUNDS: Words = {
    "insufficient_information": _("It does not say enough"),
    "manifest_errors": _("It has manifest errors"),
    "force_majeure": _("Force majeure or de facto impossibility"),
}

MEASURES_TAKEN: Words = {"removed": _("removed"), "disabled": _("disabled in all Member States")}

AUTHORITY_KINDS: Words = {
    "court": _("judge, court or investigating judge"),
    "law_enforcement": _("law enforcement authority"),
    "other": _("other competent authority"),
}

ASKED_BY: Words = {
    "provider": _("this service"),
    "content_provider": _("the author of the content"),
    "authority": _("the home authority itself"),
}

STEPS_DONE: Words = {
    "accept": _("The order counts as genuine."),
    "refuse": _("The order is refused."),
    "execute": _("The platform is told. Annex II follows when it obeyed."),
    "executed_by_hand": _("The order is executed, and Annex II is made."),
    "cannot_execute": _("Annex III is made."),
    "restart": _("The hour began anew."),
    "answer_sent": _("The form counts as sent."),
    "ask_scrutiny": _("Scrutiny is asked for; 72 hours run."),
    "scrutiny_passed": _("Scrutiny ended: no infringement."),
    "infringement": _("The order has no effect any more, and the content comes back."),
    "became_final": _("The order is final."),
    "annul": _("The order has no effect any more, and the content comes back."),
    "withhold": _("Nobody is told until the period ends."),
    "extend_withholding": _("Nobody is told for six more weeks."),
    "lift_withholding": _("The author may be told."),
    "inform_author": _("The platform is told that its author may know."),
}

_BADGES = {
    "received": "badge-remove",
    "valid": "badge-remove",
    "executing": "badge-hold",
    "executed": "badge-ok",
    "impossible": "badge-hold",
    "clarification": "badge-hold",
    "final": "badge-ok",
    "verified": "badge-ok",
    "contradicted": "badge-remove",
    "doubtful": "badge-hold",
    "annex_ii_due": "badge-hold",
    "annex_iii_due": "badge-hold",
    "annex_ii_sent": "badge-ok",
    "annex_iii_sent": "badge-ok",
}


def order_badge(code: str) -> str:
    """The class of the badge for a stage, an answer or a sender check."""
    return _BADGES.get(code, "badge-muted")


def field_label(key: str) -> str:
    """The words of Annex I for a field."""
    return _label(ORDER_LABELS, key)


def answer_label(key: str) -> str:
    """The words of Annexes II and III for a field."""
    return _label(ANSWER_LABELS, key)


def _label(labels: dict[str, dict[str, str]], key: str) -> str:
    language = (get_language() or "en").partition("-")[0]
    return labels[key].get(language) or labels[key]["en"]
