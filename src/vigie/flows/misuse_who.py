"""Who somebody is as far as misuse is concerned: on one platform, by a keyed hash; and how much they sent.

It joins no two platforms, and no notifier with an author: each counts for what they did themselves.
"""

from datetime import datetime

from vigie.foundation.identifiers import parse_public_number
from vigie.misuse.records import Who
from vigie.notices.models import Notice
from vigie.notices.service import find_notice
from vigie.redress.models import Complaint, Statement

_AUTHOR, _NOTIFIER = "author:", "notifier:"


def user_of(statement: Statement) -> Who | None:
    """The restricted user as one who complains; None where the platform named no author."""
    content = statement.case.content
    if not content.author_key:
        return None
    return Who("complainant", content.platform, _AUTHOR + content.author_key, content.author_id)


def objector_of(notice: Notice) -> Who | None:
    """A notifier as one who complains; None when nobody can tell who it is."""
    if notice.notifier is None:
        return None
    return Who("complainant", notice.content.platform, _NOTIFIER + notice.notifier.key)


def complainant_of(complaint: Complaint) -> Who | None:
    """Who complained."""
    if complaint.statement is not None:
        return user_of(complaint.statement)
    return objector_of(find_notice(complaint.notice))


def complaints_decided(who: Who, *, since: datetime) -> int:
    """How many complaints of a complainant were decided, of those since an instant."""
    decided = Complaint.objects.filter(
        case__content__platform=who.platform, decided_at__isnull=False, received_at__gt=since
    )
    if who.key.startswith(_AUTHOR):
        key = who.key.removeprefix(_AUTHOR)
        return decided.filter(statement__isnull=False, case__content__author_key=key).count()
    about = decided.exclude(notice="").values_list("notice", flat=True)
    numbers = [parse_public_number("N", one) or 0 for one in about]
    key = who.key.removeprefix(_NOTIFIER)
    return Notice.objects.filter(pk__in=numbers, notifier__key=key).count()
