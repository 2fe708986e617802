"""A forgotten password: a link by mail, and no word about who has an account."""

from __future__ import annotations

import re

import pytest

from blog.accounts.jobs import send_asked_links
from blog.accounts.models import Account, AccountLink, LinkRequest, RoleName
from blog.database import begin_write, db
from blog.mail import outcomes, overview
from blog.mail.kinds import NoticeState
from blog.mail.models import Notice
from tests.test_statements import counting


@pytest.fixture
def ask(app, client):
    """Sends the form for a new link, and lets the job see it."""

    def send(email):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account/link").text)
        answer = client.post("/account/link", data={"email": email, "csrf_token": token[1]})
        with app.app_context():
            send_asked_links()
        return answer

    return send


def links_owed(app):
    """The links in mails that wait, as paths."""
    with app.app_context():
        texts = [notice.text for notice in db.session.scalars(overview.owed())]
    return [found[0] for text in texts for found in re.finditer(r"/account/link/\S+", text)]


class TestForgotten:
    def test_a_link_is_mailed_that_works(self, app, client, make, ask):
        """The mail's link opens the page for a new password."""
        make.account(RoleName.EDITOR, email="ann@example.org")

        assert 200 == ask("Ann@Example.org").status_code
        [link] = links_owed(app)
        assert "Choose your password" in client.get(link).text

    def test_the_answer_does_not_tell_who_has_an_account(self, app, make, ask):
        """Strangers read the same words, and get no mail."""
        make.account(email="ann@example.org")
        answers = {ask(email).text.replace(email, "") for email in ("ann@example.org", "nobody@example.org")}

        assert 1 == len(answers)
        assert 1 == len(links_owed(app))

    def test_the_page_does_the_same_for_everybody(self, app, client, make):
        """The same statements, so the same time: who has an account, only the job asks."""
        make.account(email="ann@example.org")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account/link").text)[1]
        sent = []
        for email in ("ann@example.org", "nobody@example.org"):
            with counting(app) as statements:
                client.post("/account/link", data={"email": email, "csrf_token": token})
            sent.append(list(statements))

        assert sent[0] == sent[1]
        assert not [statement for statement in sent[0] if "FROM accounts" in statement]

    def test_a_request_is_forgotten_when_it_was_seen(self, ask, dump):
        """What was typed stays nowhere."""
        ask("nobody@example.org")

        assert "nobody@example.org" not in str(dump())

    def test_a_damaged_request_keeps_no_other_waiting(self, app, make, ask, spoil):
        """Whoever asked can ask again."""
        make.account(email="ann@example.org")
        with app.app_context():
            begin_write()
            LinkRequest.ask("bea@example.org")
            db.session.commit()
        spoil("link_requests.email", b"A")
        ask("ann@example.org")

        assert 1 == len(links_owed(app))

    def test_a_deactivated_account_gets_none(self, app, make, ask):
        """No way back in through the mail."""
        account = make.account(email="ann@example.org")
        with app.app_context():
            begin_write()
            db.session.get_one(Account, account.id).deactivate()
            db.session.commit()

        ask("ann@example.org")

        assert [] == links_owed(app)

    def test_asking_again_at_once_sends_one(self, app, make, ask, clock):
        """The form cannot fill somebody's mailbox; minutes later another link is sent."""
        make.account(email="ann@example.org")
        ask("ann@example.org")
        ask("ann@example.org")
        assert 1 == len(links_owed(app))

        clock.advance(minutes=11)
        ask("ann@example.org")

        assert 2 == len(links_owed(app))

    def test_only_the_newest_link_works(self, app, client, make, ask, clock):
        """A later link ends the earlier one."""
        make.account(email="ann@example.org")
        ask("ann@example.org")
        clock.advance(minutes=11)
        ask("ann@example.org")

        first, second = links_owed(app)
        assert [410, 200] == [client.get(first).status_code, client.get(second).status_code]

    def test_an_empty_field_is_named(self, ask):
        """The form comes back with what is missing."""
        answer = ask("")

        assert 422 == answer.status_code
        assert "Enter your e-mail address." in answer.text

    def test_no_link_is_kept_in_the_clear_once_it_is_sent(self, app, make, ask):
        """Closing the notice blanks its words; what is left of the link is a hash."""
        make.account(email="ann@example.org")
        ask("ann@example.org")
        [link] = links_owed(app)
        with app.app_context():
            begin_write()
            for notice in db.session.scalars(overview.owed()).all():
                outcomes.close([notice.id], NoticeState.SENT)
            db.session.commit()
            kept = [notice.text + notice.html for notice in db.session.query(Notice)]
            hashes = [row.token_hash for row in db.session.query(AccountLink)]

        assert [""] == kept
        assert link.rpartition("/")[2] not in hashes
