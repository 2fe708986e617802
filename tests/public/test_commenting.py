"""From the form to the status page: what is taken, what comes back, and that nothing shows before its time."""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import select

from blog import database
from blog.comments.models import Comment, CommentFlag, State
from blog.comments.sending import ShownTexts
from blog.comments.threads import THREADS_PER_PAGE
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from blog.operations import logs
from blog.pages.models import EmailField, PageSlug
from blog.posts import publishing
from blog.posts.models import Post
from blog.public.comment_form import TOKEN_DAYS, FormToken
from tests.make import ANY_DAY
from tests.readers import Reader, hidden_token, typed

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(2)"> [me](javascript:alert(3)) '
    '<a href="https://evil.example" onclick="alert(4)">x</a> </textarea></form><b>bold</b>'
)
TYPED = {"name": "Ada <Bell>", "email": "ada@example.org", "body": "First line.\n\nSecond & last."}


@pytest.fixture
def reader(app):
    return Reader(app)


def stored(app):
    """All comments as (name, text, state), oldest first."""
    with app.app_context():
        found = db.session.scalars(select(Comment).order_by(Comment.id))
        return [(comment.newest.name, comment.newest.body, comment.state) for comment in found]


def change(app, model, row_id, verb, *arguments):
    with app.app_context():
        begin_write()
        verb(db.session.get_one(model, row_id), *arguments)
        db.session.commit()


def decide(app, comment_id, verdict, **more):
    with app.app_context():
        begin_write()
        comment = db.session.get_one(Comment, comment_id)
        Decision.make([Seen(comment.id, comment.newest_revision_id)], verdict, None, **more)
        db.session.commit()


def status_of(app, comment):
    with app.app_context():
        return f"/comments/{comment.token}"


