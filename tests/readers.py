"""Readers who comment as a browser does: open the article, fill in the form that stands there, send it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from blog.comments.models import Comment, State
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict

TYPED = {"name": "Ada <Bell>", "email": "ada@example.org", "body": "First line.\n\nSecond & last."}


def hidden_token(page: str) -> str:
    """The token of the comment form on a page; empty when there is no form."""
    found = re.search(r'<input[^>]*name="token"[^>]*value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def typed(page: str) -> dict[str, str]:
    """What stands in the fields of the comment form on a page."""
    fields = dict.fromkeys(("name", "email", "body"), "")
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and name[1] in fields:
            fields[name[1]] = unescape(value[1])
    text = re.search(r'<textarea[^>]*name="body"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    fields["body"] = unescape(text[1]).replace("\r\n", "\n").strip("\n") if text else ""
    return fields


class Reader:
    """Somebody with a browser and an address of their own."""

    def __init__(self, app: Flask, address: str = "198.51.100.7") -> None:
        self.client = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address

    def open(self, slug: str) -> str:
        return self.client.get(f"/posts/{slug}", follow_redirects=True).text

    def send(
        self,
        slug: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **fields: str,
    ) -> TestResponse:
        """Send a comment with the token of the form on the article's page, unless another is given."""
        values = {"name": "Ada", "body": "A question about this.", "email": "", "website": "", **fields}
        values["token"] = hidden_token(self.open(slug)) if token is None else token
        return self.client.post(f"/posts/{slug}/comments", data=values, headers=dict(headers or {}))

    def write(self, slug: str, **fields: str) -> str:
        """Send a comment that is taken; the address of its status page."""
        answer = self.send(slug, **fields)
        assert answer.status_code == 303, answer.text
        return str(answer.location)


def status_of(app: Flask, comment: Comment) -> str:
    """The address of a comment's private page."""
    with app.app_context():
        return f"/comments/{comment.token}"


def stored(app: Flask) -> list[tuple[str, str, State]]:
    """All comments as (name, text, state), oldest first."""
    with app.app_context():
        comments = db.session.scalars(select(Comment).order_by(Comment.created_at, Comment.newest_revision_id))
        return [(comment.newest.name, comment.newest.body, comment.state) for comment in comments]


def change(app: Flask, model: type, row_id: int, verb: Callable[..., object], *arguments: object) -> None:
    """Do something with a stored row, as the desk does."""
    with app.app_context():
        begin_write()
        verb(db.session.get_one(model, row_id), *arguments)
        db.session.commit()


def decide(app: Flask, comment_id: int, verdict: Verdict, **more: str) -> None:
    """A moderator decides on the newest text of a comment."""
    with app.app_context():
        begin_write()
        comment = db.session.get_one(Comment, comment_id)
        Decision.make([Seen(comment.id, comment.newest_revision_id or 0)], verdict, None, **more)
        db.session.commit()
