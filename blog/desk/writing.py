"""At the desk: writing articles, asking for a review, bringing an earlier version back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.security import me, require
from blog.database import begin_write, db
from blog.desk.editor import blank_sheet, editor_page, writable
from blog.desk.names import Names
from blog.desk.saving import keep
from blog.numbers import number_or_none
from blog.posts import writing
from blog.posts.models import Post, PostRevision
from blog.posts.notes import NoteKind, PostNote
from blog.posts.rights import WRITERS
from blog.posts.writing import Reading

bp = Blueprint("writing", __name__, url_prefix="/desk/posts")
bp.before_request(require(*WRITERS))


@bp.get("/new")
def new() -> str:
    """An empty editor. Nothing is kept before something is saved."""
    names = Names.current()
    return editor_page(None, blank_sheet(names), names)


@bp.post("/new")
def begin() -> Response | tuple[str, int] | str:
    return keep(None)


@bp.post("/<int:post_id>")
def save(post_id: int) -> Response | tuple[str, int] | str:
    return keep(post_id)


@bp.post("/<int:post_id>/ask")
def ask(post_id: int) -> Response | tuple[str, int] | str:
    """Save, and let it wait for a reviewer."""
    return keep(post_id, _ask)


@bp.post("/<int:post_id>/restore")
def restore(post_id: int) -> Response:
    """Make an earlier version the newest one again. Readers see no change."""
    number = number_or_none(request.form.get("version", ""))
    earlier = db.first_or_404(PostRevision.of(writable(post_id)).where(PostRevision.id == number))
    reading = Reading.of(earlier.document)

    begin_write(lock=f"article {post_id}")
    writing.save(writable(post_id), reading.manuscript, [str(slip) for slip in reading.slips], me().id)
    db.session.commit()
    flash("The earlier version is back.")
    return redirect(url_for("articles.show", post_id=post_id), 303)


def _ask(post: Post, revision: PostRevision) -> str:
    writing.ask_for_review(post)
    PostNote.write(NoteKind.ASKED, post, revision, "", me().id)
    return ""
