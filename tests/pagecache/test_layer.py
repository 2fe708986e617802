"""Public pages from memory: what is kept, how it is sent, and that one reader renders for all."""

from __future__ import annotations

import gzip
import re
import threading
from datetime import timedelta

import brotli
import pytest

from blog.accounts.models import RoleName
from blog.comments.models import Comment
from blog.database import db
from blog.pagecache import layer
from blog.pagecache.notes import FOREVER, public_page
from blog.posts import publishing
from blog.posts.models import Post
from tests.pagecache.steps import A_DAY, change, decide, of


class TestKeeping:
    @pytest.mark.parametrize("address", ["/", "/posts/one", "/feed.atom", "/comments.atom", "/robots.txt", "/muscles"])
    def test_a_page_is_rendered_once(self, make, client, rendering, address):
        """The second reader gets the same bytes without any work."""
        make.post("one")
        first = client.get(address)

        with rendering(0):
            second = client.get(address)

        assert (200, first.data, first.headers) == (second.status_code, second.data, second.headers)

    def test_readers_do_not_differ(self, make, client, rendering):
        """Cookies, languages and proxies' headers make neither another page nor another copy."""
        make.post("one")
        first = client.get("/posts/one")
        client.set_cookie("desk", "anything")
        headers = {
            "Accept-Language": "de",
            "X-Forwarded-Host": "evil.example",
            "User-Agent": "x",
        }

        with rendering(0):
            second = client.get("/posts/one", headers=headers)

        assert first.data == second.data

    def test_the_first_reader_does_not_shape_the_page(self, make, client):
        """A page that was rendered for a strange client holds nothing of it."""
        make.post("one")
        headers = {
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "gopher",
            "Cookie": "desk=evil",
            "Accept-Language": "evil",
        }
        answer = client.get("/posts/one?utm_source=evil", headers=headers)

        assert (200, False) == (answer.status_code, "evil" in answer.text)

    @pytest.mark.parametrize("noise", ["utm_source=x", "fbclid=1&gclid=2", "page=2", "x", "&&", "%ff=%fe", "comments"])
    def test_unknown_parameters_make_no_page(self, make, client, rendering, noise):
        """What the page does not read neither makes another copy nor shows in its links."""
        make.post("one")
        first = client.get("/posts/one")

        with rendering(0 if noise != "comments" else 1):
            answer = client.get(f"/posts/one?{noise}")

        assert first.data == answer.data or (noise, 404) == ("comments", answer.status_code)

    def test_known_parameters_make_another_page(self, make, client, rendering):
        """The second page of the list is not the first; the order and repetition of parameters do not matter."""
        for number in range(14):
            make.post(f"post-{number}")
        first = client.get("/")

        with rendering(1):
            second = client.get("/?utm_source=x&page=2")
            again = client.get("/?page=2&page=1&utm_medium=y")

        assert second.data == again.data != first.data

    @pytest.mark.parametrize(
        "address", ["/nowhere", "/posts/nothing", "/?page=99", "/?page=0", "/posts/one?comments=9"]
    )
    def test_missing_pages_are_never_kept(self, make, client, cache, address):
        """A 404 may become a page at any moment, and there is no end of them."""
        make.post("one")
        before = len(cache.store)

        assert (404, before) == (client.get(address).status_code, len(cache.store))

    def test_staff_paths_and_secret_links_are_never_kept(self, app, make, client, staff, cache):
        """Neither the desk nor a commenter's own page is in memory."""
        comment = make.comment()
        with app.app_context():
            token = db.session.get_one(Comment, comment.id).token
        admin = staff(RoleName.ADMIN)
        answers = [admin.get("/desk"), client.get("/login"), client.get(f"/comments/{token}"), client.get("/healthz")]

        assert [200] * 4 == [answer.status_code for answer in answers]
        assert 0 == len(cache.store)

    def test_redirects_are_not_kept(self, app, make, client, cache):
        """An old address leads to the new one, and is asked anew each time."""
        post = make.post("one")
        change(app, of(Post, post, publishing.rename, "two"))

        assert [301, 301] == [client.get("/posts/one").status_code for _ in range(2)]
        assert 0 == len(cache.store)

    @pytest.mark.parametrize(
        ("header", "value", "kept"),
        [
            ("X-Any", "thing", 1),
            ("Cache-Control", "public, max-age=5", 1),
            ("Cache-Control", "private", 0),
            ("Cache-Control", "no-store, max-age=5", 0),
            ("Set-Cookie", "a=b", 0),
            ("Vary", "Cookie", 0),
        ],
    )
    def test_what_is_private_is_not_kept(self, app, client, cache, header, value, kept):
        """Also when a view was marked by mistake."""
        app.add_url_rule("/marked", view_func=public_page()(lambda: ("text", {header: value})))
        client.get("/marked")

        assert kept == len(cache.store)

    def test_what_is_not_marked_is_not_kept(self, app, client, cache):
        """A view must say which parameters it reads before its page is kept."""
        app.add_url_rule("/unmarked", view_func=lambda: "text")
        client.get("/unmarked")

        assert 0 == len(cache.store)

    def test_other_methods_pass_by(self, make, client):
        """A POST reaches the form although the page under the address is kept."""
        make.post("one")
        client.get("/posts/one")

        assert (422, 405) == (client.post("/posts/one/comments").status_code, client.post("/posts/one").status_code)


