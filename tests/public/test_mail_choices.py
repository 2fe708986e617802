"""Wishes for mails: on the form, on the private page, confirmed and ended by a link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from blog.accounts.models import RoleName
from blog.comments.models import Comment
from blog.database import db
from blog.mail import links
from blog.mail.kinds import NoticeState
from blog.mail.links import ConfirmLink, LeaveLink, StaffLeaveLink
from blog.mail.models import Address, Choice, Notice
from blog.mail.preferences import Cadence, Preference
from tests.mailing import ADA, BEA
from tests.readers import Reader, typed


@pytest.fixture
def path(app):
    """`path(link)`: where a link of a mail leads."""

    def leading(link):
        with app.test_request_context():
            return f"/mail/{links.token_of(link)}"

    return leading


class TestConfirming:
    pytestmark = pytest.mark.both_databases

    @pytest.fixture
    def wish(self, make, mail):
        return mail.wish(make.comment(), confirmed=False)

    @pytest.fixture
    def where(self, app, mail, wish, path):
        (notice,) = mail.notices()
        with app.app_context():
            newest_at = db.session.get_one(Comment, wish.comment_id).created_at
        return path(ConfirmLink.make(wish.address_id, newest_at, notice.created_at))

    def confirmed(self, app):
        with app.app_context():
            return [
                one.confirmed_at is not None
                for one in db.session.scalars(db.select(Choice).join(Choice.comment).order_by(Comment.created_at))
            ]

    def test_needs_a_post(self, app, client, where):
        """Opening the link confirms nothing."""
        opened = client.get(where).status_code
        before = self.confirmed(app)
        answer = client.post(where).status_code

        assert (200, [False], 200, [True]) == (opened, before, answer, self.confirmed(app))

    def test_covers_what_the_mail_was_about(self, app, client, make, mail, where):
        """Who wrote with the address since then was not asked about, and may be somebody else."""
        mail.wish(make.comment(body="Two."), confirmed=False)
        client.post(where)

        assert [True, False] == self.confirmed(app)

    def test_works_once(self, client, where, dump):
        """The second time says that it is done, and changes nothing."""
        client.post(where)
        before = dump()

        assert [410, 410] == [client.get(where).status_code, client.post(where).status_code]
        assert before == dump()

    def test_ends_after_thirty_days(self, client, where, clock, mail, wish):
        """By then it may be asked again."""
        clock.freeze(mail.notices()[0].created_at + timedelta(days=30, seconds=1))

        assert (410, 410) == (client.get(where).status_code, client.post(where).status_code)

    def test_of_what_was_erased_does_nothing(self, client, make, mail, where, wish, dump):
        """Nobody wants mail there any more."""
        with make.app.app_context():
            mail.erase(db.session.get_one(Comment, wish.comment_id))
        before = dump()

        assert (410, 410) == (client.get(where).status_code, client.post(where).status_code)
        assert before == dump()


class TestLeaving:
    pytestmark = pytest.mark.both_databases

    @pytest.fixture
    def wish(self, make, mail):
        return mail.wish(make.comment(), follows=True)

    def test_is_one_click(self, app, client, path, wish):
        """As mail programs do it: a POST without cookies, Origin or Referer."""
        where = path(LeaveLink(wish.address_id, wish.comment_id, "all"))
        answer = client.post(where, data={"List-Unsubscribe": "One-Click"})

        assert 200 == answer.status_code
        with app.app_context():
            assert ([], [None]) == (
                db.session.scalars(db.select(Choice)).all(),
                db.session.scalars(db.select(Address.email)).all(),
            )

    @pytest.mark.parametrize("kind", ["all", "follows"])
    def test_again_is_the_same(self, client, path, wish, dump, kind):
        """Programs click twice; the second finds nothing to do and says the same."""
        where = path(LeaveLink(wish.address_id, wish.comment_id, kind))
        statuses = [client.post(where, data={"List-Unsubscribe": "One-Click"}).status_code]
        after = dump()
        statuses += [client.post(where, data={"List-Unsubscribe": "One-Click"}).status_code]
        statuses += [client.get(where).status_code]

        assert ([200, 200, 200], after) == (statuses, dump())

    def test_an_article_keeps_the_rest(self, app, client, path, wish):
        """No more about others' comments; what becomes of the own one is still told."""
        client.post(path(LeaveLink(wish.address_id, wish.comment_id, "follows")))
        with app.app_context():
            (choice,) = db.session.scalars(db.select(Choice)).all()

            assert (True, True, False) == (choice.outcome, choice.answers, choice.follows)

    @pytest.mark.parametrize(("fields", "left"), [({}, 1), ({"all": "1"}, 0)])
    def test_one_comment_or_all(self, app, client, path, make, mail, wish, fields, left):
        """The button for all is a choice of its own; the one click ends what the mail was about."""
        mail.wish(make.comment(body="Two."))
        client.post(path(LeaveLink(wish.address_id, wish.comment_id, "all")), data=fields)
        with app.app_context():
            assert left == len(db.session.scalars(db.select(Choice)).all())

    @pytest.mark.parametrize("fields", [{}, {"all": "1"}])
    def test_what_another_address_took_over_does_nothing(self, app, client, path, make, mail, wish, fields):
        """The comment's mails go elsewhere now: the old address cannot end them."""
        with app.app_context():
            mail.wish(db.session.get_one(Comment, wish.comment_id), BEA)
        client.post(path(LeaveLink(wish.address_id, wish.comment_id, "all")), data=fields)
        with app.app_context():
            assert [BEA] == [
                one.address.email for one in db.session.scalars(db.select(Choice).order_by(Choice.comment_id))
            ]

    @pytest.mark.parametrize("kind", ["queue", "own_posts"])
    def test_works_for_colleagues(self, app, client, path, make, kind):
        """No more digests of one kind, the other stays; without signing in."""
        moderator = make.account(RoleName.MODERATOR)
        answer = client.post(path(StaffLeaveLink(moderator.id, kind)), data={"List-Unsubscribe": "One-Click"})
        with app.app_context():
            kept = db.session.get_one(Preference, moderator.id)
            other = kept.own_posts if kind == "queue" else kept.queue

            assert (200, Cadence.NEVER) == (answer.status_code, getattr(kept, kind))
            assert other != Cadence.NEVER


