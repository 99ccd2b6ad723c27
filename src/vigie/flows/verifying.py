"""Level verified in the life of an upload: what to propose when no hash is near, and what alignments make of matches.

It gives no verdict and stores nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from vigie.flows.examination import Examined, Level, Upload
from vigie.foundation.settings import Settings
from vigie.matching.index import MatchIndex
from vigie.matching.matches import LookedUp, Match
from vigie.matching.service import Hit, propose
from vigie.matching.verification import verify


def level_of(index: MatchIndex) -> Level:
    """The deepest level that any bank asks for: one decoding serves them all."""
    if index.is_verified:
        return "verified"
    return "robust" if index.is_robust else "plain"


def features_in_common(
    index: MatchIndex, upload: Upload, examined: Sequence[Examined], hits: Sequence[Hit]
) -> list[Hit]:
    """Entries that share corners with a medium to which no hash is near; none unless it is looked at so closely."""
    near = {hit.query.medium for hit in hits if hit.query.medium}
    counts_for: Literal["robust banks", "all banks"] = "robust banks" if upload.level is None else "all banks"
    return [
        hit
        for one in examined
        if one.alignable is not None and one.medium.id not in near and index.has_features
        for hit in propose(index, one.alignable, medium=one.medium.id, counts_for=counts_for)
    ]


def verified(
    looked_up: LookedUp, upload: Upload, examined: Sequence[Examined], settings: Settings
) -> LookedUp:
    """What was found, with alignments and scores where the level asks for them."""
    alignable = {one.medium.id: one.alignable for one in examined if one.alignable is not None}
    if not (alignable and looked_up.found):
        return looked_up
    found = verify(
        looked_up.found,
        alignable,
        counts_for="verified banks" if upload.level is None else "all banks",
        settings=settings,
    )
    return replace(looked_up, found=found)


def is_verified(match: Match, settings: Settings) -> bool:
    """Whether the match is borne out by an alignment, by the operator's measures."""
    return match.is_verified(
        score_percent_min=settings.verified_score_percent_min,
        share_percent_min=settings.verified_share_percent_min,
    )
