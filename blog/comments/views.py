"""A comment's permalink and its writer's private status page."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from blog.comments.models import BIGGEST_ID, Comment
from blog.extensions import begin_write, csrf, db
from blog.headers import keep_private
from blog.moderation.models import Decision, Verdict
from blog.pages.models import Site
from blog.posts.models import Post

bp = Blueprint("comments", __name__)
bp.after_request(lambda response: response if response.status_code == 302 else keep_private(response))


@bp.get(f"/posts/<slug>/comments/<int(max={BIGGEST_ID}):comment_id>")
def permalink(slug: str, comment_id: int) -> BaseResponse:
    post = db.first_or_404(Post.under_slug(slug))
    comment = db.first_or_404(Comment.visible().where(Comment.id == comment_id, Comment.post_id == post.id))
    page = comment.page_number
    where = {"comments": page} if page > 1 else {}
    return redirect(url_for("posts.show", slug=post.slug, _anchor=f"comment-{comment.id}", **where), 302)


@bp.get("/comments/<token>")
def status(token: str) -> Response:
    comment = db.first_or_404(Comment.under_link(token))
    decision = Decision.last_on([comment.id]).get(comment.id)
    rejected = decision is not None and decision.verdict in (Verdict.REJECT, Verdict.SPAM)
    return make_response(
        render_template(
            "comments/status.html",
            comment=comment,
            token=token,
            reason=Site.current().reason(decision.reason) if decision and rejected else None,
        )
    )


@bp.post("/comments/<token>/withdraw")
@csrf.exempt
def withdraw(token: str) -> BaseResponse:
    begin_write()
    comment = db.first_or_404(Comment.under_link(token).with_for_update(of=Comment))
    comment.withdraw()
    db.session.commit()
    return redirect(url_for("comments.status", token=token), 303)


@bp.post("/comments/<token>/erase")
@csrf.exempt
def erase(token: str) -> BaseResponse:
    begin_write()
    comment = db.first_or_404(Comment.under_link(token).with_for_update(of=Comment))
    comment.erase()
    Decision.forget_notes(comment)
    db.session.commit()
    return redirect(url_for("comments.status", token=token), 303)
