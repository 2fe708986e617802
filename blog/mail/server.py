"""How the mail server has been doing, and how long to leave it alone."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from blog.clock import now
from blog.database import Base, db
from blog.mail.preferences import PROBLEM_MAX_CHARS

FIRST_PAUSE_SECONDS = 60
LONGEST_PAUSE_SECONDS = 3600
LONGEST_REST_SECONDS = 600  # of the mail server: an emergency may be waiting


def pause(tries: int, longest: int = LONGEST_PAUSE_SECONDS) -> timedelta:
    """How long to wait after so many attempts: doubled each time, up to `longest`, a fifth more or less by chance."""
    seconds = min(FIRST_PAUSE_SECONDS * 2 ** min(tries - 1, 10), longest)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - not a secret


class MailServer(Base):
    """How the mail server has been doing: one row, shared by all workers."""

    __tablename__ = "mail_server"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    retry_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(PROBLEM_MAX_CHARS), default="")
    failing_since: Mapped[datetime | None]

    @classmethod
    def kept(cls) -> Self:
        """The one row, made if there is none yet."""
        return cls.current() or cls._made()

    @classmethod
    def current(cls) -> Self | None:
        """The one row, if there is one yet."""
        return db.session.get(cls, 1)

    @classmethod
    def _made(cls) -> Self:
        made = cls(id=1, failures=0, problem="")
        db.session.add(made)
        return made

    @property
    def is_resting(self) -> bool:
        """Whether it is too early to try again."""
        return self.retry_at is not None and self.retry_at > now()

    def failed(self, problem: str) -> None:
        """It could not be reached, or takes nothing from us."""
        self.failures += 1
        self.failing_since = self.failing_since or now()
        self.retry_at = now() + pause(self.failures, LONGEST_REST_SECONDS)
        self.problem = problem[:PROBLEM_MAX_CHARS]

    def worked(self) -> None:
        """It took a mail."""
        self.failures, self.retry_at, self.failing_since, self.problem = 0, None, None, ""

    def try_now(self) -> None:
        """Somebody at the desk does not want to wait."""
        self.retry_at = None
