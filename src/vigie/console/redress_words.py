"""Codes of statements, complaints and notices in words.

It holds tables only; `vigie_console.words_for` reads them.
"""

from django.utils.translation import gettext_lazy as _

from vigie.console.words import Words

CAUSES: Words = {
    "own_initiative": _("own initiative"),
    "notice": _("a notice"),
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
}
