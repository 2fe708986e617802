"""Posts: the article, its revisions, the pointer to the public one, its slugs and what it is linked to.

`Post.published()` is the one definition of "public". What happens to a post stands in publishing.py, lists of posts in
listing.py, what an article's page reads in page.py and rows.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    String,
    UniqueConstraint,
    and_,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column, relationship, undefer, validates
from sqlalchemy.sql.base import ExecutableOption

from blog.accounts.models import Account, Person
from blog.checksums import Damaged, Summed, checksum_column
from blog.clock import now
from blog.database import NOW, Base, KeptString, db
from blog.errors import Refused
from blog.pagecache import keys
from blog.pagecache.changes import changed
from blog.pagecache.notes import expires_at, whole_on_pages
from blog.pages.models import Site
from blog.posts.document import WORDS_PER_MINUTE, Article
from blog.posts.moments import is_usual
from blog.revisions import append_only
from blog.revisions import digest as digest_of
from blog.text.sanitising import HTML_VERSION

COMMENTS_MOST_DAYS = 36_500  # after publication that comments may stay open
SLUG_MAX_CHARS = 120
ARTICLES_KEPT = 50  # in each process, by the digest of their document


_articles: dict[str, Article] = {}


class PostState(StrEnum):
    """Where a post stands; follows from its pointer and times."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


# Of indexes, see `narrow_on_postgresql`:
_DRAFT = text("public_revision_id IS NULL")
_OWED = text("card_stamp IS NULL")
_UNCOMPARED = text("NOT is_compared")


def is_closed(published_at: datetime | None, own_days: int | None) -> bool:
    """Whether a post has closed itself for comments; `own_days` are its own, if it has any."""
    closing = _closing(published_at, own_days)
    return closing is not None and now() >= closing


def _closing(published_at: datetime | None, own_days: int | None) -> datetime | None:
    days = Site.current().comments_close_days if own_days is None else own_days
    closing = published_at + timedelta(days=days) if days and published_at else None
    expires_at(closing)
    return closing


