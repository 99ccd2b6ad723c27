"""`vigie case`: the queue, one case, deciding it and taking a decision back.

A decision is a person's: `--by` names who takes it, and that person must have the right.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cases.decisions import ACTIONS, EXEMPTIONS, DecisionDraft
from vigie.cli.acting import by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import utc_text
from vigie.foundation.limits import PAGE_ROWS_MAX
from vigie.signals.alignment import FEATURES_SIGNAL

if TYPE_CHECKING:
    from vigie.cases.models import Case, CaseMatch, Decision


@click.group()
def case() -> None:
    """Cases and decisions."""


@case.command("list")
@click.option(
    "--state",
    type=click.Choice(["open", "decided", "all"]),
    default="open",
    show_default=True,
    help="Which cases.",
)
@click.option("--verdict", type=click.Choice(["review", "hold", "remove"]), help="Only with this verdict.")
@click.option("--bank", default="", help="Only with a match in this bank.")
@click.option("--platform", default="", help="Only of this platform.")
@click.option("--search", default="", help="A number, or an id, author or URL, in full.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Cases shown."
)
@data_option
@json_option
def list_cases(
    state: str,
    verdict: str | None,
    bank: str,
    platform: str,
    search: str,
    limit: int,
    data: Path,
    as_json: bool,
) -> None:
    """Show cases in the order in which they should be worked on.

    \b
      $ vigie case list
      $ vigie case list --state all --verdict hold
    """
    use_database(data)
    from vigie.cases.queue import QueueFilter, queue
    from vigie.foundation.clock import now

    wanted = QueueFilter(state=state, verdict=verdict or "", bank=bank, platform=platform, search=search)
    rows = [_case(one) for one in queue(wanted, user_id=None, at=now())[:limit]]
    headers = ("case", "verdict", "platform", "content", "opened", "why", "decision")
    show(
        {"cases": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["number"],
                    one["verdict"],
                    one["platform"],
                    one["content"],
                    one["opened_at"][:16],
                    one["reasons"][0]["rule"] if one["reasons"] else "",
                    one["decisions"][0]["action"] if one["decisions"] else "",
                )
                for one in rows
            ],
            empty="There is no such case.",
        ),
    )


@case.command("show")
@click.argument("number", metavar="CASE")
@data_option
@json_option
def show_case(number: str, data: Path, as_json: bool) -> None:
    """Show a case: why it was opened, what matched, what was decided. Text and pictures stay sealed.

    \b
      $ vigie case show C-000001
    """
    use_database(data)
    from vigie.cases.service import find_case

    shown = _case(find_case(number))
    show(shown, as_json=as_json, people=lambda: _tell_case(shown))


@case.command("decide")
@click.argument("number", metavar="CASE")
@click.argument("action", type=click.Choice(ACTIONS))
@click.option("--reason", required=True, help="Why, in words.")
@click.option(
    "--type", "legal_type", type=click.Choice(["a", "b", "c", "d", "e"]), help="Needed for a removal."
)
@click.option(
    "--exemption",
    type=click.Choice(EXEMPTIONS),
    required=True,
    help="(EU) 2021/784 Article 1(3); none: looked for, and none applies.",
)
@click.option("--purpose", default="", help="What the content is really for; needed under an exemption.")
@click.option("--words", default="", help="For the author: stand in the statement of reasons as they are.")
@by_person_option
@data_option
@json_option
def decide_case(
    number: str,
    action: str,
    reason: str,
    legal_type: str | None,
    exemption: str,
    purpose: str,
    words: str,
    by: str,
    data: Path,
    as_json: bool,
) -> None:
    """Decide a case; the effect is on its way to the platform when this returns.

    \b
      $ vigie case decide C-000001 remove --type a --exemption none --reason "a copy of the poster" --by anna
    """
    use_database(data)
    from vigie.flows.decision import decide

    draft = DecisionDraft(
        action=action,  # type: ignore[arg-type]  # one of ACTIONS, says click
        reason=reason,
        legal_type=legal_type or "",
        exemption=exemption,
        true_purpose=purpose,
        words_for_author=words,
    )
    taken = _decision(decide(number, draft, user=user_named(by)))
    show(taken, as_json=as_json, people=lambda: click.echo(f"{taken['number']}: {action}, by {by}."))


@case.command("undo")
@click.argument("number", metavar="CASE")
@click.option("--reason", required=True, help="Why.")
@by_person_option
@data_option
@json_option
def undo_decision(number: str, reason: str, by: str, data: Path, as_json: bool) -> None:
    """Take the last decision of a case back; the platform is brought back to where the rules had left it.

    \b
      $ vigie case undo C-000001 --reason "the wrong case" --by anna
    """
    settings = use_database(data)
    from vigie.flows.decision import undo

    undone = _decision(undo(number, reason=reason, user=user_named(by), settings=settings))
    show(
        undone, as_json=as_json, people=lambda: click.echo(f"{undone['undoes']} is undone; {number} is open.")
    )


def _case(one: "Case") -> dict[str, Any]:
    content = one.content
    return {
        "number": one.number,
        "state": one.state,
        "verdict": one.verdict,
        "platform": content.platform.name,
        "content": content.external_id,
        "url": content.url,
        "author": content.author_id,
        "policy": one.policy_label,
        "opened_at": utc_text(one.opened_at),
        "reasons": one.reasons,
        "matches": [_match(match) for match in one.matches.all()],
        "evidence": [
            *([{"what": "record", "reference": one.record}] if one.record else []),
            *([{"what": "text", "reference": one.text}] if one.text else []),
            *(
                {"what": f"medium {medium.external_id}", "reference": medium.original}
                for medium in one.media.all()
                if medium.original
            ),
        ],
        "decisions": [_decision(decision) for decision in one.decisions.all().order_by("-id")],
    }


def _match(one: "CaseMatch") -> dict[str, Any]:
    placement, aligned = one.placed, one.aligned
    return {
        "entry": one.entry.number,
        "bank": one.entry.bank.name,
        "medium": one.medium,
        "signal": one.signal,
        "distance_bits": one.distance_bits,
        "edit": one.edit,
        "share_of_upload": None if placement is None else round(placement.share_of_upload, 4),
        "share_of_entry": None if placement is None else round(placement.share_of_entry, 4),
        "inliers": None if aligned is None else aligned.inliers,
        "score": None if one.score is None else round(one.score, 4),
    }


def _decision(one: "Decision") -> dict[str, Any]:
    return {
        "number": one.number,
        "case": one.case.number,
        "action": one.action,
        "legal_type": one.legal_type,
        "exemption": one.exemption,
        "reason": one.reason,
        "taken_by": one.taken_by.username,
        "taken_at": utc_text(one.taken_at),
        "undoes": one.undoes.number if one.undoes else None,
    }


def _tell_case(shown: dict[str, Any]) -> None:
    for key in ("number", "state", "verdict", "platform", "content", "url", "author", "policy", "opened_at"):
        click.echo(f"{key:<12} {shown[key]}")
    for reason in shown["reasons"]:
        click.echo(f"{'why':<12} {reason['rule']}: {reason['because']}")
    for match in shown["matches"]:
        what = match["medium"] or "text"
        click.echo(f"{'match':<12} {what}: {match['entry']} of {match['bank']}, {_match_words(match)}")
    for item in shown["evidence"]:
        click.echo(f"{'evidence':<12} {item['what']}: {item['reference']}")
    for decision in shown["decisions"]:
        click.echo(
            f"{'decision':<12} {decision['number']} {decision['action']}, {decision['taken_by']}: {decision['reason']}"
        )


def _match_words(match: dict[str, Any]) -> str:
    """How near a match is and by which edit, how much both pictures share, and the score."""
    told = []
    if match["edit"]:
        told.append(f"an edited copy: {match['edit']}")
    if match["signal"] != FEATURES_SIGNAL:
        told.append(f"{match['distance_bits']} bits apart")
    if match["share_of_entry"] is not None:
        told.append(
            f"{match['share_of_upload']:.0%} of the upload shows {match['share_of_entry']:.0%} of the entry's picture"
        )
    if match["inliers"] is not None:
        told.append(f"{match['inliers']} corners agree")
    if match["score"] is not None:
        told.append(f"score {min(match['score'], 0.999):.3f} of 1")
    return "; ".join(told)
