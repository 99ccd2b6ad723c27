"""Makes the reference pages from the program: settings, events, commands, rights, and the tables in the API guide.

`python docs/generate.py` writes them; `tests/unit/test_reference_pages.py` fails while one is not current. It says
nothing that the program does not say: sentences belong where they are true.
"""

import os
import pkgutil
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> dict[Path, str]:
    """What every page should hold; Django must be set up."""
    api = REFERENCE / "api.md"
    return {
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "events.md": events_page(),
        REFERENCE / "cli.md": cli_page(),
        REFERENCE / "rights.md": rights_page(),
        api: _BLOCK.sub(_block, api.read_text(encoding="utf-8")),
    }


def settings_page() -> str:
    """Every setting with its variable, default and range."""
    from vigie.foundation import settings

    ranges: dict[str, tuple[int, int]] = vars(settings)["_RANGES"]
    rows = [
        (
            f"`VIGIE_{one.name.upper()}`",
            one.metadata["meaning"],
            _default(one.default),
            "{:,} to {:,}".format(*ranges[one.name]) if one.name in ranges else "",
        )
        for one in fields(settings.Settings)
    ]
    return _page(
        "Settings",
        "Vigie is set by environment variables and by nothing else. A value that cannot be used stops the start with a"
        " sentence that names it. Secrets that are not set are made at first start and kept in the data folder. Limits"
        " that are no setting stand in the [API reference](api.md#limits).",
        _table(("variable", "meaning", "default", "range"), rows),
    )


def events_page() -> str:
    """Every event of the ledger with its facts."""
    events = _events()
    domains = sorted({name.partition(".")[0] for name in events})
    parts = []
    for domain in domains:
        parts.append(f"## {domain}")
        for name, event in sorted(events.items()):
            if name.partition(".")[0] == domain:
                parts.append(f"### `{name}`\n\n{_first_lines(event.__doc__)}")
                facts = [(f"`{one}`", kind) for one, kind in _facts(event)]
                parts.append(_table(("fact", "type"), facts) if facts else "No facts.")
    return _page(
        "Events",
        "Each thing that happens is one row of the ledger, written in the transaction of the change that it records:"
        " `seq`, `at`, `event`, `actor` (who), `subject` (about what), `facts`, and the hash that chains it to the row"
        " before. Names carry a version: the facts of a name never change their meaning. No fact is content or the name"
        " of a person.",
        *parts,
    )


def cli_page() -> str:
    """Every command with its usage, options and examples."""
    from vigie.cli import main

    parts = [_command(path, command) for path, command in _commands(main, ("vigie",))]
    return _page(
        "Command line",
        "Every command has `--help`, and `--json` for programs: one line on standard output. Errors are sentences on"
        " standard error. Exit status 0: done; 1: refused, or not all was done; 2: not understood. Commands use the"
        " database of `VIGIE_DATABASE_URL`, else that of the `vigie up` that runs on the data folder. Whoever may run"
        " commands on the data folder may act as any person: `--by` says as whom.",
        *parts,
    )


def rights_page() -> str:
    """The tables of who may do what."""
    sys.path.insert(0, str(ROOT / "tests"))
    from rights_table import COLUMNS, SCOPES, TABLE
    from vigie.people.rights import PERSON_ONLY, RIGHTS_OF_ROLE, Right, Role

    roles = [
        (
            f"`{right}`",
            *("yes" if right in RIGHTS_OF_ROLE[role] else "" for role in Role),
            "" if right in PERSON_ONLY else "yes",
        )
        for right in Right
    ]
    operations = [
        (f"`{row.template}`", *("yes" if column in row.who else "" for column in COLUMNS)) for row in TABLE
    ]
    services = "; ".join(
        f"the {name} has {', '.join(f'`{one}`' for one in scopes)}" for name, scopes in SCOPES.items()
    )
    return _page(
        "Rights",
        "A person has the rights of a role, a token those of its scopes; a person's own token has at most the rights of"
        " its person. Nobody else has any. Further conditions stand with the operation: the second person, the lock of"
        " a case, the time for undoing.",
        "## Rights of roles and services",
        _table(("right", *(role.value.replace("_", " ") for role in Role), "service"), roles),
        "## Operations",
        "As tried by `tests/integration/test_rights.py`, over HTTP, with two services and a person of each role:"
        f" {services}. Without a token every operation answers 401, without the right 403. People make tokens of"
        " their own in the console's session, not with a token.",
        _table(("operation", *COLUMNS), operations),
    )


def problems_table() -> str:
    """Every error code."""
    from vigie.api.problems import TITLES

    return _table(("code", "meaning"), [(f"`{code}`", title) for code, title in sorted(TITLES.items())])


def limits_table() -> str:
    """Limits that are no setting."""
    from vigie.foundation import limits

    found = {name: value for name, value in vars(limits).items() if name.isupper() and isinstance(value, int)}
    return _table(("limit", "at most"), [(_LIMITS[name], f"{value:,}") for name, value in found.items()])


