"""A writer changes a comment: when they may, what waits, what stays public, and what both sides see."""

from __future__ import annotations

import re
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import select

from blog import database
from blog.accounts.models import RoleName
from blog.clock import frozen, now
from blog.comments import sending
from blog.comments.bans import Ban, Banned, Scope
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.sending import TooMany
from blog.comments.urgency import Urgency
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.errors import Refused
from blog.journal import EDIT, LogEntry
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Stale, Verdict
from blog.privacy import erasing
from blog.triage import Flag, FlagKind, Span
from tests.make import ANY_DAY
from tests.readers import Reader, typed

PHONE = "Please call me on 07700 900123, my neck hurts."
EMERGENCY = "Since this morning I cannot control my bladder and my saddle area is numb."
ME = ("192.0.2.1", "")
ROUNDS = 12  # of a race; 200 when it was built


def revise(comment, body="Other words.", name="Reader", flags=(), sender=None):
    words = Words.prepare(name, body)
    begin_write()
    fresh = db.session.get_one(Comment, comment.id)
    is_new = sending.revise(fresh, words, sender or Sender.of(*ME), flags)
    db.session.commit()
    return is_new


def revisions(comment):
    return [revision.body for revision in db.session.scalars(CommentRevision.of(comment))]


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestRules:
    def test_makes_a_new_version_that_waits(self, make):
        """Nothing is overwritten; the newest version is pending."""
        comment = make.comment(body="First words.")

        assert (True, ["First words.", "Other words."]) == (revise(comment), revisions(comment))
        assert (State.PENDING, None) == (comment.state, comment.public_revision_id)

    def test_leaves_the_approved_text_public(self, make):
        """The public goes on reading exactly what a moderator approved."""
        comment = make.comment(body="First words.", state=State.APPROVED)
        revise(comment)

        assert ("First words.", State.PENDING) == (
            db.session.scalars(Comment.visible()).one().public.body,
            db.session.get_one(Comment, comment.id).state,
        )

    def test_of_nothing_is_no_version(self, make):
        """The same words again change nothing: an approved comment stays approved."""
        comment = make.comment(body="Same.", state=State.APPROVED)

        assert (False, ["Same."]) == (revise(comment, body="Same."), revisions(comment))
        assert State.APPROVED == db.session.get_one(Comment, comment.id).state

    @pytest.mark.parametrize("state", [State.PENDING, State.HELD])
    def test_is_allowed_as_long_as_it_waits(self, make, state):
        """However long that takes."""
        comment = make.comment(state=state)
        with frozen(now() + timedelta(days=9)):
            assert revise(comment)

    @pytest.mark.parametrize("state", [State.REJECTED, State.SPAM, State.WITHDRAWN, State.ERASED])
    def test_is_refused_when_it_is_over(self, make, state):
        """What was declined, withdrawn or erased stays so."""
        comment = make.comment(state=state)

        with pytest.raises(Refused):
            revise(comment)

    @pytest.mark.parametrize(("minutes", "allowed"), [(29, True), (30, False), (600, False)])
    def test_of_a_published_comment_is_allowed_for_half_an_hour(self, make, minutes, allowed):
        """Thirty minutes after sending, and not a minute more."""
        comment = make.comment(state=State.APPROVED)
        with frozen(comment.created_at + timedelta(minutes=minutes)):
            assert allowed == comment.may_be_edited
            if not allowed:
                with pytest.raises(Refused):
                    revise(comment)

    def test_is_a_setting(self, make):
        """Zero minutes: no changes, not even of what waits."""
        make.settings(edit_minutes=0)
        comment = make.comment()

        with pytest.raises(Refused):
            revise(comment)

    def test_is_refused_when_the_article_is_closed(self, make):
        post = make.post()
        comment = make.comment(post)
        begin_write()
        comment.post.comments_open = False
        db.session.commit()

        with pytest.raises(Refused):
            revise(comment)

    def test_of_a_teams_reply_is_refused(self, make):
        parent = make.comment(state=State.APPROVED)
        reply = make.comment(parent.post, parent=parent)

        with pytest.raises(Refused):
            revise(reply)

    def test_is_limited_like_comments(self, make):
        comment = make.comment()
        for number in range(5):
            revise(comment, body=f"Words {number}")

        with pytest.raises(TooMany):
            revise(comment, body="Once more")

    def test_is_refused_to_who_is_banned(self, make):
        comment = make.comment()
        begin_write()
        Ban.put(Scope.SENDER, Sender.of(*ME).hash, 1, None, None, "")
        db.session.commit()

        with pytest.raises(Banned):
            revise(comment)

    def test_is_looked_at_anew(self, make):
        """Urgency and flags are those of the new text."""
        comment = make.comment()
        revise(comment, flags=[Flag(FlagKind.SPAM, "links", [Span(0, 5, "Other")], "Links.")])
        first = db.session.get_one(Comment, comment.id).urgency
        revise(comment, body="Third words.")

        assert (Urgency.LIKELY_SPAM, Urgency.NORMAL) == (first, db.session.get_one(Comment, comment.id).urgency)

    def test_is_in_the_log(self, make):
        """When, and which version; nobody's name."""
        comment = make.comment()
        revise(comment)
        entry = db.session.scalars(select(LogEntry).where(LogEntry.kind == EDIT)).one()

        assert (None, comment.id, comment.newest_revision_id) == (
            entry.account_id,
            entry.comment_id,
            entry.revision_id,
        )

    def test_makes_a_decision_on_the_old_text_stale(self, make):
        """A moderator never approves what was not on the card."""
        comment = make.comment()
        seen = Seen(comment.id, comment.newest_revision_id)
        revise(comment)
        begin_write()

        with pytest.raises(Stale):
            Decision.make([seen], Verdict.APPROVE, None)

    def test_is_erased_with_the_rest(self, make):
        """Every version goes, and what was found in it."""
        comment = make.comment(body="First words.", state=State.APPROVED)
        revise(comment, flags=[Flag(FlagKind.SPAM, "links", [Span(0, 5, "Other")], "Other")])
        begin_write()
        erasing.erase(db.session.get_one(Comment, comment.id))
        db.session.commit()
        found = [
            (flag.matched, flag.why) for one in db.session.scalars(CommentRevision.of(comment)) for flag in one.flags
        ]

        assert (["", ""], [([], "")]) == (revisions(comment), found)


