"""What holds for every command: its files are private, and a database that cannot be used is told in one line."""

from __future__ import annotations

import copy
import re
import sqlite3
from typing import Any

import click
from flask.cli import ScriptInfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from blog.instance import private_files

_NOT_SET_UP = re.compile(r"no such (?:table|column)|has no column|(?:relation|column) \"?[\w.]+\"? .*does not exist")
_BUSY = re.compile(r"is locked|lock timeout|too many (?:connections|clients)")


def held(command: click.Command) -> click.Command:
    """`command` as every site offers it. The command itself, which other sites of this process share, stays."""
    ours = copy.copy(command)

    def invoke(context: click.Context) -> Any:
        with private_files():
            try:
                return command.invoke(context)
            except (DBAPIError, sqlite3.Error) as error:
                reason = _reason(error)
                if reason is None:
                    raise
                app = context.ensure_object(ScriptInfo).load_app()
                url = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).render_as_string(hide_password=True)
                raise click.ClickException(f"The database {url} {reason}.") from error

    ours.invoke = invoke  # type: ignore[method-assign, assignment]
    return ours


def _reason(error: DBAPIError | sqlite3.Error) -> str | None:
    """What is wrong with the database; None if it is the statement that is wrong."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    said = [line.strip() for line in str(cause).splitlines() if line.strip()] or [type(cause).__name__]
    first = said[1].lstrip("- ") if "Multiple connection attempts failed" in said[0] and len(said) > 1 else said[0]
    if _NOT_SET_UP.search(first):
        return "is not set up, or older than this code: run “flask init”"
    if isinstance(error, IntegrityError | sqlite3.IntegrityError | ProgrammingError):
        return None
    if _BUSY.search(first):
        return f"is busy: try again ({first.rstrip('.')})"
    return f"cannot be used: {first.rstrip('.')}"
