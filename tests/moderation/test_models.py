"""Decisions: bound to what was seen, all or nothing, undone by another."""

from __future__ import annotations

import pytest

from blog.accounts.models import RoleName
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.words import Words
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Stale, Verdict
from blog.privacy import erasing
from blog.revisions import AppendOnlyError

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


@pytest.fixture
def moderator(make):
    return make.account(RoleName.MODERATOR)


def decide(seen, verdict, by, **more):
    begin_write()
    decision = Decision.make(seen if isinstance(seen, list) else [seen], verdict, by, **more)
    db.session.commit()
    return decision


def test_a_damaged_text_cannot_be_approved(make, moderator):
    """It is not what was written, whatever the moderator has read. Declining it goes on."""
    comment = make.comment(make.post())
    make.damage(CommentRevision, comment.newest_revision_id, html="<p>What a disk made of it.</p>")

    with pytest.raises(Stale, match="The disk has damaged this text"):
        decide(seen(comment), Verdict.APPROVE, moderator)
    db.session.rollback()

    assert Verdict.REJECT == decide(seen(comment), Verdict.REJECT, moderator).verdict


def undo(decision, by):
    begin_write()
    undoing = db.session.get_one(Decision, decision.id).undo(by)
    db.session.commit()
    return undoing


def seen(comment, after=None):
    return Seen(comment.id, comment.newest_revision_id, after.id if after else None)


def state_of(comment):
    db.session.rollback()
    fresh = db.session.get_one(Comment, comment.id, populate_existing=True)
    return fresh.state, fresh.public_revision_id


class TestMake:
    def test_approving_shows_the_revision_that_was_seen(self, make, moderator):
        """The pointer is set to exactly the revision named."""
        comment = make.comment()

        decide(seen(comment), Verdict.APPROVE, moderator)

        assert (State.APPROVED, comment.newest_revision_id) == state_of(comment)

    @pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.SPAM, Verdict.HOLD])
    def test_every_other_verdict_shows_nothing(self, make, moderator, verdict):
        """Rejecting, marking as spam and holding never publish."""
        comment = make.comment()

        decide(seen(comment), verdict, moderator)

        assert state_of(comment)[1] is None

    def test_refuses_a_revision_that_is_not_the_newest(self, make, moderator):
        """A changed text must be read before it is decided."""
        comment, other = make.comment(), make.comment()

        with pytest.raises(Stale):
            decide(Seen(comment.id, other.newest_revision_id), Verdict.APPROVE, moderator)

    def test_refuses_a_decided_comment_without_the_last_decision(self, make, moderator):
        """The second moderator, who saw it pending, is told who was faster."""
        comment = make.comment()
        decide(seen(comment), Verdict.APPROVE, moderator)

        with pytest.raises(Stale, match="Already approved by Dr Example"):
            decide(seen(comment), Verdict.REJECT, make.account(RoleName.MODERATOR, name="Dr Other"))

    def test_decides_again_on_the_last_decision_seen(self, make, moderator):
        """Who names the decision they saw may decide otherwise."""
        comment = make.comment()
        first = decide(seen(comment), Verdict.APPROVE, moderator)

        decide(seen(comment, after=first), Verdict.REJECT, moderator)

        assert (State.REJECTED, None) == state_of(comment)

    def test_lets_a_hold_take_back_an_approval(self, make, moderator):
        """A hold can only hide, so it needs no third part."""
        comment = make.comment(state=State.APPROVED)

        decide(seen(comment), Verdict.HOLD, moderator)

        assert (State.HELD, None) == state_of(comment)

    def test_changes_nothing_when_said_again(self, make, moderator):
        """The same verdict on the same revision is the same decision."""
        comment = make.comment()

        first = decide(seen(comment), Verdict.APPROVE, moderator)
        second = decide(seen(comment), Verdict.APPROVE, moderator)

        assert first.id == second.id

    def test_is_all_or_nothing(self, make, moderator):
        """One stale comment keeps the whole selection undecided."""
        fresh, stale = make.comment(), make.comment(state=State.REJECTED)

        with pytest.raises(Stale):
            decide([seen(fresh), seen(stale)], Verdict.APPROVE, moderator)

        assert (State.PENDING, None) == state_of(fresh)

    @pytest.mark.parametrize("state", [State.WITHDRAWN, State.ERASED])
    def test_never_brings_back_what_its_writer_took_away(self, make, moderator, state):
        """Withdrawn and erased comments cannot be approved."""
        with pytest.raises(Stale):
            decide(seen(make.comment(state=state)), Verdict.APPROVE, moderator)

    def test_refuses_an_empty_choice(self, moderator):
        """A decision on nothing is no decision."""
        with pytest.raises(Refused):
            decide([], Verdict.APPROVE, moderator)


