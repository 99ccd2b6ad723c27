"""The rest of `vigie evidence`: asking, granting, opening, exporting, keeping longer, checking, purging.

Two persons stand behind everything that leaves: one asks, another grants.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import INSTANT, by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.evidence_words import checked_row, held_by, item_row, request_row, tell_checked
from vigie.cli.files import open_regular, text_of
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import now
from vigie.foundation.errors import Invalid

if TYPE_CHECKING:
    from vigie.evidence.models import EvidenceRequest

_authority_option = click.option(
    "--authority", default="", help="The authority or court that asks, if one does."
)
_reference_option = click.option("--reference", default="", help="Its reference.")
_output_file = click.Path(dir_okay=False, writable=True, path_type=Path)
_existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("request")
@click.argument("number", metavar="ITEM")
@click.option("--purpose", required=True, help="What for.")
@click.option("--legal-basis", required=True, help="By which law.")
@_authority_option
@_reference_option
@by_person_option
@data_option
@json_option
def request_access(
    number: str,
    purpose: str,
    legal_basis: str,
    authority: str,
    reference: str,
    by: str,
    data: Path,
    as_json: bool,
) -> None:
    """Ask to open a preserved item; a second person grants or refuses.

    \b
      $ vigie evidence request P-000001 --purpose "court case 12/26" --legal-basis "Art. 6(1)(a)" --by anna
    """
    use_database(data)
    made = _ask(number, "access", by, purpose, legal_basis, authority, reference)
    _show_request(made, as_json)


@click.command("extend")
@click.argument("number", metavar="ITEM")
@click.option("--until", type=INSTANT, required=True, help="The day that the authority or court named.")
@click.option("--authority", required=True, help="The authority or court that asks.")
@click.option("--reference", required=True, help="Its reference.")
@click.option("--review", required=True, help="The review that is ongoing and needs it.")
@by_person_option
@data_option
@json_option
def extend_item(
    number: str,
    until: datetime,
    authority: str,
    reference: str,
    review: str,
    by: str,
    data: Path,
    as_json: bool,
) -> None:
    """Enter an authority's request to keep an item longer; a second person approves it with `grant`.

    \b
      $ vigie evidence extend P-000001 --until 2031-01-31 --authority Court --reference 9 --review "the appeal" --by ben
    """
    use_database(data)
    made = _ask(number, "extension", by, review, "", authority, reference, until)
    _show_request(made, as_json)


@click.command("grant")
@click.argument("number", metavar="REQUEST")
@click.option("--reason", default="", help="Why, if there is something to say.")
@by_person_option
@data_option
@json_option
def grant_request(number: str, reason: str, by: str, data: Path, as_json: bool) -> None:
    """Grant a request that somebody else made.

    \b
      $ vigie evidence grant ER-000001 --by ben
    """
    settings = use_database(data)
    from vigie.evidence.requests import grant

    done = grant(number, reason=reason, user=user_named(by), at=now(), settings=settings)
    _show_request(done, as_json)


@click.command("refuse")
@click.argument("number", metavar="REQUEST")
@click.option("--reason", required=True, help="Why.")
@by_person_option
@data_option
@json_option
def refuse_request(number: str, reason: str, by: str, data: Path, as_json: bool) -> None:
    """Refuse a request that somebody else made.

    \b
      $ vigie evidence refuse ER-000003 --reason "no legal basis" --by ben
    """
    use_database(data)
    from vigie.evidence.requests import refuse

    _show_request(refuse(number, reason=reason, user=user_named(by), at=now()), as_json)


@click.command("open")
@click.argument("number", metavar="REQUEST")
@click.argument("reference")
@click.option("--output", type=_output_file, required=True, help="File to write.")
@by_person_option
@data_option
@json_option
def open_evidence(number: str, reference: str, output: Path, by: str, data: Path, as_json: bool) -> None:
    """Write one sealed thing under a granted access; the ledger has it before a byte is written.

    \b
      $ vigie evidence open ER-000001 REFERENCE --output opened.bin --by anna
    """
    settings = use_database(data)
    from vigie.evidence.requests import open_granted
    from vigie.foundation.files import whole_file

    with whole_file(output) as file:
        sealed, content = open_granted(number, reference, user=user_named(by), at=now(), settings=settings)
        file.write(content)
    shown = {"file": str(output), "kind": sealed.kind, "byte_count": sealed.byte_count}
    show(shown, as_json=as_json, people=lambda: click.echo(f"{sealed.byte_count} bytes written to {output}."))


@click.command("export")
@click.argument("number", metavar="ITEM|REQUEST")
@click.option("--purpose", default="", help="What for: with an item, to ask.")
@click.option("--legal-basis", default="", help="By which law: with an item, to ask.")
@_authority_option
@_reference_option
@click.option("--output", type=_output_file, help="File to write: with a granted request.")
@click.option(
    "--passphrase-file", type=_existing_file, help="Its first line locks the package; else one is made."
)
@click.option(
    "--unlocked", is_flag=True, help="Do not lock the package: whoever has the file can see what is in it."
)
@by_person_option
@data_option
@json_option
def export_item(
    number: str,
    purpose: str,
    legal_basis: str,
    authority: str,
    reference: str,
    output: Path | None,
    passphrase_file: Path | None,
    unlocked: bool,
    by: str,
    data: Path,
    as_json: bool,
) -> None:
    """Ask to export an item; once a second person granted it, write the package. It is locked unless you say otherwise.

    \b
      $ vigie evidence export P-000001 --purpose "court case 12/26" --legal-basis "Art. 6(1)(a)" --by anna
      $ vigie evidence export ER-000002 --output package.vigie --passphrase-file passphrase.txt --by anna
    """
    settings = use_database(data)
    if number.upper().startswith("P-"):
        _show_request(_ask(number, "export", by, purpose, legal_basis, authority, reference), as_json)
        return
    if output is None:
        raise click.UsageError("Give --output FILE to write the package.")
    if unlocked and passphrase_file:
        raise click.UsageError("Either --passphrase-file or --unlocked.")
    from vigie.evidence.packages import write_package
    from vigie.evidence.requests import find_request
    from vigie.flows.holds import related_subjects
    from vigie.foundation.files import whole_file
    from vigie.foundation.identifiers import new_secret

    made = "" if unlocked or passphrase_file else new_secret(18)
    passphrase = None if unlocked else made or _first_line(passphrase_file)
    with whole_file(output) as file:
        written = write_package(
            number,
            file,
            passphrase=passphrase,
            related=related_subjects(find_request(number).item.subject),
            user=user_named(by),
            at=now(),
            settings=settings,
        )
    shown = {
        "file": str(output),
        "request": written.request,
        "files": written.files,
        "rows": written.rows,
        "signed_through": written.through,
        "encrypted": written.encrypted,
        "passphrase": made,
    }
    show(shown, as_json=as_json, people=lambda: _tell_written(shown))


@click.command("verify")
@click.argument("file", type=_existing_file)
@click.option(
    "--public-key", type=_existing_file, help="The sender's key, as `vigie ledger public-key` writes it."
)
@click.option(
    "--passphrase-file", type=_existing_file, help="Its first line opens the package; else it is asked for."
)
@json_option
@click.pass_context
def verify_file(
    context: click.Context, file: Path, public_key: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Check a package, or a certificate of deletion, with no database and no network, and name whatever is wrong.

    Exit status 1 when it is not whole.

    \b
      $ vigie evidence verify package.vigie --passphrase-file passphrase.txt --public-key ledger.pub
      $ vigie evidence verify certificate.json
    """
    from vigie.evidence.package_check import check_file, parse_public_key
    from vigie.evidence.package_seal import is_locked

    key = None if public_key is None else parse_public_key(text_of(public_key))
    if public_key is not None and key is None:
        raise Invalid("This is no public key.", hint="It is one line: 64 hexadecimal digits.")
    with open_regular(file) as opened:
        passphrase = _first_line(passphrase_file) if passphrase_file else None
        if passphrase is None and is_locked(opened.read(64)):
            passphrase = click.prompt("Passphrase", hide_input=True, err=True)
        checked = check_file(opened, passphrase=passphrase, public_key=key)
    show(checked_row(checked), as_json=as_json, people=lambda: tell_checked(checked))
    if not checked.is_whole:
        context.exit(1)


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="Only show what would go, and what is held and why.")
@data_option
@json_option
def purge_evidence(dry_run: bool, data: Path, as_json: bool) -> None:
    """Delete what is over its time and needed by nothing. The worker does the same by itself.

    \b
      $ vigie evidence purge --dry-run
    """
    settings = use_database(data)
    from vigie.flows.preservation import due_now, purge

    at = now()
    due = [item_row(one.item, one.holds) for one in due_now(at=at)]
    done = None if dry_run else purge(at=at, settings=settings)
    shown = {
        "due": due,
        "deleted": done.deleted if done else 0,
        "failed": done.failed if done else 0,
    }
    show(shown, as_json=as_json, people=lambda: _tell_purge(shown, dry_run))


