"""What a post's page shows of its public comments: in the order of publication, replies below what they answer.

A page holds so many comments. Threads stay whole where they fit; a longer one goes on over as many pages as it needs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol, Self

from sqlalchemy import Integer, Select, bindparam, func, select

from blog.checksums import Damaged, joined_checksum
from blog.comments.models import Comment, CommentRevision
from blog.database import built_once, db, plain_read
from blog.prepared import Prepared

COMMENTS_PER_PAGE = 50


class Shown(NamedTuple):
    """What a page shows of a public comment. Plain values: fifty objects of two tables take as long as all the rest."""

    id: int
    parent_id: int | None
    root_id: int
    published_at: datetime
    is_team: bool
    is_sample: bool
    name: str
    html: str
    checksum: str = ""


class Place(NamedTuple):
    """Where a public comment stands, without what it says."""

    id: int
    parent_id: int | None
    root_id: int
    published_at: datetime


class Line(NamedTuple):
    """One row of a thread as shown: a comment, or an empty place above visible replies."""

    id: int
    depth: int
    comment: Shown | None


class Commented(Protocol):
    """A post of which the number is enough."""

    @property
    def id(self) -> int: ...


class Part(NamedTuple):
    """Comments of a thread that stand on one page: those from `start` to before `stop`, in reading order."""

    root_id: int
    start: int
    stop: int


@dataclass(frozen=True)
class Threads:
    """One page of a post's public comments."""

    lines: list[Line]
    count: int
    page: int
    pages: int
    goes_on: int | None = None  # the thread that began on an earlier page and goes on at the top of this one

    @classmethod
    def of(cls, post: Commented, page: int) -> Self:
        """Page `page` (from 1) of a post's comments; no lines beyond the last page."""
        first = _SHOWN.rows(plain_read(), {"post_id": post.id, "most": COMMENTS_PER_PAGE + 1})
        if len(first) <= COMMENTS_PER_PAGE:
            comments = _whole(first)
            lines = _filled(_reading_order(comments), comments) if page == 1 else []
            return cls(lines, len(comments), page, 1)
        threads = _threads_of(post.id)
        pages = _paged(threads)
        count = sum(size for _, size in threads)
        if page > len(pages):
            return cls([], count, page, len(pages))
        parts = pages[page - 1]
        goes_on = parts[0].root_id if parts[0].start else None
        return cls(_lines_of(post.id, parts), count, page, len(pages), goes_on)


def page_of(comment: Comment) -> int:
    """The page of its post's comments that a public comment stands on, from 1."""
    pages = _paged(_threads_of(comment.post_id))
    here = [
        (number, part) for number, parts in enumerate(pages, 1) for part in parts if part.root_id == comment.root_id
    ]
    if len(here) > 1 and comment.root_id is not None:
        at = [step.id for step in _reading_order(_places(comment.post_id, [comment.root_id])) if step.is_shown].index(
            comment.id
        )
        here = [(number, part) for number, part in here if part.start <= at < part.stop]
    return here[0][0]


def public_among(comment_ids: Collection[int]) -> set[int]:
    """Those of these comments that everybody may read."""
    if not comment_ids:
        return set()
    return set(db.session.scalars(Comment.visible().with_only_columns(Comment.id).where(Comment.id.in_(comment_ids))))


def whole(comments: Iterable[Comment]) -> list[Comment]:
    """Those of these public comments, loaded with what they show, that say what was approved."""
    return [comment for comment in comments if comment.public and comment.public.is_readable]


def whole_with_titles(comments: Iterable[Comment]) -> list[Comment]:
    """The same where each stands with the title of its article, read `with_damaged`: none under a damaged title."""
    return [comment for comment in whole(comments) if comment.post.is_fit]


class _Step(NamedTuple):
    """One row of a thread in reading order; an empty place is not shown."""

    id: int
    depth: int
    root_id: int
    is_shown: bool


def _paged(threads: Iterable[tuple[int, int]]) -> list[list[Part]]:
    """The pages that threads of these sizes fill: a thread that does not fit into what is left begins a new one."""
    pages: list[list[Part]] = [[]]
    room = COMMENTS_PER_PAGE
    for root_id, size in threads:
        if size > room and pages[-1]:
            pages.append([])
            room = COMMENTS_PER_PAGE
        for start in range(0, size, COMMENTS_PER_PAGE):
            if not room:
                pages.append([])
                room = COMMENTS_PER_PAGE
            stop = min(start + COMMENTS_PER_PAGE, size)
            pages[-1].append(Part(root_id, start, stop))
            room -= stop - start
    return pages


def _lines_of(post_id: int, parts: Sequence[Part]) -> list[Line]:
    """The rows of one page. An empty place stands on the page of the first reply below it."""
    part_of = {part.root_id: part for part in parts}
    passed = dict.fromkeys(part_of, 0)  # comments of each thread
    steps = []
    for step in _reading_order(_places(post_id, part_of)):
        part = part_of[step.root_id]
        if part.start <= passed[step.root_id] < part.stop:
            steps.append(step)
        passed[step.root_id] += step.is_shown
    wanted = [step.id for step in steps if step.is_shown]
    return _filled(steps, _whole(plain_read().execute(_shown_among(), {"ids": wanted})))


