"""What the job worker does for the machinery itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog
from flask import current_app
from sqlalchemy import literal, select, union_all, update

from blog import purges
from blog.checksums import Summed, sums_of
from blog.comments import index
from blog.database import Base, begin_write, db
from blog.jobs import jobs
from blog.libraries import later
from blog.operations import database
from blog.pagecache import keys
from blog.pagecache.changes import changed

if TYPE_CHECKING:
    from blog.operations.backups import keeping
else:
    keeping = later("blog.operations.backups.keeping")

SUMMED_AT_ONCE = 50  # rows, which may hold a whole article each

log = structlog.get_logger("blog.operations")


@jobs.every(minutes=1)
def purge_pages() -> None:
    """Tell the CDN what changed; the worker also does so soon after each change."""
    cache = current_app.extensions["pagecache"]
    purges.deliver(cache.following.settle)  # a CDN that asks at once must not be given the old page again


@jobs.every(minutes=30)
def empty_database_log() -> None:
    """Leave nothing of erased texts in the index and beside the database.

    If somebody reads just then, the next run empties the log.
    """
    more = True
    while more:
        begin_write()
        more = index.forget_some()
        db.session.commit()
    database.empty_log(current_app._get_current_object())  # type: ignore[attr-defined]


@jobs.daily
def keep_backup() -> None:
    """Make the backup of the day, and remove those that are too many."""
    keeping.keep(current_app._get_current_object())  # type: ignore[attr-defined]


@jobs.daily
def prove_backup() -> None:
    """Restore the newest backup on trial."""
    keeping.prove_newest(current_app._get_current_object())  # type: ignore[attr-defined]


@jobs.daily
@jobs.when(lambda: union_all(*(select(literal(1)).where(model.checksum == "") for model in Summed.__subclasses__())))
def sum_texts() -> None:
    """Give texts without a checksum theirs: processes from before the upgrade stored them. Until then none is shown.

    What has one keeps it, whatever it says now. Every start of the site wakes this.
    """
    for model in Summed.__subclasses__():
        stored = Base.metadata.tables[model.__tablename__]
        (number, *_) = stored.primary_key.columns
        found = db.session.scalars(select(number).where(stored.c.checksum == "").order_by(number)).all()
        for start in range(0, len(found), SUMMED_AT_ONCE):
            _sum(model, found[start : start + SUMMED_AT_ONCE])
        if found:
            log.info("texts summed", table=stored.name, rows=len(found))
    db.session.rollback()


def _sum(model: type[Summed], numbers: Sequence[int]) -> None:
    stored = Base.metadata.tables[model.__tablename__]
    (number, *_) = stored.primary_key.columns
    begin_write()
    unsummed = select(stored).where(number.in_(numbers), stored.c.checksum == "").with_for_update()
    for row in db.session.execute(unsummed).mappings().all():
        made = sums_of(model.SUMMED, dict(row))
        db.session.execute(update(stored).where(number == row[number]).values(checksum=made))
    changed(keys.SITE)
    db.session.commit()
