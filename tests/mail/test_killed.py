"""The job worker is killed while it sends, again and again: nothing is lost, and what comes twice is the same mail.

MAIL_KILLS=20 kills it as often as the site promises to stand; fewer by default, because each start takes seconds.
"""

from __future__ import annotations

import collections
import functools
import os
import subprocess
from datetime import timedelta

import pytest

from blog.clock import now
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.mail.models import Notice
from blog.posts.jobs import announce_due_posts
from tests.conftest import SECRET_KEY
from tests.mailing import subscribe
from tests.processes import FLASK, ROOT, clean_environment, wait_for

KILLS = int(os.environ.get("MAIL_KILLS", "4"))


@pytest.fixture
def start(app, server, tmp_path):
    """Starts `flask worker` on the site of this test."""
    running = []

    def starting():
        environment = clean_environment(
            BLOG_INSTANCE_PATH=str(tmp_path / "instance"),
            BLOG_SECRET_KEY=SECRET_KEY,
            BLOG_MAIL_URL=server.url,
            BLOG_MAIL_FROM="blog@clinic.example",
            BLOG_SITE_URL="http://localhost",
        )
        worker = subprocess.Popen(
            [FLASK, "worker"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        running.append(worker)
        return worker

    yield starting
    for worker in running:
        worker.kill()
        worker.wait()


def end_leases(app):
    """As if the minutes had passed for which a worker may hold a mail."""
    with app.app_context():
        begin_write()
        for notice in db.session.scalars(db.select(Notice).where(Notice.lease_until.is_not(None))):
            notice.lease_until = now() - timedelta(seconds=1)
        db.session.commit()


def has_more(server, before):
    return len(server.mails) > before


def wake(app):
    with app.app_context():
        jobs.wake("send_mail")


def decisions(app, make, mail):
    """Each reader has asked to hear what becomes of their comment, and it was decided."""
    post = make.post()
    for number in range(2 * KILLS):
        comment = make.comment(post, body=f"Words {number}.")
        mail.wish(comment, f"reader{number}@example.org")
        mail.decide(comment)


def news(app, make, mail):
    """Each reader has asked to hear of new articles, and one came out."""
    with app.app_context():
        for number in range(2 * KILLS):
            subscribe(f"reader{number}@example.org")
    make.post("new", published_at=make.days_ago(0))
    with app.app_context():
        announce_due_posts()


@pytest.mark.slow
@pytest.mark.parametrize("owe", [decisions, news])
def test_nothing_is_lost_when_the_worker_is_killed(app, make, mail, server, start, owe):
    """
    SIGKILL in the middle of a mail, each time anew: each mail arrives, twice only if it was on its way at that moment.
    """
    make.settings(mail_delay_minutes=0, mails_per_hour=10_000)
    owe(app, make, mail)
    server.behave.pause_seconds = 0.1
    for kill in range(KILLS):
        server.taking.clear()
        worker = start()
        wake(app)
        assert server.taking.wait(240)
        if kill % 3:  # else before the first mail is taken: after it, or in the middle of the second
            before = len(server.mails)
            wait_for(functools.partial(has_more, server, before), 20)
        worker.kill()
        worker.wait()
        end_leases(app)
    server.behave.pause_seconds = 0
    start()
    wake(app)
    arrived = wait_for(lambda: {state for _, state in mail.states()} == {"sent"}, 240)
    numbers = collections.Counter(str(one.message["Message-ID"]) for one in server.mails)
    recipients = collections.Counter(one.recipients[0] for one in server.mails)

    assert arrived, collections.Counter(mail.states())
    assert 2 * KILLS == len(numbers) == len(recipients)
    assert sum(recipients.values()) - len(recipients) <= KILLS
    assert numbers.most_common(1)[0][1] <= 1 + KILLS
