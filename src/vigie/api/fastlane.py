"""The three hot endpoints, `/v1/content`, `/v1/match` and `/v1/hash`, as a bare ASGI application.

They answer from memory; the database is touched for what is to be stored, and for an entry that was not met lately.
Everything else is Django's.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import msgspec
from django.db import InterfaceError, OperationalError, close_old_connections

from vigie.api.arrival import Receive
from vigie.api.fastlane_body import BodyBudget, ClientGone, content_type, read_body, split_parts
from vigie.api.fastlane_content import (
    TOGETHER_BYTES_MAX,
    Asked,
    ContentWork,
    LookedAt,
    ToFetch,
    too_many_bytes,
)
from vigie.api.fastlane_messages import HashQuestion, MatchQuestion
from vigie.api.fastlane_questions import (
    banks_of,
    batches_of,
    hash_answer,
    match_answer,
    matches_at_once,
    matches_of,
)
from vigie.api.fastlane_state import FastlaneState
from vigie.api.fastlane_threads import SharedWork, WorkThreads
from vigie.api.problems import Malformed, MethodNotAllowed, Unauthorised, problem
from vigie.flows.banking import FETCH_S_MAX
from vigie.flows.examination import Upload, UploadedMedium
from vigie.flows.upload import answer_upload
from vigie.foundation.clock import monotonic_s, now
from vigie.foundation.errors import Forbidden, Invalid, Unavailable, VigieError
from vigie.foundation.outbound import OutboundDoor, OutboundFailed
from vigie.matching.matches import QueryBatch
from vigie.matching.pace import LookupPace
from vigie.matching.service import Hit, Radii, near_batches
from vigie.people.rights import Right
from vigie.people.service import TokenRecord, recognise

Send = Callable[[dict[str, Any]], Awaitable[None]]
PATHS = frozenset({"/v1/content", "/v1/match", "/v1/hash"})

_log = logging.getLogger(__name__)
_encoder = msgspec.json.Encoder()
_match_decoder = msgspec.json.Decoder(MatchQuestion)
_hash_decoder = msgspec.json.Decoder(HashQuestion)

NOTHING_NEAR = _encoder.encode(match_answer([], []))
STORING_THREADS = 8
FETCHING_THREADS = 8


class Fastlane:
    """The application; `state` is this process's memory."""

    def __init__(self, state: FastlaneState, door: OutboundDoor) -> None:
        self._state = state
        self._door = door
        self._budget = BodyBudget()
        self._pace = LookupPace()
        self._decoding = WorkThreads(state.settings.decode_threads, name="decode")
        self._content_work = ContentWork(state)
        self._looking = SharedWork(
            self._decoding,
            alone=self._content_work.alone,
            together=self._content_work.together,
            weigh=lambda asked: asked.byte_count,
            weight_max=TOGETHER_BYTES_MAX,
        )
        self._storing = WorkThreads(STORING_THREADS, name="store")
        self._fetching = WorkThreads(FETCHING_THREADS, name="fetch")
        self._handlers = {"/v1/content": self._content, "/v1/match": self._match, "/v1/hash": self._hash}

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request; every failure becomes a problem document (RFC 9457)."""
        try:
            if scope["method"] != "POST":
                raise MethodNotAllowed("This address takes POST.", hint="See /v1/docs.")
            headers = {name.lower(): value for name, value in scope["headers"]}
            token = self._authenticate(headers)
            body = await read_body(receive, headers=headers, budget=self._budget)
            try:
                answer = await self._handlers[scope["path"]](body, headers, scope, token)
            finally:
                self._budget.give_back(len(body))
        except ClientGone:
            return
        except Exception as error:  # noqa: BLE001 - the edge of the process: the caller gets an answer
            await send_problem(send, error)
        else:
            await _send_json(send, 200, answer)

    def _authenticate(self, headers: dict[bytes, bytes]) -> TokenRecord:
        scheme, _, text = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        if not self._state.ready:
            raise Unavailable("Vigie is starting.", hint="Try again in a moment.")
        token = None
        if scheme.lower() == "bearer":
            token = recognise(text.strip(), tokens=self._state.tokens, at=now())
        if token is None:
            raise Unauthorised(
                "A working token is needed.", hint="Send it as 'Authorization: Bearer vgt_...'."
            )
        return token

    async def _content(
        self, body: bytes, headers: dict[bytes, bytes], scope: dict[str, Any], token: TokenRecord
    ) -> bytes:
        _need(token, Right.CONTENT_WRITE)
        # Reading the question, decoding and, for most content, the answer are one piece of work in one thread.
        seen: ToFetch | LookedAt = await self._looking.run(Asked(body, headers, token))
        if isinstance(seen, ToFetch):
            upload = await self._with_fetched(seen.addresses, seen.upload)
            fetched: LookedAt = await self._decoding.run(lambda: self._content_work.looked_at(upload))
            seen = fetched
        return seen.answer or await self._stored(seen, token)

    async def _stored(self, seen: LookedAt, token: TokenRecord) -> bytes:
        """The answer about content that the database has a part in."""
        tools = self._state.tools()
        answer = await self._storing.run(
            lambda: _in_database(
                lambda: answer_upload(seen.upload, seen.look, tools=tools, actor=token.actor)
            )
        )
        return _encoder.encode(answer)

    async def _with_fetched(self, addresses: Mapping[str, str], upload: Upload) -> Upload:
        """The upload with those media in place that came as addresses."""
        fetched = await asyncio.gather(*(self._fetch(url) for url in addresses.values()))
        by_id = dict(zip(addresses, fetched, strict=True))
        return msgspec.structs.replace(
            upload,
            media=tuple(
                UploadedMedium(one.id, data=by_id[one.id]) if one.id in by_id else one for one in upload.media
            ),
        )

    async def _fetch(self, url: str) -> bytes:
        limit = self._state.settings.medium_bytes_max
        fetched = await self._fetching.run(
            lambda: self._door.fetch(url, bytes_max=limit, time_s_max=FETCH_S_MAX)
        )
        if fetched.status != 200:
            raise OutboundFailed(
                f"The medium's address answered with status {fetched.status}.", code="bad_answer"
            )
        return bytes(fetched.body)

    async def _match(
        self, body: bytes, headers: dict[bytes, bytes], scope: dict[str, Any], token: TokenRecord
    ) -> bytes:
        _need(token, Right.MATCH_READ)
        question = _match_decoder.decode(body)
        batches = batches_of(question, is_robust=self._state.index.is_robust)
        radii = Radii.from_settings(self._state.settings).asked(question.distance_bits_max)
        hits = await self._near(batches, radii=radii, banks=banks_of(question))
        if not hits:
            return NOTHING_NEAR
        standings = self._state.index.standings
        found = matches_at_once(hits, question, standings)
        if found is None:
            found = await self._storing.run(
                lambda: _in_database(lambda: matches_of(hits, question, standings))
            )
        return _encoder.encode(match_answer(found.found, found.suppressed))

    async def _near(
        self, batches: Sequence[QueryBatch], *, radii: Radii, banks: frozenset[str] | None
    ) -> list[Hit]:
        """What is near, looked up here and now when that takes no time worth mentioning, else in a thread."""

        def look_up() -> list[Hit]:
            hits: list[Hit] = []
            for one in batches:
                began_s = monotonic_s()
                hits += near_batches(self._state.index, [one], radii=radii, banks=banks)
                self._pace.note(
                    one.type,
                    distance_bits_max=radii.of(one.type),
                    count=len(one.places),
                    took_s=monotonic_s() - began_s,
                )
            return hits

        if self._pace.are_short((one.type, radii.of(one.type), len(one.places)) for one in batches):
            return look_up()
        found: list[Hit] = await self._decoding.run(look_up)
        return found

    async def _hash(
        self, body: bytes, headers: dict[bytes, bytes], scope: dict[str, Any], token: TokenRecord
    ) -> bytes:
        if not {Right.CONTENT_WRITE, Right.MATCH_READ} & token.rights:
            raise Forbidden("This token has neither the scope content:write nor match:read.")
        kind, options = content_type(headers)
        if kind == "application/json":
            data = await self._fetch(_hash_decoder.decode(body).url)
        elif kind == "multipart/form-data":
            # A single file; its part may have any name.
            data = next(iter(split_parts(body, options).values()), b"")
        else:
            data = body
        if len(data) > self._state.settings.medium_bytes_max:
            raise too_many_bytes()
        dihedral = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("dihedral") == ["true"]
        settings = self._state.settings
        answer = await self._decoding.run(
            lambda: hash_answer(data, settings=settings, with_dihedral="yes" if dihedral else "no")
        )
        return _encoder.encode(answer)

    def close(self) -> None:
        """Let the work in hand end."""
        for threads in (self._decoding, self._storing, self._fetching):
            threads.close()


def _need(token: TokenRecord, right: Right) -> None:
    if right not in token.rights:
        raise Forbidden(f"This token has not the scope {right.value}.")


def _in_database(work: Callable[[], Any]) -> Any:
    """Run `work` with a database connection that is alive, however long this thread has been idle."""
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


def _known(error: Exception) -> VigieError:
    """The error as the caller is told; what nobody expected is logged and named only as such."""
    if isinstance(error, VigieError):
        return error
    if isinstance(error, msgspec.ValidationError):
        return Invalid(f"The question does not fit: {error}.", hint="See /v1/docs.")
    if isinstance(error, msgspec.DecodeError):
        return Malformed("The body is not JSON.")
    if isinstance(error, OperationalError | InterfaceError):
        _log.warning("the database is away", extra={"action": "answer", "kind": type(error).__name__})
        return Unavailable(
            "The database cannot be reached or cannot write, so nothing was accepted.",
            hint="Send the same question again. The operator finds out why with `vigie doctor`.",
        )
    _log.error("unexpected", exc_info=error, extra={"action": "answer"})
    return VigieError(
        "Something went wrong here, and nothing was accepted.", hint="Send the same question again."
    )


async def send_problem(send: Send, error: Exception) -> None:
    """Answer with a problem document."""
    known = _known(error)
    status, body = problem(known)
    extra = []
    if status == 401:
        extra.append((b"www-authenticate", b"Bearer"))
    if status == 503:
        extra.append((b"retry-after", b"2"))
    if status == 405:
        extra.append((b"allow", b"POST"))
    if status == 408:
        extra.append((b"connection", b"close"))
    await _send_json(send, status, msgspec.json.encode(body), kind=b"application/problem+json", extra=extra)


async def _send_json(
    send: Send,
    status: int,
    body: bytes,
    *,
    kind: bytes = b"application/json",
    extra: list[tuple[bytes, bytes]] | None = None,
) -> None:
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *(extra or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