class Post(Base):
    """An article with a place on the site. Only the revision under `public_revision` is ever shown."""

    __tablename__ = "posts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["public_revision_id", "id"],
            ["post_revisions.id", "post_revisions.post_id"],
            name="fk_posts_public_revision",
            use_alter=True,
        ),
        Index("ix_posts_order", "published_at", "id"),
        Index("ix_posts_drafts", "id", sqlite_where=_DRAFT),
        Index("ix_posts_cards", "published_at", sqlite_where=_OWED),
        Index("ix_posts_uncompared", "id", sqlite_where=_UNCOMPARED),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    public_revision_id: Mapped[int | None]
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    comments_open: Mapped[bool] = mapped_column(default=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)  # who began it at the desk
    review_asked_at: Mapped[datetime | None]  # somebody asked for a review, and has no answer yet
    comments_close_days: Mapped[int | None]  # after publication; 0: never; None: as the site says
    is_gone: Mapped[bool] = mapped_column(default=False, server_default=false())  # archived: told so at its address
    # Archived: its address leads to that article.
    leads_to_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)
    local_time: Mapped[str | None] = mapped_column(String(20))  # when it is to appear, as clocks show it …
    local_zone: Mapped[str | None] = mapped_column(String(60))  # … in this zone; see `publishing.keep_local_time`
    card: Mapped[str | None] = mapped_column(String(32))  # where its card lies; see cards.py
    card_stamp: Mapped[str | None] = mapped_column(String(16))
    is_compared: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # with the words of others, as its public version is
    begun_with: Mapped[str | None] = mapped_column(String(43), index=True, unique=True, deferred=True)  # which form

    revision: Mapped[PostRevision | None] = relationship(
        foreign_keys="Post.public_revision_id",
        primaryjoin="Post.public_revision_id == PostRevision.id",
        viewonly=True,
    )
    authors: Mapped[list[Person]] = relationship(secondary="post_people", order_by="PostPerson.position", viewonly=True)
    tags: Mapped[list[Tag]] = relationship(secondary="post_tags", order_by="Tag.name", viewonly=True)

    @validates("published_at", "updated_at")
    def _usual(self, name: str, value: datetime | None) -> datetime | None:
        if value is not None and not is_usual(value):
            raise Refused(f"{value:%Y-%m-%d} cannot be the date of an article: from 1990 to ten years ahead.")
        return value

    # Questions

    @hybrid_property
    def is_published(self) -> bool:
        """Whether the public may see it at this moment."""
        return (
            self.public_revision_id is not None
            and self.archived_at is None
            and self.published_at is not None
            and self.published_at <= now()
        )

    @is_published.inplace.expression
    @classmethod
    def _is_published(cls) -> ColumnElement[bool]:
        return and_(cls.public_revision_id.is_not(None), cls.archived_at.is_(None), cls.published_at <= NOW)

    @property
    def state(self) -> PostState:
        """Where it stands now."""
        if self.archived_at is not None:
            return PostState.ARCHIVED
        if self.public_revision_id is None or self.published_at is None:
            return PostState.DRAFT if self.review_asked_at is None else PostState.IN_REVIEW
        return PostState.PUBLISHED if self.published_at <= now() else PostState.SCHEDULED

    @classmethod
    def in_state(cls, state: PostState) -> ColumnElement[bool]:
        """The same as `state`, asked of the database."""
        draft = or_(cls.public_revision_id.is_(None), cls.published_at.is_(None))
        here = cls.archived_at.is_(None)
        conditions: dict[PostState, ColumnElement[bool]] = {
            PostState.ARCHIVED: cls.archived_at.is_not(None),
            PostState.DRAFT: and_(here, draft, cls.review_asked_at.is_(None)),
            PostState.IN_REVIEW: and_(here, draft, cls.review_asked_at.is_not(None)),
            PostState.SCHEDULED: and_(here, cls.public_revision_id.is_not(None), cls.published_at > NOW),
            PostState.PUBLISHED: and_(cls.is_published),
        }
        return conditions[state]

    @property
    def comments_close_at(self) -> datetime | None:
        """When it closes itself for comments, if it does."""
        return _closing(self.published_at, self.comments_close_days)

    @property
    def accepts_comments(self) -> bool:
        """Whether a reader may comment at this moment."""
        is_open = self.is_published and self.comments_open
        return is_open and not is_closed(self.published_at, self.comments_close_days)

    @property
    def title(self) -> str:
        """The public title; the slug while nothing is public."""
        return self.revision.title if self.revision else self.slug

    @property
    def is_fit(self) -> bool:
        """Whether what was read of its public version is what was written; the log names what is not."""
        return self.revision is None or self.revision.is_fit

    @property
    def is_updated(self) -> bool:
        """Whether it changed on a later day than it was published."""
        return is_later_day(self.published_at, self.updated_at)

    @property
    def order_key(self) -> tuple[datetime, int]:
        """Its place in time; older and newer follow it."""
        if self.published_at is None:
            raise ValueError("a post without a time has no place")
        return self.published_at, self.id

    # Queries

    @classmethod
    def published(cls, *narrowed: ColumnElement[bool]) -> Select[Self]:
        """Posts the public may read, with what their cards show. Unordered.

        `narrowed` by time goes first: of two bounds SQLite takes the first into the index.
        """
        return select(cls).where(*narrowed, cls.is_published).options(joinedload(cls.revision))

    @classmethod
    def whole(cls) -> ExecutableOption:
        """Loads the article itself with the post, for the pages that show it."""
        return joinedload(cls.revision).options(undefer(PostRevision.document), undefer(PostRevision.rendered))

    @classmethod
    def newest(cls, *narrowed: ColumnElement[bool]) -> Select[Self]:
        """Published posts, newest first."""
        return cls.published(*narrowed).order_by(cls.published_at.desc(), cls.id.desc())

    @classmethod
    def under_slug(cls, slug: str) -> Select[Self]:
        """The published post with this slug, present or past; the caller redirects when it is past."""
        return cls.published().join(PostSlug, PostSlug.post_id == cls.id).where(PostSlug.slug == slug)

    @classmethod
    def off_the_site(cls, slug: str) -> Select[bool, str | None]:
        """What the address of an article that readers saw and that was archived says: gone, or where it leads."""
        other = aliased(cls)
        was_out = and_(
            cls.archived_at.is_not(None), cls.public_revision_id.is_not(None), cls.published_at <= cls.archived_at
        )
        found = select(cls.is_gone, other.slug).join(PostSlug, PostSlug.post_id == cls.id)
        return found.outerjoin(other, other.id == cls.leads_to_id).where(PostSlug.slug == slug, was_out)

    @classmethod
    def to_appear(cls) -> Select[Self]:
        """Scheduled articles whose moment is kept as clocks show it."""
        return select(cls).where(cls.in_state(PostState.SCHEDULED), cls.local_time.is_not(None))

    @classmethod
    def any_under_slug(cls, slug: str) -> Select[Self]:
        """The post with this slug, whatever its state. For staff and commands."""
        return select(cls).join(PostSlug, PostSlug.post_id == cls.id).where(PostSlug.slug == slug)

    @classmethod
    def everything(cls) -> Select[Self]:
        """All posts in every state: those without a time first, then the newest. For staff and commands."""
        order = cls.published_at.desc().nulls_first(), cls.id.desc()
        return select(cls).options(joinedload(cls.revision)).order_by(*order)

    @classmethod
    def highest_id(cls) -> int:
        """The number of the post made last; 0 without posts."""
        return db.session.scalar(select(func.max(cls.id))) or 0

    @classmethod
    def due(cls) -> Select[Self]:
        """Published posts that have not been announced."""
        return cls.published().where(cls.announced_at.is_(None)).order_by(cls.published_at, cls.id)

    @classmethod
    def to_compare(cls) -> Select[Self]:
        """Public posts whose words have not been compared with those of others yet."""
        return cls.published().where(cls.is_compared.is_(False)).order_by(cls.id)

    @classmethod
    def published_ids(cls) -> Select[int]:
        """The ids of the posts the public may read."""
        return select(cls.id).where(cls.is_published)


