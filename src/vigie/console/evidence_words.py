"""Codes of preserved evidence in words: stages, grounds, what holds an item, requests.

It holds tables only; `vigie_console.words_for` reads them.
"""

from django.utils.translation import gettext_lazy as _

from vigie.console.words import Words

STAGES: Words = {
    "open": _("no time runs yet"),
    "kept": _("kept for a time"),
    "preserved": _("preserved"),
    "extended": _("kept longer"),
    "expired": _("time over"),
    "deleted": _("deleted"),
}

GROUNDS: Words = {
    "": _("nothing was decided yet"),
    "rule": _("a rule removed the content"),
    "decision": _("a decision removed the content"),
    "order": _("an order had the content removed"),
    "unremoved": _("it ended without a removal"),
}

HOLDS: Words = {
    "case_open": _("the case is open"),
    "complaint_open": _("a complaint is open"),
    "complaint_possible": _("its user may still complain"),
    "withheld": _("its user may not be told yet"),
    "notice_open": _("a notice waits for its answer"),
    "threat_open": _("a threat to life is open"),
    "order_open": _("a removal order has not ended"),
    "scrutiny_open": _("the home authority scrutinises an order"),
    "intake_waits": _("what came in waits for a person"),
    "reply_waits": _("a reply waits for a person"),
    "issued_open": _("an order of ours has not ended"),
    "banked": _("its entry is in a bank"),
    "request_open": _("a request waits for a second person"),
    "access_granted": _("an access that was granted still holds"),
    "unknown_subject": _("Vigie does not know what it belongs to"),
}

KINDS: Words = {
    "access": _("to open it"),
    "export": _("to export it"),
    "extension": _("to keep it longer"),
}

REQUEST_STATES: Words = {
    "requested": _("waits for a second person"),
    "granted": _("granted"),
    "refused": _("refused"),
}
