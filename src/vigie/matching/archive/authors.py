"""How much an author published, as far as the archive goes back: counted when a person asks, never kept.

It names no author: they are found by a keyed hash, on one platform.
"""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from vigie.foundation.settings import Settings
from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.parts import Part, list_parts
from vigie.matching.archive.reading import PartDamaged
from vigie.matching.archive.records import micros

_COLUMNS = ["at_us", "platform", "content", "author_key"]
# Parts are merged and dropped while others read them: then the list is read anew.
_WALKS_MAX = 3


def contents_of(author_key: str, *, platform: str, since: datetime, settings: Settings) -> set[str]:
    """The platform's ids of an author's contents since an instant; the last second may be missing.

    Raises PartDamaged for a part that stays unreadable.
    """
    archive = ArchiveFolder.of(settings)
    for walk in range(1, _WALKS_MAX + 1):
        try:
            return _walk(list_parts(archive), author_key, platform, since)
        except PartDamaged:
            if walk == _WALKS_MAX:
                raise
    raise AssertionError("the last walk returns or raises")


def _walk(parts: list[Part], author_key: str, platform: str, since: datetime) -> set[str]:
    first_day = since.astimezone(UTC).date().isoformat()
    found: set[str] = set()
    for part in parts:
        if part.note.day < first_day:
            continue
        file = part.open_uploads()
        for group in range(file.metadata.num_row_groups):
            rows = file.read_row_group(group, columns=_COLUMNS)
            mask = pc.and_(
                pc.equal(rows["author_key"], pa.scalar(author_key)),
                pc.and_(
                    pc.equal(rows["platform"], pa.scalar(platform)),
                    pc.greater(rows["at_us"], pa.scalar(micros(since))),
                ),
            )
            found.update(rows["content"].filter(mask).to_pylist())
    return found
