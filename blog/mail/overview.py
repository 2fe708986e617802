"""What waits, what failed and how the mail server does, for the desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from blog.database import db
from blog.mail.kinds import NoticeKind, NoticeState
from blog.mail.models import Notice
from blog.mail.server import MailServer


def counts() -> dict[NoticeState, int]:
    """How many notices are waiting (and may be sent) and how many failed."""
    waiting = db.session.scalar(select(func.count()).select_from(Notice).where(Notice.waiting())) or 0
    failed = db.session.scalar(select(func.count()).select_from(Notice).where(Notice.state == NoticeState.FAILED)) or 0
    return {NoticeState.WAITING: waiting, NoticeState.FAILED: failed}


def owed() -> Select[Notice]:
    """What waits and may be sent, what is due first on top."""
    return select(Notice).where(Notice.waiting()).options(joinedload(Notice.account)).order_by(Notice.due_at, Notice.id)


def failed() -> Select[Notice]:
    """What could not be delivered, newest first."""
    return (
        select(Notice)
        .where(Notice.state == NoticeState.FAILED)
        .options(joinedload(Notice.account))
        .order_by(Notice.closed_at.desc(), Notice.id.desc())
    )


def repeatable() -> Select[Notice]:
    """What failed and can be sent after all. Unordered."""
    return select(Notice).where(Notice.state == NoticeState.FAILED, Notice.kind != NoticeKind.SECURITY)


def failing_mails() -> tuple[datetime | None, int]:
    """For the desk's first page: since when the mail server takes nothing, and how many mails have failed."""
    server = MailServer.current()
    return (server.failing_since if server else None), counts()[NoticeState.FAILED]