class TestCommenting:
    pytestmark = pytest.mark.both_databases

    def test_with_the_tick_asks_the_address(self, app, make, mail):
        """A wish that waits for its confirmation, and the question."""
        make.post("open")
        Reader(app).write("open", email=ADA, notify="y")

        assert [("confirm", ADA)] == mail.told()

    @pytest.mark.parametrize("fields", [{}, {"email": ADA}])
    def test_without_the_tick_keeps_no_address(self, app, make, mail, fields):
        """The address is for nothing else."""
        make.post("open")
        Reader(app).write("open", **fields)

        assert [] == mail.told()
        with app.app_context():
            assert [] == db.session.scalars(db.select(Address)).all()

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "...",
            "ada",
            "ada@",
            "@example.org",
            "a@b.c, d@e.f",
            "a@b.c\nBcc: x",
            "a@b.c\r\nBcc: x@y.z",
            "mailto:ada@example.org%0aBcc:x@y.z",
            "ada@example.org%0aBcc:x@y.z",
            "ada@exa mple.org",
            "ädä@example.org",
            '"a b"@example.org',
            "ada@[127.0.0.1]",
            "a" * 250 + "@example.org",
            "ada@example.org;bea@example.org",
            "a@@example.org",
            "=?utf-8?Q?a?=@example.org",
        ],
    )
    def test_with_no_good_address_comes_back(self, app, make, mail, address):
        """Told beside the field, with the text kept; nothing is stored."""
        make.post("open")
        answer = Reader(app).send("open", email=address, notify="y", body="Words to keep.")

        assert (422, "Words to keep.") == (answer.status_code, typed(answer.text)["body"])
        assert re.search(r'id="[^"]*email[^"]*error|email-error', answer.text)
        assert [] == mail.events()

    def test_says_beside_the_field_what_is_wrong(self, app, make):
        """Not only that it should look otherwise."""
        make.post("open")
        answer = Reader(app).send("open", email="ada@example,org", notify="y")

        assert "Please check the email address. There is a comma in it. Is a dot meant?" in answer.text

    @pytest.mark.parametrize(
        "address",
        [
            "mailto:ada@example.org",
            "ada@example.org.",
            "<ada@example.org>,",
            "ada＠example.org",
            "ada\u200b@example.org",
        ],
    )
    def test_writes_to_the_address_that_is_meant(self, app, make, mail, address):
        """What was pasted around it, and what nobody sees, does not count."""
        make.post("open")
        Reader(app).write("open", email=address, notify="y")

        assert [("confirm", ADA)] == mail.told()

    def test_twice_is_once_however_the_address_is_spelled(self, app, make, mail):
        """Sent again within minutes, without the full stop behind the address."""
        make.post("open")
        for address in ("ada@example.org.", ADA):
            Reader(app).write("open", email=address, body="The same words.")

        assert 1 == len(mail.events())

    @pytest.mark.parametrize("address", ["ada@example.org ", "ada+blog@example.org", "ada@bücher.example", "a@c.test"])
    def test_takes_every_address_that_can_be_written_to(self, app, make, mail, address):
        """The domain may have letters beyond ASCII; what is stored is as mail servers want it."""
        make.post("open")
        Reader(app).write("open", email=address, notify="y")

        assert mail.told()[0][1].isascii()

    def test_from_many_places_asks_the_address_once(self, app, make, mail, server):
        """However many comments somebody sends with the address of another: one mail, without a word of theirs."""
        make.post("open")
        for number in range(8):
            reader = Reader(app, f"198.51.{number}.7")
            reader.write("open", email=ADA, notify="y", name="Buy pills", body=f"Spam and malice {number}.")
        mail.send()
        mail.send()
        (received,) = server.to(ADA)

        assert not [word for word in ("Buy pills", "malice") if word in received.raw.decode()]

    def test_erasing_ends_it(self, app, make, mail):
        """Through the private page: wish, address and what was to be sent."""
        make.post("open")
        reader = Reader(app)
        status_page = reader.write("open", email=ADA, notify="y")
        reader.client.post(status_page + "/erase")
        with app.app_context():
            assert ([], [None]) == (
                db.session.scalars(db.select(Choice)).all(),
                db.session.scalars(db.select(Address.email)).all(),
            )
        assert [("confirm", "dropped")] == mail.states() or NoticeState.WAITING == mail.notices()[0].state
        mail.send()
        assert [("confirm", "dropped")] == mail.states()


