"""What stands around a post: its neighbours in time, and the posts that share most with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from blog.database import UTCDateTime, built_once, db
from blog.posts.models import Post, PostEntry, PostTag, RelatedPost

RELATED_LENGTH = 4  # cards
RELATED_KEPT = 12  # rows of a post, so that cards are left when some of the others go
TAG_WEIGHT = 2  # how much a shared tag says of kinship; entries: blog/posts/links.py


@dataclass(frozen=True)
class Surroundings:
    """What stands around a post on the site."""

    older: Post | None
    newer: Post | None
    related: list[Post]


def surroundings(post: Post) -> Surroundings:
    """A post's neighbours and related posts, as published now. One statement."""
    rows = db.session.execute(_surroundings(), {"post_id": post.id, "at": post.published_at}).all()
    older = max((other for other, _ in rows if other.order_key < post.order_key), key=_order, default=None)
    newer = min((other for other, _ in rows if other.order_key > post.order_key), key=_order, default=None)
    alike = sorted(((score, _order(other), other) for other, score in rows if score), reverse=True)
    return Surroundings(older, newer, [other for _, _, other in alike[:RELATED_LENGTH]])


def neighbour_ids(post: Post) -> CompoundSelect[int]:
    """The ids, or null, of the published posts right before and right after it."""
    return union_all(*_beside(literal(post.published_at, UTCDateTime()), literal(post.id)))


def relate(post: Post) -> None:
    """Find anew which posts share most with `post`, and add it to the lists of those it is among the closest to."""
    db.session.execute(delete(RelatedPost).where(or_(RelatedPost.post_id == post.id, RelatedPost.other_id == post.id)))
    shared = _shared(post.id).subquery()
    rows = db.session.execute(
        select(shared.c.score, Post.published_at, Post.id).join(shared, shared.c.post_id == Post.id)
    ).all()
    best = sorted(rows, key=lambda row: (row.score, row.published_at or post.created_at, row.id), reverse=True)
    db.session.add_all(RelatedPost(post_id=post.id, other_id=row.id, score=row.score) for row in best[:RELATED_KEPT])
    lowest = dict(
        db.session.execute(
            select(RelatedPost.post_id, func.min(RelatedPost.score))
            .where(RelatedPost.post_id.in_(select(shared.c.post_id)))
            .group_by(RelatedPost.post_id)
            .having(func.count() >= RELATED_KEPT)
        ).all()
    )
    entered = [row for row in rows if row.score >= lowest.get(row.id, 0)]
    db.session.add_all(RelatedPost(post_id=row.id, other_id=post.id, score=row.score) for row in entered)
    db.session.flush()
    _trim([row.id for row in entered if row.id in lowest])


def _trim(post_ids: Sequence[int]) -> None:
    """Leave each of these posts only its best."""
    for start in range(0, len(post_ids), 1000):
        order = RelatedPost.score.desc(), Post.published_at.desc(), Post.id.desc()
        place = func.row_number().over(partition_by=RelatedPost.post_id, order_by=order).label("place")
        ranked = (
            select(RelatedPost.post_id, RelatedPost.other_id, place)
            .join(Post, Post.id == RelatedPost.other_id)
            .where(RelatedPost.post_id.in_(post_ids[start : start + 1000]))
            .subquery()
        )
        surplus = select(ranked.c.post_id, ranked.c.other_id).where(ranked.c.place > RELATED_KEPT)
        db.session.execute(
            delete(RelatedPost).where(tuple_(RelatedPost.post_id, RelatedPost.other_id).in_(surplus)),
            execution_options={"synchronize_session": False},
        )


def _shared(post_id: int) -> Select[int, int]:
    """The posts that share an entry or a tag with this one, and how much that says."""
    mine, other = aliased(PostEntry), aliased(PostEntry)
    my_tag, other_tag = aliased(PostTag), aliased(PostTag)
    shared = union_all(
        select(other.post_id.label("post_id"), mine.weight.label("weight"))
        .join(mine, and_(other.entry_id == mine.entry_id, other.post_id != mine.post_id))
        .where(mine.post_id == post_id),
        select(other_tag.post_id, literal(TAG_WEIGHT))
        .join(my_tag, and_(other_tag.tag_id == my_tag.tag_id, other_tag.post_id != my_tag.post_id))
        .where(my_tag.post_id == post_id),
    ).subquery()
    return select(shared.c.post_id, func.sum(shared.c.weight).label("score")).group_by(shared.c.post_id)


@built_once
def _surroundings() -> Select[Post, int | None]:
    """The neighbours of the post `post_id`, published `at`, and the posts related to it, with their score."""
    post_id, at = bindparam("post_id", type_=Integer), bindparam("at", type_=UTCDateTime())
    kin = select(RelatedPost.other_id).where(RelatedPost.post_id == post_id)
    score = select(RelatedPost.score).where(RelatedPost.post_id == post_id, RelatedPost.other_id == Post.id)
    return (
        Post.published()
        .add_columns(score.scalar_subquery())
        .where(Post.id.in_(union_all(*_beside(at, post_id), kin)))  # one list of ids: two would mean reading all posts
    )


def _beside(at: ColumnElement[Any], post_id: ColumnElement[int]) -> tuple[Select[int], Select[int]]:
    """The ids, or null, of the next older and the next newer published post around a place in time."""
    place, mine = tuple_(Post.published_at, Post.id), tuple_(at, post_id)
    older = (
        Post.published_ids()
        .where(place < mine)
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )
    newer = (
        Post.published_ids()
        .where(place > mine)
        .order_by(Post.published_at, Post.id)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )
    return select(older), select(newer)


def _order(post: Post) -> tuple[datetime, int]:
    return post.order_key
