"""Decisions on a whole filter: counted first, made in batches, undone as one."""

from __future__ import annotations

import re
from html import unescape

import pytest

from blog.accounts.models import RoleName
from blog.comments.models import Comment, State
from blog.database import begin_write, db
from blog.errors import Refused
from blog.moderation import batches
from blog.moderation.batches import BatchDecision, CountChanged
from blog.moderation.jobs import continue_batches
from blog.moderation.models import Decision
from blog.moderation.queue import Filter
from blog.moderation.verdicts import Seen, Verdict


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 3)


def states():
    db.session.rollback()
    return sorted(str(comment.state) for comment in db.session.scalars(Comment.for_desk().order_by(Comment.id)))


def start(narrowed, verdict, by, expected, **more):
    begin_write()
    batch = BatchDecision.start(narrowed, verdict, by, expected, **more)
    db.session.commit()
    return batch.id


def step(batch_id):
    begin_write()
    more = BatchDecision.step(batch_id)
    db.session.commit()
    return more


def undo(batch_id, by):
    begin_write()
    undoing = BatchDecision.start_undo(batch_id, by)
    db.session.commit()
    return undoing.id


@pytest.mark.both_databases
@pytest.mark.usefixtures("context", "small_batches")
class TestBatch:
    def test_decides_everything_in_the_filter(self, make):
        """In several transactions, as one decision; a job may stop and go on anywhere."""
        moderator, post = make.account(RoleName.MODERATOR), make.post()
        for _ in range(7):
            make.comment(post)
        make.comment(body="Elsewhere")
        batch_id = start(Filter(post=post.id), Verdict.SPAM, moderator, 7)
        first = step(batch_id), states().count("spam")
        continue_batches()
        batch = db.session.get_one(BatchDecision, batch_id)

        assert ((True, 3), ["pending", *["spam"] * 7]) == (first, states())
        assert (7, 0, 7) == (batch.done, batch.skipped, batch.decision.size)

    def test_leaves_alone_what_came_or_changed_since(self, make):
        """Only what was counted is decided: later comments and other decisions stay as they are."""
        moderator, post = make.account(RoleName.MODERATOR), make.post()
        comments = [make.comment(post) for _ in range(5)]
        batch_id = start(Filter(post=post.id), Verdict.REJECT, moderator, 5)
        make.comment(post, body="Too late to be counted")
        begin_write()
        Decision.make([Seen(comments[4].id, comments[4].newest_revision_id)], Verdict.APPROVE, moderator)
        db.session.commit()
        continue_batches()
        batch = db.session.get_one(BatchDecision, batch_id)

        assert ["approved", "pending", *["rejected"] * 4] == states()
        assert (4, 1) == (batch.done, batch.skipped)

    def test_refuses_another_number_than_was_said(self, make):
        """Who confirmed four is asked again when it is five."""
        moderator = make.account(RoleName.MODERATOR)
        make.comment()
        begin_write()

        with pytest.raises(CountChanged, match="1 now"):
            BatchDecision.start(Filter(), Verdict.SPAM, moderator, 4)

    @pytest.mark.parametrize(
        ("narrowed", "verdict"),
        [
            (Filter(), Verdict.APPROVE),
            (Filter(State.APPROVED), Verdict.REJECT),
            (Filter(State.SPAM), Verdict.HOLD),
            (Filter(State.HELD), Verdict.HOLD),
        ],
    )
    def test_never_publishes_and_never_takes_back(self, make, narrowed, verdict):
        """Nothing is approved unseen; only what waits is declined as a whole."""
        moderator = make.account(RoleName.MODERATOR)
        make.comment(state=narrowed.state)
        begin_write()

        with pytest.raises(Refused):
            BatchDecision.start(narrowed, verdict, moderator, 1)

    def test_is_undone_as_one(self, make):
        """Everything is as it was, in batches again; what changed since stays, and is counted."""
        moderator = make.account(RoleName.MODERATOR)
        comments = [make.comment() for _ in range(7)]
        batch_id = start(Filter(), Verdict.SPAM, moderator, 7)
        continue_batches()
        last = db.session.get_one(BatchDecision, batch_id).decision_id
        begin_write()
        Decision.make([Seen(comments[2].id, comments[2].newest_revision_id, last)], Verdict.APPROVE, moderator)
        db.session.get_one(Comment, comments[3].id).withdraw()
        db.session.commit()
        undoing = db.session.get_one(BatchDecision, undo(batch_id, moderator))
        continue_batches()

        assert ["approved", *["pending"] * 5, "withdrawn"] == states()
        assert (5, 2) == (undoing.done, undoing.skipped)

    def test_stops_where_it_is_when_it_is_undone(self, make):
        """Undoing one that still runs ends it, and puts back what it has done."""
        moderator = make.account(RoleName.MODERATOR)
        for _ in range(7):
            make.comment()
        batch_id = start(Filter(), Verdict.SPAM, moderator, 7)
        step(batch_id)
        undo(batch_id, moderator)
        continue_batches()

        assert ["pending"] * 7 == states()
        assert not step(batch_id)

    def test_is_undone_once(self, make):
        moderator = make.account(RoleName.MODERATOR)
        make.comment()
        batch_id = start(Filter(), Verdict.SPAM, moderator, 1)
        undo(batch_id, moderator)

        with pytest.raises(Refused, match="already undone"):
            undo(batch_id, moderator)


