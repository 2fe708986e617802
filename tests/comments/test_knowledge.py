"""What triage knows beside a text: learned every night from this site's own decisions, forgotten with the text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from blog.accounts.models import RoleName
from blog.clock import frozen, now
from blog.comments import sending
from blog.comments.jobs import learn_from_decisions
from blog.comments.knowledge import _ALIKE, _ALIKE_IN_ORDER, ALIKE_MAX, Learned, _alike, _seen, look_at
from blog.comments.models import Comment, CommentBand, CommentFlag, CommentRevision, State
from blog.comments.sending import ShownTexts
from blog.comments.words import Sender, Words
from blog.database import begin_write, db, plain_read
from blog.posts.models import Post
from blog.privacy import erasing
from blog.privacy.jobs import drop_by_retention
from blog.triage import Flag, FlagKind, Span, bands, signature
from blog.triage.learning import DECISIONS_MIN, TEXTS_MIN
from blog.triage.reading import read

SPAM = "Grow your zorbing business with our zorbing plan number"
GOOD = "The gentle stretch of my calf helped on morning number"
EVERYTHING = (
    "comments",
    "comment_revisions",
    "comment_flags",
    "comment_bands",
    "bans",
    "learned",
    "log_entries",
    "decisions",
)


def decided(post, count, text, state, start=0):
    """So many decided comments, made in one transaction."""
    begin_write()
    post = db.session.get_one(Post, post.id)
    for number in range(start, start + count):
        words = Words.prepare("Reader", f"{text} {number}")
        receipt, _ = sending.submit(post, words, Sender.of(f"10.0.{number // 250}.{number % 250}", ""), ShownTexts())
        comment = db.session.get_one(Comment, receipt.id)
        comment.state = state
        if state == State.APPROVED:
            comment.public_revision_id = comment.newest_revision_id
    db.session.commit()


def found(post, text):
    flags = look_at(Words.prepare("Reader", text), post, Sender.of("192.0.2.200", ""))
    db.session.rollback()
    return [flag.rule for flag in flags]


def dump():
    db.session.rollback()
    return [str(row) for table in EVERYTHING for row in db.session.execute(db.text(f"SELECT * FROM {table}"))]


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestLearning:
    def test_is_off_until_there_are_fifty_of_each(self, make):
        post = make.post()
        decided(post, DECISIONS_MIN, GOOD, State.APPROVED)
        decided(post, DECISIONS_MIN - 1, SPAM, State.SPAM, start=100)
        learn_from_decisions()
        before = Learned.spam_filter().margin(read("zorbing plan"))
        decided(post, 1, SPAM, State.SPAM, start=300)
        with frozen(now() + timedelta(days=1)):
            learn_from_decisions()

        assert (None, True) == (before, Learned.spam_filter().margin(read(f"{SPAM} again")) > 0)

    def test_adds_to_the_points(self, make):
        """Words known from spam, in a text that was never seen."""
        post = make.post()
        decided(post, DECISIONS_MIN, GOOD, State.APPROVED)
        decided(post, DECISIONS_MIN, SPAM, State.SPAM, start=100)
        learn_from_decisions()

        assert "learned" in found(post, "A business plan for zorbing, see http://zorbing.example")

    def test_goes_by_what_was_decided_last(self, make):
        """Pending and rejected comments, samples and the team's replies teach nothing."""
        post = make.post()
        for state in (State.PENDING, State.HELD, State.REJECTED, State.WITHDRAWN):
            make.comment(post, state=state)
        parent = make.comment(post, state=State.APPROVED)
        make.comment(post, parent=parent, state=State.APPROVED)
        learn_from_decisions()

        assert (0, 1) == (Learned.spam_filter().spam_texts, Learned.spam_filter().good_texts)

    def test_keeps_no_word_that_one_person_wrote(self, make):
        """A name that stands in two texts is not kept; a word of three is."""
        post = make.post()
        decided(post, TEXTS_MIN - 1, "Rumpelstilzchen wrote", State.APPROVED)
        decided(post, TEXTS_MIN, "Everybody stretches", State.APPROVED, start=50)
        learn_from_decisions()
        words = set(Learned.spam_filter().own.weights)

        assert ("=rumpelstilzchen" in words, "=stretches" in words) == (False, True)

    def test_forgets_with_the_next_night(self, make):
        """What was erased meanwhile is not learned again."""
        post = make.post()
        decided(post, TEXTS_MIN, "Everybody stretches", State.APPROVED)
        learn_from_decisions()
        begin_write()
        for comment in db.session.scalars(select(Comment)):
            erasing.erase(comment)
        db.session.commit()
        with frozen(now() + timedelta(days=1)):
            learn_from_decisions()

        assert {} == Learned.spam_filter().own.weights

    def test_may_run_twice(self, make):
        decided(make.post(), TEXTS_MIN, "Everybody stretches", State.APPROVED)
        counts = []
        for _ in range(2):
            learn_from_decisions()
            counts.append(db.session.scalar(select(Learned.counts)))

        assert counts[0] == counts[1]


