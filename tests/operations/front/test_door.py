"""Who answers: memory, a thread of the right lane, or a page that says to come back."""

from __future__ import annotations

import threading
import urllib.parse
from contextlib import suppress

import pytest
from flask import Flask, request

from blog.comments.models import State
from blog.headers import HEADERS
from blog.metering import meter
from blog.operations.front import lanes
from blog.operations.front.lanes import lane_for
from tests.operations.front.conftest import PATIENCE, Front
from tests.processes import wait_for
from tests.readers import hidden_token

FORM = "application/x-www-form-urlencoded"


class Gate:
    """Requests that hold their threads until it opens."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.opened = threading.Event()
        self.inside = threading.Semaphore(0)

        def hold() -> None:
            if "hold" in request.args:
                self.inside.release()
                self.opened.wait(PATIENCE)

        app.before_request_funcs[None].insert(0, hold)

    def hold(self, front: Front, path: str, method: str = "GET", times: int = 1) -> list[threading.Thread]:
        def ask() -> None:
            with suppress(OSError):  # the test may be over before the answer has come
                front.ask(f"{path}?hold=1", method, b"x=1" if method == "POST" else b"")

        threads = [threading.Thread(target=ask) for _ in range(times)]
        for thread in threads:
            thread.start()
        for _ in threads:
            assert self.inside.acquire(timeout=PATIENCE)
        return threads


@pytest.fixture
def small(monkeypatch):
    """Lanes with one thread and nobody waiting."""
    monkeypatch.setattr(lanes, "SIZES", dict.fromkeys(lanes.SIZES, (1, 0)))


@pytest.fixture
def gate(app):
    gate = Gate(app)
    yield gate
    gate.opened.set()


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("GET", "/posts/one", "pages"),
        ("GET", "/login", "pages"),
        ("GET", "/healthz", "health"),
        ("GET", "/metrics", "watching"),
        ("POST", "/login", "passwords"),
        ("POST", "/account/password", "passwords"),
        ("POST", "/account/link/abc", "passwords"),
        ("POST", "/posts/one/comments", "comments"),
        ("POST", "/comments/abc/edit", "comments"),
        ("POST", "/desk/decisions", "pages"),
        ("POST", "/loginx", "comments"),
    ],
)
def test_each_kind_of_work_has_its_lane(method, path, lane):
    """What is slow for one kind holds up that kind alone."""
    assert lane == lane_for(method, path)


@pytest.mark.usefixtures("small")
class TestMemory:
    def test_is_counted_by_route(self, front, make):
        """Also what no thread was asked for: the page, what the client has already, and files."""
        make.post("one")
        tag = front.ask("/posts/one").headers["etag"]
        before = meter.read().counts
        front.ask("/posts/one")
        front.ask("/posts/one", if_none_match=tag)
        front.ask("/posts/one", "HEAD")
        labels = [("GET", "200"), ("GET", "304"), ("HEAD", "200")]
        names = [
            ("requests", (("route", "/posts/<slug>"), ("method", method), ("status", status), ("source", "memory")))
            for method, status in labels
        ]

        def all_counted() -> bool:
            counts = meter.read().counts
            return all(counts.get(name, 0) > before.get(name, 0) for name in names)

        assert wait_for(all_counted, PATIENCE)

    def test_answers_while_all_threads_are_held(self, front, gate, make):
        """A kept page, its 304 and its HEAD need no thread."""
        make.post("one")
        tag = front.ask("/posts/one").headers["etag"]
        for path, method in (("/login", "GET"), ("/posts/one/comments", "POST")):
            gate.hold(front, path, method)
        answers = [front.ask("/posts/one"), front.ask("/posts/one", "HEAD"), front.ask("/posts/one", if_none_match=tag)]

        assert [200, 200, 304] == [said.status for said in answers]

    def test_answers_static_files_while_all_threads_are_held(self, front, gate, app):
        """Once each was asked for, in the encoding that the client takes; with all its headers."""
        with app.test_request_context():
            address = app.jinja_env.globals["asset"]("css/site.css")
        first = front.ask(address, accept_encoding="br")
        gate.hold(front, "/login")
        again = front.ask(address, accept_encoding="br")
        unchanged = front.ask(address, accept_encoding="br", if_none_match=first.headers["etag"])
        del first.headers["date"], again.headers["date"]

        assert (first.headers, first.body, "br") == (again.headers, again.body, again.headers["content-encoding"])
        assert (304, b"") == (unchanged.status, unchanged.body)

    def test_forgets_what_has_changed(self, front, make):
        """A decision's change is seen by the next request."""
        post = make.post("one")
        before = front.ask("/posts/one").body
        comment = make.comment(post, body="Is it MARK?", state=State.APPROVED)

        assert (False, True) == (b"MARK" in before, b"MARK" in front.ask("/posts/one").body)
        assert comment.id

    def test_serves_all_who_ask_at_once_with_one_rendering(self, front, app, make):
        """A page that is being made is waited for without a thread."""
        make.post("one")
        made, go = [], threading.Event()

        @app.before_request
        def slowly() -> None:
            made.append(1)
            go.wait(PATIENCE)

        answers: list[int] = []
        threads = [threading.Thread(target=lambda: answers.append(front.ask("/posts/one").status)) for _ in range(20)]
        for thread in threads:
            thread.start()
        while not made:
            threading.Event().wait(0.01)
        threading.Event().wait(0.3)
        go.set()
        for thread in threads:
            thread.join()

        assert (20 * [200], 1) == (answers, len(made))