def _whole(rows: Iterable[Sequence[Any]]) -> list[Shown]:
    """Without comments whose text is not the one that was approved: their places are empty, and the log names them."""
    shown = []
    for row in rows:
        number, *_, name, html, checksum = row
        if str(checksum).startswith(joined_checksum(f"{number}\0{name}\0{html}")):
            shown.append(Shown._make(row))
        else:
            Damaged(CommentRevision.__tablename__, f"of comment {number}").note()
    return shown


def _filled(steps: Iterable[_Step], comments: Iterable[Shown]) -> list[Line]:
    known = {comment.id: comment for comment in comments}
    return [Line(step.id, step.depth, known.get(step.id)) for step in steps]


def _reading_order(comments: Sequence[Place | Shown]) -> list[_Step]:
    """Comments of whole threads, each followed by its replies, and the empty places above them. Raises Damaged."""
    try:
        return _steps(comments)
    except (KeyError, TypeError):  # moments and places that no thread has
        threads = sorted({str(comment.root_id) for comment in comments})
        raise Damaged(Comment.__tablename__, f"in the threads {', '.join(threads)}") from None


def _steps(comments: Sequence[Place | Shown]) -> list[_Step]:
    """As they stand.

    Threads stand in the order in which they began, replies to one comment in the order of their publication. An empty
    place, of a comment that is not public, stands where the earliest of what hangs on it would.
    """
    visible = {comment.id for comment in comments}
    parents = {comment.id: comment.parent_id for comment in comments}
    roots = {comment.id: comment.root_id for comment in comments}
    while hidden := {parent for parent in parents.values() if parent is not None and parent not in parents}:
        rows = db.session.execute(select(Comment.id, Comment.parent_id).where(Comment.id.in_(hidden))).all()
        if len(rows) < len(hidden):  # the database lets nobody answer what is not there
            raise Damaged(Comment.__tablename__, f"above {sorted(hidden - {number for number, _ in rows}, key=str)[0]}")
        parents.update((number, parent) for number, parent in rows)
    moments = {comment.id: comment.published_at for comment in comments}
    begun: dict[int, datetime] = {}
    for comment in comments:
        moment = comment.published_at
        begun[comment.root_id] = min(begun.get(comment.root_id, moment), moment)
        above, passed = comment.parent_id, set[int]()
        while above is not None and above not in visible:
            if above in passed:
                raise Damaged(Comment.__tablename__, above)
            passed.add(above)
            roots[above] = comment.root_id
            moments[above] = min(moments.get(above, moment), moment)
            above = parents[above]
    below: dict[int | None, list[int]] = {}
    for child, parent in parents.items():
        below.setdefault(parent, []).append(child)
    for parent, children in below.items():
        times = begun if parent is None else moments
        children.sort(reverse=True)
        children.sort(key=times.__getitem__, reverse=True)
    steps = []
    stack = [(child, 0) for child in below.get(None, [])]
    while stack:
        at, depth = stack.pop()
        steps.append(_Step(at, depth, roots[at], at in visible))
        stack.extend((child, depth + 1) for child in below.get(at, []))
    return steps


def _threads_of(post_id: int) -> list[tuple[int, int]]:
    """First comment and size of each thread of a post, in the order in which they began."""
    return [(root_id, size) for root_id, size in plain_read().execute(_sizes(), {"post_id": post_id}) if root_id]


def _places(post_id: int, root_ids: Iterable[int]) -> list[Place]:
    rows = plain_read().execute(_placed(), {"post_id": post_id, "root_ids": list(root_ids)})
    return [Place._make(row) for row in rows]


def _shown() -> Select[*tuple[Any, ...]]:
    """So many public comments of a post, in no order: all of them, where there are no more."""
    here = Comment.post_id == bindparam("post_id", type_=Integer)
    return _with_words(Comment.visible().where(here)).limit(bindparam("most", type_=Integer))


@built_once
def _shown_among() -> Select[*tuple[Any, ...]]:
    return _with_words(Comment.visible().where(Comment.id.in_(bindparam("ids", expanding=True))))


def _with_words(comments: Select[Comment]) -> Select[*tuple[Any, ...]]:
    return comments.join(Comment.public).with_only_columns(
        Comment.id,
        Comment.parent_id,
        Comment.root_id,
        Comment.published_at,
        Comment.is_team,
        Comment.is_sample,
        CommentRevision.name,
        CommentRevision.html,
        CommentRevision.checksum,
    )


@built_once
def _placed() -> Select[*tuple[Any, ...]]:
    here = (  # with the post: indexes begin with it, and without it all comments would be read
        Comment.post_id == bindparam("post_id", type_=Integer),
        Comment.root_id.in_(bindparam("root_ids", expanding=True)),
    )
    columns = Comment.id, Comment.parent_id, Comment.root_id, Comment.published_at
    return Comment.visible().where(*here).with_only_columns(*columns)


@built_once
def _sizes() -> Select[int | None, int]:
    here = Comment.post_id == bindparam("post_id", type_=Integer)
    return (
        Comment.visible()
        .where(here)
        .with_only_columns(Comment.root_id, func.count(Comment.id))
        .group_by(Comment.root_id)
        .order_by(func.min(Comment.published_at), Comment.root_id)
    )


_SHOWN = Prepared(_shown)
