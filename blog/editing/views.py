"""At the desk: the site's pages and its editorial settings."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog.accounts.models import RoleName
from blog.accounts.security import me, require
from blog.editing.forms import PageForm, SiteForm
from blog.extensions import begin_write, db
from blog.pages.models import Page, Site
from blog.text import HTML_VERSION, article_html

bp = Blueprint("editing", __name__, url_prefix="/desk/pages")
bp.before_request(require(RoleName.EDITOR))

settings_bp = Blueprint("settings", __name__, url_prefix="/desk/settings")
settings_bp.before_request(require(RoleName.ADMIN))


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
    html = "".join(content for kind, content in article_html(form.body.data).parts if kind == "html")

    begin_write()
    db.first_or_404(Page.shown(slug)).save(
        form.title.data, form.short.data or "", form.body.data, html, HTML_VERSION, by_id=me().id
    )
    db.session.commit()
    return redirect(url_for("editing.page", slug=slug, saved=1), 303)


@settings_bp.get("")
def site() -> str:
    form = SiteForm(data=asdict(Site.current()))
    form.add_spare_rows()
    return render_template("desk/settings.html", form=form, saved="saved" in request.args)


@settings_bp.post("")
def save_site() -> Response | tuple[str, int]:
    form = SiteForm()
    if not form.validate():
        return render_template("desk/settings.html", form=form, saved=False), 422

    begin_write()
    Site.change(form.values(), by_id=me().id)
    db.session.commit()
    return redirect(url_for("settings.site", saved=1), 303)