class TestPrivatePage:
    pytestmark = pytest.mark.both_databases

    @pytest.fixture
    def reader(self, app):
        return Reader(app)

    @pytest.fixture
    def page(self, make, reader):
        make.post("open")
        return reader.write("open")

    def test_takes_a_wish(self, app, reader, page, mail):
        """Also from who did not tick the box when writing."""
        answer = reader.client.post(page + "/mails", data={"email": ADA, "outcome": "y", "follows": "y"})

        assert (303, [("confirm", ADA)]) == (answer.status_code, mail.told())
        with app.app_context():
            (choice,) = db.session.scalars(db.select(Choice)).all()
            assert (True, False, True) == (choice.outcome, choice.answers, choice.follows)

    def test_keeps_the_address_when_none_is_given(self, app, reader, page, mail):
        """Who changes only the ticks need not type it again."""
        for fields in ({"email": ADA, "outcome": "y"}, {"answers": "y"}):
            reader.client.post(page + "/mails", data=fields)
        with app.app_context():
            (choice,) = db.session.scalars(db.select(Choice)).all()
            assert (False, True, ADA) == (choice.outcome, choice.answers, choice.address.email)

    def test_ends_a_wish(self, app, reader, page, mail):
        """No tick is no mail, and no address."""
        for fields in ({"email": ADA, "outcome": "y"}, {"email": ""}):
            reader.client.post(page + "/mails", data=fields)
        with app.app_context():
            assert ([], [None]) == (
                db.session.scalars(db.select(Choice)).all(),
                db.session.scalars(db.select(Address.email)).all(),
            )

    @pytest.mark.parametrize("address", ["", "ada", "a@b.c, d@e.f", "a@b.c\nBcc: x"])
    def test_refuses_what_is_no_address(self, reader, page, mail, dump, address):
        """Told on the page; nothing changes."""
        before = dump()

        assert 422 == reader.client.post(page + "/mails", data={"email": address, "outcome": "y"}).status_code
        assert before == dump()

    @pytest.mark.parametrize("act", ["withdraw", "erase"])
    def test_takes_no_wish_for_what_was_taken_back(self, reader, page, dump, act):
        """There is nothing to write about."""
        reader.client.post(f"{page}/{act}")
        before = dump()

        assert 409 == reader.client.post(page + "/mails", data={"email": ADA, "outcome": "y"}).status_code
        assert before == dump()


def test_nothing_is_sent_to_who_left_after_confirming(app, client, make, mail, server, path):
    """The whole way: confirmed, published, left before the mail went out."""
    make.settings(mail_delay_minutes=0)
    comment = make.comment()
    wish = mail.wish(comment)
    mail.decide(comment)
    mail.tell()
    client.post(path(LeaveLink(wish.address_id, wish.comment_id, "all")))
    mail.send()

    assert [] == server.mails
    with app.app_context():
        assert NoticeState.DROPPED == db.session.scalars(db.select(Notice)).one().state
