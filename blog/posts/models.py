"""Posts: the article, its revisions, the pointer to the public one, its slugs and what it is linked to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Row,
    Select,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, aliased, contains_eager, joinedload, mapped_column, relationship, undefer
from sqlalchemy.sql.base import ExecutableOption

from blog.accounts.models import Person
from blog.anatomy.models import Entry, EntryText, Kind
from blog.clock import now
from blog.database import Base, UTCDateTime, db
from blog.errors import Refused
from blog.pagecache import changed, changes, expires_at, remembered, shows
from blog.pages.models import Site
from blog.posts.document import SLUG, WORDS_PER_MINUTE, Article, ArticleError, Slip
from blog.revisions import append_only, digest
from blog.text.articles import article_html
from blog.text.sanitising import HTML_VERSION

RELATED_LENGTH = 4  # cards
RELATED_KEPT = 12  # rows of a post, so that cards are left when some of the others go
WEIGHTS = {Kind.MUSCLE: 5, Kind.CONDITION: 3, Kind.PAIN_AREA: 1}  # how much a shared entry says of kinship
TAG_WEIGHT = 2
SLUG_MAX_CHARS = 120
POSTS_PER_PAGE = 12
COUNTED_AHEAD = 5  # pages of a list; beyond, "more than" says enough
MANY = 500  # links of one tag, person or entry; with more, walking through all posts finds a page of them sooner
MENU_LENGTH = 100
ARTICLES_KEPT = 50  # in each process, by the digest of their document
NOW = bindparam("now", callable_=now, type_=UTCDateTime())  # the moment of execution: statements are built once
RESERVED_IDS = frozenset({"main", "comments", "comment-form", "safety", "stretches", "references", "disclaimer"})


_articles: dict[str, Article] = {}


class PostState(StrEnum):
    """Where a post stands; follows from its pointer and times."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Surroundings:
    """What stands around a post on the site."""

    older: Post | None
    newer: Post | None
    related: list[Post]


@dataclass(frozen=True)
class Manuscript:
    """An article with its Markdown made into cleaned HTML, ready to be kept. Made before any transaction."""

    article: Article
    rendered: dict[str, Any]
    words: int

    @classmethod
    def prepare(cls, article: Article) -> Self:
        """Render `article`. Raises ArticleError where its Markdown holds a slip."""
        body = article_html(article.body, reserved_ids=RESERVED_IDS, prefix="a")
        taken = RESERVED_IDS | {heading.id for heading in body.headings}
        self_help = article_html(article.self_help, reserved_ids=taken, prefix="b")
        slips = [
            Slip((name,), f"line {problem.line} of the text: {problem.message}")
            for name, part in (("body", body), ("self_help", self_help))
            for problem in part.problems
        ]
        placed = [ref for kind, ref in body.parts + self_help.parts if kind == "figure"]
        slips += [
            Slip(("body",), f"::figure {ref} is placed, but no figure has this id")
            for ref in placed
            if article.figure(ref) is None
        ]
        if slips:
            raise ArticleError(slips)
        spoken = [article.standfirst, *article.key_facts, *(step for s in article.stretches for step in s.steps)]
        return cls(
            article,
            {
                "body": [list(part) for part in body.parts],
                "self_help": [list(part) for part in self_help.parts],
                "headings": [asdict(heading) for heading in body.headings],
                "self_help_headings": [asdict(heading) for heading in self_help.headings],
            },
            body.words + self_help.words + sum(len(text.split()) for text in spoken),
        )


_DRAFT = text("public_revision_id IS NULL")


