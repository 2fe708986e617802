"""At the desk: what is typed is kept by itself, in a slot beside the versions. Answers are JSON, never with a text."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request
from flask_wtf.csrf import generate_csrf

from blog.accounts.security import me, require
from blog.database import begin_write, db
from blog.desk.editor import blank_sheet, writable
from blog.desk.saving import Read, locked
from blog.desk.sent import Opened, Sent
from blog.desk.unsaved import newer_words, others_words, why_overtaken
from blog.numbers import number_or_none
from blog.posts import writing
from blog.posts.autosaves import Autosave
from blog.posts.models import Post
from blog.posts.presence import Presence
from blog.posts.rights import WRITERS

bp = Blueprint("autosaving", __name__, url_prefix="/desk/posts")
bp.before_request(require(*WRITERS))

Answer = dict[str, Any] | tuple[dict[str, Any], int]


@bp.get("/autosave")
def session() -> dict[str, Any]:
    """Who is signed in, and the token their forms need: for a page whose log-in has ended and begun again beside it."""
    return {"account": me().id, "csrf_token": generate_csrf()}


@bp.post("/autosave")
def begin() -> Answer:
    """The first text of a new article: it makes the draft. The same form sent again finds the article it began."""
    sent = Sent.read(request.form)
    if sent.sheet.adds_nothing_to(blank_sheet(sent.names)):
        return {"others": "", "newer": ""}
    read = Read.of(sent)
    post, opened = locked(None, sent.opened)
    if opened.seen is not None:
        return _keep(post, sent, opened)
    writing.give_address(post, "", read.reading.article.title)
    revision = read.save(post)
    db.session.commit()
    return {"article": post.id, "seen": revision.id, "others": "", "newer": ""}


@bp.post("/<int:post_id>/autosave")
def save(post_id: int) -> Answer:
    """What somebody has typed so far. 409 with the reason where it would take the place of something else of theirs."""
    writable(post_id)
    sent = Sent.read(request.form)
    begin_write(lock=f"article {post_id}")
    return _keep(writable(post_id), sent, sent.opened)


@bp.post("/<int:post_id>/open")
def open_editor(post_id: int) -> Answer:
    """Its sender has the article open, or just closed it; answers what others do here meanwhile."""
    writable(post_id)
    begin_write(lock=f"article {post_id}")
    post = writable(post_id)
    if "over" in request.form:
        Presence.end(post, me().id)
    else:
        Presence.note(post, me().id)
    db.session.commit()
    return _told(post, number_or_none(request.form.get("seen", "")))


def _told(post: Post, seen: int | None) -> dict[str, Any]:
    return {"others": others_words(post), "newer": newer_words(post, seen) if seen else ""}


def _keep(post: Post, sent: Sent, opened: Opened) -> Answer:
    if writing.version(post, opened.seen) is None:
        abort(400)
    if problem := why_overtaken(post, sent, opened):
        db.session.rollback()
        return {"problem": problem}, 409
    count = number_or_none(request.form.get("count", ""), 1_000_000_000) or 0
    slot = Autosave.keep(post, me().id, opened.page, count, opened.seen, sent.typed)
    db.session.commit()
    return {"token": slot.token, "article": post.id, "seen": opened.seen, **_told(post, opened.seen)}
