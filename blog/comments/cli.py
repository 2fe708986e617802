"""`flask comments`: look, decide in need, and make the stored HTML anew."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from blog.comments.models import Comment, CommentRevision, State
from blog.extensions import begin_write, db

BATCH = 200  # revisions a transaction

group = AppGroup("comments", help="List comments and make their HTML anew.")


@group.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]), default=State.PENDING.value)
@click.option("--query", default="", help="Only those whose name or text holds this.")
def list_comments(state: str, query: str) -> None:
    """Comments in one state, oldest first."""
    found = Comment.in_state(State(state))
    if query:
        found = found.where(Comment.matching(query))
    for comment in db.session.scalars(found):
        text = " ".join(comment.newest.body.split())[:80]
        click.echo(f"{comment.id}:{comment.newest_revision_id}  {comment.post.slug}  {comment.newest.name}: {text}")


@group.command()
def rerender() -> None:
    """Make the HTML of older rules anew from the text as typed."""
    total = 0
    while True:
        begin_write()
        revisions = db.session.scalars(CommentRevision.outdated().limit(BATCH)).all()
        for revision in revisions:
            revision.rerender()
        db.session.commit()
        total += len(revisions)
        if len(revisions) < BATCH:
            break
    click.echo(f"{total} texts rendered anew.")
