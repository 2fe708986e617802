"""At the desk: taking an article off the site asks what its address is to say from then on. For editors."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import ValidationError

from blog.accounts.models import RoleName
from blog.accounts.security import require
from blog.database import begin_write, db
from blog.desk.editor import found
from blog.posts import publishing
from blog.posts.models import Post

bp = Blueprint("taking_off", __name__, url_prefix="/desk/posts")
bp.before_request(require(RoleName.EDITOR))


class TakingOffForm(FlaskForm):
    """What the address says: that the article is gone, or the way to another one."""

    then = RadioField(
        "Whoever comes to its address …",
        choices=[
            SelectChoice("gone", "is told that it was taken down (410 Gone)"),
            SelectChoice("other", "is led to another article"),
        ],
        validate_choice=False,
    )
    other = StringField("That article's address", description="Such as /posts/hip-stretches. It must be on the site.")
    own: Post

    def validate_then(self, field: Any) -> None:
        if field.data not in ("gone", "other"):
            raise ValidationError("Please choose what its address is to say.")

    def validate_other(self, field: Any) -> None:
        if self.then.data != "other":
            return
        if self.leads_to is None or self.leads_to.id == self.own.id:
            raise ValidationError("No other article on the site has this address.")

    @property
    def leads_to(self) -> Post | None:
        """The other article, if it was chosen."""
        slug = urlsplit((self.other.data or "").strip()).path.rstrip("/").rpartition("/")[2]
        return db.session.scalar(Post.under_slug(slug)) if self.then.data == "other" else None


@bp.get("/<int:post_id>/archive")
def ask(post_id: int) -> str:
    return _page(found(post_id), TakingOffForm(formdata=None))


@bp.post("/<int:post_id>/archive")
def archive(post_id: int) -> Response | tuple[str, int]:
    """Take it off the site with its comments."""
    form = TakingOffForm()
    form.own = found(post_id)
    if not form.validate():
        return _page(form.own, form), 422

    begin_write(lock=f"article {post_id}")
    publishing.archive(found(post_id), is_gone=form.then.data == "gone", leads_to=form.leads_to)
    db.session.commit()
    flash("It is off the site.")
    return redirect(url_for("articles.show", post_id=post_id), 303)


def _page(post: Post, form: TakingOffForm) -> str:
    return render_template("desk/posts/taking_off.html", post=post, form=form)
