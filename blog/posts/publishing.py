"""What happens to a post: begun, revised, published, scheduled, archived, renamed. Views commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, count
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Select, delete, select

from blog.anatomy.models import EntryKind, red_flags
from blog.clock import now
from blog.database import db
from blog.errors import Refused
from blog.outbox import Event, EventKind
from blog.pagecache import keys
from blog.pagecache.changes import changes
from blog.posts.document import (
    KICKER_MAX_CHARS,
    SLUG,
    STANDFIRST_MAX_CHARS,
    TITLE_MAX_CHARS,
    Article,
    ArticleError,
)
from blog.posts.links import Links, entries_named, subjects
from blog.posts.manuscript import Manuscript
from blog.posts.models import SLUG_MAX_CHARS, Post, PostRevision, PostSlug
from blog.posts.moments import read_moment
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
    return keep(post, manuscript, (), by_id)


def keep(post: Post, manuscript: Manuscript, missing: Sequence[str], by_id: int | None) -> PostRevision:
    """Keep a new version that may be unfinished; `missing` says in words why it cannot be shown."""
    article = manuscript.article
    document = article.data()
    revision = PostRevision(
        post_id=post.id,
        title=article.title[:TITLE_MAX_CHARS],  # what is too long stands whole in the document
        kicker=article.kicker[:KICKER_MAX_CHARS],
        standfirst=article.standfirst[:STANDFIRST_MAX_CHARS],
        words=manuscript.words + _words_of_warnings(article),
        lead_picture=article.lead_picture,
        lead_muscle=article.lead_muscle,
        video=article.own_video,
        document=document,
        rendered=manuscript.rendered,
        html_version=HTML_VERSION,
        digest=digest(document),
        account_id=by_id,
        created_at=now(),
        missing=list(missing) or None,
    )
    db.session.add(revision)
    db.session.flush()
    note_pictures(revision, article)
    return revision


def _words_of_warnings(article: Article) -> int:
    """How many words the warning signs have that the vocabulary brings to its page."""
    named = article.safety.red_flags if article.safety else ()
    cards = red_flags(entries_named((EntryKind.RED_FLAGS, slug) for slug in named).values())
    return sum(len(text.split()) for card in cards for text in (card.heading, *card.items))


def publish(post: Post, revision: PostRevision, at: datetime | None = None, updated_at: datetime | None = None) -> None:
    """Show `revision`, from `at` on (now, or the time already set). Links follow the pointer.

    A later revision of a post already out counts as an update, at `updated_at` or now. Raises Refused for what may
    not be shown, such as self-help without warning signs, also when it was kept under older rules.
    """
    if revision.post_id != post.id:
        raise Refused("That version belongs to another article.")
    if not revision.is_whole():
        raise Refused("The disk has damaged this version: it is not what was written. Take an earlier one.")
    if revision.missing:
        raise Refused(f"This version cannot be shown: {'; '.join(revision.missing)}.")
    is_update = post.is_published and revision.id != post.public_revision_id
    try:
        links = Links.of(Article.parse(revision.document))
    except ArticleError as error:
        raise Refused(f"This version cannot be shown: {error}.") from error
    post.public_revision_id = revision.id  # drops the pages named at the end of this file, as linked before and after
    post.published_at = at or post.published_at or now()
    if at is not None:
        post.local_time = post.local_zone = None
    if updated_at or is_update:
        post.updated_at = updated_at or now()
    db.session.flush()
    links.replace(post.id)
    relate(post)
    if is_update:
        Event.note(EventKind.CORRECTED, post_id=post.id, revision_id=revision.id)
    db.session.expire(post, ["revision", "authors", "tags"])


def show(post: Post, revision: PostRevision) -> None:
    """Show `revision` now, or in place of what is shown; an archived article comes back under its date."""
    restore(post)
    publish(post, revision, at=None if post.is_published else min(post.published_at or now(), now()))


def schedule(post: Post, revision: PostRevision, at: datetime, clocks: tuple[str, str] | None = None) -> None:
    """Let `revision` appear at `at`, which `clocks` show so: local time and zone. Raises Refused for a post that is
    out already.
    """
    if post.is_published:
        raise Refused("It is published already; archive it first.")
    post.archived_at = None
    post.announced_at = None
    publish(post, revision, at=at)
    post.local_time, post.local_zone = clocks or (None, None)


def keep_local_time(post: Post) -> bool:
    """Bring a scheduled post to what the clocks of its zone show, if their rules have changed; whether it moved."""
    if post.local_time is None or post.local_zone is None:
        return False
    try:
        at = read_moment(post.local_time, ZoneInfo(post.local_zone))
    except (ValueError, ZoneInfoNotFoundError):
        return False  # the clocks skip it now, or show it twice: the moment stays
    if at == post.published_at or at <= now():
        return False
    post.published_at = at
    return True


def archive(post: Post, is_gone: bool = False, leads_to: Post | None = None) -> None:
    """Take it off the site; its comments go with it. Its address leads to another article, says that it is gone,
    or is like one that never was. Raises Refused when the other article is not on the site.
    """
    if leads_to is not None and (leads_to.id == post.id or not leads_to.is_published):
        raise Refused("Its address can only lead to another article that is on the site.")
    if post.archived_at is None:
        post.archived_at = now()
    post.is_gone, post.leads_to_id = is_gone, leads_to.id if leads_to else None


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


def settle(post: Post, slug: str) -> None:
    """Give an article that was never shown its address; the one before becomes free. Raises Refused as `rename`."""
    if slug == post.slug:
        return
    if post.public_revision_id is not None:
        raise Refused("It was shown under its address: a new one is given by renaming it.")
    _claim(slug, post.id)
    db.session.execute(delete(PostSlug).where(PostSlug.post_id == post.id))
    db.session.add(PostSlug(slug=slug, post_id=post.id))
    post.slug = slug


def free_slug(wanted: str, post_id: int | None) -> str:
    """`wanted`, or with the first number behind it that makes an address no other article ever had."""
    stem = wanted[: SLUG_MAX_CHARS - 5].rstrip("-")
    taken = set(db.session.scalars(_slugs_like(stem, post_id)))
    numbers = (f"{stem}-{number}" for number in count(2))
    return next(slug for slug in chain([stem], numbers) if slug not in taken)


def objection(slug: str, post_id: int | None) -> str:
    """Why an article cannot have this address; empty if it can."""
    if not SLUG.match(slug) or len(slug) > SLUG_MAX_CHARS:
        return f"“{slug}” cannot be an address: small letters, digits and single hyphens."
    owner = db.session.scalar(select(PostSlug.post_id).where(PostSlug.slug == slug))
    if owner is not None and owner != post_id:
        return f"The address “{slug}” belongs to another article, now or in the past."
    return ""


def announce(post: Post) -> None:
    """Note that what happens once at publication has happened."""
    post.announced_at = now()
    Event.note(EventKind.ANNOUNCED, post_id=post.id)


def _claim(slug: str, post_id: int | None) -> bool:
    """Whether the slug is new; raises Refused when it is another's or malformed."""
    if why_not := objection(slug, post_id):
        raise Refused(why_not)
    return db.session.scalar(select(PostSlug.post_id).where(PostSlug.slug == slug)) is None


def _slugs_like(stem: str, post_id: int | None) -> Select[str]:
    """The addresses of other articles that begin so."""
    begins = PostSlug.slug.startswith(stem, autoescape=True)
    return select(PostSlug.slug).where(begins, PostSlug.post_id != (post_id or 0))


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
for _asked in (Post.comments_open, Post.comments_close_days):
    changes(_asked, lambda post: (keys.post(post.id),))
