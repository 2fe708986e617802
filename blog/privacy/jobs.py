"""Dropping what has been kept for its days, once a day."""

from __future__ import annotations

from datetime import timedelta

import structlog

from blog.clock import now
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.pages.models import Site
from blog.privacy.retention import RETENTION

BATCH = 200  # rows a transaction, so that nobody waits long for the write lock

log = structlog.get_logger("blog.privacy")


@jobs.daily
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
