"""Annexes I, II and III as PDF: laid out in the sections of the annexes, tagged, archivable, with their JSON attached.

It prints what a record holds and adds nothing; values are data to the typesetter, never its language.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from vigie.orders.form_boxes import (
    ALSO_SECTION_F,
    AUTHORITY_BOXES,
    LEGAL_TYPE_BOXES,
    LEGAL_TYPE_POINT,
    SECTION_TITLES,
)
from vigie.orders.form_labels import ANSWER_LABELS, LANGUAGES, ORDER_LABELS, TITLES
from vigie.orders.form_notes import AFTER, BEFORE, LAW, TOP
from vigie.orders.form_wording import ANSWER_WORDING, ORDER_WORDING
from vigie.orders.forms import ANNEX_I, FormField, order_from_stored
from vigie.orders.models import Order, OrderAnswer

Standard = Literal["a-3a", "1.7"]
STANDARD: Standard = "a-3a"
RIGHT_TO_LEFT = ("ar",)
_INSTANT = "%Y-%m-%d %H:%M:%S"
_SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "annex_ii": {
        "A": ("addressee", "authority", "authority_reference", "addressee_reference", "received_at"),
        "B": ("removed", "disabled", "measure_at"),
        "C": ("representative", "member_state", "authorised_person", "contact_email", "signed_at"),
    },
    "annex_iii": {
        "A": ("addressee", "authority", "authority_reference", "addressee_reference", "received_at"),
        "B": ("force_majeure", "manifest_errors", "insufficient_information", "reasons", "needed"),
        "C": ("representative", "authorised_person", "contact_email", "signature", "signed_at"),
    },
}
_TICKS = {"removed", "disabled", "force_majeure", "manifest_errors", "insufficient_information"}
_NUMERALS = {"annex_i": "I", "annex_ii": "II", "annex_iii": "III"}


def answer_json(answer: OrderAnswer) -> bytes:
    """The form's fields, readable."""
    return _json(answer.form)


def answer_pdf(answer: OrderAnswer, *, language: str) -> bytes:
    """Annex II or III."""
    form, kind, language = answer.form, answer.kind, _spoken(language)
    ticked = form.get("measure") or form.get("ground")
    sections = []
    for letter, keys in _SECTIONS[kind].items():
        rows: list[dict[str, Any]] = []
        for key in keys:
            label = answer_label(key, language)
            row = {"tick": key == ticked} if key in _TICKS else {"value": _shown(form.get(key))}
            rows += _with_notes(kind, key, [{"label": label, **row}], language)
        sections.append({"letter": letter, "rows": rows})
    return _pdf(kind, sections, answer_json(answer), language=language, made_at=answer.made_at)


def order_json(order: Order) -> bytes:
    """Annex I as far as it was read; `unread` says what was not."""
    return _json({"form": "annex_i", **order.fields, "unread": order.unread})


def order_pdf(order: Order, *, language: str) -> bytes:
    """Annex I as Vigie read it; what was not read is an empty line."""
    return fields_pdf(order.fields, order_json(order), made_at=order.received_at, language=language)


def fields_pdf(fields: dict[str, Any], attached: bytes, *, made_at: datetime, language: str) -> bytes:
    """Annex I from its fields."""
    known, language = order_from_stored(fields), _spoken(language)
    sections: list[dict[str, Any]] = []
    for field in ANNEX_I:
        if not sections or sections[-1]["letter"] != field.section:
            sections.append({"letter": field.section, "rows": []})
        value = getattr(known, field.key)
        if field.key == "urls":
            # The annex has one line for the addresses and for what else helps to find the content.
            value = (*value, *(one for one in known.locating_information.split("\n") if one.strip()))
        if field.key != "locating_information":
            rows = _with_notes("annex_i", field.key, list(_rows(field, value, language)), language)
            sections[-1]["rows"] += rows
    return _pdf("annex_i", sections, attached, language=language, made_at=made_at)


def order_label(key: str, language: str) -> str:
    """What Annex I calls a field."""
    return ORDER_WORDING.get(key, {}).get(language) or _label(ORDER_LABELS, key, language)


def answer_label(key: str, language: str) -> str:
    """What Annexes II and III call a field."""
    return ANSWER_WORDING.get(key, {}).get(language) or _label(ANSWER_LABELS, key, language)


