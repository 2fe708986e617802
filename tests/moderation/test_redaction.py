"""Publishing a copy with words redacted: only what was shown, the original erased after its days."""

from __future__ import annotations

import re
from html import unescape

import pytest

from blog.accounts.models import RoleName
from blog.comments import sending
from blog.comments.models import Comment, CommentRevision, State
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Stale, Verdict
from blog.privacy.jobs import drop_by_retention
from blog.triage import Flag, FlagKind, Span

PHONE = Flag(FlagKind.PERSONAL_DATA, "phone", [Span(5, 17, "07700 900123")], "A phone number.")
TEXT = "Call 07700 900123 please"


def redact(comment, by, body="Call […] please", note=""):
    begin_write()
    decision = Decision.redact(
        Seen(comment.id, comment.newest_revision_id), Words.prepare(comment.newest.name, body), by, note
    )
    db.session.commit()
    return decision


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestRedact:
    def test_publishes_the_copy_alone(self, make):
        """The new revision is public, the original stays where nobody reads it, and one decision says so."""
        moderator, comment = make.account(RoleName.MODERATOR), make.comment(body=TEXT, flags=[PHONE])
        original = comment.newest_revision_id
        decision = redact(comment, moderator)
        fresh = db.session.scalars(Comment.visible()).one()

        assert ("Call […] please", State.APPROVED, False) == (fresh.public.body, fresh.state, fresh.has_personal_data)
        assert [(original, fresh.public_revision_id)] == [(i.original_id, i.revision_id) for i in decision.items]

    def test_is_undone_with_the_original(self, make):
        """The comment waits again, with the text that was typed."""
        moderator, comment = make.account(RoleName.MODERATOR), make.comment(body=TEXT, flags=[PHONE])
        decision = redact(comment, moderator)
        begin_write()
        db.session.get_one(Decision, decision.id).undo(moderator)
        db.session.commit()
        fresh = db.session.get_one(Comment, comment.id)

        assert (TEXT, State.PENDING, None) == (fresh.newest.body, fresh.state, fresh.public_revision_id)
        assert fresh.has_personal_data

    def test_of_another_text_than_was_seen_is_stale(self, make):
        """Whoever changed or decided it meanwhile comes first."""
        moderator, comment = make.account(RoleName.MODERATOR), make.comment(body=TEXT, state=State.REJECTED)

        with pytest.raises(Stale):
            redact(comment, moderator)

    def test_forgets_the_notes_with_the_original(self, make, clock):
        """A note on the redaction may name what was redacted."""
        clock.freeze(make.days_ago(0))
        comment = make.comment(body=TEXT, flags=[PHONE])
        number = redact(comment, make.account(RoleName.MODERATOR), note="His number is 07700 900123").id
        kept = []
        for days in (13, 2):
            clock.advance(days=days)
            drop_by_retention()
            kept.append(db.session.get_one(Decision, number, populate_existing=True).note)

        assert ["His number is 07700 900123", ""] == kept

    def test_erases_the_original_after_its_days(self, make, clock):
        """Not a day earlier; the copy stays, and undoing is refused from then on."""
        clock.freeze(make.days_ago(0))
        moderator, comment = make.account(RoleName.MODERATOR), make.comment(body=TEXT, flags=[PHONE])
        original = comment.newest_revision_id
        decision = redact(comment, moderator)
        kept = []
        for days in (13, 2):
            clock.advance(days=days)
            drop_by_retention()
            kept.append(db.session.get_one(CommentRevision, original, populate_existing=True).body)

        assert [TEXT, ""] == kept
        assert "Call […] please" == db.session.scalars(Comment.visible()).one().public.body
        assert [] == db.session.get_one(CommentRevision, original).flags[0].matched
        begin_write()
        with pytest.raises(Refused, match="no longer kept"):
            db.session.get_one(Decision, decision.id).undo(moderator)

    def test_that_was_undone_keeps_the_original(self, make, clock):
        """The original is the comment's own text again; nothing of it is erased."""
        clock.freeze(make.days_ago(0))
        moderator, comment = make.account(RoleName.MODERATOR), make.comment(body=TEXT)
        decision = redact(comment, moderator)
        begin_write()
        db.session.get_one(Decision, decision.id).undo(moderator)
        db.session.commit()
        clock.advance(days=15)
        drop_by_retention()

        assert TEXT == db.session.get_one(Comment, comment.id, populate_existing=True).newest.body

    def test_that_was_undone_stays_undone(self, make):
        """Else the copy would be public while the original is the newest version, which nothing ever erases."""
        moderator, comment = make.account(RoleName.MODERATOR), make.comment(body=TEXT)
        decision = redact(comment, moderator)
        begin_write()
        undoing = db.session.get_one(Decision, decision.id).undo(moderator)
        db.session.commit()
        begin_write()

        with pytest.raises(Refused, match="cannot be undone"):
            undoing.undo(moderator)

    def test_erases_versions_before_the_original_too(self, make, clock):
        """A number that stood in an earlier version as well is gone from there."""
        clock.freeze(make.days_ago(0))
        moderator, comment = make.account(RoleName.MODERATOR), make.comment(body=TEXT)
        begin_write()
        sending.revise(
            db.session.get_one(Comment, comment.id), Words.prepare("R", TEXT + "!"), Sender.of("192.0.2.1", "")
        )
        db.session.commit()
        redact(db.session.get_one(Comment, comment.id), moderator)
        clock.advance(days=15)
        drop_by_retention()

        assert ["", "", "Call […] please"] == [r.body for r in db.session.scalars(CommentRevision.of(comment))]


