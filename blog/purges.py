"""Telling a CDN what changed: rows written with the change, and one HTTP request for many of them, made by a job.

A row is there exactly when the change is, so a purge is never lost; it may arrive twice. A CDN that does not answer
slows nobody down: its rows wait, each failure makes the pause longer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, SmallInteger, String, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from blog import cdn
from blog.clock import now
from blog.database import Base, begin_write, db
from blog.jobs import jobs

KEYS_AT_ONCE = 100  # some CDNs take no more
ROWS_AT_ONCE = 10_000  # in one statement
CLAIM_SECONDS = 20  # longer than one request may take, with what comes before it
FIRST_PAUSE_SECONDS = 5  # doubled with each failure
MOST_DOUBLED = 9  # about three quarters of an hour
AGAIN_SECONDS = 5  # until a key is told once more: see `deliver`
SECOND = -1  # `tries` of a row that is that second time

log = logging.getLogger("blog.purges")


class Purge(Base):
    """A key that a committed transaction has changed, until the CDN has confirmed that it knows."""

    __tablename__ = "purges"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime | None]  # after a failure, or while it is being told; those behind it wait, too


def note(session: Session, keys: Iterable[str]) -> None:
    """Write down, in this transaction, what the CDN has to forget; nothing where no CDN is to be told."""
    if current_app.config["BLOG_PURGE_URL"]:
        session.execute(insert(Purge), [{"key": key, "tries": 0} for key in sorted(keys)])


@dataclass(frozen=True)
class Batch:
    """What is told in one request."""

    keys: list[str]  # each once, in the order in which they changed
    rows: list[int]  # exactly those that were seen: others with the same key may be committed meanwhile
    tries: int  # that failed
    fresh: list[str]  # the keys that are told for the first time


def deliver(settle: Callable[[], None]) -> int:
    """Tell the CDN all that waits, the oldest first; how many requests it took. Stops at the first failure.

    `settle` returns when no machine gives out a page from before the changes that were committed until then.
    Each key is told twice, some seconds apart: a CDN with several tiers may have filled one that had forgotten from
    one that had not yet.
    """
    requests = 0
    look_again = 0  # in so many seconds
    while current_app.config["BLOG_PURGE_URL"] and (batch := _claim()):
        settle()
        problem = cdn.purge(batch.keys).problem
        requests += 1
        begin_write()
        for start in range(0, len(batch.rows), ROWS_AT_ONCE):
            told = Purge.id.in_(batch.rows[start : start + ROWS_AT_ONCE])
            if problem:
                look_again = FIRST_PAUSE_SECONDS * 2 ** min(batch.tries, MOST_DOUBLED)
                values = {"tries": batch.tries + 1, "due_at": now() + timedelta(seconds=look_again)}
                db.session.execute(update(Purge).where(told).values(values))
            else:
                db.session.execute(delete(Purge).where(told))
        if batch.fresh and not problem:
            look_again = AGAIN_SECONDS
            again = now() + timedelta(seconds=look_again)
            db.session.execute(insert(Purge), [{"key": key, "tries": SECOND, "due_at": again} for key in batch.fresh])
        db.session.commit()
        if problem:
            said = {"cause": problem, "keys": len(batch.keys), "tries": batch.tries + 1}
            log.warning("the CDN could not be told", extra=said)
            break
    if look_again:
        jobs.wake("purge_pages", look_again + 1)  # sooner than the minute in which the job looks by itself
    return requests


def _claim() -> Batch | None:
    """What waited longest, for this worker alone until it can have been told; None when nothing is due.

    No transaction stays open while the other side thinks.
    """
    if _due() is None:  # without keeping others from writing
        db.session.rollback()
        return None
    begin_write(lock="purges")
    tries = _due()
    if tries is None:
        db.session.rollback()
        return None
    first = select(Purge.key).where(_is_waiting()).group_by(Purge.key).order_by(func.min(Purge.id)).limit(KEYS_AT_ONCE)
    keys = list(db.session.scalars(first))
    found = db.session.execute(select(Purge.id, Purge.key, Purge.tries).where(Purge.key.in_(keys), _is_waiting())).all()
    rows = [row.id for row in found]
    fresh = {row.key: row.id for row in found if row.tries != SECOND}
    claimed = now() + timedelta(seconds=CLAIM_SECONDS)
    db.session.execute(update(Purge).where(Purge.id == min(fresh.values() or rows)).values(due_at=claimed))
    db.session.commit()
    return Batch(keys, rows, max(0, tries), [key for key in keys if key in fresh])


def _is_waiting() -> ColumnElement[bool]:
    """All but what is to be told once more, later: nothing waits behind that."""
    return or_(Purge.tries != SECOND, Purge.due_at <= now())


def _due() -> int | None:
    """How often the oldest row that waits has failed; None when nothing is due."""
    oldest = db.session.execute(
        select(Purge.tries, Purge.due_at).where(_is_waiting()).order_by(Purge.id).limit(1)
    ).first()
    if oldest is None or (oldest.due_at is not None and oldest.due_at > now()):
        return None
    tries: int = oldest.tries
    return tries
