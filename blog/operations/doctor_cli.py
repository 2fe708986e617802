"""`flask doctor`."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from blog.operations import doctor
from blog.operations.doctor.findings import Level

COLOURS = {Level.GOOD: "green", Level.CARE: "yellow", Level.BAD: "red"}


@click.command("doctor")
@with_appcontext
def command() -> None:
    """Say whether the site is well, and what to do where it is not.

    Ends with 0 if all is well, 1 if something should be seen to, 2 if something is broken.
    """
    found = doctor.examine(current_app._get_current_object(), thorough=True)  # type: ignore[attr-defined]
    for finding in found:
        level = click.style(f"{finding.level.word:5}", fg=COLOURS[finding.level])
        click.echo(f"{level} {finding.name}: {finding.what}")
        if finding.to_do:
            click.echo(f"      → {finding.to_do}")
    if worst := int(doctor.worst(found)):
        raise SystemExit(worst)
