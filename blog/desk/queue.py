"""The queue of comments, and the versions of one."""

from __future__ import annotations

import itertools

from flask import render_template, request

from blog.comments.models import Comment, CommentRevision
from blog.database import db
from blog.desk.decision_forms import DecisionForm, ReplyForm
from blog.desk.moderation import asked_filter, bp, reasons
from blog.moderation.batches import BatchDecision
from blog.moderation.cards import cards
from blog.moderation.marks import compared
from blog.moderation.models import Decision
from blog.moderation.queue import Place, counted, tabs
from blog.numbers import number_or_none
from blog.posts.models import Post


@bp.get("/comments")
def queue() -> str:
    return queue_page()


@bp.get("/comments/<int:comment_id>/versions")
def versions(comment_id: int) -> str:
    comment = db.first_or_404(Comment.for_desk().where(Comment.id == comment_id))
    found = db.session.scalars(CommentRevision.of(comment)).all()
    changes = [compared(before.body, after.body)[1] for before, after in itertools.pairwise(found)]
    return render_template(
        "desk/versions.html", comment=comment, versions=list(zip(found, [None, *changes], strict=True))
    )


def queue_page(form: DecisionForm | ReplyForm | None = None, answering: int | None = None) -> str:
    """The queue as filtered by the address; `form` comes back with what was typed when something was wrong."""
    asked = asked_filter()
    page = asked.page(_place("after"), _place("before"))
    states, flags, count = tabs(asked)
    decided = _decided()
    return render_template(
        "desk/queue.html",
        page=page,
        asked=asked,
        states=states,
        flags=flags,
        count=count,
        count_text=counted(count, asked.most_counted),
        named_post=db.session.get(Post, asked.post) if asked.post else None,
        form=form or DecisionForm(formdata=None),
        answering=answering,
        decided=decided,
        batch=BatchDecision.of(decided) if decided else None,
        cards=cards(page.items),
        reasons=reasons(),
    )


def _decided() -> Decision | None:
    number = number_or_none(request.args.get("decided", ""))
    return db.session.get(Decision, number) if number else None


def _place(name: str) -> Place | None:
    return Place.read(request.args.get(name, ""))
