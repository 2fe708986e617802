"""Turns of requests that compute and then write, and what those that come together store in one transaction."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from io import BytesIO

import pytest
from flask import request
from sqlalchemy import event

from blog import database, turns
from blog.clock import now
from blog.comments import sending
from blog.comments.models import Comment, CommentBand, CommentFlag, CommentRevision
from blog.comments.words import Words
from blog.database import begin_write, db, share
from blog.errors import Refused
from blog.outbox import Event
from blog.pages.models import SiteSetting
from blog.triage import bands
from blog.turns import in_turn, written
from tests.processes import wait_for
from tests.readers import Reader, hidden_token, stored
from tests.test_statements import counting


class TestTurns:
    def most_at_once(self, app, view, seconds):
        """How many of three threads are inside the view together; each stays there until another is, or so long."""
        inside, most, are_two = [], [], threading.Event()

        @view
        def stay():
            inside.append(1)
            most.append(len(inside))
            if len(inside) > 1:
                are_two.set()
            are_two.wait(seconds)
            inside.pop()

        def visit():
            with app.test_request_context():
                stay()

        threads = [threading.Thread(target=visit) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return max(most)

    def test_let_in_one_at_a_time(self, app):
        """So the one that holds the database's lock is not kept waiting for the interpreter."""
        assert 1 == self.most_at_once(app, in_turn, 0.05)

    def test_begin_when_the_form_has_arrived(self, app):
        """A client that sends its text slowly keeps nobody waiting."""
        asked, sent, passed = threading.Event(), threading.Event(), threading.Event()

        class Slowly(BytesIO):
            def readinto(self, buffer):
                asked.set()
                assert sent.wait(60)
                return super().readinto(buffer)

        turned = in_turn(lambda: request.form)
        form = {"method": "POST", "content_length": 3, "content_type": "application/x-www-form-urlencoded"}

        def send():
            with app.test_request_context(input_stream=Slowly(b"a=b"), **form):
                turned()

        def pass_by():
            with app.test_request_context():
                turned()
            passed.set()

        slow, quick = threading.Thread(target=send), threading.Thread(target=pass_by)
        slow.start()
        assert asked.wait(60)
        quick.start()
        came_through = passed.wait(30)
        sent.set()
        slow.join()
        quick.join()

        assert came_through

    def test_are_not_waited_for_without_end(self, app, monkeypatch):
        """Who has waited as long as for the database goes ahead."""
        monkeypatch.setattr(turns, "BUSY_SECONDS", 0.01)

        assert 1 < self.most_at_once(app, in_turn, 60)


def setting(name):
    db.session.add(SiteSetting(name=name, value={"value": 0}, changed_at=now()))
    db.session.flush()
    return name


def names(app):
    with app.app_context():
        return sorted(db.session.scalars(db.select(SiteSetting.name)))


@contextmanager
def counted_commits(app):
    """The commits of transactions within a block."""
    seen = []

    def note(connection):
        seen.append(connection)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", note)
    yield seen
    event.remove(engine, "commit", note)


