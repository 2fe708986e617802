"""What machines read: Atom feeds, the sitemap, robots.txt."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from sqlalchemy.orm import selectinload

from blog.addresses import absolute
from blog.anatomy.models import Entry, EntryKind, red_flags
from blog.comments.models import Comment
from blog.database import db
from blog.pagecache import keys
from blog.pagecache.notes import public_page, shows
from blog.pages.models import Page, PageSlug
from blog.posts import listing
from blog.posts.listing import published_years
from blog.posts.models import Post, Tag
from blog.posts.pictures import pictures_of

FEED_LENGTH = 20  # entries
PART_POSTS = 5000  # of a sitemap; search engines take up to 50,000 addresses
BEFORE_ANYTHING = datetime(1970, 1, 1, tzinfo=UTC)

Address = tuple[str, datetime | None]

bp = Blueprint("feeds", __name__)


@bp.get("/feed.atom")
@public_page()
def posts() -> Response:
    shows(keys.LIST, keys.ENTRIES, keys.page(PageSlug.DISCLAIMER))
    listing.show_schedule()
    newest = db.session.scalars(
        Post.newest().options(selectinload(Post.authors), selectinload(Post.tags), Post.whole()).limit(FEED_LENGTH)
    ).all()
    wanted = {slug for post in newest for slug in _red_flag_sets(post)}
    sets = {e.slug: e for e in db.session.scalars(Entry.named((EntryKind.RED_FLAGS, slug) for slug in wanted))}
    disclaimer = db.session.scalar(Page.shown(PageSlug.DISCLAIMER))
    text = render_template(
        "public/feeds/posts.xml",
        posts=newest,
        red_flags={post.id: red_flags(sets[slug] for slug in _red_flag_sets(post)) for post in newest},
        disclaimer=disclaimer.revision if disclaimer else None,
        media=pictures_of(*(post.revision.article for post in newest if post.revision)),
        updated=max((post.updated_at or post.order_key[0] for post in newest), default=BEFORE_ANYTHING),
    )
    return Response(text, mimetype="application/atom+xml")


@bp.get("/comments.atom")
@public_page()
def comments() -> Response:
    shows(keys.COMMENTS)
    listing.show_schedule()
    return _comments(None, Comment.latest())


@bp.get("/posts/<slug>/comments.atom")
@public_page()
def comments_on(slug: str) -> Response:
    post = db.first_or_404(Post.under_slug(slug))
    shows(keys.post(post.id), keys.comments_of(post.id))
    return _comments(post, Comment.latest().where(Comment.post_id == post.id))


@bp.get("/sitemap.xml")
@public_page()
def sitemap() -> Response:
    """Everything worth finding; sample articles are not. A large site's is a list of parts."""
    shows(keys.LIST)
    parts = -(-Post.highest_id() // PART_POSTS)
    if parts <= 1:
        return _sitemap([*_entrances(), *_articles(1)])
    text = render_template("public/feeds/sitemaps.xml", paths=[url_for("feeds.part", part=n) for n in range(parts + 1)])
    return Response(text, mimetype="application/xml")


@bp.get("/sitemap-<int:part>.xml")
@public_page()
def part(part: int) -> Response:
    """Part 0 of a large site's map are the ways in; the others are its articles, in the order of their making."""
    shows(keys.LIST)
    if part > -(-Post.highest_id() // PART_POSTS):
        abort(404)
    return _sitemap(_articles(part) if part else _entrances())


@bp.get("/robots.txt")
@public_page()
def robots() -> Response:
    lines = (
        "User-agent: *",
        "Disallow: /desk",
        "Disallow: /login",
        "Disallow: /account/",
        "Disallow: /comments/",
        f"Sitemap: {absolute(url_for('feeds.sitemap'))}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _entrances() -> list[Address]:
    """Home, lists and pages."""
    shows(keys.PAGES)
    listing.show_schedule()
    zone = current_app.config["BLOG_TIME_ZONE"]
    return [
        (url_for("posts.home"), None),
        *((url_for("posts.tag", slug=tag.slug), None) for tag in db.session.scalars(Tag.in_use())),
        *((url_for("posts.archive", year=year), None) for year in published_years(zone)),
        *((url_for("pages.show", slug=slug), text.created_at) for slug, text in Page.texts().items()),
    ]


def _articles(part: int) -> list[Address]:
    listing.show_schedule()
    rows = db.session.execute(listing.addresses(after=(part - 1) * PART_POSTS, until=part * PART_POSTS))
    return [(url_for("posts.show", slug=slug), changed) for slug, changed in rows]


def _sitemap(addresses: list[Address]) -> Response:
    return Response(render_template("public/feeds/sitemap.xml", addresses=addresses), mimetype="application/xml")


def _comments(post: Post | None, query: object) -> Response:
    found = db.session.scalars(query.limit(FEED_LENGTH)).all()  # type: ignore[attr-defined]
    text = render_template(
        "public/feeds/comments.xml",
        comments=found,
        post=post,
        path=request.path,
        updated=max((comment.shown_since for comment in found), default=BEFORE_ANYTHING),
    )
    return Response(text, mimetype="application/atom+xml")


def _red_flag_sets(post: Post) -> list[str]:
    safety = post.revision.document.get("safety") if post.revision else None
    return safety["red_flags"] if safety else []
