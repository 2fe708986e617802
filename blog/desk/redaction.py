"""Publishing a copy of a comment in which words are redacted."""

from __future__ import annotations

from flask import abort, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from blog.accounts.security import me
from blog.comments.models import Comment, CommentRevision
from blog.comments.words import Words
from blog.database import begin_write, db
from blog.desk.decision_forms import DecisionForm, RedactionForm
from blog.desk.decisions import stale_page
from blog.desk.moderation import back, bp
from blog.moderation.cards import Listed, cards
from blog.moderation.marks import marked, redacted
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Stale
from blog.triage import FlagKind


@bp.get("/comments/<int:comment_id>/redaction")
def redaction(comment_id: int) -> str:
    comment = _comment(comment_id)
    found = [flag for flag in comment.newest.flags if flag.kind == FlagKind.PERSONAL_DATA]
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
    name, missing_in_name = redacted(original.name, form.lines)
    body, missing = redacted(original.body, form.lines)
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
        return stale_page(stale, DecisionForm(formdata=None)), 409
    db.session.commit()
    return redirect(back(decided=decision.id), 303)


def _redaction(comment: Comment, form: RedactionForm, words: Words | None = None, digest: str = "") -> str:
    return render_template(
        "desk/redaction.html",
        comment=comment,
        form=form,
        words=words,
        digest=digest,
        decision=Decision.last_on([comment.id]).get(comment.id),
        text=marked(comment.newest.body, comment.newest.flags),
        back=back(),
    )


def _stale_redaction(comment: Comment, seen: Seen) -> str:
    message = "This text was erased or changed meanwhile. Please look at it as it is now."
    return render_template(
        "desk/stale.html",
        conflicts=[{"seen": seen, "message": message}],
        changes={},
        form=DecisionForm(formdata=None),
        answering=None,
        back=back(),
        cards=cards([Listed.of(comment)]),
    )


def _problem_with(words: Words, original: CommentRevision, lines: list[str], nowhere: list[str]) -> str:
    """Why this copy cannot be published; empty when it can."""
    if not lines:
        return "Please name at least one word to redact. To publish it as it is, approve it."
    if nowhere:
        return f"This is not in the text: {'; '.join(nowhere)}."
    if not words.say_something or not words.body.replace("[…]", "").strip():
        return "Nothing would be left to read."
    return ""


def _comment(comment_id: int) -> Comment:
    """A comment of which a redacted copy may be published."""
    comment: Comment = db.first_or_404(Comment.for_desk().where(Comment.id == comment_id))
    if comment.is_gone or comment.newest.erased_at:
        abort(404)
    return comment
