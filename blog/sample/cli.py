"""`flask sample`: the sample site."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from blog import sample
from blog.errors import Refused
from blog.sample import generator
from blog.transfer.files import FileError


@click.command("sample")
@click.option("--remove", is_flag=True, help="Take the samples away for good.")
@click.option("--force", is_flag=True, help="With --remove: also delete readers' comments on them.")
@click.option("--posts", type=click.IntRange(0), default=0, help="Instead: generate so many posts, for benchmarks …")
@click.option("--comments", type=click.IntRange(0), default=0, help="… so many approved comments …")
@click.option("--pending", type=click.IntRange(0), default=0, help="… and so many that wait.")
@click.option("--seed", type=int, default=1, help="The same number makes the same site.")
@with_appcontext
def command(remove: bool, force: bool, posts: int, comments: int, pending: int, seed: int) -> None:
    """Load or update the sample articles, or take them away; or generate many rows."""
    try:
        if posts or comments or pending:
            generator.generate(posts, comments, pending, seed, tell=click.echo)
            return
        if remove:
            click.echo(f"{sample.remove(force)} sample articles are gone.")
            return
        outcomes = sample.load()
    except (Refused, FileError) as error:
        raise click.ClickException(str(error)) from error
    changed = sum(outcome.change != "same" for outcome in outcomes)
    click.echo(f"{len(outcomes)} sample articles, {changed} of them new or changed.")