class TestSubmit:
    def test_leads_to_the_status_page(self, app, make, reader):
        """
        A comment is stored as pending, and its writer is led to a page of their own.
        """
        make.post("one")
        answer = reader.send("one", **TYPED)

        assert (303, [(TYPED["name"], TYPED["body"], State.PENDING)]) == (answer.status_code, stored(app))
        assert re.fullmatch(r"/comments/[A-Za-z0-9_-]{43}", answer.location)

    def test_shows_nothing_to_anybody_else(self, make, reader, client):
        """
        The page, its count and the feeds are the same bytes as before.
        """
        make.post("one")
        addresses = ("/posts/one", "/", "/feed.atom", "/comments.atom", "/posts/one/comments.atom")
        before = [client.get(address).data for address in addresses]

        reader.write("one", **TYPED)

        assert before == [client.get(address).data for address in addresses]

    def test_remembers_what_the_form_showed(self, app, make, reader):
        """
        The versions of disclaimer and comment policy that stood beside the form are kept with the text.
        """
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
        """
        A second click leads to the first comment's page.
        """
        make.post("one")

        assert reader.write("one") == reader.write("one")
        assert 1 == len(stored(app))

    def test_works_under_an_old_slug(self, app, make, reader):
        """
        A page kept open from before a renaming can still be used.
        """
        post = make.post("old")
        token = hidden_token(reader.open("old"))
        change(app, Post, post.id, publishing.rename, "new")

        assert 303 == reader.send("old", token=token).status_code

    @pytest.mark.parametrize("slug", ["old", "new"])
    def test_by_reading_leads_to_the_form(self, app, make, client, slug):
        """
        Who opens the form's address finds the form, also under an old slug.
        """
        change(app, Post, make.post("old").id, publishing.rename, "new")
        answer = client.get(f"/posts/{slug}/comments")

        assert (302, "/posts/new#comment-form") == (answer.status_code, answer.location)

    @pytest.mark.parametrize("hidden", [{"published_at": None}, {"archived": True}], ids=["draft", "archived"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_finds_no_hidden_post(self, make, client, hidden, method):
        """
        A draft or an archived post looks like one that never was.
        """
        make.post("hidden", **hidden)
        answers = [getattr(client, method)(f"/posts/{slug}/comments") for slug in ("hidden", "never-was")]

        assert [404, 404] == [answer.status_code for answer in answers]
        assert answers[0].data == answers[1].data

    def test_sets_no_cookie(self, make, reader):
        """
        Neither the form nor the status page needs one.
        """
        make.post("one")
        answer = reader.send("one")
        page = reader.client.get(answer.location)

        assert [] == [a for a in (answer, page) if "Set-Cookie" in a.headers or "Cookie" in a.headers.get("Vary", "")]

    def test_takes_the_email_but_does_not_keep_it(self, app, make, reader):
        """
        An address helps to tell two senders apart, and is nowhere in the database.
        """
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
        """
        One field is wrong: 422, all that was typed is there, and nothing is stored.
        """
        make.post("one")
        sent = {**TYPED, field: {"name": "", "body": "", "email": "nonsense"}[field]}
        answer = reader.send("one", **sent)

        assert (422, sent, []) == (answer.status_code, typed(answer.text), stored(app))

    def test_leads_from_each_error_to_its_field(self, make, reader):
        """
        The summary gets the focus and links every field that is wrong; each field names its error.
        """
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
        """
        The first thing a screen reader says is that the comment was not sent.
        """
        make.post("one", title="Necks")

        assert "<title>Please check your comment: Necks" in reader.send("one", name="").text

    def test_is_not_kept_by_anybody(self, make, reader):
        """
        A page with somebody's text is stored nowhere.
        """
        make.post("one")

        assert "no-store" == reader.send("one", name="").headers["Cache-Control"]

    def test_after_a_forged_token_can_be_sent_again(self, app, make, reader):
        """
        422, the text is kept, and the token that comes with it is a good one.
        """
        make.post("one")
        answer = reader.send("one", token="0.0.1.forged", **TYPED)
        again = reader.send("one", token=hidden_token(answer.text), **typed(answer.text))

        assert (422, TYPED, 303) == (answer.status_code, typed(answer.text), again.status_code)
        assert 1 == len(stored(app))

    @pytest.mark.parametrize("token", ["", "0.0.99999999999.x", "x" * 5000])
    def test_follows_whatever_is_no_token(self, make, reader, token):
        """
        Nonsense is a 422 like any other.
        """
        make.post("one")

        assert 422 == reader.send("one", token=token).status_code

    def test_after_the_token_of_another_article(self, make, reader):
        """
        A token opens one article's form only.
        """
        make.post("one")
        make.post("two")

        assert 422 == reader.send("two", token=hidden_token(reader.open("one"))).status_code

    @pytest.mark.parametrize(("days", "expected"), [(TOKEN_DAYS, 303), (TOKEN_DAYS + 1, 422)])
    def test_after_a_page_was_open_for_very_long(self, make, reader, clock, days, expected):
        """
        A form may wait thirty days, not thirty-one.
        """
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
        """
        Another site cannot send comments with a reader's address: 422, text kept, nothing stored.
        """
        make.post("one")
        answer = reader.send("one", headers=headers, **TYPED)

        assert (422, TYPED, []) == (answer.status_code, typed(answer.text), stored(app))

    @pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}])
    def test_is_nothing_when_this_site_sent_it(self, make, reader, headers):
        """
        The form of our own page is taken.
        """
        make.post("one")

        assert 303 == reader.send("one", headers=headers).status_code

    def test_when_the_article_closed_meanwhile(self, app, make, reader):
        """
        409 with the text still there, to be copied.
        """
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
        """
        The same when the article closed itself.
        """
        make.settings(comments_close_days=10)
        clock.freeze(ANY_DAY + timedelta(days=10, seconds=-1))
        make.post("one", published_at=ANY_DAY)
        token = hidden_token(reader.open("one"))
        clock.advance(seconds=1)
        answer = reader.send("one", token=token, **TYPED)

        assert (409, TYPED) == (answer.status_code, typed(answer.text))

    def test_when_the_article_went_meanwhile(self, app, make, reader):
        """
        An archived article is a 404 for whoever still writes.
        """
        post = make.post("one")
        token = hidden_token(reader.open("one"))
        change(app, Post, post.id, publishing.archive)

        assert 404 == reader.send("one", token=token).status_code


class TestLimit:
    def test_lets_five_through(self, app, make, reader):
        """
        Five comments in ten minutes are a conversation.
        """
        make.post("one")

        assert {303} == {reader.send("one", body=f"Comment {number}").status_code for number in range(5)}

    def test_stops_the_sixth_and_keeps_its_text(self, app, make, reader):
        """
        429 says how long to wait, and nothing typed is lost.
        """
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

    def test_is_over_after_the_minutes(self, make, reader, clock):
        """
        The text that came back can be sent ten minutes later.
        """
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
        """
        One IPv4 address, or one IPv6 /64, is one sender.
        """
        make.post("one")
        for number in range(5):
            Reader(app, first).write("one", body=f"Comment {number}")

        assert expected == Reader(app, second).send("one").status_code


