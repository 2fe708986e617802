"""A comment's permalink and its writer's private status page."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response as BaseResponse

from blog.comments import sending
from blog.comments.knowledge import look_at
from blog.comments.models import Comment, Urgency
from blog.comments.sending import TooMany
from blog.comments.threads import page_of
from blog.comments.words import Sender, Words
from blog.database import begin_write, db
from blog.errors import Overloaded, Refused, log_database_error, page
from blog.extensions import csrf
from blog.headers import keep_private
from blog.jobs import jobs
from blog.mail.models import Choice
from blog.moderation.models import Decision
from blog.moderation.verdicts import Verdict
from blog.network import subscriber
from blog.pages.models import Site
from blog.posts.models import Post
from blog.public.comment_form import PERSONAL, EditForm, Preview, Question, told
from blog.public.mail_choice_form import ChoiceForm

bp = Blueprint("comments", __name__)
bp.after_request(lambda response: response if response.status_code == 302 else keep_private(response))


@bp.get("/posts/<slug>/comments/<int:comment_id>")
def permalink(slug: str, comment_id: int) -> BaseResponse:
    post = db.first_or_404(Post.under_slug(slug))
    comment = db.first_or_404(Comment.visible().where(Comment.id == comment_id, Comment.post_id == post.id))
    page = page_of(comment)
    anchor = f"comment-{comment.id}"
    return redirect(url_for("posts.show", slug=post.slug, _anchor=anchor, comments=page if page > 1 else None), 302)


@bp.get("/comments/<token>")
def status(token: str) -> Response:
    comment = db.first_or_404(Comment.under_link(token))
    return make_response(_status(comment, token, EditForm(obj=comment.newest)))


@bp.post("/comments/<token>/edit")
@csrf.exempt
def edit(token: str) -> BaseResponse | tuple[str, int] | tuple[str, int, dict[str, str]]:
    comment = db.first_or_404(Comment.under_link(token))
    form = EditForm(request.form)
    if form.preview.data:
        preview = form.shown()
        return _status(comment, token, form, changing=True, preview=preview), 200 if preview else 422
    if not form.validate():
        return _status(comment, token, form, changing=True), 422
    words = Words.prepare(form.name.data, form.body.data)
    if not words.say_something:
        form.body.errors = ["Please write your comment in words."]
        return _status(comment, token, form, changing=True), 422
    sender = Sender.of(subscriber(request.remote_addr), "")
    flags = look_at(words, comment.post, sender, trap_filled=bool(form.website.data), own=comment)
    question = Question.about(words, flags)
    if question and form.personal.data != "keep":
        return _status(comment, token, form, changing=True, problem=PERSONAL, question=question), 422

    begin_write(lock=sender.hash)
    comment = db.first_or_404(Comment.under_link(token).with_for_update(of=Comment))
    try:
        sending.revise(comment, words, sender, flags)
    except (Refused, TooMany) as refusal:
        db.session.rollback()
        problem, status, headers = told(refusal)
        return _status(comment, token, form, changing=True, problem=problem), status, headers
    is_urgent = comment.urgency == Urgency.EMERGENCY
    db.session.commit()
    if is_urgent:
        jobs.wake("send_mail")
    return redirect(url_for("comments.status", token=token), 303)


@bp.post("/comments/<token>/mails")
@csrf.exempt
def choose_mails(token: str) -> BaseResponse | tuple[str, int]:
    begin_write()
    comment = db.first_or_404(Comment.under_link(token).with_for_update(of=Comment))
    choice = Choice.of(comment)
    form = ChoiceForm(request.form, choice=choice)
    if not form.validate():
        db.session.rollback()
        return _status(comment, token, EditForm(obj=comment.newest), mail_form=form), 422
    if comment.is_gone:
        raise Refused("This comment was taken back, so there is nothing to write about.")
    if form.wants_any and form.address:
        Choice.wish(comment, form.address, form.outcome.data, form.answers.data, form.follows.data)
    elif choice is not None:
        choice.end()
    db.session.commit()
    jobs.wake("send_mail")
    return redirect(url_for("comments.status", token=token, _anchor="mails"), 303)


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
    comment.erase()
    Decision.forget_notes(comment)
    Choice.forget(comment)
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


def _status(
    comment: Comment,
    token: str,
    form: EditForm,
    changing: bool = False,
    problem: str = "",
    question: Question | None = None,
    mail_form: ChoiceForm | None = None,
    preview: Preview | None = None,
) -> str:
    """The private page. While `changing`, the form is open, with what is wrong or asked about the new text.

    `preview` is how the new text would look.
    """
    choice = Choice.of(comment)
    decision = Decision.last_on([comment.id]).get(comment.id)
    declined = decision is not None and decision.verdict in (Verdict.REJECT, Verdict.SPAM)
    return render_template(
        "public/comment/status.html",
        comment=comment,
        token=token,
        reason=Site.current().reason(decision.reason) if decision and declined else None,
        alarm=form.alarm if changing else comment.newest.alarm,
        form=form,
        changing=changing,
        problem=problem,
        question=question,
        preview=preview,
        mail_choice=choice,
        mail_form=mail_form or ChoiceForm(choice=choice),
    )
