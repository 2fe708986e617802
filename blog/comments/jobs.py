"""What comments need done by themselves: triage learns from decisions, stored HTML follows its rules."""

from __future__ import annotations

import structlog

from blog.checksums import Damaged
from blog.comments import floods
from blog.comments.knowledge import Learned
from blog.comments.models import CommentRevision
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.text.comments import comment_html

BATCH = 200  # texts a transaction

log = structlog.get_logger("blog.comments")


@jobs.every(minutes=1)
@jobs.when(*floods.signs())
def watch_for_floods() -> None:
    """Notice when far more comments come than usual, and when that is over."""
    begin_write(lock="floods")
    flood = floods.watch()
    db.session.commit()
    if flood is not None:
        log.warning("flood of comments", comments=flood.comments, most=flood.most, over=flood.ended_at is not None)
        jobs.wake("send_mail")


@jobs.daily
def learn_from_decisions() -> None:
    """Learn from approved comments and from spam. What was erased meanwhile is forgotten by that."""
    spam_filter = Learned.train()
    begin_write(lock="learning")
    Learned.keep(spam_filter)
    db.session.commit()
    log.info(
        "learned",
        spam=spam_filter.spam_texts,
        good=spam_filter.good_texts,
        found=spam_filter.found,
        in_use=spam_filter.is_ready,
    )


@jobs.daily
@jobs.when(lambda: CommentRevision.outdated().with_only_columns(CommentRevision.id))
def rerender_comments() -> None:
    """Make the HTML of older rules anew. Every start of the site wakes this, so an upgrade reaches old comments."""
    if total := rerender():
        log.info("comments rendered anew", texts=total)


def rerender() -> int:
    """Make the HTML of older rules anew from the text as typed; how many texts. What was approved stays what it was."""
    total = last = 0
    columns = CommentRevision.id, CommentRevision.body
    while rows := db.session.execute(CommentRevision.outdated(last).with_only_columns(*columns).limit(BATCH)).all():
        made = {number: comment_html(body) for number, body in rows}
        last = max(made)
        begin_write()
        # Asked again, and locked: what was erased meanwhile must not come back.
        again = CommentRevision.outdated().where(CommentRevision.id.in_(made)).with_for_update()
        for revision in db.session.scalars(again):
            try:
                revision.show_as(made[revision.id])
            except Damaged as damaged:
                damaged.note()
            else:
                total += 1
        db.session.commit()
    return total
