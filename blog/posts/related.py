"""What stands around a post: its neighbours in time, and the posts that share most with it, each with the reason.

What two posts share is stored when one of them changes: entries of the vocabulary, tags, the places in which pain of
their muscles is reported, and where that is little, many of the same words (a job compares them: blog/posts/jobs.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    delete,
    event,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from blog.anatomy.models import Entry, EntryLink, Relation
from blog.database import UTCDateTime, db, plain_read
from blog.posts.models import Post, PostEntry, PostRevision, PostTag, RelatedPost, Tag
from blog.posts.rows import OtherPost, PublicPost, Words
from blog.prepared import Prepared

RELATED_LENGTH = 4  # cards
RELATED_KEPT = 12  # rows of a post, so that cards are left when some of the others go
FROM_PLACES = 100  # posts at most that are compared because of where pain is reported
REFERS, WORDS = "refers", "words"
TAG_WEIGHT = 2  # how much a shared tag says of kinship; entries: blog/posts/links.py


@dataclass(frozen=True)
class Surroundings:
    """What stands around a post on the site."""

    older: OtherPost | None
    newer: OtherPost | None
    related: list[OtherPost]
    reasons: dict[int, str]  # why each is, by its number: REFERS, WORDS, "tag" or a kind of entry, a colon and a slug


def surroundings(post: Post | PublicPost) -> Surroundings:
    """A post's neighbours and related posts, as published now. One statement."""
    rows = _SURROUNDINGS.rows(plain_read(), {"post_id": post.id, "at": post.published_at})
    found = [(score, OtherPost.of(other)) for score, _, *other in rows]
    others = [(score, other) for score, other in found if other.revision.is_whole]
    older = max((other for _, other in others if other[:2] < post.order_key), default=None)
    newer = min((other for _, other in others if other[:2] > post.order_key), default=None)
    alike = sorted(((score, other) for score, other in others if score), reverse=True)
    reasons = {other_id: reason for _, reason, _, other_id, *_ in rows if reason}
    return Surroundings(older, newer, [other for _, other in alike[:RELATED_LENGTH]], reasons)


def neighbour_ids(post: Post) -> CompoundSelect[int]:
    """The ids, or null, of the published posts right before and right after it."""
    return union_all(*_beside(literal(post.published_at, UTCDateTime()), literal(post.id)))


def relate(post: Post) -> None:
    """Find anew which posts share most with `post`, and add it to the lists of those it is among the closest to."""
    db.session.execute(delete(RelatedPost).where(or_(RelatedPost.post_id == post.id, RelatedPost.other_id == post.id)))
    shared = _shared(post.id).subquery()
    rows = list(
        db.session.execute(
            select(shared.c.score, Post.published_at, Post.id).join(shared, shared.c.post_id == Post.id)
        ).all()
    )
    places = _same_places(post.id, {row.id for row in rows}) if len(rows) < RELATED_KEPT else {}
    if places:
        more = select(literal(1).label("score"), Post.published_at, Post.id).where(Post.id.in_(places))
        rows += db.session.execute(more).all()
    best = sorted(rows, key=lambda row: (row.score, row.published_at or post.created_at, row.id), reverse=True)
    lowest = _lowest([row.id for row in rows])
    entered = [row for row in rows if row.score >= lowest.get(row.id, 0)]
    reasons = _reasons(post.id, {row.id for row in (*best[:RELATED_KEPT], *entered)})
    reasons |= {other_id: f"{REFERS}:{slug}" for other_id, slug in places.items()}
    db.session.add_all(_relation(post.id, row.id, row.score, reasons) for row in best[:RELATED_KEPT])
    db.session.add_all(_relation(row.id, post.id, row.score, {post.id: reasons.get(row.id, "")}) for row in entered)
    db.session.flush()
    _trim([row.id for row in entered if row.id in lowest])


def lacks_reasons(post: Post) -> bool:
    """Whether it was related before reasons were kept."""
    unsaid = RelatedPost.post_id == post.id, RelatedPost.reason == ""
    return bool(db.session.scalar(select(exists().where(*unsaid))))


def relate_by_words(post: Post, alike: Sequence[int]) -> None:
    """These posts have many of its words: related, as far as there is room beside what says more."""
    both = or_(RelatedPost.post_id == post.id, RelatedPost.other_id == post.id)
    known = {number for pair in db.session.execute(_PAIRS.where(both)) for number in pair}
    for other_id in alike[: RELATED_LENGTH if len(known) < RELATED_LENGTH else 0]:
        if other_id not in known:
            for one, other in ((post.id, other_id), (other_id, post.id)):
                db.session.add(RelatedPost(post_id=one, other_id=other, score=1, reason=f"{WORDS}:"))
    db.session.flush()
    _trim([post.id, *alike])