def test_learning_is_shown_at_the_desk(app, make, staff):
    """How much it has learned, and the words that weigh most."""
    admin = staff(RoleName.ADMIN)
    before = admin.get("/desk/settings/lists").text
    post = make.post("one")
    with app.app_context():
        decided(post, DECISIONS_MIN, GOOD, State.APPROVED)
        decided(post, DECISIONS_MIN, SPAM, State.SPAM, start=100)
        learn_from_decisions()
    page = admin.get("/desk/settings/lists").text

    assert "Nothing yet." in before
    assert f"from {DECISIONS_MIN} approved comments and {DECISIONS_MIN} comments marked as spam" in page
    assert '<td dir="auto">zorbing</td><td>spam</td>' in page


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
class TestForgetting:
    TEXT = "Quixotic words that nobody else would ever have written here"

    @pytest.fixture
    def comment(self, make):
        """A comment with everything that quotes it, in two versions."""
        post = make.post()
        flags = [
            Flag(FlagKind.SPAM, "links", [Span(0, 8, "Quixotic")], "Quixotic words."),
            Flag(FlagKind.ADVICE, "staff_name", [Span(0, 8, "Quixotic")], "Like Quixotic.", in_name=True),
        ]
        begin_write()
        words = Words.prepare("Quixotic", self.TEXT)
        sender = Sender.of("192.0.2.1", "")
        receipt, _ = sending.submit(db.session.get_one(Post, post.id), words, sender, ShownTexts(), flags)
        comment = db.session.get_one(Comment, receipt.id)
        sending.revise(comment, Words.prepare("Quixotic", f"{self.TEXT} twice"), sender, flags)
        db.session.commit()
        return comment

    def assert_nothing_left(self, comment):
        rows = dump()
        signatures = list(db.session.scalars(select(CommentRevision.signature)))
        assert [] == [row for row in rows if "Quixotic" in row or str(signature(self.TEXT)[0]) in row]
        assert ([None, None], []) == (signatures, list(db.session.scalars(select(CommentBand))))
        assert {""} == set(db.session.scalars(select(CommentFlag.why)))

    def test_by_erasing(self, comment):
        """Every version, matched words, reasons and signatures go at once."""
        assert any("Quixotic" in row for row in dump())
        begin_write()
        erasing.erase(db.session.get_one(Comment, comment.id))
        db.session.commit()

        self.assert_nothing_left(comment)

    @pytest.mark.parametrize(("state", "days"), [(State.SPAM, 91), (State.WITHDRAWN, 31)])
    def test_by_retention(self, comment, state, days):
        """The same when the days of what was declined or withdrawn are over."""
        begin_write()
        fresh = db.session.get_one(Comment, comment.id)
        if state == State.WITHDRAWN:
            fresh.withdraw()
        else:
            fresh.state, fresh.decided_at = state, now()
        db.session.commit()
        with frozen(now() + timedelta(days=days)):
            drop_by_retention()

        self.assert_nothing_left(comment)

    def test_keeps_which_rules_matched(self, comment):
        """Kind and rule say nothing about the text, and are counted."""
        begin_write()
        erasing.erase(db.session.get_one(Comment, comment.id))
        db.session.commit()

        assert {"links", "staff_name"} == set(db.session.scalars(select(CommentFlag.rule)))


@pytest.mark.usefixtures("context")
class TestAlike:
    def test_are_found_without_reading_all_comments(self):
        """Every table is entered by a number that is known, so a million comments cost no more than a thousand."""
        statement = str(_alike().compile(db.engine))
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?"))
        tables = {row.detail for row in plan if row.detail.startswith("SCAN comment")}

        assert set() == tables

    @pytest.mark.both_databases
    def test_are_only_so_many_in_a_flood(self, make):
        """The newest of equal texts are looked at, however many there are."""
        post = make.post()
        decided(post, ALIKE_MAX, SPAM, State.SPAM)
        decided(post, 3, SPAM, State.APPROVED, start=300)
        states = [(one.approved, one.spam) for one in _seen(Words.prepare("Reader", SPAM), None)]

        assert [(1, 0)] * 3 + [(0, 1)] * (ALIKE_MAX - 3) == states

    @pytest.mark.both_databases
    def test_are_what_their_writers_say_now(self, make):
        """Not what they said before, and not the text itself that is being changed."""
        post = make.post()
        decided(post, 3, SPAM, State.PENDING)
        changed, own = db.session.scalars(select(Comment).order_by(Comment.created_at, Comment.id).limit(2))
        begin_write()
        sending.revise(changed, Words.prepare("Reader", "Heat helped me."), Sender.of("10.0.0.0", ""))
        db.session.commit()

        assert 1 == len(_seen(Words.prepare("Reader", SPAM), own))

    @pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
    def test_are_found_in_order_as_both_questions_find_them(self, make):
        """PostgreSQL is asked in a way of its own, which looks at no more than it needs."""
        post = make.post()
        decided(post, ALIKE_MAX, SPAM, State.SPAM)
        decided(post, 5, f"{SPAM} Heat helped me.", State.APPROVED, start=300)
        about = {f"band{at}": band for at, band in enumerate(bands(Words.prepare("Reader", SPAM).signature))}
        in_order, plainly = (one.rows(plain_read(), {**about, "own": 0}) for one in (_ALIKE_IN_ORDER, _ALIKE))

        assert (ALIKE_MAX, plainly) == (len(in_order), in_order)
