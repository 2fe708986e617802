"""Who has an article open in the editor just now. It tells people of each other, and locks nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import ForeignKey, Select, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from blog.accounts.models import Account
from blog.clock import now
from blog.database import Base, db
from blog.posts.models import Post

LASTS = timedelta(minutes=3)  # after an open editor was heard of last; js/presence.js tells of it every minute


class Presence(Base):
    """Somebody with an article open, and when their editor was heard of last."""

    __tablename__ = "presences"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def of_others(cls, post: Post, account_id: int) -> Select[int, str]:
        """Number and name of everybody else who has it open, by name."""
        found = select(Account.id, Account.name).join(cls, cls.account_id == Account.id)
        here = cls.post_id == post.id, cls.account_id != account_id, cls.seen_at > now() - LASTS
        return found.where(*here).order_by(Account.name, Account.id)

    @classmethod
    def over(cls, before: datetime) -> Select[Self]:
        """Those that told nobody anything any more then."""
        return select(cls).where(cls.seen_at < before - LASTS)

    @classmethod
    def note(cls, post: Post, account_id: int) -> None:
        """This account has the article open. What is over is forgotten. Needs `begin_write(lock=…)` of the article."""
        db.session.execute(delete(cls).where(cls.post_id == post.id, cls.seen_at < now() - LASTS))
        found = db.session.get(cls, (post.id, account_id))
        if found is None:
            db.session.add(cls(post_id=post.id, account_id=account_id, seen_at=now()))
        else:
            found.seen_at = now()

    @classmethod
    def end(cls, post: Post, account_id: int) -> None:
        """They have closed it."""
        db.session.execute(delete(cls).where(cls.post_id == post.id, cls.account_id == account_id))
