"""`vigie doctor`: looks at the installation and says for each part what to mend.

It mends nothing itself.
"""

from pathlib import Path

import click

from vigie.cli import checks
from vigie.cli.checks import Finding
from vigie.cli.options import data_option, json_option

_MARKS = {"good": ("ok  ", "green"), "note": ("note", "yellow"), "bad": ("BAD ", "red")}


@click.command()
@data_option
@json_option
@click.pass_context
def doctor(context: click.Context, data: Path, as_json: bool) -> None:
    """Check the installation and say what to mend; exit status 1 when something must be."""
    findings = checks.all_findings(data)
    if as_json:
        checks.show_json(findings)
    else:
        for finding in findings:
            _show(finding)
    if any(finding.state == "bad" for finding in findings):
        context.exit(1)


def _show(finding: Finding) -> None:
    mark, colour = _MARKS[finding.state]
    click.echo(f"{click.style(mark, fg=colour)}  {finding.part:<12} {finding.sentence}")
    if finding.mend:
        click.echo(f"      {'':<12} {finding.mend}")
