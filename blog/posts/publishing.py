"""What happens to a post: begun, revised, published, scheduled, archived, renamed. Views commit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from blog.clock import now
from blog.database import db
from blog.errors import Refused
from blog.pagecache import keys
from blog.pagecache.changes import changes
from blog.posts.document import SLUG, Article, ArticleError
from blog.posts.links import Links, subjects
from blog.posts.manuscript import Manuscript
from blog.posts.models import SLUG_MAX_CHARS, Post, PostRevision, PostSlug
from blog.posts.pictures import note_pictures
from blog.posts.related import neighbour_ids, relate
from blog.revisions import digest
from blog.text.sanitising import HTML_VERSION


def create(slug: str) -> Post:
    """A new draft. Raises Refused when the slug was ever used or is malformed."""
    post = Post(slug=slug, created_at=now(), comments_open=True, is_sample=False)
    _claim(slug, None)
    db.session.add(post)
    db.session.flush()
    db.session.add(PostSlug(slug=slug, post_id=post.id))
    return post


def revise(post: Post, manuscript: Manuscript, by_id: int | None = None) -> PostRevision:
    """Keep a new version, not yet shown. Raises ArticleError naming what it refers to in vain."""
    Links.of(manuscript.article)
    article = manuscript.article
    document = article.data()
    revision = PostRevision(
        post_id=post.id,
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
    note_pictures(revision, article)
    return revision


def publish(post: Post, revision: PostRevision, at: datetime | None = None, updated_at: datetime | None = None) -> None:
    """Show `revision`, from `at` on (now, or the time already set). Links follow the pointer.

    A later revision of a post already out counts as an update, at `updated_at` or now. Raises Refused for what may
    not be shown, such as self-help without warning signs, also when it was kept under older rules.
    """
    if revision.post_id != post.id:
        raise Refused("That version belongs to another article.")
    is_update = post.is_published and revision.id != post.public_revision_id
    try:
        links = Links.of(Article.parse(revision.document))
    except ArticleError as error:
        raise Refused(f"This version cannot be shown: {error}.") from error
    post.public_revision_id = revision.id  # drops the pages named at the end of this file, as linked before and after
    post.published_at = at or post.published_at or now()
    if updated_at or is_update:
        post.updated_at = updated_at or now()
    db.session.flush()
    links.replace(post.id)
    relate(post)
    db.session.expire(post, ["revision", "authors", "tags"])


def schedule(post: Post, revision: PostRevision, at: datetime) -> None:
    """Let `revision` appear at `at`. Raises Refused for a post that is out already."""
    if post.is_published:
        raise Refused("It is published already; archive it first.")
    post.archived_at = None
    post.announced_at = None
    publish(post, revision, at=at)


def archive(post: Post) -> None:
    """Take it off the site; its comments go with it."""
    if post.archived_at is None:
        post.archived_at = now()


def restore(post: Post) -> None:
    """Put an archived post back as it was."""
    if post.archived_at is not None:
        post.archived_at = None


def rename(post: Post, slug: str) -> None:
    """Give it a new slug; the old one redirects. Raises Refused when another post ever had it."""
    if slug == post.slug:
        return
    if _claim(slug, post.id):
        db.session.add(PostSlug(slug=slug, post_id=post.id))
    post.slug = slug


def announce(post: Post) -> None:
    """Note that what happens once at publication has happened."""
    post.announced_at = now()


def _claim(slug: str, post_id: int | None) -> bool:
    """Whether the slug is new; raises Refused when it is another's or malformed."""
    if not SLUG.match(slug) or len(slug) > SLUG_MAX_CHARS:
        raise Refused(f"“{slug}” cannot be an address: small letters, digits and single hyphens.")
    owner = db.session.scalar(select(PostSlug.post_id).where(PostSlug.slug == slug))
    if owner is not None and owner != post_id:
        raise Refused(f"The address “{slug}” belongs to another article, now or in the past.")
    return owner is None


# What follows from moving a post, whoever moves it: every page that shows it, or will show it, is made anew.


def _pages_with(post: Post) -> Iterator[str]:
    """Its own page, the lists it is in, the pages that link to it as the one before or after, and what is due next."""
    yield from (keys.post(post.id), keys.LIST, keys.COMMENTS)
    yield from (keys.listed_under(what, slug) for what, slug in db.session.execute(subjects(post.id)))
    if post.published_at is not None:
        yield from (keys.post(number) for number in db.session.scalars(neighbour_ids(post)) if number)
        if post.published_at > now():
            yield keys.SCHEDULE


def _pages_dating(post: Post) -> tuple[str, str]:
    return keys.post(post.id), keys.LIST


for _place in (Post.public_revision_id, Post.published_at, Post.archived_at, Post.slug):
    changes(_place, _pages_with)
for _said in (Post.updated_at, Post.is_sample):
    changes(_said, _pages_dating)
changes(Post.comments_open, lambda post: (keys.post(post.id),))
