"""Mails go out in order, one worker at a time, and nobody waits for them."""

from __future__ import annotations

import threading

import pytest

from blog.accounts.models import RoleName
from blog.database import begin_write, db
from blog.mail import delivery, jobs
from blog.mail.delivery import Wire
from blog.mail.preferences import Cadence
from blog.mail.server import MailServer
from tests.mailing import BEA, EMERGENCY
from tests.readers import Reader

MO = "mo@example.org"


@pytest.fixture
def moderator(make, mail):
    """Who wants mail about emergencies alone."""
    account = make.account(RoleName.MODERATOR, email=MO)
    mail.prefer(account, queue=Cadence.NEVER)
    return account


class TestOrder:
    def test_an_emergency_overtakes_what_is_being_sent(self, publish, make, mail, server, moderator, monkeypatch):
        """It happens while the first of three mails is on its way: it is the second."""
        for number in range(3):
            publish(f"reader{number}@example.org")
        deliver = Wire.send

        def meanwhile(self, letter):
            if not server.mails:
                elsewhere(lambda: make.comment(body="Help.", flags=[EMERGENCY]))
            deliver(self, letter)

        monkeypatch.setattr(Wire, "send", meanwhile)
        mail.send()

        assert [MO] == server.mails[1].recipients
        assert 4 == len(server.mails)

    def test_limits_hold_back_all_but_emergencies(self, publish, make, mail, server, clock, noon, moderator):
        """So many mails in an hour from the whole site; what is left goes out when it is over."""
        clock.freeze(noon)
        make.settings(mails_per_hour=3)
        for number in range(5):
            publish(f"reader{number}@example.org")
        mail.send()
        sent = len(server.mails)
        make.comment(body="Help.", flags=[EMERGENCY])
        mail.send()
        urgent = [one.recipients for one in server.mails[sent:]]
        clock.advance(minutes=61)
        mail.send()

        assert (3, [[MO]], 6) == (sent, urgent, len(server.mails))

    @pytest.mark.both_databases
    def test_fifty_events_are_fifty_mails_after_an_outage(self, publish, mail, server, clock, noon, make):
        """None is lost, none comes twice, and each recipient gets theirs in order."""
        clock.freeze(noon)
        server.stop()
        post = make.post()
        for number in range(50):
            clock.advance(seconds=1)
            publish(f"reader{number % 10}@example.org", post=post)
        mail.send()
        clock.advance(hours=1)
        mail.send()
        clock.advance(hours=1)
        server.start()
        mail.send()
        order = [
            [int(one.text.split("Words ")[1].split(".")[0]) for one in server.to(f"reader{number}@example.org")]
            for number in range(10)
        ]

        assert ({("published", "sent")}, 50) == (set(mail.states()), len(server.mails))
        assert 50 == len({one.message["Message-ID"] for one in server.mails})
        assert [sorted(one) for one in order] == order


def elsewhere(act):
    """Do it as another process does: with a session of its own."""
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


@pytest.mark.both_databases
class TestSlowness:
    def test_nobody_waits_for_a_mail_server_that_hangs(self, app, publish, make, mail, server, staff, monkeypatch):
        """No transaction is open while a mail is on its way: comments are taken and decided at once."""
        monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 25)
        post, moderator = make.post("open"), staff(RoleName.MODERATOR)
        publish()
        server.behave.hangs.add("DATA")
        sending = threading.Thread(target=mail.send)
        sending.start()
        assert server.hanging.wait(60)
        Reader(app).write("open", email=BEA, notify="y")
        seen = next(one for one in mail.events() if one.comment_id)
        answer = moderator.post(
            "/desk/decisions",
            data={"comment": f"{seen.comment_id}:{seen.revision_id}", "verdict": "approve"},
            headers={"Referer": "http://localhost/desk/comments"},
        )
        still = sending.is_alive()  # whoever had waited for it would find it over
        server.stop()
        sending.join()

        assert (303, True) == (answer.status_code, still)
        assert post.id


class NoLock:
    """What stands between two runs in one process, away: as in two processes."""

    def acquire(self, blocking=True):
        return True

    def release(self): ...


@pytest.mark.both_databases
def test_two_workers_send_nothing_twice(app, publish, mail, server, monkeypatch):
    """Both look for what is due; each mail goes out once, and each recipient's in order."""
    monkeypatch.setattr(jobs, "_running", NoLock())
    server.behave.pause_seconds = 0.01
    for number in range(20):
        publish(f"reader{number % 7}@example.org")
    workers = [threading.Thread(target=mail.send) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    mail.send()

    assert ({("published", "sent")}, 20) == (set(mail.states()), len(server.mails))
    assert 20 == len({one.message["Message-ID"] for one in server.mails})


def test_one_process_sends_on_one_line(app, publish, mail, server, monkeypatch):
    """Woken while it is at it, it does not begin anew beside itself."""
    publish()
    assert jobs._running.acquire(blocking=False)
    try:
        mail.send()
    finally:
        jobs._running.release()

    assert [] == server.mails


def test_a_server_that_rests_is_left_alone(publish, mail, server, clock, noon):
    """Until its pause is over, or somebody at the desk says so; what happened is told all the same."""
    clock.freeze(noon)
    with mail.app.app_context():
        begin_write()
        MailServer.kept().failed("refused")
        db.session.commit()
    publish()
    mail.send()
    resting = (mail.states(), len(server.mails))
    clock.advance(minutes=2)
    mail.send()

    assert (([("published", "waiting")], 0), 1) == (resting, len(server.mails))
