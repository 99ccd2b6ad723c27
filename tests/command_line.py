"""Commands of `vigie` in this process, on the database and data folder of the test."""

import json
import shlex
from typing import Any

import click
from click.testing import CliRunner, Result

from vigie.cli import main


def run(*arguments: str, input_text: str | None = None) -> Result:
    """Run `vigie ...` and return how it went; what nobody foresaw fails the test."""
    result = CliRunner().invoke(main, list(arguments), input=input_text, prog_name="vigie")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def done(*arguments: str, input_text: str | None = None) -> Any:
    """Run `vigie ... --json`, which must succeed, and return what it printed."""
    result = run(*arguments, "--json", input_text=input_text)
    assert result.exit_code == 0, (arguments, result.output)
    return json.loads(result.stdout)


def examples(
    command: click.Command | None = None, path: tuple[str, ...] = ()
) -> dict[tuple[str, ...], list[list[str]]]:
    """The examples that the help of each command gives, as arguments, by command."""
    command = main if command is None else command
    found: dict[tuple[str, ...], list[list[str]]] = {}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found.update(examples(command.get_command(context, name), (*path, name)))
        return found
    lines = [line.strip() for line in (command.help or "").splitlines()]
    found[path] = [
        shlex.split(line.removeprefix("$ vigie ")) for line in lines if line.startswith("$ vigie ")
    ]
    return found
