"""What is dropped after its days, and not a day before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blog.accounts.models import LoginFailure, RoleName
from blog.clock import frozen, now
from blog.comments import sending
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.sending import TooMany
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Stale, Verdict
from blog.privacy import erasing, jobs
from blog.privacy.jobs import drop_by_retention
from blog.privacy.retention import LOGIN_FAILURE_DAYS

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


@pytest.fixture
def days(make):
    """Days of their own for each rule, so that none stands in for another."""
    make.settings(keep_sender_days=10, keep_declined_days=20, keep_withdrawn_days=30)


def text_of(comment):
    db.session.rollback()
    return db.session.scalars(CommentRevision.of(comment)).one().body


def texts_of(comment):
    db.session.rollback()
    return [version.body for version in db.session.scalars(CommentRevision.of(comment))]


def change(comment, body):
    begin_write()
    fresh = db.session.get_one(Comment, comment.id)
    sending.revise(fresh, Words.prepare("Reader", body), Sender.of("192.0.2.1", ""))
    db.session.commit()


def decide(comment, verdict, by, last=None, note=""):
    begin_write()
    newest = db.session.get_one(Comment, comment.id, populate_existing=True).newest_revision_id
    decision = Decision.make([Seen(comment.id, newest, last)], verdict, by, note=note)
    db.session.commit()
    return decision


def has_sender(comment):
    db.session.rollback()
    fresh = db.session.get_one(Comment, comment.id, populate_existing=True)
    return fresh.sender_hash is not None, fresh.duplicate_hash is not None


def run_after(days):
    """Let the job run a minute before, and a minute after, so many days are over; yield after each."""
    for minutes in (-1, 1):
        with frozen(now() + timedelta(days=days, minutes=minutes)):
            drop_by_retention()
        yield


class TestSenders:
    @pytest.mark.parametrize("state", [State.PENDING, State.APPROVED, State.REJECTED, State.WITHDRAWN])
    def test_are_forgotten_after_their_days(self, make, days, state):
        """Who sent a comment is known for ten days, whatever became of it; its text stays."""
        comment = make.comment(body="Words.", state=state)
        seen = [has_sender(comment) for _ in run_after(10)]

        assert ([(True, True), (False, False)], "Words.") == (seen, text_of(comment))

    def test_of_an_erased_comment_are_forgotten_after_a_day(self, make, days):
        """Until then it counts for the limits; nothing else is left of who sent it."""
        comment = make.comment(state=State.ERASED)

        assert [(True, False), (False, False)] == [has_sender(comment) for _ in run_after(1)]

    def test_of_a_comment_erased_later_are_forgotten_at_once(self, make, days):
        """It counts for nothing any more."""
        comment = make.comment(at=make.days_ago(2))
        begin_write()
        erasing.erase(db.session.get_one(Comment, comment.id))
        db.session.commit()

        assert (False, False) == has_sender(comment)

    def test_erasing_does_not_open_the_limit_again(self, make, days):
        """Send, erase, send again: the sixth in ten minutes is refused as if nothing had been erased."""
        post = make.post()
        for number in range(5):
            make.comment(post, body=f"Words {number}.", sender="192.0.2.1", state=State.ERASED)

        with pytest.raises(TooMany):
            make.comment(post, body="Once more.", sender="192.0.2.1")


class TestDeclined:
    @pytest.mark.parametrize("state", [State.REJECTED, State.SPAM])
    def test_texts_are_blanked_after_their_days(self, make, days, state):
        comment = make.comment(body="Words.", state=state)

        assert ["Words.", ""] == [text_of(comment) for _ in run_after(20)]

    def test_notes_go_with_the_text(self, make, days):
        """A note may quote what was declined."""
        comment, moderator = make.comment(), make.account(RoleName.MODERATOR)
        begin_write()
        number = Decision.make([Seen(comment.id, comment.newest_revision_id)], Verdict.REJECT, moderator, note="He").id
        db.session.commit()
        notes = [db.session.get_one(Decision, number, populate_existing=True).note for _ in run_after(20)]

        assert ["He", ""] == notes

    def test_days_begin_with_the_decision(self, make, days):
        """A comment that waited long keeps its days."""
        comment = make.comment(body="Words.", at=make.days_ago(100))
        begin_write()
        Decision.make([Seen(comment.id, comment.newest_revision_id)], Verdict.REJECT, None)
        db.session.commit()
        drop_by_retention()

        assert "Words." == text_of(comment)

    @pytest.mark.parametrize("state", [State.PENDING, State.HELD, State.APPROVED])
    def test_are_the_only_ones(self, make, days, state):
        """What waits or is public is kept for years."""
        comment = make.comment(body="Words.", state=state)
        with frozen(now() + timedelta(days=5000)):
            drop_by_retention()

        assert "Words." == text_of(comment)


class TestSetAside:
    """A version that is neither public nor waiting."""

    @pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.SPAM])
    def test_declined_changes_are_blanked_after_their_days(self, make, days, verdict):
        """The approved text stays public, the change that was declined goes with the notes on it."""
        comment, moderator = make.comment(body="Approved.", state=State.APPROVED), make.account(RoleName.MODERATOR)
        change(comment, "Declined.")
        number = decide(comment, verdict, moderator, note="Declined, he said").id
        found = []
        for _ in run_after(20):
            found.append((*texts_of(comment), db.session.get_one(Decision, number, populate_existing=True).note))

        assert [("Approved.", "Declined.", "Declined, he said"), ("Approved.", "", "")] == found

    def test_replaced_versions_are_blanked_after_their_days(self, make, days):
        """Twenty days after the newer text was approved nobody needs the older one."""
        comment = make.comment(body="Older.", state=State.APPROVED, at=make.days_ago(0))
        change(comment, "Newer.")
        decide(comment, Verdict.APPROVE, None)

        assert [["Older.", "Newer."], ["", "Newer."]] == [texts_of(comment) for _ in run_after(20)]

    def test_days_begin_when_a_version_is_replaced(self, make, days):
        """A text that waited for years was public, or to be read, until yesterday."""
        comment = make.comment(body="Older.", at=make.days_ago(400))
        change(comment, "Newer.")
        drop_by_retention()

        assert ["Older.", "Newer."] == texts_of(comment)

    def test_what_is_public_or_waits_is_none(self, make, days):
        """The approved text and the change that waits are both kept for years."""
        comment = make.comment(body="Approved.", state=State.APPROVED)
        change(comment, "Waits.")
        with frozen(now() + timedelta(days=5000)):
            drop_by_retention()

        assert ["Approved.", "Waits."] == texts_of(comment)

    def test_cannot_be_published_afterwards(self, make, days):
        """An old page of the desk still offers to approve it: nothing empty becomes public."""
        comment, moderator = make.comment(body="Words."), make.account(RoleName.MODERATOR)
        number = decide(comment, Verdict.REJECT, moderator).id
        list(run_after(20))

        with pytest.raises(Stale, match="no longer kept"):
            decide(comment, Verdict.APPROVE, moderator, last=number)


class TestWithdrawn:
    def test_texts_are_blanked_after_their_days(self, make, days):
        comment = make.comment(body="Words.", state=State.WITHDRAWN)

        assert ["Words.", ""] == [text_of(comment) for _ in run_after(30)]


class TestLoginFailures:
    def test_are_forgotten_after_a_day(self):
        """A wrong guess is known for a day."""
        begin_write()
        LoginFailure.reserve("ada@example.org", "192.0.2.1")
        db.session.commit()

        assert [1, 0] == [db.session.query(LoginFailure).count() for _ in run_after(LOGIN_FAILURE_DAYS)]


class TestBatches:
    @pytest.mark.parametrize("size", [1, 3, 4])
    def test_leave_nothing_behind(self, make, days, monkeypatch, size):
        """However many fit into one transaction, all that is due goes in one run."""
        monkeypatch.setattr(jobs, "BATCH", size)
        for _ in range(3):
            make.comment(state=State.REJECTED)
        with frozen(now() + timedelta(days=50)):
            drop_by_retention()

        assert {""} == set(db.session.scalars(db.select(CommentRevision.body)))

    def test_may_run_twice(self, make, days):
        comment = make.comment(state=State.REJECTED)
        with frozen(now() + timedelta(days=50)):
            drop_by_retention()
            first = db.session.scalars(CommentRevision.of(comment)).one().erased_at
        with frozen(now() + timedelta(days=51)):
            drop_by_retention()

        assert first == db.session.scalars(CommentRevision.of(comment)).one().erased_at
