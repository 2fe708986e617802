"""Who is told what: moderators, commenters, authors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from blog.accounts.models import Account, RoleName
from blog.clock import now
from blog.comments import sending
from blog.comments.models import Comment, State
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.mail.kinds import NoticeKind, NoticeState
from blog.mail.preferences import Cadence
from blog.moderation.models import Decision
from blog.moderation.verdicts import Verdict
from blog.posts.models import Post
from tests.mailing import ADA, BEA, EMERGENCY, SPAM

both = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


class TestModerators:
    pytestmark = both

    @pytest.mark.parametrize(
        ("cadence", "due"),
        [
            (Cadence.INSTANT, datetime(2026, 6, 10, 13, 30, tzinfo=UTC)),
            (Cadence.HOURLY, datetime(2026, 6, 10, 14, 0, tzinfo=UTC)),
            (Cadence.DAILY, datetime(2026, 6, 11, 8, 0, tzinfo=UTC)),
        ],
    )
    def test_are_told_as_they_choose(self, make, mail, clock, noon, moderator, cadence, due):
        """At once, with the next hour, or in the morning."""
        clock.freeze(noon)
        mail.prefer(moderator, queue=cadence)
        make.comment()

        assert [(NoticeKind.ARRIVED, due)] == [(one.kind, one.due_at) for one in mail.tell()]

    def test_are_told_each_hour_until_they_choose(self, make, mail, clock, noon, moderator):
        """Nobody has to choose anything."""
        clock.freeze(noon)
        make.comment()

        assert [noon.replace(hour=14, minute=0)] == [one.due_at for one in mail.tell()]

    def test_are_not_told_if_they_want_no_mail(self, make, mail, moderator):
        mail.prefer(moderator, queue=Cadence.NEVER)
        make.comment()

        assert [] == mail.tell()

    @pytest.mark.parametrize("wants", [{"queue": Cadence.NEVER}, {"quiet_from": 0, "quiet_until": 23}])
    def test_are_told_of_emergencies_at_once(self, make, mail, clock, noon, moderator, wants):
        """Whatever they chose, and in quiet hours."""
        clock.freeze(noon)
        mail.prefer(moderator, **wants)
        make.comment(flags=[EMERGENCY])

        assert [(NoticeKind.EMERGENCY, noon)] == [(one.kind, one.due_at) for one in mail.tell()]

    def test_are_not_told_of_likely_spam(self, make, mail, instant):
        """It waits in a queue of its own."""
        make.comment(flags=[SPAM])

        assert [] == mail.tell()

    def test_are_told_of_an_emergency_that_looks_like_spam(self, make, mail, instant):
        """An emergency outweighs everything."""
        make.comment(flags=[SPAM, EMERGENCY])

        assert [("emergency", "mo@example.org")] == (mail.tell(), mail.told())[1]

    @pytest.mark.parametrize("roles", [[], [RoleName.AUTHOR], [RoleName.EDITOR], [RoleName.REVIEWER]])
    def test_are_those_who_decide(self, make, mail, roles):
        """Others of the team hear nothing of the queue, not even of emergencies."""
        make.account(*roles)
        make.comment(flags=[EMERGENCY])

        assert [] == mail.tell()

    def test_who_left_hear_nothing(self, make, mail, instant):
        """A deactivated account gets no mail."""
        begin_write()
        db.session.get_one(Account, instant.id).deactivate()
        db.session.commit()
        make.comment(flags=[EMERGENCY])

        assert [] == mail.tell()

    @pytest.mark.parametrize("state", [State.APPROVED, State.WITHDRAWN, State.ERASED])
    def test_are_not_told_of_what_does_not_wait(self, make, mail, instant, state):
        """Decided or taken back before anybody was told: there is nothing to do."""
        make.comment(state=state)

        assert [] == [one for one in mail.tell() if one.kind == NoticeKind.ARRIVED]

    def test_are_told_of_the_newest_text_alone(self, make, mail, instant):
        """Changed before anybody was told: one mail, about the text that waits."""
        comment = make.comment(sender="192.0.2.1")
        _revise(comment)
        newest = db.session.get_one(Comment, comment.id).newest_revision_id

        assert [newest] == [one.revision_id for one in mail.tell()]

    @pytest.mark.parametrize("approved", [False, True])
    def test_are_not_told_of_samples(self, make, mail, instant, approved):
        """What came with the software tells nobody, nor do those hear of it who follow the article."""
        post = make.post()
        mail.wish(make.comment(post, state=State.APPROVED), follows=True)
        sample = make.comment(post, body="A sample.")
        begin_write()
        db.session.get_one(Comment, sample.id).is_sample = True
        db.session.commit()
        if approved:
            mail.decide(sample)
        mail.tell()

        assert [("published", ADA)] == mail.told()


def _revise(comment, body="Other words."):
    words = Words.prepare("Reader", body)
    begin_write()
    fresh = db.session.get_one(Comment, comment.id)
    sending.revise(fresh, words, Sender.of("192.0.2.1", ""))
    db.session.commit()


class TestCommenters:
    pytestmark = both

    @pytest.mark.parametrize(
        ("verdict", "kinds"),
        [(Verdict.APPROVE, ["published"]), (Verdict.REJECT, ["declined"]), (Verdict.SPAM, []), (Verdict.HOLD, [])],
    )
    def test_hear_what_became_of_it(self, make, mail, verdict, kinds):
        """Published or declined; spam and what is held are not told."""
        comment = make.comment()
        mail.wish(comment)
        mail.decide(comment, verdict)
        mail.tell()

        assert [(kind, ADA) for kind in kinds] == mail.told()

    def test_hear_it_when_it_can_no_longer_be_undone(self, make, mail, clock, noon):
        """After the delay of the settings, counted from the decision."""
        clock.freeze(noon)
        make.settings(mail_delay_minutes=25)
        comment = make.comment()
        mail.wish(comment)
        mail.decide(comment)
        clock.advance(minutes=5)

        assert [noon + timedelta(minutes=25)] == [one.due_at for one in mail.tell()]

    def test_hear_it_only_if_they_asked(self, make, mail):
        """Who did not tick the box hears nothing."""
        silent, other = make.comment(), make.comment()
        mail.wish(other, outcome=False)
        mail.decide(silent)
        mail.decide(other)

        assert [] == mail.tell()

    def test_hear_of_the_teams_answer(self, make, mail):
        """The writer of the comment that is answered, and nobody twice."""
        comment = make.comment()
        mail.wish(comment, outcome=False)
        mail.decide(comment)
        _answer(comment)
        mail.tell()

        assert [("answered", ADA)] == mail.told()

    def test_hear_of_new_comments_if_they_follow(self, make, mail):
        """Those who asked for it, on this post alone."""
        post = make.post()
        one, two, elsewhere = make.comment(post), make.comment(post, body="Two."), make.comment(body="Elsewhere.")
        mail.wish(one, outcome=False, follows=True)
        mail.wish(two, BEA, outcome=False)
        mail.decide(make.comment(post, body="Three."))
        mail.decide(elsewhere)
        mail.tell()

        assert [("followed", ADA)] == mail.told()

    def test_do_not_hear_of_their_own(self, make, mail):
        """Who follows and writes again is not told of the new comment as of somebody else's."""
        post = make.post()
        first, second = make.comment(post), make.comment(post, body="Two.")
        mail.wish(first, outcome=False, follows=True)
        mail.wish(second, outcome=False)
        mail.decide(second)

        assert [] == mail.tell()

    def test_hear_of_one_comment_once(self, make, mail):
        """Answered and following: one mail, that somebody answered."""
        post = make.post()
        one = make.comment(post)
        mail.wish(one, outcome=False, follows=True)
        mail.decide(one)
        _answer(one)
        mail.tell()

        assert [("answered", ADA)] == mail.told()

    def test_who_never_confirmed_do_not_stand_in_the_way(self, make, mail):
        """Somebody else wrote with the address, and never confirmed it: its owner still hears of the answer."""
        post = make.post()
        forged, own = make.comment(post), make.comment(post, body="Mine.")
        mail.wish(own, outcome=False, follows=True)
        mail.wish(forged, confirmed=False)
        mail.decide(forged)
        _answer(forged)
        mail.tell()

        assert ("followed", ADA) in mail.told()

    @pytest.mark.parametrize("sent", [True, False])
    def test_hear_of_a_comment_once_though_it_is_changed(self, make, mail, server, sent):
        """Changed and approved again is no new comment: who follows got its mail, or gets one with the newest text."""
        make.settings(mail_delay_minutes=0)
        post = make.post()
        mail.wish(make.comment(post), outcome=False, follows=True)
        comment = make.comment(post, body="First words.", sender="192.0.2.1")
        mail.decide(comment)
        if sent:
            mail.send()
        mail.tell()
        _revise(comment)
        mail.decide(comment)
        mail.send()
        db.session.rollback()

        assert ([("followed", "sent")], 1) == (mail.states(), len(server.mails))
        assert ("First words." if sent else "Other words.") in server.mails[0].text

    def test_are_told_again_after_an_undo_that_was_in_time(self, make, mail, clock, noon, moderator):
        """Approved, undone, found untrue, approved again: the writer hears it after all."""
        clock.freeze(noon)
        make.settings(mail_delay_minutes=10)
        comment = make.comment()
        mail.wish(comment)
        mail.undo(mail.decide(comment), moderator)
        clock.advance(minutes=11)
        mail.prefer(moderator, queue=Cadence.NEVER)
        mail.send()
        dropped = mail.states()
        mail.decide(comment)
        mail.tell()
        (notice,) = (one for one in mail.notices() if one.kind == NoticeKind.PUBLISHED)

        assert ("published", "dropped") in dropped
        assert (NoticeState.WAITING, now() + timedelta(minutes=10)) == (notice.state, notice.due_at)

    def test_wait_anew_after_each_decision(self, make, mail, clock, noon, moderator):
        """Approved, undone and approved again: one mail, after the time in which the second can be undone."""
        clock.freeze(noon)
        make.settings(mail_delay_minutes=10)
        comment = make.comment()
        mail.wish(comment)
        decision = mail.decide(comment)
        mail.tell()
        clock.advance(minutes=5)
        mail.undo(decision, moderator)
        clock.advance(minutes=4)
        mail.decide(comment)
        mail.tell()
        found = [one.due_at for one in mail.notices() if one.kind == NoticeKind.PUBLISHED]

        assert [noon + timedelta(minutes=19)] == found

    def test_are_told_once_of_the_same(self, make, mail, clock, noon, moderator):
        """Sent, undone and approved again: they know it already."""
        clock.freeze(noon)
        comment = make.comment()
        mail.wish(comment)
        decision = mail.decide(comment)
        clock.advance(minutes=11)
        mail.prefer(moderator, queue=Cadence.NEVER)
        mail.send()
        mail.undo(decision, moderator)
        mail.decide(comment)
        mail.tell()

        assert [("published", "sent")] == [one for one in mail.states() if one[0] == "published"]


