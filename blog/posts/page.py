"""What the page of an article reads, in as few statements as can be."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select

from blog.accounts.models import Person
from blog.database import plain_read
from blog.pagecache import keys
from blog.pagecache.notes import expires_at, shows
from blog.posts.document import Article
from blog.posts.listing import next_due
from blog.posts.models import Post, PostPerson, PostRevision, PostSlug, PostTag, Tag
from blog.posts.rows import Byline, PublicPost, TagName, Version
from blog.prepared import Prepared


def on_page(slug: str) -> tuple[PublicPost, datetime | None] | None:
    """The published post with this slug, with all that its page says of it, and when the next post is due."""
    rows = _ON_PAGE.rows(plain_read(), {"slug": slug})
    return (PublicPost.of(rows), rows[0][-1]) if rows else None


def show_on_page(post: PublicPost, article: Article, next_due_at: datetime | None) -> None:
    """Note that the page being rendered is the post's own, with its comments and what it is listed under."""
    shows(keys.post(post.id), keys.comments_of(post.id), keys.SCHEDULE)
    shows(*(keys.person(slug) for slug in article.authors))
    shows(*(keys.listed_under(keys.TAG, slug) for slug in article.tags))
    shows(*(keys.listed_under(kind, slug) for kind, slug in article.subjects))
    expires_at(next_due_at)


def tags_of(post: PublicPost) -> list[TagName]:
    """A post's tags, by name."""
    return [TagName._make(row) for row in _TAGS.rows(plain_read(), {"post_id": post.id})]


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
        select(*columns, next_due().scalar_subquery())
        .select_from(Post)
        .join(PostSlug, PostSlug.post_id == Post.id)
        .join(Post.revision)
        .outerjoin(PostPerson, PostPerson.post_id == Post.id)
        .outerjoin(Person, Person.id == PostPerson.person_id)
        .where(Post.is_published, PostSlug.slug == bindparam("slug"))
        .order_by(PostPerson.position)
    )


def _tags_of() -> Select[str, str]:
    mine = PostTag.post_id == bindparam("post_id", type_=Integer)
    return select(Tag.slug, Tag.name).join(PostTag).where(mine).order_by(Tag.name)


_ON_PAGE, _TAGS = Prepared(_on_page), Prepared(_tags_of)
