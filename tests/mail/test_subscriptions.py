"""News to many subscribers: in small steps, each told once whatever happens there, and nobody else waits for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blog.clock import now
from blog.database import begin_write, db
from blog.mail import telling
from blog.mail.kinds import NoticeKind
from blog.mail.models import Address, Notice
from blog.mail.preferences import Cadence
from blog.mail.subscriptions import HowOften, Subscription
from blog.posts import jobs
from blog.privacy.jobs import drop_by_retention
from tests.mailing import rows, subscribe

SUBSCRIBERS = 5
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def news(make, context, monkeypatch):
    """An article came out, and five readers asked to hear of it; two notices are stored in one step."""
    monkeypatch.setattr(telling, "NOTICES_A_STEP", 2)
    for number in range(SUBSCRIBERS):
        subscribe(f"reader{number}@example.org")
    make.post("new", published_at=make.days_ago(0))
    jobs.announce_due_posts()


def steps(app):
    return telling.next_steps(app.config["BLOG_TIME_ZONE"])


def take(step):
    begin_write(lock="mail")
    step.take()
    db.session.commit()


@pytest.mark.both_databases
class TestTelling:
    def test_goes_on_where_it_was_killed(self, app, news):
        """After the first of three steps: the rest is told, and nobody twice."""
        take(steps(app)[0])
        begun = len(rows(Notice))
        for step in steps(app):
            take(step)

        assert (2, SUBSCRIBERS, []) == (begun, len(rows(Notice)), steps(app))

    def test_is_done_once_by_two_workers(self, app, news):
        """Both have read the same event before either stored anything."""
        for step in [*steps(app), *steps(app)]:
            take(step)

        assert SUBSCRIBERS == len({one.recipient for one in rows(Notice)}) == len(rows(Notice))

    def test_leaves_out_who_left_meanwhile(self, app, news):
        read = steps(app)
        begin_write()
        db.session.scalars(db.select(Address).order_by(Address.id)).first().leave()
        db.session.commit()
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            take(read[0])
        db.session.rollback()
        for step in steps(app):
            take(step)

        assert SUBSCRIBERS - 1 == len(rows(Notice))


@pytest.mark.both_databases
class TestSending:
    def test_leaves_part_of_the_hour_to_others(self, app, news, server, make, mail):
        """With ten mails an hour eight go to subscribers; an answer still goes out after them."""
        for number in range(SUBSCRIBERS, 12):
            subscribe(f"reader{number}@example.org")
            begin_write()
            db.session.commit()
        make.settings(mails_per_hour=10, mail_delay_minutes=0)
        for step in steps(app):
            take(step)
        db.session.remove()
        mail.send()
        to_subscribers = len(server.mails)
        comment = make.comment(body="Words.")
        mail.wish(comment, "writer@example.org")
        mail.decide(comment)
        mail.send()

        assert (8, 9) == (to_subscribers, len(server.mails))
        assert "writer@example.org" == server.mails[-1].to

    def test_comes_after_everything_else(self, app, news, server, make, mail):
        """A moderator's mail that is due later goes first."""
        for step in steps(app):
            take(step)
        moderator = make.account("moderator", email="mo@example.org")
        mail.prefer(moderator, queue=Cadence.INSTANT)
        make.comment(body="Words.")
        db.session.remove()
        mail.send()

        assert "mo@example.org" == server.mails[0].to
        assert SUBSCRIBERS + 1 == len(server.mails)

    def test_stops_for_a_dead_server_and_loses_nothing(self, app, news, server, mail, clock):
        for step in steps(app):
            take(step)
        db.session.remove()
        server.behave.answers["DATA"] = "451 later"
        mail.send()
        server.behave.answers.clear()
        clock.advance(hours=3)
        mail.send()

        assert {f"reader{n}@example.org" for n in range(SUBSCRIBERS)} == {one.to for one in server.mails}
        assert SUBSCRIBERS == len({one.message["Message-ID"] for one in server.mails})


@pytest.mark.parametrize(
    ("how_often", "at", "due"),
    [
        (HowOften.INSTANT, "2026-06-03T10:00", "2026-06-03T10:00"),
        (HowOften.WEEKLY, "2026-06-03T10:00", "2026-06-08T08:00"),
        (HowOften.WEEKLY, "2026-06-08T07:59", "2026-06-08T08:00"),
        (HowOften.WEEKLY, "2026-06-08T08:00", "2026-06-15T08:00"),
        (HowOften.WEEKLY, "2026-10-24T10:00", "2026-10-26T08:00"),
        (HowOften.MONTHLY, "2026-01-31T23:00", "2026-02-01T08:00"),
        (HowOften.MONTHLY, "2026-12-01T08:00", "2027-01-01T08:00"),
    ],
)
def test_digests_are_due_in_the_morning_of_the_sites_day(how_often, at, due):
    """On Mondays and firsts; also across the hour that is put back."""
    told = how_often.due(datetime.fromisoformat(at).replace(tzinfo=LONDON), LONDON)

    assert datetime.fromisoformat(due).replace(tzinfo=LONDON) == told


@pytest.mark.both_databases
def test_what_nobody_confirmed_is_forgotten(app, make, context, clock):
    """After a month, with the address; who asked is forgotten after a day."""
    subscribe("a@example.org", confirmed=False, sender_hash="hash")
    subscribe("b@example.org", sender_hash="hash")
    clock.freeze(datetime.now(UTC) + timedelta(days=2))
    drop_by_retention()
    senders = [one.sender_hash for one in rows(Subscription)]
    clock.advance(days=40)
    drop_by_retention()
    drop_by_retention()

    assert ([None, None], [1]) == (senders, [one.topic == "articles" for one in rows(Subscription)])
    assert ["b@example.org"] == [one.email for one in rows(Address)]


def test_the_question_is_the_only_mail_to_who_did_not_confirm(context):
    """Whatever else is owed to them waits."""
    subscribe("a@example.org", confirmed=False)
    wanted = rows(Subscription)[0]
    begin_write()
    Notice.owe(Notice.draft_of_post(NoticeKind.NEW_ARTICLE, "1", wanted.id, wanted.address_id, None, now()))
    Notice.ask_subscriber(rows(Address)[0], wanted.id)
    db.session.commit()

    assert [NoticeKind.SUBSCRIBING] == [
        one.kind for one in db.session.scalars(db.select(Notice).where(Notice.waiting()))
    ]
