"""Posting everything through the forum and looking up why Vigie said what it said.

It asks as anybody can: the forum for the post, Vigie's HTTP interface for the case.
"""

from collections.abc import Callable, Sequence
from typing import Any

from vigie.demo.clients import Forum, PostState, VigieApi
from vigie.demo.drawings import GREY_HERON
from vigie.demo.known import Known
from vigie.demo.posts import Post
from vigie.demo.processes import wait_for
from vigie.demo.seen import Posted, Why
from vigie.foundation.clock import monotonic_s
from vigie.foundation.settings import Settings
from vigie.signals.media import MediumLimits, hash_medium

PENDING_S_MAX = 30.0


def post_all(
    posts: Sequence[Post],
    *,
    forum: Forum,
    reviewer: VigieApi,
    known: Known,
    settings: Settings,
    each: Callable[[Posted], None],
) -> list[Posted]:
    """Post one after the other; `each` is told about every one as it is done."""
    posted = []
    for post in posts:
        began_s = monotonic_s()
        state = forum.post(author=post.author, title=post.title, text=post.text, picture=post.picture)
        took_ms = (monotonic_s() - began_s) * 1000
        state = _settled(state, forum)
        case = reviewer.get(f"/v1/cases/{state.case}") if state.case else None
        one = Posted(
            post=post,
            number=state.number,
            verdict=state.verdict,
            state=state.state,
            case=state.case,
            problem=state.problem,
            rules=_rules(case),
            why=_why(case, known),
            quarantined=any(medium["quarantine_code"] for medium in case["media"]) if case else False,
            missed_by_bits=_distance_bits(post, settings) if case is None else None,
            took_ms=took_ms,
        )
        posted.append(one)
        each(one)
    return posted


def _settled(state: PostState, forum: Forum) -> PostState:
    """The forum keeps a post pending while Vigie does not answer; it asks again by itself."""
    if state.state != "pending":
        return state
    wait_for(lambda: forum.stands(state.number).state != "pending", seconds_max=PENDING_S_MAX)
    return forum.stands(state.number)


def _rules(case: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one["rule"] for one in case["reasons"])) if case else ()


def _why(case: Any, known: Known) -> Why | None:
    matches = sorted(case["matches"], key=lambda one: one["distance_bits"]) if case else []
    if not matches:
        return None
    # The same file says more than the same hash.
    nearest = next((one for one in matches if one["signal"] == "sha256"), matches[0])
    return Why(
        entry=nearest["entry"],
        entry_name=known.name_of(nearest["entry"]),
        signal=nearest["signal"],
        distance_bits=nearest["distance_bits"],
        confirmed=nearest["confirmed"],
        edit=nearest["edit"],
    )


def _distance_bits(post: Post, settings: Settings) -> int | None:
    """How far a picture is from the drawing it comes from, for what went unseen."""
    if not post.copy_of or post.picture is None:
        return None
    limits = MediumLimits.from_settings(settings)
    left = hash_medium(post.picture, limits=limits).pdq
    right = hash_medium(GREY_HERON[post.copy_of](), limits=limits).pdq
    return (int.from_bytes(left) ^ int.from_bytes(right)).bit_count()
