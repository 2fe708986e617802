"""The pages' stored HTML follows the rules of today."""

from __future__ import annotations

import pytest

from blog.database import begin_write, db
from blog.pages.jobs import rerender_pages
from blog.pages.models import Page, PageRevision, PageSlug

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


def test_old_html_is_made_anew(make, client):
    """At once, for whoever opens the page."""
    page = make.page(PageSlug.ABOUT, body="a <!-- MARKPRIVATE --> b")
    begin_write()
    revision = db.session.get_one(PageRevision, db.session.get_one(Page, page.id).public_revision_id)
    revision.rewrite(html="<p>MARKPRIVATE</p>", html_version=1)
    db.session.commit()
    before = client.get("/about").text
    rerender_pages()

    assert [True, False] == ["MARKPRIVATE" in text for text in (before, client.get("/about").text)]
