"""A report as something to read: headings, sentences, tables and charts, before it becomes a page or a PDF. Pure.

It holds nothing that is not in the report's figures, and no colour or measure of a page.
"""

from dataclasses import dataclass

BAR_LABEL_CHARS_MAX = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of a chart."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Whole numbers side by side. Every value also stands in a table: a chart adds nothing."""

    title: str
    bars: tuple[Bar, ...]

    @property
    def description(self) -> str:
        """All values in words, for whoever does not see it."""
        return "; ".join(f"{one.label}: {one.value}" for one in self.bars)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Columns from `numbers_from` on hold numbers."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers_from: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """A part under one heading."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report in one language. `facts` stand under the title."""

    language: str
    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    contents_word: str = ""
    footer: str = ""
