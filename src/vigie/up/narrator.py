"""What `vigie up` says on the terminal: to a person in sentences, to a program in one line of JSON.

It decides nothing.
"""

import json
from collections.abc import Mapping
from typing import Any, Protocol

import click

from vigie.people import first_account


class Narrator(Protocol):
    """Takes what happens in the order in which it happens."""

    def step(self, sentence: str) -> None:
        """Something begins."""

    def ready(self, facts: Mapping[str, Any]) -> None:
        """Vigie serves; `facts` are url, data, people, pids and seconds."""

    def warn(self, role: str, sentence: str) -> None:
        """A process reports something, or something happened to it."""


class ForPeople:
    """Sentences on standard output, warnings on standard error."""

    def step(self, sentence: str) -> None:
        """Something begins."""
        click.echo(sentence)

    def ready(self, facts: Mapping[str, Any]) -> None:
        """The address, where everything is kept, and how to stop."""
        click.echo("")
        click.echo(f"Vigie is ready after {facts['seconds']:.1f} s: " + click.style(facts["url"], bold=True))
        click.echo(f"  data  {facts['data']}")
        click.echo(f"  logs  {facts['data']}/logs")
        if facts["people"] == 0:
            click.echo("Nobody can sign in yet. In another terminal, where `vigie` is on the path:")
            click.echo(f"  {first_account.COMMAND} --data {facts['data']}")
        click.echo("Stop it with Ctrl-C.")

    def warn(self, role: str, sentence: str) -> None:
        """One line that names the process."""
        click.secho(f"{role}: {sentence}", fg="yellow", err=True)


class ForPrograms:
    """One line of JSON on standard output when ready, nothing else; warnings on standard error."""

    def step(self, sentence: str) -> None:
        """Programs wait for the one line."""

    def ready(self, facts: Mapping[str, Any]) -> None:
        """The line."""
        click.echo(json.dumps(facts))

    def warn(self, role: str, sentence: str) -> None:
        """One line of JSON."""
        click.echo(json.dumps({"role": role, "warning": sentence}), err=True)
