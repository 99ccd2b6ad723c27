"""People, a bank, a platform and an index in the database of a test."""

from dataclasses import dataclass

from pictures import as_bytes, picture
from vigie.banks import confirmation
from vigie.banks import service as banks
from vigie.banks.models import Entry
from vigie.banks.service import Provenance
from vigie.flows.banking import Banking, bank_file
from vigie.flows.examination import Upload, UploadedMedium
from vigie.flows.first_start import activate_first_policy
from vigie.flows.upload import Tools, judge_upload
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE, Actor, person
from vigie.matching.index import MatchIndex
from vigie.people.models import User
from vigie.platforms import service as platforms
from vigie.policy import service as policies

SOURCE = Provenance("unit A")


class NoRemovals:
    """Nobody's content was removed before."""

    def of_author(self, platform: str, author_id: str) -> int:
        """Always 0."""
        return 0


@dataclass
class Domain:
    """Everything that most tests need."""

    anna: User
    ben: User
    index: MatchIndex

    @property
    def adder(self) -> Actor:
        """The reviewer, who adds."""
        return person(self.anna.pk)

    @property
    def confirmer(self) -> Actor:
        """The senior reviewer, who confirms."""
        return person(self.ben.pk)

    def tools(self) -> Tools:
        """What judging needs, as up to date as the database."""
        self.index.catch_up()
        return Tools(self.index, policies.reload_if_changed(), NoRemovals(), current())

    def bank(self, seed: int = 1, *, kind: Entry.Kind = Entry.Kind.KNOWN) -> Entry:
        """A banked picture, unconfirmed."""
        banking = Banking("grey-heron", SOURCE, kind=kind, legal_type="a")
        return bank_file(as_bytes(picture(seed)), banking, actor=self.adder, settings=current()).entry

    def bank_confirmed(self, seed: int = 1) -> Entry:
        """A banked picture that the second person confirmed."""
        return confirmation.confirm_entry(self.bank(seed).number, actor=self.confirmer)

    def ask(
        self, external_id: str, data: bytes, *, text: str = "", author: str = "u-1", key: str = ""
    ) -> dict:  # type: ignore[type-arg]
        """The answer about a post with one medium."""
        upload = Upload(
            "forum",
            external_id,
            url=f"http://forum.example/p/{external_id}",
            author_id=author,
            text=text,
            media=(UploadedMedium("m1", data=data),) if data else (),
            idempotency_key=key,
        )
        return judge_upload(upload, tools=self.tools(), actor=COMMAND_LINE)


def make_domain() -> Domain:
    """Fill an empty database."""
    settings = current()
    activate_first_policy(settings)
    # Nobody signs in here, and hashing two passwords for every test would take longer than the tests.
    anna = User.objects.create(username="anna", role="reviewer")
    ben = User.objects.create(username="ben", role="senior_reviewer")
    banks.create_bank(name="grey-heron", title="Grey Heron", actor=COMMAND_LINE, may_remove=True)
    platforms.add_platform(
        name="forum", title="Forum", url="http://forum.example/hook", actor=COMMAND_LINE, settings=settings
    )
    index = MatchIndex()
    index.start(settings.data / "index")
    return Domain(anna, ben, index)
