"""Events: noted beside what happened, in the same transaction, and taken once."""

from __future__ import annotations

import pytest

from blog.accounts.models import Account, RoleName
from blog.comments import sending
from blog.comments.models import Comment
from blog.comments.sending import ShownTexts
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.moderation import batches
from blog.moderation.batches import BatchDecision
from blog.moderation.models import Decision
from blog.moderation.queue import Filter
from blog.moderation.verdicts import Seen, Verdict
from blog.outbox import Event, EventKind
from blog.posts.models import Post

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


def noted():
    """What stands in the outbox now, as kind and number, in order."""
    db.session.rollback()
    events = db.session.scalars(db.select(Event).order_by(Event.id))
    return [(event.kind, event.decision_id or event.revision_id) for event in events]


def empty():
    begin_write()
    Event.drop([event.id for event in Event.oldest(1000)])
    db.session.commit()


@pytest.fixture
def moderator(make):
    return make.account(RoleName.MODERATOR)


@pytest.fixture
def comment(make):
    """A comment of which everybody has been told."""
    made = make.comment()
    empty()
    return made


def make_decision(comment, by):
    return Decision.make([Seen(comment.id, comment.newest_revision_id)], Verdict.APPROVE, by)


def redact(comment, by):
    words = Words.prepare("Reader", "A […] about this.")
    return Decision.redact(Seen(comment.id, comment.newest_revision_id), words, by)


def reply(comment, by):
    db.session.get_one(Comment, comment.id).public_revision_id = comment.newest_revision_id
    db.session.flush()
    return Decision.reply(comment.id, Words.prepare("Team", "An answer."), by)


class TestSubmitting:
    def test_is_one_event(self, make):
        """It names the comment and the text that waits."""
        comment = make.comment()
        (event,) = db.session.scalars(db.select(Event)).all()

        assert (EventKind.SUBMITTED, comment.id, comment.newest_revision_id) == (
            event.kind,
            event.comment_id,
            event.revision_id,
        )

    def test_the_same_twice_is_no_further_event(self, make):
        """A duplicate is the same comment, and was told already."""
        first = make.comment(sender="192.0.2.1")
        make.comment(db.session.get_one(Post, first.post_id), sender="192.0.2.1")

        assert [(EventKind.SUBMITTED, first.newest_revision_id)] == noted()

    def test_changing_it_is_another_one(self, comment):
        """The new text waits too."""
        begin_write()
        words = Words.prepare("Reader", "Other words.")
        sending.revise(db.session.get_one(Comment, comment.id), words, Sender.of("192.0.2.1", ""))
        db.session.commit()
        newest = db.session.get_one(Comment, comment.id).newest_revision_id

        assert [(EventKind.SUBMITTED, newest)] == noted()

    def test_changing_nothing_is_none(self, comment):
        """The same words again are no new text."""
        begin_write()
        words = Words.prepare("Reader", "A question about this.")
        sending.revise(db.session.get_one(Comment, comment.id), words, Sender.of("192.0.2.1", ""))
        db.session.commit()

        assert [] == noted()

    def test_that_fails_leaves_none(self, make):
        """What was rolled back did not happen, and nobody is told of it."""
        post_id = make.post().id
        begin_write()
        post = db.session.get_one(Post, post_id)
        sending.submit(post, Words.prepare("Reader", "Words."), Sender.of("192.0.2.1", ""), ShownTexts())
        db.session.flush()

        assert [] == noted()


class TestDeciding:
    @pytest.mark.parametrize("verb", [make_decision, redact, reply])
    def test_is_one_event(self, comment, moderator, verb):
        """Deciding, redacting and replying are decisions alike."""
        begin_write()
        number = verb(comment, moderator).id
        db.session.commit()

        assert [(EventKind.DECIDED, number)] == noted()

    @pytest.mark.parametrize("verb", [make_decision, redact, reply])
    def test_that_fails_leaves_none(self, comment, moderator, verb):
        """The event goes with the decision."""
        begin_write()
        verb(comment, moderator)
        db.session.flush()

        assert [] == noted()

    def test_approving_with_an_answer_is_one(self, comment, moderator):
        """Both comments are items of one decision."""
        begin_write()
        seen = [Seen(comment.id, comment.newest_revision_id)]
        number = Decision.make(seen, Verdict.APPROVE, moderator, answer=Words.prepare("Team", "An answer.")).id
        db.session.commit()

        assert [(EventKind.DECIDED, number)] == noted()

    def test_the_same_again_is_none(self, comment, moderator):
        """Saying the same again changes nothing."""
        for _ in range(2):
            begin_write()
            make_decision(comment, moderator)
            db.session.commit()

        assert 1 == len(noted())

    def test_undoing_is_none(self, comment, moderator):
        """Nobody is told of what has been taken back."""
        begin_write()
        decision = make_decision(comment, moderator)
        db.session.commit()
        empty()
        begin_write()
        decision.undo(db.session.get_one(Account, moderator.id))
        db.session.commit()

        assert [] == noted()

    def test_in_batches_is_one_when_all_is_done(self, make, moderator, monkeypatch):
        """Not one for each batch, and none before the end."""
        monkeypatch.setattr(batches, "BATCH", 2)
        post = make.post()
        for number in range(3):
            make.comment(post, body=f"Text {number}")
        empty()
        begin_write()
        batch = BatchDecision.start(Filter(), Verdict.SPAM, moderator, expected=3)
        number, decision = batch.id, batch.decision_id
        db.session.commit()
        seen = []
        more = True
        while more:
            begin_write()
            more = BatchDecision.step(number)
            db.session.commit()
            seen.append(noted())

        assert [[], [(EventKind.DECIDED, decision)]] == seen


class TestTaking:
    def test_takes_the_oldest_first_and_once(self, make):
        """So many at a time; what is taken is gone with the commit."""
        post = make.post()
        ids = [make.comment(post, body=f"Text {number}").newest_revision_id for number in range(3)]
        taken = []
        for _ in range(3):
            events = Event.oldest(2)
            taken.append([event.revision_id for event in events])
            numbers = [event.id for event in events]
            begin_write()
            Event.drop(Event.lock(numbers))
            db.session.commit()

        assert [ids[:2], ids[2:], []] == taken

    def test_takes_none_that_somebody_else_has_taken(self, make):
        """Looked at before, by two: the second finds it told."""
        make.comment()
        (event,) = Event.oldest(2)
        number = event.id
        left = []
        for _ in range(2):
            begin_write()
            left.append(Event.lock([number]))
            Event.drop([number])
            db.session.commit()

        assert [{number}, set()] == left

    def test_that_fails_takes_none(self, make):
        """An event is there until everybody whom it concerns has a notice."""
        make.comment()
        begin_write()
        Event.drop([event.id for event in Event.oldest(10)])
        db.session.rollback()

        assert 1 == len(noted())
