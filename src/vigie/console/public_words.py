"""Codes in words that people without an account read as well, so in every language of Vigie.

It holds tables only.
"""

from django.utils.translation import gettext_lazy as _

from vigie.console.words import Words

NOTICE_OUTCOMES: Words = {
    "no_action": _("Nothing was done about the content."),
    "acted_law": _("The content was restricted, because it is illegal."),
    "acted_terms": _("The content was restricted, because the terms do not allow it."),
}

CATEGORIES: Words = {
    "terrorism": _("terrorism"),
    "violence": _("violence or threats"),
    "hate": _("hatred"),
    "other": _("something else"),
}
