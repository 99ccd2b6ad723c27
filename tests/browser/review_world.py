"""Fill a running Vigie for the tests of reviewing: people, a platform, a bank with two pictures that a second person
confirmed. Run with its data folder; prints what the tests need as JSON.

It goes through the services, so everything is in the ledger as if people had done it.
"""

import json
import sys
from pathlib import Path

from vigie.cli.connection import use_database

PASSWORD = "quiet-harbour-47-lamp"
PLATFORM = "review-forum"
BANK = "review-heron"


def main(data: Path) -> None:
    """Everything, once."""
    settings = use_database(data)

    from pictures import as_bytes, picture
    from vigie.banks.confirmation import confirm_entry
    from vigie.banks.service import Provenance, create_bank
    from vigie.flows.banking import Banking, bank_file
    from vigie.ledger.actors import COMMAND_LINE, person
    from vigie.people.service import add_token, add_user
    from vigie.platforms.service import add_platform

    roles = {
        "review-anna": "reviewer",
        "review-ben": "senior_reviewer",
        "review-fleur": "reviewer",
        "review-audrey": "auditor",
    }
    people = {
        name: add_user(username=name, password=PASSWORD, role=role, actor=COMMAND_LINE)
        for name, role in roles.items()
    }
    people["review-fleur"].language = "fr"
    people["review-fleur"].save(update_fields=["language"])
    add_platform(name=PLATFORM, title="Review forum", url="", actor=COMMAND_LINE, settings=settings)
    create_bank(name=BANK, title="Review: Grey Heron", actor=COMMAND_LINE, may_remove=True)
    for seed in (101, 102):
        banking = Banking(BANK, Provenance("unit A"), legal_type="a")
        adder = person(people["review-anna"].pk)
        entry = bank_file(as_bytes(picture(seed)), banking, actor=adder, settings=settings).entry
        confirm_entry(entry.number, actor=person(people["review-ben"].pk))
    _, token = add_token(name="review forum", scopes=["content:write"], platform=PLATFORM, actor=COMMAND_LINE)
    print(json.dumps({"token": token, "password": PASSWORD, "platform": PLATFORM}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
