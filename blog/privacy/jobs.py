"""Retention: what is dropped when, in one table. The days are editorial settings, changed at the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select

from blog.accounts.models import LoginFailure
from blog.clock import now
from blog.comments.bans import Ban
from blog.comments.models import COUNTED, Comment, CommentRevision
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.mail.models import ASK_AGAIN_DAYS, Address, Choice, Notice, SpentLink
from blog.moderation.models import Decision
from blog.pages.models import Site

BATCH = 200  # rows a transaction, so that nobody waits long for the write lock
LOGIN_FAILURE_DAYS = 1
MAIL_DAYS = 30  # that a notice which was sent, dropped or given up is remembered

log = structlog.get_logger("blog.privacy")


@dataclass(frozen=True)
class Rule:
    """Rows older than so many days, and what is done to each of them."""

    name: str
    days: Callable[[Site], int]
    overdue: Callable[[datetime], Select]
    drop: Callable[..., None]


def _forget_text(comment: Comment) -> None:
    comment.forget_text()
    Decision.forget_notes(comment)
    Choice.forget(comment)


RETENTION = (
    Rule("sender hashes", lambda site: site.keep_sender_days, Comment.with_sender_before, Comment.forget_sender),
    Rule("senders of what was erased", lambda site: COUNTED.days, Comment.erased_with_sender_before,
         Comment.forget_sender),
    Rule("declined text", lambda site: site.keep_declined_days, Comment.declined_before, _forget_text),
    Rule("texts set aside", lambda site: site.keep_declined_days,
         CommentRevision.set_aside_before, Decision.forget_version),
    Rule("withdrawn text", lambda site: site.keep_withdrawn_days, Comment.withdrawn_before, _forget_text),
    Rule("masked originals", lambda site: site.keep_original_days, Decision.originals_before, Decision.forget_version),
    Rule("ended bans", lambda site: 0, Ban.ended_before, db.session.delete),
    Rule("unconfirmed mails", lambda site: ASK_AGAIN_DAYS, Notice.unconfirmed_before, db.session.delete),
    Rule("sent mails", lambda site: MAIL_DAYS, Notice.closed_before, db.session.delete),
    Rule("used links of mails", lambda site: 0, SpentLink.expired_before, db.session.delete),
    Rule("unconfirmed addresses", lambda site: ASK_AGAIN_DAYS, Choice.unconfirmed_before, Choice.end),
    Rule("unused addresses", lambda site: ASK_AGAIN_DAYS, Address.forgettable, db.session.delete),
    Rule("failed log-ins", lambda site: LOGIN_FAILURE_DAYS, LoginFailure.before, db.session.delete),
)  # fmt: skip


@jobs.every(minutes=1440)
def drop_by_retention() -> None:
    """Drop everything that has been kept for its days."""
    for rule in RETENTION:
        before = now() - timedelta(days=rule.days(Site.current()))
        dropped = 0
        while True:
            begin_write(lock="retention")  # two workers would drop the same rows
            rows = list(db.session.scalars(rule.overdue(before).limit(BATCH)))
            for row in rows:
                rule.drop(row)
            db.session.commit()
            dropped += len(rows)
            if len(rows) < BATCH:
                break
        if dropped:
            log.info("dropped by retention", what=rule.name, rows=dropped)