@pytest.fixture
def mo(staff):
    return staff(RoleName.MODERATOR)


def post(mo, comment, **data):
    seen = f"{comment.id}:{comment.newest_revision_id}"
    return mo.post(f"/desk/comments/{comment.id}/redaction", data={"comment": seen, **data})


def digest_in(page):
    return re.search(r'name="shown" value="([^"]+)"', page)[1]


class TestPage:
    def test_prepares_what_triage_found(self, make, mo):
        """The words are in the field, and marked in the text."""
        comment = make.comment(body=TEXT, flags=[PHONE])
        page = mo.get(f"/desk/comments/{comment.id}/redaction").text

        assert "07700 900123</textarea>" in page
        assert '<mark class="mark mark--personal_data"' in page

    def test_publishes_only_what_was_shown(self, app, make, mo, client):
        """First the copy, then the button that publishes exactly this copy."""
        comment = make.comment(make.post("one"), body=TEXT, flags=[PHONE])
        first = post(mo, comment, words="07700 900123")
        hidden = client.get("/posts/one").text
        second = post(mo, comment, words="07700 900123", shown=digest_in(first.text))
        page = client.get("/posts/one").text

        assert (200, 303) == (first.status_code, second.status_code)
        assert ("please" in hidden, "Call […] please" in page, "07700" in page) == (False, True, False)

    def test_shows_again_what_was_changed_after(self, app, make, mo, client):
        """Other words than were shown are shown first, not published."""
        comment = make.comment(make.post("one"), body=TEXT)
        first = post(mo, comment, words="07700 900123")
        second = post(mo, comment, words="07700 900123\nplease", shown=digest_in(first.text))

        assert (200, False) == (second.status_code, "Call" in client.get("/posts/one").text)

    @pytest.mark.parametrize(
        ("words", "problem"),
        [
            ("", "name at least one word"),
            ("07700 900124", "This is not in the text: 07700 900124."),
            (TEXT, "Nothing would be left to read."),
        ],
    )
    def test_refuses_what_makes_no_sense(self, make, mo, words, problem):
        """422 with what was typed."""
        answer = post(mo, make.comment(body=TEXT), words=words)

        assert (422, True) == (answer.status_code, problem in unescape(answer.text))

    def test_of_a_changed_text_is_stale(self, app, make, mo):
        """409 with both texts: what was seen, and what it is now."""
        comment = make.comment(body=TEXT)
        shown = digest_in(post(mo, comment, words="07700 900123").text)
        with app.app_context():
            begin_write()
            fresh = db.session.get_one(Comment, comment.id)
            sending.revise(fresh, Words.prepare("Reader", "Something else"), Sender.of("192.0.2.1", ""))
            db.session.commit()
        answer = post(mo, comment, words="07700 900123", shown=shown)

        assert (409, True) == (answer.status_code, "What you saw" in answer.text and "Something" in answer.text)

    @pytest.mark.parametrize("state", [State.WITHDRAWN, State.ERASED])
    def test_of_what_its_writer_took_back_is_not_offered(self, make, mo, state):
        """404."""
        comment = make.comment(state=state)

        assert 404 == mo.get(f"/desk/comments/{comment.id}/redaction").status_code

    @pytest.mark.parametrize("seen", ["", "1", "a:b", "7:7"])
    def test_refuses_a_malformed_name(self, make, mo, seen):
        """400 for what names no comment, or another one than the address."""
        comment = make.comment(body=TEXT)

        assert 400 == mo.post(f"/desk/comments/{comment.id}/redaction", data={"comment": seen}).status_code


def test_the_log_says_that_words_were_redacted(app, make, mo):
    """And which version was published."""
    comment = make.comment(body=TEXT)
    shown = digest_in(post(mo, comment, words="please").text)
    post(mo, comment, words="please", shown=shown)

    assert "redact and publish" in mo.get("/desk/log").text
    assert Verdict.APPROVE in mo.get("/desk/log?verdict=redacted").text
    assert "Nothing like this was done." in mo.get("/desk/log?verdict=spam").text
