"""Codes of misuse in words.

It holds tables only; `vigie_console.words_for` reads them.
"""

from django.utils.translation import gettext_lazy as _

from vigie.console.words import Words

KINDS: Words = {
    "uploader": _("manifestly illegal content"),
    "notifier": _("manifestly unfounded notices"),
    "complainant": _("manifestly unfounded complaints"),
}

WHO: Words = {
    "uploader": _("an account"),
    "notifier": _("a notifier"),
    "complainant": _("a complainant"),
}

STAGES: Words = {
    "watched": _("Something counts"),
    "warned": _("Warned"),
    "suspended": _("Suspended"),
}

# Of what the counted ones are a share.
TOTALS: Words = {
    "uploader": _("contents that Vigie knows of this account in the time frame"),
    "notifier": _("notices that were decided in the time frame"),
    "complainant": _("complaints that were decided in the time frame"),
}

# What a suspension does.
EFFECTS: Words = {
    "uploader": _(
        "The platform is asked to suspend the account, with the statement of reasons. It ends by itself; the user can"
        " object before."
    ),
    "notifier": _(
        "Notices are received and set aside, except about a threat to life. They come back when the suspension ends."
    ),
    "complainant": _(
        "Complaints are received, confirmed and set aside with the reason, except under Article 10 of Regulation (EU)"
        " 2021/784 and about an account's suspension. They come back when the suspension ends."
    ),
}

STEPS: Words = {
    "warning": _("Warning"),
    "suspension": _("Suspension"),
}

ENDS: Words = {
    "over": _("its time was over"),
    "lifted": _("lifted by a person"),
    "reversed": _("lifted: what it rested on was reversed"),
    "complaint": _("lifted: a complaint was right"),
    "taken_back": _("taken back"),
}

WITHDRAWN: Words = {
    "reversed": _("counts no more: the decision was reversed"),
    "withdrawn": _("counts no more: taken back by a person"),
}
