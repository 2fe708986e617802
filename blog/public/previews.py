"""An article before it is published, for whoever holds a secret link to it. Kept nowhere, named to nobody."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from blog.database import db
from blog.headers import keep_private
from blog.posts.manuscript import Manuscript
from blog.posts.models import PostRevision
from blog.posts.previews import PreviewLink
from blog.posts.shown import Preview

bp = Blueprint("previews", __name__, url_prefix="/preview")


@bp.after_request
def keep_secret(response: Response) -> Response:
    """As other secret pages; and no page that it leads to is told of it, ours neither."""
    keep_private(response)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/<token>")
def show(token: str) -> str | BaseResponse:
    """The newest version; what readers see already has its own address."""
    link = db.first_or_404(PreviewLink.under(token))
    newest = db.first_or_404(PostRevision.newest_of(link.post))
    if link.post.is_published and link.post.public_revision_id == newest.id:
        return redirect(url_for("posts.show", slug=link.post.slug), 302)
    page = Preview.of(Manuscript.again(newest.article))
    return render_template("public/preview.html", page=page, link=link)