def together(app, *views):
    """Run the views so that all have come before the first goes on; what each gave or raised, in their order."""
    outcomes = [None] * len(views)
    is_first = threading.Event()

    @in_turn
    def visit(view):
        if not is_first.is_set():
            is_first.set()
            assert wait_for(lambda: turns._turns._coming == len(views))
        return view()

    def run(number, view):
        with app.test_request_context():
            try:
                outcomes[number] = visit(view)
            except Exception as error:
                outcomes[number] = error

    threads = [threading.Thread(target=run, args=both) for both in enumerate(views)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcomes


def writing(name, **more):
    return lambda: written(lambda: setting(name), lock=name, **more)


class TestWrites:
    def test_that_come_together_are_one_transaction(self, app):
        """Each learns what its own gave."""
        with counted_commits(app) as commits:
            outcomes = together(app, *(writing(name) for name in "abc"))

        assert (["a", "b", "c"], ["a", "b", "c"], 1) == (outcomes, names(app), len(commits))

    def test_are_stored_before_anybody_learns_so(self, app):
        """Who goes on finds its own in the database, as would anybody after a crash."""

        def looking(name):
            written(lambda: setting(name), lock=name)
            return name in names(app)

        assert [True] * 3 == together(app, *(lambda name=name: looking(name) for name in "abc"))

    def test_of_which_one_fails_are_made_apart(self, app):
        """The others are stored, and only the one that cannot be learns why."""

        def fail():
            setting("half")
            raise ValueError("no")

        outcomes = together(app, writing("a"), lambda: written(fail, lock="x"), writing("c"))

        assert ["a", "c"] == names(app)
        assert ["a", "no", "c"] == [str(outcome) for outcome in outcomes]

    def test_of_which_one_is_refused_before_it_changed_anything_share_all_the_same(self, app):
        """Whoever sends what is refused costs the others nothing."""

        def refuse():
            raise Refused("no")

        with counted_commits(app) as commits:
            outcomes = together(app, writing("a"), lambda: written(refuse, lock="x"), writing("c"))

        assert ["a", "no", "c"] == [str(outcome) for outcome in outcomes]
        assert (["a", "c"], 1) == (names(app), len(commits))

    def test_of_which_one_is_refused_with_something_unwritten_are_made_apart(self, app):
        """What it had added must not be stored with the others' writes."""

        def refuse():
            db.session.add(SiteSetting(name="half", value={"value": 0}, changed_at=now()))
            raise Refused("no")

        outcomes = together(app, writing("a"), lambda: written(refuse, lock="x"), writing("c"))

        assert ["a", "no", "c"] == [str(outcome) for outcome in outcomes]
        assert ["a", "c"] == names(app)

    def test_give_what_they_share_to_be_stored_at_once_before_the_commit(self, app):
        """What several give is stored by whoever stores it, once for all of them."""
        kept = []

        def keep(given):
            kept.append(sorted(given))
            for name in given:
                setting(name)

        def sharing(name):
            return lambda: written(lambda: share(keep, name), lock=name)

        with counted_commits(app) as commits:
            together(app, *(sharing(name) for name in "abc"))

        assert ([["a", "b", "c"]], ["a", "b", "c"], 1) == (kept, names(app), len(commits))

    def test_of_which_one_is_refused_after_it_gave_something_to_be_stored_are_made_apart(self, app):
        """What it gave must not be stored with the others' writes."""

        def refuse():
            share(lambda given: [setting(name) for name in given], "half")
            raise Refused("no")

        outcomes = together(app, writing("a"), lambda: written(refuse, lock="x"), writing("c"))

        assert ["a", "no", "c"] == [str(outcome) for outcome in outcomes]
        assert ["a", "c"] == names(app)

    def test_whose_shared_part_cannot_be_stored_are_made_apart(self, app):
        """Only the one whose part it is learns why."""

        def keep(given):
            for name in given:
                setting(name)
            if "b" in given:
                raise ValueError("no")

        outcomes = together(app, *(lambda n=name: written(lambda: share(keep, n), lock=n) for name in "abc"))

        assert (["None", "no", "None"], ["a", "c"]) == ([str(outcome) for outcome in outcomes], names(app))

    def test_that_stand_alone_share_nothing(self, app):
        """What is given is stored at once."""
        seen = []

        def alone():
            share(lambda given: seen.append(setting(*given)), "a")
            seen.append("written")

        with app.app_context():
            begin_write()
            alone()
            db.session.commit()

        assert (["a", "written"], ["a"]) == (seen, names(app))

    def test_do_not_wait_for_requests_that_go_on_coming_and_write_nothing(self, app):
        """A flood of what is refused keeps no comment waiting; here each lets the next one come before it goes."""
        is_stored = threading.Event()

        @in_turn
        def visit(view):
            return view()

        def flood():
            while not is_stored.is_set():
                with app.test_request_context():
                    visit(lambda: time.sleep(0.01))

        def write():
            with app.test_request_context():
                visit(writing("a"))

        floods = [threading.Thread(target=flood) for _ in range(3)]
        writer = threading.Thread(target=write)
        for thread in (*floods, writer):
            thread.start()
        writer.join(60)
        came_through = not writer.is_alive()
        is_stored.set()
        for thread in (*floods, writer):
            thread.join(60)

        assert (True, ["a"]) == (came_through, names(app))

    def test_of_another_are_not_taken_without_ones_own(self, app, monkeypatch):
        """Between leaving a write and taking all that are left nobody else comes: what came then would be nobody's."""
        own, entered = turns._turns._take_left, []

        def come():
            entered.append(turns._turns._guard.acquire(timeout=0.1))

        def take_left():
            other = threading.Thread(target=come)
            other.start()
            other.join()
            return own()

        monkeypatch.setattr(turns._turns, "_take_left", take_left)
        together(app, writing("a"), writing("b"))

        assert (True, ["a", "b"]) == (not any(entered) and bool(entered), names(app))

    def test_are_made_by_the_last_also_if_it_has_none(self, app):
        """A form that comes back to its writer leaves nobody waiting."""
        outcomes = together(app, *(writing(name) for name in "ab"), lambda: "nothing")

        assert (["a", "b", "nothing"], ["a", "b"]) == (outcomes, names(app))

    def test_are_made_by_the_last_also_if_it_breaks(self, app):
        def broken():
            raise ValueError("broken")

        together(app, writing("a"), broken, writing("b"))

        assert ["a", "b"] == names(app)

    def test_that_may_not_share_are_transactions_of_their_own(self, app):
        with counted_commits(app) as commits:
            together(app, *(writing(name, may_share=False) for name in "abc"))

        assert (["a", "b", "c"], 3) == (names(app), len(commits))

    def test_are_not_more_than_the_most_at_once(self, app, monkeypatch):
        """So that nobody waits for too many others."""
        monkeypatch.setattr(turns, "MOST", 2)
        with counted_commits(app) as commits:
            together(app, *(writing(name) for name in "abcd"))

        assert (["a", "b", "c", "d"], 2) == (names(app), len(commits))


class TestComments:
    @pytest.fixture
    def sent(self, app, make, monkeypatch):
        """A function that sends texts, each by (sender, text), at the same moment: the answers' status."""
        make.post("one")
        token = hidden_token(Reader(app).open("one"))
        look_up = sending.subject

        def send(*texts):
            is_first = threading.Event()

            def waiting(slug):
                if not is_first.is_set():
                    is_first.set()
                    wait_for(lambda: turns._turns._coming == len(texts))
                return look_up(slug)

            monkeypatch.setattr(sending, "subject", waiting)
            statuses = [0] * len(texts)

            def post(number, sender, text):
                answer = Reader(app, f"198.51.100.{sender}").send("one", token=token, body=text)
                statuses[number] = answer.status_code

            threads = [
                threading.Thread(target=post, args=(number, *sender_and_text))
                for number, sender_and_text in enumerate(texts)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
            return statuses

        return send

    def test_that_come_together_share_one_commit(self, app, sent):
        with counted_commits(app) as commits:
            statuses = sent(*((number, f"Text {number}.") for number in range(4)))

        assert ([303] * 4, 4, 1) == (statuses, len(stored(app)), len(commits))

    def test_that_come_together_are_stored_as_if_each_had_come_alone(self, app, sent, monkeypatch):
        """Each with its own text, what triage found in it, and the event that somebody is told of."""
        monkeypatch.setattr(turns, "PATIENCE_SECONDS", 20)  # what triage needs is read when the first text comes
        texts = [
            f"My neck hurt and now {'it is better' * number}, and it took {number} weeks." for number in range(1, 4)
        ]
        texts.append("Cheap pills at https://pills.example/buy now, and I cannot feel my legs.")
        with counted_commits(app) as commits:
            statuses = sent(*((number, text) for number, text in enumerate(texts)))

        assert 1 == len(commits)
        with app.app_context():
            rows = db.session.execute(
                db.select(Comment, CommentRevision, Event)
                .join(CommentRevision, Comment.newest_revision_id == CommentRevision.id)
                .join(Event, Event.comment_id == Comment.id)
                .where(Event.revision_id == CommentRevision.id, CommentRevision.comment_id == Comment.id)
            ).all()
            said = {version.body: comment for comment, version, _ in rows}
            assert ([303] * 4, sorted(texts)) == (statuses, sorted(said))
            for body, comment in said.items():
                words = Words.prepare("Ann", body)
                found = db.session.scalars(
                    db.select(CommentBand.band).filter_by(revision_id=comment.newest_revision_id)
                )
                rules = db.session.scalars(
                    db.select(CommentFlag.rule).filter_by(revision_id=comment.newest_revision_id)
                ).all()
                assert set(bands(words.signature)) == set(found)
                assert ("links" in rules) == (body == texts[-1])
                assert comment.newest.is_whole()

    def test_that_come_together_are_stored_by_few_statements(self, app, sent, monkeypatch):
        """Their versions by one: SQLite writes the index of words out at the end of each."""
        monkeypatch.setattr(turns, "PATIENCE_SECONDS", 20)
        with counting(app) as statements:
            sent(*((number, f"Text {number}.") for number in range(4)))
        into = [statement.split()[2] for statement in statements if statement.startswith("INSERT INTO comment")]

        assert (4, 1) == (into.count("comments"), into.count("comment_revisions"))

    def test_that_say_the_same_are_one(self, app, sent):
        """Also inside of one transaction."""
        assert ([303] * 3, 1) == (sent(*[(1, "The same.")] * 3), len(stored(app)))

    def test_beyond_the_limit_of_a_sender_are_refused_beside_others(self, app, sent):
        """Six of one sender, of which five are taken, and one of another who has nothing to do with it."""
        statuses = sent(*((1, f"Text {number}.") for number in range(6)), (2, "Another."))

        assert ([303] * 5 + [429], 303, 6) == (sorted(statuses[:6]), statuses[6], len(stored(app)))

    def test_that_the_database_refuses_all_come_back(self, app, sent, monkeypatch):
        """Nobody is told that something is stored that is not."""
        monkeypatch.setattr(sending, "lock_post", lambda _: db.session.execute(db.text("SELECT nothing")))

        assert ([503] * 3, []) == (sent(*((number, f"Text {number}.") for number in range(3))), stored(app))

    def test_while_others_hold_the_lock_wait_for_it_once(self, app, sent, monkeypatch, tmp_path):
        """All are sent back after the time that one waits, not after twice that."""
        tried = []
        begin = turns.begin_write
        monkeypatch.setattr(database, "BUSY_SECONDS", 0)
        monkeypatch.setattr(turns, "begin_write", lambda **lock: (tried.append(1), begin(**lock)))
        with app.app_context():
            db.engine.dispose()
        with closing(sqlite3.connect(tmp_path / "instance" / "blog.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            statuses = sent(*((number, f"Text {number}.") for number in range(3)))
            other.execute("ROLLBACK")

        assert ([503] * 3, 1) == (statuses, len(tried))
