"""Published comments on the page: as text, at their place, with their permalinks."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from blog.comments.models import Comment, State
from blog.comments.threads import COMMENTS_PER_PAGE
from blog.database import db
from blog.moderation.verdicts import Verdict
from tests.readers import Reader, decide, typed

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(2)"> [me](javascript:alert(3)) '
    '<a href="https://evil.example" onclick="alert(4)">x</a> </textarea></form><b>bold</b>'
)


@pytest.fixture
def reader(app):
    return Reader(app)


class TestHostileText:
    PLACES = ("/posts/one", "/comments.atom", "/posts/one/comments.atom")
    LIVE = re.compile(r'<script>alert|<img src=x|<[^>]*\son\w+=|href="javascript|<b>', re.IGNORECASE)

    def test_is_shown_as_text_when_it_is_approved(self, app, make, reader, client):
        """Markup in a name or a text is text: on the page and in the feeds."""
        make.post("one")
        reader.write("one", name="<i>Eve</i>", body=HOSTILE)
        with app.app_context():
            (number,) = db.session.scalars(select(Comment.id))
        decide(app, number, Verdict.APPROVE)
        pages = [client.get(address).text for address in self.PLACES]

        assert [] == [page for page in pages if self.LIVE.search(page) or "<i>Eve" in page]
        assert "&lt;script&gt;alert(1)" in pages[0]

    def test_is_shown_as_text_to_its_writer(self, make, reader):
        """Also on the status page."""
        make.post("one")
        page = reader.client.get(reader.write("one", name="<i>Eve</i>", body=HOSTILE)).text

        assert (None, True) == (self.LIVE.search(page), "&lt;i&gt;Eve&lt;/i&gt;" in page)

    def test_comes_back_as_text_in_the_form(self, make, reader):
        """Also in the fields of a form that was wrong."""
        make.post("one")
        page = reader.send("one", name="", body=HOSTILE).text

        assert (None, HOSTILE) == (self.LIVE.search(page), typed(page)["body"])

    def test_has_its_own_direction(self, app, make, client):
        """Hebrew or Arabic text runs its own way without turning the page around."""
        make.comment(make.post("one"), name="ליאור", body="שלום", state=State.APPROVED)
        page = client.get("/posts/one").text

        assert '<h3 class="comment__author p-author" dir="auto">ליאור' in page
        assert re.search(r'<div class="comment__body e-content" dir="auto"><p>שלום', page)


class TestPermalink:
    def test_leads_to_the_comment(self, make, client):
        comment = make.comment(make.post("one"), state=State.APPROVED)
        answer = client.get(f"/posts/one/comments/{comment.id}")

        assert (302, f"/posts/one#comment-{comment.id}") == (answer.status_code, answer.location)

    def test_finds_the_page_of_a_long_thread(self, make, client):
        """Beyond a page's worth, to the page the comment stands on; and there it stands."""
        post = make.post("one")
        for _ in range(COMMENTS_PER_PAGE):
            make.comment(post, state=State.APPROVED)
        last = make.comment(post, body="The very last", state=State.APPROVED)
        answer = client.get(f"/posts/one/comments/{last.id}")

        assert f"/posts/one?comments=2#comment-{last.id}" == answer.location
        assert "The very last" in client.get(answer.location).text
        assert "The very last" not in client.get("/posts/one").text

    @pytest.mark.parametrize("number", ["2", "0", "99999999999999999999999", "x"])
    def test_of_no_comment_is_none(self, make, client, number):
        make.comment(make.post("one"), state=State.APPROVED)

        assert 404 == client.get(f"/posts/one/comments/{number}").status_code

    def test_belongs_to_its_article(self, make, client):
        make.post("one")
        comment = make.comment(make.post("two"), state=State.APPROVED)

        assert 404 == client.get(f"/posts/one/comments/{comment.id}").status_code


class TestTeam:
    def test_is_marked(self, make, client):
        post = make.post("one")
        first = make.comment(post, state=State.APPROVED)
        before = client.get("/posts/one").text
        make.comment(post, parent=first, state=State.APPROVED)

        assert (0, 1) == (
            before.count("Reply from the team"),
            client.get("/posts/one").text.count("Reply from the team"),
        )
