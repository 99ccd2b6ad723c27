"""Receiving notices and answering them, flaggers, and misuse: each one transaction with its ledger entry.

It opens no case and decides none: `flows.notice` does.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from vigie.cases.models import Case, Content, Decision
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.foundation.identifiers import new_uuid, parse_public_number
from vigie.foundation.keys import key_from_file
from vigie.foundation.limits import URL_CHARS_MAX
from vigie.foundation.links import link_hash, link_token
from vigie.foundation.secretbox import lock_text, unlock_text
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor, person
from vigie.ledger.events import Event
from vigie.misuse import records
from vigie.misuse import service as misuse
from vigie.misuse.models import MisuseFinding
from vigie.misuse.records import Who
from vigie.misuse.service import Found
from vigie.notices import events
from vigie.notices.channels import REFERRED, is_referral
from vigie.notices.mails import queue_mail
from vigie.notices.models import Notice, Notifier, TrustedFlagger
from vigie.notices.states import DECIDED, NoticeAct, NoticeState, act_of_decision, after
from vigie.notices.waves import SAME_NOTIFIER_WITHIN, SAME_WORDS_WITHIN, words_key
from vigie.people.models import User

TEXT_CHARS_MIN = 10
TEXT_CHARS_MAX = 10_000
NAME_CHARS_MAX = 200
EMAIL_CHARS_MAX = 254

# What a notice can be about. Vigie's subject is the first; the rest is received, decided and counted all the same.
CATEGORIES = ("terrorism", "violence", "hate", "other")


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What somebody reports. Name and address are never asked for as a condition: Art. 16(2)(c), (4)."""

    text: str
    url: str
    category: str
    language: str
    good_faith: bool
    came_by: Notice.CameBy
    name: str = ""
    email: str = ""
    threat_to_life: bool = False
    flagger: TrustedFlagger | None = None


def check_notice(draft: NoticeDraft) -> None:
    """Raise Invalid unless it is a notice. Source: (EU) 2022/2065 Art. 16(2)(a) to (d)."""
    if not TEXT_CHARS_MIN <= len(draft.text.strip()) <= TEXT_CHARS_MAX:
        raise Invalid(
            "Say in words why the content is illegal.",
            hint="At least 10 and at most 10,000 characters.",
            code="notice_text",
        )
    if not draft.url.startswith(("http://", "https://")) or len(draft.url) > URL_CHARS_MAX:
        raise Invalid(
            "Give the exact address of the content.", hint="It begins with https://.", code="bad_url"
        )
    if draft.category not in CATEGORIES:
        raise Invalid("There is no such kind of content.", hint="One of: " + ", ".join(CATEGORIES) + ".")
    if not draft.good_faith:
        raise Invalid(
            "Confirm that you report in good faith that what you say is accurate.", code="good_faith_missing"
        )
    if len(draft.name) > NAME_CHARS_MAX or len(draft.email) > EMAIL_CHARS_MAX:
        raise Invalid("A name or an e-mail address is too long.")
    if draft.email and ("@" not in draft.email or any(one.isspace() for one in draft.email.strip())):
        raise Invalid("This is no e-mail address.", hint="Leave it empty if you want none to be kept.")


def receive_notice(
    draft: NoticeDraft, content: Content, *, from_address: str, actor: Actor, settings: Settings
) -> Notice:
    """Keep a notice about a content, inside the caller's transaction; it counts as confirmed with that.

    `from_address` tells again who reports when they give no e-mail address; only a keyed hash of either is kept.
    """
    at, text = now(), draft.text.strip()
    notifier = _notifier(draft, from_address, settings)
    suspension = None
    if notifier is not None and not draft.threat_to_life and not is_referral(draft.came_by):
        suspension = records.suspension_of(Who("notifier", content.platform, notifier.key), at=at)
    notice = Notice.objects.create(
        content=content,
        notifier=notifier,
        flagger=draft.flagger,
        came_by=draft.came_by,
        category=draft.category,
        url=draft.url,
        language=draft.language,
        locked_text=lock_text(text, settings=settings),
        locked_contact=_locked_contact(draft, settings),
        words_key=words_key(text),
        threat_to_life=draft.threat_to_life,
        state=NoticeState.SET_ASIDE if suspension else NoticeState.QUEUED,
        set_aside_by=suspension,
        link_hash=link_hash(new_uuid()),
        received_at=at,
    )
    notice.wave = _wave_of(notice)
    notice.link_hash = link_hash(link_token(notice.number, settings=settings))
    notice.save(update_fields=["wave", "link_hash"])
    _record(
        notice,
        events.NoticeReceived(
            notice=notice.number,
            platform=content.platform.name,
            content=content.external_id,
            came_by=notice.came_by,
            category=notice.category,
            flagger=draft.flagger.name if draft.flagger else "",
            threat_to_life=notice.threat_to_life,
            state=notice.state,
        ),
        actor,
    )
    queue_mail(notice, "received", settings=settings)
    return notice


