"""What machines read: feeds in Atom and JSON, the sitemap, robots.txt, whom to tell of a weakness."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from sqlalchemy import Select

from blog.accounts.models import Person
from blog.addresses import absolute
from blog.anatomy.models import Entry, EntryKind
from blog.assets import asset
from blog.clock import now
from blog.comments.models import Comment
from blog.comments.threads import public_among, whole_with_titles
from blog.database import db
from blog.markup import iso
from blog.pagecache import keys
from blog.pagecache.notes import expires_at, public_page, shows, with_damaged
from blog.pages.models import Page, Site
from blog.posts import listing
from blog.posts.listing import published_years
from blog.posts.models import Post, Tag
from blog.public.article_copy import Copies, entry_id, whole
from blog.public.cards import card_address
from blog.public.structured import PAGES

FEED_LENGTH = 20  # entries
PART_POSTS = 5000  # of a sitemap; search engines take up to 50,000 addresses
BEFORE_ANYTHING = datetime(1970, 1, 1, tzinfo=UTC)

CLOSED = ("/desk", "/login", "/account/", "/comments/", "/search")  # to crawlers, whatever the settings say

bp = Blueprint("feeds", __name__)


class Address(NamedTuple):
    """A page of the sitemap. `card` says where the picture of it lies, if it has one."""

    path: str
    changed: datetime | None = None
    card: str | None = None


@dataclass(frozen=True)
class Source:
    """What a feed of articles follows: its name, empty for the whole site, the page of which it is the feed."""

    title: str
    page: str  # the path
    feed: str  # the path, without ".atom" or ".json"
    posts: Select[Any]  # newest first


@bp.get("/feed.<any(atom, json):form>")
@public_page()
def posts(form: str) -> Response:
    shows(keys.LIST)
    return _posts(form, Source("", url_for("posts.home"), "/feed", Post.newest()))


@bp.get("/tags/<slug>/feed.<any(atom, json):form>")
@public_page()
def tag(slug: str, form: str) -> Response:
    shows(keys.listed_under(keys.TAG, slug))
    found = db.first_or_404(Tag.with_slug(slug))
    page = url_for("posts.tag", slug=slug)
    return _posts(form, Source(found.name, page, f"{page}/feed", listing.tagged(found)))


@bp.get("/muscles/<slug>/feed.<any(atom, json):form>")
@public_page()
def muscle(slug: str, form: str) -> Response:
    shows(keys.listed_under(EntryKind.MUSCLE, slug))
    found = db.first_or_404(Entry.shown(EntryKind.MUSCLE, slug))
    page = url_for("anatomy.muscle", slug=slug)
    return _posts(form, Source(found.name, page, f"{page}/feed", listing.about(found)))


@bp.get("/authors/<slug>/feed.<any(atom, json):form>")
@public_page()
def author(slug: str, form: str) -> Response:
    shows(keys.person(slug), keys.listed_under(keys.PERSON, slug))
    found = db.first_or_404(Person.with_slugs([slug]))
    page = url_for("posts.author", slug=slug)
    return _posts(form, Source(found.name, page, f"{page}/feed", listing.by_author(found)))


def _posts(form: str, source: Source) -> Response:
    """The newest articles of a source, whole, as Atom or as JSON Feed 1.1."""
    listing.show_schedule()
    newest = [post for post in with_damaged(source.posts.options(*whole()).limit(FEED_LENGTH)) if post.is_fit]
    shows(*(keys.person(person.slug) for post in newest for person in post.authors))
    copies = Copies.of(newest)
    if form == "json":
        return _as_json(source, newest, copies)
    updated = max((post.updated_at or post.order_key[0] for post in newest), default=BEFORE_ANYTHING)
    told = {"source": source, "entry_id": entry_id, "posts": newest, "copies": copies, "updated": updated}
    return Response(render_template("public/feeds/posts.xml", **told), mimetype="application/atom+xml")


def _as_json(source: Source, newest: Sequence[Post], copies: Copies) -> Response:
    site = Site.current()
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{source.title} · {site.name}" if source.title else site.name,
        "description": site.tagline,
        "home_page_url": absolute(source.page),
        "feed_url": absolute(f"{source.feed}.json"),
        "icon": absolute(asset("images/touch-icon.png")),
        "language": "en",
        "authors": [{"name": site.name, "url": absolute(url_for("posts.home"))}],
        "items": [_item(post, copies) for post in newest],
    }
    return Response(json.dumps(feed, ensure_ascii=False), mimetype="application/feed+json")


def _item(post: Post, copies: Copies) -> dict[str, Any]:
    address = absolute(url_for("posts.show", slug=post.slug))
    article = post.revision.article if post.revision else abort(404)
    authors = [
        {"name": person.name, "url": absolute(url_for("posts.author", slug=person.slug))} for person in post.authors
    ]
    item: dict[str, Any] = {
        "id": entry_id("posts", post.id),
        "url": address,
        "title": article.title,
        "summary": article.standfirst,
        "content_html": copies.html(post),
        "date_published": iso(post.order_key[0]),
        "date_modified": iso(post.updated_at or post.order_key[0]),
        "authors": authors,
        "language": "en",
    }
    if post.card:
        item["image"] = card_address(post.card)
    return item | ({"tags": [tag.name for tag in post.tags]} if post.tags else {})


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
    """What crawlers may read: what the settings say, and in any case nothing of the desk and of private pages."""
    own = Site.current().robots_text.splitlines()
    closed = [f"Disallow: {path}" for path in CLOSED]
    lines = [
        "User-agent: *",
        *closed,
        *([""] if own else []),
        *own,
        "",
        f"Sitemap: {absolute(url_for('feeds.sitemap'))}",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/.well-known/security.txt")
@public_page()
def security() -> Response:
    """Whom to tell of a weakness (RFC 9116), if the settings name somebody. It counts as old after at most a year."""
    contact = Site.current().security_contact
    if not contact:
        abort(404)
    month = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    expires_at((month + timedelta(days=32)).replace(day=1))
    lines = (
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {iso(month + timedelta(days=330))}",
        "Preferred-Languages: en",
        f"Canonical: {absolute(url_for('feeds.security'))}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _entrances() -> list[Address]:
    """Home, lists and pages."""
    shows(keys.PAGES)
    listing.show_schedule()
    zone = current_app.config["BLOG_TIME_ZONE"]
    return [
        Address(url_for("posts.home")),
        *(Address(url_for(f"anatomy.{name}")) for name in ("muscles", "pain", "conditions")),
        *(Address(url_for("posts.tag", slug=tag.slug)) for tag in db.session.scalars(Tag.in_use())),
        *(Address(url_for("posts.archive", year=year)) for year in published_years(zone)),
        *(Address(url_for("pages.show", slug=slug), text.created_at) for slug, text in Page.texts().items()),
        *_reviewed_entries(),
    ]


def _reviewed_entries() -> list[Address]:
    """The vocabulary, as far as a clinician has reviewed it: its other pages ask not to be listed."""
    shows(keys.ENTRIES)
    found = []
    for kind, (_, _, page) in PAGES.items():
        for entry in db.session.scalars(Entry.of_kind(kind)):
            if not entry.is_sample and entry.revision is not None:
                shows(keys.entry(kind, entry.slug))
                found.append(Address(url_for(page, slug=entry.slug), entry.revision.created_at, entry.card))
    return found


def _articles(part: int) -> list[Address]:
    listing.show_schedule()
    rows = db.session.execute(listing.addresses(after=(part - 1) * PART_POSTS, until=part * PART_POSTS))
    return [Address(url_for("posts.show", slug=slug), changed, card) for slug, changed, card in rows]


def _sitemap(addresses: list[Address]) -> Response:
    return Response(render_template("public/feeds/sitemap.xml", addresses=addresses), mimetype="application/xml")


def _comments(post: Post | None, query: Select[Comment]) -> Response:
    found = whole_with_titles(with_damaged(query.limit(FEED_LENGTH)))
    parents = public_among({comment.parent_id for comment in found if comment.parent_id})
    text = render_template(
        "public/feeds/comments.xml",
        comments=found,
        parents=parents,
        entry_id=entry_id,
        post=post,
        path=request.path,
        updated=max((comment.shown_since for comment in found), default=BEFORE_ANYTHING),
    )
    return Response(text, mimetype="application/atom+xml")
