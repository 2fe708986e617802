"""Bans: who may not comment for a while, known only by the keyed hash of a sender or of its network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ForeignKey, Select, String, and_, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from blog.accounts.models import Account
from blog.clock import now
from blog.comments.words import Sender
from blog.database import Base, db, enum_column
from blog.errors import Refused
from blog.journal import BAN, LIFTED, LogEntry

DAYS = (1, 7, 30, 90, 365)  # how long a ban may last


class Scope(StrEnum):
    """Whom a ban keeps out."""

    SENDER = "sender"  # one IPv4 address or IPv6 /64
    NETWORK = "network"  # the /24 or /48 around it


class Banned(Refused):
    """The sender may not comment until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("Comments from your connection are not taken at the moment.")
        self.until = until


class Ban(Base):
    """One ban. It ends by itself, and is forgotten as soon as a sender's hash would be."""

    __tablename__ = "bans"

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[Scope] = mapped_column(enum_column(Scope, "scope", 12))
    hash: Mapped[str] = mapped_column(String(43), index=True)
    note: Mapped[str] = mapped_column(String(200), default="")  # why, for colleagues
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))  # the comment that led to it
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)

    account: Mapped[Account | None] = relationship(viewonly=True)

    @classmethod
    def in_force(cls) -> Select[Self]:
        """Bans that keep somebody out now, the newest first."""
        return select(cls).where(cls.ends_at > now()).options(joinedload(cls.account)).order_by(cls.id.desc())

    @classmethod
    def latest_end(cls, senders: Sequence[Any], networks: Sequence[Any]) -> Select[datetime | None]:
        """The latest end of all bans that name one of these hashes."""
        mine = or_(
            and_(cls.scope == Scope.SENDER, cls.hash.in_(senders)),
            and_(cls.scope == Scope.NETWORK, cls.hash.in_(networks)),
        )
        return select(func.max(cls.ends_at)).where(mine)

    @classmethod
    def refuse(cls, sender: Sender) -> None:
        """Raises Banned, naming the latest end, when a ban in force names this sender or its network."""
        cls.refuse_until(db.session.scalar(cls.latest_end(sender.hashes, sender.network_hashes)))

    @staticmethod
    def refuse_until(until: datetime | None) -> None:
        """Raises Banned when the latest end is still to come."""
        if until is not None and until > now():
            raise Banned(until)

    @classmethod
    def put(cls, scope: Scope, hash: str, days: int, by: Account | None, comment_id: int | None, note: str) -> Self:
        """Keep a sender or a network out for so many days."""
        begins = now()
        ban = cls(
            scope=scope,
            hash=hash,
            note=note,
            account_id=by.id if by else None,
            comment_id=comment_id,
            created_at=begins,
            ends_at=begins + timedelta(days=days),
        )
        db.session.add(ban)
        db.session.flush()
        LogEntry.note(BAN, ban.account_id, subject=str(scope), comment_id=comment_id, days=days)
        return ban

    @classmethod
    def forget_notes(cls, comment_id: int) -> None:
        """Blank why somebody was banned for a comment whose text is being erased: it may quote it."""
        for ban in db.session.scalars(select(cls).where(cls.comment_id == comment_id)):
            ban.note = ""

    def lift(self, by: Account) -> None:
        """End it now."""
        if self.ends_at <= now():
            return
        self.ends_at = now()
        LogEntry.note(LIFTED, by.id, subject=str(self.scope), comment_id=self.comment_id)
