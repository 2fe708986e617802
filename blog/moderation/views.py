"""The desk's front page, the queue, decisions and the log."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.clock import now
from blog.comments.models import BIGGEST_ID, Comment, State, Words
from blog.extensions import begin_write, db
from blog.moderation.forms import DecisionForm, ReplyForm
from blog.moderation.models import Decision, Stale, Verdict
from blog.pages.models import Site
from blog.posts.models import Post

QUEUE_LENGTH = 30  # cards a page
LOG_LENGTH = 50  # decisions a page

desk = Blueprint("desk", __name__, url_prefix="/desk")
desk.before_request(require(*RoleName))

bp = Blueprint("moderation", __name__, url_prefix="/desk")
bp.before_request(require(RoleName.MODERATOR))


@desk.get("")
def home() -> str:
    oldest = db.session.scalar(Comment.in_state(State.PENDING).limit(1))
    return render_template(
        "desk/home.html",
        counts=Comment.counts(),
        oldest=oldest,
        drafts=db.session.scalars(Post.everything().where(~Post.is_published, Post.archived_at.is_(None))).all(),
        may_moderate=me().has_any_role(RoleName.MODERATOR),
    )


@bp.get("/comments")
def queue() -> str:
    return _queue()


@bp.post("/decisions")
def decide() -> BaseResponse | tuple[str, int]:
    form = DecisionForm()
    try:
        seen = form.seen
    except ValueError:
        abort(400)
    if not form.validate():
        return _queue(form, answering=seen[0].comment_id if len(seen) == 1 else None), 422
    words = Words.prepare(me().name, form.reply.data) if form.reply.data else None

    begin_write()
    by = me()
    try:
        verdict = Verdict(form.verdict.data)
        decision = Decision.make(seen, verdict, by, form.reason.data or "", form.note.data or "", answer=words)
    except Stale as stale:
        db.session.rollback()
        return _stale(stale, form), 409
    db.session.commit()
    return redirect(_back(decided=decision.id), 303)


@bp.post("/decisions/<int:decision_id>/undo")
def undo(decision_id: int) -> BaseResponse:
    if decision_id > BIGGEST_ID:
        abort(404)
    begin_write()
    decision = db.get_or_404(Decision, decision_id)
    undoing = decision.undo(me())
    db.session.commit()
    return redirect(_back(decided=undoing.id), 303)


@bp.post("/comments/<int:comment_id>/replies")
def reply(comment_id: int) -> BaseResponse | tuple[str, int]:
    if comment_id > BIGGEST_ID:
        abort(404)
    form = ReplyForm()
    if not form.validate():
        return _queue(form, answering=comment_id), 422
    words = Words.prepare(me().name, form.reply.data)
    begin_write()
    decision = Decision.reply(comment_id, words, me())
    db.session.commit()
    return redirect(_back(decided=decision.id), 303)


@bp.get("/log")
def log() -> str:
    page = db.paginate(Decision.log(), per_page=LOG_LENGTH, max_per_page=LOG_LENGTH)
    return render_template("desk/log.html", decisions=page, reasons=_reasons())


def _queue(form: DecisionForm | ReplyForm | None = None, answering: int | None = None) -> str:
    """The queue as filtered by the address; `form` comes back with what was typed when something was wrong."""
    state = _state()
    query = request.args.get("q", "").strip()[:200]
    comments = Comment.in_state(state)
    if query:
        comments = comments.where(Comment.matching(query))
    if "post" in request.args:
        comments = comments.where(Comment.post_id == _number("post"))
    if "flag" in request.args:
        comments = comments.where(Comment.flagged(request.args["flag"]))
    page = db.paginate(comments, per_page=QUEUE_LENGTH, max_per_page=QUEUE_LENGTH, error_out=False)
    decided = _number("decided")
    return render_template(
        "desk/queue.html",
        comments=page,
        parents=Comment.parents_of(page.items),
        last=Decision.last_on(comment.id for comment in page.items),
        counts=Comment.counts(),
        state=state,
        states=State,
        query=query,
        now=now(),
        form=form or DecisionForm(),
        answering=answering,
        decided=db.session.get(Decision, decided) if decided else None,
        reasons=_reasons(),
    )


def _stale(stale: Stale, form: DecisionForm) -> str:
    """What changed, with the fresh text of each comment that can still be decided."""
    comments = db.session.scalars(
        Comment.in_state(*State).where(Comment.id.in_([c.seen.comment_id for c in stale.conflicts]))
    ).all()
    return render_template(
        "desk/stale.html",
        conflicts=stale.conflicts,
        comments={comment.id: comment for comment in comments},
        last=Decision.last_on(comment.id for comment in comments),
        form=form,
        reasons=_reasons(),
        now=now(),
        back=_back(),
    )


def _number(name: str) -> int | None:
    """A number in the address, unless it is larger than any row's."""
    number = request.args.get(name, type=int)
    return number if number is not None and abs(number) <= BIGGEST_ID else None


def _state() -> State:
    try:
        return State(request.args.get("state", State.PENDING))
    except ValueError:
        abort(404)


def _back(**more: object) -> str:
    """The queue as it was filtered, carried by the form as hidden fields of the address."""
    kept = {name: request.args[name] for name in ("state", "q", "post", "flag", "page") if request.args.get(name)}
    return url_for("moderation.queue", **{**kept, **more})  # type: ignore[arg-type]


def _reasons() -> tuple[tuple[str, str], ...]:
    return tuple((reason.key, reason.label) for reason in Site.current().reasons)
