"""Reading: home, lists, the article with its comments, and the door for new comments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response as BaseResponse

from blog.accounts.models import Person
from blog.addresses import absolute
from blog.anatomy.models import Kind, red_flags
from blog.comments import sending
from blog.comments.knowledge import look_at
from blog.comments.models import Urgency
from blog.comments.sending import TooMany
from blog.comments.threads import Threads
from blog.comments.words import Sender, Words
from blog.database import begin_write, db, in_turn
from blog.errors import Overloaded, Refused, log_database_error
from blog.extensions import csrf
from blog.jobs import jobs
from blog.mail.models import Choice
from blog.network import subscriber
from blog.pagecache import keys
from blog.pagecache.notes import public_page, shows
from blog.pages.models import Page, PageSlug, Site
from blog.paging import page_number
from blog.posts import listing
from blog.posts.links import entries_of
from blog.posts.listing import Listing, published_years
from blog.posts.models import Post, Tag
from blog.posts.page import on_page, show_on_page, tags_of
from blog.posts.related import surroundings
from blog.public.comment_form import PERSONAL, CommentForm, FormToken, Preview, Question, came_from_here, told
from blog.public.sharing import share_links

bp = Blueprint("posts", __name__)


@bp.get("/")
@public_page("page")
def home() -> str:
    shows(keys.LIST)
    return _list("public/home.html", Post.newest(), years=published_years(current_app.config["BLOG_TIME_ZONE"]))


@bp.get("/authors/<slug>")
@public_page("page")
def author(slug: str) -> str:
    shows(keys.person(slug), keys.listed_under(keys.PERSON, slug))
    person = db.first_or_404(Person.with_slugs([slug]))
    return _list("public/author.html", listing.by_author(person), person=person)


@bp.get("/tags/<slug>")
@public_page("page")
def tag(slug: str) -> str:
    shows(keys.listed_under(keys.TAG, slug))
    found = db.first_or_404(Tag.with_slug(slug))
    return _list("public/tag.html", listing.tagged(found), tag=found)


@bp.get("/archive/<int:year>")
@public_page("page")
def archive(year: int) -> str:
    shows(keys.LIST)
    zone = current_app.config["BLOG_TIME_ZONE"]
    if year not in published_years(zone):
        abort(404)
    return _list("public/archive.html", listing.in_year(year, zone), year=year, years=published_years(zone))


@bp.get("/posts/<slug>")
@public_page("comments", "reply")
def show(slug: str) -> str | BaseResponse:
    found = on_page(slug)
    if found is None:
        abort(404)
    post, next_due = found
    if post.slug != slug:
        return redirect(url_for("posts.show", slug=post.slug, comments=request.args.get("comments")), 301)
    form = CommentForm()
    if "reply" in request.args:
        form.parent_id.data = str(page_number("reply"))
        if sending.answered(post, form.parent) is None:
            abort(404)
    return _article(post, form, next_due=next_due)


@bp.get("/posts/<slug>/comments")
def form(slug: str) -> BaseResponse:
    post = db.first_or_404(Post.under_slug(slug))
    return redirect(url_for("posts.show", slug=post.slug, _anchor="comment-form"))


@bp.post("/posts/<slug>/comments")
@csrf.exempt
@in_turn
def comment(slug: str) -> str | BaseResponse | tuple[str, int] | tuple[str, int, dict[str, str]]:
    Site.current()  # before a transaction is open, so that it is remembered
    post = sending.subject(slug) or abort(404)
    form = CommentForm(request.form)
    if form.preview.data and came_from_here(request):
        preview = form.shown()
        return _again(slug, form, preview=preview), 200 if preview else 422
    token = FormToken.read(form.token.data or "", post.id)
    if not form.validate():
        return _again(slug, form), 422
    if token is None or not came_from_here(request):
        problem = "This form had been open for very long. Your text is still here: please send it again."
        return _again(slug, form, problem), 422
    words = Words.prepare(form.name.data, form.body.data)
    if not words.say_something:
        form.body.errors = ["Please write your comment in words."]
        return _again(slug, form), 422
    sender = Sender.of(subscriber(request.remote_addr), form.email.data or "")
    flags = look_at(words, post, sender, trap_filled=bool(form.website.data), seconds=form.seconds)
    question = Question.about(words, flags)
    if question and form.personal.data != "keep":
        return _again(slug, form, PERSONAL, question), 422

    begin_write(lock=sender.hash)
    locked = sending.post_for(slug) or abort(404)
    try:
        stored, _ = sending.submit(
            locked, words, sender, (token.disclaimer_id, token.policy_id), flags, parent_id=form.parent
        )
    except (Refused, TooMany) as refusal:
        db.session.rollback()
        problem, status, headers = told(refusal)
        return _again(slug, form, problem), status, headers
    if form.wants_mail:
        Choice.wish(stored, form.mail_to)
    link = url_for("comments.status", token=stored.token)
    is_urgent = form.wants_mail or stored.urgency == Urgency.EMERGENCY
    db.session.commit()
    if is_urgent:
        jobs.wake("send_mail")
    return redirect(link, 303)


@bp.errorhandler(DBAPIError)
@bp.errorhandler(Overloaded)
def busy(error: DBAPIError | Overloaded) -> tuple[str, int, dict[str, str]]:
    """The database or the front refused. A reader's text comes back in a form that needs no database."""
    if isinstance(error, DBAPIError):
        log_database_error(error)
    page = "errors/comment_kept.html" if request.method == "POST" else "errors/busy.html"
    return render_template(page, form=CommentForm(request.form), site=Site()), 503, {"Retry-After": "30"}


