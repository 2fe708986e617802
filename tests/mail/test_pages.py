"""What stands on the pages about mails: no address that is somebody's secret, and one question at a time."""

from __future__ import annotations

import re

import pytest

from blog.accounts.models import RoleName
from blog.clock import now
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.mail import links, outcomes, overview
from blog.mail.kinds import About, NoticeKind, NoticeState
from blog.mail.models import Choice, Notice
from blog.moderation.verdicts import Verdict

EMAIL = "ana.example@mail.example.org"
VERDICTS = (Verdict.APPROVE, Verdict.REJECT, Verdict.HOLD, Verdict.SPAM)


@pytest.fixture
def wished(app, make):
    """`wished()`: a waiting comment whose writer asked for mails, and the token of its private page."""

    def wish(confirmed=False, suspended=False, **choice):
        comment = make.comment(name="<b>Ana</b>", body="See [this](https://example.org/offer).")
        with app.app_context():
            begin_write()
            comment = db.session.get_one(Comment, comment.id)
            made = Choice.wish(comment, EMAIL, **choice)
            made.confirmed_at = now() if confirmed else None
            made.address.suspended_at = now() if suspended else None
            db.session.commit()
            return comment.id, comment.token

    return wish


@pytest.fixture
def decide(app, make, client):
    """`decide(verdict, comment_id)`: the page behind a moderator's link."""
    moderator = make.account(RoleName.MODERATOR, name="Mo Moderator")

    def show(verdict, comment_id):
        with app.test_request_context():
            revision = db.session.get_one(Comment, comment_id).newest_revision_id
            link = links.DecideLink.make(verdict, moderator.id, comment_id, revision, now())
            address = f"/mail/{links.token_of(link)}"
        return client.get(address).text

    return show


class TestPrivatePage:
    @pytest.mark.parametrize(
        ("state", "says"),
        [
            ({}, "Please look into the mailbox of a…@mail.example.org"),
            ({"confirmed": True}, "They go to a…@mail.example.org"),
            ({"suspended": True}, "Our emails to a…@mail.example.org do not arrive"),
        ],
    )
    def test_says_how_things_stand_without_the_address(self, client, wished, state, says):
        """Who finds the link does not find out whom it belongs to."""
        _, token = wished(**state)
        page = client.get(f"/comments/{token}").text

        assert says in re.sub("</?span[^>]*>", "", page)
        assert EMAIL not in page

    def test_offers_mails_to_those_who_asked_for_none(self, app, client, make):
        """Nothing is known about them, and they have not chosen yet."""
        comment = make.comment()
        with app.app_context():
            token = db.session.get_one(Comment, comment.id).token

        assert "You get none." in client.get(f"/comments/{token}").text

    def test_has_no_choice_for_an_erased_comment(self, client, wished):
        """The wish went with the comment."""
        _, token = wished()
        client.post(f"/comments/{token}/erase")

        assert 'id="mails"' not in client.get(f"/comments/{token}").text


class TestPageOfADecision:
    @pytest.mark.parametrize("verdict", VERDICTS)
    def test_asks_for_one_verdict(self, decide, wished, verdict):
        """One button, and a reason only where one is told."""
        page = decide(verdict, wished()[0])

        assert 1 == page.count('<button class="button')
        assert (verdict == Verdict.REJECT) == ('name="reason"' in page)
        assert "Mo Moderator" in page

    def test_shows_the_comment_with_dead_links(self, decide, wished):
        """As it will appear, but nothing in it can be touched by mistake; where its links lead can be read."""
        page = decide(Verdict.APPROVE, wished()[0])

        assert "&lt;b&gt;Ana&lt;/b&gt;" in page
        assert 'href="https://example.org/offer"' not in page
        assert "[this](https://example.org/offer)" in page


class TestDesk:
    def test_names_recipients_without_their_addresses(self, app, staff, wished):
        """A commenter is the writer of a comment, whether their mail waits or failed."""
        number, _ = wished(confirmed=True)
        admin = staff(RoleName.ADMIN)
        with app.app_context():
            begin_write()
            choice, about = db.session.get_one(Choice, number), About(number, None, None)
            for kind in (NoticeKind.PUBLISHED, NoticeKind.ANSWERED):
                Notice.owe(Notice.draft(kind, about, choice=choice))
            Notice.owe(Notice.draft(NoticeKind.ARRIVED, about, account_id=admin.account_id))
            notice = db.session.scalars(overview.owed().where(Notice.kind == NoticeKind.ANSWERED)).one()
            outcomes.close([notice.id], NoticeState.FAILED, problem="550 no such mailbox")
            failed = notice.id
            db.session.commit()
        page = admin.get("/desk/mail").text

        assert 2 <= page.count(f"writer of comment {number}")
        assert "Mo Moderator" in page[page.index("<main") :]
        assert "550 no such mailbox" in page
        assert f'action="/desk/mail/notices/{failed}/retry"' in page
        assert EMAIL not in page

    def test_says_that_mails_become_files(self, staff):
        """Without a mail server the page names the folder; nothing waits, and nothing failed."""
        page = staff(RoleName.ADMIN).get("/desk/mail").text

        assert "No mail leaves this machine." in page
        assert "/outbox</code>" in page
        assert "Nothing waits to be sent." in page

    @pytest.mark.parametrize(("address", "warns"), [("http://127.0.0.1:8000", True), ("https://a.example", False)])
    def test_warns_of_links_that_nobody_else_can_open(self, app, staff, address, warns):
        """Mails that leave the machine need the site's public address."""
        app.config.update(BLOG_MAIL_URL="smtp://127.0.0.1:1", BLOG_SITE_URL=address)

        assert warns == (
            "The links in mails work on this machine alone." in staff(RoleName.ADMIN).get("/desk/mail").text
        )
