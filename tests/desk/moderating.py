"""What tests of the desk do and look at again and again."""

from __future__ import annotations

import re
from html import unescape

from blog.accounts.models import RoleName
from blog.comments import sending
from blog.comments.models import Comment
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen


def seen(comment, decision=None):
    return f"{comment.id}:{comment.newest_revision_id}" + (f":{decision}" if decision else "")


def state_of(app, comment):
    with app.app_context():
        fresh = db.session.get_one(Comment, comment.id)
        return fresh.state, fresh.public_revision_id


def decisions(app):
    """All decisions as (verdict, reason, note, who), oldest first."""
    with app.app_context():
        found = list(db.session.scalars(db.select(Decision).order_by(Decision.id)))
        return [(str(one.verdict), one.reason, one.note, one.account.name if one.account else None) for one in found]


def replies(app):
    """Public replies from the team as (who wrote it, text), oldest first."""
    with app.app_context():
        found = db.session.scalars(Comment.visible().where(Comment.is_team).order_by(Comment.newest_revision_id))
        return [(comment.account_id, comment.public.body) for comment in found]


def other_decides(app, make, comment, verdict, name="Dr Other"):
    """A colleague is faster."""
    account = make.account(RoleName.MODERATOR, name=name)
    with app.app_context():
        begin_write()
        fresh = db.session.get_one(Comment, comment.id)
        decision = Decision.make([Seen(fresh.id, fresh.newest_revision_id)], verdict, account)
        db.session.commit()
        return decision.id


def change(app, comment, text):
    """Its writer changes the text; the number of the new version."""
    with app.app_context():
        begin_write()
        fresh = db.session.get_one(Comment, comment.id)
        sending.revise(fresh, Words.prepare("Reader", text), Sender.of("192.0.2.1", ""))
        db.session.commit()
        return fresh.newest_revision_id


def cards(page):
    """The texts of the cards of a queue, in order."""
    return [unescape(text) for text in re.findall(r'card__body comment__body" dir="auto"><p>(.*?)</p>', page)]


def decide(client, *comments, verdict="approve", **fields):
    return client.post("/desk/decisions", data={"comment": list(comments), "verdict": verdict, **fields})
