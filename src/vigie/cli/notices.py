"""`vigie notice`, `vigie flagger`, `vigie threat`: what others report, trusted flaggers, threats to life.

A notice decides nothing; a person decides its case.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import actor_named, by_option, by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import utc_text
from vigie.foundation.limits import PAGE_ROWS_MAX
from vigie.notices.channels import REFERRED, Referred

if TYPE_CHECKING:
    from vigie.notices.models import Notice, Threat, TrustedFlagger

CATEGORIES = ("terrorism", "violence", "hate", "other")

limit_option = click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Rows shown."
)


@click.group()
def notice() -> None:
    """Notices of content."""


@notice.command("list")
@limit_option
@data_option
@json_option
def list_notices(limit: int, data: Path, as_json: bool) -> None:
    """Show notices, newest first.

    \b
      $ vigie notice list
    """
    use_database(data)
    from vigie.notices.service import notices

    rows = [_notice(one) for one in notices().order_by("-id")[:limit]]
    headers = ("notice", "case", "category", "came by", "flagger", "state", "outcome", "received")
    show(
        {"notices": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["number"],
                    one["case"] or "",
                    one["category"],
                    one["came_by"],
                    one["flagger"],
                    one["state"],
                    one["outcome"],
                    one["received_at"][:16],
                )
                for one in rows
            ],
            empty="Nothing was reported yet.",
        ),
    )


@notice.command("add")
@click.argument("url", metavar="ADDRESS")
@click.option("--platform", required=True, help="On which platform it is.")
@click.option("--text", required=True, help="Why it is illegal, in the notifier's words.")
@click.option(
    "--category", type=click.Choice(CATEGORIES), default="terrorism", show_default=True, help="Of what kind."
)
@click.option("--content", default="", help="The platform's own id of it, where it is known.")
@click.option("--name", default="", help="The notifier's name, where it was given.")
@click.option("--email", default="", help="The notifier's e-mail address, where it was given.")
@click.option("--language", default="", help="Of the answer.  [default: that of letters]")
@click.option(
    "--came-by",
    type=click.Choice(REFERRED),
    default="other",
    show_default=True,
    help="How it reached us: outside the form and the API it is a referral, no notice under Article 16.",
)
@click.option("--threat-to-life", is_flag=True, help="Somebody's life is in danger.")
@by_option
@data_option
@json_option
def add_notice(
    url: str,
    platform: str,
    text: str,
    category: str,
    content: str,
    name: str,
    email: str,
    language: str,
    came_by: Referred,
    threat_to_life: bool,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Enter a referral: a report that came by post, telephone, e-mail or another way. Gives its private address.

    \b
      $ vigie notice add http://forum.example/p9 --platform forum --text "It calls on readers to join." --by anna
    """
    settings = use_database(data)
    from vigie.flows.notice import notify
    from vigie.notices.models import Notice
    from vigie.notices.service import NoticeDraft, notice_address
    from vigie.platforms.service import find_platform
    from vigie.redress.statements import language_for

    made = notify(
        NoticeDraft(
            text=text,
            url=url,
            category=category,
            language=language_for(language, otherwise=settings.letter_language),
            good_faith=True,
            came_by=Notice.CameBy(came_by),
            name=name,
            email=email,
            threat_to_life=threat_to_life,
        ),
        platform=find_platform(platform),
        content_id=content,
        from_address="",
        actor=actor_named(by),
        settings=settings,
    )
    shown = {**_notice(made), "link": notice_address(made, settings=settings)}
    show(shown, as_json=as_json, people=lambda: click.echo(f"{shown['number']}: {shown['link']}"))


@notice.command("show")
@click.argument("number", metavar="NOTICE")
@data_option
@json_option
def show_notice(number: str, data: Path, as_json: bool) -> None:
    """Show a notice: what was reported and what became of it.

    \b
      $ vigie notice show N-000001
    """
    settings = use_database(data)
    from vigie.notices.service import find_notice, notice_text, wave_size

    found = find_notice(number)
    shown = {**_notice(found), "wave": wave_size(found), "text": notice_text(found, settings=settings)}
    show(
        shown,
        as_json=as_json,
        people=lambda: click.echo("\n".join(f"{key:<14} {value}" for key, value in shown.items())),
    )


@click.group()
def flagger() -> None:
    """Trusted flaggers."""


@flagger.command("list")
@data_option
@json_option
def list_flaggers(data: Path, as_json: bool) -> None:
    """Show trusted flaggers.

    \b
      $ vigie flagger list
    """
    use_database(data)
    from vigie.notices.models import TrustedFlagger

    rows = [_flagger(one) for one in TrustedFlagger.objects.order_by("name")]
    show(
        {"flaggers": rows},
        as_json=as_json,
        people=lambda: print_table(
            ("flagger", "title", "designated by", "expertise", "active"),
            [
                (
                    one["name"],
                    one["title"],
                    one["designated_by"],
                    ", ".join(one["expertise"]),
                    "yes" if one["active"] else "no",
                )
                for one in rows
            ],
            empty="There is no trusted flagger.",
        ),
    )