class PostSlug(Base):
    """Every slug a post ever had. Never reused, so an old address always leads to the right article."""

    __tablename__ = "post_slugs"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)


@whole_on_pages
@append_only(may_change=frozenset({"rendered", "html_version", "checksum"}))
class PostRevision(Summed, Base):
    """One version of an article: its document, and the HTML made from it at write time."""

    __tablename__ = "post_revisions"
    __table_args__ = (UniqueConstraint("id", "post_id"),)

    _LEADS = "words", "lead_picture", "lead_muscle", "video"
    SUMMED = (
        ("post_id", "title", "kicker", "standfirst", *_LEADS),
        ("post_id", "digest", "rendered", *_LEADS),
        ("document",),
    )
    CARD, PAGE = 0, 1  # what lists show of it, and its own page; that compares the document with the digest

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    title: Mapped[str] = mapped_column(String(150))
    kicker: Mapped[str] = mapped_column(String(60))
    standfirst: Mapped[str] = mapped_column(String(400))
    words: Mapped[int]
    lead_picture: Mapped[str] = mapped_column(String(80), default="", server_default="")  # of the media, by name
    lead_muscle: Mapped[str] = mapped_column(String(80), default="", server_default="")  # by slug
    video: Mapped[str] = mapped_column(String(80), default="", server_default="", index=True)  # of our own, by name
    document: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    rendered: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    html_version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    checksum: Mapped[str] = checksum_column(SUMMED)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    missing: Mapped[list[Any] | None]  # in words: what kept it from being shown when it was saved

    @classmethod
    def newest_of(cls, post: Post) -> Select[Self]:
        """A post's latest version, shown or not."""
        return select(cls).where(cls.post_id == post.id).order_by(cls.id.desc()).limit(1)

    @classmethod
    def of(cls, post: Post) -> Select[Self]:
        """All versions of a post, the newest first."""
        return select(cls).where(cls.post_id == post.id).order_by(cls.id.desc())

    @classmethod
    def with_names(cls, post: Post) -> Select[Self, str | None]:
        """As `of`, each with the name of who saved it; none for what was not saved at the desk."""
        query = select(cls, Account.name).outerjoin(Account, Account.id == cls.account_id)
        return query.where(cls.post_id == post.id).order_by(cls.id.desc())

    @classmethod
    def outdated(cls, after: int = 0) -> Select[Self]:
        """Versions above number `after` whose HTML was made by older rules."""
        return select(cls).where(cls.html_version < HTML_VERSION, cls.id > after).order_by(cls.id)

    def show_as(self, rendered: dict[str, Any]) -> None:
        """Keep `rendered`, made from the same article by today's rules. Raises Damaged."""
        self.rewrite(rendered=rendered, html_version=HTML_VERSION)
        if db.session.scalar(select(Post.id).where(Post.public_revision_id == self.id)):
            changed(keys.post(self.post_id), keys.LIST)

    @property
    def article(self) -> Article:
        """The article it holds. Raises Damaged."""
        return article_of(self.id, self.digest, self.document)

    @property
    def reading_minutes(self) -> int:
        """Whole minutes to read it, at least one."""
        return minutes_for(self.words)