class Post(Base):
    """An article with a place on the site. Only the revision under `public_revision` is ever shown."""

    __tablename__ = "posts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["public_revision_id", "id"], ["post_revisions.id", "post_revisions.post_id"],
            name="fk_posts_public_revision", use_alter=True,
        ),
        Index("ix_posts_order", "published_at", "id"),
        Index("ix_posts_drafts", "id", sqlite_where=_DRAFT, postgresql_where=_DRAFT),
    )  # fmt: skip

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

    revision: Mapped[PostRevision | None] = relationship(
        foreign_keys="Post.public_revision_id",
        primaryjoin="Post.public_revision_id == PostRevision.id",
        viewonly=True,
    )
    authors: Mapped[list[Person]] = relationship(secondary="post_people", order_by="PostPerson.position", viewonly=True)
    tags: Mapped[list[Tag]] = relationship(secondary="post_tags", order_by="Tag.name", viewonly=True)

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
            return PostState.DRAFT
        return PostState.PUBLISHED if self.published_at <= now() else PostState.SCHEDULED

    @property
    def comments_close_at(self) -> datetime | None:
        """When it closes itself for comments, if it does."""
        days = Site.current().comments_close_days
        closing = self.published_at + timedelta(days=days) if days and self.published_at else None
        expires_at(closing)
        return closing

    @property
    def accepts_comments(self) -> bool:
        """Whether a reader may comment at this moment."""
        closing = self.comments_close_at
        return self.is_published and self.comments_open and (closing is None or now() < closing)

    @property
    def title(self) -> str:
        """The public title; the slug while nothing is public."""
        return self.revision.title if self.revision else self.slug

    @property
    def is_updated(self) -> bool:
        """Whether it changed on a later day than it was published."""
        return bool(self.updated_at and self.published_at and self.updated_at.date() > self.published_at.date())

    @property
    def order_key(self) -> tuple[datetime, int]:
        """Its place in time; older and newer follow it."""
        if self.published_at is None:
            raise ValueError("a post without a time has no place")
        return self.published_at, self.id

    # Queries

    @classmethod
    def published(cls) -> Select[Self]:
        """Posts the public may read, with what their cards show. Unordered."""
        return select(cls).where(cls.is_published).options(joinedload(cls.revision))

    @classmethod
    def whole(cls) -> ExecutableOption:
        """Loads the article itself with the post, for the pages that show it."""
        return joinedload(cls.revision).options(undefer(PostRevision.document), undefer(PostRevision.rendered))

    @classmethod
    def newest(cls) -> Select[Self]:
        """Published posts, newest first, with their authors."""
        return cls.published().order_by(cls.published_at.desc(), cls.id.desc())

    @classmethod
    def by_author(cls, person: Person) -> Select[Self]:
        """A person's published posts, newest first."""
        return cls._linked(PostPerson, PostPerson.person_id == person.id)

    @classmethod
    def tagged(cls, tag: Tag) -> Select[Self]:
        """A tag's published posts, newest first."""
        return cls._linked(PostTag, PostTag.tag_id == tag.id)

    @classmethod
    def about(cls, entry: Entry) -> Select[Self]:
        """Published posts about a vocabulary entry, newest first."""
        return cls._linked(PostEntry, PostEntry.entry_id == entry.id)

    @classmethod
    def in_year(cls, year: int, zone: tzinfo) -> Select[Self]:
        """Published posts of a year in `zone`, newest first."""
        return cls.newest().where(cls._of_year(year, zone))

    @classmethod
    def under_slug(cls, slug: str) -> Select[Self]:
        """The published post with this slug, present or past; the caller redirects when it is past."""
        return cls.published().join(PostSlug, PostSlug.post_id == cls.id).where(PostSlug.slug == slug)

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
    def addresses(cls, after: int, until: int) -> Select[str, datetime]:
        """Slug and last change of the published posts with these numbers, without samples. For machines."""
        changed_at = func.coalesce(cls.updated_at, cls.published_at, type_=UTCDateTime())
        here = cls.is_published, cls.is_sample.is_(False), cls.id > after, cls.id <= until
        return select(cls.slug, changed_at).where(*here).order_by(cls.id)

    @classmethod
    def unpublished(cls) -> Select[Self]:
        """Drafts, then what is scheduled. For the desk."""
        reasons = cls.public_revision_id.is_(None), cls.published_at.is_(None), cls.published_at > NOW
        ids = union_all(*(select(cls.id).where(reason) for reason in reasons))  # each by its index
        return cls.everything().where(cls.id.in_(ids), cls.archived_at.is_(None))

    @classmethod
    def for_menu(cls, chosen: int | None) -> Select[Self]:
        """The posts made last, and the chosen one, for a menu to choose from."""
        last = select(cls.id).order_by(cls.id.desc()).limit(MENU_LENGTH).subquery()
        ids = union_all(select(last.c.id), select(cls.id).where(cls.id == chosen))
        return select(cls).options(joinedload(cls.revision)).where(cls.id.in_(ids)).order_by(cls.id.desc())

    @classmethod
    def due(cls) -> Select[Self]:
        """Published posts that have not been announced."""
        return cls.published().where(cls.announced_at.is_(None)).order_by(cls.published_at, cls.id)

    @classmethod
    def on_page(cls, slug: str) -> tuple[Post, datetime | None] | None:
        """The published post with this slug, with all that its page says of it, and when the next post is due."""
        found = db.session.execute(_on_page(), {"slug": slug}).unique().first()
        return (found[0], found[1]) if found else None

    def show_on_page(self, article: Article, next_due: datetime | None) -> None:
        """Note that the page being rendered is this post's own, with its comments and what it is listed under."""
        shows(f"post:{self.id}", f"comments:{self.id}", "schedule")
        shows(*(f"person:{slug}" for slug in article.authors), *(f"list:tag:{slug}" for slug in article.tags))
        shows(*(f"list:{kind}:{slug}" for kind, slug in article.subjects))
        expires_at(next_due)

    @classmethod
    def show_schedule(cls) -> None:
        """Note that the page being rendered shows which posts are out: until the next one is due."""
        shows("schedule")
        expires_at(db.session.scalar(cls._next_due()))

    def neighbours(self) -> Select[Self]:
        """The next older and the next newer published post, as two rows at most."""
        model = type(self)
        return model.published().where(model.id.in_(self._neighbour_ids()))

    def _neighbour_ids(self) -> CompoundSelect[int]:
        return union_all(*_beside(literal(self.published_at, UTCDateTime()), literal(self.id)))

    def related(self) -> Select[Self]:
        """Published posts that share most with this one: weighted entries and tags, newest first when equal."""
        model = type(self)
        return (
            model.published()
            .join(RelatedPost, RelatedPost.other_id == model.id)
            .where(RelatedPost.post_id == self.id)
            .order_by(RelatedPost.score.desc(), model.published_at.desc(), model.id.desc())
            .limit(RELATED_LENGTH)
        )

    def surroundings(self) -> Surroundings:
        """Its neighbours and related posts, as published now. One statement."""
        found = db.session.execute(_surroundings(), {"post_id": self.id, "at": self.published_at}).all()
        older = max((post for post, _ in found if post.order_key < self.order_key), key=_order, default=None)
        newer = min((post for post, _ in found if post.order_key > self.order_key), key=_order, default=None)
        alike = sorted(((score, _order(post), post) for post, score in found if score), reverse=True)
        return Surroundings(older, newer, [post for _, _, post in alike[:RELATED_LENGTH]])

    # Verbs

    @classmethod
    def create(cls, slug: str) -> Self:
        """A new draft. Raises Refused when the slug was ever used or is malformed."""
        post = cls(slug=slug, created_at=now(), comments_open=True, is_sample=False)
        cls._claim(slug, None)
        db.session.add(post)
        db.session.flush()
        db.session.add(PostSlug(slug=slug, post_id=post.id))
        return post

    def revise(self, manuscript: Manuscript, by_id: int | None = None) -> PostRevision:
        """Keep a new version, not yet shown. Raises ArticleError naming what it refers to in vain."""
        _Links.of(manuscript.article)
        article = manuscript.article
        document = article.data()
        revision = PostRevision(
            post_id=self.id,
            title=article.title,
            kicker=article.kicker,
            standfirst=article.standfirst,
            words=manuscript.words,
            document=document,
            rendered=manuscript.rendered,
            html_version=HTML_VERSION,
            digest=digest(document),
            account_id=by_id,
            created_at=now(),
        )
        db.session.add(revision)
        db.session.flush()
        return revision

    def publish(self, revision: PostRevision, at: datetime | None = None, updated_at: datetime | None = None) -> None:
        """Show `revision`, from `at` on (now, or the time already set). Links follow the pointer.

        A later revision of a post already out counts as an update, at `updated_at` or now.
        """
        if revision.post_id != self.id:
            raise Refused("That version belongs to another article.")
        is_update = self.is_published and revision.id != self.public_revision_id
        links = _Links.of(Article.parse(revision.document))
        self._drop_pages()
        self.public_revision_id = revision.id
        self.published_at = at or self.published_at or now()
        if updated_at or is_update:
            self.updated_at = updated_at or now()
        db.session.flush()
        links.replace(self.id)
        RelatedPost.relate(self)
        db.session.expire(self, ["revision", "authors", "tags"])
        self._drop_pages()

    def schedule(self, revision: PostRevision, at: datetime) -> None:
        """Let `revision` appear at `at`. Raises Refused for a post that is out already."""
        if self.is_published:
            raise Refused("It is published already; archive it first.")
        self.archived_at = None
        self.announced_at = None
        self.publish(revision, at=at)

    def archive(self) -> None:
        """Take it off the site; its comments go with it."""
        if self.archived_at is None:
            self.archived_at = now()
            self._drop_pages()

    def restore(self) -> None:
        """Put an archived post back as it was."""
        if self.archived_at is not None:
            self.archived_at = None
            self._drop_pages()

    def rename(self, slug: str) -> None:
        """Give it a new slug; the old one redirects. Raises Refused when another post ever had it."""
        if slug == self.slug:
            return
        if type(self)._claim(slug, self.id):
            db.session.add(PostSlug(slug=slug, post_id=self.id))
        self.slug = slug
        self._drop_pages()

    def announce(self) -> None:
        """Note that what happens once at publication has happened."""
        self.announced_at = now()

    def _drop_pages(self) -> None:
        """Drop every page that shows it as it stands and is linked now. Call before and after moving it."""
        changed(f"post:{self.id}", "list", "comments")
        db.session.flush()
        changed(*(f"list:{what}:{slug}" for what, slug in db.session.execute(_subjects(self.id))))
        if self.published_at is not None:
            changed(*(f"post:{number}" for number in db.session.scalars(self._neighbour_ids()) if number))
            if self.published_at > now():
                changed("schedule")

    @classmethod
    def _next_due(cls) -> Select[datetime | None]:
        return select(func.min(cls.published_at)).where(
            cls.published_at > NOW, cls.public_revision_id.is_not(None), cls.archived_at.is_(None)
        )

    @classmethod
    def _linked(
        cls, link: type[PostPerson] | type[PostTag] | type[PostEntry], condition: ColumnElement[bool]
    ) -> Select[Self]:
        """Published posts with such a link, newest first, at the same cost for a rare one and for one of everywhere."""
        ids = select(link.post_id).where(condition)
        count = db.session.scalar(select(func.count()).select_from(ids.limit(MANY + 1).subquery())) or 0
        if count <= MANY:
            return cls.newest().where(cls.id.in_(ids))
        return cls.newest().where(ids.where(link.post_id == cls.id).exists())

    @classmethod
    def _published_ids(cls) -> Select[int]:
        return select(cls.id).where(cls.is_published)

    @classmethod
    def _of_year(cls, year: int, zone: tzinfo) -> ColumnElement[bool]:
        start, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
        return and_(cls.published_at >= start, cls.published_at < end)

    @staticmethod
    def _claim(slug: str, post_id: int | None) -> bool:
        """Whether the slug is new; raises Refused when it is another's or malformed."""
        if not SLUG.match(slug) or len(slug) > SLUG_MAX_CHARS:
            raise Refused(f"“{slug}” cannot be an address: small letters, digits and single hyphens.")
        owner = db.session.scalar(select(PostSlug.post_id).where(PostSlug.slug == slug))
        if owner is not None and owner != post_id:
            raise Refused(f"The address “{slug}” belongs to another article, now or in the past.")
        return owner is None


