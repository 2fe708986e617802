"""Of what the site does by itself: jobs, mail, media, pages in memory, the CDN, backups."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from blog import cdn as cdns
from blog.bell import Bell
from blog.clock import now
from blog.database import db
from blog.mail import delivery, overview
from blog.mail.server import MailServer
from blog.media import portraits
from blog.media.models import Media
from blog.media.storage import Away, store
from blog.operations.backups import making
from blog.operations.doctor.findings import Finding, bad, care, good
from blog.operations.models import NOTED_EVERY, Backup, JobRun
from blog.pagecache.changes import PageChange
from blog.purges import Purge
from blog.search import keeping
from blog.words import count_of

SILENT = 2 * NOTED_EVERY  # a worker that noted nothing for so long does not run
BACKUP_DUE, BACKUP_LATE = timedelta(hours=26), timedelta(days=3)
NAMED = 5  # pictures that are told by name
SAID_SHOWN = 200  # characters of what a CDN says
UNTOLD_ROWS = 5000  # page changes that nobody takes away


def worker(app: Flask) -> Iterator[Finding]:
    """Does the job worker run?"""
    last = db.session.scalar(select(func.max(JobRun.done_at)))
    if last is None:
        yield care("job worker", "it has done nothing yet", "Run “flask serve” or “flask worker”.")
    elif last < now() - SILENT:
        yield bad("job worker", f"silent since {last:%Y-%m-%d %H:%M} UTC", "Run “flask serve” or “flask worker”.")
    else:
        yield good("job worker", f"at work, last noted {last:%H:%M} UTC")


def jobs_go_well(app: Flask) -> Iterator[Finding]:
    """Does each job do what it should?"""
    failing = db.session.scalars(JobRun.by_name().where(JobRun.failing_since.is_not(None))).all()
    for run in failing:
        what = f"{run.name} fails since {run.failing_since:%Y-%m-%d %H:%M} UTC ({run.problem})"
        yield bad("jobs", what, f"Look for “{run.name}” in the log.")
    if not failing:
        yield good("jobs", "none fails")


def mail(app: Flask) -> Iterator[Finding]:
    """Do mails go out?"""
    if not app.config["BLOG_MAIL_URL"]:
        yield care("mail", "no mail leaves this machine: each becomes a file", "Set BLOG_MAIL_URL.")
        return
    server = MailServer.current()
    _, failed = overview.failing_mails()
    if server is not None and server.failing_since:
        since = f"{server.failing_since:%Y-%m-%d %H:%M}"
        yield bad("mail", f"the server takes nothing since {since} UTC", "See /desk/mail for what it says.")
    elif failed:
        yield care("mail", f"{failed} could not be delivered", "See /desk/mail.")
    else:
        yield good("mail", "delivered")


def mail_server_answers(app: Flask) -> Iterator[Finding]:
    """Can it be reached just now?"""
    if not app.config["BLOG_MAIL_URL"]:
        return
    connection = delivery.Connection(app.extensions["mail"])
    try:
        connection.configure_host().quit()
    except (smtplib.SMTPException, OSError) as error:
        yield bad("mail server", f"cannot be reached: {type(error).__name__}", "Correct BLOG_MAIL_URL, or start it.")
    else:
        yield good("mail server", "answers")


def media(app: Flask) -> Iterator[Finding]:
    """Can what was uploaded be read?"""
    folder = making.media_folder(app)
    if folder is None or not folder.is_dir():
        return
    unread = [path for path in folder.rglob("*") if not os.access(path, os.R_OK)]
    if unread or not os.access(folder, os.R_OK | os.X_OK):
        yield bad("media", f"{max(1, len(unread))} of {folder} cannot be read", f"chown -R to the user of {folder}")
    else:
        yield good("media", "readable")


def pictures_are_whole(app: Flask) -> Iterator[Finding]:
    """Is the file of each picture there, with all its bytes, and those of each portrait?"""
    try:
        lost = [media.name for media in db.session.scalars(select(Media)) if store().size(media.file) != media.size]
        faceless = portraits.lost()
    except Away as error:
        yield bad("pictures", f"their place is away: {error}", "Start it, or correct BLOG_MEDIA_URL.")
        return
    if lost:
        named = ", ".join(lost[:NAMED]) + (" and others" if len(lost) > NAMED else "")
        what = f"{count_of(len(lost), 'file')} missing or cut: {named}"
        yield bad("pictures", what, "Put them back from a backup, or replace them at /desk/media.")
    if faceless:
        named = ", ".join(faceless[:NAMED]) + (" and others" if len(faceless) > NAMED else "")
        what = f"{count_of(len(faceless), 'portrait')} missing or cut: {named}"
        yield bad("pictures", what, "Put their files back from a backup, or bring the portraits anew under People.")
    if not lost and not faceless:
        yield good("pictures", "all files are there")


def pages_are_dropped(app: Flask) -> Iterator[Finding]:
    """Is what changed taken out of memory everywhere?"""
    rows = db.session.scalar(select(func.count()).select_from(PageChange)) or 0
    if rows > UNTOLD_ROWS:
        yield bad("pages in memory", f"{rows} changes were taken note of by no job worker", "Start it.")
    else:
        yield good("pages in memory", "changes are taken note of")


def search(app: Flask) -> Iterator[Finding]:
    """Does the index hold what is public, and nothing else?"""
    wrong = keeping.disagreements()
    if wrong:
        what = f"{count_of(wrong, 'article')} wrong or missing in the index"
        yield care("search", what, "Its job mends it once a day; at once: flask search rebuild")
    else:
        yield good("search", "the index agrees with the articles")


def cdn(app: Flask) -> Iterator[Finding]:
    """Is the CDN told?"""
    if not app.config["BLOG_PURGE_URL"]:
        return
    tries, rows = db.session.execute(select(func.max(Purge.tries), func.count(Purge.id))).one()
    if tries:
        what = f"{rows} changed keys could not be told, after {tries} tries"
        yield bad("CDN", what, "Look for “could not be told” in the log; until then it shows what was taken back.")
    else:
        yield good("CDN", "told of what changed")


def cdn_takes_purges(app: Flask) -> Iterator[Finding]:
    """Does it do as it is told? A key that no page shows is purged, and what comes back is told."""
    if not app.config["BLOG_PURGE_URL"]:
        return
    reply = cdns.purge([cdns.NOBODY_SHOWS])
    said = f" (“{reply.said[:SAID_SHOWN]}”)" if reply.said else ""
    if reply.problem:
        what = f"a purge for trial was not taken: {reply.problem}{said}"
        yield bad("purges", what, "Correct BLOG_PURGE_URL, BLOG_PURGE_FORM or BLOG_PURGE_TOKEN.")
    elif not app.config["BLOG_KEY_HEADER"]:
        yield bad("purges", "pages do not name their keys, so none is found by them", "Set BLOG_KEY_HEADER.")
    else:
        yield good("purges", f"one for trial was taken{said}")


def bell_answers(app: Flask) -> Iterator[Finding]:
    """Can other machines be told at once what is owed?"""
    bell: Bell | None = app.extensions.get("bell")
    if bell is None:
        return
    if bell.answers():
        yield good("wake-ups", "the server of BLOG_REDIS_URL answers")
    else:
        what = "the server of BLOG_REDIS_URL does not answer: workers of other machines begin up to a minute later"
        yield care("wake-ups", what, "Start it, or correct BLOG_REDIS_URL.")


def backups(app: Flask) -> Iterator[Finding]:
    """Could this site be brought back?"""
    if not app.config["BLOG_BACKUP_KEEP"]:
        yield care("backups", "none are made", "Set BLOG_BACKUP_KEEP, unless you have another way that was tried.")
        return
    newest = Backup.newest()
    if newest is None:
        yield care("backups", "none yet: the first is made in the night", "Or now, at /desk/operations.")
        return
    age, made = now() - newest.made_at, f"the newest is from {newest.made_at:%Y-%m-%d %H:%M} UTC"
    if age > BACKUP_LATE:
        yield bad("backups", made, "Look for “keep_backup” in the log.")
    elif age > BACKUP_DUE:
        yield care("backups", made, "Look for “keep_backup” in the log.")
    else:
        yield good("backups", made)
    proved = db.session.scalar(select(func.max(Backup.proved_at)))
    if proved is None or proved < now() - BACKUP_LATE:
        yield care("trial restore", "no backup was lately restored on trial", "Run it at /desk/operations.")
    else:
        yield good("trial restore", f"went well at {proved:%Y-%m-%d %H:%M} UTC")
    if not newest.is_sealed:
        yield care(
            "secret key",
            "it is not in the backups: without it, private links in mails that were sent would not work",
            "Set BLOG_BACKUP_PASSPHRASE, or keep a copy of secret_key elsewhere.",
        )
    if not app.config["BLOG_BACKUP_TO"]:
        yield care("place of backups", "on this disk, which may be what breaks", "Set BLOG_BACKUP_TO.")
