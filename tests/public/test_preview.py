"""A writer looks at a comment before it is sent: nothing is stored, nothing typed is lost."""

from __future__ import annotations

import pytest

from blog.comments.models import Comment, CommentRevision, State
from blog.database import db
from tests.readers import Reader, hidden_token, typed

TEXT = "Do *3*10* reps and [read](https://a.example)\n\n- a\n- b"
FIELDS = {"name": "Ada <b>", "email": "ada@example.org", "notify": "y", "body": TEXT, "preview": "1"}


@pytest.fixture
def reader(app):
    return Reader(app)


def rows(app):
    with app.app_context():
        return [db.session.query(model).count() for model in (Comment, CommentRevision)]


class TestPreview:
    def test_shows_the_comment_as_it_would_appear(self, make, reader):
        """Name and text above the form, with links that lead nowhere yet."""
        make.post("shown")
        answer = reader.send("shown", **FIELDS)
        page = answer.text

        assert 200 == answer.status_code
        assert "Ada &lt;b&gt;</p>" in page
        assert "<p>Do <em>3*10</em> reps and read</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>" in page
        assert page.index('id="comment-preview"') < page.index('name="body"')

    def test_stores_nothing(self, app, make, reader):
        """No comment, no revision, and nothing for moderators to see."""
        make.post("shown")
        reader.send("shown", **FIELDS)

        assert [0, 0] == rows(app)

    def test_keeps_everything_typed(self, make, reader):
        """The form below holds each field as it was sent, and can be sent."""
        make.post("shown")
        page = reader.send("shown", **FIELDS).text

        assert {"name": "Ada <b>", "email": "ada@example.org", "body": TEXT} == typed(page)
        assert "checked" in page[page.index('name="notify"') - 60 : page.index('name="notify"') + 60]
        assert 303 == reader.send("shown", token=hidden_token(page), **typed(page)).status_code

    def test_of_an_answer_stays_an_answer(self, make, reader):
        """What it answers is kept, too."""
        make.settings(reply_depth=2)
        parent = make.comment(make.post("shown"), state=State.APPROVED)
        page = reader.send("shown", parent_id=str(parent.id), **FIELDS).text

        assert f'name="parent_id" type="hidden" value="{parent.id}"' in page

    @pytest.mark.parametrize("missing", ["name", "email", "token"])
    def test_asks_for_nothing_but_the_text(self, make, reader, missing):
        """Name and address can follow; a preview needs no token, because it changes nothing."""
        make.post("shown")
        answer = reader.send("shown", **{**FIELDS, missing: ""})

        assert (200, False) == (answer.status_code, "error-summary" in answer.text)

    @pytest.mark.parametrize("body", ["", " \n", "x" * 5001])
    def test_without_a_text_says_so(self, make, reader, body):
        """As sending does."""
        make.post("shown")
        answer = reader.send("shown", **{**FIELDS, "body": body})

        assert (422, False) == (answer.status_code, 'id="comment-preview"' in answer.text)

    def test_of_an_answer_to_nothing_says_so(self, make, reader):
        """A field that only a program fills in wrongly is told like any other."""
        make.post("shown")

        assert 422 == reader.send("shown", **FIELDS, parent_id="x").status_code

    def test_sent_by_another_site_shows_nothing(self, make, reader):
        """Nobody can put words onto this site's page by a form elsewhere."""
        make.post("shown")
        answer = reader.send("shown", headers={"Origin": "https://elsewhere.example"}, **FIELDS)

        assert (422, False) == (answer.status_code, 'id="comment-preview"' in answer.text)

    def test_is_kept_by_nobody(self, make, reader, client):
        """The page that others read is another one."""
        make.post("shown")
        answer = reader.send("shown", **{**FIELDS, "body": "MARKPREVIEW"})

        assert "MARKPREVIEW" in answer.text
        assert "no-store" in answer.headers["Cache-Control"]
        assert "MARKPREVIEW" not in client.get("/posts/shown").text

    def test_tells_of_an_emergency_at_once(self, make, reader):
        """Who is in danger need not send the comment to be told whom to call."""
        make.post("shown")
        body = "Since this morning I cannot control my bladder and my saddle area is numb."

        assert 'class="alarm' in reader.send("shown", **{**FIELDS, "body": body}).text


class TestPreviewOfAChange:
    def test_shows_the_new_text_and_keeps_the_old(self, app, make, reader):
        """On the private page, too: no new version is stored."""
        make.post("shown")
        link = reader.write("shown", body="Old words")
        answer = reader.client.post(f"{link}/edit", data=FIELDS)

        assert (200, [1, 1]) == (answer.status_code, rows(app))
        assert "<p>Do <em>3*10</em> reps and read</p>" in answer.text
        assert TEXT == typed(answer.text)["body"]


def test_the_form_says_what_formatting_does(make, reader):
    """In one sentence, where it is needed."""
    make.post("shown")

    assert "*stress*" in reader.open("shown")
