"""Fields of a removal order from bytes: JSON, XML, the text of a PDF or of a mail.

It takes only what is written beyond doubt; two sources that say different things leave the field to a person.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.parsers import expat

from vigie.orders.form_boxes import AUTHORITY_BOXES
from vigie.orders.form_labels import ANSWER_LABELS, ORDER_LABELS
from vigie.orders.form_notes import AFTER, BEFORE
from vigie.orders.form_wording import ANSWER_WORDING, ORDER_WORDING
from vigie.orders.forms import FIELDS, Read, RemovalOrder, read_order
from vigie.orders.member_states import state_named

SOURCE_BYTES_MAX = 5_000_000
XML_ELEMENTS_MAX = 2_000
XML_DEPTH_MAX = 20
TEXT_CHARS_MAX = 200_000
# Fewer fields than this, and nobody can say that it is an order.
FIELDS_MIN = 3
_TICKED = re.compile(r"[☒☑✔✓]|\[[xX]\]")
_UNTICKED = re.compile(r"☐|\[ \]")
_BOX = re.compile(f"{_TICKED.pattern}|{_UNTICKED.pattern}")
_PAGE_NUMBER = re.compile(r"^\s*(?:page\s+)?\d+\s*(?:(?:/|of|sur|von|de|di)\s*\d+)?\s*$", re.IGNORECASE)
_SECTION = re.compile(r"^\s*(section|abschnitt|sección|sezione|القسم)\s+[A-G]\b", re.IGNORECASE)
# A label of the annex runs over so many lines at most, and over so many characters.
_LABEL_LINES_MAX = 5
_LABEL_CHARS_MAX = 400
# The dots or dashes of a form that nobody wrote over.
_LEADERS = re.compile(r"^[\s.…_]{2,}|[\s.…_]{3,}$|^[.…_]$")
_HINTS = re.compile(r"^(?:\([^()\d]*\)\s*)+")
# `Date` stands in any letter: it is that of the signature only below the name of the authority.
_EVERYWHERE = {"signed_at"}
_BOX_OF_TYPE = re.compile(
    r"^\(?([a-e])\)(?:\s|$)|\(7\)\s*\(([a-e])\)|\b7\)\s*([a-e])\)|\b(?:Buchstabe|letra|lettera)\s+([a-e])\b"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where fields were found: `json`, `xml`, `pdf`, `text`, and what they were."""

    kind: str
    values: Mapping[str, Any]


def read_json(data: bytes) -> Source | None:
    """A form in JSON: an object with the keys of Annex I; None for anything else."""
    if len(data) > SOURCE_BYTES_MAX:
        return None
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("form", "annex_i") != "annex_i":
        return None
    return Source("json", {key: value for key, value in found.items() if key in FIELDS})


def read_xml(data: bytes) -> Source | None:
    """The same fields as elements (`<reference>`, `<url>` once or more); None for anything else."""
    texts = xml_texts(data)
    if texts is None:
        return None
    values: dict[str, Any] = {}
    for name, found in texts.items():
        key = {"url": "urls", "legal_type": "legal_types"}.get(name, name)
        if key not in FIELDS:
            continue
        if FIELDS[key].kind in ("urls", "types"):
            values.setdefault(key, []).extend(one for text in found for one in text.split())
        else:
            # The same field twice is not for a machine to choose from.
            values[key] = found[0] if len(found) == 1 else ["twice"]
    return Source("xml", values)


def xml_texts(data: bytes) -> dict[str, list[str]] | None:
    """The texts of elements by their names, in lower case with underscores, in order; None for what is no XML.

    No document type is accepted, so no entity can grow or reach out.
    """
    if len(data) > SOURCE_BYTES_MAX:
        return None
    reader = _XmlReader()
    try:
        reader.feed(data)
    except (expat.ExpatError, ValueError, LookupError):
        return None
    return reader.texts


