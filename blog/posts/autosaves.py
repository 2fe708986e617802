"""What somebody has typed into an article since its last version: one slot for each person and article.

Slots stand apart from versions, so the history is not flooded. They are no lock: they only tell who is writing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from blog.accounts.models import Account
from blog.clock import now
from blog.database import Base, db
from blog.posts.models import Post, PostRevision

PAGE_MAX_CHARS = 32


class Autosave(Base):
    """One slot. `page` names the opened page that wrote it last, so that two tabs of one person are told apart."""

    __tablename__ = "autosaves"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("post_revisions.id"))  # the version that was opened
    typed: Mapped[dict[str, Any]]  # the form's fields, as a browser sends them
    page: Mapped[str] = mapped_column(String(PAGE_MAX_CHARS))
    count: Mapped[int]  # how often that page has sent its text: a late older one is known by it
    saved_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def token(self) -> str:
        """Names exactly what it holds now."""
        return f"{self.page}-{self.count}"

    @classmethod
    def of(cls, post: Post, account_id: int) -> Select[Self]:
        """The slot of one person."""
        return select(cls).where(cls.post_id == post.id, cls.account_id == account_id)

    @classmethod
    def of_others(cls, post: Post, account_id: int) -> Select[Self, str]:
        """Everybody else's slots with their names, the latest first."""
        found = select(cls, Account.name).join(Account, Account.id == cls.account_id)
        return found.where(cls.post_id == post.id, cls.account_id != account_id).order_by(cls.saved_at.desc())

    @classmethod
    def left_alone(cls, before: datetime) -> Select[Self]:
        """Slots that nobody has written into since."""
        return select(cls).where(cls.saved_at < before)

    @classmethod
    def keep(
        cls, post: Post, account_id: int, page: str, count: int, seen: int | None, typed: Mapping[str, str]
    ) -> Self:
        """What the slot holds from now on. A text that `page` had sent before the one kept already changes nothing."""
        slot = db.session.scalar(cls.of(post, account_id))
        if slot is None:
            slot = cls(post_id=post.id, account_id=account_id)
            db.session.add(slot)
        elif slot.page == page and slot.count >= count:
            return slot
        slot.page, slot.count, slot.typed = page, count, dict(typed)
        slot.revision_id, slot.saved_at = seen, now()
        return slot

    def is_from(self, page: str, continues: str) -> bool:
        """Whether it holds what this page has sent, or what it was opened with."""
        return self.page == page or self.token == continues


def new_page() -> str:
    """What names a page that is being opened."""
    return secrets.token_urlsafe(9).replace("-", "_")


def seen_since(post: Post, seen: int | None) -> PostRevision | None:
    """The newest version, if another one was opened."""
    newest = db.session.scalar(PostRevision.newest_of(post))
    return newest if newest is not None and newest.id != seen else None