class TestTrap:
    def test_adds_suspicion_only(self, app, make, reader):
        """
        A filled trap is noted for the moderator; the comment is taken.
        """
        make.post("one")
        answer = reader.send("one", website="https://spam.example")
        with app.app_context():
            flags = [(flag.kind, flag.rule) for flag in db.session.scalars(select(CommentFlag))]

        assert (303, [("spam", "trap")]) == (answer.status_code, flags)

    def test_is_silent_about_people(self, app, make, reader):
        """
        Left empty, it notes nothing.
        """
        make.post("one")
        reader.write("one")
        with app.app_context():
            rules = [flag.rule for flag in db.session.scalars(select(CommentFlag))]

        assert "trap" not in rules

    def test_is_out_of_peoples_way(self, make, reader):
        """
        Not seen, not reached by keyboard, not read aloud, not filled in by the browser.
        """
        make.post("one")

        page = reader.open("one")
        trap = page[page.index('<div class="trap" aria-hidden="true">') :]

        assert {'autocomplete="off"', 'name="website"', 'tabindex="-1"'} <= set(
            re.search(r"<input[^>]*>", trap)[0].split()
        )


class TestHostileText:
    PLACES = ("/posts/one", "/comments.atom", "/posts/one/comments.atom")
    LIVE = re.compile(r'<script>|<img src=x|<[^>]*\son\w+=|href="javascript|<b>', re.IGNORECASE)

    def test_is_shown_as_text_when_it_is_approved(self, app, make, reader, client):
        """
        Markup in a name or a text is text: on the page and in the feeds.
        """
        make.post("one")
        reader.write("one", name="<i>Eve</i>", body=HOSTILE)
        decide(app, 1, Verdict.APPROVE)
        pages = [client.get(address).text for address in self.PLACES]

        assert [] == [page for page in pages if self.LIVE.search(page) or "<i>Eve" in page]
        assert "&lt;script&gt;alert(1)" in pages[0]

    def test_is_shown_as_text_to_its_writer(self, make, reader):
        """
        Also on the status page.
        """
        make.post("one")
        page = reader.client.get(reader.write("one", name="<i>Eve</i>", body=HOSTILE)).text

        assert (None, True) == (self.LIVE.search(page), "&lt;i&gt;Eve&lt;/i&gt;" in page)

    def test_comes_back_as_text_in_the_form(self, make, reader):
        """
        Also in the fields of a form that was wrong.
        """
        make.post("one")
        page = reader.send("one", name="", body=HOSTILE).text

        assert (None, HOSTILE) == (self.LIVE.search(page), typed(page)["body"])

    def test_has_its_own_direction(self, app, make, client):
        """
        Hebrew or Arabic text runs its own way without turning the page around.
        """
        make.comment(make.post("one"), name="ליאור", body="שלום", state=State.APPROVED)
        page = client.get("/posts/one").text

        assert '<h3 class="comment__author" dir="auto">ליאור' in page
        assert re.search(r'<div class="comment__body" dir="auto"><p>שלום', page)


