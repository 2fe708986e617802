"""What the database says: who waits for what, since when. The same on every machine of the site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from blog.clock import now
from blog.database import db
from blog.mail import overview
from blog.mail.kinds import NoticeState
from blog.mail.server import MailServer
from blog.metering import Numbers
from blog.moderation import queue
from blog.operations.models import Backup, JobRun
from blog.outbox import Event
from blog.pagecache.changes import PageChange
from blog.purges import Purge
from blog.replica import Outcome, Replica

Level = tuple[str, float, dict[str, str]]


def levels() -> Numbers:
    """All of it; without a database only that there is none."""
    found = Numbers()
    try:
        told: list[Level] = [("database_up", 1, {})]
        for more in (_replica, _comments, _mails, _jobs, _rows, _backups):
            told += more()
    except SQLAlchemyError:
        told = [("database_up", 0, {})]
    finally:
        db.session.rollback()
    for name, number, labels in told:
        found.levels[name, tuple(labels.items())] = number
    return found


def _replica() -> Iterator[Level]:
    named: Replica | None = current_app.extensions.get("replica")
    if named is not None:
        found = named.look()
        yield "replica_up", int(found.outcome in (Outcome.READ, Outcome.BEHIND)), {}
        yield "replica_behind_bytes", found.behind_bytes, {}
        yield "replica_behind_seconds", round(found.behind_seconds, 3), {}


def _comments() -> Iterator[Level]:
    waiting = queue.waiting()
    states = ("pending", "held")
    yield from (("comments_waiting", waiting[state], {"state": state}) for state in states)
    yield from (("flags_waiting", many, {"flag": name}) for name, many in waiting.items() if name not in states)
    oldest = queue.oldest()
    yield "oldest_comment_seconds", _age(oldest.created_at if oldest else None), {}


def _mails() -> Iterator[Level]:
    counts = overview.counts()
    server = MailServer.current()
    yield "events_untold", _rows_of(Event), {}
    yield "mails_waiting", counts[NoticeState.WAITING], {}
    yield "mails_failed", counts[NoticeState.FAILED], {}
    yield "mail_server_failing_seconds", _age(server.failing_since if server else None), {}


def _jobs() -> Iterator[Level]:
    for run in db.session.scalars(JobRun.by_name()):
        if run.done_at:
            yield "job_done_timestamp_seconds", run.done_at.timestamp(), {"job": run.name}
        yield "job_failing_seconds", _age(run.failing_since), {"job": run.name}


def _rows() -> Iterator[Level]:
    yield "purges_waiting", _rows_of(Purge), {}
    yield "page_changes", _rows_of(PageChange), {}


def _backups() -> Iterator[Level]:
    made, proved = db.session.execute(select(func.max(Backup.made_at), func.max(Backup.proved_at))).one()
    if made:
        yield "backup_timestamp_seconds", made.timestamp(), {}
    if proved:
        yield "backup_proved_timestamp_seconds", proved.timestamp(), {}


def _rows_of(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _age(since: datetime | None) -> float:
    return max(0.0, round((now() - since).total_seconds(), 1)) if since else 0
