"""Codes of statements, complaints and notices in words.

It holds tables only; `vigie_console.words_for` reads them.
"""

from django.utils.translation import gettext_lazy as _

from vigie.console.words import Words

CAUSES: Words = {
    "own_initiative": _("own initiative"),
    "notice": _("a notice"),
    "referral": _("a referral"),
    "order": _("an order"),
}

STATEMENT_STATES: Words = {
    "withheld": _("withheld"),
    "waiting": _("to be fetched by the platform"),
    "sent": _("on its way"),
    "informed": _("the user was informed"),
    "withdrawn": _("withdrawn"),
}

LETTERS: Words = {
    "statement": _("statement of reasons"),
    "complaint_received": _("confirmation of complaint"),
    "complaint_outcome": _("answer to complaint"),
    "misuse_warning": _("warning for misuse"),
    "misuse_suspension": _("suspension for misuse"),
    "misuse_lifted": _("end of a suspension"),
    "order_removal": _("removal order, told to the author"),
    "order_reasons": _("reasons of a removal order"),
}

SUBMISSION_STATES: Words = {
    "pending": _("on its way"),
    "accepted": _("in the database"),
    "dead": _("refused or given up"),
}

COMPLAINT_STATES: Words = {
    "received": _("waits for a person"),
    "set_aside": _("set aside"),
    "assigned": _("somebody looks at it"),
    "upheld": _("decided, answer on its way"),
    "partial": _("decided, answer on its way"),
    "reversed": _("decided, answer on its way"),
    "carried_out": _("carried out"),
    "informed": _("answered"),
}

COMPLAINANTS: Words = {
    "user": _("the restricted user"),
    "notifier": _("the notifier"),
}

BASES: Words = {
    "tco10": _("Regulation (EU) 2021/784, Article 10"),
    "dsa20": _("Regulation (EU) 2022/2065, Article 20"),
}

OUTCOMES: Words = {
    "upheld": _("The decision stands"),
    "partial": _("Changed in part"),
    "reversed": _("Reversed"),
}

OUTCOME_SENTENCES: Words = {
    "upheld": _("Nothing changes; the complainant is told why."),
    "partial": _("A suspension is lifted and the removal stays; or the removed content is only hidden."),
    "reversed": _("Everything that the removal reached is given back."),
}

NOTIFIER_OUTCOME_SENTENCES: Words = {
    "upheld": _("The content stays; the notifier is told why."),
    "reversed": _("The notifier was right: the content is restricted now."),
}

ACCOUNT_OUTCOME_SENTENCES: Words = {
    "upheld": _("The account stays suspended until the end that was stated; the user is told why."),
    "reversed": _("The suspension ends now, and the account is given back."),
}

RESTITUTIONS: Words = {
    "content": _("The content"),
    "author": _("The author's account"),
    "copy": _("A copy that a rule removed"),
    "copy_decided": _("A copy that a person removed: look at it again"),
    "entry": _("An entry banked from it: while it stays, it finds the content again"),
}

RESTITUTION_STATES: Words = {
    "asked": _("given back"),
    "proposed": _("to be decided"),
    "removed": _("removed"),
    "kept": _("kept"),
}

NOTICE_STATES: Words = {
    "queued": _("Waiting for a decision"),
    "set_aside": _("Set aside"),
    "no_action": _("Decided"),
    "acted_law": _("Decided"),
    "acted_terms": _("Decided"),
    "told": _("Answered"),
}

CAME_BY: Words = {
    "form": _("the public form"),
    "api": _("a platform or staff"),
    "flagger": _("a trusted flagger"),
    "post": _("the post"),
    "telephone": _("the telephone"),
    "email": _("an e-mail"),
    "other": _("another way"),
}

THREAT_STATES: Words = {
    "open": _("waits for somebody"),
    "reported": _("the authority was informed"),
    "dismissed": _("no threat"),
}

# What cases that notices opened give as their reason; translated when shown.
REPORTED = _("Somebody reported it.")
