"""A platform whose uploads are judged and kept, and a worker that looks back, in the database of a test."""

import msgspec

from domain import SOURCE, Domain
from vigie.banks import service as banks
from vigie.banks.models import Entry
from vigie.banks.service import EntryDraft, SignalValue
from vigie.flows.examination import Upload, UploadedMedium
from vigie.flows.lookback import Workshop, tend_archive
from vigie.flows.upload import judge_upload
from vigie.foundation.clock import now
from vigie.foundation.settings import Settings, current
from vigie.ledger.actors import COMMAND_LINE
from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.journal import Journal
from vigie.matching.index import MatchIndex


class Platform:
    """A process that judges uploads and keeps them, and one that looks back."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.journal = Journal(ArchiveFolder.of(current()), clock=now)
        self.journal.start()

    def ask(self, content: str, *media: UploadedMedium, text: str = "", author: str = "u-1") -> str:
        """The verdict about a post."""
        upload = Upload(
            "forum",
            content,
            url=f"http://forum.example/p/{content}",
            author_id=author,
            text=text,
            media=media,
        )
        tools = msgspec.structs.replace(self.domain.tools(), archive=self.journal)
        return str(judge_upload(upload, tools=tools, actor=COMMAND_LINE)["verdict"])

    def learn(self) -> None:
        """Take note of changed entries, as the thread that follows the ledger does."""
        self.domain.index.catch_up()
        self.journal.follow(self.domain.index.state.cursor)

    def tend(self, settings: Settings | None = None) -> None:
        """One round of the worker."""
        assert tend_archive(Workshop(settings or current(), self.index, lambda: False))

    def index(self) -> MatchIndex:
        """The index, up to date."""
        self.domain.index.catch_up()
        return self.domain.index


def medium(value: bytes, name: str = "m1", quality: int = 100) -> UploadedMedium:
    """A picture of which the platform sends signals."""
    return UploadedMedium(name, signals={"pdq": value}, pdq_quality=quality)


def bank(value: bytes, *, kind: Entry.Kind = Entry.Kind.KNOWN, name: str = "grey-heron") -> Entry:
    """An entry with one PDQ hash."""
    draft = EntryDraft(signals=(SignalValue("pdq", value, 100),), provenance=SOURCE, kind=kind)
    return banks.add_entry(name, draft, actor=COMMAND_LINE)