def _spoken(language: str) -> str:
    """A language of the forms; English for any other."""
    return language if language in LANGUAGES else "en"


def _with_notes(kind: str, key: str, rows: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """A field between what the annex says before and after it."""
    before, after = BEFORE[kind].get(key), AFTER[kind].get(key)
    return [
        *([{"note": before[language]}] if before else []),
        *rows,
        *([{"note": after[language]}] if after else []),
    ]


def _rows(field: FormField, value: Any, language: str) -> Iterator[dict[str, Any]]:
    """A field as the annex has it: a box, boxes to choose from below their label, or words after it."""
    label = order_label(field.key, language)
    if field.kind == "tick":
        yield {"label": label, "tick": bool(value)}
    elif field.kind == "types":
        yield {"label": label, "value": ""}
        for code in LEGAL_TYPE_BOXES:
            point = LEGAL_TYPE_POINT[language].format(code)
            yield {"label": f"{LEGAL_TYPE_BOXES[code][language]} {point}", "tick": code in value}
    elif field.kind == "authority_kind":
        yield {"label": label, "value": ""}
        for code, words in AUTHORITY_BOXES.items():
            also = f" {ALSO_SECTION_F[language]}" if code == "other" else ""
            yield {"label": words[language] + also, "tick": code == value}
    else:
        yield {"label": label, "value": _shown(value)}


def _pdf(
    kind: str, sections: list[dict[str, Any]], attached: bytes, *, language: str, made_at: datetime
) -> bytes:
    at = made_at.astimezone(UTC)
    titles = SECTION_TITLES[kind]
    sections = [{**one, "title": titles.get(one["letter"], {}).get(language, "")} for one in sections]
    if language in RIGHT_TO_LEFT:
        for row in (row for one in sections for row in one["rows"] if "value" in row):
            row["value"] = "\n".join(_isolated(line) for line in row["value"].split("\n"))
    inputs = {
        "language": language,
        "annex": f"{TITLES['annex'][language]} {_NUMERALS[kind]}",
        "title": TITLES[kind][language],
        "section": TITLES["section"][language],
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "law": LAW[kind][language],
        "top": json.dumps([one[language] for one in TOP[kind]], ensure_ascii=False),
        "date": json.dumps([at.year, at.month, at.day, at.hour, at.minute, at.second]),
        "sections": json.dumps(sections, ensure_ascii=False),
        "attached": attached.decode(),
        "attached_name": f"{kind.replace('_', '-')}.json",
    }
    try:
        return _typeset(inputs, at, STANDARD)
    except typst.TypstError:
        # A sign that no font at hand has: shown as a box, which an archive's standard does not allow.
        return _typeset(inputs, at, "1.7")


def _typeset(inputs: dict[str, str], at: datetime, standard: Standard) -> bytes:
    template = files("vigie.orders").joinpath("form.typ").read_bytes()
    return typst.compile(
        template,
        format="pdf",
        pdf_standards=standard,
        sys_inputs=inputs,
        timestamp=int(at.timestamp()),
        font_paths=_fonts(),
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The typesetter's own fonts and the Arabic one that ships; none of the machine's, so that bytes are the same."""
    return typst.Fonts(include_system_fonts=False, font_paths=[Path(__file__).with_name("fonts")])


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.strftime(_INSTANT)} {_offset(value)}"
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    text = "" if value is None else str(value)
    if text.endswith("Z") and text[10:11] == "T":
        return f"{text[:10]} {text[11:19]} UTC"
    return text


def _isolated(line: str) -> str:
    """A line of a value among words written from right to left: an instant or an address keeps its own order."""
    own = "\u2068" if any("\u0590" <= one <= "\u08ff" for one in line) else "\u2066"
    return f"{own}{line}\u2069" if line else line


def _offset(instant: datetime) -> str:
    text = instant.strftime("%z")
    return "UTC" if text in ("", "+0000") else f"{text[:3]}:{text[3:5]}"


def _label(labels: dict[str, dict[str, str]], key: str, language: str) -> str:
    return labels[key].get(language) or labels[key]["en"]


def _json(form: dict[str, Any]) -> bytes:
    return (json.dumps(form, ensure_ascii=False, indent=2) + "\n").encode()
