"""`flask comments`: look, decide in need, try triage on labelled texts, and make the stored HTML anew."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from blog.accounts.models import Account
from blog.comments import searching
from blog.comments.jobs import rerender
from blog.comments.models import Comment, State
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Stale, Verdict
from blog.pages.models import Site
from blog.triage import evaluate

group = AppGroup("comments", help="List comments, decide on them, and try triage on labelled texts.")


@group.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]), default=State.PENDING.value)
@click.option("--query", default="", help="Only those whose name or text holds this.")
def list_comments(state: str, query: str) -> None:
    """Comments in one state, oldest first."""
    comments = Comment.in_state(State(state))
    if query:
        comments = comments.where(searching.saying(query))
    for comment in db.session.scalars(comments):
        text = " ".join(comment.newest.body.split())[:80]
        click.echo(f"{comment.id}:{comment.newest_revision_id}  {comment.post.slug}  {comment.newest.name}: {text}")


@group.command()
@click.argument("seen", nargs=-1, required=True, metavar="ID:REV…")
@click.option("--by", metavar="EMAIL", help="Whose decision it is. Without: nobody's.")
@click.option("--note", default="", help="For colleagues.")
def approve(seen: tuple[str, ...], by: str | None, note: str) -> None:
    """Publish comments, each in the version named: all of them or none. `flask comments list` shows both numbers."""
    _decide(seen, Verdict.APPROVE, by, note=note)


@group.command()
@click.argument("seen", nargs=-1, required=True, metavar="ID:REV…")
@click.option("--by", metavar="EMAIL", help="Whose decision it is. Without: nobody's.")
@click.option("--reason", default="", help="Short name of a reason in the settings; its text is told to the writer.")
@click.option("--note", default="", help="For colleagues.")
def reject(seen: tuple[str, ...], by: str | None, reason: str, note: str) -> None:
    """Decline comments, each in the version named: all of them or none."""
    reasons = [reason.key for reason in Site.current().reasons]
    if reason and reason not in reasons:
        raise click.ClickException(f"No reason is called {reason!r}. There are: {', '.join(reasons)}.")
    _decide(seen, Verdict.REJECT, by, reason=reason, note=note)


@group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One object per text instead of the table.")
def triage(file: Path, as_json: bool) -> None:
    """Try triage on labelled texts: a JSON list of objects with `text`, `label` and perhaps `author`.

    Both tiers of emergencies are printed. Reads no database and stores nothing: with the lists that come with the site.
    """
    try:
        rows = json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from None
    if not isinstance(rows, list):
        raise click.ClickException(f"{file} holds no list of texts.")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("text", "label")):
            raise click.ClickException(f"{file}, text {number}: an object with `text` and `label` is needed.")
    confusion = evaluate(rows)
    if as_json:
        lines = (json.dumps(judged, ensure_ascii=False) for judged in confusion.as_json())
        click.echo("[\n" + ",\n".join(lines) + "\n]")
    else:
        click.echo(confusion.table())


@group.command("rerender")
def rerender_now() -> None:
    """Make the HTML of older rules anew from the text as typed; the job worker does so after each start."""
    click.echo(f"{rerender()} texts rendered anew.")


def _decide(named: tuple[str, ...], verdict: Verdict, by: str | None, reason: str = "", note: str = "") -> None:
    try:
        seen = [Seen.parse(text) for text in named]
    except ValueError as error:
        raise click.ClickException(f"{error}: write the numbers that `flask comments list` shows, as 12:34.") from None
    begin_write()
    account = db.session.scalar(Account.with_email(by)) if by else None
    if by and (account is None or not account.active):
        raise click.ClickException(f"No active account has the address {by}.")
    try:
        decision = Decision.make(seen, verdict, account, reason=reason, note=note)
    except Stale as stale:
        lines = (
            f"{conflict.seen.comment_id}:{conflict.seen.revision_id}  {conflict.message}"
            for conflict in stale.conflicts
        )
        raise click.ClickException("\n".join(["Nothing was decided.", *lines])) from None
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None
    db.session.commit()
    numbers = ", ".join(map(str, sorted({pair.comment_id for pair in seen})))
    click.echo(f"Decision {decision.id}: {decision.verdict}, comments {numbers}.")