class TestSending:
    @pytest.mark.parametrize(
        ("accept", "unpack"), [("gzip", gzip.decompress), ("br, gzip", brotli.decompress), ("identity", bytes)]
    )
    def test_each_encoding_has_its_own_tag(self, make, client, accept, unpack):
        """The bytes and the strong ETag belong together; caches on the way know that there are several."""
        make.post("one")
        plain = client.get("/posts/one")

        for _ in range(2):
            answer = client.get("/posts/one", headers={"Accept-Encoding": accept})
            assert plain.data == unpack(answer.data)
            assert (accept == "identity") == (plain.headers["ETag"] == answer.headers["ETag"])
            assert str(len(answer.data)) == answer.headers["Content-Length"]
            assert "Accept-Encoding" == answer.headers["Vary"]
            assert not answer.headers["ETag"].startswith("W/")

    @pytest.mark.parametrize("given", ["{}", "W/{}", '"x", {}', "*"])
    def test_who_has_the_page_is_not_sent_it_again(self, make, client, given):
        """304 with what the client must keep, without a body; also on the first request after a start."""
        make.post("one")
        tag = client.get("/posts/one").headers["ETag"]
        answer = client.get("/posts/one", headers={"If-None-Match": given.format(tag)})

        assert (304, b"", tag) == (answer.status_code, answer.data, answer.headers["ETag"])
        assert {"ETag", "Cache-Control", "Vary"} <= set(answer.headers.keys())
        assert "Content-Length" not in answer.headers

    def test_another_encoding_is_another_page(self, make, client):
        """The tag of the packed page is no proof of having the plain one."""
        make.post("one")
        tag = client.get("/posts/one", headers={"Accept-Encoding": "gzip"}).headers["ETag"]

        assert 200 == client.get("/posts/one", headers={"If-None-Match": tag}).status_code

    def test_old_tags_are_worth_nothing(self, app, make, client):
        """Whoever holds the page from before a decision is sent the new one, also while it is being rendered."""
        comment = make.comment(make.post("one"))
        tag = client.get("/posts/one").headers["ETag"]
        decide(app, comment)
        answers = [client.get("/posts/one", headers={"If-None-Match": tag}) for _ in range(3)]

        assert {200} == {answer.status_code for answer in answers}
        assert tag not in {answer.headers["ETag"] for answer in answers}

    @pytest.mark.parametrize("warm", [False, True])
    def test_head_is_get_without_the_body(self, make, client, warm):
        """The same headers, from memory or not; and it fills the memory for the next reader."""
        make.post("one")
        if warm:
            client.get("/posts/one")
        head = client.head("/posts/one")
        get = client.get("/posts/one")

        assert (200, b"", get.headers) == (head.status_code, head.data, head.headers)
        assert 404 == client.head("/posts/nothing").status_code

    def test_browsers_ask_again_and_cdns_keep_it_for_a_minute(self, make, client):
        """No copy outlives a change by more than a minute, and the browser's none at all."""
        make.post("one")

        assert "public, max-age=0, must-revalidate, s-maxage=60" == client.get("/posts/one").headers["Cache-Control"]

    @pytest.mark.parametrize(
        ("seconds", "expected"),
        [(61, "s-maxage=60"), (60, "s-maxage=60"), (59, "s-maxage=59"), (1, "s-maxage=1"), (0.5, "must-revalidate")],
    )
    def test_no_lifetime_outlives_the_page(self, make, client, clock, seconds, expected):
        """Shortly before a publication a CDN is told to keep the list only until then; cold, warm and as 304."""
        clock.freeze(A_DAY)
        make.post("later", published_at=A_DAY + timedelta(hours=1))
        clock.freeze(A_DAY + timedelta(hours=1, seconds=-seconds))
        answers = [client.get("/"), client.get("/")]
        answers.append(client.get("/", headers={"If-None-Match": answers[0].headers["ETag"]}))

        assert [200, 200, 304] == [answer.status_code for answer in answers]
        assert [True] * 3 == [answer.headers["Cache-Control"].endswith(expected) for answer in answers]