@pytest.mark.usefixtures("small")
class TestFull:
    def test_a_refusal_is_named(self, front, gate):
        """Each has a name of its own, on the page and in the header, and its length is right."""
        gate.hold(front, "/login")
        first, second = (front.ask("/login?again=1") for _ in range(2))
        name = first.headers["x-request-id"]

        assert f"<code>{name}</code>".encode() in first.body
        assert {name, second.headers["x-request-id"]} != {name}
        assert first.body.rstrip().endswith(b"</html>")

    def test_a_refused_head_has_no_body(self, front, gate):
        """Else its body would be taken for the next answer."""
        gate.hold(front, "/login")
        one = front.connect()
        one.sendall(b"HEAD /login?again=1 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
        one.sendall(b"GET /assets/nothing HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        said = b"".join(iter(lambda: one.recv(65536), b""))

        assert [b"HTTP/1.1 503", b"HTTP/1.1 503"] == [said[:12], said.partition(b"\r\n\r\n")[2][:12]]

    def test_a_page_is_refused_with_ours(self, front, gate):
        """503, when to come back, and the headers of every page."""
        gate.hold(front, "/login")
        said = front.ask("/search?q=x")

        assert (503, "10") == (said.status, said.headers["retry-after"])
        assert {name.lower(): value for name, value in HEADERS.items()}.items() <= said.headers.items()
        assert b"We are very busy right now" in said.body

    def test_health_is_answered_all_the_same(self, front, gate):
        """The process lives."""
        gate.hold(front, "/login")

        assert 200 == front.ask("/healthz").status

    def test_log_ins_leave_pages_and_comments_their_threads(self, front, gate):
        """Each lane is full for itself."""
        gate.hold(front, "/login", "POST")

        assert [503, 200] == [
            front.ask("/login", "POST", b"x=1", content_type=FORM).status,
            front.ask("/login").status,
        ]

    def test_a_comment_comes_back_in_its_form(self, front, gate, make):
        """Nothing that somebody typed is lost: sent again, it is taken."""
        make.post("one")
        token = hidden_token(front.ask("/posts/one").body.decode())
        fields = {"name": "Ada", "body": "What a <b>page</b> & more", "email": "", "token": token, "website": ""}
        body = urllib.parse.urlencode(fields).encode()
        gate.hold(front, "/posts/one/comments", "POST")
        refused = front.ask("/posts/one/comments", "POST", body, content_type=FORM)
        gate.opened.set()

        assert (503, "30", token) == (
            refused.status,
            refused.headers["retry-after"],
            hidden_token(refused.body.decode()),
        )
        assert b"What a &lt;b&gt;page&lt;/b&gt; &amp; more" in refused.body


def test_what_breaks_down_is_answered(front, app, monkeypatch):
    """Even where the application itself cannot: 500 with our page and headers."""

    def broken(environ, start_response):
        raise RuntimeError("broken")

    monkeypatch.setattr(app, "wsgi_app", broken)
    said = front.ask("/login")

    assert (500, "nosniff") == (said.status, said.headers["x-content-type-options"])
    assert b"Something went wrong on our side" in said.body