def read_text(text: str, *, kind: str = "text") -> Source:
    """Fields from lines such as `Reference number of the removal order: X-1`, in any language of the labels.

    Labels are those of the annexes as they are printed, over several lines too, and their short names.
    """
    values = labelled(text, ORDER_LABELS)
    typed = {key: _as_typed(key, value) for key, value in values.items()}
    if kind == "pdf":
        # Where a line of a PDF ends says where its page does, and nothing of the text.
        typed |= {key: " ".join(typed[key].split()) for key in typed if FIELDS[key].kind == "text"}
    if "urls" in typed and "locating_information" not in typed:
        typed["urls"], typed["locating_information"] = _addresses(values["urls"])
    return Source(kind, typed)


def labelled(text: str, labels: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What stands behind each label of a form, by key; a tick is its box. The first of two counts."""
    table = _TABLES[labels is ORDER_LABELS]
    values: dict[str, str] = {}
    key = ""
    lines = text[:TEXT_CHARS_MAX].splitlines()
    place = 0
    while place < len(lines):
        line = lines[place]
        found, rest, used = _label(lines, place, table)
        if found in _EVERYWHERE and labels is ORDER_LABELS and "authority" not in values:
            found, used = "", 1
        place += used
        if found:
            key = "" if found in values else found
            if key:
                values[key] = _LEADERS.sub("", rest)
        elif not line.strip() or _SECTION.match(line) or _PAGE_NUMBER.match(line) or _is_note(line):
            key = ""
        elif key:
            values[key] = f"{values[key]}\n{_LEADERS.sub('', line.strip())}"
    return values


def is_order(read: Read) -> bool:
    """Whether so much was read that it is an order and no other letter."""
    return sum(1 for one in FIELDS if getattr(read.order, one)) >= FIELDS_MIN


def merged(sources: Iterable[Source]) -> tuple[Read, str]:
    """One reading of several sources, the first that is an order leading, and its kind.

    A field on which another source differs is `contradictory` and left empty.
    """
    reads = [(read_order(one.values), one.kind) for one in sources]
    orders = [(read, kind) for read, kind in reads if is_order(read)]
    if not orders:
        best = max(reads, key=lambda one: len(FIELDS) - len(one[0].unread), default=None)
        return best if best is not None else (read_order({}), "none")
    (first, kind), others = orders[0], orders[1:]
    order, unread = first.order, dict(first.unread)
    for other, other_kind in others:
        if other_kind in ("text", "pdf"):
            continue  # loose text repeats a form imperfectly; what is structured leads
        for name in FIELDS:
            theirs = getattr(other.order, name)
            if theirs and theirs != getattr(order, name):
                order = _emptied(order, name)
                unread[name] = "contradictory"
    return Read(order, unread), kind


def _emptied(order: RemovalOrder, name: str) -> RemovalOrder:
    return replace(order, **{name: getattr(RemovalOrder(), name)})


class _XmlReader:
    """Collects the texts of elements by their names."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._names: list[str] = []
        self._pieces: list[str] = []
        self._count = 0

    def feed(self, data: bytes) -> None:
        self._parser.Parse(data, True)

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._count += 1
        self._names.append(name.rpartition(":")[2].lower().replace("-", "_"))
        self._pieces.clear()
        if self._count > XML_ELEMENTS_MAX or len(self._names) > XML_DEPTH_MAX:
            raise ValueError("too many elements")

    def _end(self, _name: str) -> None:
        name, text = self._names.pop(), "".join(self._pieces).strip()
        self._pieces.clear()
        if text:
            self.texts.setdefault(name, []).append(text)

    def _text(self, text: str) -> None:
        self._pieces.append(text)

    def _refuse_doctype(self, *_arguments: object) -> None:
        raise ValueError("a document type")


def _label_table(*tables: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The key of every label in every language."""
    return {
        _plain(label): key
        for labels in tables
        for key, languages in labels.items()
        for label in languages.values()
    }


def _label(lines: list[str], place: int, table: Mapping[str, str]) -> tuple[str, str, int]:
    """The key whose label begins in this line, what stands after its colon, and over how many lines it runs.

    Two empty texts and one line for none. A label ends with a colon, or belongs to a box.
    """
    joined = ""
    for used, line in enumerate(lines[place : place + _LABEL_LINES_MAX], start=1):
        if used > 1 and (not line.strip() or _BOX.search(line)):
            break
        head, colon, rest = line.partition(":")
        joined = f"{joined} {head}"
        if len(joined) > _LABEL_CHARS_MAX:
            break
        box = "☒" if _TICKED.search(joined) else "☐" if _UNTICKED.search(joined) else ""
        if (colon or box) and (key := table.get(_plain(joined))):
            return key, rest.strip() or box, used
        if colon:
            break
    return "", "", 1


def _plain(label: str) -> str:
    return " ".join(_UNTICKED.sub("", _TICKED.sub("", label)).replace("'", "’").casefold().split())


def _is_note(line: str) -> bool:
    """A sentence of the form itself, which belongs to no field."""
    return _plain(line).startswith(_NOTE_STARTS)


def _as_typed(key: str, value: str) -> Any:
    value = value.strip()
    kind = FIELDS[key].kind
    if kind == "tick":
        first = value.split("\n")[0]
        return "☒" if _TICKED.search(first) else "☐" if _UNTICKED.search(first) else first
    if kind == "authority_kind":
        return _ticked_authority(value)
    if kind == "state":
        return state_named(" ".join(value.split()))
    if kind in ("line", "instant"):
        line = " ".join(value.split())
        return _HINTS.sub("", line) if key in ("telephone", "fax") else line
    if kind == "types":
        return _ticked_types(value)
    return value


def _addresses(value: str) -> tuple[Any, str]:
    """The addresses behind their label, and what else is said there to find the content.

    A line that is neither is the rest of an address, or an address among words: nobody guesses, and none is read.
    """
    lines = [one.strip() for one in value.split("\n") if one.strip()]
    urls = [one for line in lines for one in line.split() if "://" in line]
    others = [line for line in lines if "://" not in line]
    if any("://" not in one for one in urls) or any(" " not in one for one in others):
        return value, ""
    return urls, "\n".join(others)


def _boxes(value: str) -> list[tuple[bool, str]]:
    """Each box with whether it is ticked and the words behind it, over lines."""
    flat = " ".join(value.split())
    starts = [one.start() for one in _BOX.finditer(flat)]
    parts = [flat[start:end] for start, end in zip(starts, [*starts, len(flat)][1:], strict=True)]
    return [(bool(_TICKED.match(one)), _BOX.sub("", one).strip()) for one in parts]


def _ticked_types(value: str) -> Any:
    """The letters of the boxes that are ticked; all that is written when there is none, or one has no letter."""
    boxes = _boxes(value)
    if not boxes:
        return value
    found = [_BOX_OF_TYPE.search(words) for is_ticked, words in boxes if is_ticked]
    letters = [next(filter(None, one.groups())) if one else "" for one in found]
    return letters if all(letters) else value


def _ticked_authority(value: str) -> Any:
    """The kind of authority whose box is ticked; the code itself is taken too. Two ticks are not chosen from."""
    boxes = _boxes(value)
    ticked = [_plain(words) for is_ticked, words in boxes if is_ticked]
    kinds = [
        code
        for code, labels in AUTHORITY_BOXES.items()
        for words in ticked
        if any(words.replace(",", "").startswith(_plain(one).replace(",", "")) for one in labels.values())
    ]
    if len(ticked) == 1 and len(kinds) == 1:
        return kinds[0]
    return "" if boxes and not ticked else " ".join(value.split())


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_TABLES = {
    True: _label_table(ORDER_LABELS, ORDER_WORDING),
    False: _label_table(ANSWER_LABELS, ANSWER_WORDING),
}
_NOTE_STARTS = tuple(
    _plain(words)[:20]
    for places in (*BEFORE.values(), *AFTER.values())
    for languages in places.values()
    for words in languages.values()
)
