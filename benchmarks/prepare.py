"""Puts a platform, a bank with hashes and a token into a running Vigie and prints the token: `prepare DATA CODES NAME`.

Only the banking is not what people do: a million entries go in by COPY, told to every process by one ledger entry.
"""

import sys
from pathlib import Path

import numpy as np
from benchmarks.corpora import Codes

from vigie.cli.connection import use_database
from vigie.foundation.settings import Settings

_SOURCE = "bench"
_ROWS_AT_ONCE = 20_000


def main(data: Path, banked: Codes, name: str) -> str:
    """The token, with the scopes content:write and match:read."""
    settings = use_database(data)
    token = _platform(name, settings)
    _bank(name, banked)
    return token


def _platform(name: str, settings: Settings) -> str:
    from vigie.ledger.actors import COMMAND_LINE
    from vigie.people.rights import Right
    from vigie.people.service import add_token
    from vigie.platforms.service import add_platform

    add_platform(name=name, title="Benchmarks", url="", actor=COMMAND_LINE, settings=settings)
    scopes = [Right.CONTENT_WRITE.value, Right.MATCH_READ.value]
    _, token = add_token(name=name, scopes=scopes, actor=COMMAND_LINE, platform=name)
    return token


def _bank(name: str, banked: Codes) -> None:
    from django.db import transaction

    from vigie.banks.events import EntriesImported
    from vigie.banks.service import create_bank
    from vigie.ledger import service as ledger
    from vigie.ledger.actors import COMMAND_LINE

    bank = create_bank(name=name, title="Benchmarks", actor=COMMAND_LINE)
    with transaction.atomic():
        first = _copy(banked, bank.pk)
        last = first + len(banked) - 1
        ledger.append(
            EntriesImported(bank=name, source=_SOURCE, first=first, last=last, count=len(banked)),
            actor=COMMAND_LINE,
            subject=f"bank:{name}",
        )


def _copy(banked: Codes, bank: int) -> int:
    """Put the rows in and return the first entry's id."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("LOCK bank_entry, bank_entry_signal IN EXCLUSIVE MODE")
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM bank_entry")
        first = int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO bank_entry (id, bank_id, kind, legal_type, note, source, source_reference, added_at,"
            " added_by, confirmed_by, picture, preview, text)"
            " SELECT n, %s, 'known', '', '', %s, '', now(), %s, '', '', '', ''"
            " FROM generate_series(%s::bigint, %s::bigint) AS n",
            [bank, _SOURCE, _SOURCE, first, first + len(banked) - 1],
        )
        with cursor.copy("COPY bank_entry_signal (entry_id, type, value, quality) FROM STDIN") as copied:
            for start in range(0, len(banked), _ROWS_AT_ONCE):
                piece = enumerate(banked[start : start + _ROWS_AT_ONCE], first + start)
                copied.write(
                    "".join(f"{entry}\tpdq\t\\\\x{one.tobytes().hex()}\t100\n" for entry, one in piece)
                )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('bank_entry', 'id'), (SELECT max(id) FROM bank_entry))"
        )
    return first


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), np.load(sys.argv[2]), sys.argv[3]))
