"""Periodic jobs: what runs by itself, and how often. The features register theirs in their jobs.py."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask, current_app
from huey import SqliteHuey, crontab
from huey.api import TaskWrapper
from huey.serializer import SignedSerializer
from sqlalchemy import SelectBase

from blog.bell import Bell
from blog.database import db, plain_read
from blog.keys import keyed_hash
from blog.metering import meter
from blog.prepared import Prepared, at_rest


class Jobs:
    """Periodic jobs. huey carries only ticks: what is owed lives in rows, so losing its file loses nothing.

    A job is a function without arguments that does all that is due and may run twice without harm. If it fails,
    the log says so, it is tried three times more, and the next tick finds the same rows still due. (When a single
    mail is sent again stands in blog/mail/outcomes.py.)
    """

    RETRIES = 3
    RETRY_SECONDS = 20

    def __init__(self) -> None:
        self.registered: dict[str, tuple[Callable[[], None], Callable[[datetime], bool]]] = {}

    def every(self, minutes: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
        """Register a job to run every so many minutes. Raises ValueError for what does not divide the hour."""
        if minutes >= 60 or 60 % minutes:
            raise ValueError(f"jobs run daily, or every so many minutes that divide the hour, not every {minutes}")
        return self._registering(f"*/{minutes}", "*")

    def daily(self, job: Callable[[], None]) -> Callable[[], None]:
        """Register a job to run in the night, at 03:07 UTC."""
        return self._registering("7", "3")(job)

    @staticmethod
    def when(*finds: Callable[[], SelectBase]) -> Callable[[Callable[[], None]], Callable[[], None]]:
        """Run a job only if one of these statements, of which each is built once, finds a row.

        Most ticks find nothing to do. What a job loads and builds to find that out its worker would keep for good.
        What a moment is compared with must be NOW (blog/database.py), which is asked each time.
        """
        questions = [at_rest(functools.partial(_at_most_one, find)) for find in finds]

        def waiting(job: Callable[[], None]) -> Callable[[], None]:
            @functools.wraps(job)
            def run() -> None:
                if _finds_one(questions):
                    job()

            return run

        return waiting

    def _registering(self, minute: str, hour: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
        def register(job: Callable[[], None]) -> Callable[[], None]:
            self.registered[job.__name__] = (job, crontab(minute=minute, hour=hour))
            return job

        return register

    def init_app(self, app: Flask) -> None:
        app.extensions["jobs"] = self

    def queue(self, app: Flask) -> SqliteHuey:
        """The queue with all jobs on it, for the worker."""
        return self._queue(app)[0]

    def wake(self, name: str, seconds: int = 0) -> None:
        """Have the workers, also of other machines if they can be told, run a job soon or in so many seconds.

        Their next tick would find the work too, so a failure is only logged.
        """
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        self.lay(app, name, seconds)
        bell: Bell | None = app.extensions.get("bell")
        if bell is not None:
            bell.ring(name, seconds)

    def lay(self, app: Flask, name: str, seconds: int = 0) -> None:
        """Lay a job into the queue of this node; what is no job is left out."""
        if name not in self.registered:
            return
        try:
            if "job_calls" not in app.extensions:
                app.extensions["job_calls"] = self._queue(app)[1]
            call = app.extensions["job_calls"][name]
            call.schedule(delay=seconds) if seconds else call()
        except Exception:
            logging.getLogger("blog.jobs").exception("could not wake a job", extra={"job": name})

    def _queue(self, app: Flask) -> tuple[SqliteHuey, dict[str, TaskWrapper]]:
        """The queue, and for each job what lays it into the queue now."""
        with app.app_context():
            serializer = SignedSerializer(secret=keyed_hash("jobs"))
        queue = SqliteHuey(
            "blog",
            filename=str(app.config["BLOG_INSTANCE_PATH"] / "jobs.db"),
            serializer=serializer,
            results=False,
            fsync=False,
        )
        calls = {}
        for name, (job, ticks) in self.registered.items():
            calls[name] = queue.periodic_task(ticks, name=name, retries=self.RETRIES, retry_delay=self.RETRY_SECONDS)(
                self._in_context(app, name, job)
            )
        return queue, calls

    @staticmethod
    def _in_context(app: Flask, name: str, job: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            with app.app_context():
                try:
                    with meter.timed("job_seconds", job=name):
                        job()
                    meter.count("jobs", job=name, outcome="done")
                except Exception:
                    meter.count("jobs", job=name, outcome="failed")
                    logging.getLogger("blog.jobs").exception("job failed, will run again", extra={"job": name})
                    raise

        run.__name__ = name
        return run


def _at_most_one(find: Callable[[], SelectBase]) -> SelectBase:
    found: SelectBase = find().limit(1)  # type: ignore[attr-defined]
    return found


def _finds_one(questions: Sequence[Prepared]) -> bool:
    found = any(question.first(plain_read(), {}) for question in questions)
    db.session.rollback()  # the job begins with a view of its own
    return found


jobs = Jobs()
