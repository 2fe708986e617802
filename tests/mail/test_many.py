"""Many mails at once: taken in small steps between which others write, and each told once whatever happens there."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import IntegrityError

from blog.database import begin_write, db
from blog.mail import jobs, letters, outcomes, telling
from blog.mail.kinds import NoticeState
from blog.mail.models import Choice, Notice
from blog.mail.preferences import Cadence
from blog.moderation.verdicts import Verdict
from tests.mailing import claimed

FOLLOWERS = 5


@pytest.fixture
def followed(make, mail, at_once, monkeypatch):
    """A comment is published on an article that five readers follow; two notices are stored in one step."""
    monkeypatch.setattr(telling, "NOTICES_A_STEP", 2)
    post = make.post()
    for number in range(FOLLOWERS):
        mail.wish(make.comment(post, body=f"Text {number}."), f"reader{number}@example.org", follows=True)
    mail.tell()
    comment = make.comment(post, body="News.")
    mail.decide(comment)
    return comment


def steps(app):
    return telling.next_steps(app.config["BLOG_TIME_ZONE"])


def take(step):
    begin_write(lock="mail")
    step.take()
    db.session.commit()


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestTelling:
    def test_goes_on_where_it_was_killed(self, app, mail, followed):
        """After the first of three steps: the rest is told, and nobody twice."""
        first, *rest = steps(app)
        take(first)
        begun = len(mail.told())
        again = steps(app)
        for step in again:
            take(step)

        assert (2, 2, 3) == (begun, len(rest), len(again))
        assert (FOLLOWERS, []) == (len(mail.told()), steps(app))

    def test_stores_nothing_that_somebody_else_has_told(self, app, mail, followed):
        """Two workers read the same event; what the slower one has read may be old."""
        slow = steps(app)
        for step in steps(app):
            take(step)
        begin_write()
        db.session.execute(db.delete(Notice))
        db.session.commit()
        for step in slow:
            take(step)

        assert [] == mail.told()

    def test_reads_again_when_somebody_has_left_meanwhile(self, app, mail, followed, monkeypatch):
        """Between reading and storing: the others are told."""
        read = telling.next_steps
        left = []

        def leaving(zone):
            found = read(zone)
            if not left:
                begin_write()
                left.append(db.session.scalars(db.select(Choice).order_by(Choice.comment_id)).first())
                left[0].end()
                db.session.commit()
            return found

        monkeypatch.setattr(jobs, "next_steps", leaving)
        jobs.tell()

        assert FOLLOWERS - 1 == len(mail.told())

    def test_does_not_read_for_ever(self, app, mail, followed, monkeypatch):
        """What cannot be stored the second time either is a fault, and the log says so."""

        def broken(self):
            raise IntegrityError("", {}, Exception())

        monkeypatch.setattr(telling.Step, "take", broken)

        with pytest.raises(IntegrityError):
            jobs.tell()


@pytest.mark.both_databases
class TestGathered:
    def test_are_all_closed_by_one_mail(self, make, mail, server, clock, noon, moderator, monkeypatch):
        """However many: the mail shows some, counts the others that are still true, and nothing is left."""
        monkeypatch.setattr(letters, "MOST_IN_ONE", 3)
        monkeypatch.setattr(letters, "COMMENTS_A_QUERY", 2)
        monkeypatch.setattr(outcomes, "IDS_A_STATEMENT", 4)
        clock.freeze(noon)
        mail.prefer(moderator, queue=Cadence.DAILY)
        comments = [make.comment(make.post(), body=f"Question {number}.") for number in range(10)]
        mail.tell()
        for comment in (comments[0], comments[8]):
            mail.decide(comment, Verdict.REJECT)
        clock.advance(days=1)
        mail.send()
        (received,) = server.mails

        assert "5 more wait" in received.text
        assert (2, 8) == tuple(mail.states().count(("arrived", state)) for state in ("dropped", "sent"))

    def test_stay_together_when_they_are_put_off(self, app, make, mail, clock, noon, moderator):
        """All are tried again at one moment, as one mail."""
        clock.freeze(noon)
        mail.prefer(moderator, queue=Cadence.INSTANT)
        post = make.post()
        for number in range(3):
            make.comment(post, body=f"Question {number}.")
        mail.tell()
        with app.app_context():
            ids = [notice.id for notice in claimed()]
            begin_write()
            outcomes.put_off(ids, "451 later")
            db.session.commit()
            moments = set(db.session.scalars(db.select(Notice.retry_at)))

            assert (3, 1) == (len(ids), len(moments))


class TestQuietQueue:
    @pytest.fixture
    def locked(self, app):
        """`locked()`: somebody begins to write, and does not end."""
        path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
        connection = sqlite3.connect(path, isolation_level=None)
        yield lambda: connection.execute("BEGIN IMMEDIATE")
        connection.close()

    def test_asks_for_no_lock(self, mail, locked):
        """Nothing happened and nothing is due: the worker need not write."""
        locked()
        mail.send()

        assert [] == mail.states()

    def test_asks_for_no_lock_while_the_server_rests(self, publish, mail, server, locked):
        """What waits for a dead mail server costs those who write nothing."""
        server.stop()
        publish()
        mail.send()
        locked()
        mail.send()

        assert [("published", str(NoticeState.WAITING))] == mail.states()
