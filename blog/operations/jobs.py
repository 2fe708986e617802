"""What the job worker does for the machinery itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from blog import purges
from blog.comments import index
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.libraries import later
from blog.operations import database

if TYPE_CHECKING:
    from blog.operations.backups import keeping
else:
    keeping = later("blog.operations.backups.keeping")


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
