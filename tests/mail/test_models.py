"""What an address has to put up with, how wishes end, and mails that failed."""

from __future__ import annotations

import threading

import pytest

from blog.accounts.models import Account
from blog.clock import now
from blog.comments.models import Comment
from blog.database import begin_write, db
from blog.errors import Refused
from blog.mail import outcomes
from blog.mail.kinds import NoticeKind, NoticeState
from blog.mail.models import ASK_AGAIN_DAYS, Address, Choice, Notice
from tests.mailing import ADA, BEA, claim, claimed, rows

both = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


class TestAddresses:
    pytestmark = both

    def test_are_asked_once_in_thirty_days(self, make, mail, clock, noon):
        """However many comments come with an address, its owner gets one mail in that time."""
        clock.freeze(noon)
        asked = []
        for days in (0, 1, ASK_AGAIN_DAYS - 2, 2):
            clock.advance(days=days)
            mail.wish(make.comment(body=f"Words {days}."), confirmed=False)
            asked.append(sum(one.kind == NoticeKind.CONFIRM for one in mail.notices()))

        assert [1, 1, 1, 2] == asked

    def test_that_one_sender_enters_are_asked_five_a_day(self, make, mail, clock, noon):
        """From one place no more strangers can be bothered; the next day it may be the owner of a sixth address."""
        clock.freeze(noon)
        comments = [make.comment(body=f"Words {number}.", sender="192.0.2.250") for number in range(4)]
        for number in range(7):
            mail.wish(comments[number % 4], f"stranger{number}@example.org", confirmed=False)
        asked = [sum(one.kind == NoticeKind.CONFIRM for one in mail.notices())]
        clock.advance(hours=25)
        mail.wish(comments[0], "late@example.org", confirmed=False)
        asked.append(sum(one.kind == NoticeKind.CONFIRM for one in mail.notices()))

        assert [5, 6] == asked

    def test_confirm_what_their_owner_ticks(self, make, mail):
        """A stranger entered the address first; its owner leaves that out, and takes the later comment of their own."""
        strange = make.comment(body="Strange words.", sender="192.0.2.250")
        mine = make.comment(body="My words.", sender="198.51.100.9")
        for comment in (strange, mine):
            mail.wish(comment, confirmed=False)
        begin_write()
        rows(Address)[0].confirm(strange.created_at, {mine.id})
        db.session.commit()

        assert [mine.id] == [one.comment_id for one in rows(Choice) if one.confirmed_at]

    def test_confirm_later_comments_of_the_same_sender(self, make, mail):
        """What the same writer sent before the click needs no question of its own; another sender's wish does."""
        first, same = (make.comment(body=f"Words {n}.", sender="192.0.2.250") for n in (1, 2))
        other = make.comment(body="Other words.", sender="198.51.100.9")
        for comment in (first, same, other):
            mail.wish(comment, confirmed=False)
        begin_write()
        rows(Address)[0].confirm(first.created_at)
        db.session.commit()

        assert {first.id, same.id} == {one.comment_id for one in rows(Choice) if one.confirmed_at}

    @pytest.mark.parametrize("spelling", ["ADA@example.org", " ada@Example.ORG ", "Ada@EXAMPLE.org"])
    def test_are_the_same_in_every_spelling(self, make, mail, spelling):
        """Capital letters do not buy another mail, and do not change where mails go."""
        mail.wish(make.comment())
        mail.wish(make.comment(body="Two."), spelling, confirmed=False)

        assert [ADA] == [one.email for one in db.session.scalars(db.select(Address))]
        assert [] == [one for one in mail.notices() if one.state == NoticeState.WAITING]

    def test_that_never_confirmed_get_nothing_but_the_question(self, make, mail):
        """What became of the comment is owed, and may not be sent."""
        comment = make.comment()
        mail.wish(comment, confirmed=False)
        mail.decide(comment)
        mail.tell()
        may = db.session.scalars(db.select(Notice.kind).where(Notice.waiting())).all()

        assert (["confirm", "published"], [NoticeKind.CONFIRM]) == ([one for one, _ in mail.told()], list(may))

    def test_get_what_waited_when_they_confirm(self, make, mail):
        """The outcome that was decided meanwhile is told after all."""
        comment = make.comment()
        mail.wish(comment, confirmed=False)
        mail.decide(comment)
        mail.tell()
        begin_write()
        rows(Address)[0].confirm(comment.created_at)
        db.session.commit()
        may = db.session.scalars(db.select(Notice.kind).where(Notice.waiting())).all()

        assert {NoticeKind.CONFIRM, NoticeKind.PUBLISHED} == set(may)

    @pytest.mark.parametrize(("sender", "known"), [("192.0.2.1", True), ("192.0.2.2", False)])
    def test_are_confirmed_for_who_confirmed_them(self, make, mail, sender, known):
        """The same sender need not confirm again; somebody else with the same address causes no mail."""
        mail.wish(make.comment(sender="192.0.2.1"))
        choice = mail.wish(make.comment(body="Two.", sender=sender), confirmed=False)

        assert known == (choice.confirmed_at is not None)
        assert [] == [one for one in mail.notices() if one.state == NoticeState.WAITING]

    def test_that_are_refused_are_not_asked(self, make, mail):
        """The mail server said that there is nobody."""
        mail.wish(make.comment(), confirmed=False)
        begin_write()
        (address,) = rows(Address)
        address.suspended_at, address.asked_at = now(), None
        db.session.commit()
        mail.wish(make.comment(body="Two."), confirmed=False)

        assert 1 == len(mail.notices())

    def test_are_forgotten_with_the_last_comment(self, make, mail):
        """Two comments, one erased: still wanted. Both: only the hash is left, so that nobody is asked too often."""
        one, two = make.comment(), make.comment(body="Two.")
        mail.wish(one)
        mail.wish(two)
        seen = []
        for comment in (one, two):
            mail.erase(comment)
            seen.append(db.session.scalars(db.select(Address)).one().email)

        assert [ADA, None] == seen

    def test_that_change_take_the_wish_with_them(self, make, mail):
        """Another address for the same comment: the first is forgotten, the second is asked."""
        comment = make.comment()
        mail.wish(comment)
        choice = mail.wish(comment, BEA, confirmed=False)

        assert (BEA, None) == (choice.address.email, choice.confirmed_at)
        assert [None, BEA] == [one.email for one in db.session.scalars(db.select(Address).order_by(Address.id))]

    def test_are_never_given_the_number_of_another(self, make, mail):
        """A link to leave has no end: it must never mean somebody else."""
        comment = make.comment()
        first = mail.wish(comment).address_id
        mail.erase(comment)
        begin_write()
        for notice in rows(Notice):
            db.session.delete(notice)
        db.session.flush()
        db.session.delete(db.session.get_one(Address, first))
        db.session.commit()

        assert first < mail.wish(make.comment(body="Two."), BEA).address_id


