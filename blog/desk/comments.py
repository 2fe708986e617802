"""The desk's front page, the queue, decisions on one comment, on many and on a whole filter, and the log."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from blog.accounts.models import Account, RoleName
from blog.accounts.security import me, require
from blog.clock import now
from blog.comments.models import BIGGEST_ID, Comment, CommentRevision
from blog.comments.words import Words
from blog.database import begin_write, db
from blog.desk.decision_forms import BatchForm, DecisionForm, RedactionForm, ReplyForm
from blog.jobs import jobs
from blog.mail.models import failing_mails
from blog.moderation.batches import BatchDecision, CountChanged
from blog.moderation.figures import (
    CHART_DAYS,
    MEASURED_DAYS,
    batches_since,
    chart,
    days,
    deciders_since,
    waits_since,
)
from blog.moderation.log import WHAT, Log, LogFilter
from blog.moderation.marks import compared, marked, masked
from blog.moderation.models import Decision
from blog.moderation.queue import MOST_COUNTED, Filter, Place, counted, oldest, tabs, waiting
from blog.moderation.verdicts import Seen, Stale, Verdict
from blog.pages.models import Site
from blog.posts import listing
from blog.posts.models import Post
from blog.triage import Kind

desk = Blueprint("desk", __name__, url_prefix="/desk")
desk.before_request(require(*RoleName))

bp = Blueprint("moderation", __name__, url_prefix="/desk")
bp.before_request(require(RoleName.MODERATOR))


@desk.get("")
def home() -> str:
    may_moderate = me().has_any_role(RoleName.MODERATOR)
    return render_template(
        "desk/home.html",
        drafts=db.session.scalars(listing.unpublished()).all(),
        may_moderate=may_moderate,
        failing_mails=failing_mails() if me().has_any_role(RoleName.ADMIN) else (None, 0),
        **(_figures() if may_moderate else {}),
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
    batch = BatchDecision.of(decision)
    if batch is not None:
        undoing = BatchDecision.start_undo(batch.id, me())
        return _carry_out(undoing)
    undone = decision.undo(me())
    db.session.commit()
    return redirect(_back(decided=undone.id), 303)


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


@bp.get("/comments/<int:comment_id>/versions")
def versions(comment_id: int) -> str:
    if comment_id > BIGGEST_ID:
        abort(404)
    comment = db.first_or_404(Comment.for_desk().where(Comment.id == comment_id))
    found = db.session.scalars(CommentRevision.of(comment)).all()
    changes = [compared(before.body, after.body)[1] for before, after in itertools.pairwise(found)]
    return render_template(
        "desk/versions.html", comment=comment, versions=list(zip(found, [None, *changes], strict=True))
    )


# Masked copies


@bp.get("/comments/<int:comment_id>/redaction")
def redaction(comment_id: int) -> str:
    comment = _comment(comment_id)
    found = [flag for flag in comment.newest.flags if flag.kind == Kind.PERSONAL_DATA]
    words = list(dict.fromkeys(span.words for flag in found for span in flag.spans))
    return _redaction(comment, RedactionForm(formdata=None, words="\n".join(words)))


@bp.post("/comments/<int:comment_id>/redaction")
def redact(comment_id: int) -> BaseResponse | str | tuple[str, int]:
    form = RedactionForm()
    try:
        seen = form.seen
    except ValueError:
        abort(400)
    comment = _comment(comment_id)
    if seen.comment_id != comment.id:
        abort(400)
    original = db.session.get(CommentRevision, seen.revision_id)
    if original is None or original.comment_id != comment.id or original.erased_at:
        return _stale_redaction(comment, seen), 409
    if not form.validate():
        return _redaction(comment, form), 422
    name, missing_in_name = masked(original.name, form.lines)
    body, missing = masked(original.body, form.lines)
    nowhere = [one for one in missing if one in missing_in_name]
    words = Words.prepare(name, body)
    problem = _problem_with(words, original, form.lines, nowhere)
    if problem:
        form.words.errors = [problem]
        return _redaction(comment, form), 422
    digest = words.digest(comment.parent_id)
    if form.shown.data != digest:
        return _redaction(comment, form, words, digest)

    begin_write()
    try:
        decision = Decision.redact(seen, words, me(), form.note.data or "")
    except Stale as stale:
        db.session.rollback()
        return _stale(stale, DecisionForm(formdata=None)), 409
    db.session.commit()
    return redirect(_back(decided=decision.id), 303)


# Many at once


@bp.post("/selection")
def select_some() -> tuple[str, int] | str:
    """Ask whether the chosen comments, so many, are really meant. Changes nothing."""
    form = DecisionForm()
    try:
        seen = list(dict.fromkeys(form.seen))
    except ValueError:
        abort(400)
    if not seen or not form.validate():
        if not seen:
            form.form_errors.append("Choose at least one comment.")
        return _queue(form), 422
    comments = db.session.scalars(Comment.for_desk().where(Comment.id.in_({one.comment_id for one in seen}))).all()
    return render_template(
        "desk/selection.html",
        chosen=request.form.getlist("comment"),
        comments=comments,
        verdict=form.verdict.data,
        reason=Site.current().reason(form.reason.data or ""),
        back=_back(),
    )


@bp.get("/batches/new")
def ask_batch() -> str:
    return _ask_batch(BatchForm(formdata=None))


@bp.post("/batches")
def start_batch() -> BaseResponse | tuple[str, int]:
    form = BatchForm()
    if not form.validate():
        return _ask_batch(form), 422
    begin_write(lock="batch decision")
    verdict = Verdict(form.verdict.data)
    reason, note = form.reason.data or "", form.note.data or ""
    try:
        batch = BatchDecision.start(_filter(), verdict, me(), form.count.data or 0, reason, note)
    except CountChanged as changed:
        db.session.rollback()
        form.form_errors.append(f"Meanwhile it has become another number: {changed.count:,}. Nothing was decided yet.")
        return _ask_batch(form), 409
    return _carry_out(batch)


@bp.get("/batches/<int:batch_id>")
def batch(batch_id: int) -> str:
    if batch_id > BIGGEST_ID:
        abort(404)
    return render_template("desk/batch.html", batch=db.get_or_404(BatchDecision, batch_id), back=_back())


# The log


@bp.get("/log")
def log() -> str:
    narrowed = LogFilter.read(request.args)
    lines, earlier = _log(narrowed).page(request.args.get("before", ""))
    return render_template(
        "desk/log.html",
        lines=lines,
        earlier=earlier,
        narrowed=narrowed,
        is_first="before" not in request.args,
        reasons=dict(_reasons()),
        accounts=db.session.scalars(Account.by_email()).all(),
        posts=db.session.scalars(listing.for_menu(narrowed.post)).all(),
        kinds=WHAT,
    )


@bp.get("/log.csv")
def log_table() -> Response:
    rows = _log(LogFilter.read(request.args)).table(dict(_reasons()))
    answer = Response(stream_with_context(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="log-{now():%Y-%m-%d}.csv"'
    return answer


def _log(narrowed: LogFilter) -> Log:
    return Log(narrowed, current_app.config["BLOG_TIME_ZONE"])


# Pages that several views show


def _figures() -> dict[str, Any]:
    """What stands on the desk's front page."""
    zone = current_app.config["BLOG_TIME_ZONE"]
    today = now().astimezone(zone).date()
    since = now() - timedelta(days=CHART_DAYS + 1)
    found = days(waits_since(since), batches_since(since), today, zone)
    counts = waiting()
    return {
        "counts": counts,
        "texts": {name: counted(count) for name, count in counts.items()},
        "oldest": oldest(),
        "chart": chart(found),
        "deciders": deciders_since(now() - timedelta(days=MEASURED_DAYS)),
        "measured_days": MEASURED_DAYS,
    }


