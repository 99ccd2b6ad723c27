"""Member States by name and code, in the language of the reader.

The names are those of the Unicode CLDR; which codes there are, `orders.forms` says.
"""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

from vigie.orders.forms import MEMBER_STATES

_TERRITORIES = {"EL": "GR"}  # the Union writes EL for Greece


def member_state(code: str) -> str:
    """`France (FR)`; what is no code of a Member State stays as it is."""
    if code not in MEMBER_STATES:
        return code
    return f"{_names(get_language() or 'en')[_TERRITORIES.get(code, code)]} ({code})"


def member_state_choices() -> list[tuple[str, str]]:
    """Codes and names for a form, by name."""
    return sorted(((code, member_state(code)) for code in MEMBER_STATES), key=lambda one: one[1])


def optional_member_state_choices() -> list[tuple[str, str]]:
    """The same, with nothing chosen first."""
    return [("", "–"), *member_state_choices()]


@cache
def _names(language: str) -> dict[str, str]:
    return dict(Locale.parse(language, sep="-").territories)
