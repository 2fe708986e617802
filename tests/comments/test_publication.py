"""When a comment was published, and when what it says last changed: feeds and lists go by that, not by the writing."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module

import pytest
from sqlalchemy import update

from blog.comments import sending
from blog.comments.models import Comment, State
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from tests.make import ANY_DAY

HOUR = timedelta(hours=1)

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


@pytest.fixture
def comment(make, clock):
    """Written on a day at noon."""
    clock.freeze(ANY_DAY)
    return make.comment(body="First words.")


def fresh(comment):
    db.session.rollback()
    return db.session.get_one(Comment, comment.id, populate_existing=True)


def dates(comment):
    """Hours from the writing to the publication, and to the last change of what is shown."""
    row = fresh(comment)
    return tuple(moment and (moment - ANY_DAY) / HOUR for moment in (row.published_at, row.updated_at))


def decide(comment, verdict, last=None):
    begin_write()
    newest = db.session.get_one(Comment, comment.id, populate_existing=True).newest_revision_id
    decision = Decision.make([Seen(comment.id, newest, last.id if last else None)], verdict, None)
    db.session.commit()
    return decision


def undo(decision, by):
    begin_write()
    db.session.get_one(Decision, decision.id).undo(by)
    db.session.commit()


def change(comment, body):
    begin_write()
    sending.revise(db.session.get_one(Comment, comment.id), Words.prepare("Reader", body), Sender.of("192.0.2.1", ""))
    db.session.commit()


class TestMoments:
    def test_are_none_before_a_decision(self, comment):
        assert (None, None) == dates(comment)

    @pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.SPAM, Verdict.HOLD])
    def test_are_none_when_it_is_not_published(self, comment, verdict):
        decide(comment, verdict)

        assert (None, None) == dates(comment)

    def test_are_those_of_the_decision(self, comment, clock):
        clock.advance(hours=3)
        decide(comment, Verdict.APPROVE)

        assert (3, None) == dates(comment)

    def test_of_a_correction_move_the_change_alone(self, make, comment, clock):
        make.settings(edit_minutes=600)
        decide(comment, Verdict.APPROVE)
        clock.advance(hours=1)
        change(comment, "Other words.")
        clock.advance(hours=1)
        before = dates(comment)
        decide(comment, Verdict.APPROVE)

        assert [(0, None), (0, 2)] == [before, dates(comment)]

    def test_of_redacted_words_are_those_of_a_correction(self, make, comment, clock):
        first = decide(comment, Verdict.APPROVE)
        clock.advance(hours=2)
        seen = Seen(comment.id, comment.newest_revision_id, first.id)
        moderator = make.account()
        begin_write()
        Decision.redact(seen, Words.prepare("Reader", "First […]."), moderator)
        db.session.commit()

        assert (0, 2) == dates(comment)

    def test_begin_anew_when_it_comes_back(self, comment, clock):
        """Held for an hour and approved again: whoever reads the feed may not have seen it."""
        first = decide(comment, Verdict.APPROVE)
        clock.advance(hours=1)
        held = decide(comment, Verdict.HOLD, last=first)
        clock.advance(hours=1)
        decide(comment, Verdict.APPROVE, last=held)

        assert (2, None) == dates(comment)

    def test_stay_when_hiding_it_is_undone(self, make, comment, clock):
        """A slip of the hand does not make an old comment a new one."""
        first = decide(comment, Verdict.APPROVE)
        clock.advance(hours=1)
        undo(decide(comment, Verdict.HOLD, last=first), make.account())

        assert (0, None) == dates(comment)

    def test_move_when_a_correction_is_undone(self, make, comment, clock):
        """What everybody reads has changed once more."""
        make.settings(edit_minutes=600)
        decide(comment, Verdict.APPROVE)
        change(comment, "Other words.")
        correction = decide(comment, Verdict.APPROVE)
        clock.advance(hours=2)
        undo(correction, make.account())

        assert (0, 2) == dates(comment)


def entries(feed):
    """Comments in a feed of comments, as published and updated."""
    return re.findall(r"comments/(\d+)</id>.*?<published>(.*?)</published>\s*<updated>(.*?)</updated>", feed, re.DOTALL)


class TestFeeds:
    @pytest.mark.parametrize("address", ["/comments.atom", "/posts/one/comments.atom"])
    def test_begin_with_what_was_approved_last(self, make, client, clock, address):
        """A comment that waited while twenty-five others were approved is the first of the feed."""
        clock.freeze(ANY_DAY)
        post = make.post("one")
        late = make.comment(post)
        clock.advance(hours=1)
        for _ in range(25):
            make.comment(post, state=State.APPROVED)
        before = client.get(address)
        clock.advance(hours=1)
        decide(late, Verdict.APPROVE)
        after = client.get(address)
        approved = (ANY_DAY + 2 * HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")

        assert str(late.id) not in [number for number, *_ in entries(before.text)]
        assert (str(late.id), approved, approved) == entries(after.text)[0]
        assert approved == re.search(r"<updated>(.*?)</updated>", after.text)[1]
        assert before.headers["ETag"] != after.headers["ETag"]

    def test_say_when_a_comment_was_corrected(self, make, client, clock):
        """In the entry and in the feed; a reader's programme looks for that."""
        clock.freeze(ANY_DAY)
        make.settings(edit_minutes=600)
        first = make.comment(make.post("one"), state=State.APPROVED)
        make.comment(state=State.APPROVED)
        clock.advance(hours=1)
        change(first, "Other words.")
        waiting = client.get("/comments.atom")
        clock.advance(hours=1)
        decide(first, Verdict.APPROVE)
        feed = client.get("/comments.atom").text
        written, corrected = ((ANY_DAY + hours * HOUR).strftime("%Y-%m-%dT%H:%M:%SZ") for hours in (0, 2))

        assert written == re.search(r"<updated>(.*?)</updated>", waiting.text)[1]
        assert (str(first.id), written, corrected) in entries(feed)
        assert corrected == re.search(r"<updated>(.*?)</updated>", feed)[1]


class TestMigration:
    def test_takes_the_moments_from_the_decisions(self, make, clock):
        """Approved after three hours, corrected after five, and one that was held between."""
        clock.freeze(ANY_DAY)
        make.settings(edit_minutes=600)
        post = make.post("one")
        waiting, corrected, returned = (make.comment(post, body=f"Words {n}.") for n in range(3))
        clock.advance(hours=3)
        decide(corrected, Verdict.APPROVE)
        first = decide(returned, Verdict.APPROVE)
        change(corrected, "Other words.")
        clock.advance(hours=2)
        decide(corrected, Verdict.APPROVE)
        held = decide(returned, Verdict.HOLD, last=first)
        clock.advance(hours=2)
        decide(returned, Verdict.APPROVE, last=held)
        begin_write()
        db.session.execute(update(Comment).values(published_at=None, updated_at=None))
        import_module("blog.migrations.versions.0011_publication").fill(db.session.connection())
        db.session.commit()

        assert [(None, None), (3, 5), (7, None)] == [dates(one) for one in (waiting, corrected, returned)]

    def test_finds_a_moment_for_a_comment_without_a_decision(self, make, clock):
        """Generated comments have none: what is shown has a date all the same."""
        clock.freeze(ANY_DAY)
        comment = make.comment(make.post("one"))
        begin_write()
        db.session.execute(update(Comment).values(public_revision_id=comment.newest_revision_id))
        import_module("blog.migrations.versions.0011_publication").fill(db.session.connection())
        db.session.commit()

        assert (0, None) == dates(comment)
