"""Who is told what and when, what an address has to put up with, and which mail goes next."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blog.accounts.models import Account, RoleName
from blog.clock import now
from blog.comments import sending
from blog.comments.models import Comment, State
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.errors import Refused
from blog.mail import claiming
from blog.mail.claiming import LEASE_MINUTES, RECIPIENT_PER_HOUR
from blog.mail.links import SpentLink
from blog.mail.models import ASK_AGAIN_DAYS, GIVE_UP_DAYS, Address, Choice, Notice, NoticeKind, NoticeState
from blog.mail.preferences import Cadence, Preference
from blog.mail.server import LONGEST_PAUSE_SECONDS, MailServer, pause
from blog.moderation.models import Decision
from blog.moderation.verdicts import Verdict
from blog.posts.models import Post
from tests.mail.conftest import ADA, BEA, EMERGENCY, SPAM

BERLIN = ZoneInfo("Europe/Berlin")

both = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


@pytest.fixture
def moderator(make):
    return make.account(RoleName.MODERATOR, email="mo@example.org")


@pytest.fixture
def instant(mail, moderator):
    """A moderator who wants each comment at once."""
    mail.prefer(moderator, queue=Cadence.INSTANT)
    return moderator


class TestCadence:
    """`Preference.due`: when something that happens at a moment may be mailed."""

    @pytest.mark.parametrize(
        ("cadence", "at", "due"),
        [
            (Cadence.INSTANT, "2026-06-10 13:30", "2026-06-10 13:30"),
            (Cadence.HOURLY, "2026-06-10 13:30", "2026-06-10 14:00"),
            (Cadence.HOURLY, "2026-06-10 23:59", "2026-06-11 00:00"),
            (Cadence.DAILY, "2026-06-10 07:59", "2026-06-10 08:00"),
            (Cadence.DAILY, "2026-06-10 08:00", "2026-06-11 08:00"),
            (Cadence.DAILY, "2026-12-31 13:30", "2027-01-01 08:00"),
        ],
    )
    def test_is_at_once_or_with_the_next_digest(self, cadence, at, due):
        """
        At the full hour, or at eight in the morning.
        """
        assert _berlin(due) == Preference().due(cadence, _berlin(at), BERLIN)

    @pytest.mark.parametrize(
        ("at", "due"),
        [
            ("2026-06-10 21:59", "2026-06-10 21:59"),
            ("2026-06-10 22:00", "2026-06-11 07:00"),
            ("2026-06-11 00:30", "2026-06-11 07:00"),
            ("2026-06-11 06:59", "2026-06-11 07:00"),
            ("2026-06-11 07:00", "2026-06-11 07:00"),
        ],
    )
    def test_waits_until_quiet_hours_are_over(self, at, due):
        """
        Also those that go over midnight; the ends are as the clock on the wall says.
        """
        wants = Preference(quiet_from=22, quiet_until=7)

        assert _berlin(due) == wants.due(Cadence.INSTANT, _berlin(at), BERLIN)

    def test_of_a_digest_is_after_quiet_hours_too(self):
        """
        Who sleeps until nine has the morning's mail at nine.
        """
        wants = Preference(quiet_from=22, quiet_until=9)

        assert _berlin("2026-06-11 09:00") == wants.due(Cadence.DAILY, _berlin("2026-06-10 12:00"), BERLIN)

    def test_is_counted_in_the_sites_time_zone(self):
        """
        21:30 in London is 22:30 in Berlin, where it is quiet.
        """
        wants = Preference(quiet_from=22, quiet_until=7)
        at = datetime(2026, 6, 10, 20, 30, tzinfo=UTC)

        assert (_berlin("2026-06-11 07:00"), at) == (
            wants.due(Cadence.INSTANT, at, BERLIN), wants.due(Cadence.INSTANT, at, ZoneInfo("Europe/London")),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("at", "due"),
        [
            ("2026-03-29T00:30+00:00", "2026-03-29T05:00+00:00"),  # the night that loses an hour: 07:00 is 05:00 UTC
            ("2026-10-24T23:30+00:00", "2026-10-25T06:00+00:00"),  # the night that has one more: 07:00 is 06:00 UTC
            ("2026-10-25T01:30+00:00", "2026-10-25T06:00+00:00"),  # the second half past two of that night
        ],
    )
    def test_is_right_when_the_clocks_change(self, at, due):
        """
        Quiet until seven means seven on the wall, in long and in short nights.
        """
        wants = Preference(quiet_from=22, quiet_until=7)

        assert datetime.fromisoformat(due) == wants.due(Cadence.INSTANT, datetime.fromisoformat(at), BERLIN)

    @pytest.mark.parametrize("at", ["2026-03-29T00:30+00:00", "2026-10-25T00:30+00:00", "2026-10-25T01:30+00:00"])
    def test_each_hour_is_within_two_when_the_clocks_change(self, at):
        """
        The hourly digest is never in the past, and never long in coming.
        """
        happened = datetime.fromisoformat(at)
        due = Preference().due(Cadence.HOURLY, happened, BERLIN)

        assert happened < due <= happened + timedelta(hours=2)


def _berlin(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


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
        """
        At once, with the next hour, or in the morning.
        """
        clock.freeze(noon)
        mail.prefer(moderator, queue=cadence)
        make.comment()

        assert [(NoticeKind.ARRIVED, due)] == [(one.kind, one.due_at) for one in mail.tell()]

    def test_are_told_each_hour_until_they_choose(self, make, mail, clock, noon, moderator):
        """
        Nobody has to choose anything.
        """
        clock.freeze(noon)
        make.comment()

        assert [noon.replace(hour=14, minute=0)] == [one.due_at for one in mail.tell()]

    def test_are_not_told_if_they_want_no_mail(self, make, mail, moderator):
        """
        Never is never.
        """
        mail.prefer(moderator, queue=Cadence.NEVER)
        make.comment()

        assert [] == mail.tell()

    @pytest.mark.parametrize("wants", [{"queue": Cadence.NEVER}, {"quiet_from": 0, "quiet_until": 23}])
    def test_are_told_of_emergencies_at_once(self, make, mail, clock, noon, moderator, wants):
        """
        Whatever they chose, and in quiet hours.
        """
        clock.freeze(noon)
        mail.prefer(moderator, **wants)
        make.comment(flags=[EMERGENCY])

        assert [(NoticeKind.EMERGENCY, noon)] == [(one.kind, one.due_at) for one in mail.tell()]

    def test_are_not_told_of_likely_spam(self, make, mail, instant):
        """
        It waits in a queue of its own.
        """
        make.comment(flags=[SPAM])

        assert [] == mail.tell()

    def test_are_told_of_an_emergency_that_looks_like_spam(self, make, mail, instant):
        """
        An emergency outweighs everything.
        """
        make.comment(flags=[SPAM, EMERGENCY])

        assert [("emergency", "mo@example.org")] == (mail.tell(), mail.told())[1]

    @pytest.mark.parametrize("roles", [[], [RoleName.AUTHOR], [RoleName.EDITOR], [RoleName.REVIEWER]])
    def test_are_those_who_decide(self, make, mail, roles):
        """
        Others of the team hear nothing of the queue, not even of emergencies.
        """
        make.account(*roles)
        make.comment(flags=[EMERGENCY])

        assert [] == mail.tell()

    def test_who_left_hear_nothing(self, make, mail, instant):
        """
        A deactivated account gets no mail.
        """
        begin_write()
        db.session.get_one(Account, instant.id).deactivate()
        db.session.commit()
        make.comment(flags=[EMERGENCY])

        assert [] == mail.tell()

    @pytest.mark.parametrize("state", [State.APPROVED, State.WITHDRAWN, State.ERASED])
    def test_are_not_told_of_what_does_not_wait(self, make, mail, instant, state):
        """
        Decided or taken back before anybody was told: there is nothing to do.
        """
        make.comment(state=state)

        assert [] == [one for one in mail.tell() if one.kind == NoticeKind.ARRIVED]

    def test_are_told_of_the_newest_text_alone(self, make, mail, instant):
        """
        Changed before anybody was told: one mail, about the text that waits.
        """
        comment = make.comment(sender="192.0.2.1")
        _revise(comment)
        newest = db.session.get_one(Comment, comment.id).newest_revision_id

        assert [newest] == [one.revision_id for one in mail.tell()]

    @pytest.mark.parametrize("approved", [False, True])
    def test_are_not_told_of_samples(self, make, mail, instant, approved):
        """
        What came with the software tells nobody, nor do those hear of it who follow the article.
        """
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
        """
        Published or declined; spam and what is held are not told.
        """
        comment = make.comment()
        mail.wish(comment)
        mail.decide(comment, verdict)
        mail.tell()

        assert [(kind, ADA) for kind in kinds] == mail.told()

    def test_hear_it_when_it_can_no_longer_be_undone(self, make, mail, clock, noon):
        """
        After the delay of the settings, counted from the decision.
        """
        clock.freeze(noon)
        make.settings(mail_delay_minutes=25)
        comment = make.comment()
        mail.wish(comment)
        mail.decide(comment)
        clock.advance(minutes=5)

        assert [noon + timedelta(minutes=25)] == [one.due_at for one in mail.tell()]

    def test_hear_it_only_if_they_asked(self, make, mail):
        """
        Who did not tick the box hears nothing.
        """
        silent, other = make.comment(), make.comment()
        mail.wish(other, outcome=False)
        mail.decide(silent)
        mail.decide(other)

        assert [] == mail.tell()

    def test_hear_of_the_teams_answer(self, make, mail):
        """
        The writer of the comment that is answered, and nobody twice.
        """
        comment = make.comment()
        mail.wish(comment, outcome=False)
        mail.decide(comment)
        _answer(comment)
        mail.tell()

        assert [("answered", ADA)] == mail.told()

    def test_hear_of_new_comments_if_they_follow(self, make, mail):
        """
        Those who asked for it, on this post alone.
        """
        post = make.post()
        one, two, elsewhere = make.comment(post), make.comment(post, body="Two."), make.comment(body="Elsewhere.")
        mail.wish(one, outcome=False, follows=True)
        mail.wish(two, BEA, outcome=False)
        mail.decide(make.comment(post, body="Three."))
        mail.decide(elsewhere)
        mail.tell()

        assert [("followed", ADA)] == mail.told()

    def test_do_not_hear_of_their_own(self, make, mail):
        """
        Who follows and writes again is not told of the new comment as of somebody else's.
        """
        post = make.post()
        first, second = make.comment(post), make.comment(post, body="Two.")
        mail.wish(first, outcome=False, follows=True)
        mail.wish(second, outcome=False)
        mail.decide(second)

        assert [] == mail.tell()

    def test_hear_of_one_comment_once(self, make, mail):
        """
        Answered and following: one mail, that somebody answered.
        """
        post = make.post()
        one = make.comment(post)
        mail.wish(one, outcome=False, follows=True)
        mail.decide(one)
        _answer(one)
        mail.tell()

        assert [("answered", ADA)] == mail.told()

    def test_who_never_confirmed_do_not_stand_in_the_way(self, make, mail):
        """
        Somebody else wrote with the address, and never confirmed it: its owner still hears of the answer.
        """
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
        """
        Changed and approved again is no new comment: who follows got its mail, or gets one with the newest text.
        """
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
        """
        Approved, undone, found untrue, approved again: the writer hears it after all.
        """
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
        """
        Approved, undone and approved again: one mail, after the time in which the second can be undone.
        """
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
        """
        Sent, undone and approved again: they know it already.
        """
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
        """
        Of a day's comments on their posts together.
        """
        clock.freeze(noon)
        mail.decide(make.comment(post))
        mail.decide(make.comment(body="Elsewhere."))

        assert [(NoticeKind.ON_YOUR_POSTS, datetime(2026, 6, 11, 8, tzinfo=UTC))] == [
            (one.kind, one.due_at) for one in mail.tell()
        ]

    @pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.SPAM, Verdict.HOLD])
    def test_hear_of_nothing_else(self, make, mail, post, verdict):
        """
        What is not public is the moderators' business.
        """
        mail.decide(make.comment(post), verdict)

        assert [] == mail.tell()

    def test_hear_nothing_if_they_want_no_mail(self, make, mail, post, author):
        """
        Never is never.
        """
        mail.prefer(author, own_posts=Cadence.NEVER)
        mail.decide(make.comment(post))

        assert [] == mail.tell()

    def test_do_not_hear_of_what_they_approved(self, make, mail, post, author):
        """
        They have just read it.
        """
        mail.decide(make.comment(post), by=author)

        assert [] == mail.tell()

    def test_do_not_hear_of_their_own_answer(self, make, mail, post, author):
        """
        Nobody is told of their own words.
        """
        comment = make.comment(post)
        mail.decide(comment, by=author)
        _answer(comment, by=db.session.get_one(Account, author.id))

        assert [] == mail.tell()

    def test_who_left_hear_nothing(self, make, mail, post, author):
        """
        A deactivated account gets no mail.
        """
        begin_write()
        db.session.get_one(Account, author.id).deactivate()
        db.session.commit()
        mail.decide(make.comment(post))

        assert [] == mail.tell()


class TestAddresses:
    pytestmark = both

    def test_are_asked_once_in_thirty_days(self, make, mail, clock, noon):
        """
        However many comments come with an address, its owner gets one mail in that time.
        """
        clock.freeze(noon)
        asked = []
        for days in (0, 1, ASK_AGAIN_DAYS - 2, 2):
            clock.advance(days=days)
            mail.wish(make.comment(body=f"Words {days}."), confirmed=False)
            asked.append(sum(one.kind == NoticeKind.CONFIRM for one in mail.notices()))

        assert [1, 1, 1, 2] == asked

    def test_that_one_sender_enters_are_asked_five_a_day(self, make, mail, clock, noon):
        """
        From one place no more strangers can be bothered; the next day it may be the owner of a sixth address.
        """
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
        """
        A stranger entered the address first; its owner leaves that out, and takes the later comment of their own.
        """
        strange = make.comment(body="Strange words.", sender="192.0.2.250")
        mine = make.comment(body="My words.", sender="198.51.100.9")
        for comment in (strange, mine):
            mail.wish(comment, confirmed=False)
        begin_write()
        rows(Address)[0].confirm(strange.id, {mine.id})
        db.session.commit()

        assert [mine.id] == [one.comment_id for one in rows(Choice) if one.confirmed_at]

    def test_confirm_later_comments_of_the_same_sender(self, make, mail):
        """
        What the same writer sent before the click needs no question of its own; another sender's wish does.
        """
        first, same = (make.comment(body=f"Words {n}.", sender="192.0.2.250") for n in (1, 2))
        other = make.comment(body="Other words.", sender="198.51.100.9")
        for comment in (first, same, other):
            mail.wish(comment, confirmed=False)
        begin_write()
        rows(Address)[0].confirm(first.id)
        db.session.commit()

        assert {first.id, same.id} == {one.comment_id for one in rows(Choice) if one.confirmed_at}

    @pytest.mark.parametrize("spelling", ["ADA@example.org", " ada@Example.ORG ", "Ada@EXAMPLE.org"])
    def test_are_the_same_in_every_spelling(self, make, mail, spelling):
        """
        Capital letters do not buy another mail, and do not change where mails go.
        """
        mail.wish(make.comment())
        mail.wish(make.comment(body="Two."), spelling, confirmed=False)

        assert [ADA] == [one.email for one in db.session.scalars(db.select(Address))]
        assert [] == [one for one in mail.notices() if one.state == NoticeState.WAITING]

    def test_that_never_confirmed_get_nothing_but_the_question(self, make, mail):
        """
        What became of the comment is owed, and may not be sent.
        """
        comment = make.comment()
        mail.wish(comment, confirmed=False)
        mail.decide(comment)
        mail.tell()
        may = db.session.scalars(db.select(Notice.kind).where(Notice.waiting())).all()

        assert (["confirm", "published"], [NoticeKind.CONFIRM]) == ([one for one, _ in mail.told()], list(may))

    def test_get_what_waited_when_they_confirm(self, make, mail):
        """
        The outcome that was decided meanwhile is told after all.
        """
        comment = make.comment()
        mail.wish(comment, confirmed=False)
        mail.decide(comment)
        mail.tell()
        begin_write()
        rows(Address)[0].confirm(comment.id)
        db.session.commit()
        may = db.session.scalars(db.select(Notice.kind).where(Notice.waiting())).all()

        assert {NoticeKind.CONFIRM, NoticeKind.PUBLISHED} == set(may)

    @pytest.mark.parametrize(("sender", "known"), [("192.0.2.1", True), ("192.0.2.2", False)])
    def test_are_confirmed_for_who_confirmed_them(self, make, mail, sender, known):
        """
        The same sender need not confirm again; somebody else with the same address causes no mail.
        """
        mail.wish(make.comment(sender="192.0.2.1"))
        choice = mail.wish(make.comment(body="Two.", sender=sender), confirmed=False)

        assert known == (choice.confirmed_at is not None)
        assert [] == [one for one in mail.notices() if one.state == NoticeState.WAITING]

    def test_that_are_refused_are_not_asked(self, make, mail):
        """
        The mail server said that there is nobody.
        """
        mail.wish(make.comment(), confirmed=False)
        begin_write()
        (address,) = rows(Address)
        address.suspended_at, address.asked_at = now(), None
        db.session.commit()
        mail.wish(make.comment(body="Two."), confirmed=False)

        assert 1 == len(mail.notices())

    def test_are_forgotten_with_the_last_comment(self, make, mail):
        """
        Two comments, one erased: still wanted. Both: only the hash is left, so that nobody is asked too often.
        """
        one, two = make.comment(), make.comment(body="Two.")
        mail.wish(one)
        mail.wish(two)
        seen = []
        for comment in (one, two):
            mail.erase(comment)
            seen.append(db.session.scalars(db.select(Address)).one().email)

        assert [ADA, None] == seen

    def test_that_change_take_the_wish_with_them(self, make, mail):
        """
        Another address for the same comment: the first is forgotten, the second is asked.
        """
        comment = make.comment()
        mail.wish(comment)
        choice = mail.wish(comment, BEA, confirmed=False)

        assert (BEA, None) == (choice.address.email, choice.confirmed_at)
        assert [None, BEA] == [one.email for one in db.session.scalars(db.select(Address).order_by(Address.id))]

    def test_are_never_given_the_number_of_another(self, make, mail):
        """
        A link to leave has no end: it must never mean somebody else.
        """
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


def rows(model):
    return db.session.scalars(db.select(model)).all()


class TestErasing:
    pytestmark = both

    def test_ends_the_wish_and_what_was_to_be_sent(self, make, mail):
        """
        Nothing more is sent about what its writer erased, to nobody.
        """
        post = make.post()
        follower, comment = make.comment(post), make.comment(post, body="Two.")
        mail.wish(follower, BEA, follows=True)
        mail.wish(comment)
        mail.decide(comment)
        mail.tell()
        mail.erase(comment)

        assert ([("published", "dropped"), ("followed", "dropped")], 1) == (
            mail.states(), len(rows(Choice)),
        )  # fmt: skip

    def test_leaves_the_wishes_of_others(self, make, mail):
        """
        Each comment's writer chose for themselves.
        """
        one, two = make.comment(), make.comment(body="Two.")
        mail.wish(one)
        mail.wish(two, BEA)
        mail.erase(one)

        assert [BEA] == [choice.address.email for choice in rows(Choice)]


class TestLeaving:
    pytestmark = both

    def test_a_post_ends_its_mails_alone(self, make, mail):
        """
        No more about others' comments there; what became of the own one still comes.
        """
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
        """
        No wish is left, and no address.
        """
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
    """
    Eight comments with the same address in the same moment: one address, one question.
    """
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


class TestClaiming:
    """`claim`: the notices of the next mail."""

    pytestmark = both

    @pytest.fixture
    def owed(self, make, mail, clock, noon):
        """Makes published comments of which their writers are to hear now."""
        clock.freeze(noon)
        make.settings(mail_delay_minutes=0)

        def owing(*emails):
            for number, email in enumerate(emails):
                comment = make.comment(body=f"Words {number}.")
                mail.wish(comment, email)
                mail.decide(comment)
            return [one.id for one in mail.tell() if one.kind == NoticeKind.PUBLISHED]

        return owing

    def test_takes_what_is_due_first(self, owed):
        """
        In the order in which it was owed, each once.
        """
        ids = owed(ADA, BEA)

        assert [[ids[0]], [ids[1]], []] == [claim() for _ in range(3)]

    def test_takes_nothing_before_its_time(self, owed, clock, noon):
        """
        Due is due.
        """
        ids = owed(ADA)
        begin_write()
        db.session.get_one(Notice, ids[0]).due_at = noon + timedelta(minutes=1)
        db.session.commit()
        early = claim()
        clock.advance(minutes=1)

        assert ([], ids) == (early, claim())

    def test_keeps_the_order_of_a_recipient(self, owed):
        """
        While a mail to somebody is on its way, no other one to them begins.
        """
        ids = owed(ADA, ADA, BEA)

        assert [[ids[0]], [ids[2]], []] == [claim() for _ in range(3)]

    def test_keeps_the_order_when_the_first_is_put_off(self, owed, clock):
        """
        The second waits for the first; others do not.
        """
        ids = owed(ADA, ADA, BEA)
        claim()
        begin_write()
        db.session.get_one(Notice, ids[0]).put_off("451 later")
        db.session.commit()
        meanwhile = [claim(), claim()]
        clock.advance(minutes=2)

        assert ([[ids[2]], []], ids[:1]) == (meanwhile, claim())

    def test_takes_again_what_a_dead_worker_held(self, owed, clock):
        """
        After its lease, not before.
        """
        ids = owed(ADA)
        claim()
        clock.advance(minutes=LEASE_MINUTES - 1)
        held = claim()
        clock.advance(minutes=2)

        assert ([], ids) == (held, claim())

    def test_gathers_what_goes_out_as_one_mail(self, make, mail, clock, noon, moderator):
        """
        A digest holds all that wait for one moderator, and nobody else's.
        """
        clock.freeze(noon)
        other = make.account(RoleName.MODERATOR)
        for number in range(3):
            make.comment(body=f"Words {number}.")
        mail.tell()
        clock.advance(hours=1)
        sizes = [len({one.account_id for one in found}) * 10 + len(found) for found in (claimed(), claimed())]

        assert ([13, 13], []) == (sizes, claim())
        assert other.id

    def test_gathers_followed_comments_by_post(self, make, mail, clock, noon):
        """
        One mail for each article.
        """
        clock.freeze(noon)
        make.settings(mail_delay_minutes=0)
        posts = [make.post(), make.post()]
        for post in posts:
            mail.wish(make.comment(post, body="Mine."), outcome=False, follows=True)
        for post in (*posts, posts[0]):
            mail.decide(make.comment(post, body=f"Others'. {next(make.numbers)}"))
        mail.tell()
        first = claimed()
        begin_write()
        for notice in claiming.among([one.id for one in first]):
            notice.close(NoticeState.SENT, "<1>")
        db.session.commit()

        assert [2, 1] == [len(first), len(claimed())]

    def test_holds_back_who_had_many_in_an_hour(self, owed, clock, noon, make, mail):
        """
        So many for one recipient; others go on, and so do they after the hour.
        """
        ids = owed(*[ADA] * (RECIPIENT_PER_HOUR + 1), BEA)
        sent = []
        while found := claim():
            begin_write()
            claiming.among(found)[0].close(NoticeState.SENT, f"<{found[0]}>")
            db.session.commit()
            sent += found
        clock.advance(minutes=61)

        assert ({*ids} - {ids[-2]}, [ids[-2]]) == ({*sent}, claim())

    def test_never_holds_back_an_emergency(self, make, mail, clock, noon, instant):
        """
        Neither the limit of the site nor of the recipient, nor another mail on its way to them.
        """
        clock.freeze(noon)
        for number in range(RECIPIENT_PER_HOUR + 1):
            make.comment(body=f"Words {number}.")
            mail.tell()
            found = claim()
            begin_write()
            for notice in claiming.among(found):
                notice.close(NoticeState.SENT, f"<{number}>")
            db.session.commit()
        make.comment(body="One more.")
        make.comment(body="Help.", flags=[EMERGENCY])
        mail.tell()

        assert [[NoticeKind.EMERGENCY], []] == [[one.kind for one in claimed(held_back=True)] for _ in range(2)]

    def test_takes_urgent_ones_first(self, make, mail, clock, noon, instant):
        """
        An emergency overtakes what was due before it.
        """
        clock.freeze(noon)
        make.comment()
        clock.advance(minutes=1)
        make.comment(body="Help.", flags=[EMERGENCY])
        mail.tell()

        assert [NoticeKind.EMERGENCY, NoticeKind.ARRIVED] == [claimed()[0].kind, _done(claimed)[0].kind]

    def test_takes_nothing_for_who_is_refused(self, owed):
        """
        The mail server said that there is nobody: nothing more is tried.
        """
        owed(ADA)
        begin_write()
        rows(Address)[0].suspended_at = now()
        db.session.commit()

        assert [] == claim()


def claimed(held_back=False):
    """The notices of the next mail, as a worker takes them."""
    begin_write(lock="mail")
    found = claiming.claim(held_back)
    db.session.commit()
    return found


def claim():
    return [one.id for one in claimed()]


def _done(ask):
    """What comes next when all that is on its way has been sent."""
    begin_write()
    for notice in rows(Notice):
        if notice.lease_until:
            notice.close(NoticeState.SENT, f"<{notice.id}>")
    db.session.commit()
    return ask()


class TestBackOff:
    @pytest.mark.parametrize(("tries", "seconds"), [(1, 60), (2, 120), (3, 240), (7, 3600), (500, 3600)])
    def test_doubles_up_to_an_hour(self, tries, seconds):
        """
        A fifth more or less by chance, so that not all come back at once.
        """
        found = [pause(tries).total_seconds() for _ in range(200)]

        assert 0.8 * seconds <= min(found) < 0.9 * seconds < 1.1 * seconds < max(found) <= 1.2 * seconds
        assert max(found) <= 1.2 * LONGEST_PAUSE_SECONDS

    def test_ends_after_three_days(self, app, make, mail, clock, noon):
        """
        From the first attempt; the reason stays.
        """
        clock.freeze(noon)
        with app.app_context():
            mail.wish(make.comment(), confirmed=False)
            (notice,) = claimed()
            seen = []
            for hours in (1, 24 * GIVE_UP_DAYS - 2, 2):
                clock.advance(hours=hours)
                begin_write()
                notice.put_off("451 greylisted")
                db.session.commit()
                seen.append(str(notice.state))

            assert ["waiting", "waiting", "failed"] == seen
            assert "Given up after 3 days: 451 greylisted" == notice.problem


class TestTryingAgain:
    pytestmark = both

    def failed(self, make, mail):
        mail.wish(make.comment(), confirmed=False)
        (notice,) = claimed()
        begin_write()
        notice.suspend("550 nobody")
        notice.close(NoticeState.FAILED, problem="550 nobody")
        db.session.commit()
        return notice

    def test_sends_what_failed_after_all(self, make, mail):
        """
        As if it had never been tried; the address counts as good again.
        """
        notice = self.failed(make, mail)
        begin_write()
        notice.try_again()
        db.session.commit()

        assert ([notice.id], None, "") == (claim(), notice.address.suspended_at, notice.address.problem)

    def test_is_refused_for_what_did_not_fail(self, make, mail):
        """
        What waits is sent anyway.
        """
        mail.wish(make.comment(), confirmed=False)
        begin_write()

        with pytest.raises(Refused):
            rows(Notice)[0].try_again()

    def test_is_refused_for_words_that_are_gone(self, moderator):
        """
        A mail of security is blanked when it fails.
        """
        begin_write()
        Notice.send_words(db.session.get_one(Account, moderator.id), "Subject", "Text", "<p>Text</p>")
        notice = rows(Notice)[0]
        notice.close(NoticeState.FAILED, problem="554 no")

        with pytest.raises(Refused, match="not kept"):
            notice.try_again()


class TestMailServer:
    pytestmark = both

    def test_rests_longer_each_time_and_forgets_it(self, clock, noon):
        """
        Since when it fails is kept until it works again.
        """
        clock.freeze(noon)
        begin_write()
        server = MailServer.kept()
        rests = []
        for _ in range(2):
            server.failed("refused")
            rests.append((server.retry_at - noon).total_seconds())
        failing = (server.is_resting, server.failures, server.failing_since, server.problem)
        server.worked()

        assert (True, 2, noon, "refused") == failing
        assert 48 <= rests[0] <= 72 < 96 <= rests[1] <= 144
        assert (False, 0, None, "") == (server.is_resting, server.failures, server.failing_since, server.problem)

    def test_rests_for_minutes_not_for_hours(self, clock, noon):
        """
        However long it has failed: an emergency must go out soon after it is back.
        """
        clock.freeze(noon)
        begin_write()
        server = MailServer.kept()
        for _ in range(50):
            server.failed("refused")

        assert server.retry_at - noon <= timedelta(minutes=12)

    def test_may_be_tried_at_once(self, clock, noon):
        """
        When somebody at the desk does not want to wait.
        """
        clock.freeze(noon)
        begin_write()
        server = MailServer.kept()
        server.failed("refused")
        server.try_now()

        assert not server.is_resting


class TestSpentLinks:
    pytestmark = both

    def test_are_spent_once(self):
        """
        The second time is refused.
        """
        begin_write()
        SpentLink.spend("x" * 43, now())

        assert SpentLink.is_spent("x" * 43)
        with pytest.raises(Refused):
            SpentLink.spend("x" * 43, now())
