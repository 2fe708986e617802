"""The backup of each day: made, counted, the oldest removed, and the newest restored on trial."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from flask import Flask
from sqlalchemy import delete

from blog.clock import now
from blog.database import begin_write, db
from blog.operations import database
from blog.operations.backups import making, places, snapshot
from blog.operations.backups.archive import DATABASE, BrokenBackup
from blog.operations.models import Backup

SAME_TICK = timedelta(minutes=10)  # within which the workers of several machines mean the same backup

log = structlog.get_logger("blog.backups")


def keep(app: Flask) -> None:
    """Make a backup and remove the oldest beyond BLOG_BACKUP_KEEP. Several workers that tick at once make one."""
    if not app.config["BLOG_BACKUP_KEEP"]:
        return
    began = now()
    with database.exclusive(app, "keeping"), database.first_of_all_machines(app, "keeping"):
        last = Backup.newest()
        db.session.rollback()
        if last is not None and last.made_at > began - SAME_TICK:
            return
        made = making.make(app, places.of(app), name_at(now()), app.config["BLOG_BACKUP_PASSPHRASE"])
        begin_write()
        db.session.add(_row(made))
        db.session.commit()
        _remove_old(app)
    log.info("backup made", file=made.name, bytes=made.size, comments=made.manifest.rows["comments"])


def prove_newest(app: Flask) -> None:
    """Restore the newest backup into a folder of its own, up to the newest schema, and write down that it can be.

    Raises BrokenBackup, and what the place raises.
    """
    with database.exclusive(app, "keeping"), database.first_of_all_machines(app, "keeping"):
        newest = Backup.newest()
        db.session.rollback()
        if newest is None or (newest.proved_at and newest.proved_at > now() - SAME_TICK):
            return
        number, name = newest.id, newest.name
        with making.at_work(app) as folder:
            content = folder / "content"
            manifest = making.prove(places.of(app).fetch(name, folder), content)
            snapshot.migrated_file(app, content / DATABASE)
            if snapshot.check(content / DATABASE)["comments"] != manifest.rows["comments"]:
                raise BrokenBackup(f"{name} lost comments on the way to the newest schema.")
        begin_write()
        db.session.get_one(Backup, number).proved_at = now()
        db.session.commit()
    log.info("backup proved", file=name)


def name_at(moment: datetime) -> str:
    """What a backup of that moment is called: names sort by time."""
    return f"site-{moment:%Y%m%dT%H%M%SZ}{places.SUFFIX}"


def _row(made: making.Made) -> Backup:
    rows = made.manifest.rows
    return Backup(
        name=made.name,
        made_at=now(),
        size=made.size,
        comments=rows["comments"],
        posts=rows["posts"],
        is_sealed=made.manifest.is_sealed,
    )


def _remove_old(app: Flask) -> None:
    """The oldest that are too many; rows of files that are gone go, too."""
    place = places.of(app)
    names = place.names()
    for name in names[: -app.config["BLOG_BACKUP_KEEP"]]:
        place.remove(name)
    begin_write()
    db.session.execute(delete(Backup).where(Backup.name.not_in(names[-app.config["BLOG_BACKUP_KEEP"] :])))
    db.session.commit()
