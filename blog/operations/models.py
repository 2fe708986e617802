"""How the periodic jobs are doing, and which backups they have made, for the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import BigInteger, Select, String, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from blog.clock import now
from blog.database import Base, db, plain_read, plain_write
from blog.prepared import at_rest

NOTED_EVERY = timedelta(minutes=10)  # a job that goes well every minute need not say so each time
PROBLEM_MAX_CHARS = 200


class JobRun(Base):
    """When a job last went well, and since when it has been failing."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    done_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(PROBLEM_MAX_CHARS), default="")  # the kind of error, never its words

    @classmethod
    def by_name(cls) -> Select[Self]:
        """What is known of each job."""
        return select(cls).order_by(cls.name)

    @classmethod
    def is_news(cls, name: str, problem: str) -> bool:
        """Whether this outcome has to be noted."""
        known = _KNOWN.first(plain_read(), {"job": name})
        if known is None:
            return True
        done_at, failing_since = known
        if bool(problem) != (failing_since is not None):
            return True
        return not problem and (done_at is None or done_at < now() - NOTED_EVERY)

    @classmethod
    def note(cls, name: str, problem: str) -> None:
        """Write down how a job ended; an empty `problem` is good. Call inside `begin_write()`."""
        known = _KNOWN.first(plain_write(), {"job": name})
        done_at, failing_since = known or (None, None)
        if problem:
            failing_since = failing_since or now()
        else:
            done_at, failing_since = now(), None
        ended = {"job": name, "done": done_at, "failing": failing_since, "what": problem[:PROBLEM_MAX_CHARS]}
        (_ADD if known is None else _CHANGE).run(plain_write(), ended)


_ENDED: dict[str, Any] = {
    "done_at": bindparam("done"),
    "failing_since": bindparam("failing"),
    "problem": bindparam("what"),
}
_KNOWN = at_rest(lambda: select(JobRun.done_at, JobRun.failing_since).where(JobRun.name == bindparam("job")))
_ADD = at_rest(lambda: insert(JobRun).values(name=bindparam("job"), **_ENDED))
_CHANGE = at_rest(lambda: update(JobRun).where(JobRun.name == bindparam("job")).values(_ENDED))


class Backup(Base):
    """A daily backup that is kept."""

    __tablename__ = "backups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    made_at: Mapped[datetime]
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    comments: Mapped[int]
    posts: Mapped[int]
    is_sealed: Mapped[bool]  # whether it holds the secret key
    proved_at: Mapped[datetime | None]  # when it was last restored on trial

    @classmethod
    def newest_first(cls) -> Select[Self]:
        """The backups that are kept."""
        return select(cls).order_by(cls.made_at.desc(), cls.id.desc())

    @classmethod
    def newest(cls) -> Self | None:
        """The last one; None before the first."""
        return db.session.scalar(cls.newest_first().limit(1))
