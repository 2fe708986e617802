"""Who is signed in where: one row for each session, so that it can be listed, ended, and ends for good."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from flask import current_app
from sqlalchemy import ForeignKey, Select, String, delete, event, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from blog.accounts.models import Account
from blog.clock import now
from blog.database import Base, db
from blog.keys import look_up_hash

DEVICE_MAX_CHARS = 60
SEEN_EVERY = timedelta(minutes=5)  # how exactly it is known when a session was last used
FRESH_FOR = timedelta(minutes=60)  # how long a password typed just now covers what needs it again


class StaffSession(Base):
    """Somebody signed in with one browser. The cookie holds its token, this row only the token's hash."""

    __tablename__ = "account_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(43), unique=True)
    device: Mapped[str] = mapped_column(String(DEVICE_MAX_CHARS))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    proven_at: Mapped[datetime]  # when a password or passkey was last given in it

    is_strong: Mapped[bool] = mapped_column(default=False)  # begun with a second factor

    @property
    def name(self) -> str:
        """What it is called where its guesses of a password are counted."""
        return f"session {self.id}"

    @property
    def is_over(self) -> bool:
        """Whether it was left alone, or has lasted, for too long."""
        idle = timedelta(hours=current_app.config["BLOG_SESSION_IDLE_HOURS"]) + SEEN_EVERY
        longest = timedelta(hours=current_app.config["BLOG_SESSION_HOURS"])
        return self.seen_at < now() - idle or self.created_at < now() - longest

    @property
    def is_fresh(self) -> bool:
        """Whether its owner has shown lately that it is still them."""
        return self.proven_at > now() - FRESH_FOR

    @property
    def is_to_be_seen(self) -> bool:
        """Whether it is time to write down that it is still used."""
        return self.seen_at < now() - SEEN_EVERY

    @classmethod
    def found(cls, token: str, uniquifier: str) -> Select[Self, Account]:
        """The session with this token and its active account, as long as the cookie names that account's sessions."""
        return (
            select(cls, Account)
            .join(Account, Account.id == cls.account_id)
            .where(cls.token_hash == look_up_hash(token), Account.fs_uniquifier == uniquifier, Account.active)
        )

    @classmethod
    def of(cls, account: Account) -> Select[Self]:
        """The sessions of an account, the last used first; some may be over."""
        return select(cls).where(cls.account_id == account.id).order_by(cls.seen_at.desc(), cls.id.desc())

    @classmethod
    def left_alone(cls, before: datetime) -> Select[Self]:
        """Sessions that nobody has used since, or that have lasted for longer than any may."""
        oldest = now() - timedelta(hours=current_app.config["BLOG_SESSION_HOURS"])
        return select(cls).where(or_(cls.seen_at < before, cls.created_at < oldest))

    @classmethod
    def begin(cls, account: Account, device: str, is_strong: bool = False) -> tuple[Self, str]:
        """A new session of somebody who has just shown who they are, and its token."""
        token = secrets.token_urlsafe(32)
        session = cls(
            account_id=account.id,
            token_hash=look_up_hash(token),
            device=device[:DEVICE_MAX_CHARS],
            created_at=now(),
            seen_at=now(),
            proven_at=now(),
            is_strong=is_strong,
        )
        db.session.add(session)
        return session, token

    def see(self) -> None:
        """It is used just now."""
        self.seen_at = now()

    def prove(self) -> str:
        """Its owner has shown just now that it is still them. Gives a new token: that of before opens nothing more."""
        self.seen_at = self.proven_at = now()
        token = secrets.token_urlsafe(32)
        self.token_hash = look_up_hash(token)
        return token

    @classmethod
    def end(cls, token: str) -> None:
        """From now on the token opens nothing, whoever has copied it."""
        db.session.execute(delete(cls).where(cls.token_hash == look_up_hash(token)))

    @classmethod
    def end_others(cls, account: Account, own_id: int) -> None:
        """Sign an account out everywhere but in one session."""
        db.session.execute(delete(cls).where(cls.account_id == account.id, cls.id != own_id))


@event.listens_for(Account.fs_uniquifier, "set")
def _end_all(account: Account, value: str, before: Any, initiator: Any) -> None:
    """A new uniquifier (password, deactivation) ends every session: no row stays behind that could be listed."""
    if account.id is not None:
        db.session.execute(delete(StaffSession).where(StaffSession.account_id == account.id))
