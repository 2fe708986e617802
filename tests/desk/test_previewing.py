"""An article as its page would look, before anybody may read it: in the editor, and behind secret links."""

from __future__ import annotations

import re

import pytest

from blog.accounts.models import RoleName
from blog.privacy.jobs import drop_by_retention
from tests.desk.test_writing import WHOLE, begun, sent

BODY = re.compile(r'article__body e-content">(.*?)</div>\s*</div>\s*(?:<p class="print-only">|</article>)', re.DOTALL)
TYPED = {"title": "Hips & knees", "body": "## What it does\r\n\r\nIt *moves*.\r\n\r\n<b>x</b>", "muscles": "Psoas"}


@pytest.fixture
def author(make, staff):
    make.post("other", muscles=["psoas"])
    return staff(RoleName.AUTHOR)


@pytest.fixture
def article(author):
    return begun(author, **WHOLE)


def linked(client, address, **values):
    """Make a secret link; its path."""
    client.post(f"{address}/links", data=values)
    return re.search(r'value="http://localhost(/preview/[^"]+)"', client.get(address).text)[1]


class TestInTheEditor:
    def test_is_the_articles_own_page(self, author, dump):
        """By the page's own template and renderer, however much is missing; nothing is kept."""
        data = sent(author, "/desk/posts/new", **TYPED)
        before = dump()
        answer = author.post("/desk/posts/preview", data=data)

        assert (200, before) == (answer.status_code, dump())
        assert "<em>moves</em>" in answer.text
        assert ("Hips &amp; knees" in answer.text, "<b>x</b>" in answer.text) == (True, False)
        assert "no-store" == answer.headers["Cache-Control"]

    def test_of_a_whole_article_says_what_its_page_says(self, author, make, client, sign_in):
        """The article itself is the same, word for word, but for the way to the comments."""
        post = make.post("whole", **make.whole_article())
        editor = sign_in(make.account(RoleName.EDITOR))
        page = client.get("/posts/whole").text
        preview = editor.post("/desk/posts/preview", data=sent(editor, f"/desk/posts/{post.id}")).text
        words = [re.sub(r"\s+", " ", BODY.search(one)[1]) for one in (page, preview)]

        assert words[0].replace('<li><a href="#comments">Comments</a></li>', "") == words[1]

    def test_lists_its_sections_once_it_has_some(self, author):
        def preview(**typed):
            data = sent(author, "/desk/posts/new", **typed)
            return author.post("/desk/posts/preview", data=data).text

        assert (False, True) == ("On this page" in preview(), "On this page" in preview(**TYPED))

    def test_of_what_is_not_the_editors_form_is_none(self, author):
        assert 400 == author.post("/desk/posts/preview").status_code


class TestLinks:
    @pytest.mark.both_databases
    def test_show_the_newest_version_to_whoever_holds_them(self, author, article, client):
        """With a clear word that it is not published; kept by no cache, found by no search, named to nobody."""
        path = linked(author, article, days="7")
        author.post(article, data=sent(author, article, body="The newest."))
        answer = client.get(path)

        assert (200, True, True) == (answer.status_code, "The newest." in answer.text, "Not published." in answer.text)
        assert "private, no-store" == answer.headers["Cache-Control"]
        assert ("no-referrer", "noindex, nofollow") == (
            answer.headers["Referrer-Policy"],
            answer.headers["X-Robots-Tag"],
        )
        assert "Set-Cookie" not in answer.headers

    def test_end_after_their_days(self, app, author, article, client, clock, dump):
        """To the moment; their rows go with retention."""
        path = linked(author, article, days="1")
        clock.advance(hours=23)
        before = client.get(path).status_code
        clock.advance(hours=2)
        after, kept = client.get(path).status_code, len(dump()["preview_links"])
        with app.app_context():
            drop_by_retention()

        assert (200, 404) == (before, after)
        assert (1, 0) == (kept, len(dump()["preview_links"]))

    def test_are_taken_back(self, author, article, client):
        """By whoever may write the article; the number under another article does nothing."""
        path = linked(author, article)
        end = re.search(r'action="(/desk/posts/\d+/links/\d+)"', author.get(article).text)[1]
        author.post(f"{begun(author, title='Another')}/links/{end.rsplit('/', 1)[1]}")
        before = client.get(path).status_code
        author.post(end)

        assert (200, 404) == (before, client.get(path).status_code)

    def test_of_what_is_published_lead_there(self, article, author, client, sign_in, make):
        """The preview of a newer version does not."""
        editor, path = sign_in(make.account(RoleName.EDITOR)), linked(author, article)
        editor.post(f"{article}/publish", data=sent(editor, article))
        out = client.get(path)
        editor.post(article, data=sent(editor, article, body="Not yet."))

        assert (302, "/posts/ubungen-fur-den-rucken") == (out.status_code, out.location)
        assert "Not yet." in client.get(path).text
        assert "Not yet." not in client.get("/posts/ubungen-fur-den-rucken").text

    def test_to_somebody_elses_article_are_not_made(self, author):
        assert 404 == author.post("/desk/posts/1/links", data={"days": "7"}).status_code
