"""What all commands share: the application at hand, refusals as one line, results for people or for programs."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from scheduler.core.access import Actor, system_actor
from scheduler.core.database import Sessions
from scheduler.core.errors import Refusal, lazy

_Arguments = ParamSpec("_Arguments")

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
file_path = click.Path(dir_okay=False, path_type=Path)


class Unfit(Refusal):
    """What was typed makes no sense."""


def edge(command: Callable[_Arguments, None]) -> Callable[_Arguments, None]:
    """Run `command` with the application at hand; what it refuses is one line on standard error and exit status 1."""

    @wraps(command)
    def guarded(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Refusal as refusal:
            stop(str(refusal.text))
        except SQLAlchemyError as error:
            stop(f"The database refuses: {getattr(error, 'orig', None) or error}")
        except OSError as error:
            stop(str(error))

    return cast("Callable[_Arguments, None]", with_appcontext(guarded))


def stop(reason: str) -> NoReturn:
    """End the command unsuccessfully, with `reason` as one line on standard error."""
    click.echo(" ".join(reason.split()), err=True)
    raise SystemExit(1)


def tell(line: str, facts: dict[str, object], *, as_json: bool) -> None:
    """Print the result: `facts` for programs, `line` for people."""
    click.echo(json.dumps(facts, ensure_ascii=False, default=str) if as_json else line)


def application() -> Flask:
    return current_app


def settings() -> Settings:
    return cast("Settings", current_app.extensions["settings"])


def engine() -> Engine:
    return cast("Engine", current_app.extensions["engine"])


def sessions() -> Sessions:
    return cast("Sessions", current_app.extensions["sessions"])


def commander() -> Actor:
    """Return who acts: the product itself, by command."""
    return system_actor("command")


def password_from_stdin(*, asked: bool) -> str:
    """Return the password, the first line of standard input; refuses if that was not said or nothing comes."""
    if not asked:
        raise Unfit(lazy("Say --password-stdin and send the password by standard input, never as an argument."))
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise Unfit(lazy("No password came by standard input."))
    return password
