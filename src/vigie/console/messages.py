"""The console's texts and their translations: `python -m vigie.console.messages extract|compile|check`.

`extract` finds every text and merges it into the .po files, `compile` writes the .mo files that Django reads, `check`
fails when a text has no translation: every text in the languages of the console, those that people outside read in all.
It translates nothing itself.
"""

import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

CONSOLE = Path(__file__).parent
PACKAGE = CONSOLE.parent
LOCALE = CONSOLE / "locale"
# Everything below the console can raise an error that a page shows.
DOMAINS = (
    "banks",
    "cases",
    "console",
    "evidence",
    "exposure",
    "flows",
    "foundation",
    "issuing",
    "ledger",
    "matching",
    "misuse",
    "notices",
    "orders",
    "people",
    "platforms",
    "policy",
    "redress",
    "reports",
    "signals",
)
# What people without an account read: these templates and modules, and the errors of these functions.
PUBLIC_TEMPLATES = (
    "console/public/*.html",
    "console/parts/languages.html",
    "console/problem.html",
    "429.html",
)
PUBLIC_MODULES = ("public_words.py", "views/public_*.py", "views/errors.py")
PUBLIC_CALLS = {
    "flows/notice.py": ("notify", "object_to_no_action"),
    "flows/complaint.py": ("complain_about",),
    "notices/service.py": ("check_notice",),
    "people/doors.py": ("pass_door",),
    "redress/complaints.py": ("complain", "_check_in_time"),
}
KEYWORDS = {
    "_": None,
    "_g": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Babel's own header carries the time of the run, which would change the file every time.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Vigie\\n"
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

Id = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A text as it stands in the sources: singular, or singular and plural, with the file that has it."""

    id: Id
    where: str
    context: str | None = None


@click.group()
def main() -> None:
    """Texts of the console and their translations."""


@main.command()
def extract() -> None:
    """Merge every text of the sources, and the parts beside a .po file, into that .po file."""
    for path in _po_files():
        catalog, template = _read(path), _template(path)
        for part in sorted(path.parent.glob("*.po.part")):
            _take_over(catalog, _read(part, locale=str(catalog.locale)))
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        buffer = io.BytesIO()
        write_po(buffer, catalog, sort_output=True, width=110, include_lineno=False, omit_header=True)
        header = HEADER.format(language=catalog.locale, plural_forms=catalog.plural_forms)
        path.write_bytes(header.encode() + buffer.getvalue())
        missing = sum(1 for message in catalog if message.id and not _is_translated(message))
        click.echo(f"{path.parent.parent.name}: {len(catalog)} texts, {missing} without translation")


@main.command(name="compile")
def compile_() -> None:
    """Write the .mo file beside every .po file."""
    for path in _po_files():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, _read(path))


@main.command()
def check() -> None:
    """Fail when a text of the sources has no translation, or one with other placeholders."""
    problems = [one for path in _po_files() for one in problems_of(_read(path), _template(path))]
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(1 if problems else 0)


def problems_of(catalog: Catalog, template: Catalog) -> Iterator[str]:
    """What is missing or wrong in the translations of `template`, one line each."""
    for wanted in template:
        if not wanted.id:
            continue
        message = catalog.get(wanted.id, wanted.context)
        name = repr(wanted.id if isinstance(wanted.id, str) else wanted.id[0])
        if message is None or not _is_translated(message):
            yield f"{catalog.locale}: no translation of {name}"
        elif _placeholders(message.string) != _placeholders(wanted.id):
            yield f"{catalog.locale}: other placeholders in the translation of {name}"


def find_texts() -> Iterator[Found]:
    """Every text of templates, Python and domain data, in the order of files."""
    for path in sorted((CONSOLE / "templates").rglob("*.html")):
        yield from _in_template(path)
    for path in sorted(CONSOLE.rglob("*.py")):
        yield from _in_python(path.read_bytes(), path)
    for domain in DOMAINS:
        for path in sorted((PACKAGE / domain).rglob("*.py")):
            yield from _in_errors(path, _error_names())
    yield from _in_data()


def find_public_texts() -> Iterator[Found]:
    """Those of `find_texts` that people without an account read."""
    for pattern in PUBLIC_TEMPLATES:
        for path in sorted((CONSOLE / "templates").glob(pattern)):
            yield from _in_template(path)
    for pattern in PUBLIC_MODULES:
        for path in sorted(CONSOLE.glob(pattern)):
            yield from _in_python(path.read_bytes(), path)
            yield from _in_errors(path, _error_names())
    for name, functions in PUBLIC_CALLS.items():
        yield from _in_errors(PACKAGE / name, _error_names(), functions)


def _template(po_file: Path) -> Catalog:
    """What a .po file has to translate: everything in a language of the console, else what is public."""
    catalog = Catalog(charset="utf-8")
    is_console = po_file.parent.parent.name in settings.CONSOLE_LANGUAGES
    for found in find_texts() if is_console else find_public_texts():
        catalog.add(found.id, locations=[(found.where, 0)], context=found.context)
    return catalog


def _in_template(path: Path) -> Iterator[Found]:
    from django.utils.translation.template import templatize

    # Django turns a template into Python that calls gettext for each of its texts.
    python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    flat = "\n".join(line.strip() for line in python.splitlines())
    return _in_python(flat.encode(), path)


def _in_python(source: bytes, path: Path) -> Iterator[Found]:
    for _line, texts, _comments, context in babel_extract("python", io.BytesIO(source), keywords=KEYWORDS):
        id_: Id = texts if isinstance(texts, str) else (texts[0], texts[1])
        yield Found(id_, _name(path), context)


def _in_errors(path: Path, error_names: frozenset[str], functions: tuple[str, ...] = ()) -> Iterator[Found]:
    """Sentences and hints that errors are raised with, in these functions or in all; others stay English."""
    module = ast.parse(path.read_bytes())
    within = [one for one in module.body if isinstance(one, ast.FunctionDef) and one.name in functions]
    if len(within) != len(functions):
        raise LookupError(f"{_name(path)} has not all of {functions}")
    roots: list[ast.AST] = [*within] or [module]
    for node in (node for root in roots for node in ast.walk(root)):
        if not isinstance(node, ast.Call) or _called(node) not in error_names:
            continue
        hints = [keyword.value for keyword in node.keywords if keyword.arg == "hint"]
        for value in [*node.args[:1], *hints]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield Found(value.value, _name(path))


@cache
def _error_names() -> frozenset[str]:
    """The names of VigieError and of every class under it, read from the sources."""
    bases: dict[str, set[str]] = {}
    for domain in DOMAINS:
        for path in (PACKAGE / domain).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.ClassDef):
                    # Two classes of one name are told apart by nothing here: an event's texts are no harm.
                    bases.setdefault(node.name, set()).update(
                        base.id for base in node.bases if isinstance(base, ast.Name)
                    )
    names = {"VigieError"}
    while more := {name for name, of in bases.items() if of & names} - names:
        names |= more
    return frozenset(names)


def _in_data() -> Iterator[Found]:
    from vigie.console.words import domain_sentences

    for sentence in domain_sentences():
        yield Found(sentence, "vigie/console/words.py")


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def _po_files() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def _read(path: Path, *, locale: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale or path.parent.parent.name, domain="django")


def _take_over(catalog: Catalog, part: Catalog) -> None:
    """Translations of a part fill what the catalog does not have."""
    for message in part:
        if not message.id:
            continue
        known = catalog.get(message.id, message.context) or catalog.add(message.id, context=message.context)
        if not _is_translated(known):
            known.id, known.string = message.id, message.string


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(strings) and all(strings) and not message.fuzzy


def _placeholders(texts: object) -> set[str]:
    """Names of placeholders; a singular may leave its number out, so all forms count together."""
    forms = texts if isinstance(texts, tuple | list) else (texts,)
    return {name for form in forms for name in _PLACEHOLDER.findall(str(form))}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.settings")
    main()
