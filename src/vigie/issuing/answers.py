"""Reading an Annex II or III that came in: from JSON, XML, a PDF, or a mail that has one of them.

It takes only what is beyond doubt; what it cannot read is refused with the reason, and a person enters it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.foundation.errors import Invalid
from vigie.orders.form_labels import ANSWER_LABELS
from vigie.orders.mail_parts import MailFile, looks_like_mail, take_apart
from vigie.orders.pdf_reading import read_pdf
from vigie.orders.reading import labelled, xml_texts

ANSWER_BYTES_MAX = 25 * 1024 * 1024
MEASURES = ("removed", "disabled")
GROUNDS = ("force_majeure", "manifest_errors", "insufficient_information")
_LINE_CHARS_MAX = 500
# What no form says in two ways.
_ONCE = ("form", "authority_reference", "measure", "measure_at", "ground", "received_at")


class AnswerUnreadable(Invalid):
    """Nothing in it can be taken for an Annex II or III."""

    code = "answer_unreadable"


@dataclass(frozen=True, slots=True)
class Answer:
    """An Annex II (`measure`, `measure_at`) or III (`ground`), as far as it matters here; `form` is all of it."""

    kind: str
    reference: str
    received_at: datetime | None
    measure: str
    measure_at: datetime | None
    ground: str
    form: Mapping[str, Any]


def read_answer(data: bytes) -> Answer:
    """The answer in these bytes; raises AnswerUnreadable. The first form in a mail or PDF counts."""
    if len(data) > ANSWER_BYTES_MAX:
        raise AnswerUnreadable("The answer is too large.")
    if looks_like_mail(data):
        mail = take_apart(data)
        candidates = [one for file in mail.files for one in _in_file(file)] + [_in_text(mail.text)]
    else:
        candidates = list(_in_file(MailFile("", "", data)))
    for values in candidates:
        if values:
            return answer_from(values)
    raise AnswerUnreadable(
        "Nothing in it reads like Annex II or III.", hint="Enter by hand what it says, with the proof."
    )


def answer_from(values: Mapping[str, Any]) -> Answer:
    """The answer in the fields of a form; raises AnswerUnreadable naming the first that cannot be taken."""
    form = {str(key)[:60]: _plain(value) for key, value in list(values.items())[:60]}
    kind = form.get("form")
    try:
        if kind == "annex_ii":
            return Answer(
                kind,
                _line(form, "authority_reference"),
                _instant(form, "received_at", needed=False),
                _one_of(form, "measure", MEASURES),
                _instant(form, "measure_at", needed=True),
                "",
                form,
            )
        if kind == "annex_iii":
            ground = _one_of(form, "ground", GROUNDS)
            received_at = _instant(form, "received_at", needed=False)
            return Answer(kind, _line(form, "authority_reference"), received_at, "", None, ground, form)
    except (ValueError, TypeError) as error:
        raise AnswerUnreadable(f"The answer's field {error} cannot be taken as it is written.") from error
    raise AnswerUnreadable("This form is neither Annex II nor Annex III.")


def _in_file(file: MailFile) -> Iterator[dict[str, Any]]:
    if b"%PDF-" in file.data[:1_024]:
        contents = read_pdf(file.data)
        for inner in contents.files:
            yield _in_json(inner.data)
            yield _in_xml(inner.data)
        yield _in_text(contents.text)
    else:
        yield _in_json(file.data)
        yield _in_xml(file.data)
        yield _in_text(file.data[:200_000].decode("utf-8", "replace"))


def _in_json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    is_form = isinstance(found, dict) and found.get("form") in ("annex_ii", "annex_iii")
    return found if is_form else {}


def _in_xml(data: bytes) -> dict[str, Any]:
    """Fields from elements (`<authority-reference>`); empty when one stands twice, or for what is no such form."""
    if b"<" not in data[:200]:
        return {}
    found = xml_texts(data) or {}
    values: dict[str, Any] = {key: texts[0] for key, texts in found.items() if len(texts) == 1}
    if any(len(found.get(key, ())) > 1 for key in _ONCE) or ("measure" in values) == ("ground" in values):
        return {}
    return {"form": "annex_ii" if "measure" in values else "annex_iii", **values}


def _in_text(text: str) -> dict[str, Any]:
    """Fields from the lines of a sheet, with ticked boxes; empty unless exactly one box is ticked."""
    found = labelled(text, ANSWER_LABELS)
    ticked = [key for key in (*MEASURES, *GROUNDS) if found.get(key) == "☒"]
    if len(ticked) != 1:
        return {}
    box = ticked[0]
    values: dict[str, Any] = {key: one for key, one in found.items() if key not in (*MEASURES, *GROUNDS)}
    for key in ("received_at", "measure_at", "signed_at"):
        if values.get(key):
            values[key] = str(values[key]).strip().replace(" UTC", "Z").replace(" ", "T", 1).replace(" ", "")
    if box in MEASURES:
        return {"form": "annex_ii", "measure": box, **values}
    return {"form": "annex_iii", "ground": box, **values}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")[:10_000]
    return value if isinstance(value, bool | int | float) or value is None else str(value)[:10_000]


def _line(form: Mapping[str, Any], key: str) -> str:
    value = form.get(key) or ""
    if not isinstance(value, str) or len(value) > _LINE_CHARS_MAX:
        raise ValueError(key)
    return " ".join(value.split())


def _one_of(form: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
    value = form.get(key)
    if value not in known:
        raise ValueError(key)
    return str(value)


def _instant(form: Mapping[str, Any], key: str, *, needed: bool) -> datetime | None:
    value = form.get(key)
    if not value and not needed:
        return None
    try:
        found = datetime.fromisoformat(str(value).strip().upper().replace("Z", "+00:00"))
    except ValueError as error:
        raise ValueError(key) from error
    if found.tzinfo is None or not 1970 <= found.year <= 9998:
        raise ValueError(key)
    return found
