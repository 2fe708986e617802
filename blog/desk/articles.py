"""At the desk: the list of articles, one of them, its versions, and what colleagues say about it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.security import me, require
from blog.database import db
from blog.desk.differences import differences
from blog.desk.editor import article_page, found, leave_note, newest_of, opened_page, sheet_of
from blog.desk.names import Names
from blog.numbers import number_or_none
from blog.posts.models import PostRevision, PostState
from blog.posts.notes import NoteKind
from blog.posts.overview import Overview
from blog.posts.rights import READERS, SEE_ALL, WRITERS, may_write
from blog.posts.writing import version

bp = Blueprint("articles", __name__, url_prefix="/desk/posts")
bp.before_request(require(*READERS))


@bp.get("")
def index() -> str:
    asked = Overview.read(me(), request.args)
    rows, earlier = asked.page(request.args.get("before", ""))
    return render_template(
        "desk/posts/index.html",
        asked=asked,
        rows=rows,
        earlier=earlier,
        is_first="before" not in request.args,
        counts=asked.counts(),
        states=(None, *PostState),
        sees_all=me().has_any_role(*SEE_ALL),
        writes=me().has_any_role(*WRITERS),
    )


@bp.get("/<int:post_id>")
def show(post_id: int) -> str:
    """The editor, for those who may write it; for others what it says."""
    post = found(post_id)
    return opened_page(post) if may_write(me(), post) else article_page(post)


@bp.get("/<int:post_id>/ask")
@bp.get("/<int:post_id>/publish")
@bp.get("/<int:post_id>/schedule")
def after_button(post_id: int) -> Response:
    """The address of a page that a button left, when it is loaded again."""
    return redirect(url_for("articles.show", post_id=post_id))


@bp.get("/<int:post_id>/versions")
def versions(post_id: int) -> str:
    post = found(post_id)
    before, after = (version(post, number_or_none(request.args.get(name, ""))) for name in ("before", "after"))
    names = Names.current()
    changed = differences(sheet_of(before, names), sheet_of(after, names)) if before and after else []
    return render_template(
        "desk/posts/versions.html",
        post=post,
        newest=newest_of(post),
        versions=db.session.execute(PostRevision.with_names(post)).all(),
        before=before,
        after=after,
        differences=changed,
        may_write=may_write(me(), post),
    )


@bp.post("/<int:post_id>/notes")
def note(post_id: int) -> Response:
    leave_note(post_id, NoteKind.SAID)
    return redirect(url_for("articles.show", post_id=post_id), 303)
