"""The eleven templates of (EU) 2024/2835 as they ship with Vigie, and tables written the same way.

It changes no header, label or order; what the templates abridge with [...] is written out.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PARTS = (
    "part-1-summary",
    "part-2-categories-names",
    "part-3-member-states-orders",
    "part-4-notices",
    "part-5-own-initiative-illegal",
    "part-6-own-initiative-tc",
    "part-7-appeals-and-recidivism",
    "part-8-automated-means",
    "part-9-human-resources",
    "part-10-amar",
    "part-11-qualitative",
)
# What stands in a template where a value goes.
PLACEHOLDERS = frozenset({"Text", "Free text", "YYYY-MM-DD", 'Text to detail the "Other" keyword.'})
ABRIDGED = "[...]"
STATES_ABRIDGED = "AT, […], SE"

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A part: its header and rows. `name` is the file's name without `.csv`."""

    name: str
    header: Row
    rows: tuple[Row, ...]

    def column(self, title: str) -> int:
        """The place of a column, -1 when the part has none; titles end in spaces here and there."""
        return next((place for place, one in enumerate(self.header) if one.strip() == title), -1)


@dataclass(frozen=True, slots=True)
class Category:
    """A category row: `parent` is a `STATEMENT_CATEGORY_...`, `keyword` a sub-category or empty; TOTAL is `parent`."""

    parent: str
    keyword: str = ""


@cache
def template(name: str) -> Table:
    """The template of a part."""
    text = files("vigie.reports").joinpath("templates", f"{name}.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return Table(name, tuple(header), tuple(tuple(row) for row in rows))


def csv_bytes(table: Table) -> bytes:
    """The table as the templates are written: RFC 4180, UTF-8, no byte order mark, lines that end as theirs do."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.header)
    writer.writerows(table.rows)
    return text.getvalue().encode()


def by_category(rows: Sequence[Row], column: int) -> Iterator[tuple[Category, Row]]:
    """Rows with their category; a keyword belongs to the parent above it, because `KEYWORD_OTHER` is in many."""
    parent = ""
    for row in rows:
        code = row[column]
        if code.startswith("KEYWORD_"):
            yield Category(parent, code), row
        else:
            parent = code
            yield Category(code), row


def spread(rows: Sequence[Row], column: int, codes: Sequence[str]) -> tuple[Row, ...]:
    """Rows with `[...]` written out: the runs first, `[...]`, last of one indicator become one row for each code.

    The last rows of part 8 abridge three indicators at once; each gets a row for each code, in their order there.
    """
    written: list[Row] = []
    done: set[Row] = set()
    for row in rows:
        if row[column] not in (codes[0], ABRIDGED, codes[-1]):
            written.append(row)
            continue
        rest = row[:column] + row[column + 1 :]
        if rest not in done:
            done.add(rest)
            written += [(*row[:column], code, *row[column + 1 :]) for code in codes]
    return tuple(written)
