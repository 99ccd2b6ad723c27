"""Lookback: what was banked later is looked for among earlier uploads, and a person is asked about what is near.

It only ever asks: no rule removes or hides anything here, and the content itself is not at hand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from vigie.cases import service as cases
from vigie.cases.models import Case, CaseMatch, CaseMedium, Content
from vigie.foundation.clock import monotonic_s, now
from vigie.foundation.errors import NotFound
from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM
from vigie.matching import lookbacks
from vigie.matching.archive import service as archives
from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.parts import list_parts
from vigie.matching.archive.reading import PartDamaged
from vigie.matching.archive.records import SeenUpload, instant_of
from vigie.matching.archive.scanning import Hit, Scanner, read_uploads
from vigie.matching.archive.sealing import FoundJournal
from vigie.matching.index import MatchIndex
from vigie.matching.lookbacks import Wanted
from vigie.matching.matches import FOUND_BY_LOOKBACK, Match, Query
from vigie.matching.models import ContentErasure, Lookback, LookbackFind
from vigie.matching.service import Hit as NearHit
from vigie.matching.service import Radii, explain, near
from vigie.platforms.service import find_platform
from vigie.policy import service as policies

VERDICT = "review"
# Then journals are sealed and erasures carried out, before a lookback goes on.
LOOKING_S_MAX = 30.0


@dataclass(frozen=True, slots=True)
class Workshop:
    """What looking back needs from its process. `index` gives one that is up to date; `stopping` ends between parts."""

    settings: Settings
    index: Callable[[], MatchIndex]
    stopping: Callable[[], bool]


def tend_archive(workshop: Workshop) -> bool:
    """One round: seal journals, look back for a while, erase, drop, merge. False when another process is at it.

    It may be killed anywhere: the next round goes on where it was, and opens no case twice. A damaged part ends the
    round; it is set apart, and the next round goes on without it.
    """
    with ArchiveFolder.of(workshop.settings).locked() as mine:
        if not mine:
            return False
        try:
            _tend(workshop)
        except PartDamaged as damaged:
            if not archives.set_damaged_apart(damaged.path, workshop.settings):
                raise
    return True


def _tend(workshop: Workshop) -> None:
    settings = workshop.settings
    archive = ArchiveFolder.of(settings)
    lookbacks.follow_new_entries(settings)
    sealed = archives.seal_journals(settings)
    lookbacks.tell_of_parts(list_parts(archive))
    until_s = monotonic_s() + LOOKING_S_MAX
    for lookback in lookbacks.running():
        _look_back(lookback, sealed.left, workshop, until_s=until_s)
    archives.carry_out_erasures(settings)
    archives.drop_old_days(settings)
    archives.merge_parts(settings)


def _look_back(
    lookback: Lookback, journals: Sequence[FoundJournal], workshop: Workshop, *, until_s: float
) -> None:
    """Look at every part that is left, or at one and those until `until_s` is over.

    The lookback ends once no process writes what it should have seen.
    """
    archive = ArchiveFolder.of(workshop.settings)
    left = lookbacks.parts_for(lookback, list_parts(archive))
    if left:
        wanted = lookbacks.wanted_by(lookback, at=now(), settings=workshop.settings)
        scanner = Scanner(wanted.sought, threads=workshop.settings.lookback_threads)
        signals_left = sum(part.note.signals for part in left)
        for part in left:
            if workshop.stopping():
                return
            for hits in scanner.scan(part):
                uploads = read_uploads(part, {one.upload for one in hits})
                if not _ask_about(lookback, uploads, hits, wanted, workshop):
                    lookbacks.note_stopped(lookback)
                    return
            signals_left -= part.note.signals
            lookbacks.note_looked_at(lookback, part, signals_left=signals_left)
            if lookback.state != Lookback.State.RUNNING:
                return
            if monotonic_s() >= until_s and part is not left[-1]:
                return
    if not any(_may_hold_more(one, lookback) for one in journals):
        lookbacks.note_ended(lookback)


def _may_hold_more(journal: FoundJournal, lookback: Lookback) -> bool:
    return journal.header is not None and journal.header.entries_seq < lookback.seq


def _ask_about(
    lookback: Lookback,
    uploads: dict[int, tuple[SeenUpload, bytes]],
    hits: Sequence[Hit],
    wanted: Wanted,
    workshop: Workshop,
) -> bool:
    """Open a case for each upload, newest first; False when the lookback may open no more, or was cancelled."""
    by_upload: dict[int, list[Hit]] = {}
    for hit in hits:
        by_upload.setdefault(hit.upload, []).append(hit)
    for position in sorted(by_upload, key=lambda one: uploads[one][0].at_us, reverse=True):
        upload, key = uploads[position]
        if not lookback.looks_at_all and upload.entries_seq >= lookback.seq:
            continue  # it was compared with these entries when it came
        found = _matches(upload, by_upload[position], wanted, workshop)
        if not any(one.entry_id in wanted.entries for one in found):
            continue  # near a harmless entry that outweighs it, or the entry matches no more
        if lookback.cases_opened >= lookback.cases_max or lookback.state != Lookback.State.RUNNING:
            return False
        _note_find(lookback, upload, key, found, wanted, workshop.settings)
    return True


def _matches(
    upload: SeenUpload, hits: Iterable[Hit], wanted: Wanted, workshop: Workshop
) -> tuple[Match, ...]:
    """What the upload matches today, harmless entries weighed against known ones as for any upload."""
    settings = workshop.settings
    queries = {
        (one.type, one.value, one.medium): Query(one.type, one.value, one.medium)
        for one in upload.signals
        if one.type != "pdq" or not 0 <= one.quality < settings.pdq_quality_min
    }
    radii = Radii.from_settings(settings)
    found = {(one.query, one.pk): one for one in near(workshop.index(), list(queries.values()), radii=radii)}
    # The index gives the nearest thousand; what the lookback found counts however many are nearer.
    for hit in hits:
        pk = wanted.signal_ids[hit.type][hit.query]
        for query in queries.values():
            if (query.type, query.medium) == (hit.type, hit.medium):
                found.setdefault((query, pk), NearHit(query, hit.type, pk, hit.distance_bits))
    return explain(list(found.values()), at=now()).found


def _note_find(
    lookback: Lookback,
    upload: SeenUpload,
    key: bytes,
    found: Sequence[Match],
    wanted: Wanted,
    settings: Settings,
) -> None:
    """Open a case, or join the one that is open, in one transaction with the count. Again, it changes nothing."""
    with transaction.atomic():
        asked = ContentErasure.objects.filter(content_key=key, asked_at__gte=instant_of(upload.at_us))
        if asked.exists():
            return
        content = _content(upload, settings)
        if content is None:
            return
        case, outcome = _case_for(content, upload, found)
        nearest: dict[int, int] = {}
        for one in found:
            if one.entry_id in wanted.entries:
                nearest[one.entry_id] = min(one.distance_bits, nearest.get(one.entry_id, one.distance_bits))
        known = LookbackFind.objects.filter(lookback=lookback, case=case.pk)
        is_new = not known.exists()
        earlier = set(known.values_list("entry", flat=True))
        LookbackFind.objects.bulk_create(
            LookbackFind(lookback=lookback, entry=entry, case=case.pk, nearest=bits, outcome=outcome)
            for entry, bits in nearest.items()
            if entry not in earlier
        )
        if is_new:
            field = f"cases_{outcome}"
            Lookback.objects.filter(pk=lookback.pk).update(**{field: F(field) + 1})
    lookback.refresh_from_db(fields=["state", "cases_opened", "cases_joined", "cases_decided"])


def _content(upload: SeenUpload, settings: Settings) -> Content | None:
    try:
        platform = find_platform(upload.platform)
    except NotFound:
        return None  # nobody could carry a decision out
    return cases.note_content(
        cases.ContentDraft(
            platform=platform,
            external_id=upload.content,
            kind=upload.kind,
            url=upload.url,
            language=upload.language,
            author_id="",
            # As far as is known: it was there when the platform asked.
            published_at=instant_of(upload.at_us),
            author_key=upload.author_key,
        ),
        settings=settings,
    )


def _case_for(
    content: Content, upload: SeenUpload, found: Sequence[Match]
) -> tuple[Case, LookbackFind.Outcome]:
    """The one case about a content: the open one, else that of this very version, else a new one."""
    about = content.cases.order_by("-id")
    open_case = about.filter(state=Case.State.OPEN).first()
    if open_case is not None:
        cases.add_matches(open_case, _rows(found), entries=_entries(found), actor=SYSTEM)
        return open_case, LookbackFind.Outcome.JOINED
    decided = about.filter(question_digest=upload.question.hex()).first()
    if decided is not None:
        return decided, LookbackFind.Outcome.DECIDED
    return _open_case(content, upload, found), LookbackFind.Outcome.OPENED


def _open_case(content: Content, upload: SeenUpload, found: Sequence[Match]) -> Case:
    policy = policies.active_policy()
    reasons = [_reason(one) for one in found]
    case = cases.open_case(
        cases.CaseDraft(
            content=content,
            verdict=VERDICT,
            reasons=reasons,
            shadow_reasons=[],
            policy_digest=policy.digest,
            policy_label=policy.version_label,
            media=_media(upload),
            matches=_rows(found),
            question_digest=upload.question.hex(),
            idempotency_key="",
        )
    )
    seq = cases.record_opened(case, actor=SYSTEM, rules=[], entries=_entries(found))
    case.answer = {
        "content": upload.content,
        "verdict": VERDICT,
        "case": case.number,
        "ledger": seq,
        "reasons": reasons,
        "quarantined": [],
        "notes": [{"code": "content_not_kept"}],
    }
    case.save(update_fields=["answer"])
    return case


def _reason(one: Match) -> dict[str, Any]:
    return {
        "rule": "",
        "verdict": VERDICT,
        "because": FOUND_BY_LOOKBACK,
        "bank": one.bank,
        "entry": one.entry,
        "signal": one.query.type,
        "distance_bits": one.distance_bits,
        "type": one.legal_type,
        "media": one.query.medium,
    }


def _media(upload: SeenUpload) -> list[CaseMedium]:
    media = {one.medium: CaseMedium(external_id=one.medium) for one in upload.signals if one.medium}
    for one in upload.signals:
        if one.type == "pdq" and one.quality >= 0:
            media[one.medium].pdq_quality = one.quality
    return list(media.values())


def _rows(found: Sequence[Match]) -> list[CaseMatch]:
    return [
        CaseMatch(
            entry_id=one.entry_id,
            medium=one.query.medium,
            signal=one.query.type,
            distance_bits=one.distance_bits,
        )
        for one in found
    ]


def _entries(found: Sequence[Match]) -> list[str]:
    return list(dict.fromkeys(one.entry for one in found))