class TestErasing:
    pytestmark = both

    def test_ends_the_wish_and_what_was_to_be_sent(self, make, mail):
        """Nothing more is sent about what its writer erased, to nobody."""
        post = make.post()
        follower, comment = make.comment(post), make.comment(post, body="Two.")
        mail.wish(follower, BEA, follows=True)
        mail.wish(comment)
        mail.decide(comment)
        mail.tell()
        mail.erase(comment)

        assert ([("published", "dropped"), ("followed", "dropped")], 1) == (
            mail.states(),
            len(rows(Choice)),
        )

    def test_leaves_the_wishes_of_others(self, make, mail):
        """Each comment's writer chose for themselves."""
        one, two = make.comment(), make.comment(body="Two.")
        mail.wish(one)
        mail.wish(two, BEA)
        mail.erase(one)

        assert [BEA] == [choice.address.email for choice in rows(Choice)]


class TestLeaving:
    pytestmark = both

    def test_a_post_ends_its_mails_alone(self, make, mail):
        """No more about others' comments there; what became of the own one still comes."""
        post = make.post()
        comment = make.comment(post)
        mail.wish(comment, follows=True)
        mail.decide(make.comment(post, body="Two."))
        mail.decide(comment)
        mail.tell()
        begin_write()
        db.session.get_one(Choice, comment.id).unfollow()
        db.session.commit()

        assert [("followed", "dropped"), ("published", "waiting")] == mail.states()

    def test_all_ends_everything(self, make, mail):
        """No wish is left, and no address."""
        one, two = make.comment(), make.comment(body="Two.")
        mail.wish(one)
        mail.wish(two)
        mail.decide(one)
        mail.tell()
        begin_write()
        rows(Address)[0].leave()
        db.session.commit()

        assert ([], [None]) == (rows(Choice), [one.email for one in rows(Address)])
        assert [("published", "dropped")] == mail.states()


@pytest.mark.both_databases
@pytest.mark.slow
def test_an_address_given_by_many_at_once_is_asked_once(app, make, mail):
    """Eight comments with the same address in the same moment: one address, one question."""
    post = make.post()
    comments = [make.comment(post, body=f"Words {number}.") for number in range(8)]
    barrier = threading.Barrier(len(comments))
    failed = []

    def wish(comment):
        with app.app_context():
            try:
                barrier.wait()
                begin_write()
                Choice.wish(db.session.get_one(Comment, comment.id), ADA)
                db.session.commit()
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=wish, args=(comment,)) for comment in comments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ([], [("confirm", ADA)]) == (failed, mail.told())


class TestTryingAgain:
    pytestmark = both

    def failed(self, make, mail):
        mail.wish(make.comment(), confirmed=False)
        (notice,) = claimed()
        begin_write()
        notice.suspend("550 nobody")
        outcomes.close([notice.id], NoticeState.FAILED, problem="550 nobody")
        db.session.commit()
        return notice

    def test_sends_what_failed_after_all(self, make, mail):
        """As if it had never been tried; the address counts as good again."""
        notice = self.failed(make, mail)
        begin_write()
        notice.try_again()
        db.session.commit()

        assert ([notice.id], None, "") == (claim(), notice.address.suspended_at, notice.address.problem)

    def test_is_refused_for_what_did_not_fail(self, make, mail):
        """What waits is sent anyway."""
        mail.wish(make.comment(), confirmed=False)
        begin_write()

        with pytest.raises(Refused):
            rows(Notice)[0].try_again()

    def test_is_refused_for_words_that_are_gone(self, moderator):
        """A mail of security is blanked when it fails."""
        begin_write()
        Notice.send_words(db.session.get_one(Account, moderator.id), "Subject", "Text", "<p>Text</p>")
        notice = rows(Notice)[0]
        outcomes.close([notice.id], NoticeState.FAILED, problem="554 no")
        db.session.refresh(notice)

        with pytest.raises(Refused, match="not kept"):
            notice.try_again()