@flagger.command("add")
@click.argument("name")
@click.option("--title", required=True, help="How people read it.")
@click.option("--designated-by", required=True, help="The Digital Services Coordinator that designated it.")
@click.option("--expertise", multiple=True, type=click.Choice(CATEGORIES), required=True, help="For what.")
@by_option
@data_option
@json_option
def add_flagger(
    name: str,
    title: str,
    designated_by: str,
    expertise: tuple[str, ...],
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Enter a trusted flagger; its token is printed this once.

    \b
      $ vigie flagger add flag-watch --title "Flag Watch" --designated-by Arcom --expertise terrorism
    """
    use_database(data)
    from vigie.notices.flaggers import add_flagger as add

    made, token = add(
        name=name, title=title, designated_by=designated_by, expertise=expertise, actor=actor_named(by)
    )
    shown = {**_flagger(made), "token": token}
    show(shown, as_json=as_json, people=lambda: click.echo(f"{name}: {token}"))


@flagger.command("switch")
@click.argument("name")
@click.argument("standing", type=click.Choice(["on", "off"]))
@by_option
@data_option
@json_option
def switch_flagger(name: str, standing: str, by: str | None, data: Path, as_json: bool) -> None:
    """Take a flagger's standing away, or give it back.

    \b
      $ vigie flagger switch flag-watch off
    """
    use_database(data)
    from vigie.notices.flaggers import switch_flagger as switch

    shown = _flagger(switch(name, active=standing == "on", actor=actor_named(by)))
    show(shown, as_json=as_json, people=lambda: click.echo(f"{name} is {standing}."))


@click.group()
def threat() -> None:
    """Threats to somebody's life or safety."""


@threat.command("list")
@limit_option
@data_option
@json_option
def list_threats(limit: int, data: Path, as_json: bool) -> None:
    """Show threats, newest first.

    \b
      $ vigie threat list
    """
    use_database(data)
    from vigie.notices.models import Threat

    found = Threat.objects.select_related("case", "notice").order_by("-id")[:limit]
    rows = [_threat(one) for one in found]
    show(
        {"threats": rows},
        as_json=as_json,
        people=lambda: print_table(
            ("threat", "case", "state", "aware", "reported to"),
            [
                (one["number"], one["case"], one["state"], one["aware_at"][:16], one["reported_to"])
                for one in rows
            ],
            empty="There is no threat.",
        ),
    )


@threat.command("raise")
@click.argument("case", metavar="CASE")
@click.option("--told", required=True, help="What gives rise to the suspicion.")
@by_person_option
@data_option
@json_option
def raise_threat(case: str, told: str, by: str, data: Path, as_json: bool) -> None:
    """Say that a case shows a threat to life: whoever is on call is called, and a report is drafted.

    \b
      $ vigie threat raise C-000001 --told "He says that he will do it tonight." --by anna
    """
    settings = use_database(data)
    from vigie.flows.notice import suspect_threat
    from vigie.ledger.actors import person

    made = suspect_threat(case, told=told, actor=person(user_named(by).pk), settings=settings)
    shown = _threat(made)
    show(shown, as_json=as_json, people=lambda: click.echo(f"{shown['number']}: see `vigie threat show`."))


@threat.command("show")
@click.argument("number", metavar="THREAT")
@data_option
@json_option
def show_threat(number: str, data: Path, as_json: bool) -> None:
    """Show the report as it was drafted, to complete and send.

    \b
      $ vigie threat show T-000001
    """
    settings = use_database(data)
    from vigie.notices.threat_service import find_threat, threat_draft

    found = find_threat(number)
    shown = {**_threat(found), "draft": threat_draft(found, settings=settings)}
    show(shown, as_json=as_json, people=lambda: click.echo(shown["draft"]))


@threat.command("settle")
@click.argument("number", metavar="THREAT")
@click.argument("outcome", type=click.Choice(["reported", "dismissed"]))
@click.option("--to", default="", help="Which authority was informed.")
@click.option("--reference", default="", help="Its reference.")
@click.option("--reason", default="", help="Why there is no threat.")
@by_person_option
@data_option
@json_option
def settle_threat(
    number: str, outcome: str, to: str, reference: str, reason: str, by: str, data: Path, as_json: bool
) -> None:
    """Note that the authorities were informed, or why there is no threat.

    \b
      $ vigie threat settle T-000001 reported --to Europol --by anna
    """
    use_database(data)
    from vigie.notices.threat_service import settle_threat as settle

    done = settle(number, outcome=outcome, to=to, reference=reference, reason=reason, user=user_named(by))
    shown = _threat(done)
    show(shown, as_json=as_json, people=lambda: click.echo(f"{number}: {outcome}."))


def _notice(one: "Notice") -> dict[str, Any]:
    return {
        "number": one.number,
        "case": one.case.number if one.case else None,
        "url": one.url,
        "category": one.category,
        "flagger": one.flagger.name if one.flagger else "",
        "came_by": one.came_by,
        "threat_to_life": one.threat_to_life,
        "state": str(one.state),
        "outcome": one.outcome,
        "received_at": utc_text(one.received_at),
    }


def _flagger(one: "TrustedFlagger") -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "designated_by": one.designated_by,
        "expertise": list(one.expertise),
        "active": one.active,
    }


def _threat(one: "Threat") -> dict[str, Any]:
    return {
        "number": one.number,
        "case": one.case.number,
        "state": str(one.state),
        "aware_at": utc_text(one.aware_at),
        "reported_to": one.reported_to,
    }
