"""The log: everything that was done, narrowed, and as a table that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

import pytest

from blog.accounts.models import RoleName
from blog.comments import sending
from blog.comments.models import Comment, State
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.journal import SETTING, LogEntry
from blog.moderation import log as log_module
from blog.moderation.log import Log, LogFilter
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from blog.pages.models import Site
from blog.revisions import AppendOnlyError
from tests.make import ANY_DAY


def decide(comment, verdict, by=None, **more):
    begin_write()
    decision = Decision.make([Seen(comment.id, comment.newest_revision_id)], verdict, by, **more)
    db.session.commit()
    return decision


def whats(**narrowed):
    return [line.what for line in Log(LogFilter(**narrowed)).page()[0]]


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestLog:
    def test_holds_decisions_and_settings_in_one_order(self, make, clock):
        """Newest first, whatever it was."""
        clock.freeze(ANY_DAY)
        admin, comment = make.account(RoleName.ADMIN), make.comment()
        decide(comment, Verdict.HOLD, admin)
        clock.advance(seconds=1)
        begin_write()
        Site.change({"comment_limit": 7, "tagline": Site.current().tagline}, admin.id)
        db.session.commit()
        clock.advance(seconds=1)
        decide(make.comment(), Verdict.SPAM, admin)

        assert ["spam", "setting changed", "hold"] == whats()
        entry = db.session.query(LogEntry).one()
        assert (admin.id, "comment_limit", {"before": 5, "after": 7}) == (entry.account_id, entry.subject, entry.detail)

    def test_cannot_be_changed(self, make):
        """An entry stays as it was written."""
        begin_write()
        LogEntry.note(SETTING, None, "tagline", before="a", after="b")
        db.session.commit()
        begin_write()
        db.session.query(LogEntry).one().subject = "other"

        with pytest.raises(AppendOnlyError):
            db.session.flush()

    @pytest.mark.parametrize(
        ("narrowed", "found"),
        [
            ({"what": "reject"}, ["reject"]),
            ({"what": "setting"}, ["setting changed"]),
            ({"what": "redacted"}, []),
            ({"since": datetime(2026, 6, 2, tzinfo=UTC).date()}, ["setting changed", "reject"]),
            ({"until": datetime(2026, 6, 1, tzinfo=UTC).date()}, ["approve"]),
            ({"actor": 1}, ["reject", "approve"]),
            ({"actor": 2}, ["setting changed"]),
            ({"post": 1}, ["approve"]),
            ({"post": 99}, []),
        ],
    )
    def test_is_narrowed(self, make, clock, narrowed, found):
        """By who, what, article and day; the last day counts whole."""
        clock.freeze(ANY_DAY)
        moderator, admin = make.account(RoleName.MODERATOR), make.account(RoleName.ADMIN)
        decide(make.comment(), Verdict.APPROVE, moderator)
        clock.advance(days=1)
        decide(make.comment(), Verdict.REJECT, moderator)
        clock.advance(days=1)
        begin_write()
        Site.change({"comment_limit": 7}, admin.id)
        db.session.commit()

        assert found == whats(**narrowed)

    def test_is_paged_without_loss(self, make, clock):
        """Every entry once, also those of the same moment and of both kinds."""
        clock.freeze(ANY_DAY)
        for number in range(4):
            decide(make.comment(), Verdict.HOLD)
            begin_write()
            Site.change({"comment_limit": 10 + number}, None)
            db.session.commit()
        own, seen, before = Log(LogFilter()), [], ""
        while before is not None:
            lines, before = own.page(before, 3)
            seen += [(line.rank, line.id) for line in lines]
            before = before or None

        assert (8, 8) == (len(seen), len(set(seen)))

    @pytest.mark.parametrize(
        ("day", "kept"), [("2026-06-01", True), ("0001-01-01", False), ("9999-12-31", False), ("yesterday", False)]
    )
    def test_knows_no_days_whose_midnight_cannot_be_said(self, day, kept):
        """The first and the last day of the calendar have no beginning or end in every time zone."""
        narrowed = LogFilter.read({"since": day, "until": day})

        assert [kept, kept] == [narrowed.since is not None, narrowed.until is not None]


class TestTable:
    @pytest.fixture
    def rows(self, app, make, staff):
        def read(query=""):
            text = staff(RoleName.MODERATOR, email="reads@example.org").get(f"/desk/log.csv{query}").text
            return list(csv.reader(io.StringIO(text)))

        return read

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
    def test_holds_no_formula(self, app, make, rows, start):
        """A cell that a spreadsheet would run begins with an apostrophe."""
        moderator = make.account(RoleName.MODERATOR, name="=cmd")
        with app.app_context():
            decide(make.comment(), Verdict.REJECT, moderator, note=f"{start}HYPERLINK(1)", reason="unkind")
        first = rows()[1]

        assert ("'=cmd", "reject", "Unkind to somebody") == (first[1], first[2], first[9])
        assert first[10].startswith("'")

    def test_has_a_row_for_each_comment(self, app, make, rows, monkeypatch):
        """All of a decision, however many it holds in memory at once, and nothing twice."""
        monkeypatch.setattr(log_module, "CSV_BATCH", 2)
        with app.app_context():
            comments = [make.comment() for _ in range(3)]
            begin_write()
            Decision.make([Seen(c.id, c.newest_revision_id) for c in comments], Verdict.SPAM, None)
            db.session.commit()
            for _ in range(4):
                decide(make.comment(), Verdict.HOLD)

        assert 1 + 3 + 4 == len(rows())

    def test_follows_the_filter(self, app, make, rows):
        """What the page shows is what is saved."""
        with app.app_context():
            decide(make.comment(), Verdict.HOLD)
            decide(make.comment(), Verdict.SPAM)

        assert ["spam"] == [row[2] for row in rows("?verdict=spam")[1:]]


class TestPage:
    def test_counts_what_a_large_decision_holds(self, app, make, staff):
        """Four thousand lines are not shown, but counted."""
        with app.app_context():
            comments = [make.comment() for _ in range(11)]
            begin_write()
            Decision.make([Seen(c.id, c.newest_revision_id) for c in comments], Verdict.SPAM, None)
            db.session.commit()
        page = staff(RoleName.MODERATOR).get("/desk/log").text

        assert ("11 comments" in page, "pending → spam" in page) == (True, False)

    def test_says_what_was_set(self, make, staff):
        """Before and after."""
        make.settings(comment_limit=9)
        page = staff(RoleName.MODERATOR).get("/desk/log").text

        assert "comment_limit: 5 → 9" in re.sub(r"&#39;", "'", page)

    @pytest.mark.parametrize(
        "query", ["actor=x", "since=soon", "post=" + "9" * 30, "before=x", "verdict=no", "before=9.9.9"]
    )
    def test_bears_any_address(self, make, staff, query):
        """What cannot be read is left out."""
        make.comment(state=State.APPROVED)

        assert 200 == staff(RoleName.MODERATOR).get(f"/desk/log?{query}").status_code


def test_an_edit_of_the_writer_is_logged(make, context):
    """Which comment, which new version, and that it was nobody of the staff."""
    comment = make.comment()
    begin_write()
    fresh = db.session.get_one(Comment, comment.id)
    sending.revise(fresh, Words.prepare("Reader", "Other words"), Sender.of("192.0.2.1", ""))
    db.session.commit()
    (line,), _ = Log(LogFilter()).page()

    assert ("The writer", "edit by the writer", fresh.newest_revision_id) == (
        line.who,
        line.what,
        line.entry.revision_id,
    )