@pytest.fixture
def mo(staff):
    return staff(RoleName.MODERATOR)


class TestPages:
    def test_says_the_exact_number_and_decides_nothing(self, app, make, mo):
        """Opening the confirmation changes nothing."""
        for _ in range(3):
            make.comment(body="Buy now")
        page = mo.get("/desk/batches/new?q=Buy").text

        assert "All 3 comments in this filter" in page
        with app.app_context():
            assert ["pending"] * 3 == states()

    def test_decides_few_at_once_and_offers_to_undo(self, app, make, mo):
        """Up to 200 within the request, without a job."""
        for _ in range(3):
            make.comment(body="Buy now")
        answer = mo.post("/desk/batches?q=Buy", data={"verdict": "spam", "count": "3"})
        page = mo.get(answer.location).text

        assert (303, True) == (answer.status_code, "<strong>Marked as spam</strong>: 3 comments" in page)
        undone = mo.post(re.search(r'action="(/desk/decisions/\d+/undo[^"]*)"', unescape(page))[1])
        assert "<strong>Undone</strong>: 3 comments" in mo.get(undone.location).text
        with app.app_context():
            assert ["pending"] * 3 == states()

    def test_shows_how_far_a_large_one_is(self, app, make, mo, monkeypatch):
        """More than one batch is left to the job; the page says how much is done, and afterwards what became of it."""
        monkeypatch.setattr(batches, "BATCH", 2)
        for _ in range(3):
            make.comment()
        answer = mo.post("/desk/batches", data={"verdict": "hold", "count": "3"})
        before = mo.get(answer.location).text
        with app.app_context():
            continue_batches()
        after = mo.get(answer.location).text

        assert ("0 of 3 done" in before, "Stop and undo" in before) == (True, True)
        assert "<strong>Held</strong>: 3 comments" in after

    def test_asks_again_when_the_number_has_changed(self, app, make, mo):
        """409 with the new number; nothing is decided."""
        make.comment()
        answer = mo.post("/desk/batches", data={"verdict": "spam", "count": "5"})

        assert (409, True) == (answer.status_code, 'name="count" value="1"' in answer.text)
        with app.app_context():
            assert ["pending"] == states()

    @pytest.mark.parametrize(
        "data", [{"verdict": "approve", "count": "1"}, {"verdict": "spam"}, {"verdict": "spam", "count": "x"}]
    )
    def test_refuses_what_was_not_confirmed(self, app, make, mo, data):
        """422 for a verdict that is not offered, or no number."""
        make.comment()

        assert 422 == mo.post("/desk/batches", data=data).status_code
        with app.app_context():
            assert ["pending"] == states()

    def test_of_what_is_decided_is_not_offered(self, make, mo):
        """No confirmation for published comments."""
        make.comment(state=State.APPROVED)

        assert 404 == mo.get("/desk/batches/new?state=approved").status_code

    @pytest.mark.parametrize("number", ["7", "9" * 30])
    def test_finds_no_unknown_batch(self, mo, number):
        """404, however large the number."""
        assert 404 == mo.get(f"/desk/batches/{number}").status_code


class TestSelection:
    def test_is_said_before_it_is_decided(self, app, make, mo):
        """The number and the texts; the next button decides."""
        comments = [make.comment(body=f"Text {number}") for number in range(2)]
        chosen = [f"{one.id}:{one.newest_revision_id}" for one in comments]
        page = mo.post("/desk/selection", data={"comment": chosen, "verdict": "reject", "reason": "unkind"}).text

        assert ("Reject 2 comments?" in page, "Text 1" in page, "attacks on people" in page) == (True, True, True)
        assert chosen == re.findall(r'name="comment" value="([^"]+)"', page)
        with app.app_context():
            assert ["pending"] * 2 == states()

    def test_of_nothing_is_refused(self, mo):
        """422, and the queue says why."""
        answer = mo.post("/desk/selection", data={"verdict": "spam"})

        assert (422, True) == (answer.status_code, "Choose at least one comment." in answer.text)
