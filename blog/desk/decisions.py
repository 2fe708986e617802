"""Decisions on one comment or on a few that were chosen, and what a moderator is shown when they come too late."""

from __future__ import annotations

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from blog.accounts.security import me
from blog.comments.models import Comment, CommentRevision
from blog.comments.words import Words
from blog.database import begin_write, db
from blog.desk.batches import carry_out
from blog.desk.decision_forms import DecisionForm, ReplyForm
from blog.desk.moderation import back, bp
from blog.desk.queue import queue_page
from blog.moderation.batches import BatchDecision
from blog.moderation.cards import Listed, cards
from blog.moderation.marks import compared
from blog.moderation.models import Decision
from blog.moderation.verdicts import Stale, Verdict
from blog.pages.models import Site


@bp.post("/decisions")
def decide() -> BaseResponse | tuple[str, int]:
    form = DecisionForm()
    try:
        seen = form.seen
    except ValueError:
        abort(400)
    if not form.validate():
        return queue_page(form, answering=seen[0].comment_id if len(seen) == 1 else None), 422
    words = Words.prepare(me().name, form.reply.data) if form.reply.data else None

    begin_write()
    by = me()
    try:
        verdict = Verdict(form.verdict.data)
        decision = Decision.make(
            seen,
            verdict,
            by,
            form.reason.data or "",
            form.note.data or "",
            answer=words,
            message=form.message.data or "",
        )
    except Stale as stale:
        db.session.rollback()
        return stale_page(stale, form), 409
    db.session.commit()
    return redirect(back(decided=decision.id), 303)


@bp.post("/decisions/<int:decision_id>/undo")
def undo(decision_id: int) -> BaseResponse:
    begin_write()
    decision = db.get_or_404(Decision, decision_id)
    batch = BatchDecision.of(decision)
    if batch is not None:
        undoing = BatchDecision.start_undo(batch.id, me())
        return carry_out(undoing)
    undone = decision.undo(me())
    db.session.commit()
    return redirect(back(decided=undone.id), 303)


@bp.post("/comments/<int:comment_id>/replies")
def reply(comment_id: int) -> BaseResponse | tuple[str, int]:
    form = ReplyForm()
    if not form.validate():
        return queue_page(form, answering=comment_id), 422
    words = Words.prepare(me().name, form.reply.data)
    begin_write()
    decision = Decision.reply(comment_id, words, me())
    db.session.commit()
    return redirect(back(decided=decision.id), 303)


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
        return queue_page(form), 422
    comments = db.session.scalars(Comment.for_desk().where(Comment.id.in_({one.comment_id for one in seen}))).all()
    return render_template(
        "desk/selection.html",
        chosen=request.form.getlist("comment"),
        comments=comments,
        verdict=form.verdict.data,
        reason=Site.current().reason(form.reason.data or ""),
        back=back(),
    )


def stale_page(stale: Stale, form: DecisionForm) -> str:
    """What changed: what was seen beside what it is now, and the fresh card of each comment still to be decided."""
    comments = db.session.scalars(
        Comment.for_desk()
        .where(Comment.id.in_([c.seen.comment_id for c in stale.conflicts]))
        .order_by(Comment.created_at)
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
        changes=changes,
        form=form,
        answering=comments[0].id if len(comments) == 1 else None,
        back=back(),
        cards=cards(map(Listed.of, comments)),
    )
