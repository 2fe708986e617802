"""From the form to the status page: what is taken, what comes back, and that nothing shows before its time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from blog.comments.models import Comment, CommentFlag, State
from blog.comments.sending import ShownTexts
from blog.database import begin_write, db
from blog.pages.models import EmailField, PageSlug
from blog.posts import publishing
from blog.posts.models import Post
from blog.public.comment_form import TOKEN_DAYS, FormToken
from tests.make import ANY_DAY
from tests.readers import TYPED, Reader, change, hidden_token, stored, typed
from tests.visitors import nameless


@pytest.fixture
def reader(app):
    return Reader(app)


class TestSubmit:
    def test_leads_to_the_status_page(self, app, make, reader):
        """A comment is stored as pending, and its writer is led to a page of their own."""
        make.post("one")
        answer = reader.send("one", **TYPED)

        assert (303, [(TYPED["name"], TYPED["body"], State.PENDING)]) == (answer.status_code, stored(app))
        assert re.fullmatch(r"/comments/[A-Za-z0-9_-]{43}", answer.location)

    def test_shows_nothing_to_anybody_else(self, make, reader, client):
        """The page, its count and the feeds are the same bytes as before."""
        make.post("one")
        addresses = ("/posts/one", "/", "/feed.atom", "/comments.atom", "/posts/one/comments.atom")
        before = [client.get(address).data for address in addresses]

        reader.write("one", **TYPED)

        assert before == [client.get(address).data for address in addresses]

    def test_remembers_what_the_form_showed(self, app, make, reader):
        """The versions of disclaimer and comment policy that stood beside the form are kept with the text."""
        disclaimer, policy = make.page(PageSlug.DISCLAIMER), make.page(PageSlug.COMMENT_POLICY)
        make.post("one")
        token = hidden_token(reader.open("one"))
        make.page(PageSlug.COMMENT_POLICY, body="Newer text.")

        reader.send("one", token=token)

        with app.app_context():
            revision = db.session.scalars(select(Comment)).one().newest
            assert (disclaimer.public_revision_id, policy.public_revision_id) == (
                revision.disclaimer_revision_id,
                revision.policy_revision_id,
            )

    def test_twice_is_one_comment_with_one_page(self, app, make, reader):
        make.post("one")

        assert reader.write("one") == reader.write("one")
        assert 1 == len(stored(app))

    def test_works_under_an_old_slug(self, app, make, reader):
        """A page kept open from before a renaming can still be used."""
        post = make.post("old")
        token = hidden_token(reader.open("old"))
        change(app, Post, post.id, publishing.rename, "new")

        assert 303 == reader.send("old", token=token).status_code

    @pytest.mark.parametrize("slug", ["old", "new"])
    def test_by_reading_leads_to_the_form(self, app, make, client, slug):
        """Who opens the form's address finds the form, also under an old slug."""
        change(app, Post, make.post("old").id, publishing.rename, "new")
        answer = client.get(f"/posts/{slug}/comments")

        assert (302, "/posts/new#comment-form") == (answer.status_code, answer.location)

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}], ids=["draft", "archived"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_finds_no_hidden_post(self, make, client, hidden, method):
        make.post("hidden", **hidden)
        answers = [getattr(client, method)(f"/posts/{slug}/comments") for slug in ("hidden", "never-was")]

        assert [404, 404] == [answer.status_code for answer in answers]
        assert nameless(answers[0]) == nameless(answers[1])

    def test_sets_no_cookie(self, make, reader):
        """Neither the form nor the status page needs one."""
        make.post("one")
        answer = reader.send("one")
        page = reader.client.get(answer.location)

        assert [] == [a for a in (answer, page) if "Set-Cookie" in a.headers or "Cookie" in a.headers.get("Vary", "")]

    def test_takes_the_email_but_does_not_keep_it(self, app, make, reader):
        """An address helps to tell two senders apart, and is nowhere in the database."""
        make.settings(comment_email=EmailField.REQUIRED)
        make.post("one")
        reader.write("one", email="ada@example.org")

        with app.app_context():
            rows = [
                str(row)
                for table in db.metadata.tables
                for row in db.session.execute(db.text(f"SELECT * FROM {table}"))
            ]
        assert [] == [row for row in rows if "ada@example" in row or "198.51.100.7" in row]


class TestWhatComesBack:
    @pytest.mark.parametrize("field", ["name", "body", "email"])
    def test_keeps_every_field(self, app, make, reader, field):
        """One field is wrong: 422, all that was typed is there, and nothing is stored."""
        make.post("one")
        sent = {**TYPED, field: {"name": "", "body": "", "email": "nonsense"}[field]}
        answer = reader.send("one", **sent)

        assert (422, sent, []) == (answer.status_code, typed(answer.text), stored(app))

    def test_leads_from_each_error_to_its_field(self, make, reader):
        """The summary gets the focus and links every field that is wrong; each field names its error."""
        make.post("one")
        page = reader.send("one", name="", body="", email="nonsense").text
        summary = page[page.index('id="error-summary"') : page.index("</ul>", page.index('id="error-summary"'))]

        assert ["name", "email", "body"] == re.findall(r'href="#(\w+)"', summary)
        assert "autofocus" in summary
        assert [] == [
            name
            for name in ("name", "email", "body")
            if not re.search(rf'<(?:input|textarea)[^>]*aria-describedby="[^"]*{name}-error[^>]*id="{name}"', page)
            or f'id="{name}-error"' not in page
        ]

    def test_says_in_the_title_that_something_is_wrong(self, make, reader):
        """The first thing a screen reader says is that the comment was not sent."""
        make.post("one", title="Necks")

        assert "<title>Please check your comment: Necks" in reader.send("one", name="").text

    def test_is_not_kept_by_anybody(self, make, reader):
        make.post("one")

        assert "no-store" == reader.send("one", name="").headers["Cache-Control"]

    def test_after_a_forged_token_can_be_sent_again(self, app, make, reader):
        make.post("one")
        answer = reader.send("one", token="0.0.1.forged", **TYPED)
        again = reader.send("one", token=hidden_token(answer.text), **typed(answer.text))

        assert (422, TYPED, 303) == (answer.status_code, typed(answer.text), again.status_code)
        assert 1 == len(stored(app))

    @pytest.mark.parametrize("token", ["", "0.0.99999999999.x", "x" * 5000])
    def test_follows_whatever_is_no_token(self, make, reader, token):
        make.post("one")

        assert 422 == reader.send("one", token=token).status_code

    def test_after_the_token_of_another_article(self, make, reader):
        make.post("one")
        make.post("two")

        assert 422 == reader.send("two", token=hidden_token(reader.open("one"))).status_code

    @pytest.mark.parametrize(("days", "expected"), [(TOKEN_DAYS, 303), (TOKEN_DAYS + 1, 422)])
    def test_after_a_page_was_open_for_very_long(self, make, reader, clock, days, expected):
        make.post("one")
        clock.freeze(ANY_DAY)
        token = hidden_token(reader.open("one"))
        clock.advance(days=days)

        assert expected == reader.send("one", token=token).status_code

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://["},
        ],
        ids=["fetch metadata", "origin", "no origin to tell", "broken origin"],
    )
    def test_after_another_site_sent_the_form(self, app, make, reader, headers):
        """Another site cannot send comments with a reader's address: 422, text kept, nothing stored."""
        make.post("one")
        answer = reader.send("one", headers=headers, **TYPED)

        assert (422, TYPED, []) == (answer.status_code, typed(answer.text), stored(app))

    @pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}])
    def test_is_nothing_when_this_site_sent_it(self, make, reader, headers):
        make.post("one")

        assert 303 == reader.send("one", headers=headers).status_code

    def test_when_the_article_closed_meanwhile(self, app, make, reader):
        """409 with the text still there, to be copied."""
        post = make.post("one")
        token = hidden_token(reader.open("one"))
        with app.app_context():
            begin_write()
            db.session.get_one(Post, post.id).comments_open = False
            db.session.commit()
        answer = reader.send("one", token=token, **TYPED)

        assert (409, TYPED, []) == (answer.status_code, typed(answer.text), stored(app))
        assert "closed for comments while you were writing" in answer.text

    def test_when_its_days_were_over_meanwhile(self, make, reader, clock):
        """The same when the article closed itself."""
        make.settings(comments_close_days=10)
        clock.freeze(ANY_DAY + timedelta(days=10, seconds=-1))
        make.post("one", published_at=ANY_DAY)
        token = hidden_token(reader.open("one"))
        clock.advance(seconds=1)
        answer = reader.send("one", token=token, **TYPED)

        assert (409, TYPED) == (answer.status_code, typed(answer.text))

    def test_when_the_article_went_meanwhile(self, app, make, reader):
        post = make.post("one")
        token = hidden_token(reader.open("one"))
        change(app, Post, post.id, publishing.archive)

        assert 404 == reader.send("one", token=token).status_code


