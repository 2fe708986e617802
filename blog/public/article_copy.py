"""Articles as they are read elsewhere: whole, with warning signs and disclaimer. For feeds and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID, uuid5

from flask import abort, render_template, url_for
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption

from blog.addresses import absolute
from blog.anatomy.models import Entry, EntryKind, RedFlagLevel, red_flags
from blog.checksums import Damaged
from blog.database import db
from blog.pagecache import keys
from blog.pagecache.notes import shows
from blog.pages.models import Page, PageRevision, PageSlug, Site
from blog.posts.models import Post
from blog.posts.pictures import Pictures, pictures_of
from blog.text.links import absolute_links


@dataclass(frozen=True)
class Copies:
    """What the copies of some articles need that stands elsewhere."""

    red_flags: Mapping[int, list[RedFlagLevel]]  # by the id of the post
    disclaimer: PageRevision | None
    media: Pictures

    @classmethod
    def of(cls, posts: Sequence[Post]) -> Self:
        """For these posts, loaded with `whole()`: a few statements, however many there are. Says what they show."""
        shows(keys.ENTRIES, keys.page(PageSlug.DISCLAIMER), *(keys.post(post.id) for post in posts))
        wanted = {slug for post in posts for slug in _red_flag_sets(post)}
        named = Entry.named((EntryKind.RED_FLAGS, slug) for slug in wanted)
        sets = {entry.slug: entry for entry in db.session.scalars(named)} if wanted else {}
        disclaimer = db.session.scalar(Page.shown(PageSlug.DISCLAIMER))
        if sets.keys() != wanted:  # without its warnings no article goes out
            raise Damaged(Entry.__tablename__, sorted(wanted - sets.keys())[0])
        return cls(
            {post.id: red_flags(sets[slug] for slug in _red_flag_sets(post)) for post in posts},
            disclaimer.revision if disclaimer and disclaimer.revision and disclaimer.revision.is_readable else None,
            pictures_of(*(post.revision.article for post in posts if post.revision)),
        )

    def html(self, post: Post) -> str:
        """The article, every address in it with the site's name."""
        article = post.revision.article if post.revision else abort(404)
        text = render_template("public/feeds/_content.html", post=post, article=article, copies=self)
        return absolute_links(text, absolute(url_for("posts.show", slug=post.slug)))


def whole() -> tuple[ExecutableOption, ...]:
    """Loads all that a copy says of a post."""
    return selectinload(Post.authors), selectinload(Post.tags), Post.whole()


def entry_id(what: str, number: int) -> str:
    """The id of an article or comment elsewhere: the same for ever, also when site or article move.

    Made from an id that the site was given once, and of numbers that are never used again.
    """
    identity = Site.current().identity
    return uuid5(UUID(identity), f"{what}/{number}").urn if identity else absolute(f"/{what}/{number}")


def _red_flag_sets(post: Post) -> list[str]:
    safety = post.revision.document.get("safety") if post.revision else None
    return safety["red_flags"] if safety else []
