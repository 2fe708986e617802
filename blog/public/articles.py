"""Reading: home, lists, and the article with its comments."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response as BaseResponse

from blog.accounts.models import Person
from blog.anatomy.models import Entry, EntryKind
from blog.checksums import Damaged
from blog.comments import sending
from blog.comments.models import Comment
from blog.comments.threads import whole_with_titles
from blog.database import db
from blog.errors import Overloaded, log_database_error, not_shown
from blog.numbers import BIGGEST_ID
from blog.pagecache import keys
from blog.pagecache.notes import public_page, shows, with_damaged
from blog.pages.models import Site
from blog.paging import page_number
from blog.posts import listing
from blog.posts.listing import Listing, published_years
from blog.posts.models import Post, Tag
from blog.posts.page import on_page
from blog.public.article_page import article_page, page_around
from blog.public.comment_form import CommentForm

COMMENTS_ON_HOME = 3

bp = Blueprint("posts", __name__)


@bp.get("/")
@public_page("page")
def home() -> str:
    shows(keys.LIST)
    years = published_years(current_app.config["BLOG_TIME_ZONE"])
    if page_number() > 1:
        return _list("public/home.html", Listing.newest, years=years)
    shows(keys.COMMENTS, keys.ENTRIES)
    regions = db.session.scalars(Entry.regions_of(EntryKind.PAIN_AREA)).all()
    comments = whole_with_titles(with_damaged(Comment.latest().limit(COMMENTS_ON_HOME)))
    return _list("public/home.html", Listing.newest, years=years, regions=regions, comments=comments)


@bp.get("/authors/<slug>")
@public_page("page")
def author(slug: str) -> str:
    shows(keys.person(slug), keys.listed_under(keys.PERSON, slug))
    person = db.first_or_404(Person.with_slugs([slug]))
    return _list("public/author.html", partial(Listing.under, person), person=person)


@bp.get("/tags/<slug>")
@public_page("page")
def tag(slug: str) -> str:
    shows(keys.listed_under(keys.TAG, slug))
    found = db.first_or_404(Tag.with_slug(slug))
    return _list("public/tag.html", partial(Listing.under, found), tag=found)


@bp.get("/archive/<int:year>")
@public_page("page")
def archive(year: int) -> str:
    shows(keys.LIST)
    zone = current_app.config["BLOG_TIME_ZONE"]
    if year not in published_years(zone):
        abort(404)
    return _list("public/archive.html", partial(Listing.of_year, year, zone), year=year, years=published_years(zone))


@bp.get("/posts/<slug>")
@public_page("comments", "reply")
def show(slug: str) -> bytes | BaseResponse:
    if (kept := page_around(slug)) is not None:
        return kept
    found = on_page(slug)
    if found is None:
        return _off_the_site(slug)
    post, next_due = found
    if post.slug != slug:
        return redirect(url_for("posts.show", slug=post.slug, comments=request.args.get("comments")), 301)
    form = CommentForm()
    if "reply" in request.args:
        form.parent_id.data = str(page_number("reply", BIGGEST_ID))
        if sending.answered(post, form.parent) is None:
            abort(404)
    return article_page(post, form, next_due=next_due)


@bp.errorhandler(Damaged)
def damaged(error: Damaged) -> BaseResponse:
    """The article, or what stands around it, is not what was written. A reader's text comes back all the same."""
    answer = not_shown(error)
    if request.method == "POST":
        problem = "This article cannot be shown just now. Your text is still here: please send it again later."
        form = CommentForm(request.form)
        answer.set_data(render_template("errors/comment_kept.html", form=form, site=Site(), problem=problem))
    return answer


@bp.errorhandler(DBAPIError)
@bp.errorhandler(Overloaded)
def busy(error: DBAPIError | Overloaded) -> tuple[str, int, dict[str, str]]:
    """The database or the front refused. A reader's text comes back in a form that needs no database."""
    if isinstance(error, DBAPIError):
        log_database_error(error)
    page = "errors/comment_kept.html" if request.method == "POST" else "errors/busy.html"
    return render_template(page, form=CommentForm(request.form), site=Site()), 503, {"Retry-After": "30"}


def _off_the_site(slug: str) -> BaseResponse:
    """What stands where an article was: the way to another one, or that it is gone; else that nothing is here."""
    is_gone, other = db.session.execute(Post.off_the_site(slug)).first() or (False, None)
    if other is None:
        abort(410 if is_gone else 404)
    return redirect(url_for("posts.show", slug=other), 301)


def _list(template: str, posts: Callable[[int], Listing | None], **context: Any) -> str:
    """One page of a list of posts, which `posts` finds by its number."""
    listing.show_schedule()
    page = posts(page_number())
    if page is None:
        abort(404)
    return render_template(template, posts=page, **context)