class TestLimit:
    def test_lets_five_through(self, app, make, reader):
        """Five comments in ten minutes are a conversation."""
        make.post("one")

        assert {303} == {reader.send("one", body=f"Comment {number}").status_code for number in range(5)}

    def test_stops_the_sixth_and_keeps_its_text(self, app, make, reader):
        """429 says how long to wait, and nothing typed is lost."""
        make.post("one")
        for number in range(5):
            reader.write("one", body=f"Comment {number}")
        answer = reader.send("one", **TYPED)

        assert (429, "600", TYPED, 5) == (
            answer.status_code,
            answer.headers["Retry-After"],
            typed(answer.text),
            len(stored(app)),
        )

    def test_costs_nothing_to_hold(self, make, reader, monkeypatch):
        """Who is over it is refused before the text is rendered, looked at, and the article made again."""
        make.post("one")
        for number in range(5):
            reader.write("one", body=f"Comment {number}")
        for name in ("Words.prepare", "look_at"):
            monkeypatch.setattr(f"blog.public.comment_form.{name}", None)
        monkeypatch.setattr("blog.public.commenting.article_page", None)

        assert 429 == reader.send("one", **TYPED).status_code

    def test_takes_what_was_sent_already(self, app, make, reader):
        """The same text once more is the same comment, also for who is over it."""
        make.post("one")
        links = {reader.write("one", body=f"Comment {number}") for number in range(5)}

        assert (True, 5) == (reader.write("one", body="Comment 4 ") in links, len(stored(app)))

    def test_is_over_after_the_minutes(self, make, reader, clock):
        """The text that came back can be sent ten minutes later."""
        clock.freeze(ANY_DAY + timedelta(days=1))
        make.post("one")
        for number in range(5):
            reader.write("one", body=f"Comment {number}")
        answer = reader.send("one", **TYPED)
        clock.advance(minutes=10, seconds=1)

        assert 303 == reader.send("one", token=hidden_token(answer.text), **typed(answer.text)).status_code

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            ("198.51.100.7", "198.51.100.8", 303),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 429),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", 303),
            ("::ffff:198.51.100.7", "198.51.100.7", 429),
        ],
    )
    def test_counts_by_network(self, app, make, first, second, expected):
        """One IPv4 address, or one IPv6 /64, is one sender."""
        make.post("one")
        for number in range(5):
            Reader(app, first).write("one", body=f"Comment {number}")

        assert expected == Reader(app, second).send("one").status_code