def _queue(form: DecisionForm | ReplyForm | None = None, answering: int | None = None) -> str:
    """The queue as filtered by the address; `form` comes back with what was typed when something was wrong."""
    asked = _filter()
    page = asked.page(_place("after"), _place("before"))
    states, flags, count = tabs(asked)
    decided = _decided()
    return render_template(
        "desk/queue.html",
        page=page,
        asked=asked,
        states=states,
        flags=flags,
        count=count,
        count_text=counted(count),
        most_counted=MOST_COUNTED,
        named_post=db.session.get(Post, asked.post) if asked.post else None,
        form=form or DecisionForm(formdata=None),
        answering=answering,
        decided=decided,
        batch=BatchDecision.of(decided) if decided else None,
        **_for_cards(page.items),
    )


def _for_cards(comments: Iterable[Comment]) -> dict[str, Any]:
    """What the cards of these comments show beside them."""
    comments = list(comments)
    return {
        "parents": Comment.parents_of(comments),
        "last": Decision.last_on(comment.id for comment in comments),
        "histories": Comment.histories({one.sender_hash for one in comments if one.sender_hash}),
        "shown_texts": {
            revision.id: revision
            for revision in db.session.scalars(
                CommentRevision.among(
                    one.public_revision_id
                    for one in comments
                    if one.public_revision_id and one.public_revision_id != one.newest_revision_id
                )
            )
        },
        "reasons": _reasons(),
        "now": now(),
    }


