"""At the desk: the texts of the site's pages."""

from __future__ import annotations

import re

import pytest

from blog.accounts.models import RoleName
from blog.database import db
from blog.pages.models import PageRevision, PageSlug, Site
from tests.desk.forms import fields

PAGE = {"title": "About us", "short": "", "body": "## Who we are\n\nTwo *therapists*."}


@pytest.fixture
def editor(staff):
    return staff(RoleName.EDITOR)


@pytest.fixture
def admin(staff):
    return staff(RoleName.ADMIN)


def site(app):
    with app.app_context():
        return Site.current()


class TestPages:
    def test_are_listed(self, make, editor):
        """Each with its version."""
        make.page(PageSlug.ABOUT, title="About us")

        assert re.search(r'<a href="/desk/pages/about">About us</a>\W+\w*\W*version 1', editor.get("/desk/pages").text)

    def test_are_shown_as_they_were_written(self, make, editor):
        """The form holds title, short form and Markdown."""
        make.page(PageSlug.ABOUT, **PAGE)

        assert PAGE == fields(editor.get("/desk/pages/about").text)

    def test_are_saved_as_a_new_version(self, app, make, editor, client):
        """Everybody reads the new text; who wrote it is kept."""
        make.page(PageSlug.ABOUT)
        answer = editor.post("/desk/pages/about", data=PAGE)
        with app.app_context():
            newest = db.session.query(PageRevision).order_by(PageRevision.id.desc()).first()
            kept = (newest.version, newest.account_id)

        assert (303, (2, editor.account_id)) == (answer.status_code, kept)
        assert "<p>Two <em>therapists</em>.</p>" in client.get("/about").text
        assert "Saved as version 2." in editor.get(answer.location).text

    @pytest.mark.parametrize(
        "wrong", [{"title": ""}, {"body": ""}, {"title": "x" * 121}, {"short": "x" * 401}, {"body": "::picture x"}]
    )
    def test_come_back_when_something_is_wrong(self, make, editor, client, wrong):
        """422, all that was typed is there, and readers see the old text."""
        make.page(PageSlug.ABOUT, body="Old text.")
        answer = editor.post("/desk/pages/about", data={**PAGE, **wrong})

        assert (422, {**PAGE, **wrong}) == (answer.status_code, fields(answer.text))
        assert "Old text." in client.get("/about").text

    def test_are_cleaned(self, make, editor, client):
        """An editor's Markdown holds no live markup either."""
        make.page(PageSlug.ABOUT)
        editor.post("/desk/pages/about", data={**PAGE, "body": "<script>alert(1)</script>"})

        assert "<script>alert" not in client.get("/about").text

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_that_do_not_exist_are_not_made(self, editor, method):
        """Only the four pages are edited."""
        assert 404 == getattr(editor, method)("/desk/pages/imprint").status_code