class TestPage:
    @pytest.fixture
    def reader(self, app):
        return Reader(app)

    @pytest.fixture
    def written(self, make, reader):
        """The private page of a comment that waits."""
        make.post("one")
        return reader.write("one", name="Ada", body="First words.")

    @staticmethod
    def edit(reader, address, **fields):
        values = {"name": "Ada", "body": "Other words.", "website": "", **fields}
        return reader.client.post(f"{address}/edit", data=values)

    @staticmethod
    def approve(app):
        with app.app_context():
            begin_write()
            comment = db.session.scalars(select(Comment)).one()
            Decision.make([Seen(comment.id, comment.newest_revision_id)], Verdict.APPROVE, None)
            db.session.commit()

    def test_offers_the_form_with_what_was_written(self, reader, written):
        """Name and text stand in it, ready to be changed."""
        page = reader.client.get(written).text

        assert {"name": "Ada", "email": "", "body": "First words."} == typed(page)
        assert f'action="{written}/edit"' in page

    def test_takes_new_words(self, reader, written):
        """By the secret link alone, without a cookie, back to the same page."""
        answer = self.edit(reader, written)
        page = reader.client.get(written).text

        assert (303, f"{written}?saved=text", True) == (
            answer.status_code,
            answer.location,
            "<p>Other words.</p>" in page,
        )
        assert "Set-Cookie" not in answer.headers

    def test_shows_the_public_nothing_new(self, app, make, reader, written):
        """Page, feeds and count are the same bytes before and after a change that waits."""
        self.approve(app)
        addresses = ("/posts/one", "/comments.atom", "/posts/one/comments.atom", "/feed.atom", "/")
        before = [reader.client.get(address).data for address in addresses]
        self.edit(reader, written)

        assert before == [reader.client.get(address).data for address in addresses]
        assert b"First words." in before[0]

    def test_says_that_the_change_waits(self, app, reader, written):
        """Both texts, and which of them everybody reads."""
        self.approve(app)
        self.edit(reader, written)
        page = reader.client.get(written).text

        assert "Your change is waiting for a moderator." in page
        assert page.index("As it appears now") < page.index("<p>First words.") < page.index("<p>Other words.")

    def test_says_that_the_change_was_declined(self, app, reader, written):
        """The earlier text stays, and the reason is told."""
        self.approve(app)
        self.edit(reader, written)
        with app.app_context():
            begin_write()
            comment = db.session.scalars(select(Comment)).one()
            Decision.make([Seen(comment.id, comment.newest_revision_id)], Verdict.REJECT, None, reason="unkind")
            db.session.commit()
        page = reader.client.get(written).text

        assert "Published, without your change." in page
        assert "but not attacks on people" in page
        assert "First words." in reader.client.get("/posts/one").text

    @pytest.mark.parametrize(
        ("fields", "status"),
        [({"name": ""}, 422), ({"body": ""}, 422), ({"body": "[]()"}, 422), ({"body": PHONE}, 422)],
    )
    def test_keeps_what_was_typed(self, app, reader, written, fields, status):
        """The same checks as for a new comment; nothing is stored, the form is open with the text in it."""
        answer = self.edit(reader, written, **fields)
        sent = {"name": "Ada", "email": "", "body": "Other words.", **fields}
        with app.app_context():
            bodies = list(db.session.scalars(select(CommentRevision.body)))

        assert (status, sent, ["First words."]) == (answer.status_code, typed(answer.text), bodies)
        assert '<details class="status__edit" open>' in answer.text

    def test_sends_personal_details_all_the_same(self, reader, written):
        """When its writer says so."""
        assert 303 == self.edit(reader, written, body=PHONE, personal="keep").status_code

    def test_tells_whom_to_call(self, reader, written):
        """An emergency in a changed text is stored first, and told."""
        answer = self.edit(reader, written, body=f"{EMERGENCY} {PHONE}")

        assert 303 == answer.status_code
        assert 'href="tel:112"' in reader.client.get(written).text

    @pytest.mark.parametrize("what", ["withdraw", "erase"])
    def test_offers_nothing_when_it_is_over(self, reader, written, what):
        """No form on the page, and 409 for who sends one all the same; the text is kept."""
        reader.client.post(f"{written}/{what}")
        page = reader.client.get(written).text
        answer = self.edit(reader, written)

        assert ("/edit" in page, answer.status_code, typed(answer.text)["body"]) == (False, 409, "Other words.")

    def test_says_until_when_a_published_comment_can_be_changed(self, app, make, reader, clock):
        """While it can; later the form is gone."""
        clock.freeze(ANY_DAY)
        make.post("one", published_at=ANY_DAY)
        address = reader.write("one")
        self.approve(app)
        before = reader.client.get(address).text
        clock.advance(minutes=31)

        assert "You can change it until" in before
        assert "/edit" not in reader.client.get(address).text

    def test_is_private_also_when_something_is_wrong(self, reader, written):
        """No cache keeps a text that was not taken."""
        answer = self.edit(reader, written, body="")

        assert ("private, no-store", "noindex, nofollow") == (
            answer.headers["Cache-Control"],
            answer.headers["X-Robots-Tag"],
        )

    @pytest.mark.parametrize("token", ["x" * 43, "x", "%00"])
    def test_of_an_unknown_link_is_none(self, reader, written, token):
        assert 404 == self.edit(reader, f"/comments/{token}").status_code

    def test_by_reading_changes_nothing(self, reader, written):
        assert 405 == reader.client.get(f"{written}/edit").status_code

    def test_keeps_the_text_when_the_database_is_busy(self, app, reader, written, monkeypatch):
        """503, in a form that leads to the same address."""
        monkeypatch.setattr(database, "BUSY_SECONDS", 0)
        path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
        with app.app_context():
            db.session.execute(db.text("PRAGMA busy_timeout=0"))
            db.session.rollback()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = self.edit(reader, written)

        assert (503, "Other words.") == (answer.status_code, typed(answer.text)["body"])
        assert f'action="{written}/edit"' in answer.text

    def test_hostile_words_are_shown_as_text(self, reader, written):
        """In the form, in the preview, in the question."""
        hostile = f"</textarea><script>alert(1)</script> {PHONE}"
        pages = [self.edit(reader, written, name="<b>x</b>", body=hostile).text]
        self.edit(reader, written, name="<b>x</b>", body=hostile, personal="keep")
        pages.append(reader.client.get(written).text)

        assert [] == [page for page in pages if re.search(r"<script>alert|<b>x", page)]


