"""Several job workers on one database, each on a machine of its own: what is owed is done once."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask

from blog import create_app
from blog.accounts.models import RoleName
from blog.clock import now
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.mail.models import Address
from blog.mail.subscriptions import ALL_ARTICLES, HowOften, Subscription
from blog.media import arriving
from blog.moderation.batches import BatchDecision
from blog.moderation.queue import Filter
from blog.moderation.verdicts import Verdict
from tests.databases import SECRET_KEY, migrated
from tests.faults.harness import expect, fault
from tests.mail.servers import post_office
from tests.mailing import Mailing
from tests.make import Make
from tests.media.files import drawing, file
from tests.nodes import Database
from tests.processes import FLASK, ROOT, clean_environment, wait_for

WORKERS, SUBSCRIBERS, WRITERS, PICTURES, SPAM = 3, 30, 30, 4, 450
OURS = "r@example.org"  # ends the addresses of those who are written to once
DONE_SECONDS = 240  # jobs look each minute
OWED = (
    "events",
    "notices WHERE state = 'waiting' AND due_at <= now()",
    "media WHERE made_at IS NULL",
    "posts WHERE announced_at IS NULL",
    "batch_decisions WHERE finished_at IS NULL",
)


@fault(
    "W01",
    f"{WORKERS} job workers on one PostgreSQL, one of them killed: an article has {SUBSCRIBERS} subscribers, "
    f"{WRITERS} comments are approved, {PICTURES} pictures arrive, {SPAM} comments are declined as a whole",
    "each mail sent once, the article announced once, each picture made once, each comment declined once",
)
def once_each(place: Path) -> str:
    database = Database()
    try:
        with post_office() as office:
            settings = {
                "BLOG_DATABASE_URL": database.url,
                "BLOG_SECRET_KEY": SECRET_KEY,
                "BLOG_MAIL_URL": office.url,
                "BLOG_MEDIA_URL": str(place / "pictures"),
            }
            migrated({"BLOG_INSTANCE_PATH": str(place / "first"), **settings})
            app = create_app({"BLOG_INSTANCE_PATH": str(place / "first"), **settings})
            batch_id = _owed(app)
            office.behave.pause_seconds = 0.1
            with _workers(place, settings) as workers:
                expect(wait_for(office.taking.is_set, 120), "no mail came")
                workers[0].kill()
                nearly = wait_for(lambda: _is_what_the_dead_took(_left(app)), DONE_SECONDS)
                expect(nearly, f"not done in time: {_left(app)}")
                _let_leases_end(app)
                expect(wait_for(lambda: not _left(app), DONE_SECONDS), f"not done in time: {_left(app)}")
                time.sleep(5)  # whoever would do it again
            told = _once(app, batch_id, [(one.to, one.subject) for one in office.mails if OURS in one.to])
            with app.app_context():
                db.engine.dispose()
        return told
    finally:
        database.close()


def _owed(app: Flask) -> int:
    """Make work of every kind; the number of the decision on a whole filter."""
    make, mailing = Make(app), Mailing(app)
    make.settings(mail_delay_minutes=0, mails_per_hour=1000, comment_limit=100_000)
    moderator = make.account(RoleName.MODERATOR)
    post = make.post("one")
    for number in range(WRITERS):
        comment = make.comment(post, body=f"A question, number {number}.")
        mailing.wish(comment, f"{number}.writer@example.org", outcome=True)
        mailing.decide(comment, by=moderator)
    for number in range(SPAM):
        make.comment(post, body=f"Buy this, number {number}.")
    with app.app_context():
        begin_write()
        for number in range(SUBSCRIBERS):
            asked = {"topic": ALL_ARTICLES.name, "how_often": HowOften.INSTANT, "created_at": now()}
            address = Address.kept(f"{number}.subscriber@example.org")
            db.session.add(Subscription(address_id=address.id, confirmed_at=now(), **asked))
        db.session.commit()
        for number in range(PICTURES):
            arriving.arrive(file(drawing(1200, 800 + number)), f"picture-{number}.png", None)
        begin_write()
        batch_id = BatchDecision.start(Filter(), Verdict.SPAM, moderator, SPAM).id
        db.session.commit()
    make.post("two", published_at=now() + timedelta(seconds=20))
    return batch_id


@contextmanager
def _workers(place: Path, settings: dict[str, str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    running = []
    try:
        for number in range(WORKERS):
            folder = place / f"worker{number}"
            folder.mkdir()
            environment = clean_environment(BLOG_INSTANCE_PATH=str(folder), **settings)
            with (folder / "log.txt").open("w") as log:
                running.append(subprocess.Popen((FLASK, "worker"), cwd=ROOT, env=environment, stderr=log))
        yield running
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(40)


def _left(app: Flask) -> dict[str, int]:
    """What is still owed, of each kind."""
    with app.app_context():
        found = {what: db.session.execute(db.text(f"SELECT count(*) FROM {what}")).scalar_one() for what in OWED}
        db.session.rollback()
    return {what: number for what, number in found.items() if number}


def _is_what_the_dead_took(left: dict[str, int]) -> bool:
    """Whether nothing else is owed: at most a mail and a picture, which are free again after a while."""
    return set(left) <= {*OWED[1:3]} and all(number == 1 for number in left.values())


def _let_leases_end(app: Flask) -> None:
    """As if a quarter of an hour had passed."""
    with app.app_context():
        begin_write()
        db.session.execute(db.text("UPDATE notices SET lease_until = now() WHERE state = 'waiting'"))
        db.session.execute(db.text("UPDATE media SET taken_until = now() WHERE made_at IS NULL"))
        db.session.commit()


def _once(app: Flask, batch_id: int, mails: list[tuple[str, str]]) -> str:
    """Raises Wrong for what was done twice or not at all."""
    twice = [mail for mail, times in Counter(mails).items() if times > 1]
    recipients = {to for to, _ in mails}
    expect(len(twice) <= 1, f"sent twice: {twice}")  # the one that was on its way when its worker was killed
    expect(len(recipients) == SUBSCRIBERS + WRITERS, f"{len(recipients)} were written to")
    with app.app_context():
        batch = db.session.get_one(BatchDecision, batch_id)
        items = db.session.execute(
            db.text("SELECT count(*), count(DISTINCT comment_id) FROM decision_items WHERE decision_id = :it"),
            {"it": batch.decision_id},
        ).one()
        spam = db.session.scalar(db.select(db.func.count()).select_from(Comment).where(Comment.state == "spam"))
        tries = db.session.execute(db.text("SELECT sum(tries), count(*) FROM media")).one()
    expect(tuple(items) == (SPAM, SPAM) and spam == SPAM == batch.done, f"declined {items}, {spam}, {batch.done}")
    expect(tries[0] <= PICTURES + 1, f"{tries[0]} tries for {tries[1]} pictures")
    return (
        f"{len(mails)} mails to {len(recipients)} people, {len(twice)} twice (on its way when its worker was killed); "
        f"{items[0]} decisions on {items[1]} comments; {tries[0]} tries for {tries[1]} pictures"
    )