class TestKeysForCdns:
    @pytest.fixture(params=["Surrogate-Key", "Cache-Tag"])
    def settings(self, request):
        return {"BLOG_KEY_HEADER": request.param, "BLOG_CDN_SECONDS": "0"}

    def test_are_named_where_asked_for(self, app, make, client):
        """The header names what the page shows; without CDN seconds none are told."""
        post = make.post("one")
        answer = client.get("/posts/one")
        name = app.config["BLOG_KEY_HEADER"]

        assert {f"post:{post.id}", f"comments:{post.id}", "site"} <= set(re.split("[ ,]", answer.headers[name]))
        assert "public, max-age=0, must-revalidate" == answer.headers["Cache-Control"]


class TestStampede:
    def test_a_missing_page_is_rendered_by_one(self, app, make, cache, monkeypatch, rendering):
        """Sixteen readers come at once: one page is rendered, and all get it."""
        make.post("one")
        inner, everybody = cache.inner, threading.Barrier(16)
        started = threading.Event()

        def slowly(environ, start_response):
            started.wait(0.3)
            return inner(environ, start_response)

        monkeypatch.setattr(cache, "inner", slowly)
        bodies = []

        def read():
            client = app.test_client()
            everybody.wait()
            bodies.append(client.get("/posts/one").data)

        with rendering(1):
            threads = [threading.Thread(target=read) for _ in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        assert (16, 1) == (len(bodies), len(set(bodies)))

    def test_nobody_waits_for_ever(self, app, make, cache, monkeypatch):
        """When the one who renders hangs, the others help themselves."""
        make.post("one")
        monkeypatch.setattr(layer, "WAIT_SECONDS", 0.1)
        inner, release, hanging = cache.inner, threading.Event(), threading.Event()

        def hang_once(environ, start_response):
            if not hanging.is_set():
                hanging.set()
                release.wait(60)
            return inner(environ, start_response)

        monkeypatch.setattr(cache, "inner", hang_once)
        first = threading.Thread(target=lambda: app.test_client().get("/posts/one"))
        first.start()
        hanging.wait(60)
        answer = app.test_client().get("/posts/one")
        release.set()
        first.join()

        assert 200 == answer.status_code

    def test_a_broken_page_frees_those_who_wait(self, app, client, cache):
        """After an error the next reader tries again, and nothing is left behind."""
        outcomes = [RuntimeError("no"), None]

        @public_page()
        def sometimes():
            outcome = outcomes.pop(0)
            if outcome:
                raise outcome
            return "text"

        app.add_url_rule("/sometimes", view_func=sometimes)

        assert [500, 200] == [client.get("/sometimes").status_code for _ in range(2)]
        assert {} == cache._flights


class TestNothing:
    @pytest.fixture
    def settings(self):
        return {"BLOG_PAGE_CACHE_MB": "0"}

    def test_without_memory_every_page_is_rendered(self, make, client, rendering):
        """The same answers, with tags and encodings, only slower."""
        make.post("one")
        with rendering(2):
            tag = client.get("/posts/one").headers["ETag"]
            answer = client.get("/posts/one", headers={"If-None-Match": tag})

        assert 304 == answer.status_code


def test_a_page_without_an_end_has_none(client, cache):
    """What never changes by itself is kept until something says so."""
    client.get("/robots.txt")

    assert FOREVER == cache.store.get("/robots.txt?").until