def _stale(stale: Stale, form: DecisionForm) -> str:
    """What changed: what was seen beside what it is now, and the fresh card of each comment still to be decided."""
    comments = db.session.scalars(
        Comment.for_desk().where(Comment.id.in_([c.seen.comment_id for c in stale.conflicts])).order_by(Comment.id)
    ).all()
    texts = {
        one.id: one for one in db.session.scalars(CommentRevision.among(c.seen.revision_id for c in stale.conflicts))
    }
    changes = {}
    for conflict in stale.conflicts:
        then = texts.get(conflict.seen.revision_id)
        current = next((one.newest for one in comments if one.id == conflict.seen.comment_id), None)
        if then is not None and current is not None and then.comment_id == current.comment_id and then.id != current.id:
            changes[conflict.seen.comment_id] = (then, current, *compared(then.body, current.body))
    return render_template(
        "desk/stale.html",
        conflicts=stale.conflicts,
        comments={comment.id: comment for comment in comments},
        changes=changes,
        form=form,
        answering=comments[0].id if len(comments) == 1 else None,
        back=_back(),
        **_for_cards(comments),
    )


def _stale_redaction(comment: Comment, seen: Seen) -> str:
    message = "This text was erased or changed meanwhile. Please look at it as it is now."
    return render_template(
        "desk/stale.html", conflicts=[{"seen": seen, "message": message}], comments={comment.id: comment}, changes={},
        form=DecisionForm(formdata=None), answering=None, back=_back(), **_for_cards([comment]),
    )  # fmt: skip


def _redaction(comment: Comment, form: RedactionForm, words: Words | None = None, digest: str = "") -> str:
    return render_template(
        "desk/redaction.html",
        comment=comment,
        form=form,
        words=words,
        digest=digest,
        decision=Decision.last_on([comment.id]).get(comment.id),
        text=marked(comment.newest.body, comment.newest.flags),
        back=_back(),
    )


def _problem_with(words: Words, original: CommentRevision, lines: list[str], nowhere: list[str]) -> str:
    """Why this copy cannot be published; empty when it can."""
    if not lines:
        return "Please name at least one word to mask. To publish it as it is, approve it."
    if nowhere:
        return f"This is not in the text: {'; '.join(nowhere)}."
    if not words.say_something or not words.body.replace("[…]", "").strip():
        return "Nothing would be left to read."
    return ""


def _ask_batch(form: BatchForm) -> str:
    asked = _filter()
    if not asked.may_be_decided_as_a_whole:
        abort(404)
    page = asked.page()
    return render_template(
        "desk/batch_new.html",
        asked=asked,
        count=asked.count(),
        first=page.items[:5],
        form=form,
        reasons=_reasons(),
        named_post=db.session.get(Post, asked.post) if asked.post else None,
        back=_back(),
    )


def _carry_out(batch: BatchDecision) -> BaseResponse:
    """Do a small batch at once; wake the job for a large one."""
    batch_id, decision_id, is_small = batch.id, batch.decision_id, batch.is_small
    if is_small:
        BatchDecision.step(batch_id)
    db.session.commit()
    if is_small:
        return redirect(_back(decided=decision_id), 303)
    jobs.wake("continue_batches")
    return redirect(url_for("moderation.batch", **{"batch_id": batch_id, **_kept()}), 303)  # type: ignore[arg-type]


def _decided() -> Decision | None:
    number = request.args.get("decided", type=int)
    return db.session.get(Decision, number) if number and 0 < number <= BIGGEST_ID else None


def _comment(comment_id: int) -> Comment:
    """A comment of which a masked copy may be published."""
    if comment_id > BIGGEST_ID:
        abort(404)
    comment: Comment = db.first_or_404(Comment.for_desk().where(Comment.id == comment_id))
    if comment.is_gone or comment.newest.erased_at:
        abort(404)
    return comment


def _filter() -> Filter:
    try:
        return Filter.read(request.args)
    except ValueError:
        abort(404)


def _place(name: str) -> Place | None:
    return Place.read(request.args.get(name, ""))


def _kept() -> dict[str, str]:
    """How the queue is filtered, and where in it the moderator is; carried by forms as the address's arguments."""
    names = ("state", "q", "post", "flag", "author", "after", "before")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _back(**more: object) -> str:
    """The queue as it was filtered."""
    return url_for("moderation.queue", **{**_kept(), **more})  # type: ignore[arg-type]


def _reasons() -> tuple[tuple[str, str], ...]:
    return tuple((reason.key, reason.label) for reason in Site.current().reasons)
