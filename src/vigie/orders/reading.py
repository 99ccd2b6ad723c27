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
from vigie.orders.form_labels import ORDER_LABELS
from vigie.orders.forms import FIELDS, Read, RemovalOrder, read_order

SOURCE_BYTES_MAX = 5_000_000
XML_ELEMENTS_MAX = 2_000
XML_DEPTH_MAX = 20
TEXT_CHARS_MAX = 200_000
# Fewer fields than this, and nobody can say that it is an order.
FIELDS_MIN = 3
_TICKED = re.compile(r"[☒☑✔✓]|\[[xX]\]")
_UNTICKED = re.compile(r"☐|\[ \]")
_PAGE_NUMBER = re.compile(r"^\s*(?:page\s+)?\d+\s*(?:(?:/|of|sur|von|de|di)\s*\d+)?\s*$", re.IGNORECASE)
_SECTION = re.compile(r"^\s*(section|abschnitt|sección|sezione|القسم)\s+[A-G]\b", re.IGNORECASE)


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
    """Fields from lines such as `Reference number of the removal order: X-1`, in any language of the labels."""
    values = labelled(text, ORDER_LABELS)
    return Source(kind, {key: _as_typed(key, value) for key, value in values.items()})


def labelled(text: str, labels: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What stands behind each label of a form, by key; a tick is its box. The first of two counts."""
    table = _ORDER_TABLE if labels is ORDER_LABELS else _label_table(labels)
    values: dict[str, str] = {}
    key = ""
    for line in text[:TEXT_CHARS_MAX].splitlines():
        found, rest = _label(line, table)
        if found:
            key = "" if found in values else found
            if key:
                values[key] = rest
        elif not line.strip() or _SECTION.match(line) or _PAGE_NUMBER.match(line):
            key = ""
        elif key:
            values[key] = f"{values[key]}\n{line.strip()}"
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


def _label_table(labels: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """Every label in every language with its key, the longest first."""
    pairs = {(_plain(label), key) for key, languages in labels.items() for label in languages.values()}
    return sorted(pairs, key=lambda one: (-len(one[0]), one))


def _label(line: str, table: list[tuple[str, str]]) -> tuple[str, str]:
    """The key whose label begins this line, and what stands after the colon; two empty texts for none."""
    head, colon, rest = line.partition(":")
    box = "☒" if _TICKED.search(head) else "☐" if _UNTICKED.search(head) else ""
    if len(head) > 200 or not (colon or box):
        return "", ""
    plain = _plain(head)
    for label, key in table:
        if plain == label:
            return key, rest.strip() or box
    return "", ""


def _plain(label: str) -> str:
    return " ".join(_UNTICKED.sub("", _TICKED.sub("", label)).replace("'", "’").casefold().split())


def _as_typed(key: str, value: str) -> Any:
    value = value.strip()
    kind = FIELDS[key].kind
    if kind == "tick":
        first = value.split("\n")[0]
        return "☒" if _TICKED.search(first) else "☐" if _UNTICKED.search(first) else first
    if kind == "authority_kind":
        return _ticked_authority(value)
    if kind in ("line", "instant", "state"):
        return " ".join(value.split())
    if kind == "types":
        ticked = re.findall(r"(?:[☒☑✔✓]|\[[xX]\])\s*\(?([a-e])\)", value)
        return ticked or ([] if _UNTICKED.search(value) else value)
    return value


def _ticked_authority(value: str) -> Any:
    """The kind of authority whose box is ticked; the code itself is taken too. Two ticks are not chosen from."""
    lines = value.split("\n")
    ticked = {_plain(line) for line in lines if _TICKED.search(line)}
    kinds = [
        code for code, labels in AUTHORITY_BOXES.items() if ticked & {_plain(one) for one in labels.values()}
    ]
    if len(ticked) == 1 and kinds:
        return kinds[0]
    return "" if not ticked and all(_UNTICKED.search(line) for line in lines) else " ".join(value.split())


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_ORDER_TABLE = _label_table(ORDER_LABELS)
