"""Reading what people and programs post: HTML forms, multipart and JSON.

It takes only pictures that browsers show, tells them by their first bytes, and never opens them: that is Vigie's work.
"""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from lakeside.store import Draft, Upload

BODY_BYTES_MAX = 48 * 1024 * 1024
PICTURE_BYTES_MAX = 8 * 1024 * 1024
PICTURES_MAX = 4
TITLE_CHARS_MAX = 120
TEXT_CHARS_MAX = 20_000
_PARTS_MAX = 16
_FIELD_BYTES_MAX = 100_000
_HANDLE = re.compile(r"[^\W_][\w .-]{0,28}[\w.-]|[^\W_]")
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(rb'(?:^|;)\s*name="([^"\r\n]*)"')
_TITLE_FROM_TEXT_CHARS = 60


class BadForm(Exception):
    """What is wrong, in a sentence for the poster, and the HTTP status that says so."""

    def __init__(self, sentence: str, *, status: int = 422) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@dataclass
class _Fields:
    author: str = ""
    title: str = ""
    text: str = ""


def parse_draft(body: bytes, *, content_type: str) -> Draft:
    """A draft from any of the three forms; raises BadForm."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        fields, pictures = _from_multipart(body, content_type)
    elif kind == "application/json":
        fields, pictures = _from_json(body)
    elif kind == "application/x-www-form-urlencoded":
        fields, pictures = _from_urlencoded(body), []
    else:
        raise BadForm("Send multipart/form-data or application/json.", status=415)
    return _checked(fields, pictures)


def _from_multipart(body: bytes, content_type: str) -> tuple[_Fields, list[bytes]]:
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise BadForm("The form has no boundary.", status=400)
    delimiter = b"\r\n--" + found.group(1).encode("latin-1", "replace")
    parts = (b"\r\n" + body).split(delimiter, _PARTS_MAX + 2)
    if len(parts) < 3 or len(parts) > _PARTS_MAX + 2 or not parts[-1].startswith(b"--"):
        raise BadForm("The form is incomplete or has too many parts.", status=400)
    fields, pictures = _Fields(), []
    for part in parts[1:-1]:
        head, gap, content = part.partition(b"\r\n\r\n")
        name = _part_name(head)
        if not gap or name is None:
            raise BadForm("A part of the form has no name.", status=400)
        if name == "picture":
            # A browser sends an empty part for a field in which no file was chosen.
            pictures += [content] if content else []
        elif name in ("author", "title", "text"):
            setattr(fields, name, _decoded(content))
    return fields, pictures


def _part_name(head: bytes) -> str | None:
    for line in head.split(b"\r\n"):
        header, _, value = line.partition(b":")
        if header.strip().lower() == b"content-disposition":
            found = _NAME.search(value)
            return None if found is None else found.group(1).decode("utf-8", "replace")
    return None


def _from_urlencoded(body: bytes) -> _Fields:
    try:
        sent = parse_qs(_decoded(body), max_num_fields=_PARTS_MAX, encoding="utf-8", errors="replace")
    except ValueError as error:
        raise BadForm("The form cannot be read.", status=400) from error
    return _Fields(**{name: sent.get(name, [""])[0] for name in ("author", "title", "text")})


def _from_json(body: bytes) -> tuple[_Fields, list[bytes]]:
    try:
        whole: Any = json.loads(body)
        fields = _Fields(**{name: whole.get(name, "") for name in ("author", "title", "text")})
        pictures = [base64.b64decode(one["content"], validate=True) for one in whole.get("pictures", [])]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadForm("The JSON cannot be read.", status=400) from error
    if not all(isinstance(value, str) for value in (fields.author, fields.title, fields.text)):
        raise BadForm("author, title and text must be text.", status=400)
    return fields, pictures


def _decoded(content: bytes) -> str:
    if len(content) > _FIELD_BYTES_MAX:
        raise BadForm("The text is too long.")
    return content.decode("utf-8", "replace")


def _checked(fields: _Fields, pictures: list[bytes]) -> Draft:
    handle = " ".join(fields.author.split())
    title = " ".join(_storable(fields.title).split())
    text = _storable(fields.text).replace("\r\n", "\n").strip()
    if not _HANDLE.fullmatch(handle):
        raise BadForm("Please give a name of 1 to 30 letters, digits, spaces, dots or hyphens.")
    if not text and not title and not pictures:
        raise BadForm("Please write something or choose a picture.")
    if len(title) > TITLE_CHARS_MAX or len(text) > TEXT_CHARS_MAX:
        raise BadForm(f"A title has at most {TITLE_CHARS_MAX} characters, a text {TEXT_CHARS_MAX:,}.")
    if len(pictures) > PICTURES_MAX:
        raise BadForm(f"A post has at most {PICTURES_MAX} pictures.")
    return Draft(
        handle=handle,
        title=title or _title_from(text),
        text=text,
        pictures=tuple(_upload(content) for content in pictures),
    )


def _storable(text: str) -> str:
    # JSON can spell half a surrogate pair and NUL; neither can be stored or shown.
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _title_from(text: str) -> str:
    line = text.partition("\n")[0]
    if len(line) <= _TITLE_FROM_TEXT_CHARS:
        return line or "Untitled"
    return line[:_TITLE_FROM_TEXT_CHARS].rsplit(" ", 1)[0] + " …"


def _upload(content: bytes) -> Upload:
    if len(content) > PICTURE_BYTES_MAX:
        raise BadForm(f"A picture has at most {PICTURE_BYTES_MAX // 1024 // 1024} MB.", status=413)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Upload("image/png", content)
    if content.startswith(b"\xff\xd8\xff"):
        return Upload("image/jpeg", content)
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return Upload("image/gif", content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Upload("image/webp", content)
    raise BadForm("Pictures must be JPEG, PNG, WebP or GIF.", status=415)
