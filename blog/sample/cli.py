"""`flask sample`: the sample site."""

from __future__ import annotations

import click

from blog import sample
from blog.errors import Refused
from blog.transfer.markdown import FileError


@click.command("sample")
@click.option("--remove", is_flag=True, help="Take the samples away for good.")
@click.option("--force", is_flag=True, help="With --remove: also delete readers' comments on them.")
def command(remove: bool, force: bool) -> None:
    """Load or update the sample articles, or take them away."""
    try:
        if remove:
            click.echo(f"{sample.remove(force)} sample articles are gone.")
            return
        outcomes = sample.load()
    except (Refused, FileError) as error:
        raise click.ClickException(str(error)) from error
    changed = sum(outcome.change != "same" for outcome in outcomes)
    click.echo(f"{len(outcomes)} sample articles, {changed} of them new or changed.")
