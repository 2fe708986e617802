"""What the page of an article reads, in as few statements as can be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, select

from blog.accounts.models import Person
from blog.database import built_once, plain_read
from blog.pagecache import keys
from blog.pagecache.notes import expires_at, shows
from blog.posts.document import Article
from blog.posts.listing import next_due
from blog.posts.models import Post, PostPerson, PostRevision, PostSlug, PostTag, Tag
from blog.posts.rows import Byline, PublicPost, Version


def on_page(slug: str) -> tuple[PublicPost, datetime | None] | None:
    """The published post with this slug, with all that its page says of it, and when the next post is due."""
    rows = plain_read().execute(_on_page(), {"slug": slug}).all()
    return (PublicPost.of(rows), rows[0].next_due) if rows else None


def show_on_page(post: PublicPost, article: Article, next_due_at: datetime | None) -> None:
    """Note that the page being rendered is the post's own, with its comments and what it is listed under."""
    shows(keys.post(post.id), keys.comments_of(post.id), keys.SCHEDULE)
    shows(*(keys.person(slug) for slug in article.authors))
    shows(*(keys.listed_under(keys.TAG, slug) for slug in article.tags))
    shows(*(keys.listed_under(kind, slug) for kind, slug in article.subjects))
    expires_at(next_due_at)


def tags_of(post: PublicPost) -> Sequence[Row[str, str]]:
    """Slug and name of a post's tags, by name."""
    return plain_read().execute(_tags_of(), {"post_id": post.id}).all()


@built_once
def _on_page() -> Select[*tuple[Any, ...]]:
    """The columns of `PublicPost`, in a row for each author, in their order."""
    columns = [
        getattr(model, name)
        for model, names in (
            (Post, PublicPost._fields[:-2]),
            (PostRevision, Version._fields),
            (Person, Byline._fields),
        )
        for name in names
    ]
    return (
        select(*columns, next_due().scalar_subquery().label("next_due"))
        .select_from(Post)
        .join(PostSlug, PostSlug.post_id == Post.id)
        .join(Post.revision)
        .outerjoin(PostPerson, PostPerson.post_id == Post.id)
        .outerjoin(Person, Person.id == PostPerson.person_id)
        .where(Post.is_published, PostSlug.slug == bindparam("slug"))
        .order_by(PostPerson.position)
    )


@built_once
def _tags_of() -> Select[str, str]:
    mine = PostTag.post_id == bindparam("post_id", type_=Integer)
    return select(Tag.slug, Tag.name).join(PostTag).where(mine).order_by(Tag.name)
