"""What the queue shows: comments with their newest version, and the cards that are made of them.

Plain values, from statements that are compiled once: objects of seven tables take longer than everything else on a page
of thirty comments. Everything is read for each page anew; what is alike may then look alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Select, func, select

from blog.accounts.models import Account
from blog.clock import now
from blog.comments.models import AWAITING, GONE, Comment, CommentFlag, CommentRevision, State
from blog.database import plain_read
from blog.moderation.models import Decision, DecisionItem
from blog.pages.models import Site
from blog.posts.models import Post, PostRevision
from blog.prepared import Among
from blog.triage import FlagKind, Span
from blog.words import age


class Listed(NamedTuple):
    """A comment with its newest version and its article."""

    id: int
    newest_revision_id: int | None
    public_revision_id: int | None
    state: State
    urgency: int
    is_team: bool
    is_sample: bool
    created_at: datetime
    parent_id: int | None
    sender_hash: str | None
    post_id: int
    post_slug: str
    post_title: str
    name: str
    body: str
    html: str
    written_at: datetime  # the version
    erased_at: datetime | None

    @classmethod
    def query(cls) -> Select[*tuple[Any, ...]]:
        """All of them, unordered: to be narrowed by columns of `Comment`. For staff."""
        return (
            select(
                Comment.id,
                Comment.newest_revision_id,
                Comment.public_revision_id,
                Comment.state,
                Comment.urgency,
                Comment.is_team,
                Comment.is_sample,
                Comment.created_at,
                Comment.parent_id,
                Comment.sender_hash,
                Comment.post_id,
                Post.slug,
                func.coalesce(PostRevision.title, Post.slug),
                CommentRevision.name,
                CommentRevision.body,
                CommentRevision.html,
                CommentRevision.created_at,
                CommentRevision.erased_at,
            )
            .join(Comment.newest)
            .join(Comment.post)
            .outerjoin(PostRevision, PostRevision.id == Post.public_revision_id)
        )

    @classmethod
    def of(cls, comment: Comment) -> Self:
        """The same of a comment that was loaded with its newest version and its post."""
        newest, post = comment.newest, comment.post
        return cls(
            comment.id,
            comment.newest_revision_id,
            comment.public_revision_id,
            comment.state,
            comment.urgency,
            comment.is_team,
            comment.is_sample,
            comment.created_at,
            comment.parent_id,
            comment.sender_hash,
            comment.post_id,
            post.slug,
            post.title,
            newest.name,
            newest.body,
            newest.html,
            newest.created_at,
            newest.erased_at,
        )

    @property
    def is_waiting(self) -> bool:
        """Whether a moderator still has to decide."""
        return self.state in AWAITING


class Found(NamedTuple):
    """What triage found in the newest version."""

    kind: str
    rule: str
    why: str
    in_name: bool
    spans: tuple[Span, ...]


class Last(NamedTuple):
    """The last decision on a comment."""

    id: int
    verdict: str
    by: str
    age: str


class Said(NamedTuple):
    """What somebody wrote: the version, its name and its HTML."""

    id: int
    name: str
    html: str


class Card(NamedTuple):
    """All that a card shows of a comment. Two that are alike look alike, so nothing else may be asked for a card."""

    comment: Listed
    age: str
    is_late: bool  # it has waited for longer than readers are told
    flags: tuple[Found, ...] = ()
    parent: Said | None = None  # what it answers, in its newest version
    older: Said | None = None  # what everybody reads until somebody decides about the newest
    last: Last | None = None
    history: str = ""  # what was decided on other comments of its sender

    @property
    def is_kept(self) -> bool:
        """Whether its text is."""
        return not self.comment.erased_at

    @property
    def is_urgent(self) -> bool:
        """Whether it may be about an emergency."""
        return any(flag.kind == FlagKind.EMERGENCY for flag in self.flags)

    @property
    def may_be_decided(self) -> bool:
        """Whether there is anything to decide: nothing on what its writer took back, or on a text that has gone."""
        return self.comment.state not in GONE and (self.is_kept or self.comment.is_waiting)


def is_late(at: datetime) -> bool:
    """Whether a comment sent then has waited longer than readers are told."""
    return now() - at > Site.current().promised


def history_words(history: Mapping[State, int], own_state: str = "") -> str:
    """What was decided on a sender's other comments: "2 approved, 1 rejected"; `own_state` counts one less."""
    others = {state: count - (state == own_state) for state, count in history.items()}
    return ", ".join(f"{count} {state}" for state, count in others.items() if count)


def cards(comments: Iterable[Listed]) -> list[Card]:
    """The cards of these comments, in their order. So many statements, however many comments."""
    comments = list(comments)
    flags: dict[int, list[Found]] = {}
    for revision_id, kind, rule, why, in_name, spans in _rows(_FLAGS, (one.newest_revision_id for one in comments)):
        flags.setdefault(revision_id, []).append(Found(kind, rule, why, in_name, tuple(Span(*span) for span in spans)))
    decided = {
        comment_id: Last(number, verdict, by or "the sample site", age(at))
        for comment_id, number, verdict, at, by in _rows(_LAST, (one.id for one in comments))
    }
    histories = Comment.histories({one.sender_hash for one in comments if one.sender_hash})
    parents = {number: Said(*said) for number, *said in _rows(_PARENTS, (one.parent_id for one in comments))}
    shown = {said[0]: Said(*said) for said in _rows(_TEXTS, (_older(one) for one in comments))}
    return [
        Card(
            one,
            age(one.created_at),
            one.is_waiting and is_late(one.created_at),
            tuple(flags.get(one.newest_revision_id or 0, ())),
            parents.get(one.parent_id or 0),
            shown.get(_older(one) or 0),
            decided.get(one.id),
            history_words(histories.get(one.sender_hash or "", {}), one.state),
        )
        for one in comments
    ]


def _older(comment: Listed) -> int | None:
    """The version that everybody still reads, if it is not the newest."""
    public = comment.public_revision_id
    return None if public == comment.newest_revision_id else public


def _rows(statement: Among, wanted: Iterable[int | str | None]) -> Sequence[tuple[Any, ...]]:
    values = {value for value in wanted if value is not None}
    return statement.rows(plain_read(), values) if values else ()


def _last(here: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    newest = (
        select(DecisionItem.comment_id, func.max(DecisionItem.decision_id).label("decision_id"))
        .where(here)
        .group_by(DecisionItem.comment_id)
        .subquery()
    )
    return (
        select(newest.c.comment_id, Decision.id, Decision.verdict, Decision.created_at, Account.name)
        .join(newest, newest.c.decision_id == Decision.id)
        .outerjoin(Account, Account.id == Decision.account_id)
    )


_FLAGS = Among(
    CommentFlag.revision_id,
    lambda here: (
        select(
            CommentFlag.revision_id,
            CommentFlag.kind,
            CommentFlag.rule,
            CommentFlag.why,
            CommentFlag.in_name,
            CommentFlag.matched,
        )
        .where(here)
        .order_by(CommentFlag.id)
    ),
)
_LAST = Among(DecisionItem.comment_id, _last)
_PARENTS = Among(
    Comment.id,
    lambda here: (
        select(Comment.id, CommentRevision.id, CommentRevision.name, CommentRevision.html)
        .join(Comment.newest)
        .where(here)
    ),
)
_TEXTS = Among(
    CommentRevision.id,
    lambda here: select(CommentRevision.id, CommentRevision.name, CommentRevision.html).where(here),
)
