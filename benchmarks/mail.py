"""A long queue of mails: how long writers wait beside it, with a dead mail server and while 10,000 mails leave.

Run from the root: python -m benchmarks.mail
"""

from __future__ import annotations

import http.client
import logging
import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, update

from benchmarks._bench import filled, folder, program, report, site, table
from benchmarks.grow import staff
from benchmarks.write import requests
from blog import create_app
from blog.accounts.models import Account
from blog.clock import now
from blog.comments.models import Comment, State
from blog.database import begin_write, db, plain_write
from blog.jobs import jobs
from blog.mail.kinds import NoticeKind, NoticeState
from blog.mail.models import Address, Choice, Notice
from blog.mail.server import MailServer
from blog.outbox import Event, EventKind
from blog.pages.models import Site
from tests.processes import RunningSite, free_port
from tests.visitors import StaffClient

NOTICES = 10_000  # each to another reader
GATHERED = 5_000  # to one moderator, in one mail
EVENTS = 3_000  # not told yet when the mail server is found dead
FOLLOWERS = 1_000  # of one article, on which a comment is published meanwhile
SAMPLES = 300  # submissions in each phase; every third is followed by a decision
PAUSE_SECONDS = 0.02  # between two of them: nobody measures a queue of their own making
WANTED = 2.0  # the 95th percentile of a submission, against an empty queue
LEAVING_SECONDS = 240


