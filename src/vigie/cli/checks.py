"""What `vigie doctor` looks at: each check is a function that returns one finding.

A check changes nothing; what it cannot find out it says.
"""

import json
import os
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import click
import psycopg

from vigie.cli.connection import use_database
from vigie.cli.schema import pending_migrations
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.settings import Settings, read_settings
from vigie.orders.readiness import lacking
from vigie.up.folder import running_database_url, running_processes
from vigie.up.ports import reserved
from vigie.up.supervisor import check_database

FREE_BYTES_MIN = 1_000_000_000
CLOCK_OFFSET_S_MAX = 5.0
KEY_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Finding:
    """`good`, `note` (works, but look at it) or `bad` (must be mended); `mend` says how."""

    part: str
    state: Literal["good", "note", "bad"]
    sentence: str
    mend: str = ""


def all_findings(data: Path) -> list[Finding]:
    """Every check, in the order in which one would mend."""
    try:
        settings = read_settings(os.environ)
    except VigieError as error:
        return [Finding("settings", "bad", error.sentence, error.hint)]
    data = data.expanduser().absolute()
    findings = [python(), kernel(), folder(data), disk(data), keys(data)]
    findings += [port(data, settings), orders(settings)]
    url, finding = database(data, settings)
    findings.append(finding)
    if url is not None:
        findings += [clock(url), schema(data), keyring(data)]
    return findings


def show_json(findings: list[Finding]) -> None:
    """One line: whether all is well, and every finding."""
    well = all(finding.state != "bad" for finding in findings)
    click.echo(json.dumps({"well": well, "findings": [asdict(finding) for finding in findings]}))


def python() -> Finding:
    """The interpreter."""
    return Finding("python", "good", "Python " + ".".join(str(part) for part in sys.version_info[:3]))


def kernel() -> Finding:
    """Whether the Rust kernel can be imported."""
    try:
        import_module("vigie_kernel")
    except ImportError as error:
        return Finding("kernel", "bad", f"The kernel cannot be imported: {error}.", "Build it: make kernel")
    return Finding("kernel", "good", f"vigie_kernel {version('vigie_kernel')}")


def folder(data: Path) -> Finding:
    """Whether the data folder can be written, and by this user alone."""
    if not data.exists():
        return Finding("data", "note", f"{data} does not exist yet.", "`vigie up` makes it.")
    if not os.access(data, os.W_OK | os.X_OK):
        return Finding(
            "data", "bad", f"{data} cannot be written.", "Use the account that started Vigie first."
        )
    if stat.S_IMODE(data.stat().st_mode) & 0o006:
        return Finding("data", "note", f"Other users can read {data}.", f"chmod 700 {data}")
    return Finding("data", "good", f"{data} can be written")


def disk(data: Path) -> Finding:
    """Free space where the data folder is or will be."""
    existing = next(one for one in (data, *data.parents) if one.exists())
    free = shutil.disk_usage(existing).free
    sentence = f"{free / 1e9:.1f} GB are free"
    if free < FREE_BYTES_MIN:
        return Finding("disk", "bad", sentence + ".", "Free at least 1 GB, or move the data folder.")
    return Finding("disk", "good", sentence)


def keys(data: Path) -> Finding:
    """Key files that nobody else can read."""
    found = sorted((data / "keys").glob("*")) if (data / "keys").exists() else []
    if not found:
        return Finding("keys", "note", "There are no keys yet.", "Vigie makes them when it first needs them.")
    loose = [one.name for one in found if stat.S_IMODE(one.stat().st_mode) != KEY_MODE]
    if loose:
        return Finding("keys", "bad", f"Not private: {', '.join(loose)}.", f"chmod 600 {data / 'keys'}/*")
    return Finding("keys", "good", f"{', '.join(one.name for one in found)}, readable by their owner alone")


def port(data: Path, settings: Settings) -> Finding:
    """Whether Vigie serves, or could."""
    if _runs(data):
        return Finding(
            "port", "good", f"Vigie serves at {running_processes(data).get('url', 'an unknown address')}"
        )
    try:
        with reserved(settings.host, settings.port) as number:
            return Finding("port", "good", f"{settings.host}:{number} is free")
    except VigieError as error:
        return Finding("port", "bad", error.sentence, error.hint)


def orders(settings: Settings) -> Finding:
    """Whether somebody would know of a removal order that comes at night, and answer in their own name."""
    lacks = lacking(settings)
    if not lacks:
        return Finding("orders", "good", "somebody is called, the mailbox is read, answers bear your name")
    said = {
        "on_call": ("nobody is called", "VIGIE_ONCALL_URL, or VIGIE_ONCALL_MAILS with VIGIE_SMTP_URL"),
        "mailbox": ("no mailbox is read", "VIGIE_ORDERS_IMAP_URL"),
        "provider": ("answers bear no name", "VIGIE_PROVIDER_NAME"),
    }
    sentence = "when a removal order comes, " + ", ".join(said[lack][0] for lack in lacks)
    return Finding("orders", "note", sentence, "Set " + "; ".join(said[lack][1] for lack in lacks) + ".")


def database(data: Path, settings: Settings) -> tuple[str | None, Finding]:
    """The address of a database that answers, if there is one, and what there is to say."""
    try:
        url = settings.database_url or running_database_url(data)
    except VigieError as error:
        return None, Finding(
            "database", "note", "The embedded database is not running.", f"{error.hint} Then ask again."
        )
    try:
        check_database(url)
    except VigieError as error:
        return None, Finding("database", "bad", error.sentence, error.hint)
    with psycopg.connect(url, connect_timeout=5) as connection:
        version = connection.info.server_version
    kind = "of VIGIE_DATABASE_URL" if settings.database_url else "embedded"
    return url, Finding("database", "good", f"PostgreSQL {version // 10_000}.{version % 10_000}, {kind}")


def clock(url: str) -> Finding:
    """Whether this machine and the database agree on the time: legal clocks depend on it."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    offset_s = abs(now().timestamp() - (row[0] if row else 0.0))
    if offset_s > CLOCK_OFFSET_S_MAX:
        return Finding(
            "clock", "bad", f"This machine and the database differ by {offset_s:.0f} s.", "Run NTP on both."
        )
    return Finding("clock", "good", f"{now():%Y-%m-%d %H:%M:%S} UTC, as the database says")


def schema(data: Path) -> Finding:
    """Whether every migration was applied."""
    pending = _reading(lambda: (use_database(data), pending_migrations())[1])
    if isinstance(pending, str):
        return Finding(
            "schema", "bad", f"The schema cannot be read: {pending}.", "See the log of `vigie up`."
        )
    if pending:
        return Finding("schema", "bad", f"{len(pending)} migrations are pending.", "Run: vigie migrate")
    return Finding("schema", "good", "every migration is applied")


def keyring(data: Path) -> Finding:
    """Whether the keys are those that the database was written with."""
    try:
        settings = use_database(data)
        from vigie.flows.keyring import check_keys

        check_keys(settings)
    except VigieError as error:
        return Finding("keyring", "bad", error.sentence, error.hint)
    return Finding("keyring", "good", "the keys are those that this database was written with")


def _runs(data: Path) -> bool:
    try:
        running_database_url(data)
    except VigieError:
        return False
    return True


def _reading(question: Callable[[], list[str]]) -> list[str] | str:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error

    try:
        return question()
    except (ImproperlyConfigured, Error, ImportError) as error:
        return type(error).__name__
