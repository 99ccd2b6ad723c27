"""From the bytes of a question about content to its answer, as far as memory alone goes: for one, or several at once.

It touches no database and fetches nothing; the fast lane does, where it must.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import msgspec

from vigie.api.fastlane_body import content_type, split_parts
from vigie.api.fastlane_messages import ContentQuestion
from vigie.api.fastlane_questions import upload_of
from vigie.api.fastlane_threads import Failed, attempt
from vigie.flows.examination import Upload
from vigie.flows.upload import Look, Tools, answer_at_once, look_at, look_at_all
from vigie.foundation.errors import Invalid, TooLarge
from vigie.foundation.limits import IDEMPOTENCY_KEY_CHARS_MAX
from vigie.foundation.settings import Settings
from vigie.people.service import TokenRecord
from vigie.signals.media import MediumLimits, refused

TOGETHER_BYTES_MAX = 4 * 1024 * 1024
"""Questions that are looked at together have so many bytes in all."""

TOGETHER_PIXELS_MAX = 4_000_000
TOGETHER_TIME_MS_MAX = 100
"""What one picture may cost where others wait for it; one that costs more is looked at alone, after them."""

_COSTLY = frozenset({"too_many_pixels", "timed_out"})

_decoder = msgspec.json.Decoder(ContentQuestion)
_encoder = msgspec.json.Encoder()


class Asked(msgspec.Struct, frozen=True):
    """A question as it came, from whom."""

    body: bytes
    headers: Mapping[bytes, bytes]
    token: TokenRecord

    @property
    def byte_count(self) -> int:
        """How long it is."""
        return len(self.body)


class ToFetch(msgspec.Struct, frozen=True):
    """An upload of which media are still to be fetched, by their ids."""

    upload: Upload
    addresses: Mapping[str, str]


class LookedAt(msgspec.Struct, frozen=True):
    """An upload, what it looks like and, where no database has a part in it, the answer."""

    upload: Upload
    look: Look
    answer: bytes | None


class Memory(Protocol):
    """What a process holds in memory; a `FastlaneState` in an API process."""

    settings: Settings
    platforms: frozenset[str]

    def tools(self) -> Tools:
        """What judging an upload needs; raises Unavailable before the first read."""


class ContentWork:
    """What threads do about content."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._limits_together = _limits_together(memory.settings)

    def alone(self, asked: Asked) -> ToFetch | LookedAt:
        """The question read and, unless media are to be fetched first, looked at."""
        read = self._read(asked)
        return read if isinstance(read, ToFetch) else self.looked_at(read)

    def together(self, asked: Sequence[Asked]) -> list[ToFetch | LookedAt | Failed | None]:
        """As `alone` for each, step by step for all; None in the place of one that would keep the others waiting."""
        done: list[ToFetch | LookedAt | Failed | None] = []
        ready: dict[int, Upload] = {}
        for at, one in enumerate(asked):
            read = attempt(self._read, one)
            done.append(None if isinstance(read, Upload) else read)
            if isinstance(read, Upload):
                ready[at] = read
        tools = self._memory.tools()
        looks = look_at_all(list(ready.values()), tools=tools, limits=self._limits_together)
        for (at, upload), look in zip(ready.items(), looks, strict=True):
            if not any(one.refused_code in _COSTLY for one in look.examined):
                done[at] = attempt(_answered, upload, look, tools)
        return done

    def looked_at(self, upload: Upload) -> LookedAt:
        """What it looks like and, where no database has a part in it, the answer."""
        self._refuse_bad_sizes(upload)
        tools = self._memory.tools()
        return _answered(upload, look_at(upload, tools=tools), tools)

    def _read(self, asked: Asked) -> Upload | ToFetch:
        kind, options = content_type(asked.headers)
        body = asked.body
        media: dict[str, bytes] = {}
        if kind == "multipart/form-data":
            media = split_parts(body, options)
            body = media.pop("content", b"")
            if not body:
                raise Invalid("The part 'content' with the JSON is missing.", code="multipart_malformed")
        question = _decoder.decode(body)
        key = asked.headers.get(b"idempotency-key", b"").decode("latin-1")
        if len(key) > IDEMPOTENCY_KEY_CHARS_MAX:
            raise Invalid(f"An idempotency key has at most {IDEMPOTENCY_KEY_CHARS_MAX} characters.")
        upload = upload_of(question, parts=media, token=asked.token, idempotency_key=key)
        if upload.platform not in self._memory.platforms:
            raise Invalid("There is no active platform of this name.", code="platform_unknown")
        addresses = {one.id: one.url for one in question.media if isinstance(one.url, str)}
        if addresses:
            return ToFetch(upload, addresses)
        self._refuse_bad_sizes(upload)
        return upload

    def _refuse_bad_sizes(self, upload: Upload) -> None:
        """Sizes are the caller's to mend, so they are refused at once; damaged media are quarantined instead."""
        for one in upload.media:
            if one.signals is None and not one.data:
                raise refused("empty")
            if len(one.data) > self._memory.settings.medium_bytes_max:
                raise too_many_bytes()


def _answered(upload: Upload, look: Look, tools: Tools) -> LookedAt:
    answer = answer_at_once(upload, look, tools=tools)
    return LookedAt(upload, look, None if answer is None else _encoder.encode(answer))


def _limits_together(settings: Settings) -> MediumLimits:
    limits = MediumLimits.from_settings(settings)
    return replace(
        limits,
        pixels_max=min(limits.pixels_max, TOGETHER_PIXELS_MAX),
        time_ms_max=min(limits.time_ms_max, TOGETHER_TIME_MS_MAX),
    )


def too_many_bytes() -> TooLarge:
    """A medium is larger than this server takes."""
    error = refused("too_many_bytes")
    return TooLarge(error.sentence, hint=error.hint, code=error.code)
