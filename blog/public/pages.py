"""The four pages that the team writes: about, disclaimer, comment policy, privacy."""

from __future__ import annotations

from flask import Blueprint, render_template

from blog.database import db
from blog.pagecache import keys
from blog.pagecache.notes import public_page, shows
from blog.pages.models import Page, PageSlug

bp = Blueprint("pages", __name__)


@bp.get(f"/<any({', '.join(repr(slug.value) for slug in PageSlug)}):slug>")
@public_page()
def show(slug: str) -> str:
    shows(keys.page(slug))
    return render_template("public/page.html", page=db.first_or_404(Page.shown(slug)))
