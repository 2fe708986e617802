"""The four pages that the team writes: about, disclaimer, comment policy, privacy."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from blog.database import db
from blog.pagecache import keys
from blog.pagecache.notes import public_page, shows
from blog.pages.models import Page, PageSlug, Site
from blog.privacy.processing import activities

bp = Blueprint("pages", __name__)


@bp.get(f"/<any({', '.join(repr(slug.value) for slug in PageSlug)}):slug>")
@public_page()
def show(slug: str) -> str:
    shows(keys.page(slug))
    page = db.first_or_404(Page.shown(slug))
    if page.revision is not None:
        page.revision.must_be_whole(page.revision.READ)
    kept = activities(Site.current(), current_app.config) if slug == PageSlug.PRIVACY else []
    return render_template("public/page.html", page=page, activities=[one for one in kept if one.is_about_readers])
