"""Fill a running Vigie for the tests of banks and operations: people of every role, a bank, a platform, and a dead
letter and an alarm that would take days to come by. Run with its data folder; prints what the tests need as JSON.

Everything but those two goes through the services.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

from vigie.cli.connection import use_database

PASSWORD = "quiet-harbour-47-lamp"
ROLES = {
    "ops-ada": "administrator",
    "ops-ben": "senior_reviewer",
    "ops-cleo": "legal_officer",
    "ops-anna": "reviewer",
    "ops-audrey": "auditor",
    "ops-nils": "analyst",
    "ops-fleur": "administrator",
}


def main(data: Path) -> None:
    """Everything, once."""
    settings = use_database(data)

    from django.db import transaction

    from pictures import as_bytes, picture
    from vigie.banks.service import Provenance, create_bank
    from vigie.flows.banking import Banking, bank_file
    from vigie.foundation.clock import now
    from vigie.ledger.actors import COMMAND_LINE, person
    from vigie.ledger.models import OutboxMessage
    from vigie.people.service import add_token, add_user
    from vigie.platforms.enforcement import Enforcement, request_enforcement
    from vigie.platforms.messages import Measure
    from vigie.platforms.models import Recheck
    from vigie.platforms.service import add_platform

    people = {
        name: add_user(username=name, password=PASSWORD, role=role, actor=COMMAND_LINE)
        for name, role in ROLES.items()
    }
    people["ops-fleur"].language = "fr"
    people["ops-fleur"].save(update_fields=["language"])
    create_bank(name="ops-heron", title="Ops: Grey Heron", actor=COMMAND_LINE, may_remove=True)
    create_bank(name="ops-empty", title="Ops: nothing yet", actor=COMMAND_LINE)
    entries = [
        bank_file(
            as_bytes(picture(seed)),
            Banking("ops-heron", Provenance("unit A", "https://heron.example/7"), legal_type="a"),
            actor=person(people[who].pk),
            settings=settings,
        ).entry.number
        for seed, who in ((201, "ops-ben"), (202, "ops-anna"), (203, "ops-anna"))
    ]
    # Nothing listens on port 9: what goes there stays on its way.
    platform, _ = add_platform(
        name="ops-forum", title="Ops forum", url="http://127.0.0.1:9/", actor=COMMAND_LINE, settings=settings
    )
    with transaction.atomic():
        message = request_enforcement(
            Enforcement(
                platform, "post-1", "post", "", "", "C-000001", None, "a-rule", (Measure.REMOVE_CONTENT,)
            ),
            actor=person(people["ops-ben"].pk),
        )
    assert message is not None
    OutboxMessage.objects.filter(pk=message.pk).update(state="dead", attempts=80, last_error="http_503")
    Recheck.objects.create(
        key="ops-alarm",
        platform=platform,
        content="ops-forum/post-2",
        content_url="https://forum.example/p/2",
        case="C-000001",
        sequence=1,
        due_at=now() + timedelta(days=1),
        looks=4,
        last_seen="HTTP 200",
        alarm_at=now() - timedelta(hours=2),
        created_at=now() - timedelta(hours=3),
    )
    ben = people["ops-ben"]
    rights = [right.value for right in ben.rights]
    tokens = {
        "reviewer": add_token(name="ben's", scopes=rights, user=ben, actor=COMMAND_LINE)[1],
        "platform": add_token(
            name="forum's", scopes=["content:write"], platform="ops-forum", actor=COMMAND_LINE
        )[1],
    }
    print(json.dumps({"password": PASSWORD, "entries": entries, "tokens": tokens}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
