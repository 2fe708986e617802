"""Two people at the same moment: one effective decision, and only what was approved is shown.

DESK_ROUNDS=200 makes as many rounds as the site promises to stand; fewer by default.
"""

from __future__ import annotations

import os
import threading

import pytest
from sqlalchemy import func, select

from blog.accounts.models import Account, RoleName
from blog.comments import sending
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.threads import Threads
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation.models import Decision, DecisionItem
from blog.moderation.verdicts import Seen, Stale, Verdict

ROUNDS = int(os.environ.get("DESK_ROUNDS", "12"))

pytestmark = [pytest.mark.both_databases, pytest.mark.slow, pytest.mark.usefixtures("context")]


def decide(verdict, account_id, seen):
    begin_write()
    Decision.make([seen], verdict, db.session.get(Account, account_id))
    db.session.commit()


def withdraw(seen):
    begin_write()
    db.session.scalars(select(Comment).where(Comment.id == seen.comment_id).with_for_update()).one().withdraw()
    db.session.commit()


def edit(seen):
    words = Words.prepare("Reader", "Other words, never approved.")
    begin_write()
    found = select(Comment).where(Comment.id == seen.comment_id).with_for_update()
    comment = db.session.scalars(found.execution_options(populate_existing=True)).one()
    sending.revise(comment, words, Sender.of("192.0.2.1", ""))
    db.session.commit()


def at_once(app, *acts):
    """Do both at a barrier; what each raised, or None."""
    barrier = threading.Barrier(len(acts))
    raised = [None] * len(acts)

    def run(index, act):
        with app.app_context():
            barrier.wait()
            try:
                act()
            except (Stale, Refused) as error:
                db.session.rollback()
                raised[index] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def after(comment):
    """State, pointer, how many decisions, and what readers see."""
    db.session.rollback()
    fresh = db.session.get_one(Comment, comment.id, populate_existing=True)
    entries = db.session.scalar(
        select(func.count(func.distinct(DecisionItem.decision_id))).where(DecisionItem.comment_id == comment.id)
    )
    visible = Comment.visible().where(Comment.id == comment.id).with_only_columns(Comment.public_revision_id)
    return fresh.state, fresh.public_revision_id, entries, db.session.scalars(visible).all()


@pytest.fixture
def people(make):
    return [make.account(RoleName.MODERATOR, name=name).id for name in ("Dr One", "Dr Two")]


@pytest.fixture
def post(make):
    return make.post()


def seen(comment):
    return Seen(comment.id, comment.newest_revision_id)


def test_two_who_approve_make_one_decision(app, make, people, post):
    """The second is told the same: no error, no second entry in the log."""
    for number in range(ROUNDS):
        comment = make.comment(post, body=f"Text {number}")
        one = seen(comment)
        raised = at_once(app, *[lambda who=who, one=one: decide(Verdict.APPROVE, who, one) for who in people])

        assert [None, None] == raised
        assert (State.APPROVED, one.revision_id, 1, [one.revision_id]) == after(comment)
    assert ROUNDS == Threads.of(post, 1).count


def test_of_approve_and_reject_one_takes_effect(app, make, people, post):
    """The other is stale and names who was faster; what is shown is what was decided."""
    shown = 0
    for number in range(ROUNDS):
        comment = make.comment(post, body=f"Text {number}")
        one = seen(comment)
        raised = at_once(
            app,
            lambda one=one: decide(Verdict.APPROVE, people[0], one),
            lambda one=one: decide(Verdict.REJECT, people[1], one),
        )
        state, pointer, entries, visible = after(comment)
        approved = raised[0] is None
        shown += approved

        assert [Stale] == [type(error) for error in raised if error is not None]
        assert (State.APPROVED if approved else State.REJECTED, 1) == (state, entries)
        assert [one.revision_id] * approved == visible == ([pointer] if pointer else [])
    assert shown == Threads.of(post, 1).count


def test_what_is_withdrawn_is_never_shown(app, make, people, post):
    """Approved just before or just after: once its writer took it back, nobody sees it."""
    for number in range(ROUNDS):
        comment = make.comment(post, body=f"Text {number}")
        one = seen(comment)
        raised = at_once(app, lambda one=one: decide(Verdict.APPROVE, people[0], one), lambda one=one: withdraw(one))
        state, pointer, entries, visible = after(comment)

        assert (State.WITHDRAWN, None, []) == (state, pointer, visible)
        assert (raised[1], entries) == (None, 0 if raised[0] else 1)
    assert 0 == Threads.of(post, 1).count


def test_what_is_edited_is_shown_as_it_was_approved(app, make, people, post):
    """Edited first: the approval is stale. Approved first: the approved text stays while the new one waits."""
    shown = 0
    for number in range(ROUNDS):
        comment = make.comment(post, body=f"Text {number}")
        one = seen(comment)
        raised = at_once(app, lambda one=one: edit(one), lambda one=one: decide(Verdict.APPROVE, people[0], one))
        state, _, entries, visible = after(comment)
        approved = raised[1] is None
        shown += approved

        assert (None, State.PENDING, int(approved)) == (raised[0], state, entries)
        assert [one.revision_id] * approved == visible
        assert all(db.session.get_one(CommentRevision, number).body.startswith("Text") for number in visible)
    assert shown == Threads.of(post, 1).count
