"""Who sees which comment, and what a comment's writer may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from blog.clock import frozen, now
from blog.comments import sending
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.sending import ShownTexts, TooMany
from blog.comments.threads import COMMENTS_PER_PAGE, Threads, page_of
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from blog.posts import publishing
from blog.posts.models import Post
from blog.privacy import erasing
from blog.revisions import AppendOnlyError

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]

HIDDEN = (State.PENDING, State.HELD, State.REJECTED, State.SPAM, State.WITHDRAWN, State.ERASED)


def ids(query):
    return [thing.id for thing in db.session.scalars(query)]


class TestVisible:
    def test_shows_what_a_moderator_approved(self, make):
        comment = make.comment(state=State.APPROVED)

        assert [comment.id] == ids(Comment.visible())

    @pytest.mark.parametrize("state", HIDDEN)
    def test_hides_every_other_state(self, make, state):
        make.comment(state=state)

        assert [] == ids(Comment.visible())

    @pytest.mark.parametrize("how", ["draft", "scheduled", "archived"])
    def test_hides_comments_of_posts_that_are_not_public(self, make, how):
        post = make.post()
        make.comment(post, state=State.APPROVED)
        begin_write()
        post = db.session.get_one(Post, post.id)
        if how == "draft":
            post.public_revision_id = None
        elif how == "scheduled":
            post.published_at = now() + timedelta(hours=1)
        else:
            publishing.archive(post)
        db.session.commit()

        assert [] == ids(Comment.visible())

    def test_counts_what_it_shows(self, make):
        post = make.post()
        for state in (State.APPROVED, State.APPROVED, *HIDDEN):
            make.comment(post, state=state)

        threads = Threads.of(post, 1)

        assert (2, 2) == (threads.count, len([line for line in threads.lines if line.comment]))


class TestSubmit:
    def submit(self, post, body="The same words.", network="192.0.2.1", email="", name="Reader"):
        words = Words.prepare(name, body)
        begin_write()
        receipt, is_new = sending.submit(
            db.session.get_one(Post, post.id), words, Sender.of(network, email), ShownTexts()
        )
        db.session.commit()
        return db.session.get_one(Comment, receipt.id), is_new

    def test_waits_for_a_moderator(self, make):
        comment, _ = self.submit(make.post())

        assert (State.PENDING, None) == (comment.state, comment.public_revision_id)

    def test_draws_again_when_a_number_is_taken(self, make, monkeypatch):
        post, drawn = make.post(), iter((7, 7, 7, 8))
        monkeypatch.setattr(sending.secrets, "randbelow", lambda most: next(drawn))

        numbers = [self.submit(post, body=f"Words {count}.")[0].id for count in range(2)]

        assert [sending.NUMBERS_FROM + 7, sending.NUMBERS_FROM + 8] == numbers

    def test_takes_the_same_text_within_minutes_as_one_comment(self, make):
        """A repeated click gives the first comment back."""
        post = make.post()

        first, _ = self.submit(post)
        second, is_new = self.submit(post)

        assert (first.id, False) == (second.id, is_new)

    @pytest.mark.parametrize(
        "other", [{"network": "192.0.2.2"}, {"email": "a@example.org"}, {"name": "Other"}, {"body": "Other words."}]
    )
    def test_keeps_apart_what_differs(self, make, other):
        post = make.post()
        first, _ = self.submit(post)

        second, _ = self.submit(post, **other)

        assert first.id != second.id

    def test_takes_the_same_text_as_new_after_the_minutes(self, make):
        """Eleven minutes later the same text is a new comment."""
        post = make.post()
        first, _ = self.submit(post)

        with frozen(now() + timedelta(minutes=11)):
            second, _ = self.submit(post)

        assert first.id != second.id

    def test_takes_the_same_text_as_new_after_a_decision(self, make):
        post = make.post()
        first, _ = self.submit(post)
        begin_write()
        Decision.make([Seen(first.id, first.newest_revision_id)], Verdict.REJECT, None)
        db.session.commit()

        second, _ = self.submit(post)

        assert first.id != second.id

    def test_lets_one_sender_write_five_in_ten_minutes(self, make):
        post = make.post()

        for number in range(5):
            self.submit(post, body=f"Comment {number}")

        assert 5 == db.session.query(Comment).filter_by(state=State.PENDING).count()

    def test_refuses_the_sixth(self, make):
        for number in range(5):
            self.submit(make.post(), body=f"Comment {number}")

        with pytest.raises(TooMany):
            self.submit(make.post(), body="Comment 6")

    def test_takes_the_sixth_when_the_minutes_are_over(self, make):
        post = make.post()
        for number in range(5):
            self.submit(post, body=f"Comment {number}")

        with frozen(now() + timedelta(minutes=11)):
            _, is_new = self.submit(post, body="Comment 6")

        assert is_new

    def test_refuses_a_closed_post(self, make):
        with pytest.raises(Refused):
            self.submit(make.post(comments_open=False))

    def test_refuses_a_post_that_closed_itself(self, make):
        """With a closing time of 30 days, an article of 31 days is closed."""
        make.settings(comments_close_days=30)

        with pytest.raises(Refused):
            self.submit(make.post(published_at=make.days_ago(31)))

    def test_takes_comments_until_the_closing_day(self, make):
        """With a closing time of 30 days, an article of 29 days is open."""
        make.settings(comments_close_days=30)

        _, is_new = self.submit(make.post(published_at=make.days_ago(29)))

        assert is_new

    def test_keeps_no_address_and_no_email(self, make):
        """Nothing stored holds what the sender can be recognised by outside."""
        comment, _ = self.submit(make.post(), network="203.0.113.77", email="someone@example.org")
        row = db.session.execute(db.text("SELECT * FROM comments WHERE id = :id"), {"id": comment.id}).one()

        assert not [value for value in row if "203.0.113.77" in str(value) or "someone" in str(value)]


class TestErase:
    def test_blanks_every_revision(self, make):
        comment = make.comment(body="Secret words", name="Ada", state=State.APPROVED)
        begin_write()
        erasing.erase(db.session.get_one(Comment, comment.id))
        db.session.commit()
        row = db.session.scalars(CommentRevision.of(comment)).one()

        assert ("", "", "") == (row.name, row.body, row.html)

    def test_keeps_an_empty_place_above_a_visible_reply(self, make):
        """A reply whose parent was erased stays, below an empty line that is not counted."""
        post = make.post()
        parent = make.comment(post, state=State.APPROVED)
        reply = make.comment(post, parent=parent, state=State.APPROVED)
        begin_write()
        erasing.erase(db.session.get_one(Comment, parent.id))
        db.session.commit()

        threads = Threads.of(post, 1)

        assert (1, [(parent.id, False), (reply.id, True)]) == (
            threads.count,
            [(line.id, line.comment is not None) for line in threads.lines],
        )


class TestRevisions:
    @pytest.mark.parametrize("field", ["comment_id", "created_at", "policy_revision_id"])
    def test_are_never_rewritten(self, make, field):
        comment = make.comment()
        begin_write()
        revision = db.session.scalars(CommentRevision.of(comment)).one()
        setattr(revision, field, now() if field == "created_at" else 7)

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    def test_are_never_deleted(self, make):
        comment = make.comment()
        begin_write()
        db.session.delete(db.session.scalars(CommentRevision.of(comment)).one())

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    def test_of_another_comment_cannot_be_made_public(self, make):
        """The database itself refuses a pointer to somebody else's revision."""
        mine, other = make.comment(), make.comment()
        begin_write()
        db.session.get_one(Comment, mine.id).public_revision_id = other.newest_revision_id

        with pytest.raises(IntegrityError):
            db.session.flush()


class TestThreads:
    def test_put_replies_below_what_they_answer(self, make):
        """Oldest first, each comment followed by its replies."""
        post = make.post()
        first = make.comment(post, state=State.APPROVED)
        second = make.comment(post, state=State.APPROVED)
        reply = make.comment(post, parent=first, state=State.APPROVED)

        assert [(first.id, 0), (reply.id, 1), (second.id, 0)] == [
            (line.id, line.depth) for line in Threads.of(post, 1).lines
        ]

    def test_are_paged_whole(self, make):
        """Beyond a page's worth of threads, a permalink finds the page its comment stands on."""
        post = make.post()
        comments = [make.comment(post, state=State.APPROVED) for _ in range(COMMENTS_PER_PAGE + 1)]

        assert (2, 1, 2) == (Threads.of(post, 1).pages, page_of(comments[0]), page_of(comments[-1]))