# Verbs above say more; these hold for whatever else moves a post.
changes(Post.public_revision_id, lambda post: (f"post:{post.id}", "list", "comments"))
changes(Post.published_at, lambda post: (f"post:{post.id}", "list", "comments", "schedule"))
changes(Post.archived_at, lambda post: (f"post:{post.id}", "list", "comments", "schedule"))
changes(Post.updated_at, lambda post: (f"post:{post.id}", "list"))
changes(Post.slug, lambda post: (f"post:{post.id}", "list", "comments"))
changes(Post.comments_open, lambda post: (f"post:{post.id}",))
changes(Post.is_sample, lambda post: (f"post:{post.id}", "list"))


class PostSlug(Base):
    """Every slug a post ever had. Never reused, so an old address always leads to the right article."""

    __tablename__ = "post_slugs"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)


@append_only(may_change=frozenset({"rendered", "html_version"}))
class PostRevision(Base):
    """One version of an article: its document, and the HTML made from it at write time."""

    __tablename__ = "post_revisions"
    __table_args__ = (UniqueConstraint("id", "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    title: Mapped[str] = mapped_column(String(150))
    kicker: Mapped[str] = mapped_column(String(60))
    standfirst: Mapped[str] = mapped_column(String(400))
    words: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    rendered: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    html_version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]

    @classmethod
    def newest_of(cls, post: Post) -> Select[Self]:
        """A post's latest version, shown or not."""
        return select(cls).where(cls.post_id == post.id).order_by(cls.id.desc()).limit(1)

    @property
    def article(self) -> Article:
        """The article it holds. Reading a document takes long and always ends the same, so the last ones are kept."""
        article = _articles.get(self.digest)
        if article is None:
            article = _articles[self.digest] = Article.parse(self.document)
            for oldest in list(_articles)[:-ARTICLES_KEPT]:  # a copy, because other threads read articles, too
                _articles.pop(oldest, None)
        return article

    @property
    def reading_minutes(self) -> int:
        """Whole minutes to read it, at least one."""
        return max(1, round(self.words / WORDS_PER_MINUTE))


class Tag(Base):
    """A subject of the author's choosing."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))

    @classmethod
    def with_slug(cls, slug: str) -> Select[Self]:
        """The tag with this slug, if a published post has it."""
        return select(cls).where(cls.slug == slug, cls._in_use())

    @classmethod
    def of(cls, post: Post) -> Sequence[Row[str, str]]:
        """Slug and name of a post's tags, by name."""
        return db.session.execute(_tags_of(), {"post_id": post.id}).all()

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

    @classmethod
    def relate(cls, post: Post) -> None:
        """Find anew what shares most with `post`, and enter it with those among whose best it is now."""
        db.session.execute(delete(cls).where(or_(cls.post_id == post.id, cls.other_id == post.id)))
        shared = cls._shared(post.id).subquery()
        found = db.session.execute(
            select(shared.c.score, Post.published_at, Post.id).join(shared, shared.c.post_id == Post.id)
        ).all()
        best = sorted(found, key=lambda row: (row.score, row.published_at or post.created_at, row.id), reverse=True)
        db.session.add_all(cls(post_id=post.id, other_id=row.id, score=row.score) for row in best[:RELATED_KEPT])
        lowest = dict(
            db.session.execute(
                select(cls.post_id, func.min(cls.score))
                .where(cls.post_id.in_(select(shared.c.post_id)))
                .group_by(cls.post_id)
                .having(func.count() >= RELATED_KEPT)
            ).all()
        )
        entered = [row for row in found if row.score >= lowest.get(row.id, 0)]
        db.session.add_all(cls(post_id=row.id, other_id=post.id, score=row.score) for row in entered)
        db.session.flush()
        cls._trim([row.id for row in entered if row.id in lowest])

    @classmethod
    def _trim(cls, post_ids: Sequence[int]) -> None:
        """Leave each of these posts only its best."""
        for start in range(0, len(post_ids), 1000):
            order = cls.score.desc(), Post.published_at.desc(), Post.id.desc()
            place = func.row_number().over(partition_by=cls.post_id, order_by=order).label("place")
            ranked = (
                select(cls.post_id, cls.other_id, place)
                .join(Post, Post.id == cls.other_id)
                .where(cls.post_id.in_(post_ids[start : start + 1000]))
                .subquery()
            )
            surplus = select(ranked.c.post_id, ranked.c.other_id).where(ranked.c.place > RELATED_KEPT)
            db.session.execute(
                delete(cls).where(tuple_(cls.post_id, cls.other_id).in_(surplus)),
                execution_options={"synchronize_session": False},
            )

    @classmethod
    def _shared(cls, post_id: int) -> Select[int, int]:
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


@dataclass(frozen=True)
class Listing:
    """One page of a list of posts, at the same cost however long the list is."""

    items: Sequence[Post]
    page: int
    pages: int  # as far as they were counted
    is_whole: bool  # whether all were
    has_next: bool

    @classmethod
    def of(cls, posts: Select[Post], page: int, length: int = POSTS_PER_PAGE) -> Self | None:
        """Page `page` (from 1) with `length` posts; None beyond the last page."""
        found = db.session.scalars(posts.limit(length + 1).offset((page - 1) * length)).all()
        if not found and page > 1:
            return None
        if page == 1 and len(found) <= length:
            return cls(found, 1, 1, True, False)
        most = (page + COUNTED_AHEAD) * length
        some = posts.with_only_columns(Post.id).limit(most + 1).subquery()
        counted = db.session.scalar(select(func.count()).select_from(some)) or 0
        return cls(found[:length], page, -(-min(counted, most) // length), counted <= most, len(found) > length)

    @property
    def of_pages(self) -> str:
        """How many pages there are, in words where they were not all counted."""
        return str(self.pages) if self.is_whole else f"more than {self.pages}"

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def prev_num(self) -> int:
        return self.page - 1

    @property
    def next_num(self) -> int:
        return self.page + 1


def published_years(zone: tzinfo) -> list[int]:
    """The years that have published posts, newest first, in `zone`."""
    by_time = select(Post.published_at).where(Post.is_published).limit(1)  # the ends of an index; min and max read all
    ends = (
        by_time.order_by(Post.published_at).scalar_subquery(),
        by_time.order_by(Post.published_at.desc()).scalar_subquery(),
    )
    first, last = db.session.execute(select(*ends)).one()
    if first is None or last is None:
        return []
    years = range(last.astimezone(zone).year, first.astimezone(zone).year - 1, -1)
    has_posts = [Post._published_ids().where(Post._of_year(year, zone)).exists() for year in years]
    return [year for year, found in zip(years, db.session.execute(select(*has_posts)).one(), strict=True) if found]


def entries_of(article: Article) -> dict[tuple[Kind, str], EntryText]:
    """Every vocabulary entry an article names, found in one query at most."""
    references = [
        *((Kind.MUSCLE, slug) for slug in article.named_muscles),
        *((Kind.PAIN_AREA, slug) for slug in article.pain_areas),
        *((Kind.CONDITION, slug) for slug in article.conditions),
        *((Kind.RED_FLAGS, slug) for slug in (article.safety.red_flags if article.safety else ())),
    ]
    by_key = {f"entry:{kind}:{slug}": (kind, slug) for kind, slug in references}
    found = remembered(list(by_key), lambda keys: Entry.texts([by_key[key] for key in keys]))
    return {(entry.kind, entry.slug): entry for entry in found if entry is not None}


# Statements of an article's page, built once: building them takes longer than running them.


@cache
def _on_page() -> Select[Post, datetime | None]:
    return (
        Post.under_slug(bindparam("slug"))  # type: ignore[arg-type]
        .outerjoin(PostPerson, PostPerson.post_id == Post.id)
        .outerjoin(Person, Person.id == PostPerson.person_id)
        .options(Post.whole(), contains_eager(Post.authors))
        .order_by(PostPerson.position)
        .add_columns(Post._next_due().scalar_subquery())
    )


@cache
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


@cache
def _tags_of() -> Select[str, str]:
    mine = PostTag.post_id == bindparam("post_id", type_=Integer)
    return select(Tag.slug, Tag.name).join(PostTag).where(mine).order_by(Tag.name)


def _beside(at: ColumnElement[Any], post_id: ColumnElement[int]) -> tuple[Select[int], Select[int]]:
    """The ids, or null, of the next older and the next newer published post around a place in time."""
    place, mine = tuple_(Post.published_at, Post.id), tuple_(at, post_id)
    older = (
        Post._published_ids().where(place < mine)
        .order_by(Post.published_at.desc(), Post.id.desc()).limit(1).correlate(None).scalar_subquery()
    )  # fmt: skip
    newer = (
        Post._published_ids().where(place > mine)
        .order_by(Post.published_at, Post.id).limit(1).correlate(None).scalar_subquery()
    )  # fmt: skip
    return select(older), select(newer)


def _order(post: Post) -> tuple[datetime, int]:
    return post.order_key


def _subjects(post_id: int) -> CompoundSelect[str, str]:
    """What a post is listed under: "person", "tag" or the kind of an entry, and a slug."""
    return union_all(
        select(literal("person"), Person.slug).join(PostPerson).where(PostPerson.post_id == post_id),
        select(literal("tag"), Tag.slug).join(PostTag).where(PostTag.post_id == post_id),
        select(cast(Entry.kind, String), Entry.slug).join(PostEntry).where(PostEntry.post_id == post_id),
    )


@dataclass(frozen=True)
class _Links:
    """What an article refers to, found in the database."""

    people: list[Person]
    entries: list[tuple[EntryText, int]]
    tags: tuple[str, ...]

    @classmethod
    def of(cls, article: Article) -> Self:
        """Raises ArticleError with a slip for each name that does not exist."""
        people = {person.slug: person for person in db.session.scalars(Person.with_slugs(article.authors))}
        entries = entries_of(article)
        slips = [
            Slip(("authors", index), f"nobody has the slug {slug!r}")
            for index, slug in enumerate(article.authors)
            if slug not in people
        ]
        for name, kind, slugs in (
            ("muscles", Kind.MUSCLE, article.muscles),
            ("stretches", Kind.MUSCLE, sum(article.stretched, ())),
            ("pain_areas", Kind.PAIN_AREA, article.pain_areas),
            ("conditions", Kind.CONDITION, article.conditions),
            ("safety", Kind.RED_FLAGS, article.safety.red_flags if article.safety else ()),
        ):
            slips += [
                Slip((name,), f"the vocabulary has no {kind.value.replace('_', ' ')} {slug!r}")
                for slug in slugs
                if (kind, slug) not in entries
            ]
        if slips:
            raise ArticleError(slips)
        subjects = [
            (entries[kind, slug], WEIGHTS[kind])
            for kind, slugs in (
                (Kind.MUSCLE, article.muscles),
                (Kind.PAIN_AREA, article.pain_areas),
                (Kind.CONDITION, article.conditions),
            )
            for slug in dict.fromkeys(slugs)
        ]
        return cls([people[slug] for slug in dict.fromkeys(article.authors)], subjects, article.tags)

    def replace(self, post_id: int) -> None:
        """Make these the links of the post."""
        for model in (PostPerson, PostEntry, PostTag):
            db.session.execute(delete(model).where(model.post_id == post_id))
        db.session.add_all(
            PostPerson(post_id=post_id, person_id=person.id, position=position)
            for position, person in enumerate(self.people)
        )
        db.session.add_all(PostEntry(post_id=post_id, entry_id=e.id, weight=weight) for e, weight in self.entries)
        db.session.add_all(PostTag(post_id=post_id, tag_id=tag.id) for tag in _tags(self.tags))
        db.session.flush()


def _tags(slugs: Iterable[str]) -> list[Tag]:
    """The tags with these slugs; a new one takes its name from its slug."""
    wanted = dict.fromkeys(slugs)
    known = {tag.slug: tag for tag in db.session.scalars(select(Tag).where(Tag.slug.in_(wanted)))} if wanted else {}
    for slug in wanted:
        if slug not in known:
            known[slug] = Tag(slug=slug, name=slug.replace("-", " ").capitalize())
            db.session.add(known[slug])
    db.session.flush()
    return [known[slug] for slug in wanted]
