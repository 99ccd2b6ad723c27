"""Commands from values: from a form, a body or a command line the same way, each a dataclass of texts and instants.

Whether a command can be carried out now is for others to say.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any, TypeVar, get_args, get_type_hints

from vigie.foundation.errors import Invalid
from vigie.foundation.limits import REASON_CHARS_MAX

C = TypeVar("C")


class StepIncomplete(Invalid):
    """A step lacks something that has to be said."""

    code = "step_incomplete"


def command_from(name: str, values: Mapping[str, Any], known: Mapping[str, type[C]]) -> C:
    """One of the commands in `known` from values; raises StepIncomplete naming what is missing or wrong.

    Values that the command does not have are refused, so that a misspelt one does not pass unseen.
    """
    wanted = known.get(name)
    if wanted is None:
        raise StepIncomplete("There is no such step.", hint="Steps: " + ", ".join(known) + ".")
    hints = get_type_hints(wanted)
    unknown = set(values) - set(hints)
    if unknown:
        raise StepIncomplete(f"The step {name} has no {sorted(unknown)[0]!r}.")
    given: dict[str, Any] = {}
    for field in fields(wanted):  # type: ignore[arg-type]
        value = values.get(field.name)
        if value is None or value == "":
            if _is_needed(wanted, field.name):
                raise StepIncomplete(f"The step {name} needs {field.name!r}.")
            continue
        given[field.name] = _value(field.name, value, hints[field.name])
    return wanted(**given)


def _is_needed(wanted: type[Any], name: str) -> bool:
    return next(one for one in fields(wanted) if one.name == name).default is MISSING


def _value(name: str, value: Any, kind: Any) -> Any:
    if kind is datetime:
        return _instant(name, value)
    choices = get_args(kind)
    if choices and value not in choices:
        raise StepIncomplete(f"{name!r} is one of: " + ", ".join(choices) + ".")
    if not isinstance(value, str) or len(value) > REASON_CHARS_MAX:
        raise StepIncomplete(f"{name!r} is a text of at most {REASON_CHARS_MAX} characters.")
    return value.strip()


def _instant(name: str, value: Any) -> datetime:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise StepIncomplete(f"{name!r} is an instant, such as 2026-11-25T03:10:00+01:00.") from error
    if found.tzinfo is None or not 1970 <= found.year <= 9998:
        raise StepIncomplete(f"{name!r} needs a time zone, such as 2026-11-25T03:10:00+01:00.")
    return found
