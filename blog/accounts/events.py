"""The log of security: who signed in, who failed, what was changed about accounts. Rows form a chain of digests.

Each digest is made with the site's secret key over the row and the digest before it, so that nobody who can only
write into the database can change, insert or drop a row unseen. No address, no e-mail and no name stands in it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

from flask import g
from sqlalchemy import ForeignKey, Select, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from blog.clock import now
from blog.database import Base, db, enum_column
from blog.keys import keyed_hash, matches

DETAIL_MAX_CHARS = 200
START = "start"  # before the first row


class EventKind(StrEnum):
    """What happened, in the words of the log."""

    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "wrong password"
    FACTOR_FAILED = "wrong second factor"
    SIGNED_OUT = "signed out"
    SESSION_ENDED = "session ended"
    PASSWORD_CHANGED = "password changed"  # noqa: S105
    FACTOR_ADDED = "second factor added"
    FACTOR_REMOVED = "second factor removed"
    FACTOR_RESET = "second factor reset"
    CODES_MADE = "recovery codes made"
    ACCOUNT_ADDED = "account added"
    LINK_MADE = "link made"
    ROLES_CHANGED = "roles changed"
    DEACTIVATED = "deactivated"
    ACTIVATED = "activated"
    EXPORTED = "data exported"
    ERASED = "data erased"


class SecurityEvent(Base):
    """One line of the log: what happened to `account_id`, done by `by_id` (None: nobody signed in, or a command)."""

    __tablename__ = "security_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(enum_column(EventKind, "kind", 30))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    detail: Mapped[str] = mapped_column(String(DETAIL_MAX_CHARS))
    created_at: Mapped[datetime] = mapped_column(index=True)
    previous: Mapped[str] = mapped_column(String(43))
    digest: Mapped[str] = mapped_column(String(43))

    @classmethod
    def newest(cls) -> Select[Self]:
        """The whole log, the newest first."""
        return select(cls).order_by(cls.id.desc())

    @classmethod
    def before(cls, moment: datetime) -> Select[Self]:
        """What may be forgotten at `moment`, oldest first, so that the chain keeps its order."""
        return select(cls).where(cls.created_at < moment).order_by(cls.id)

    @classmethod
    def note(cls, kind: EventKind, account_id: int | None, detail: str = "") -> None:
        """Write a line, in the transaction that does what it tells of. Whoever is signed in has done it."""
        if db.engine.dialect.name == "postgresql":  # two lines must not follow the same one
            db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('security log', 0))"))
        event = cls(
            kind=kind,
            account_id=account_id,
            by_id=g.get("acting_id"),  # set by who is signed in
            detail=detail[:DETAIL_MAX_CHARS],
            created_at=now(),
            previous=db.session.scalar(select(cls.digest).order_by(cls.id.desc()).limit(1)) or START,
        )
        event.digest = event._own_digest()
        db.session.add(event)
        db.session.flush()

    @classmethod
    def broken(cls) -> tuple[int, list[int]]:
        """How many lines there are, and the numbers of those that were changed, or before which one is missing."""
        bad, previous, count = [], None, 0
        for event in db.session.scalars(select(cls).order_by(cls.id).execution_options(yield_per=500)):
            count += 1
            follows = previous is None or event.previous == previous
            if not (follows and matches(event.digest, event._own_digest())):
                bad.append(event.id)
            previous = event.digest
        return count, bad

    def _own_digest(self) -> str:
        said = (self.previous, self.kind, self.account_id, self.by_id, self.detail, self.created_at.timestamp())
        return keyed_hash("security log", *said)
