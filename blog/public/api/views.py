"""The addresses below /api/v1: read-only, from memory where they can be, the same for everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, abort, json, redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response as BaseResponse

from blog.accounts.models import Person
from blog.addresses import absolute
from blog.anatomy.models import Entry, EntryKind
from blog.comments.models import Comment
from blog.comments.threads import public_among, whole_with_titles
from blog.database import db
from blog.pagecache import keys
from blog.pagecache.notes import public_page, shows, with_damaged
from blog.paging import Place
from blog.posts import listing
from blog.posts.models import Post, Tag
from blog.public.api import parameters, records
from blog.public.api.description import answers, document
from blog.public.api.parameters import AFTER, FOUND_PAGE, LIMIT, QUESTION, REGION, UNDER
from blog.public.api.reading import PLURALS, comment, entry_item, found, post_item, whole_entry, whole_post
from blog.public.article_copy import whole
from blog.search.results import Results
from blog.search.vocabulary import Vocabulary

KINDS = {plural: kind for kind, plural in PLURALS.items()}
PLURAL = f"<any({', '.join(repr(plural) for plural in KINDS)}):plural>"

bp = Blueprint("api", __name__, url_prefix="/api")


@bp.get("/v1/posts")
@public_page(LIMIT.name, AFTER.name, UNDER.name)
@answers(records.PostPage, "Articles, newest first.", LIMIT, AFTER, UNDER)
def posts() -> Response:
    limit, after, under = parameters.number(LIMIT), parameters.place(), parameters.list_name()
    shows(keys.LIST)
    listing.show_schedule()
    narrowed = [after.comes_before(Post.published_at, Post.id)] if after else []
    chosen = _posts_under(*under, *narrowed) if under else Post.newest(*narrowed)
    here = with_damaged(chosen.options(*whole()).limit(limit + 1))
    goes_on = _next(here, limit, lambda post: Place(*post.order_key))
    return _said(records.PostPage([post_item(post) for post in here[:limit] if post.is_fit], goes_on))


@bp.get("/v1/posts/<slug>")
@public_page()
@answers(records.Post, "A whole article, with its warning signs and the disclaimer.")
def post(slug: str) -> Response | BaseResponse:
    listing.show_schedule()
    one = db.first_or_404(Post.under_slug(slug).options(*whole()))
    if one.slug != slug:
        return redirect(url_for("api.post", slug=one.slug), 301)
    return _said(whole_post(one))


@bp.get("/v1/posts/<slug>/comments")
@public_page(LIMIT.name, AFTER.name)
@answers(records.CommentPage, "The approved comments on an article; those published last come first.", LIMIT, AFTER)
def comments_on(slug: str) -> Response:
    listing.show_schedule()
    one = db.first_or_404(Post.under_slug(slug))
    shows(keys.post(one.id), keys.comments_of(one.id))
    return _comments(Comment.latest().where(Comment.post_id == one.id))


@bp.get("/v1/comments")
@public_page(LIMIT.name, AFTER.name)
@answers(records.CommentPage, "The approved comments of the whole site; those published last come first.", LIMIT, AFTER)
def comments() -> Response:
    listing.show_schedule()
    shows(keys.COMMENTS)
    return _comments(Comment.latest())


@bp.get(f"/v1/{PLURAL}")
@public_page()
@answers(records.EntryList, "All entries of the vocabulary of one kind, by name.")
def entries(plural: str) -> Response:
    shows(keys.ENTRIES)
    regions = {region.slug: region.name for region in db.session.scalars(Entry.of_kind(EntryKind.REGION))}
    here = db.session.scalars(Entry.of_kind(KINDS[plural]))
    return _said(records.EntryList([entry_item(one, regions) for one in here]))


@bp.get(f"/v1/{PLURAL}/<slug>")
@public_page()
@answers(
    {"muscles": records.Muscle, "pain-areas": records.PainArea, "conditions": records.Condition},
    "An entry of the vocabulary, with its warning signs.",
)
def entry(plural: str, slug: str) -> Response:
    shows(keys.ENTRIES)
    return _said(whole_entry(db.first_or_404(Entry.shown(KINDS[plural], slug))))


@bp.get("/v1/search")
@public_page(QUESTION.name, FOUND_PAGE.name, REGION.name)
@answers(records.FoundPage, "What fits a question, best first.", QUESTION, FOUND_PAGE, REGION, required=(QUESTION,))
def search() -> Response:
    asked, page, region = parameters.question(), parameters.number(FOUND_PAGE), parameters.region()
    if region and region not in Vocabulary.current().regions:
        abort(404)
    told = Results.of(asked, page, region=region)
    items = [*told.best, *told.articles, *(one for group in told.entries.values() for one in group)]
    goes_on = told.has_next and page < FOUND_PAGE.schema["maximum"]
    following = url_for("api.search", q=asked, page=page + 1, region=region or None)
    return _said(
        records.FoundPage(
            corrected=told.corrected or None,
            answer=found(told.answer) if told.answer else None,
            items=[found(one) for one in items],
            regions=[records.FoundRegion(*one) for one in told.regions],
            next=absolute(following) if goes_on else None,
        )
    )


@bp.get("/v1/openapi.json")
@public_page()
def description() -> Response:
    """What all this is, for programs."""
    return Response(json.dumps(document(), ensure_ascii=False), mimetype="application/json")


@bp.get("")
@public_page()
def people() -> str:
    """The same for people."""
    return render_template("public/api/index.html", told=document())


def _posts_under(what: str, slug: str, *narrowed: Any) -> Select[Post]:
    """The articles listed under something. Says so; 404 where there is no such thing."""
    is_person = what == "author"
    shows(keys.listed_under(keys.PERSON if is_person else what, slug))
    if is_person:
        return listing.by_author(db.first_or_404(Person.with_slugs([slug])), *narrowed)
    if what == "tag":
        return listing.tagged(db.first_or_404(Tag.with_slug(slug)), *narrowed)
    shows(keys.ENTRIES)
    return listing.about(db.first_or_404(Entry.shown(EntryKind(what), slug)), *narrowed)


def _comments(query: Select[Comment]) -> Response:
    limit, after = parameters.number(LIMIT), parameters.place()
    if after:
        query = query.where(after.comes_before(Comment.published_at, Comment.id))
    here = with_damaged(query.limit(limit + 1))
    shows(*(keys.post(one.post_id) for one in here))
    parents = public_among({one.parent_id for one in here if one.parent_id})
    goes_on = _next(here, limit, lambda one: Place(one.published_at or abort(404), one.id))
    return _said(records.CommentPage([comment(one, parents) for one in whole_with_titles(here[:limit])], goes_on))


def _next(rows: Sequence[Any], limit: int, place_of: Callable[[Any], Place]) -> str | None:
    """The address of what follows the first `limit` of these rows."""
    if len(rows) <= limit:
        return None
    given: dict[str, Any] = {
        **(request.view_args or {}),
        **request.args.to_dict(),
        AFTER.name: str(place_of(rows[limit - 1])),
    }
    return absolute(url_for(str(request.endpoint), **given))


def _said(record: Any) -> Response:
    return Response(json.dumps(records.plain(record), ensure_ascii=False), mimetype="application/json")