def main() -> None:
    port = free_port()
    with folder() as place:
        instance = place / "instance"
        filled(instance, posts=10, comments=NOTICES + 100, pending=EVENTS + 2 * GATHERED)
        app = create_app({"BLOG_INSTANCE_PATH": str(instance), "BLOG_SITE_URL": "http://127.0.0.1"})
        logging.disable()
        admin = staff(app)
        prepare(app)
        settings = {"BLOG_TRUSTED_PROXIES": "1", "BLOG_MAIL_URL": f"smtp://127.0.0.1:{port}"}
        with site(instance, **settings) as running:
            writers = Writers(app, running, admin)
            phases = {"empty queue": writers.measure()}
            owe(app)
            phases["dead mail server"] = writers.measure(meanwhile=lambda: knock(app))
            telling = time.monotonic()
            while told_is_left(app) and time.monotonic() < telling + LEAVING_SECONDS:
                time.sleep(0.5)
            waiting = count(app, NoticeState.WAITING)
            with program(sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", port=port):
                began = time.monotonic()
                phases["mails leave"] = writers.measure(meanwhile=lambda: knock(app))
                while count(app, NoticeState.WAITING) > waiting // 100 and time.monotonic() < began + LEAVING_SECONDS:
                    knock(app)
                    time.sleep(0.5)
                seconds = time.monotonic() - began
                mails = left(app)
    report("mail", "A long queue of mails", lines_of(phases, writers.refused, waiting, mails, seconds))


def lines_of(
    phases: dict[str, dict[str, list[float]]], refused: int, waiting: int, mails: int, seconds: float
) -> list[str]:
    first = phases["empty queue"]
    rows = []
    for name, taken in phases.items():
        row: list[str] = [name]
        for what in ("submission", "decision"):
            middle, slow = statistics.median(taken[what]), high(taken[what])
            row += [f"{middle:.1f}", f"{slow:.1f}", f"{max(taken[what]):.0f}", f"{slow / high(first[what]):.2f}"]
        rows.append(row)
    return [
        f"Milliseconds of a submission over HTTP and of a decision, {SAMPLES} and {SAMPLES // 3} in each phase, with "
        f"pauses of {PAUSE_SECONDS * 1000:.0f} ms between them. The dead mail server is asked again each half second. "
        f"{EVENTS:,} submissions and a comment on an article with {FOLLOWERS:,} followers have not been told yet then, "
        f"{NOTICES:,} notices wait for as many readers and {GATHERED:,} for one moderator. Wanted: the 95th percentile "
        f"of a submission stays within {WANTED:g} times its value with an empty queue.",
        "",
        *table(
            (
                "",
                "submission: median",
                "95 %",
                "longest",
                "against empty",
                "decision: median",
                "95 %",
                "longest",
                "against empty",
            ),
            rows,
        ),
        "",
        f"Refused because others held the write lock for seconds: {refused}.",
        "",
        f"Once the server is back, {mails:,} mails for {waiting:,} notices left in {seconds:.0f} s "
        f"({mails / seconds:.0f} a second) with the hourly cap out of the way.",
    ]


def high(taken: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(taken, n=20)[-1]


class Writers:
    """Readers who send comments, and a moderator who decides, while something else goes on."""

    def __init__(self, app: Flask, running: RunningSite, admin: StaffClient) -> None:
        page = re.search(r'href="(/posts/[^"]+)"', running.read("/"))
        assert page
        token = re.search(r'name="token"[^>]*value="([^"]+)"', running.read(page[1]))
        assert token
        self.app, self.admin, self.port = app, admin, running.port
        self.comments = requests(page[1], token[1])
        self.seen = self._waiting()
        self.refused = 0  # because the database was locked for too long

    def measure(self, meanwhile: Any = None) -> dict[str, list[float]]:
        """Milliseconds of each submission and decision; `meanwhile` is called about twice a second."""
        taken: dict[str, list[float]] = {"submission": [], "decision": []}
        called = 0.0
        for number in range(SAMPLES):
            if meanwhile and time.monotonic() > called + 0.5:
                meanwhile()
                called = time.monotonic()
            taken["submission"].append(self._submit(next(self.comments)))
            if number % 3 == 0:
                taken["decision"].append(self._decide(next(self.seen)))
            time.sleep(PAUSE_SECONDS)
        return taken

    def _submit(self, comment: bytes) -> float:
        head, _, body = comment.partition(b"\r\n\r\n")
        request, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        began = time.monotonic()
        connection.request("POST", request.split()[1], body, headers)
        answer = connection.getresponse()
        answer.read()
        taken = (time.monotonic() - began) * 1000
        connection.close()
        return self._counted(answer.status, taken)

    def _decide(self, seen: str) -> float:
        began = time.monotonic()
        answer = self.admin.post("/desk/decisions", data={"comment": seen, "verdict": "hold"})
        return self._counted(answer.status_code, (time.monotonic() - began) * 1000)

    def _counted(self, status: int, taken: float) -> float:
        self.refused += status != 303
        return taken

    def _waiting(self) -> Iterator[str]:
        with self.app.app_context():
            newest = select(Comment.id, Comment.newest_revision_id).where(Comment.state == State.PENDING)
            rows = db.session.execute(newest.order_by(Comment.id.desc()).limit(2 * SAMPLES)).all()
        return (f"{number}:{revision}" for number, revision in rows)


def prepare(app: Flask) -> None:
    """Mails leave at once and as many as can; nobody who comments is a sample."""
    with app.app_context():
        begin_write()
        Site.change({"mails_per_hour": 100_000, "mail_delay_minutes": 0}, None)
        db.session.execute(update(Comment).values(is_sample=False))
        db.session.commit()


def owe(app: Flask) -> None:
    """Fill the queue: readers whose comments were published, one moderator with many that wait, and events."""
    with app.app_context():
        moderator = db.session.scalars(select(Account.id).order_by(Account.id.desc())).first()
        shown = db.session.execute(
            select(Comment.id, Comment.public_revision_id, Comment.post_id)
            .where(Comment.state == State.APPROVED)
            .order_by(Comment.post_id)
            .limit(NOTICES)
        ).all()
        pending = db.session.execute(
            select(Comment.id, Comment.newest_revision_id, Comment.post_id)
            .where(Comment.state == State.PENDING)
            .order_by(Comment.id)
            .limit(GATHERED + EVENTS)
        ).all()
        at = now() - timedelta(hours=1)
        same = {
            "created_at": at,
            "due_at": at,
            "state": NoticeState.WAITING,
            "tries": 0,
            "subject": "",
            "text": "",
            "html": "",
            "problem": "",
        }
        begin_write()
        connection = plain_write()
        connection.execute(
            insert(Address),
            [
                {
                    "id": number,
                    "email": f"reader{number}@example.org",
                    "email_hash": str(number),
                    "problem": "",
                    "created_at": at,
                    "confirmed_at": at,
                }
                for number, *_ in shown
            ],
        )
        connection.execute(
            insert(Choice),
            [
                {
                    "comment_id": number,
                    "address_id": number,
                    "outcome": True,
                    "answers": True,
                    "confirmed_at": at,
                    "follows": index < FOLLOWERS,
                }
                for index, (number, *_) in enumerate(shown)
            ],
        )
        connection.execute(
            insert(Notice),
            [
                {
                    **same,
                    "kind": NoticeKind.PUBLISHED,
                    "recipient": f"address:{number}",
                    "address_id": number,
                    "choice_id": number,
                    "comment_id": number,
                    "revision_id": revision,
                    "post_id": post,
                    "key": f"published:address:{number}:{number}:{revision}",
                }
                for number, revision, post in shown
            ],
        )
        connection.execute(
            insert(Notice),
            [
                {
                    **same,
                    "kind": NoticeKind.ARRIVED,
                    "recipient": f"account:{moderator}",
                    "account_id": moderator,
                    "comment_id": number,
                    "revision_id": revision,
                    "post_id": post,
                    "key": f"arrived:account:{moderator}:{number}:{revision}",
                }
                for number, revision, post in pending[:GATHERED]
            ],
        )
        for number, revision, _ in pending[GATHERED:]:
            Event.note(EventKind.SUBMITTED, comment_id=number, revision_id=revision)
        followed = shown[0].post_id
        decision = connection.execute(
            db.text(
                "SELECT max(decision_id) FROM decision_items i JOIN comments c ON c.id = i.comment_id "
                "WHERE post_id = :post"
            ),
            {"post": followed},
        ).scalar()
        Event.note(EventKind.DECIDED, decision_id=decision)
        db.session.commit()


def knock(app: Flask) -> None:
    """Have the mail server asked now, whatever it answered before."""
    with app.app_context(), suppress(Exception):
        begin_write(lock="mail")
        MailServer.kept().try_now()
        db.session.commit()
        jobs.wake("send_mail")


def told_is_left(app: Flask) -> bool:
    with app.app_context():
        return bool(db.session.scalar(select(func.count()).select_from(Event)))


def left(app: Flask) -> int:
    """How many mails the server has taken."""
    with app.app_context():
        return db.session.scalar(select(func.count(Notice.message_id.distinct()))) or 0


def count(app: Flask, state: NoticeState) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Notice).where(Notice.state == state)) or 0


if __name__ == "__main__":
    main()
