"""What colleagues choose, and what administrators see of mails that wait or failed."""

from __future__ import annotations

import pytest

from blog.accounts.models import RoleName
from blog.database import begin_write, db
from blog.mail.kinds import NoticeState
from blog.mail.preferences import Preference
from blog.mail.server import MailServer
from tests.mailing import ADA

MO = "mo@example.org"


@pytest.fixture
def moderator(make):
    return make.account(RoleName.MODERATOR, email=MO, name="Mo Moderator")


class TestColleagues:
    def test_choose_what_they_want(self, app, moderator, sign_in):
        """How often, and when not."""
        browser = sign_in(moderator)
        fields = {"queue": "daily", "own_posts": "never", "quiet_from": "22", "quiet_until": "7"}
        answer = browser.post("/account/mails", data=fields)
        with app.app_context():
            kept = db.session.get_one(Preference, moderator.id)

            assert (303, "daily", "never", 22, 7) == (
                answer.status_code,
                kept.queue,
                kept.own_posts,
                kept.quiet_from,
                kept.quiet_until,
            )
        assert 200 == browser.get("/account/mails").status_code

    @pytest.mark.parametrize(
        "wrong",
        [
            {"quiet_from": "22"},
            {"quiet_until": "7"},
            {"quiet_from": "7", "quiet_until": "7"},
            {"queue": "often"},
            {"quiet_from": "24", "quiet_until": "7"},
            {"quiet_from": "x", "quiet_until": "7"},
            {"own_posts": ""},
        ],
    )
    def test_cannot_choose_what_makes_no_sense(self, moderator, sign_in, dump, wrong):
        """Told beside the field; nothing changes."""
        fields = {"queue": "daily", "own_posts": "never", "quiet_from": "", "quiet_until": "", **wrong}
        browser = sign_in(moderator)
        before = dump()

        assert 422 == browser.post("/account/mails", data=fields).status_code
        assert before == dump()

    def test_choose_for_themselves(self, client):
        """Strangers are sent to the log-in."""
        assert 302 == client.get("/account/mails").status_code


class TestDesk:
    @pytest.fixture
    def admin(self, staff):
        return staff(RoleName.ADMIN)

    @pytest.fixture
    def failed(self, make, mail, server):
        """A mail that the server refused for good."""
        server.behave.answers["RCPT"] = "550 nobody here"
        mail.wish(make.comment(), confirmed=False)
        mail.send()
        server.behave.answers.clear()
        return next(one for one in mail.notices() if one.state == NoticeState.FAILED)

    def test_shows_what_failed_and_why(self, admin, failed):
        """With what can be done about it."""
        page = admin.get("/desk/mail").text

        assert "550 nobody here" in page
        assert f"/desk/mail/notices/{failed.id}/retry" in page

    def test_shows_no_commenters_address(self, admin, failed):
        """Who runs the site needs to know that it failed, not who somebody is."""
        assert ADA not in admin.get("/desk/mail").text

    def test_shows_trouble_with_the_server(self, app, server, admin):
        """Since when, and why."""
        with app.app_context():
            begin_write()
            MailServer.kept().failed("535 wrong password")
            db.session.commit()

        assert "535 wrong password" in admin.get("/desk/mail").text

    def test_says_that_there_is_no_server(self, admin):
        assert "outbox" in admin.get("/desk/mail").text

    @pytest.mark.parametrize("where", ["/desk/mail/notices/{}/retry", "/desk/mail/retry"])
    def test_tries_again(self, admin, failed, mail, server, where):
        answer = admin.post(where.format(failed.id), headers={"Referer": "http://localhost/desk/mail"})
        mail.send()

        assert (303, 1, ("confirm", "sent")) == (answer.status_code, len(server.mails), mail.states()[0])

    def test_wakes_the_server_at_once(self, app, admin, make, mail, server):
        """Nobody has to wait for the end of a pause."""
        with app.app_context():
            begin_write()
            MailServer.kept().failed("refused")
            db.session.commit()
        mail.wish(make.comment(), confirmed=False)
        mail.send()
        resting = len(server.mails)
        admin.post("/desk/mail/retry")
        mail.send()

        assert (0, 1) == (resting, len(server.mails))

    @pytest.mark.parametrize(("number", "status"), [(1, 409), (7, 404), (2**70, 404)])
    def test_tries_nothing_that_did_not_fail(self, admin, make, mail, dump, number, status):
        """What waits is sent anyway; what is not there is not there."""
        mail.wish(make.comment(), confirmed=False)
        before = dump()

        assert status == admin.post(f"/desk/mail/notices/{number}/retry").status_code
        assert before == dump()