def operations_table() -> str:
    """Every operation with the right it needs."""
    from vigie.api.v1 import api

    document = api.get_openapi_schema(path_prefix="/v1/")
    rows = [
        (
            f"`{method.upper()} {path}`",
            operation["summary"],
            f"`{operation['x-right']}`" if "x-right" in operation else "",
        )
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    return _table(("operation", "what it does", "right"), rows)


_BLOCKS: dict[str, Callable[[], str]] = {
    "problems": problems_table,
    "limits": limits_table,
    "operations": operations_table,
}

_LIMITS = {
    "STRANGER_BYTES_MAX": "bytes of a body from a caller without session or token",
    "CONTENT_ID_CHARS_MAX": "characters of an id",
    "CONTENT_TEXT_CHARS_MAX": "characters of a text",
    "CONTENT_MEDIA_MAX": "media of a content",
    "CONTENT_LINKS_MAX": "links of a content",
    "URL_CHARS_MAX": "characters of an address",
    "NOTE_CHARS_MAX": "characters of a note",
    "REASON_CHARS_MAX": "characters of a reason",
    "MATCH_SIGNALS_MAX": "signals in `POST /v1/match`",
    "MATCHES_PER_SIGNAL_MAX": "matches that one signal gets, the nearest",
    "BODY_BYTES_MAX": "bytes of a body of `/v1/content`, `/v1/match` and `/v1/hash`",
    "IMPORT_BYTES_MAX": "bytes of a file of entries",
    "IMPORT_ROWS_MAX": "rows of an import",
    "IMPORT_BATCH_ROWS": "entries that an import adds in one transaction",
    "LOOKBACK_ENTRIES_MAX": "entries of a lookback",
    "PAGE_ROWS_MAX": "rows of a page",
    "IDEMPOTENCY_KEY_CHARS_MAX": "characters of an idempotency key",
    "WEBHOOK_ANSWER_S_MAX": "seconds that a platform has to answer a webhook",
}


def _block(found: re.Match[str]) -> str:
    return f"{found[1]}\n{_BLOCKS[found[2]]()}\n\n{found[3]}"


def _events() -> dict[str, type]:
    import vigie
    from vigie.ledger.events import Event

    for module in pkgutil.iter_modules(vigie.__path__, "vigie."):
        if module.ispkg and pkgutil.resolve_name(module.name).__path__:
            names = {one.name for one in pkgutil.iter_modules(import_module(module.name).__path__)}
            for name in sorted(names):
                if name == "events" or name.endswith("_events"):
                    import_module(f"{module.name}.{name}")
    return {name: event for name, event in Event.known.items() if event.__module__.startswith("vigie.")}


def _facts(event: type) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(event)
    for one in fields(event):
        yield one.name, _type_name(hints[one.name])


def _type_name(kind: Any) -> str:
    if isinstance(kind, UnionType):
        return " or ".join(_type_name(one) for one in get_args(kind))
    if getattr(kind, "__origin__", None) is tuple:
        return f"list of {_PLURALS[get_args(kind)[0].__name__]}"
    return {"str": "text", "int": "number", "bool": "true or false", "NoneType": "null"}.get(
        kind.__name__, "text"
    )


_PLURALS = {"str": "texts", "int": "numbers"}


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    import click

    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        yield from _commands(command.get_command(context, name), (*path, name))


def _command(path: tuple[str, ...], command: Any) -> str:
    import click

    context = click.Context(command, info_name=" ".join(path), terminal_width=10_000)
    usage = " ".join([*path, *command.collect_usage_pieces(context)])
    lines = cleandoc(command.help or "").replace("\b", "").strip().splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("$ ")).strip()
    shown = [line.strip() for line in lines if line.lstrip().startswith("$ ")]
    options = [one.get_help_record(context) for one in command.get_params(context)]
    rows = [(f"`{one[0]}`", one[1]) for one in options if one is not None and one[1] and one[0] != "--help"]
    parts = [f"## `{' '.join(path)}`", text, f"```text\n{usage}\n```"]
    if shown:
        parts.append("```console\n" + "\n".join(shown) + "\n```")
    parts.append(_table(("option", "meaning"), rows))
    return "\n\n".join(parts)


def _default(value: object) -> str:
    if isinstance(value, bool):
        return f"`{int(value)}`"
    if value in ("", ()):
        return ""
    return f"`{value}`"


def _first_lines(text: str | None) -> str:
    return " ".join((text or "").split())


def _page(title: str, introduction: str, *parts: str) -> str:
    generated = "<!-- Made by docs/generate.py; change what it is made from. -->"
    return "\n\n".join([f"# {title}", generated, introduction, *parts]) + "\n"


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def main() -> None:
    """Write every page."""
    with tempfile.TemporaryDirectory() as data:
        os.environ["VIGIE_DATA"] = data
        os.environ.setdefault("VIGIE_DATABASE_URL", "postgresql://nobody@/none?host=/nowhere")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.settings")
        import django

        django.setup()
        for path, text in pages().items():
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