class TestStatusPage:
    def test_is_private(self, app, make, client):
        """
        Stored nowhere, indexed nowhere, its address told to nobody.
        """
        answer = client.get(status_of(app, make.comment()))

        assert ("private, no-store", "noindex, nofollow", "same-origin") == (
            answer.headers["Cache-Control"],
            answer.headers["X-Robots-Tag"],
            answer.headers["Referrer-Policy"],
        )

    @pytest.mark.parametrize("token", ["x" * 43, "x", "%00", "x" * 3000, "ü"])
    @pytest.mark.parametrize("path", ["", "/withdraw", "/erase"])
    def test_of_an_unknown_token_is_none(self, make, client, token, path):
        """
        A guess finds nothing, for reading or for acting.
        """
        make.comment()
        send = client.post if path else client.get

        assert 404 == send(f"/comments/{token}{path}").status_code

    def test_has_links_that_lead_nowhere(self, app, make, client):
        """
        A spammer gains nothing from a page that shows the text to them alone.
        """
        comment = make.comment(body="See [my shop](https://shop.example) or <https://shop.example>.")
        page = client.get(status_of(app, comment)).text

        assert ("my shop" in page, 'href="https://shop.example' in page) == (True, False)

    def test_shows_the_text_as_it_will_appear(self, app, make, client):
        """
        Rendered, so that the writer sees what the moderator sees.
        """
        page = client.get(status_of(app, make.comment(body="Very *good*.", name="Ada"))).text

        assert "<p>Very <em>good</em>.</p>" in page

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (State.PENDING, "Your comment is waiting for a moderator."),
            (State.HELD, "Your comment is waiting for a moderator."),
            (State.APPROVED, "Published."),
            (State.REJECTED, "Not published."),
            (State.SPAM, "Not published."),
            (State.WITHDRAWN, "Withdrawn."),
            (State.ERASED, "Erased."),
        ],
    )
    def test_says_where_the_comment_stands(self, app, make, client, state, words):
        """
        One sentence for each state, and no other.
        """
        page = client.get(status_of(app, make.comment(state=state))).text
        said = re.search(r'role="status">\s*<p><strong>(.*?)</strong>', page)

        assert words == said[1].removeprefix("Thank you. ")

    def test_says_why_it_was_declined(self, app, make, client):
        """
        The reason's text for writers, not its label for moderators, and never the note.
        """
        comment = make.comment()
        decide(app, comment.id, Verdict.REJECT, reason="unkind", note="He always does this")
        page = client.get(status_of(app, comment)).text

        assert "We publish criticism, but not attacks on people." in page
        assert "He always does this" not in page

    def test_leads_to_the_published_comment(self, app, make, client):
        """
        Once it is public, everybody's address of it stands there.
        """
        comment = make.comment(make.post("one"), state=State.APPROVED)

        assert f'href="/posts/one/comments/{comment.id}"' in client.get(status_of(app, comment)).text

    def test_does_not_name_an_article_that_is_gone(self, app, make, client):
        """
        What the public may not see is not told here either.
        """
        post = make.post("one", title="Gone soon")
        comment = make.comment(post)
        change(app, Post, post.id, publishing.archive)
        answer = client.get(status_of(app, comment))

        assert (200, False) == (answer.status_code, "Gone soon" in answer.text)


class TestTakingBack:
    @pytest.mark.parametrize("what", ["withdraw", "erase"])
    def test_needs_a_post(self, app, make, client, what):
        """
        A link that somebody, or a mail scanner, follows changes nothing.
        """
        address = f"{status_of(app, make.comment())}/{what}"

        assert (405, State.PENDING) == (client.get(address).status_code, stored(app)[0][2])

    @pytest.mark.parametrize(("what", "state"), [("withdraw", State.WITHDRAWN), ("erase", State.ERASED)])
    def test_may_be_said_twice(self, app, make, client, what, state):
        """
        A second click is no mistake.
        """
        address = status_of(app, make.comment())
        answers = [client.post(f"{address}/{what}") for _ in range(2)]

        assert [(303, address)] * 2 == [(answer.status_code, answer.location) for answer in answers]
        assert state == stored(app)[0][2]

    @pytest.mark.parametrize("what", ["withdraw", "erase"])
    def test_hides_an_approved_comment_everywhere(self, app, make, client, what):
        """
        Page, count, permalink and both feeds forget it at once.
        """
        post = make.post("one")
        comment = make.comment(post, body="Regretted words", state=State.APPROVED)
        places = ("/posts/one", "/comments.atom", "/posts/one/comments.atom")
        before = [place for place in places if "Regretted words" in client.get(place).text]

        client.post(f"{status_of(app, comment)}/{what}")

        assert (list(places), []) == (before, [p for p in places if "Regretted words" in client.get(p).text])
        assert "1 comment" not in client.get("/posts/one").text
        assert 404 == client.get(f"/posts/one/comments/{comment.id}").status_code

    def test_by_erasing_leaves_no_word(self, app, make, client):
        """
        Name, text, hashes, matched words and moderators' notes are gone from the database.
        """
        comment = make.comment(body="Marked words", name="Marked name")
        decide(app, comment.id, Verdict.REJECT, note="Marked note")
        address = status_of(app, comment)

        client.post(f"{address}/erase")

        with app.app_context():
            rows = [str(r) for t in db.metadata.tables for r in db.session.execute(db.text(f"SELECT * FROM {t}"))]
        assert [] == [row for row in rows if "Marked" in row]
        assert "Marked" not in client.get(address).text

    def test_by_withdrawing_keeps_it_erasable(self, app, make, client):
        """
        Withdrawn first, erased later.
        """
        address = status_of(app, make.comment())
        client.post(f"{address}/withdraw")
        client.post(f"{address}/erase")

        assert ("", "", State.ERASED) == stored(app)[0]

    def test_by_erasing_is_for_good(self, app, make, client):
        """
        Nothing brings an erased comment back to withdrawn.
        """
        address = status_of(app, make.comment())
        client.post(f"{address}/erase")
        client.post(f"{address}/withdraw")

        assert State.ERASED == stored(app)[0][2]


