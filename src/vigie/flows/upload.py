"""The life of an upload: signals, look-up in memory, rules, and, unless all is well, a case with sealed evidence.

`allow` touches no database. Nothing here decides about a person; the platform gets a verdict about content.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
from django.db import transaction

from vigie.cases import service as cases
from vigie.cases.models import Case
from vigie.flows.archiving import Archive, seen_upload
from vigie.flows.examination import (
    Examined,
    Level,
    Upload,
    examine_all,
    pdq_of,
    queries_of,
    question_digest,
)
from vigie.flows.informing import state_reasons_of_rule
from vigie.flows.preservation import note_case
from vigie.flows.upload_case import match_row, medium_row, seal_upload
from vigie.flows.verifying import features_in_common, is_verified, level_of, verified
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor, rule
from vigie.matching.index import MatchIndex
from vigie.matching.matches import LookedUp, Match, Query
from vigie.matching.service import Hit, Radii, explain, near
from vigie.platforms.service import find_platform
from vigie.policy.events import ShadowRuleHit
from vigie.policy.facts import ContentFacts, MatchFacts, MediumFacts
from vigie.policy.rules import Policy, VerdictLevel
from vigie.policy.verdicts import Reason, Verdict, evaluate
from vigie.signals.media import MediumLimits


class RemovalCounts(Protocol):
    """How many contents of an author were removed, from memory."""

    def of_author(self, platform: str, author_id: str) -> int:
        """The count; 0 for an unknown author."""


class Tools(msgspec.Struct, frozen=True):
    """What judging an upload needs from its process."""

    index: MatchIndex
    policy: Policy
    removals: RemovalCounts
    settings: Settings
    archive: Archive | None = None


class Look(msgspec.Struct, frozen=True):
    """What an upload looks like and what is near it, from memory alone.

    `entries_seq`: the newest change of entries that it was compared with.
    """

    examined: tuple[Examined, ...]
    queries: tuple[Query, ...]
    hits: tuple[Hit, ...]
    entries_seq: int


def judge_upload(upload: Upload, *, tools: Tools, actor: Actor) -> dict[str, Any]:
    """The answer to `POST /v1/content`, as a JSON-ready map; see `answer_upload`."""
    return answer_upload(upload, look_at(upload, tools=tools), tools=tools, actor=actor)


def look_at(upload: Upload, *, tools: Tools) -> Look:
    """Decode, hash and look up; touches no database, so that it can run beside other decodings."""
    return look_at_all([upload], tools=tools, limits=MediumLimits.from_settings(tools.settings))[0]


def look_at_all(uploads: Sequence[Upload], *, tools: Tools, limits: MediumLimits) -> list[Look]:
    """`look_at` for each of several uploads, one step for all of them after the other.

    What a step needs is at hand for the second and third already: after a decoding everything else is cold.
    """
    # Read before the look-up: what comes into a bank meanwhile is looked for among earlier uploads, these included.
    entries_seq = tools.archive.entries_seq if tools.archive is not None else 0
    of_banks = level_of(tools.index)
    levels = [upload.level or of_banks for upload in uploads]
    examined: dict[int, list[Examined]] = {at: [] for at in range(len(uploads))}
    for level in dict.fromkeys(levels):
        media = [
            (at, medium)
            for at, upload in enumerate(uploads)
            if levels[at] == level
            for medium in upload.media
        ]
        found = examine_all([medium for _, medium in media], level=level, limits=limits)
        for (at, _), one in zip(media, found, strict=True):
            examined[at].append(one)
    return [
        _looked_up(upload, tuple(examined[at]), levels[at], entries_seq, tools)
        for at, upload in enumerate(uploads)
    ]


def _looked_up(
    upload: Upload, examined: tuple[Examined, ...], level: Level, entries_seq: int, tools: Tools
) -> Look:
    queries = tuple(queries_of(upload, examined, tools.settings, level=level))
    hits = near(tools.index, queries, radii=Radii.from_settings(tools.settings))
    hits += features_in_common(tools.index, upload, examined, hits)
    return Look(examined, queries, tuple(hits), entries_seq)


def answer_at_once(upload: Upload, look: Look, *, tools: Tools) -> dict[str, Any] | None:
    """The answer about content that nothing is near and that the rules allow; None where the database has a part in it.

    It touches no database, so that it can follow the look where that was made.
    """
    if look.hits:
        return None
    verdict = _verdict(upload, look.examined, (), tools)
    if verdict.level is not VerdictLevel.ALLOW or verdict.shadow_reasons:
        return None
    _keep(upload, look, question_digest(upload, look.examined), tools)
    notes = _notes(look.examined, LookedUp((), ()), tools.settings)
    return _answer(upload, verdict, notes, case=None, seq=None)


def answer_upload(upload: Upload, look: Look, *, tools: Tools, actor: Actor) -> dict[str, Any]:
    """Apply the rules and, unless they allow the content, open a case; then keep its signals in the archive.

    The same question about the same content gets the same answer and no second case. Raises Conflict when an
    idempotency key comes with another question, NotFound for an unknown platform once something has to be stored.
    """
    answer = answer_at_once(upload, look, tools=tools)
    if answer is None:
        digest = question_digest(upload, look.examined)
        answer = _judge(upload, look, digest, tools=tools, actor=actor)
        _keep(upload, look, digest, tools)
    return answer


def _keep(upload: Upload, look: Look, digest: str, tools: Tools) -> None:
    """What it looks like goes to the archive, if there is one and it looks like anything."""
    if tools.archive is not None and (look.queries or look.examined):
        seen = seen_upload(
            upload,
            look.examined,
            look.queries,
            question=digest,
            entries_seq=look.entries_seq,
            settings=tools.settings,
        )
        tools.archive.append(seen)


def _judge(upload: Upload, look: Look, digest: str, *, tools: Tools, actor: Actor) -> dict[str, Any]:
    looked_up = explain(look.hits, at=now()) if look.hits else LookedUp((), ())
    looked_up = verified(looked_up, upload, look.examined, tools.settings)
    verdict = _verdict(upload, look.examined, looked_up.found, tools)
    notes = _notes(look.examined, looked_up, tools.settings)
    if verdict.level is VerdictLevel.ALLOW:
        if verdict.shadow_reasons:
            _note_shadow(upload, verdict, tools.policy)
        return _answer(upload, verdict, notes, case=None, seq=None)
    return _open_case(upload, look.examined, looked_up, verdict, notes, digest, tools=tools, actor=actor)


def _verdict(upload: Upload, examined: Sequence[Examined], found: Sequence[Match], tools: Tools) -> Verdict:
    return evaluate(
        tools.policy,
        content=ContentFacts(
            id=upload.external_id,
            kind=upload.kind,
            platform=upload.platform,
            language=upload.language,
            text=upload.text,
            links=upload.links,
            author_removals=tools.removals.of_author(upload.platform, upload.author_id),
        ),
        matches=[
            MatchFacts(
                signal=one.query.type,
                distance_bits=one.distance_bits,
                edit=one.edit,
                bank=one.bank,
                bank_may_remove=one.bank_may_remove,
                entry=one.entry,
                entry_confirmed=one.confirmed,
                legal_type=one.legal_type,
                medium=one.query.medium,
                verified=is_verified(one, tools.settings),
                score_percent=one.score_percent,
                share_of_entry_percent=int(100 * one.alignment.share_of_entry) if one.alignment else 0,
                share_of_upload_percent=int(100 * one.alignment.share_of_upload) if one.alignment else 0,
            )
            for one in found
        ],
        media=[
            MediumFacts(
                id=one.medium.id,
                format=one.signals.format if one.signals else "",
                width_px=one.signals.width_px if one.signals else 0,
                height_px=one.signals.height_px if one.signals else 0,
                pdq_quality=pdq_of(one)[1] or 0,
                quarantined=bool(one.refused_code),
                quarantine_code=one.refused_code,
            )
            for one in examined
        ],
    )


def _notes(examined: Sequence[Examined], looked_up: LookedUp, settings: Settings) -> list[dict[str, Any]]:
    """What the platform should know beside the verdict: what was not matched, and what a harmless entry outweighed."""
    notes: list[dict[str, Any]] = []
    for one in examined:
        _, quality = pdq_of(one)
        if quality is not None and quality < settings.pdq_quality_min:
            notes.append({"code": "pdq_quality_low", "media": one.medium.id, "quality": quality})
    notes.extend(
        {"code": "outweighed_by_harmless", "media": one.query.medium, "entry": one.entry, "bank": one.bank}
        for one in looked_up.suppressed
    )
    return notes


def _answer(
    upload: Upload, verdict: Verdict, notes: list[dict[str, Any]], *, case: str | None, seq: int | None
) -> dict[str, Any]:
    return {
        "content": upload.external_id,
        "verdict": verdict.level.value,
        "case": case,
        "ledger": seq,
        "reasons": [_reason(one) for one in verdict.reasons],
        "quarantined": [
            {"media": one.medium.id, "code": one.medium.quarantine_code}
            for one in verdict.reasons
            if one.medium is not None and one.medium.quarantined
        ],
        "notes": notes,
    }


def _reason(one: Reason) -> dict[str, Any]:
    reason: dict[str, Any] = {"rule": one.rule, "verdict": one.verdict_given.value, "because": one.because}
    if one.cap is not None:
        reason["capped"] = one.capped_because
    if one.match is not None:
        reason |= {
            "bank": one.match.bank,
            "entry": one.match.entry,
            "signal": one.match.signal,
            "distance_bits": one.match.distance_bits,
            "type": one.match.legal_type,
            "media": one.match.medium,
        }
        if one.match.edit:
            reason["edit"] = one.match.edit
        if one.match.share_of_entry_percent or one.match.score_percent:
            reason |= {"verified": one.match.verified, "score_percent": one.match.score_percent}
    elif one.medium is not None:
        reason["media"] = one.medium.id
    return reason


def _note_shadow(upload: Upload, verdict: Verdict, policy: Policy) -> None:
    """Record what rules in shadow would have done with content that is allowed, so that they can be judged."""
    with transaction.atomic():
        ledger.append(
            ShadowRuleHit(
                platform=upload.platform,
                content=upload.external_id,
                rules=tuple(dict.fromkeys(one.rule for one in verdict.shadow_reasons)),
                verdict=verdict.shadow_reasons[0].verdict_given.value,
                policy=policy.digest,
            ),
            actor=SYSTEM,
            subject=f"content:{upload.platform}/{upload.external_id}"[:200],
        )


def _open_case(
    upload: Upload,
    examined: Sequence[Examined],
    looked_up: LookedUp,
    verdict: Verdict,
    notes: list[dict[str, Any]],
    digest: str,
    *,
    tools: Tools,
    actor: Actor,
) -> dict[str, Any]:
    with transaction.atomic():
        content = cases.note_content(
            cases.ContentDraft(
                platform=find_platform(upload.platform),
                external_id=upload.external_id,
                kind=upload.kind,
                url=upload.url,
                language=upload.language,
                author_id=upload.author_id,
                published_at=upload.published_at,
            ),
            settings=tools.settings,
        )
        earlier = _earlier_answer(content.pk, digest, upload.idempotency_key, content.platform_id)
        if earlier is not None:
            return earlier
        case = cases.open_case(
            cases.CaseDraft(
                content=content,
                verdict=verdict.level.value,
                reasons=[_reason(one) for one in verdict.reasons],
                shadow_reasons=[_reason(one) for one in verdict.shadow_reasons],
                policy_digest=tools.policy.digest,
                policy_label=tools.policy.version_label,
                media=[medium_row(one) for one in examined],
                matches=[match_row(one, examined) for one in looked_up.found],
                question_digest=digest,
                idempotency_key=upload.idempotency_key,
            )
        )
        seal_upload(case, upload, examined, settings=tools.settings, actor=actor)
        rules = list(dict.fromkeys(one.rule for one in verdict.reasons))
        seq = cases.record_opened(
            case,
            actor=rule(rules[0]) if rules[0] else actor,
            rules=rules,
            entries=list(dict.fromkeys(one.entry for one in looked_up.found)),
        )
        case.answer = _answer(upload, verdict, notes, case=case.number, seq=seq)
        case.save(update_fields=["answer", "text", "record"])
        if case.verdict == "remove":
            state_reasons_of_rule(case, actor=rule(rules[0]) if rules[0] else actor, settings=tools.settings)
            note_case(case.number, settings=tools.settings)
    return dict(case.answer)


def _earlier_answer(
    content_id: int, digest: str, idempotency_key: str, platform_id: int
) -> dict[str, Any] | None:
    if idempotency_key:
        same_key = Case.objects.filter(
            idempotency_key=idempotency_key, content__platform_id=platform_id
        ).first()
        if same_key is not None:
            if same_key.question_digest != digest or same_key.content_id != content_id:
                raise Conflict(
                    "This idempotency key was used for another question.",
                    hint="Use a new key for each new question.",
                    code="idempotency_key_reused",
                )
            return dict(same_key.answer)
    same_question = Case.objects.filter(content_id=content_id, question_digest=digest).first()
    return None if same_question is None else dict(same_question.answer)