@pytest.mark.both_databases
def test_edit_and_approve_at_the_same_moment(app, make):
    """Whoever is first: what is public is what the moderator saw, and the new words wait."""
    post = make.post("one")
    outcomes = set()
    for number in range(ROUNDS):
        comment = make.comment(post, body="Seen words.", sender=f"192.0.2.{number}")
        seen, barrier, said = Seen(comment.id, comment.newest_revision_id), threading.Barrier(2), []
        words = Words.prepare("Reader", "Unseen words.")

        def edit(comment=comment, barrier=barrier, words=words):
            with app.app_context():
                barrier.wait()
                begin_write(lock="me")
                fresh = db.session.scalars(select(Comment).where(Comment.id == comment.id).with_for_update()).one()
                sending.revise(fresh, words, Sender.of(*ME))
                db.session.commit()

        def approve(seen=seen, barrier=barrier, said=said):
            with app.app_context():
                barrier.wait()
                begin_write()
                try:
                    Decision.make([seen], Verdict.APPROVE, None)
                    db.session.commit()
                    said.append("approved")
                except Stale:
                    db.session.rollback()
                    said.append("stale")

        threads = [threading.Thread(target=task) for task in (edit, approve)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with app.app_context():
            fresh = db.session.get_one(Comment, comment.id)
            public = fresh.public.body if fresh.public else None
            assert (State.PENDING, "Unseen words.") == (fresh.state, fresh.newest.body)
            assert {"approved": "Seen words.", "stale": None}[said[0]] == public
        outcomes.update(said)

    assert outcomes <= {"approved", "stale"}


class TestHistory:
    def test_is_shown_to_moderators(self, app, make, staff):
        comment = make.comment(make.post("one"), body="First words.", state=State.APPROVED)
        with app.app_context(), frozen(now() + timedelta(minutes=1)):
            revise(comment, body="First <b>new</b> words.")
        mo = staff(RoleName.MODERATOR)
        page = mo.get(f"/desk/comments/{comment.id}/versions").text

        assert f'href="/desk/comments/{comment.id}/versions"' in mo.get("/desk/comments").text
        assert page.index("&lt;b&gt;") < page.index("Public") < page.index("First words.")
        assert '<ins class="mark mark--added">' in page

    @pytest.mark.parametrize("number", [0, 99, 2**70])
    def test_of_no_comment_is_none(self, staff, number):
        assert 404 == staff(RoleName.MODERATOR).get(f"/desk/comments/{number}/versions").status_code
