"""Decisions on a whole filter of the queue."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from blog.accounts.security import me
from blog.database import begin_write, db
from blog.desk.decision_forms import BatchForm
from blog.desk.moderation import asked_filter, back, bp, kept_filters, reasons
from blog.jobs import jobs
from blog.moderation.batches import BatchDecision, CountChanged
from blog.moderation.verdicts import Verdict
from blog.posts.models import Post


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
        batch = BatchDecision.start(asked_filter(), verdict, me(), form.count.data or 0, reason, note)
    except CountChanged as changed:
        db.session.rollback()
        form.form_errors.append(f"Meanwhile it has become another number: {changed.count:,}. Nothing was decided yet.")
        return _ask_batch(form), 409
    return carry_out(batch)


@bp.get("/batches/<int:batch_id>")
def batch(batch_id: int) -> str:
    return render_template("desk/batch.html", batch=db.get_or_404(BatchDecision, batch_id), back=back())


def carry_out(batch: BatchDecision) -> BaseResponse:
    """Do a small batch at once; wake the job for a large one."""
    batch_id, decision_id, is_small = batch.id, batch.decision_id, batch.is_small
    if is_small:
        BatchDecision.step(batch_id)
    db.session.commit()
    if is_small:
        return redirect(back(decided=decision_id), 303)
    jobs.wake("continue_batches")
    return redirect(url_for("moderation.batch", **{"batch_id": batch_id, **kept_filters()}), 303)  # type: ignore[arg-type]


def _ask_batch(form: BatchForm) -> str:
    asked = asked_filter()
    if not asked.may_be_decided_as_a_whole:
        abort(404)
    page = asked.page()
    return render_template(
        "desk/batch_new.html",
        asked=asked,
        count=asked.count(),
        first=page.items[:5],
        form=form,
        reasons=reasons(),
        named_post=db.session.get(Post, asked.post) if asked.post else None,
        back=back(),
    )
