"""`flask posts`: list, publish, schedule, archive and rename, until there is a writing desk and beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from blog.database import begin_write, db
from blog.errors import Refused
from blog.posts import publishing
from blog.posts.models import Post, PostRevision
from blog.posts.moments import Typed

group = AppGroup("posts", help="List, publish, schedule, archive and rename posts.")


@group.command("list")
def list_posts() -> None:
    """Every post with its state and time."""
    for post in db.session.scalars(Post.everything()):
        moment = _shown(post.published_at) if post.published_at else "-"
        click.echo(f"{post.state:10} {moment:17} {post.slug}")


@group.command()
@click.argument("slug")
def publish(slug: str) -> None:
    """Show the newest version of SLUG now, or update what is shown."""
    with _changing(slug) as post:
        publishing.show(post, _newest(post))
    click.echo(f"{slug} is published.")


@group.command()
@click.argument("slug")
@click.argument("moment")
def schedule(slug: str, moment: str) -> None:
    """Let SLUG appear at MOMENT, such as 2027-01-15T09:00 (in the site's time zone)."""
    try:
        at = Typed.read(moment, current_app.config["BLOG_TIME_ZONE"])
    except ValueError as error:
        raise click.ClickException(f"“{moment}” {error}.") from error
    with _changing(slug) as post:
        publishing.schedule(post, _newest(post), at.moment, at.clocks)
    click.echo(f"{slug} appears at {_shown(at.moment)}.")


@group.command()
@click.argument("slug")
@click.option("--gone", is_flag=True, help="Its address says that it was removed (410), not that it never was (404).")
@click.option("--to", "other", metavar="SLUG", help="Its address leads to this article.")
def archive(slug: str, gone: bool, other: str | None) -> None:
    """Take SLUG and its comments off the site; `publish` brings it back."""
    with _changing(slug) as post:
        leads_to = db.session.scalar(Post.any_under_slug(other)) if other else None
        if other and leads_to is None:
            raise Refused(f"There is no post “{other}”.")
        publishing.archive(post, gone, leads_to)
    click.echo(f"{slug} is archived.")


@group.command()
@click.argument("slug")
@click.argument("new_slug")
def rename(slug: str, new_slug: str) -> None:
    """Give SLUG the address NEW_SLUG; the old one redirects."""
    with _changing(slug) as post:
        publishing.rename(post, new_slug)
    click.echo(f"{slug} is now {new_slug}; the old address redirects.")


@contextmanager
def _changing(slug: str) -> Iterator[Post]:
    """The post under `slug`, changed in one transaction; a rule's no ends the command in one line."""
    begin_write()
    post = db.session.scalar(Post.any_under_slug(slug))
    if post is None:
        raise click.ClickException(f"There is no post “{slug}”; `flask posts list` names them all.")
    try:
        yield post
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(str(refusal)) from refusal
    db.session.commit()


def _newest(post: Post) -> PostRevision:
    revision = db.session.scalar(PostRevision.newest_of(post))
    if revision is None:
        raise Refused("It has no version to publish yet.")
    return revision


def _shown(moment: datetime) -> str:
    return moment.astimezone(current_app.config["BLOG_TIME_ZONE"]).strftime("%Y-%m-%d %H:%M")
