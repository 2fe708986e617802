"""`flask search`: make the index of articles anew, and ask whether it agrees with them."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from blog.search import keeping
from blog.words import count_of

group = AppGroup("search", help="The index of articles: make it anew, or check it.")


@group.command()
def rebuild() -> None:
    """Make the index anew from what is public. Safe at any time; until it is done, less is found."""
    count = keeping.rebuild(lambda done: None if done % 10_000 else click.echo(f"{done} so far"))
    click.echo(f"{count_of(count, 'article')} in the index.")


@group.command()
def check() -> None:
    """Say how many articles the index holds wrongly or not at all; an error if there are any."""
    wrong = keeping.disagreements()
    if wrong:
        raise click.ClickException(f"{count_of(wrong, 'article')} wrong or missing: run “flask search rebuild”.")
    click.echo("The index agrees with the articles.")