def _compare_again(post: Post, value: int | None, before: int | None, initiator: Any) -> None:
    if value != before:
        post.is_compared = False


event.listen(Post.public_revision_id, "set", _compare_again)

_PAIRS = select(RelatedPost.post_id, RelatedPost.other_id)


def _relation(post_id: int, other_id: int, score: int, reasons: Mapping[int, str]) -> RelatedPost:
    return RelatedPost(post_id=post_id, other_id=other_id, score=score, reason=reasons.get(other_id, ""))


def _lowest(post_ids: Sequence[int]) -> dict[int, int]:
    """The score below which nothing enters the lists of these posts, where they are full."""
    lowest: dict[int, int] = {}
    for start in range(0, len(post_ids), 1000):
        full = (
            select(RelatedPost.post_id, func.min(RelatedPost.score))
            .where(RelatedPost.post_id.in_(post_ids[start : start + 1000]))
            .group_by(RelatedPost.post_id)
            .having(func.count() >= RELATED_KEPT)
        )
        lowest |= dict(db.session.execute(full).all())
    return lowest


def _reasons(post_id: int, other_ids: Collection[int]) -> dict[int, str]:
    """Of all that each of these posts shares with this one, what tells a reader most, tags the least."""
    ids, most = sorted(other_ids), dict[int, tuple[int, str]]()
    for start in range(0, len(ids), 500):
        for other_id, weight, kind, slug in db.session.execute(_things_shared(post_id, ids[start : start + 500])):
            most[other_id] = max(most.get(other_id, (-1, "")), (weight, f"{kind}:{slug}"))
    return {other_id: reason for other_id, (_, reason) in most.items()}


def _things_shared(post_id: int, other_ids: Sequence[int]) -> CompoundSelect[*tuple[Any, ...]]:
    mine, other = aliased(PostEntry), aliased(PostEntry)
    my_tag, other_tag = aliased(PostTag), aliased(PostTag)
    return union_all(
        select(other.post_id, mine.weight, cast(Entry.kind, String), Entry.slug)
        .join(mine, other.entry_id == mine.entry_id)
        .join(Entry, Entry.id == mine.entry_id)
        .where(mine.post_id == post_id, other.post_id.in_(other_ids)),
        select(other_tag.post_id, literal(0), literal("tag"), Tag.slug)
        .join(my_tag, other_tag.tag_id == my_tag.tag_id)
        .join(Tag, Tag.id == my_tag.tag_id)
        .where(my_tag.post_id == post_id, other_tag.post_id.in_(other_ids)),
    )


def _same_places(post_id: int, known: Collection[int]) -> dict[int, str]:
    """Posts whose muscles have pain reported in the same places, most places first, each with one of the places."""
    main = EntryLink.relation == Relation.MAIN_PAIN
    linked = PostEntry.entry_id == EntryLink.entry_id
    mine = select(EntryLink.other_id).join(PostEntry, linked).where(PostEntry.post_id == post_id, main)
    count = func.count(EntryLink.other_id.distinct())
    found = (
        select(PostEntry.post_id, func.min(Entry.slug))
        .join(EntryLink, linked)
        .join(Entry, Entry.id == EntryLink.other_id)
        .where(main, EntryLink.other_id.in_(mine), PostEntry.post_id != post_id)
        .group_by(PostEntry.post_id)
        .order_by(count.desc(), PostEntry.post_id.desc())
        .limit(FROM_PLACES)
    )
    return {number: slug for number, slug in db.session.execute(found) if number not in known}


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


def _surroundings() -> Select[*tuple[Any, ...]]:
    """The neighbours of the post `post_id`, published `at`, and the posts related to it, with score and reason."""
    post_id, at = bindparam("post_id", type_=Integer), bindparam("at", type_=UTCDateTime())
    kin = select(RelatedPost.other_id).where(RelatedPost.post_id == post_id)
    mine = RelatedPost.post_id == post_id, RelatedPost.other_id == Post.id
    score, reason = select(RelatedPost.score).where(*mine), select(RelatedPost.reason).where(*mine)
    columns = score.scalar_subquery(), reason.scalar_subquery()
    words = [getattr(PostRevision, name) for name in Words._fields]
    return (
        select(*columns, Post.published_at, Post.id, Post.slug, *words)
        .join(Post.revision)
        .where(Post.is_published)
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


_SURROUNDINGS = Prepared(_surroundings)
