"""Secret links to an article that is not published: for somebody outside the desk, for some days."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blog.accounts.models import Account
from blog.clock import now
from blog.database import Base, db
from blog.keys import keyed_hash, look_up_hash
from blog.posts.models import Post

DAYS = (1, 7, 30)  # that a link may work


class PreviewLink(Base):
    """One link. It shows the newest version, until it is over or taken back: then the row is gone."""

    __tablename__ = "preview_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    secret: Mapped[str] = mapped_column(String(43))  # the random key that it is made from
    link_hash: Mapped[str] = mapped_column(String(43), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    post: Mapped[Post] = relationship()

    @property
    def token(self) -> str:
        """What its address holds."""
        return keyed_hash("preview link", self.secret)

    @classmethod
    def under(cls, token: str) -> Select[Self]:
        """The link with this token, if it still works."""
        return select(cls).where(cls.link_hash == look_up_hash(token), cls.expires_at > now())

    @classmethod
    def of(cls, post: Post) -> Select[Self, str]:
        """The links to an article that work, with the names of who made them, the newest first."""
        found = select(cls, Account.name).join(Account, Account.id == cls.account_id)
        return found.where(cls.post_id == post.id, cls.expires_at > now()).order_by(cls.id.desc())

    @classmethod
    def over(cls, before: datetime) -> Select[Self]:
        """Links that did not work any more then."""
        return select(cls).where(cls.expires_at < before)

    @classmethod
    def make(cls, post: Post, by_id: int, days: int) -> Self:
        """A link that works for so many days."""
        secret = secrets.token_urlsafe(32)
        link = cls(post_id=post.id, account_id=by_id, secret=secret, created_at=now())
        link.expires_at = link.created_at + timedelta(days=days)
        link.link_hash = look_up_hash(link.token)
        db.session.add(link)
        return link

    @classmethod
    def take_back(cls, post: Post, number: int) -> None:
        """From now on it leads nowhere. Nothing happens where it is another article's, or gone."""
        link = db.session.scalar(select(cls).where(cls.id == number, cls.post_id == post.id))
        if link is not None:
            db.session.delete(link)
