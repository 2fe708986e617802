"""At the desk: an article as its page would look, from what stands in the editor; and links to show it to others."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.security import me, require
from blog.database import begin_write, db
from blog.desk.editor import writable
from blog.desk.sent import Sent
from blog.numbers import number_or_none
from blog.posts.document import Article
from blog.posts.manuscript import Manuscript
from blog.posts.previews import DAYS, PreviewLink
from blog.posts.rights import WRITERS
from blog.posts.shown import Preview

bp = Blueprint("previewing", __name__, url_prefix="/desk/posts")
bp.before_request(require(*WRITERS))


@bp.post("/preview")
def show() -> str:
    """What was sent, rendered as the article's page is. Nothing is kept."""
    sent = Sent.read(request.form)
    document, _ = sent.sheet.document(sent.names)
    article, _ = Article.look(document)
    manuscript, _ = Manuscript.look(article)
    return render_template("public/preview.html", page=Preview.of(manuscript), link=None)


@bp.post("/<int:post_id>/links")
def make_link(post_id: int) -> Response:
    """A secret link to the newest version, for some days."""
    days = number_or_none(request.form.get("days", ""))
    begin_write(lock=f"article {post_id}")
    PreviewLink.make(writable(post_id), me().id, days if days in DAYS else DAYS[0])
    db.session.commit()
    flash("There is a link now. Whoever has it can read the article until it is over or you take it back.")
    return redirect(url_for("articles.show", post_id=post_id, _anchor="links"), 303)


@bp.post("/<int:post_id>/links/<int:link_id>")
def take_link_back(post_id: int, link_id: int) -> Response:
    begin_write(lock=f"article {post_id}")
    PreviewLink.take_back(writable(post_id), link_id)
    db.session.commit()
    flash("The link leads nowhere any more.")
    return redirect(url_for("articles.show", post_id=post_id, _anchor="links"), 303)