class TestTrap:
    @pytest.mark.parametrize(
        ("body", "rules"),
        [("My calf hurts on stairs.", set()), ("Nice, www.shop.example", {"trap", "links", "link_off_topic"})],
        ids=["alone", "with other signs"],
    )
    def test_adds_suspicion_only(self, app, make, reader, body, rules):
        """A password manager may have filled it in; the comment is taken, and the trap counts beside other signs."""
        make.post("one")
        answer = reader.send("one", body=body, website="https://spam.example")
        with app.app_context():
            flags = {flag.rule for flag in db.session.scalars(select(CommentFlag)) if flag.kind == "spam"}

        assert (303, rules) == (answer.status_code, flags)

    def test_is_silent_about_people(self, app, make, reader):
        make.post("one")
        reader.write("one")
        with app.app_context():
            rules = [flag.rule for flag in db.session.scalars(select(CommentFlag))]

        assert "trap" not in rules

    def test_is_out_of_peoples_way(self, make, reader):
        """Not seen, not reached by keyboard, not read aloud, not filled in by the browser."""
        make.post("one")

        page = reader.open("one")
        trap = page[page.index('<div class="trap" aria-hidden="true">') :]

        assert {'autocomplete="off"', "data-1p-ignore", "data-bwignore", 'name="website"', 'tabindex="-1"'} <= set(
            re.search(r"<input[^>]*>", trap)[0].split()
        )


def test_the_form_of_a_cached_page_is_everybodys(app, make, client):
    """Two readers of one page get one token, so the page can be kept."""
    post = make.post("one")
    with app.app_context():
        token = str(FormToken.today(post.id, ShownTexts()))

    assert {token} == {hidden_token(Reader(app, address).open("one")) for address in ("192.0.2.1", "2001:db8::1")}