def answer_notices(decision: Decision, *, actor: Actor, settings: Settings) -> None:
    """The decision about a case answers every notice of it, and each notifier can read that; in its transaction.

    While an authority forbids to tell, nobody is told: `tell_released` does afterwards. Source: (EU) 2021/784
    Art. 11(3).
    """
    act = act_of_decision(action=decision.action, legal_type=decision.legal_type)
    for notice in _waiting(decision.case):
        notice.state = after(NoticeState(notice.state), act)
        outcome = notice.state
        notice.decision, notice.decided_at = decision, decision.taken_at
        _record(
            notice,
            events.NoticeDecided(
                notice=notice.number,
                decision=decision.number,
                outcome=outcome,
                flagger=notice.flagger.name if notice.flagger else "",
            ),
            actor,
        )
        if decision.withheld_until is None or decision.withheld_until <= now():
            _tell(notice, decision.taken_at, settings)
        notice.save()


def tell_released(*, at: datetime, limit: int, settings: Settings) -> int:
    """Tell the notifiers of decisions about which silence is over; returns how many."""
    with transaction.atomic():
        due = _locked_rows().filter(state__in=DECIDED, told_at=None, decision__withheld_until__lte=at)
        rows = list(due.select_related("decision").order_by("id")[:limit])
        for notice in rows:
            _tell(notice, now(), settings)
            notice.save()
    return len(rows)


def reopen_notices(decision: Decision, *, actor: Actor) -> None:
    """The decision was taken back: its notices wait again, inside the caller's transaction."""
    for notice in _locked_rows().filter(decision=decision, state__in=[*DECIDED, NoticeState.TOLD]):
        notice.state = after(NoticeState(notice.state), NoticeAct.REOPEN)
        notice.decision, notice.decided_at, notice.told_at = None, None, None
        # What it was found to be rested on that decision; `flows.misuse` takes the finding back.
        notice.unfounded = False
        notice.save()
        _record(notice, events.NoticeReopened(notice=notice.number), actor)


def take_up(number: str, *, actor: Actor) -> Notice:
    """Look at a notice that was set aside, inside the caller's transaction."""
    notice = _locked(number)
    notice.state = after(NoticeState(notice.state), NoticeAct.TAKE_UP)
    notice.save(update_fields=["state"])
    _record(notice, events.NoticeTakenUp(notice=notice.number), actor)
    return notice


def to_take_up(*, at: datetime, limit: int) -> list[str]:
    """Notices that were set aside by a suspension which is over."""
    rows = Notice.objects.filter(records.ended_at(at), state=NoticeState.SET_ASIDE)
    return [one.number for one in rows.order_by("id")[:limit]]


def find_unfounded(number: str, *, user: User) -> Notice:
    """A person finds that a notice which led to nothing had manifestly no ground; it counts for its notifier."""
    with transaction.atomic():
        notice = _locked(number)
        if notice.decision is None or notice.decision.action != Decision.Action.KEEP or notice.case is None:
            raise Conflict("Only a notice that led to nothing can be manifestly unfounded.")
        if notice.unfounded:
            return notice
        notice.unfounded = True
        notice.save(update_fields=["unfounded"])
        _record(notice, events.NoticeFoundUnfounded(notice=notice.number), person(user.pk))
        who = who_sent(notice)
        if who is not None:
            found = Found(notice.number, notice.decision.number, notice.case, notice.received_at)
            misuse.find(who, found, user=user)
    return notice


def note_found_after_all(finding: MisuseFinding) -> None:
    """A person takes back that a notice was manifestly unfounded, inside the caller's transaction."""
    Notice.objects.filter(pk=parse_public_number("N", finding.about) or 0).update(unfounded=False)


def who_sent(notice: Notice) -> Who | None:
    """Its notifier, on its platform alone; None when nobody can tell, and for a referral.

    Source: (EU) 2022/2065 Art. 23(2): what comes through the mechanism of Art. 16 can be misuse.
    """
    if notice.notifier is None or notice.is_referral:
        return None
    return Who("notifier", notice.content.platform, notice.notifier.key)


