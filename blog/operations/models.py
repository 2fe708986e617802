"""How the periodic jobs are doing, and which backups they have made, for the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import BigInteger, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from blog.clock import now
from blog.database import Base, db

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
        known = db.session.get(cls, name)
        if known is None or bool(problem) != (known.failing_since is not None):
            return True
        return not problem and (known.done_at is None or known.done_at < now() - NOTED_EVERY)

    @classmethod
    def note(cls, name: str, problem: str) -> None:
        """Write down how a job ended; an empty `problem` is good. Call inside `begin_write()`."""
        known = db.session.get(cls, name)
        if known is None:
            known = cls(name=name, problem="")
            db.session.add(known)
        known.problem = problem[:PROBLEM_MAX_CHARS]
        if problem:
            known.failing_since = known.failing_since or now()
        else:
            known.done_at, known.failing_since = now(), None


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