def article_of(revision_id: int, digest: str, document: dict[str, Any]) -> Article:
    """The article in the stored document of a version. Raises Damaged where it is not the one that was written.

    Reading one takes long and always ends the same, so the last ones are kept.
    """
    article = _articles.get(digest)
    if article is None:
        if digest_of(document) != digest:
            raise Damaged(PostRevision.__tablename__, revision_id)
        article = _articles[digest] = Article.stored(document)
        for oldest in list(_articles)[:-ARTICLES_KEPT]:  # a copy, because other threads read articles, too
            _articles.pop(oldest, None)
    return article


def minutes_for(words: int) -> int:
    """Whole minutes to read so many words, at least one."""
    return max(1, round(words / WORDS_PER_MINUTE))


def is_later_day(published_at: datetime | None, updated_at: datetime | None) -> bool:
    """Whether the second is on a later day here than the first."""
    zone = current_app.config["BLOG_TIME_ZONE"]
    days = [at.astimezone(zone).date() for at in (published_at, updated_at) if at]
    return len(days) == 2 and days[0] < days[1]


class Tag(Base):
    """A subject of the author's choosing."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(KeptString(80))

    @classmethod
    def with_slug(cls, slug: str) -> Select[Self]:
        """The tag with this slug, if a published post has it."""
        return select(cls).where(cls.slug == slug, cls._in_use())

    @classmethod
    def by_name(cls) -> Select[Self]:
        """All tags, also those of drafts, by name."""
        return select(cls).order_by(cls.name)

    @classmethod
    def in_use(cls) -> Select[Self]:
        """Tags of published posts, by name."""
        return select(cls).where(cls._in_use()).order_by(cls.name)

    @classmethod
    def _in_use(cls) -> ColumnElement[bool]:
        return select(PostTag.tag_id).join(Post).where(PostTag.tag_id == cls.id, Post.is_published).exists()


class PostTag(Base):
    """A post's tag, as its public revision has it."""

    __tablename__ = "post_tags"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True, index=True)


class PostPerson(Base):
    """A name in a post's byline, in order, as its public revision has it."""

    __tablename__ = "post_people"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    position: Mapped[int]


class PostEntry(Base):
    """A vocabulary entry a post is about, as its public revision has it; `weight` counts for related posts."""

    __tablename__ = "post_entries"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True, index=True)
    weight: Mapped[int]


class RelatedPost(Base):
    """A post that shares much with another, as their public revisions have it; the best of them, both ways."""

    __tablename__ = "related_posts"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True, index=True)
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(
        String(100), default="", server_default=""
    )  # what says most of it: see related.py