class TestUndo:
    def test_puts_everything_back(self, make, moderator):
        """After undoing an approval the comment waits again and is hidden."""
        comment = make.comment()

        undo(decide(seen(comment), Verdict.APPROVE, moderator), moderator)

        assert (State.PENDING, None) == state_of(comment)

    def test_brings_back_what_a_hold_hid(self, make, moderator):
        """After undoing a hold, the approved text is public again."""
        comment = make.comment(state=State.APPROVED)

        undo(decide(seen(comment), Verdict.HOLD, moderator), moderator)

        assert (State.APPROVED, comment.newest_revision_id) == state_of(comment)

    def test_refuses_when_somebody_decided_since(self, make, moderator):
        """An older decision cannot be undone past a newer one."""
        comment = make.comment()
        first = decide(seen(comment), Verdict.APPROVE, moderator)
        decide(seen(comment, after=first), Verdict.REJECT, moderator)

        with pytest.raises(Refused, match="decided again"):
            undo(first, moderator)

    def test_refuses_twice(self, make, moderator):
        """What is undone is undone."""
        decision = decide(seen(make.comment()), Verdict.APPROVE, moderator)
        undo(decision, moderator)

        with pytest.raises(Refused, match="already undone"):
            undo(decision, moderator)

    def test_refuses_after_the_writer_withdrew(self, make, moderator):
        """Undoing a rejection does not bring a withdrawn comment back."""
        comment = make.comment()
        decision = decide(seen(comment), Verdict.REJECT, moderator)
        begin_write()
        db.session.get_one(Comment, comment.id).withdraw()
        db.session.commit()

        with pytest.raises(Refused, match="withdrawn"):
            undo(decision, moderator)

    def test_refuses_when_the_text_is_no_longer_kept(self, make, moderator):
        """A text dropped after its days cannot become public again."""
        comment = make.comment()
        decision = decide(seen(comment), Verdict.REJECT, moderator)
        begin_write()
        erasing.forget_text(db.session.get_one(Comment, comment.id))
        db.session.commit()

        with pytest.raises(Refused, match="no longer kept"):
            undo(decision, moderator)


class TestReply:
    def test_is_public_at_once(self, make, moderator):
        """A team's reply is approved by its writer in the same transaction."""
        comment = make.comment(state=State.APPROVED)
        begin_write()
        Decision.reply(comment.id, Words.prepare("Dr Example", "Thank you."), moderator)
        db.session.commit()

        assert 2 == len(db.session.scalars(Comment.visible()).all())

    def test_needs_a_public_comment(self, make, moderator):
        """What readers cannot see cannot be answered alone."""
        comment = make.comment()
        begin_write()

        with pytest.raises(Refused):
            Decision.reply(comment.id, Words.prepare("Dr Example", "Thank you."), moderator)

    def test_goes_with_an_approval_and_is_undone_with_it(self, make, moderator):
        """Approve and reply is one decision: undoing it hides both."""
        comment = make.comment()
        begin_write()
        decision = Decision.make([seen(comment)], Verdict.APPROVE, moderator)
        decision.answer(db.session.get_one(Comment, comment.id), Words.prepare("Dr Example", "Thank you."), moderator)
        db.session.commit()
        undo(decision, moderator)

        assert [] == db.session.scalars(Comment.visible()).all()


class TestLog:
    def test_cannot_be_rewritten(self, make, moderator):
        """A decision keeps its verdict."""
        decision = decide(seen(make.comment()), Verdict.APPROVE, moderator)
        begin_write()
        db.session.get_one(Decision, decision.id).verdict = Verdict.SPAM

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    def test_says_who_decided_what_on_which_revision(self, make, moderator):
        """Every decision is found with its account and its items."""
        comment = make.comment()
        decide(seen(comment), Verdict.REJECT, moderator, reason="off-topic")
        entry = db.session.scalars(db.select(Decision)).one()

        assert (moderator.id, "reject", "off-topic", [comment.newest_revision_id]) == (
            entry.account_id,
            entry.verdict,
            entry.reason,
            [item.revision_id for item in entry.items],
        )


def test_notes_vanish_with_an_erased_comment(make, moderator):
    """A note may quote the comment, so erasing blanks it."""
    comment = make.comment()
    decision = decide(seen(comment), Verdict.REJECT, moderator, note="He says: secret")
    begin_write()
    fresh = db.session.get_one(Comment, comment.id)
    erasing.erase(fresh)
    db.session.commit()

    assert "" == db.session.get_one(Decision, decision.id).note
    assert not db.session.scalars(CommentRevision.of(comment)).one().body