def _again(
    slug: str,
    form: CommentForm,
    problem: str = "",
    question: Question | None = None,
    preview: Preview | None = None,
) -> str:
    """The article's page with what its reader sent, and with what is wrong about it or how it would look."""
    return _article(db.first_or_404(Post.under_slug(slug)), form, problem, question, preview)


def _article(
    post: Post,
    form: CommentForm,
    problem: str = "",
    question: Question | None = None,
    preview: Preview | None = None,
    next_due: datetime | None = None,
) -> str:
    """The article's page. `problem` is what is wrong with the form as a whole, `question` asks its writer something."""
    if post.revision is None:
        abort(404)
    article = post.revision.article
    entries = entries_of(article)
    show_on_page(post, article, next_due)
    threads = Threads.of(post, page_number("comments"))
    if threads.page > threads.pages:
        abort(404)
    pages = Page.texts()
    disclaimer, policy = pages.get(PageSlug.DISCLAIMER), pages.get(PageSlug.COMMENT_POLICY)
    form.token.data = str(
        FormToken.today(post.id, disclaimer.id if disclaimer else None, policy.id if policy else None)
    )
    answered = sending.answered(post, form.parent) if not form.parent_id.errors else None
    if answered is None:
        form.parent_id.data = ""  # what is sent from here is a comment of its own
    around = surroundings(post)
    shows(*(keys.post(other.id) for other in (*around.related, around.older, around.newer) if other))
    shows(keys.page(PageSlug.DISCLAIMER), keys.page(PageSlug.COMMENT_POLICY))
    primary, secondary = article.stretched
    path = url_for("posts.show", slug=post.slug)
    return render_template(
        "public/article.html",
        post=post,
        article=article,
        rendered=post.revision.rendered,
        minutes=post.revision.reading_minutes,
        muscles=_named(entries, Kind.MUSCLE, article.muscles),
        primary=_named(entries, Kind.MUSCLE, primary),
        secondary=_named(entries, Kind.MUSCLE, secondary),
        muscle_names={slug: entry.name for (kind, slug), entry in entries.items() if kind == Kind.MUSCLE},
        pain_areas=_named(entries, Kind.PAIN_AREA, article.pain_areas),
        conditions=_named(entries, Kind.CONDITION, article.conditions),
        red_flags=red_flags(_named(entries, Kind.RED_FLAGS, article.safety.red_flags)) if article.safety else [],
        disclaimer=disclaimer,
        related=around.related,
        older=around.older,
        newer=around.newer,
        threads=threads,
        form=form,
        problem=problem,
        question=question,
        preview=preview,
        answered=answered,
        tags=tags_of(post),
        address=absolute(path),
        shares=share_links(path, article.title),
    )


def _named(entries: dict[tuple[Kind, str], Any], kind: Kind, slugs: tuple[str, ...]) -> list[Any]:
    return [entries[kind, slug] for slug in slugs if (kind, slug) in entries]


def _list(template: str, posts: Any, **context: Any) -> str:
    """One page of a list of posts."""
    listing.show_schedule()
    page = Listing.of(posts, page_number())
    if page is None:
        abort(404)
    return render_template(template, posts=page, **context)