def _answer(comment, by=None, text="An answer."):
    begin_write()
    Decision.reply(comment.id, Words.prepare("Team", text), by or _team())
    db.session.commit()


def _team():
    account = db.session.scalar(Account.with_email("team@example.org"))
    if account is None:
        account = Account.register("team@example.org", "Team", [RoleName.EDITOR])
        db.session.flush()
    return account


class TestAuthors:
    pytestmark = both

    @pytest.fixture
    def author(self, make, mail):
        """Who wrote the article of `post`."""
        make.post("by-me", authors=["me"])
        account = make.account(RoleName.AUTHOR, email="me@example.org")
        mail.author(account, "me")
        return account

    @pytest.fixture
    def post(self, author):
        return db.session.scalars(Post.under_slug("by-me")).one()

    def test_hear_in_the_morning_what_was_published(self, make, mail, clock, noon, post):
        """Of a day's comments on their posts together."""
        clock.freeze(noon)
        mail.decide(make.comment(post))
        mail.decide(make.comment(body="Elsewhere."))

        assert [(NoticeKind.ON_YOUR_POSTS, datetime(2026, 6, 11, 8, tzinfo=UTC))] == [
            (one.kind, one.due_at) for one in mail.tell()
        ]

    @pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.SPAM, Verdict.HOLD])
    def test_hear_of_nothing_else(self, make, mail, post, verdict):
        """What is not public is the moderators' business."""
        mail.decide(make.comment(post), verdict)

        assert [] == mail.tell()

    def test_hear_nothing_if_they_want_no_mail(self, make, mail, post, author):
        mail.prefer(author, own_posts=Cadence.NEVER)
        mail.decide(make.comment(post))

        assert [] == mail.tell()

    def test_do_not_hear_of_what_they_approved(self, make, mail, post, author):
        """They have just read it."""
        mail.decide(make.comment(post), by=author)

        assert [] == mail.tell()

    def test_do_not_hear_of_their_own_answer(self, make, mail, post, author):
        """Nobody is told of their own words."""
        comment = make.comment(post)
        mail.decide(comment, by=author)
        _answer(comment, by=db.session.get_one(Account, author.id))

        assert [] == mail.tell()

    def test_who_left_hear_nothing(self, make, mail, post, author):
        """A deactivated account gets no mail."""
        begin_write()
        db.session.get_one(Account, author.id).deactivate()
        db.session.commit()
        mail.decide(make.comment(post))

        assert [] == mail.tell()
