"""What must have happened in a demonstration, as an explicit list: pure functions over what was seen.

Nothing is forgiven here; what is known to be missed is expected to be missed and reported as such.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.demo.posts import Expected, Sort
from vigie.demo.seen import Deeds, Posted

HOUR_S = 3600.0
_SHOWN_MAX = 5


@dataclass(frozen=True, slots=True)
class Checked:
    """One expectation: what must hold, whether it did, and what was seen."""

    claim: str
    holds: bool
    seen: str


def all_checked(posted: Sequence[Posted], deeds: Deeds) -> list[Checked]:
    """Every expectation, in the order of the story."""
    return [
        _each(posted, Sort.PHOTOGRAPH, "No photograph is matched: all are published"),
        _each(posted, Sort.EXACT, "Exact copies of confirmed entries are refused before anybody sees them"),
        _each(posted, Sort.NEAR, "Near copies are found"),
        _each(
            posted, Sort.EDITED, "Mirrored, captioned and cropped copies, which PDQ alone misses, are held"
        ),
        _each(posted, Sort.UNCONFIRMED, "Copies of entries that nobody confirmed are held, not removed"),
        _each(posted, Sort.HARMLESS, "What is banked as harmless is published"),
        _each(posted, Sort.TEXT, "The banked text opens a case and stays up; other texts pass"),
        _each(posted, Sort.BROKEN, "A file that cannot be decoded is not published"),
        _each(posted, Sort.EARLY, "What is not banked yet is published"),
        *_decided(deeds),
        *_answered(deeds),
        *_afterwards(deeds),
    ]


def as_expected(one: Posted) -> bool:
    """Whether a post became what it must. What is known to be missed may be found one day."""
    verdict, state = one.verdict, one.state
    match one.post.expected:
        case Expected.PUBLISHED:
            return (verdict, state, one.case) == ("allow", "published", "")
        case Expected.REFUSED:
            return (verdict, state) == ("remove", "declined")
        case Expected.FOUND:
            return (verdict, state) in (("hold", "held"), ("remove", "declined"))
        case Expected.HELD:
            return (verdict, state) == ("hold", "held")
        case Expected.REVIEWED:
            return (verdict, state) == ("review", "published") and one.case != ""
        case Expected.UNREADABLE:
            return state == "declined" and one.quarantined
        case Expected.MISSED:
            return state in ("published", "held", "declined")


def is_missed(one: Posted) -> bool:
    """Whether a copy went through unseen."""
    return one.post.expected is Expected.MISSED and one.verdict == "allow"


def false_matches(posted: Sequence[Posted]) -> int:
    """How many photographs were taken for something banked."""
    return sum(1 for one in posted if one.post.sort is Sort.PHOTOGRAPH and one.case)


def _each(posted: Sequence[Posted], sort: Sort, claim: str) -> Checked:
    group = [one for one in posted if one.post.sort is sort]
    wrong = [one for one in group if not as_expected(one)]
    if not wrong:
        missed = sum(1 for one in group if is_missed(one))
        known = f", of which {missed} missed as known" if missed else ""
        return Checked(claim, bool(group), f"{len(group)} of {len(group)}{known}")
    shown = "; ".join(f"{one.post.what}: {one.verdict or one.state}" for one in wrong[:_SHOWN_MAX])
    return Checked(claim, False, f"{len(group) - len(wrong)} of {len(group)}; not {shown}")


def _decided(deeds: Deeds) -> list[Checked]:
    return [
        Checked(
            "A removal takes effect: the platform obeys and the page is gone",
            deeds.removed_status == 410,
            f"page status {deeds.removed_status}",
        ),
        Checked(
            "Vigie looked again and found it gone",
            deeds.found_gone,
            "in the ledger" if deeds.found_gone else "not in the ledger",
        ),
        Checked(
            "What a person keeps is published",
            deeds.kept_status == 200,
            f"page status {deeds.kept_status}",
        ),
        Checked(
            "A suspended author's content is gone and the next post refused",
            (deeds.suspended_status, deeds.second_try_status) == (410, 403),
            f"page status {deeds.suspended_status}, next post {deeds.second_try_status}",
        ),
        Checked(
            "A decision that is taken back brings the post back",
            (deeds.undone_before_status, deeds.undone_after_status) == (410, 200),
            f"page status {deeds.undone_before_status}, then {deeds.undone_after_status}",
        ),
    ]


def _answered(deeds: Deeds) -> list[Checked]:
    return [
        Checked(
            "What was posted before it was banked is found by looking back, and removed",
            deeds.looked_back_status == 410,
            f"page status {deeds.looked_back_status}",
        ),
        Checked(
            "A removal order is executed within its hour and answered by Annex II",
            (deeds.ordered_status, deeds.order_stage, deeds.order_answer) == (410, "executed", "annex_ii")
            and deeds.order_took_s < HOUR_S,
            f"{deeds.order_stage} after {deeds.order_took_s:.1f} s, page status {deeds.ordered_status}",
        ),
        Checked(
            "A complaint that is right gives the post back",
            (deeds.complained_before_status, deeds.complaint_state, deeds.complained_after_status)
            == (410, "reversed", 200),
            f"page status {deeds.complained_before_status}, then {deeds.complained_after_status}",
        ),
        Checked(
            "The yearly report counts the order, what it took down, and what a complaint gave back",
            len(deeds.reported) > 0 and all(value == 1 for value in deeds.reported.values()),
            ", ".join(f"{key}: {value:g}" for key, value in deeds.reported.items()) or "nothing",
        ),
    ]


def _afterwards(deeds: Deeds) -> list[Checked]:
    return [
        Checked(
            "A platform that only pretends to obey raises an alarm",
            deeds.pretended_status == 200 and deeds.alarm,
            f"page status {deeds.pretended_status}, {'alarm' if deeds.alarm else 'no alarm'}",
        ),
        Checked(
            "Every message had its effect once",
            deeds.messages > 0 and deeds.messages_twice == 0,
            f"{deeds.messages} messages, {deeds.messages_twice} with more than one effect",
        ),
        Checked("The ledger is whole", deeds.ledger_whole, deeds.ledger_sentence),
    ]
