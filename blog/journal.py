"""What is done at the desk beside decisions: changed settings, edited texts, bans. Append-only, for the log.

Plain rows that verbs write inside their transaction; blog/moderation shows them beside the decisions.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from blog.clock import now
from blog.database import Base, db
from blog.revisions import append_only

SETTING = "setting"  # of the whole site: subject is its name, detail holds "before" and "after"
PAGE = "page"  # a new version of a page: subject is its slug, detail holds "version"
BAN = "ban"  # a sender or a network is kept out: subject says which of them, detail holds "days"
LIFTED = "lifted"  # a ban ended early
EDIT = "edit"  # a writer changed a comment: comment_id and the new revision_id


@append_only()
class LogEntry(Base):
    """One thing done, by whom (nobody: the comment's writer, or a job) and when. Holds no text of a reader."""

    __tablename__ = "log_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    subject: Mapped[str] = mapped_column(String(120), default="")
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("comment_revisions.id"))
    detail: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def note(
        cls,
        kind: str,
        by_id: int | None,
        subject: str = "",
        comment_id: int | None = None,
        revision_id: int | None = None,
        **detail: Any,
    ) -> None:
        """Write it down. Call inside `begin_write()`."""
        db.session.add(
            cls(
                kind=kind,
                account_id=by_id,
                subject=subject,
                comment_id=comment_id,
                revision_id=revision_id,
                detail=detail,
                created_at=now(),
            )
        )
