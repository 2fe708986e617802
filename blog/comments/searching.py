"""Finding comments by their words, for staff: without case and accents, in every state."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select

from blog.comments import index
from blog.comments.models import Comment, CommentRevision
from blog.database import db
from blog.folding import fold

MOST_LISTED = 2000  # comments that a search lists by the index


def listed(query: str) -> list[int] | None:
    """The comments whose newest name or text holds `query`.

    None when there are more than MOST_LISTED: then reading one after the other soon finds some (`saying`).
    """
    candidates = index.candidates(fold(query))
    if candidates is None:
        return None
    among, revision = candidates.subquery(), CommentRevision
    numbers = (
        select(Comment.id)
        .select_from(among)
        .join(revision, revision.id == among.c.id)
        .join(Comment, and_(Comment.id == revision.comment_id, Comment.newest_revision_id == revision.id))
        .where(revision.says(query))
    )
    found_ids = list(db.session.scalars(numbers.limit(MOST_LISTED + 1)))
    return found_ids if len(found_ids) <= MOST_LISTED else None


def saying(query: str) -> ColumnElement[bool]:
    """Narrows to the comments that `listed` means, by reading them."""
    return Comment.newest.has(CommentRevision.says(query))
