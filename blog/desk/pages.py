"""At the desk: the four pages of the site."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.database import begin_write, db
from blog.pages.models import Page
from blog.text.articles import Problem, article_html
from blog.text.sanitising import HTML_VERSION

bp = Blueprint("editing", __name__, url_prefix="/desk/pages")
bp.before_request(require(RoleName.EDITOR))


class PageForm(FlaskForm):
    """One page of the site. Saving makes a new version; older ones are kept."""

    title = StringField("Title", validators=[DataRequired("Please enter a title."), Length(max=120)])
    short = TextAreaField("Short form, shown beside self-help and forms", validators=[Length(max=400)])
    body = TextAreaField("Text (Markdown)", validators=[DataRequired("Please enter the text."), Length(max=50_000)])

    def validate_body(self, field: Any) -> None:
        problems: list[Problem] = article_html(field.data or "").problems
        if problems:
            raise ValidationError(" ".join(f"Line {problem.line}: {problem.message}" for problem in problems))


@bp.get("")
def pages() -> str:
    return render_template("desk/pages.html", pages=db.session.scalars(Page.public()).all())


@bp.get("/<slug>")
def page(slug: str) -> str:
    shown = db.first_or_404(Page.shown(slug))
    return render_template(
        "desk/page.html", page=shown, form=PageForm(obj=shown.revision), saved="saved" in request.args
    )


@bp.post("/<slug>")
def save_page(slug: str) -> Response | tuple[str, int]:
    shown = db.first_or_404(Page.shown(slug))
    form = PageForm()
    if not form.validate():
        return render_template("desk/page.html", page=shown, form=form, saved=False), 422
    html = article_html(form.body.data).html

    begin_write()
    db.first_or_404(Page.shown(slug)).save(
        form.title.data, form.short.data or "", form.body.data, html, HTML_VERSION, by_id=me().id
    )
    db.session.commit()
    return redirect(url_for("editing.page", slug=slug, saved=1), 303)
