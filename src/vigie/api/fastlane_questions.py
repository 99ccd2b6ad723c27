"""From the shapes of the wire to the values of the domains, and back, for the three hot endpoints.

It looks nothing up in memory; the fast lane does.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET

from vigie.api.fastlane_messages import (
    ComputedSignal,
    ContentQuestion,
    FoundMatch,
    HashAnswer,
    MatchAnswer,
    MatchQuestion,
    Medium,
)
from vigie.flows.examination import Upload, UploadedMedium
from vigie.foundation.clock import now
from vigie.foundation.errors import Forbidden, Invalid
from vigie.foundation.settings import Settings
from vigie.matching.matches import CountsFor, LookedUp, Match, QueryBatch
from vigie.matching.service import Hit, explain
from vigie.matching.standing import Standings
from vigie.people.service import TokenRecord
from vigie.signals.media import MediumLimits, dihedral_hashes, hash_medium
from vigie.signals.types import ALL as SIGNAL_TYPES
from vigie.signals.types import PDQ, SignalType
from vigie.signals.variants import VARIANT_SIGNAL

HITS_AT_ONCE_MAX = 100
"""How many hits are told on the loop that serves everybody; some three microseconds each."""


def upload_of(
    question: ContentQuestion, *, parts: dict[str, bytes], token: TokenRecord, idempotency_key: str
) -> Upload:
    """The upload that a question describes. Raises Invalid or Forbidden."""
    platform = question.platform or token.platform
    if not platform:
        raise Invalid("Say which platform asks.", hint="Give the token a platform, or send 'platform'.")
    if token.platform and platform != token.platform:
        raise Forbidden("This token belongs to another platform.")
    ids = [one.id for one in question.media]
    if len(set(ids)) != len(ids):
        raise Invalid("Two media have the same id.")
    unknown = sorted(set(parts) - set(ids))
    media = [_medium(one, parts) for one in question.media]
    # A part that the JSON does not name is a medium of its own: nothing that was sent goes unseen.
    media.extend(UploadedMedium(name[:200] or "medium", data=parts[name]) for name in unknown)
    return Upload(
        platform=platform,
        external_id=question.id,
        kind=question.kind,
        url=question.url,
        author_id=question.author.id if question.author else "",
        author_handle=question.author.handle if question.author else "",
        published_at=question.created_at,
        language=question.language,
        text=question.text,
        links=tuple(question.links),
        media=tuple(media),
        idempotency_key=idempotency_key,
        level=question.level,
    )


def _medium(one: Medium, parts: dict[str, bytes]) -> UploadedMedium:
    given = [one.content is not UNSET, one.url is not UNSET, one.signals is not UNSET, one.id in parts]
    if sum(given) != 1:
        raise Invalid(
            "A medium has exactly one of content, url, signals, or a part of its name.",
            code="medium_ambiguous",
        )
    if isinstance(one.signals, dict):
        signals = {name: signal_type(name).parse(value) for name, value in one.signals.items()}
        if not signals:
            raise Invalid("A medium given by signals needs at least one.")
        return UploadedMedium(
            one.id, signals=signals, pdq_quality=one.pdq_quality if isinstance(one.pdq_quality, int) else None
        )
    if isinstance(one.content, bytes):
        return UploadedMedium(one.id, data=one.content)
    return UploadedMedium(one.id, data=parts.get(one.id, b""))


def signal_type(name: str) -> SignalType:
    """The kind of signal of this name; raises Invalid naming those there are."""
    kind = SIGNAL_TYPES.get(name)
    if kind is None:
        raise Invalid(
            f"There is no signal type {name[:40]!r}.", hint="One of: " + ", ".join(SIGNAL_TYPES) + "."
        )
    return kind


def batches_of(question: MatchQuestion, *, is_robust: bool) -> list[QueryBatch]:
    """The look-ups that a question asks for, by kind; the place of each is its position in the question.

    `is_robust` says whether any bank is: PDQ hashes are then looked up among variants too, unless the question says
    otherwise.
    """
    batches = _asked_batches(question)
    if question.level in ("robust", "verified") or (question.level is None and is_robust):
        counts_for: CountsFor = "robust banks" if question.level is None else "all banks"
        batches.extend(
            QueryBatch(VARIANT_SIGNAL, one.values, one.places, counts_for)
            for one in list(batches)
            if one.type == PDQ.name
        )
    return batches


def _asked_batches(question: MatchQuestion) -> list[QueryBatch]:
    signals = question.signals
    names = [one.type for one in signals]
    if names.count(names[0]) == len(names):
        values = signal_type(signals[0].type).parse_many([one.value for one in signals])
        return [QueryBatch(signals[0].type, values, range(len(signals)))]
    kinds = {name: signal_type(name) for name in dict.fromkeys(names)}
    places = {name: [at for at, one in enumerate(names) if one == name] for name in kinds}
    return [
        QueryBatch(name, kind.parse_many([signals[at].value for at in places[name]]), places[name])
        for name, kind in kinds.items()
    ]


def banks_of(question: MatchQuestion) -> frozenset[str] | None:
    """The banks that the question names; None for all."""
    return None if question.banks is None else frozenset(question.banks)


def matches_at_once(hits: Sequence[Hit], question: MatchQuestion, standings: Standings) -> LookedUp | None:
    """What a few hits are, where all of it was met; None where the database is needed, or time."""
    if len(hits) > HITS_AT_ONCE_MAX:
        return None
    banked = standings.at_hand([hit.place for hit in hits])
    return None if banked is None else explain(hits, at=now(), banks=banks_of(question), banked=banked)


def matches_of(hits: Sequence[Hit], question: MatchQuestion, standings: Standings) -> LookedUp:
    """What the hits are, in the banks that the question names; reads what was not met from the database."""
    banked = standings.read({hit.place for hit in hits})
    return explain(hits, at=now(), banks=banks_of(question), banked=banked)


def match_answer(found: Sequence[Match], outweighed: Sequence[Match]) -> MatchAnswer:
    """The answer on the wire, in the order of the question, nearest first."""
    return MatchAnswer(matches=_found(found), outweighed=_found(outweighed))


def _found(matches: Sequence[Match]) -> list[FoundMatch]:
    ordered = sorted(matches, key=lambda one: (int(one.query.medium), one.distance_bits, one.entry_id))
    return [
        FoundMatch(
            signal=int(one.query.medium),
            bank=one.bank,
            entry=one.entry,
            distance_bits=one.distance_bits,
            confirmed=one.confirmed,
            type=one.legal_type,
            edit=one.edit,
        )
        for one in ordered
    ]


def hash_answer(data: bytes, *, settings: Settings, with_dihedral: Literal["yes", "no"]) -> HashAnswer:
    """Signals of a picture. Raises MediumRefused."""
    limits = MediumLimits.from_settings(settings)
    found = hash_medium(data, limits=limits)
    good = found.pdq_quality >= settings.pdq_quality_min
    pdq = ComputedSignal(
        "pdq",
        found.pdq.hex(),
        quality=found.pdq_quality,
        matched=good,
        why=""
        if good
        else f"Quality is below {settings.pdq_quality_min}: the picture has too little structure.",
    )
    return HashAnswer(
        format=found.format,
        width_px=found.width_px,
        height_px=found.height_px,
        signals=[pdq, ComputedSignal("sha256", found.sha256.hex()), ComputedSignal("md5", found.md5.hex())],
        pdq_dihedral=[one.hex() for one in dihedral_hashes(data, limits=limits)[0]]
        if with_dihedral == "yes"
        else [],
    )
