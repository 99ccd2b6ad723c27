"""Pages of lists: a limit, and a cursor that says where the next page begins.

A cursor is a position, not a permission: whoever reads the next page is asked again what they may see.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from ninja import Query

from vigie.api.problems import FieldError, FieldsInvalid
from vigie.foundation.limits import PAGE_ROWS_MAX

Row = TypeVar("Row")

PAGE_ROWS = 50

Limit = Annotated[
    int, Query(ge=1, le=PAGE_ROWS_MAX, description="How many rows at most.", examples=[PAGE_ROWS])
]
Cursor = Annotated[
    str, Query(max_length=500, description="`next` of the page before; empty for the first page.")
]


def cursor_text(*position: int | str) -> str:
    """A position as an opaque text."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def position_of(cursor: str, *kinds: type[int] | type[str]) -> list[Any]:
    """The position in a cursor; raises FieldsInvalid for anything that is no cursor of this list."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise _no_cursor() from error
    if not isinstance(position, list) or [type(one) for one in position] != list(kinds):
        raise _no_cursor()
    if any(isinstance(one, int) and abs(one) >= 2**63 for one in position):
        raise _no_cursor()
    if any(isinstance(one, str) and "\0" in one for one in position):
        raise _no_cursor()
    return position


def page_of(
    rows: Sequence[Row], *, limit: int, position: Callable[[Row], tuple[int | str, ...]]
) -> tuple[list[Row], str | None]:
    """Rows of this page and the cursor of the next, from up to `limit` + 1 rows that were read."""
    if len(rows) <= limit:
        return list(rows), None
    return list(rows[:limit]), cursor_text(*position(rows[limit - 1]))


def _no_cursor() -> FieldsInvalid:
    return FieldsInvalid([FieldError(("query", "cursor"), "This is not a cursor of this list.")])
