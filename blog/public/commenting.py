"""What readers do with comments: write one, link to one, change or take back their own on its private page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from blog.addresses import came_from_here
from blog.comments import proofs, sending
from blog.comments.knowledge import is_suspect
from blog.comments.models import Comment
from blog.comments.sending import Receipt, ShownTexts, Subject, TooMany
from blog.comments.threads import page_of, whole
from blog.comments.urgency import Urgency
from blog.comments.words import Sender
from blog.database import begin_write, db
from blog.errors import Overloaded, Refused, log_database_error, page
from blog.extensions import csrf
from blog.headers import keep_private
from blog.jobs import jobs
from blog.mail.models import Choice
from blog.network import subscriber
from blog.pages.models import Site
from blog.posts.models import Post
from blog.posts.page import on_page
from blog.privacy import erasing
from blog.public.article_page import article_page
from blog.public.articles import bp as articles
from blog.public.comment_form import CommentForm, EditForm, Feedback, FormToken, Letter, Sent, SentBack
from blog.public.mail_choice_form import ChoiceForm
from blog.public.status_page import status_page
from blog.turns import in_turn, written

SOME_LINK = "the-secret-of-its-link"  # stands for one in an address that is built once

Answer = BaseResponse | tuple[str, int] | tuple[str | bytes, int, dict[str, str]]

bp = Blueprint("comments", __name__)
bp.after_request(lambda response: response if response.status_code == 302 else keep_private(response))


@articles.get("/posts/<slug>/comments")
def form(slug: str) -> BaseResponse:
    post = db.first_or_404(Post.under_slug(slug))
    return redirect(url_for("posts.show", slug=post.slug, _anchor="comment-form"))


@articles.post("/posts/<slug>/comments", endpoint="comment")
@csrf.exempt
@in_turn
def submit(slug: str) -> Answer:
    sent = Sent.of(request.form, Site.current().comment_email)  # before the database is asked: then it is remembered
    about = sending.subject(slug) or abort(404)
    token = FormToken.read(sent.token, about.id)

    def store(letter: Letter) -> tuple[Receipt, str | None]:
        post = sending.lock_post(about.id) or abort(404)
        shown = token.shown if token else ShownTexts()
        receipt, is_new = sending.submit(post, letter.words, letter.sender, shown, letter.flags, sent.parent)
        if is_new and letter.proof:
            letter.proof.spend()
        if sent.wants_mail:
            Choice.wish(db.session.get_one(Comment, receipt.id), sent.mail_to)
        return receipt, None

    def again(feedback: Feedback) -> str | bytes:
        form = CommentForm(request.form).refused(feedback.problems)
        if feedback.status == 429:  # to somebody who sends a lot: the whole article would cost as much as taking it
            return render_template("errors/comment_kept.html", form=form, site=Site(), problem=feedback.problem)
        found = on_page(slug) or abort(404)
        return article_page(found[0], form, feedback)

    return _take(sent, about, store, again, is_ours=came_from_here(request), is_fresh=token is not None)


@bp.get("/posts/<slug>/comments/proof")
def prove(slug: str) -> Response:
    """A question for the browser of somebody who writes a comment, and whether an answer is wanted in any case."""
    about = sending.subject(slug) or abort(404)
    is_wanted = is_suspect(Sender.of(subscriber(request.remote_addr), ""))
    return jsonify(wanted=is_wanted, challenge=proofs.question(about.id, is_wanted))


@bp.get("/posts/<slug>/comments/<int:comment_id>")
def permalink(slug: str, comment_id: int) -> BaseResponse:
    post = db.first_or_404(Post.under_slug(slug))
    comment = db.first_or_404(Comment.visible().where(Comment.id == comment_id, Comment.post_id == post.id))
    if not whole([comment]):
        abort(404)
    page = page_of(comment)
    anchor = f"comment-{comment.id}"
    return redirect(url_for("posts.show", slug=post.slug, _anchor=anchor, comments=page if page > 1 else None), 302)


@bp.get("/comments/<token>")
def status(token: str) -> Response:
    comment = db.first_or_404(Comment.under_link(token))
    return make_response(status_page(comment, token, EditForm(obj=comment.newest)))


@bp.post("/comments/<token>/edit")
@csrf.exempt
def edit(token: str) -> Answer:
    comment = db.first_or_404(Comment.under_link(token))

    def store(letter: Letter) -> tuple[Receipt, str]:
        locked = db.first_or_404(Comment.under_link(token).with_for_update(of=Comment))
        is_new = sending.revise(locked, letter.words, letter.sender, letter.flags)
        return Receipt.of(locked), "text" if is_new else "same"

    def again(feedback: Feedback) -> str | bytes:
        return status_page(comment, token, EditForm(request.form).refused(feedback.problems), feedback)

    return _take(Sent.of_change(request.form), comment.post, store, again, own=comment)


@bp.post("/comments/<token>/mails")
@csrf.exempt
def choose_mails(token: str) -> BaseResponse | tuple[str, int]:
    begin_write()
    comment = db.first_or_404(Comment.under_link(token).with_for_update(of=Comment))
    choice = Choice.of(comment)
    form = ChoiceForm(request.form, choice=choice)
    if not form.validate():
        db.session.rollback()
        return status_page(comment, token, EditForm(obj=comment.newest), mail_form=form), 422
    if comment.is_gone:
        raise Refused("This comment was taken back, so there is nothing to write about.")
    if form.wants_any and form.address:
        Choice.wish(comment, form.address, form.outcome.data, form.answers.data, form.follows.data)
    elif choice is not None:
        choice.end()
    db.session.commit()
    jobs.wake("send_mail")
    return redirect(url_for("comments.status", token=token, saved="mails", _anchor="mails"), 303)


@bp.post("/comments/<token>/withdraw")
@csrf.exempt
def withdraw(token: str) -> BaseResponse:
    begin_write()
    comment = db.first_or_404(Comment.under_link(token).with_for_update(of=Comment))
    comment.withdraw()
    db.session.commit()
    return redirect(url_for("comments.status", token=token), 303)


@bp.post("/comments/<token>/erase")
@csrf.exempt
def erase(token: str) -> BaseResponse:
    begin_write()
    comment = db.first_or_404(Comment.under_link(token).with_for_update(of=Comment))
    erasing.erase(comment)
    db.session.commit()
    return redirect(url_for("comments.status", token=token), 303)


@bp.errorhandler(DBAPIError)
@bp.errorhandler(Overloaded)
def busy(error: DBAPIError | Overloaded) -> tuple[str, int, dict[str, str]]:
    """The database or the front refused. A changed text comes back in a form that needs no database."""
    if isinstance(error, DBAPIError):
        log_database_error(error)
    retry = {"Retry-After": "30"}
    if request.endpoint != "comments.edit":
        return (*page(503), retry)
    return render_template("errors/comment_kept.html", form=EditForm(request.form), site=Site()), 503, retry


def _take(
    sent: Sent,
    about: Post | Subject,
    store: Callable[[Letter], tuple[Receipt, str | None]],
    again: Callable[[Feedback], str | bytes],
    **more: Any,
) -> Answer:
    """The one way of what a reader sends, a new comment or a change: read it, store it, lead to its private page.

    What is not stored comes back on the page that `again` makes. `store` gives what leads to the comment, and what its
    page says of the storing; `more` is what else `Letter.read` has to know.
    """
    try:
        letter = Letter.read(sent, about, subscriber(request.remote_addr), **more)
        is_plain = not sent.wants_mail and letter.proof is None  # what else is to be stored takes objects
        receipt, saved = written(lambda: store(letter), letter.sender.hash, may_share=is_plain)
    except (SentBack, Refused, TooMany) as refusal:
        db.session.rollback()
        feedback = refusal.feedback if isinstance(refusal, SentBack) else Feedback.of(refusal)
        return again(feedback), feedback.status, dict(feedback.headers)
    except HTTPException:  # gone meanwhile: nobody waits for the lock while that page is made
        db.session.rollback()
        raise
    link = url_for("comments.status", token=SOME_LINK, saved=saved).replace(SOME_LINK, receipt.token)
    if sent.wants_mail or receipt.urgency == Urgency.EMERGENCY:
        jobs.wake("send_mail")
    return redirect(link, 303)
