"""What a post's page shows of its public comments: whole threads, some on each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import Integer, Select, bindparam, distinct, func, select

from blog.comments.models import Comment
from blog.database import built_once, db
from blog.posts.models import Post

THREADS_PER_PAGE = 50  # comments on the article itself, with all replies to them


class Shown(NamedTuple):
    """What a page shows of a public comment. Plain values: fifty objects of two tables take as long as all the rest."""

    id: int
    parent_id: int | None
    root_id: int
    is_team: bool
    is_sample: bool
    created_at: datetime
    name: str
    html: str


class Line(NamedTuple):
    """One row of a thread as shown: a comment, or an empty place above visible replies."""

    id: int
    depth: int
    comment: Shown | None


@dataclass(frozen=True)
class Threads:
    """One page of a post's public comments."""

    lines: list[Line]
    count: int
    page: int
    pages: int

    @classmethod
    def of(cls, post: Post, page: int) -> Self:
        """Page `page` (from 1) of a post's comments, whole threads only; an empty list beyond the last page."""
        here = {"post_id": post.id, "skip": (page - 1) * THREADS_PER_PAGE}
        comments = [Shown._make(row) for row in db.session.execute(_page_of_threads(), here)]
        found = list(dict.fromkeys(comment.root_id for comment in comments))
        if page == 1 and len(found) <= THREADS_PER_PAGE:
            return cls(_lines(comments), len(comments), 1, 1)
        visible = Comment.visible().where(Comment.post_id == post.id)
        count, threads = db.session.execute(
            visible.with_only_columns(func.count(Comment.id), func.count(distinct(Comment.root_id)))
        ).one()
        roots = set(found[:THREADS_PER_PAGE])
        lines = _lines([comment for comment in comments if comment.root_id in roots])
        return cls(lines, count, page, max(1, -(-threads // THREADS_PER_PAGE)))


@built_once
def _page_of_threads() -> Select[*tuple[Any, ...]]:
    """The public comments of so many threads of `post_id`, after `skip`, and of the thread after them."""
    post_id = bindparam("post_id", type_=Integer)
    roots = (
        Comment.visible()
        .where(Comment.post_id == post_id)
        .with_only_columns(Comment.root_id)
        .distinct()
        .order_by(Comment.root_id)
        .offset(bindparam("skip", type_=Integer))
        .limit(THREADS_PER_PAGE + 1)  # one more tells whether there is a next page
        .subquery()
    )
    return Comment.visible_on(post_id).where(Comment.root_id.in_(select(roots.c.root_id)))


def _lines(comments: Sequence[Shown]) -> list[Line]:
    """Comments of whole threads in reading order, each followed by its replies. A hidden parent keeps its place."""
    known = {comment.id: comment for comment in comments}
    parents = {comment.id: comment.parent_id for comment in comments}
    while hidden := {parent for parent in parents.values() if parent is not None and parent not in parents}:
        rows = db.session.execute(select(Comment.id, Comment.parent_id).where(Comment.id.in_(hidden)))
        parents.update(rows.all())
    children: dict[int | None, list[int]] = {}
    for child in sorted(parents, reverse=True):
        children.setdefault(parents[child], []).append(child)
    lines: list[Line] = []
    stack = [(child, 0) for child in children.get(None, [])]
    while stack:
        at, depth = stack.pop()
        lines.append(Line(at, depth, known.get(at)))
        stack.extend((child, depth + 1) for child in children.get(at, []))
    return lines


def page_of(comment: Comment) -> int:
    """The page of its post's comments that a comment stands on, from 1."""
    before = (
        Comment.visible()
        .where(Comment.post_id == comment.post_id, Comment.root_id < comment.root_id)
        .with_only_columns(func.count(distinct(Comment.root_id)))
    )
    return (db.session.scalar(before) or 0) // THREADS_PER_PAGE + 1
