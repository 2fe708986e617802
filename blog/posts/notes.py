"""What colleagues say to each other about an article, and what became of a review. Readers never see it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import ForeignKey, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from blog.accounts.models import Account
from blog.clock import now
from blog.database import Base, db, enum_column
from blog.posts.models import Post, PostRevision
from blog.revisions import append_only

NOTE_MAX_CHARS = 4000


class NoteKind(StrEnum):
    """What a note is."""

    SAID = "said"
    ASKED = "asked"  # for a review
    APPROVED = "approved"  # the version that it names
    RETURNED = "returned"  # to its author, with words


NOTE_KIND = enum_column(NoteKind, "note_kind", 10)


@append_only()
class PostNote(Base):
    """One note on one version of an article."""

    __tablename__ = "post_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("post_revisions.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[NoteKind] = mapped_column(NOTE_KIND)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    @classmethod
    def on(cls, post: Post) -> Select[Self, str]:
        """All notes on an article with the names of their writers, the oldest first."""
        query = select(cls, Account.name).join(Account, Account.id == cls.account_id)
        return query.where(cls.post_id == post.id).order_by(cls.id)

    @classmethod
    def write(cls, kind: NoteKind, post: Post, revision: PostRevision, body: str, by_id: int) -> Self:
        """Keep a note on a version."""
        note = cls(post_id=post.id, revision_id=revision.id, account_id=by_id, kind=kind, body=body, created_at=now())
        db.session.add(note)
        return note
