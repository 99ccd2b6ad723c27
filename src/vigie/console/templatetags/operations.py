"""Filters of the pages of banks and operations.

They format; they look nothing up.
"""

import re

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_TICKS = re.compile(r"`([^`]*)`")


@register.filter
def coded(text: str) -> SafeString:
    """Text whose parts between backticks are code, as documentation writes them."""
    parts = _TICKS.split(text)
    tags = [mark_safe('<code class="mono">'), mark_safe("</code>")]
    return format_html_join(
        "",
        "{}{}{}",
        ((tags[0], part, tags[1]) if at % 2 else ("", part, "") for at, part in enumerate(parts)),
    )
