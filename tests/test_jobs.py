"""Periodic jobs: what fails is told and runs again."""

from __future__ import annotations

import logging
import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.sql.compiler import SQLCompiler

from blog import JOBS, prepared
from blog.accounts.models import LinkRequest, LoginFailure
from blog.clock import frozen, now
from blog.comments.models import State
from blog.database import begin_write, db
from blog.jobs import Jobs, jobs
from blog.operations import server
from blog.posts.models import Post
from blog.prepared import build_at_rest

SELDOM = {
    "drop_by_retention",
    "empty_database_log",
    "keep_backup",
    "keep_local_times",
    "learn_from_decisions",
    "measure_waiting",
    "prove_backup",
    "renew_cards",
    "seal_addresses",
}  # each half hour or in the night: others also ask only whether there is something to do


def queue_of(app, job, minutes=1):
    """A queue with this job alone, tried again at once, and the job waiting in it."""
    own = Jobs()
    own.RETRY_SECONDS = 0
    own.every(minutes=minutes)(job)
    queue = own.queue(app)
    (task,) = queue._registry.periodic_tasks
    queue.enqueue(task)
    return queue


def work(queue):
    """Do what waits, as the worker does; how many tasks were run."""
    done = 0
    while (task := queue.dequeue()) is not None:
        queue.execute(task)
        done += 1
    return done


def test_a_failed_job_is_in_the_log(app, caplog):
    """The log names the job and says that it will run again."""

    def broken():
        raise RuntimeError("no luck")

    with caplog.at_level(logging.ERROR, "blog.jobs"):
        work(queue_of(app, broken))

    assert ("broken", "job failed, will run again") == (caplog.records[0].job, caplog.records[0].message)


def test_a_failed_job_runs_again(app):
    """What fails the first time is done the second time."""
    calls = []

    def flaky():
        calls.append(len(calls))
        if len(calls) == 1:
            raise RuntimeError("no luck")

    work(queue_of(app, flaky))

    assert [0, 1] == calls


def test_a_job_that_works_runs_once(app):
    """Nothing is repeated without a reason."""
    calls = []

    work(queue_of(app, lambda: calls.append(1)))

    assert [1] == calls


def test_messages_are_signed(app):
    """A message that somebody else wrote into the queue's file is refused, not unpickled."""
    queue = queue_of(app, lambda: None)
    message = bytearray(queue.storage.dequeue())
    message[-1] ^= 1
    queue.storage.enqueue(bytes(message))
    try:
        refused = queue.dequeue() is None
    except ValueError:
        refused = True

    assert refused


def test_every_job_is_wired():
    """A job that create_app's list does not name would only run where something else happens to import its file."""
    assert sorted(jobs.registered) == sorted(job.__name__ for job in JOBS)


class TestWhen:
    """A job that is run only when a question finds something."""

    @pytest.mark.both_databases
    @pytest.mark.parametrize(("forgotten", "runs"), [(0, 0), (1, 1), (2, 1)])
    def test_runs_when_a_row_is_found(self, app, forgotten, runs):
        own, calls = Jobs(), []
        own.every(minutes=1)(own.when(lambda: select(LinkRequest.id))(lambda: calls.append(1)))
        ((job, _),) = own.registered.values()
        with app.app_context():
            begin_write()
            for _ in range(forgotten):
                LinkRequest.ask("ada@example.org")
            db.session.commit()
            job()

        assert runs == len(calls)

    @pytest.mark.usefixtures("context")
    def test_one_of_several_is_enough(self, make):
        """Each may find something of its own."""
        calls = []
        make.post()
        jobs.when(lambda: select(LinkRequest.id), lambda: select(Post.id))(lambda: calls.append(1))()

        assert [1] == calls

    @pytest.mark.usefixtures("context")
    def test_the_job_has_a_view_of_its_own(self, make):
        """What the question has read is done with, so that the job sees what came meanwhile."""
        seen = []
        make.post()
        jobs.when(lambda: select(Post.id))(lambda: seen.append(db.session().in_transaction()))()

        assert [False] == seen

    @pytest.mark.both_databases
    @pytest.mark.usefixtures("context")
    def test_no_question_keeps_a_moment(self):
        """Statements are built once: a moment that stands in one would be that of the start, for ever."""
        build_at_rest(db.engine.dialect)
        moments = [
            written.text
            for statement in prepared._at_rest
            for written in statement._written.values()
            if any(isinstance(value, datetime) or re.match(r"\d{4}-", str(value)) for value in written.fixed.values())
        ]

        assert [] == moments

    def test_a_worker_with_nothing_to_do_builds_no_statement(self, app, monkeypatch):
        """What it builds, and what it copies of memory for that, it keeps for good: its parent builds it before."""
        with app.app_context():
            build_at_rest(db.engine.dialect)
        built, build = [], SQLCompiler.__init__

        def note(compiler, dialect, statement, *more, **named):
            built.append(statement)
            build(compiler, dialect, statement, *more, **named)

        monkeypatch.setattr(SQLCompiler, "__init__", note)
        for name in sorted(set(jobs.registered) - SELDOM):
            with app.app_context():
                jobs.registered[name][0]()
            server._note_run(app, name, None)
        with app.app_context():
            app.extensions["pagecache"].following.follow()

        monkeypatch.undo()
        assert [] == [str(statement) for statement in built]


@pytest.mark.both_databases
@pytest.mark.parametrize("name", sorted(jobs.registered))
def test_three_workers_at_once_get_in_nobodys_way(app, make, name):
    """A tick that reaches several workers does what is due once, and none of them fails."""
    make.settings(keep_declined_days=1, keep_withdrawn_days=1, keep_sender_days=1)
    post = make.post(published_at=now() - timedelta(minutes=1))
    for number, state in enumerate([State.REJECTED, State.WITHDRAWN, State.APPROVED, State.SPAM] * 3):
        make.comment(post, body=f"Words number {number}.", state=state, at=make.days_ago(40))
    with app.app_context():
        begin_write()
        db.session.add_all(LoginFailure(account_key="a", address_key="b", created_at=now()) for _ in range(150))
        db.session.commit()
    failures = []
    together = threading.Barrier(3)

    def worker():
        with app.app_context(), frozen(now() + timedelta(days=100)):
            together.wait(120)
            try:
                jobs.registered[name][0]()
            except Exception as error:
                failures.append(error)

    workers = [threading.Thread(target=worker) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(300)

    assert [] == failures


class TestRegistering:
    @pytest.mark.parametrize(("moment", "runs"), [("03:07", True), ("03:08", False), ("15:07", False)])
    def test_daily_is_once_in_the_night(self, moment, runs):
        own = Jobs()
        own.daily(lambda: None)
        ((_, ticks),) = own.registered.values()

        assert runs == ticks(datetime.fromisoformat(f"2026-03-05 {moment}"))

    @pytest.mark.parametrize("minutes", [1, 5, 30])
    def test_takes_what_divides_the_hour(self, minutes):
        own = Jobs()
        own.every(minutes=minutes)(lambda: None)
        ((_, ticks),) = own.registered.values()

        assert 60 // minutes == sum(ticks(datetime(2026, 3, 5, 9, minute, tzinfo=UTC)) for minute in range(60))

    @pytest.mark.parametrize("minutes", [7, 60, 1440])
    def test_refuses_what_does_not(self, minutes):
        with pytest.raises(ValueError, match="divide the hour"):
            Jobs().every(minutes=minutes)