class TestPermalink:
    def test_leads_to_the_comment(self, make, client):
        """
        To the article, at the comment's place.
        """
        comment = make.comment(make.post("one"), state=State.APPROVED)
        answer = client.get(f"/posts/one/comments/{comment.id}")

        assert (302, f"/posts/one#comment-{comment.id}") == (answer.status_code, answer.location)

    def test_finds_the_page_of_a_long_thread(self, make, client):
        """
        Beyond a page's worth, to the page the comment stands on; and there it stands.
        """
        post = make.post("one")
        for _ in range(THREADS_PER_PAGE):
            make.comment(post, state=State.APPROVED)
        last = make.comment(post, body="The very last", state=State.APPROVED)
        answer = client.get(f"/posts/one/comments/{last.id}")

        assert f"/posts/one?comments=2#comment-{last.id}" == answer.location
        assert "The very last" in client.get(answer.location).text
        assert "The very last" not in client.get("/posts/one").text

    @pytest.mark.parametrize("number", ["2", "0", "99999999999999999999999", "x"])
    def test_of_no_comment_is_none(self, make, client, number):
        """
        A number without a public comment, however large: 404.
        """
        make.comment(make.post("one"), state=State.APPROVED)

        assert 404 == client.get(f"/posts/one/comments/{number}").status_code

    def test_belongs_to_its_article(self, make, client):
        """
        Another article's comment is not found under this one.
        """
        make.post("one")
        comment = make.comment(make.post("two"), state=State.APPROVED)

        assert 404 == client.get(f"/posts/one/comments/{comment.id}").status_code


class TestTeam:
    def test_is_marked(self, make, client):
        """
        A reply from the team says so; a reader's comment does not.
        """
        post = make.post("one")
        first = make.comment(post, state=State.APPROVED)
        before = client.get("/posts/one").text
        make.comment(post, parent=first, state=State.APPROVED)

        assert (0, 1) == (
            before.count("Reply from the team"),
            client.get("/posts/one").text.count("Reply from the team"),
        )


class TestLog:
    @pytest.fixture
    def lines(self):
        """What the site's own log writes, and all that each record carries besides."""
        root = logging.getLogger()
        level = root.level
        own = next(handler for handler in root.handlers if isinstance(handler, logs.Lines))
        lines = []

        class Listener(logging.Handler):
            def emit(self, record):
                lines.append(own.format(record) + str(vars(record)))

        listener = Listener()
        root.addHandler(listener)
        root.setLevel(logging.DEBUG)
        yield lines
        root.removeHandler(listener)
        root.setLevel(level)

    def test_names_no_token_and_no_address(self, app, make, lines):
        """
        Whatever happens with a comment, no line holds its secret, the sender's address or e-mail, or the text.
        """
        reader = Reader(app, "203.0.113.77")
        make.post("one")
        location = reader.write("one", email="ada@example.org", body="Private words.")
        token = location.rpartition("/")[2]
        for path in ("", "/withdraw", "/erase", "/nothing"):
            reader.client.get(location + path)
            reader.client.post(location + path)
        reader.send("one", name="", email="ada@example.org", body="Private words.")
        secrets = (token, "203.0.113.77", "ada@", "Private")

        assert [] == [line for line in lines for secret in secrets if secret in line]
        assert any("/comments/<token>/withdraw" in line for line in lines)


