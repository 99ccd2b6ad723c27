"""The words of reports in the languages that they are made in.

It translates nothing that people wrote, and no label of the templates: those exist in English alone.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from vigie.reports import wording_en, wording_fr

WORDINGS: Mapping[str, Mapping[str, str]] = MappingProxyType({"en": wording_en.TEXTS, "fr": wording_fr.TEXTS})
LANGUAGES = tuple(WORDINGS)


class Say:
    """The words of one language; English for any other than those there are."""

    def __init__(self, language: str) -> None:
        self.language = language if language in WORDINGS else "en"
        self._texts = WORDINGS[self.language]

    def __call__(self, key: str, **values: Any) -> str:
        """The text under `key`, with `{names}` filled in."""
        return self._texts[key].format(**values) if values else self._texts[key]
