"""Stored comments follow the rules of today, with the text that was approved."""

from __future__ import annotations

import pytest

from blog.cli import wake_rendering
from blog.comments.jobs import BATCH, rerender, rerender_comments
from blog.comments.models import Comment, CommentRevision, State
from blog.database import begin_write, db
from blog.text.sanitising import HTML_VERSION

pytestmark = pytest.mark.both_databases


def made_by_older_rules(comment):
    """Its HTML as version 1 left it; the revision's number."""
    begin_write()
    revision = db.session.get_one(CommentRevision, db.session.get_one(Comment, comment.id).newest_revision_id)
    revision.rewrite(html="<p>Do 310 reps</p>", html_version=1)
    db.session.commit()
    return revision.id


@pytest.mark.usefixtures("context")
class TestRendering:
    @pytest.mark.parametrize("state", [State.APPROVED, State.PENDING, State.REJECTED])
    def test_makes_old_html_anew(self, make, state):
        """Whatever was decided about it."""
        number = made_by_older_rules(make.comment(body="Do 3*10 reps", state=state))
        rerender_comments()
        revision = db.session.get_one(CommentRevision, number, populate_existing=True)

        assert ("<p>Do 3*10 reps</p>", HTML_VERSION) == (revision.html, revision.html_version)

    def test_changes_no_text_and_no_decision(self, make):
        """The same words stay approved: text, digest and pointers are as before."""
        comment = make.comment(body="Do 3*10 reps", state=State.APPROVED)
        number = made_by_older_rules(comment)
        before = db.session.get_one(CommentRevision, number)
        before = (before.body, before.digest, State.APPROVED, number, number)
        rerender_comments()
        after = db.session.get_one(CommentRevision, number, populate_existing=True)
        fresh = db.session.get_one(Comment, comment.id, populate_existing=True)

        assert before == (after.body, after.digest, fresh.state, fresh.newest_revision_id, fresh.public_revision_id)

    def test_leaves_erased_texts_blank(self, make):
        """There is no text to make anything from."""
        comment = make.comment(state=State.ERASED)
        made_by_older_rules(comment)

        assert 0 == rerender()

    def test_goes_on_until_all_are_done(self, make, monkeypatch):
        """More texts than one transaction takes."""
        monkeypatch.setattr("blog.comments.jobs.BATCH", 2)
        for _ in range(5):
            made_by_older_rules(make.comment())

        assert 2 < BATCH
        assert [5, 0] == [rerender(), rerender()]


def test_the_public_page_shows_it_at_once(app, client, make):
    """The page from memory is dropped with the old HTML."""
    comment = make.comment(make.post("shown"), body="Do 3*10 reps", state=State.APPROVED)
    with app.app_context():
        made_by_older_rules(comment)
    address = "/posts/shown"
    client.get(address)
    with app.app_context():
        rerender_comments()

    assert "Do 3*10 reps" in client.get(address).text


def test_each_start_wakes_it(app):
    """An upgrade reaches old comments without a command: the worker finds the call."""
    with app.app_context():
        wake_rendering()
        queue = app.extensions["jobs"].queue(app)

        assert ["rerender_comments", "rerender_posts", "rerender_pages"] == [queue.dequeue().name for _ in range(3)]
