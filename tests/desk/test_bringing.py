"""At the desk: text from elsewhere, pasted or in a Word file."""

from __future__ import annotations

import io

import pytest

from blog.accounts.models import RoleName
from blog.database import db
from blog.media.models import Media
from blog.posts.models import Post
from tests.desk.forms import fields
from tests.media.files import file
from tests.transfer.docx import docx, drawing, paragraph

TEXT = paragraph("Übungen für die Hüfte", "Title") + paragraph("Causes", "Heading1") + paragraph("Sitting")


@pytest.fixture
def author(staff):
    return staff(RoleName.AUTHOR)


def send(client, data, name="hips.docx"):
    return client.post("/desk/posts/from-word", data={"file": (io.BytesIO(data), name)})


def paste(client, html):
    return client.post("/desk/posts/pasted", data={"html": (io.BytesIO(html.encode()), "pasted.html")})


class TestWord:
    def test_a_file_becomes_a_draft(self, app, author, client):
        """Under its title, seen by nobody else."""
        answer = send(author, docx(TEXT))
        page = author.get(answer.location).text

        assert 303 == answer.status_code
        assert ("Übungen für die Hüfte", "## Causes\n\nSitting", "ubungen-fur-die-hufte") == (
            fields(page)["title"],
            fields(page)["body"].strip(),
            fields(page)["slug"],
        )
        assert 404 == client.get("/posts/ubungen-fur-die-hufte").status_code

    def test_its_pictures_are_figures(self, app, author):
        """Placed where they stood; what cannot come along is told."""
        answer = send(author, docx(TEXT + drawing("A hip"), picture=file()))
        page = author.get(answer.location).text
        with app.app_context():
            media = db.session.scalars(db.select(Media)).one()

        assert ("a-hip", "A hip") == (media.name, media.alt)
        assert fields(page)["body"].strip().endswith("::figure a-hip")
        assert "a-hip" == fields(page)["figures-0-picture"]
        assert "Left out" not in page

    def test_what_was_left_out_is_told(self, author):
        """Such as a picture that no browser shows."""
        page = author.get(send(author, docx(TEXT + drawing("A hip"), picture=b"no picture")).location).text

        assert "Left out: a picture (This is not a JPEG" in page
        assert "::figure" not in fields(page)["body"]

    @pytest.mark.parametrize(("data", "told"), [(b"x", "This is not a Word file"), (b"", "This is not a Word file")])
    def test_another_file_is_refused_beside_its_field(self, app, author, data, told):
        """And nothing is begun."""
        answer = send(author, data)
        with app.app_context():
            begun = db.session.scalars(db.select(Post)).all()

        assert (422, True, []) == (answer.status_code, told in answer.text, begun)

    def test_no_file_is_told(self, author):
        assert "Please choose a file first." in author.post("/desk/posts/from-word", data={}).text


class TestPaste:
    def test_html_becomes_markdown(self, author):
        answer = paste(author, "<h1>One</h1><p><u>two</u></p>")

        assert {"markdown": "## One\n\ntwo", "figures": [], "left_out": ["underlining"]} == answer.json

    def test_nothing_is_kept_of_it(self, author, dump):
        before = dump()
        paste(author, "<h1>One</h1>")

        assert before == dump()

    def test_too_deep_is_told(self, author):
        answer = paste(author, "<blockquote>" * 80)

        assert (422, True) == (answer.status_code, "nested" in answer.json["problem"])

    @pytest.mark.parametrize("role", [RoleName.MODERATOR, RoleName.REVIEWER])
    def test_is_for_those_who_write(self, staff, role):
        assert 403 == paste(staff(role), "<p>x</p>").status_code
