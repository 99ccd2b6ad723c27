"""Codes of the orders that we issue in words for people, in the language of the request.

It changes no meaning: codes in, words out.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, "str | Promise"]

EVENTS: Words = {
    "issuing.addresses_looked_at.v1": _("Somebody looked whether the addresses are gone"),
    "issuing.alarm_raised.v1": _("An alarm was raised: somebody is needed"),
    "issuing.alarm_repeated.v1": _("A day later the alarm was raised again"),
    "issuing.alarm_settled.v1": _("The alarm is over"),
    "issuing.letter_bounced.v1": _("A mail server gave a letter back"),
    "issuing.reply_kept.v1": _("A reply came by mail"),
    "issuing.reply_placed.v1": _("A reply was placed"),
    "issuing.reply_waits.v1": _("A reply waits for a person"),
    "issuing.appeal_noted.v1": _("The order was challenged, or a court decided"),
    "issuing.approval_taken_back.v1": _("The order became a draft again"),
    "issuing.cannot_be_executed.v1": _("Annex III came in"),
    "issuing.clarification_sent.v1": _("The clarification was sent"),
    "issuing.conflict_overridden.v1": _("A second person let the draft pass"),
    "issuing.draft_changed.v1": _("The draft was changed"),
    "issuing.draft_discarded.v1": _("The draft was given up"),
    "issuing.emergency_declared.v1": _("An emergency was declared"),
    "issuing.hold_entered.v1": _("A hold was entered"),
    "issuing.hold_lifted.v1": _("A hold was released by somebody else than who entered it"),
    "issuing.hold_released.v1": _("A hold was released"),
    "issuing.home_copy_sent.v1": _("The home authority was sent its copy"),
    "issuing.home_informed_of_finality.v1": _("The home authority was told that the order is final"),
    "issuing.hour_missed.v1": _("The hour ended without an answer"),
    "issuing.hour_restarted.v1": _("The hour began anew"),
    "issuing.order_annulled.v1": _("The order lost its effect"),
    "issuing.order_approved.v1": _("A second person approved the order"),
    "issuing.order_became_final.v1": _("The order became final"),
    "issuing.order_corrected.v1": _("The order was sent again, corrected"),
    "issuing.order_deconflicted.v1": _("The draft was compared with holds and own orders"),
    "issuing.order_done.v1": _("Annex II came in: executed"),
    "issuing.order_drafted.v1": _("A draft was begun"),
    "issuing.order_issued.v1": _("The order was issued"),
    "issuing.order_sent.v1": _("The order was sent"),
    "issuing.order_withdrawn.v1": _("The order was withdrawn"),
    "issuing.provider_added.v1": _("A provider was entered"),
    "issuing.provider_changed.v1": _("A provider's entry was changed"),
    "issuing.provider_informed.v1": _("A provider was informed of procedures and deadlines"),
    "issuing.receipt_proven.v1": _("Receipt is proven; the hour runs"),
    "issuing.silence_extended.v1": _("Non-disclosure was extended"),
    "issuing.scrutiny_noted.v1": _("The home authority scrutinises, or decided"),
}

STAGES: Words = {
    "draft": _("Draft"),
    "held": _("Held: something stands against it"),
    "clear": _("Compared, waits for approval"),
    "approved": _("Approved, not sent"),
    "issued": _("On its way"),
    "sent": _("Sent, receipt not proven"),
    "received": _("Received, the hour runs"),
    "done": _("Executed"),
    "cannot": _("Annex III: cannot be executed for now"),
    "replied": _("Clarification sent"),
    "final": _("Final"),
    "annulled": _("Without effect"),
    "withdrawn": _("Withdrawn"),
    "discarded": _("Given up"),
}

HOME: Words = {
    "none": _("in our own Member State"),
    "copy_due": _("copy to be sent"),
    "copy_sent": _("copy sent"),
    "finality_due": _("to be told that it is final"),
    "finality_told": _("told that it is final"),
}

APPEALS: Words = {
    "none": _("not challenged"),
    "lodged": _("challenged before a court"),
    "upheld": _("upheld by a court"),
    "annulled": _("annulled by a court"),
}

BESIDE: Words = {
    "provider": _("Provider"),
    "withheld_weeks": _("Weeks of non-disclosure"),
    "withheld_reason": _("Why nobody may be told"),
}

LACKING: Words = {
    "missing": _("missing"),
    "unreadable": _("cannot be taken as it is written"),
    "too_short": _("too short to be reasons"),
    "whole_site": _("names a whole site, and no content"),
    "weeks": _("one to six weeks"),
}

PRIOR: Words = {
    "not_needed": _("Not needed: an order was issued to this provider before."),
    "informed": _("The provider was informed of procedures and deadlines."),
    "emergency": _("Not informed before: an emergency is justified."),
    "missing": _("This is the first order to this provider, and it was not informed."),
}

LETTERS: Words = {
    "prior_information": _("Information on procedures and deadlines"),
    "order": _("Order"),
    "clarification": _("Clarification"),
    "correction": _("Correction"),
    "withdrawal": _("Withdrawal"),
    "home_copy": _("Copy to the home authority"),
    "home_withdrawal": _("To the home authority: without effect"),
    "home_finality": _("To the home authority: final"),
    "silence_extended": _("Non-disclosure extended"),
}

CHANNELS: Words = {"api": _("by API"), "mail": _("by mail"), "hand": _("by a person")}

HOLD_KINDS: Words = {
    "url": _("one address"),
    "account": _("everything under an address"),
    "host": _("a whole host"),
}

ALARMS: Words = {
    "hour_missed": _("The provider's hour ended, and neither Annex II nor Annex III came."),
    "undelivered": _("The order did not reach the provider. Call its contact point."),
    "receipt_unproven": _("It was sent an hour ago, and nobody proved that the provider received it."),
}

REPLY_STATES: Words = {
    "waiting": _("For a person"),
    "taken": _("Taken in"),
    "repeat": _("Known already"),
    "closed": _("Placed by a person"),
}

REPLY_PROBLEMS: Words = {
    "not_read_yet": _("It is being read."),
    "not_matched": _("Nobody knows to which order it belongs."),
    "no_order": _("It answers a letter of ours that is no order."),
    "no_form": _("It has no Annex II or III: a question, a confirmation or a letter."),
    "bounced": _("A mail server gave our letter back: whoever should have it does not."),
    "answer_of_other": _("Its form names another order than the mail that it answers."),
    "sender_not_proven": _(
        "It has a form, but nothing proves that the provider sent it: neither a signature of its domain nor our letter."
    ),
    "step_impossible": _("The order stands so that this answer cannot come now."),
    "invalid": _("What the form says cannot be: look at its times."),
    "mail_unreadable": _("It is no mail that can be read."),
    "mail_damaged": _("The mail is damaged."),
    "mail_too_large": _("The mail is too large."),
    "mail_too_deep": _("The mail is nested too deep."),
    "mail_too_many_parts": _("The mail has too many parts."),
    "reader_failed": _("It could not be read."),
}

FIGURES: Words = {
    "issued": _("Orders issued"),
    "items": _("Addresses they name"),
    "under_4_1": _("Under Article 4(1): provider in another Member State"),
    "home_copies": _("Copies sent to home authorities"),
    "executed": _("Executed"),
    "items_executed": _("Addresses of executed orders"),
    "removed": _("Removed"),
    "disabled": _("Disabled in all Member States"),
    "not_executed": _("Not executed"),
    "within_one_hour": _("Executed within one hour of receipt"),
    "late": _("Executed later"),
    "share_within_one_hour": _("Share executed within one hour"),
    "median_seconds": _("Median time to the measure"),
    "hour_missed": _("Hours that ended in silence"),
    "receipt_not_proven": _("Receipt never proven"),
    "annex_iii": _("Annex III received"),
    "not_executed_force_majeure": _("Not executed: force majeure or impossibility"),
    "not_executed_manifest_errors": _("Not executed: manifest errors"),
    "not_executed_insufficient_information": _("Not executed: too little information"),
    "withheld": _("With non-disclosure"),
    "first_orders": _("First orders to a provider"),
    "emergencies": _("First orders without twelve hours of notice"),
    "conflicts_overridden": _("Conflicts let pass by a second person"),
    "withdrawn": _("Withdrawn"),
    "scrutinised": _("Scrutinised by a home authority"),
    "infringements": _("Infringements found"),
    "appeals": _("Challenged before a court"),
    "appeals_upheld": _("Upheld by a court"),
    "appeals_annulled": _("Annulled by a court"),
    "final": _("Final"),
}

STEP_TITLES: Words = {
    "check": _("Compare with holds and own orders"),
    "override": _("Let it pass"),
    "emergency": _("Justify an emergency"),
    "approve": _("Approve"),
    "take_back": _("Take the approval back"),
    "discard": _("Give the draft up"),
    "issue": _("Issue and send"),
    "handed_over": _("Handed over by a person"),
    "received": _("Receipt is proven"),
    "done": _("Annex II came another way"),
    "cannot": _("Annex III came another way"),
    "restart": _("The hour begins anew"),
    "looked": _("I looked at the addresses"),
    "resend": _("Send the change"),
    "extend_silence": _("Extend the non-disclosure"),
    "withdraw": _("Withdraw"),
    "scrutiny_asked": _("The home authority scrutinises"),
    "scrutiny_passed": _("No infringement"),
    "infringement": _("Infringement found"),
    "appeal_lodged": _("Challenged before a court"),
    "appeal_upheld": _("Upheld by the court"),
    "appeal_annulled": _("Annulled by the court"),
    "final": _("Final"),
}

STEP_SENTENCES: Words = {
    "check": _("Nothing is sent. What stands against the draft stops it until it is gone."),
    "override": _(
        "The unit that holds it was asked, or it cannot wait. Whoever wrote the draft cannot do this."
    ),
    "emergency": _(
        "A first order may go without twelve hours of notice in a duly justified emergency: Article 3(2)."
    ),
    "approve": _(
        "You are the second person: the order goes out as it stands. Whoever wrote a part cannot do this."
    ),
    "take_back": _("It becomes a draft again and can be changed."),
    "discard": _("It stays in the list of what has ended, and nothing is sent."),
    "issue": _("It is dated now and sent, and its copy goes to the home authority at the same moment."),
    "handed_over": _("What no machine sends was handed over, with a written record."),
    "received": _("A read receipt, a reply or a call: say which. The hour runs since then."),
    "done": _("By fax, post or telephone: the time of the measure, and where the form is kept."),
    "cannot": _("By fax, post or telephone: the ground, and what the form says."),
    "restart": _("The ground ceased, or the provider has what it asked for."),
    "looked": _("Say what you saw there."),
    "resend": _("You are the second person: the order goes out as it was proposed to read."),
    "extend_silence": _("Once, by six weeks: Article 11(3). The provider is told; the reason stays here."),
    "withdraw": _("The provider and the home authority are told why, and the content may come back."),
    "scrutiny_asked": _("Within 72 hours of its copy, or when the provider or the author asked: Article 4."),
    "scrutiny_passed": _("The order stands."),
    "infringement": _("The order has no effect any more, and the provider is told."),
    "appeal_lodged": _("It cannot become final until the court decided."),
    "appeal_upheld": _("It can become final at once."),
    "appeal_annulled": _("The order has no effect any more, and the provider is told."),
    "final": _("No appeal came in time, or a court upheld it. The home authority is told: Article 3(9)."),
}

_BADGES = {
    "held": "badge-remove",
    "clear": "badge-review",
    "approved": "badge-hold",
    "issued": "badge-review",
    "sent": "badge-hold",
    "received": "badge-hold",
    "done": "badge-ok",
    "cannot": "badge-remove",
    "replied": "badge-hold",
    "final": "badge-ok",
}


def issuing_badge(code: str) -> str:
    """The class of the badge for a stage."""
    return _BADGES.get(code, "badge-muted")
