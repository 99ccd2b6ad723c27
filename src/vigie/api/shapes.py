"""What the shapes of the API share: how an instant is written, and how a body is read.

Shapes say what goes over the wire; they hold no rule.
"""

import json
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import Field, Schema
from ninja.parser import Parser
from pydantic import AfterValidator, AwareDatetime, ConfigDict, PlainSerializer, WithJsonSchema

from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Invalid

_INSTANT = {
    "type": "string",
    "format": "date-time",
    "description": "RFC 3339, in UTC.",
    "examples": ["2026-11-22T10:00:00.000000Z"],
}

# An instant as it is answered: RFC 3339 in UTC with `Z`.
Instant = Annotated[datetime, PlainSerializer(utc_text, return_type=str), WithJsonSchema(_INSTANT)]

_YEARS = (1970, 9998)


def _representable(instant: datetime) -> datetime:
    if not _YEARS[0] <= instant.year <= _YEARS[1]:
        raise ValueError(f"an instant lies between the years {_YEARS[0]} and {_YEARS[1]}")
    return instant


# An instant as it is sent: RFC 3339 with any zone.
GivenInstant = Annotated[
    AwareDatetime,
    AfterValidator(_representable),
    WithJsonSchema({**_INSTANT, "description": "RFC 3339 with a zone, for example `Z`."}),
]

CaseNumber = Annotated[str, Field(description="Public number of a case.", examples=["C-000123"])]
DecisionNumber = Annotated[str, Field(description="Public number of a decision.", examples=["D-000045"])]
EntryNumber = Annotated[str, Field(description="Public number of an entry.", examples=["E-000017"])]
ActorText = Annotated[
    str,
    Field(
        description="Who: `person:<id>`, `token:<id>`, `rule:<name>` or `system:<part>`.",
        examples=["person:12"],
    ),
]


class Shape(Schema):
    """A body that is answered."""


class Sent(Schema):
    """A body that is sent; a field nobody knows is refused, so that a misspelt one does not pass unseen."""

    model_config = ConfigDict(extra="forbid")


class CarefulParser(Parser):
    """Reads bodies, forms and queries; refuses characters that no text in the database can have."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON body; NaN and infinities, which are no JSON, are refused."""
        body = json.loads(request.body, parse_constant=_refuse_constant)
        _check(body)
        return body

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The fields of a form or a query."""
        fields = super().parse_querydict(data, list_fields, request)
        _check(fields)
        return fields


def _check(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= one <= "\udfff" for one in value):
            raise Invalid("A text contains a character that no text can have (U+0000 or half of a pair).")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check(key)
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
