"""How the jobs are doing: noted when it is news."""

from __future__ import annotations

import pytest

from blog.database import begin_write, db
from blog.jobs import Jobs
from blog.operations import server
from blog.operations.models import NOTED_EVERY, PROBLEM_MAX_CHARS, JobRun
from tests.make import ANY_DAY

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


@pytest.fixture
def start(clock):
    return clock.freeze(ANY_DAY)


def end(problem=""):
    """A job ends, and is noted if that is news; whether it was."""
    is_news = JobRun.is_news("send_mail", problem)
    if is_news:
        begin_write()
        JobRun.note("send_mail", problem)
        db.session.commit()
    return is_news


def noted():
    (run,) = db.session.scalars(JobRun.by_name()).all()
    return run.done_at, run.failing_since, run.problem


def test_the_first_end_is_news(start):
    """From then on the desk knows the job."""
    assert (True, (start, None, "")) == (end(), noted())


def test_going_well_is_news_now_and_then(start, clock):
    """A job that runs each minute does not write each minute."""
    end()
    clock.advance(minutes=1)
    soon = end()
    at = clock.advance(minutes=NOTED_EVERY.total_seconds() / 60)

    assert (False, True, (at, None, "")) == (soon, end(), noted())


def test_failing_is_news_once(start, clock):
    """Since when stays; when it went well last stays too."""
    end()
    at = clock.advance(minutes=1)
    first = end("OperationalError")
    clock.advance(minutes=2 * NOTED_EVERY.total_seconds() / 60)

    assert (True, False, (start, at, "OperationalError")) == (first, end("OperationalError"), noted())


def test_going_well_again_is_news(start, clock):
    """At once, and the problem is forgotten."""
    end("OperationalError")
    at = clock.advance(minutes=1)

    assert (True, (at, None, "")) == (end(), noted())


def test_a_long_problem_is_cut(start):
    """The row takes it."""
    end("x" * 1000)

    assert "x" * PROBLEM_MAX_CHARS == noted()[2]


def test_each_job_has_its_row(start):
    """In the order of their names."""
    begin_write()
    for name in ("b", "a"):
        JobRun.note(name, "")
    db.session.commit()

    assert ["a", "b"] == [run.name for run in db.session.scalars(JobRun.by_name())]


class TestWorker:
    """What the job worker keeps of each job."""

    def test_keeps_the_kind_of_an_error_and_never_its_words(self, app):
        """What somebody wrote may stand in the words of an error."""
        server._note_run(app, "send_mail", RuntimeError("ada@example.org"))
        db.session.rollback()

        assert "RuntimeError" == noted()[2]

    def test_goes_on_when_nothing_can_be_noted(self, app, monkeypatch, caplog):
        """A database that is down does not end the worker as well."""

        def broken(*args):
            raise RuntimeError("no luck")

        monkeypatch.setattr(JobRun, "is_news", broken)
        server._note_run(app, "send_mail", None)

        assert "could not note how a job ended" in caplog.text


def test_jobs_that_are_woken_are_run_like_those_that_are_due(app):
    """Waking lays the same job into the queue of the worker."""
    own, calls = Jobs(), []
    own.every(minutes=1)(lambda: calls.append(1))
    ((name, _),) = own.registered.items()
    queue = own.queue(app)
    own.wake(name)
    task = queue.dequeue()
    queue.execute(task)

    assert ([1], None) == (calls, queue.dequeue())