class TestBusyDatabase:
    @pytest.fixture
    def impatient(self, monkeypatch):
        """Writers give up at once, instead of after five seconds."""
        monkeypatch.setattr(database, "BUSY_SECONDS", 0)

    @pytest.fixture
    def locked(self, impatient, app, make, tmp_path):
        """An article whose site cannot write, because somebody else does."""
        make.post("one")
        with closing(sqlite3.connect(tmp_path / "instance" / "blog.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield other
            other.execute("ROLLBACK")

    def test_gives_the_text_back(self, locked, app):
        """
        503 says when to try again, in a form that holds all that was typed.
        """
        answer = Reader(app).send("one", **TYPED)

        assert (503, "30", TYPED) == (answer.status_code, answer.headers["Retry-After"], typed(answer.text))

    def test_takes_the_text_when_it_is_free_again(self, locked, app):
        """
        The form that came back works as it is.
        """
        reader = Reader(app)
        answer = reader.send("one", **TYPED)
        locked.execute("ROLLBACK")
        again = reader.send("one", token=hidden_token(answer.text), **typed(answer.text))
        locked.execute("BEGIN")

        assert (303, 1) == (again.status_code, len(stored(app)))

    def test_shows_articles_all_the_same(self, locked, client):
        """
        Reading waits for nobody.
        """
        assert 200 == client.get("/posts/one").status_code

    def test_refuses_without_losing_the_way(self, locked, app, client, make):
        """
        Withdrawing meets a busy page, too, not a broken one.
        """
        answer = client.post("/comments/" + "x" * 43 + "/withdraw")

        assert (503, "30") == (answer.status_code, answer.headers["Retry-After"])


def in_parallel(*tasks):
    """Run all tasks at once; what each returned, in their order."""
    barrier = threading.Barrier(len(tasks))
    results = [None] * len(tasks)

    def run(number, task):
        barrier.wait()
        results[number] = task()

    threads = [threading.Thread(target=run, args=both) for both in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.slow
@pytest.mark.both_databases
class TestAtOnce:
    def test_forty_comments_from_eight_readers_are_all_there(self, app, make):
        """
        Each acknowledged comment is stored exactly once, whatever the order.
        """
        make.post("one")
        readers = [Reader(app, f"198.51.100.{number}") for number in range(8)]
        token = hidden_token(readers[0].open("one"))

        def write(reader, number):
            texts = [f"Comment {number}.{count}" for count in range(5)]
            return [(text, reader.send("one", token=token, body=text).status_code) for text in texts]

        tasks = [lambda reader=reader, number=number: write(reader, number) for number, reader in enumerate(readers)]
        sent = [pair for pairs in in_parallel(*tasks) for pair in pairs]

        assert {303} == {status for _, status in sent}
        assert sorted(text for text, _ in sent) == sorted(body for _, body, _ in stored(app))

    def test_the_same_comment_twice_is_one(self, app, make):
        """
        Two clicks at the same moment: one row, one status page, told twice.
        """
        make.post("one")
        token = hidden_token(Reader(app).open("one"))
        for number in range(5):
            readers = [Reader(app, f"198.51.100.{number}") for _ in range(2)]
            tasks = [
                lambda reader=reader, number=number: reader.send("one", token=token, body=f"Text {number}")
                for reader in readers
            ]
            answers = in_parallel(*tasks)

            assert [303, 303] == [answer.status_code for answer in answers]
            assert 1 == len({answer.location for answer in answers})
        assert 5 == len(stored(app))

    def test_one_sender_cannot_pass_the_limit(self, app, make):
        """
        Eight different comments of one sender at the same moment: five are taken, three are told to wait.
        """
        make.post("one")
        token = hidden_token(Reader(app).open("one"))
        tasks = [
            lambda number=number: Reader(app).send("one", token=token, body=f"Text {number}") for number in range(8)
        ]
        statuses = sorted(answer.status_code for answer in in_parallel(*tasks))

        assert ([303] * 5 + [429] * 3, 5) == (statuses, len(stored(app)))


def test_the_form_of_a_cached_page_is_everybodys(app, make, client):
    """
    Two readers of one page get one token, so the page can be kept.
    """
    post = make.post("one")
    with app.app_context():
        token = str(FormToken.today(post.id, ShownTexts()))

    assert {token} == {hidden_token(Reader(app, address).open("one")) for address in ("192.0.2.1", "2001:db8::1")}
