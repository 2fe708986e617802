"""At the desk: what a reviewer thinks of an article."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import require
from blog.desk.editor import leave_note
from blog.posts.notes import NoteKind

bp = Blueprint("reviewing", __name__, url_prefix="/desk/posts")
bp.before_request(require(RoleName.REVIEWER))


@bp.post("/<int:post_id>/approve")
def approve(post_id: int) -> Response:
    """What the newest version says is right."""
    leave_note(post_id, NoteKind.APPROVED)
    return redirect(url_for("articles.show", post_id=post_id), 303)


@bp.post("/<int:post_id>/return")
def give_back(post_id: int) -> Response:
    """Its author has something to change."""
    leave_note(post_id, NoteKind.RETURNED)
    return redirect(url_for("articles.show", post_id=post_id), 303)