def decided_of(who: Who, *, since: datetime) -> int:
    """How many notices of a notifier were decided, of those since an instant; others say nothing of them yet."""
    decided = Notice.objects.filter(
        notifier__key=who.key,
        content__platform=who.platform,
        decided_at__isnull=False,
        received_at__gt=since,
    )
    return decided.exclude(came_by__in=REFERRED).count()


def from_trusted_flagger(case: Case) -> bool:
    """Whether a trusted flagger reported what a case is about."""
    return case.notices.filter(flagger__isnull=False).exists()


def notices() -> QuerySet[Notice]:
    """All notices with what is shown of them."""
    return Notice.objects.select_related(
        "content__platform", "case", "decision__undoes", "flagger", "notifier", "wave"
    )


def find_notice(number: str) -> Notice:
    """The notice with this public number; raises NotFound."""
    notice = notices().filter(pk=parse_public_number("N", number) or 0).first()
    if notice is None:
        raise NotFound("There is no such notice.")
    return notice


def notice_of_link(token: str) -> Notice | None:
    """The notice that a private link opens."""
    return notices().filter(link_hash=link_hash(token)).first()


def notice_address(notice: Notice, *, settings: Settings) -> str:
    """The private link of a notifier."""
    return f"{settings.base_url}/notice/{link_token(notice.number, settings=settings)}"


def notice_text(notice: Notice, *, settings: Settings) -> str:
    """What the notifier wrote."""
    return unlock_text(notice.locked_text, settings=settings)


def wave_size(notice: Notice) -> int:
    """How many notices are in the wave of this one; for showing, never for deciding."""
    root = notice.wave_id or notice.pk
    return Notice.objects.filter(Q(pk=root) | Q(wave_id=root)).count()


def _notifier(draft: NoticeDraft, from_address: str, settings: Settings) -> Notifier | None:
    who = f"mail\0{draft.email.strip().casefold()}" if draft.email.strip() else f"from\0{from_address}"
    if not draft.email.strip() and not from_address:
        return None
    key = key_from_file(settings.keys_folder / "secrets.key")
    digest = hmac.new(key, b"vigie notifier\0" + who.encode(), hashlib.sha256).hexdigest()
    return Notifier.objects.get_or_create(key=digest)[0]


def _locked_contact(draft: NoticeDraft, settings: Settings) -> str:
    contact = {"name": draft.name.strip(), "email": draft.email.strip()}
    return lock_text(json.dumps(contact), settings=settings) if any(contact.values()) else ""


def _wave_of(notice: Notice) -> Notice | None:
    """The first notice of the wave that this one joins; None when it begins one."""
    at = notice.received_at
    near = Q(content_id=notice.content_id)
    if notice.words_key:
        near |= Q(words_key=notice.words_key, received_at__gte=at - SAME_WORDS_WITHIN)
    if notice.notifier_id is not None:
        near |= Q(notifier_id=notice.notifier_id, received_at__gte=at - SAME_NOTIFIER_WITHIN)
    found = Notice.objects.filter(near, pk__lt=notice.pk).order_by("id").first()
    return found and (found.wave or found)


def _waiting(case: Case) -> list[Notice]:
    return list(_locked_rows().filter(case=case, state=NoticeState.QUEUED).order_by("id"))


def _locked_rows() -> QuerySet[Notice]:
    return Notice.objects.select_for_update(of=("self",)).select_related(
        "content__platform", "case", "flagger", "notifier"
    )


def _locked(number: str) -> Notice:
    notice = (
        _locked_rows().select_related("decision").filter(pk=parse_public_number("N", number) or 0).first()
    )
    if notice is None:
        raise NotFound("There is no such notice.")
    return notice


def _tell(notice: Notice, at: datetime, settings: Settings) -> None:
    """The notifier can read the decision from now on, and is sent it where they gave an address."""
    notice.state, notice.told_at = after(NoticeState(notice.state), NoticeAct.TELL), at
    _record(notice, events.NotifierTold(notice=notice.number), SYSTEM)
    queue_mail(notice, "decided", settings=settings)


def _record(notice: Notice, event: Event, actor: Actor) -> None:
    ledger.append(event, actor=actor, subject=_subject(notice))


def _subject(notice: Notice) -> str:
    return f"case:{notice.case.number}" if notice.case else f"content:{notice.content.reference}"[:200]
