"""Decisions on whole filters, batch by batch, and how long comments wait, measured every day."""

from __future__ import annotations

from datetime import timedelta

import structlog

from blog.clock import now
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.moderation.batches import BatchDecision
from blog.moderation.figures import MEASURED_DAYS, usual_hours, waits_since
from blog.pages.models import Site

log = structlog.get_logger("blog.moderation")


@jobs.every(minutes=1)
@jobs.when(lambda: BatchDecision.unfinished().with_only_columns(BatchDecision.id))
def continue_batches() -> None:
    """Go on with every decision that is made in batches. Woken when one begins; the tick finds what was left."""
    for batch_id in [batch.id for batch in db.session.scalars(BatchDecision.unfinished())]:
        more = True
        while more:
            begin_write()
            more = BatchDecision.step(batch_id)
            db.session.commit()
        batch = db.session.get_one(BatchDecision, batch_id)
        log.info("batch decided", decision=batch.decision_id, done=batch.done, skipped=batch.skipped)


@jobs.daily
def measure_waiting() -> None:
    """Say anew within which time most comments are decided; pages change only when the band does."""
    hours = usual_hours(waits_since(now() - timedelta(days=MEASURED_DAYS)))
    if hours != Site.current().measured_hours:
        begin_write(lock="measured waiting")
        Site.change({"measured_hours": hours}, None)
        db.session.commit()
        log.info("waiting time measured", hours=hours)