@click.command("certificate")
@click.argument("number", metavar="ITEM")
@click.option(
    "--output", type=_output_file, help="File to write, .json or .pdf; else JSON on standard output."
)
@click.option(
    "--language", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="Of the PDF."
)
@data_option
def certificate(number: str, output: Path | None, language: str, data: Path) -> None:
    """Show the certificate of a deleted item.

    \b
      $ vigie evidence certificate P-000001 --output certificate.json
    """
    use_database(data)
    from vigie.evidence.certificate_pdf import certificate_pdf
    from vigie.evidence.certificates import certificate_json, certificate_of
    from vigie.evidence.preservation import find_item

    found = certificate_of(find_item(number))
    if output is None:
        click.echo(certificate_json(found).decode(), nl=False)
        return
    is_pdf = output.suffix.lower() == ".pdf"
    output.write_bytes(certificate_pdf(found, language=language) if is_pdf else certificate_json(found))
    click.echo(f"Written to {output}.")


COMMANDS = (
    request_access,
    grant_request,
    refuse_request,
    open_evidence,
    extend_item,
    export_item,
    verify_file,
    purge_evidence,
    certificate,
)


def _ask(
    number: str,
    kind: str,
    by: str,
    purpose: str,
    legal_basis: str,
    authority: str,
    reference: str,
    until: datetime | None = None,
) -> "EvidenceRequest":
    from vigie.evidence.models import EvidenceRequest
    from vigie.evidence.requests import RequestDraft, ask

    draft = RequestDraft(EvidenceRequest.Kind(kind), purpose, legal_basis, authority, reference, until)
    return ask(number, draft, user=user_named(by), at=now())


def _show_request(one: "EvidenceRequest", as_json: bool) -> None:
    row = request_row(one)
    until = f", until {row['expires_at'][:16]}" if row["expires_at"] else ""
    show(
        row,
        as_json=as_json,
        people=lambda: click.echo(f"{row['number']}: {row['kind']} {row['state']}{until}."),
    )


def _first_line(path: Path | None) -> str:
    if path is None:
        return ""
    return text_of(path).partition("\n")[0].rstrip("\r")


def _tell_written(shown: dict[str, Any]) -> None:
    click.echo(f"{shown['files']} files and {shown['rows']} ledger entries written to {shown['file']}.")
    if shown["passphrase"]:
        click.echo(f"Passphrase: {shown['passphrase']}")
        click.echo("It is shown only now. Give it in another way than the file.")


def _tell_purge(shown: dict[str, Any], dry_run: bool) -> None:
    rows = [
        (one["number"], one["subject"], one["ground"], one["until"][:16], held_by(one) or "nothing: it goes")
        for one in shown["due"]
    ]
    if dry_run:
        print_table(
            ("item", "subject", "ground", "until", "held by"), rows, empty="Nothing is over its time."
        )
        return
    click.echo(f"{shown['deleted']} items deleted, {shown['failed']} failed.")
