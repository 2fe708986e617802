"""At the desk: showing articles to readers now or later, and taking them off the site. For editors."""

from __future__ import annotations

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import require
from blog.clock import now
from blog.desk.saving import keep
from blog.posts import publishing, writing
from blog.posts.models import Post, PostRevision, PostState
from blog.posts.moments import Typed

NOT_WHOLE = "It is saved, but cannot be shown yet: see below what is missing."
NO_MOMENT = "It is saved. Please say when it is to appear."

bp = Blueprint("releasing", __name__, url_prefix="/desk/posts")
bp.before_request(require(RoleName.EDITOR))


@bp.post("/<int:post_id>/publish")
def publish(post_id: int) -> Response | tuple[str, int] | str:
    """Save, and show what was saved."""
    return keep(post_id, _publish)


@bp.post("/<int:post_id>/schedule")
def schedule(post_id: int) -> Response | tuple[str, int] | str:
    """Save, and let what was saved appear at a moment."""
    return keep(post_id, _schedule)


def _publish(post: Post, revision: PostRevision) -> str:
    if revision.missing:
        return NOT_WHOLE
    publishing.show(post, revision)
    writing.end_review(post)
    return ""


def _schedule(post: Post, revision: PostRevision) -> str:
    if revision.missing:
        return NOT_WHOLE
    if post.state == PostState.PUBLISHED:
        return "It is out already, so it was saved and not scheduled. Take it off the site first."
    typed = request.form.get("publish_at", "").strip()
    try:
        at = Typed.read(typed, current_app.config["BLOG_TIME_ZONE"])
    except ValueError as error:
        return (
            f"It is saved, but not scheduled: “{typed}” {error}."
            if typed
            else "It is saved. Please say when it is to appear."
        )
    if at.moment <= now():
        return "It is saved, but not scheduled: that moment is over. “Publish now” shows it at once."
    publishing.schedule(post, revision, at.moment, at.clocks)
    writing.end_review(post)
    return ""
