"""Making a test's database as it was when it was copied: many times quicker than another copy of 800 files.

It needs the rights of a superuser, and takes back only rows: a database whose tables, triggers or settings are no
longer the same is left to be dropped.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[object, ...]]

# What a TRUNCATE, a VACUUM and an ANALYZE change in pg_class is left out. Of the other catalogues every row that is
# new, gone or written again shows, as none is written by them.
_RELATIONS = """
    SELECT md5(string_agg(concat_ws(',', oid, relname, relowner, relnatts, relchecks, relhastriggers, reloptions), ';'
                          ORDER BY oid))
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
_CATALOGUES = (
    *("pg_attrdef", "pg_attribute", "pg_constraint", "pg_db_role_setting", "pg_index", "pg_namespace"),
    *("pg_proc", "pg_rewrite", "pg_trigger", "pg_type"),
)
_SHAPE = f"SELECT ({_RELATIONS}), " + ", ".join(
    f"(SELECT concat_ws(' ', count(*), max(xmin::text::bigint)) FROM {name})" for name in _CATALOGUES
)
_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    " AND pg_relation_size(oid) > 0 ORDER BY relname"
)
_SEQUENCES = "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"


@dataclass(frozen=True)
class Original:
    """A database as it was copied: its shape, the rows it came with, and where its sequences stood."""

    shape: tuple[object, ...]
    rows: dict[str, bytes]
    sequences: list[tuple[str, int, bool]]


def original(connection: Connection) -> Original:
    """What the database of this connection is now."""
    rows = {}
    for name in _tables(connection):
        with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy:
            rows[name] = b"".join(bytes(piece) for piece in copy)
    found = connection.execute(_SEQUENCES).fetchall()
    sequences = [(str(name), last or start, last is not None) for name, start, last in found]
    return Original(_shape(connection), rows, sequences)  # type: ignore[arg-type] # numbers of sequences


def reset(connection: Connection, to: Original) -> bool:
    """End every other connection and take all rows back; whether the database is the original again."""
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    if _shape(connection) != to.shape:
        return False
    with connection.transaction():
        # Neither the guards of the ledger nor foreign keys.
        connection.execute("SET LOCAL session_replication_role = replica")
        touched = sorted({*_tables(connection), *to.rows})
        names = sql.SQL(", ").join(sql.Identifier(name) for name in touched)
        connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
        for name, data in to.rows.items():
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                copy.write(data)
        connection.cursor().executemany("SELECT setval(quote_ident(%s)::regclass, %s, %s)", to.sequences)
    return True


def _tables(connection: Connection) -> list[str]:
    """Tables in which there is a row, or was one since they were made."""
    return [str(row[0]) for row in connection.execute(_TABLES)]


def _shape(connection: Connection) -> tuple[object, ...]:
    row = connection.execute(_SHAPE.encode()).fetchone()
    assert row is not None
    return row
