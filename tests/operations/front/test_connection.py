"""What clients send, whole and broken, quickly, slowly and never; over real sockets."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from flask import request

from blog.comments.models import State
from blog.headers import HEADERS
from blog.moderation.verdicts import Verdict
from blog.operations.front import connection
from blog.operations.front.requests import Request
from tests.operations.front.conftest import SHORT, UNHURRIED, Said, ends
from tests.readers import decide

POST = b"POST /echo HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def app(app):
    """With a page that gives back what it got."""

    @app.post("/echo")
    def echo() -> bytes:
        return request.get_data()

    @app.get("/large")
    def large() -> bytes:
        return b"x" * 30_000_000

    @app.get("/told")
    def told() -> dict[str, str]:
        return {name.lower(): value for name, value in request.headers.items()} | {"from": request.remote_addr}

    app.extensions["csrf"].exempt(app.view_functions["echo"])
    return app


class TestWhole:
    def test_a_page_is_answered(self, front):
        """A request without a body."""
        assert (200, b"ok\n") == (front.ask("/healthz").status, front.ask("/healthz").body)

    def test_a_body_arrives(self, front):
        """The application reads what was sent."""
        assert b"words" == front.ask("/echo", "POST", b"words").body

    def test_a_body_in_pieces_arrives(self, front):
        """Its header, too, may come in any pieces."""
        assert b"words" == front.say(POST[:20], POST[20:] + b"Content-Le", b"ngth: 5\r\n\r\nwo", b"rds").body

    def test_a_body_in_chunks_arrives(self, front):
        """No length need be told."""
        chunks = b"3\r\nwor\r\n2\r\nds\r\n0\r\n\r\n"

        assert b"words" == front.say(POST + b"Transfer-Encoding: chunked\r\n\r\n", chunks).body

    def test_what_stands_after_chunks_is_no_header(self, front):
        """A proxy does not look there, so neither do we."""
        chunks = b"5\r\nwords\r\n0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"

        assert b"words" == front.say(POST + b"Transfer-Encoding: chunked\r\n\r\n", chunks).body

    def test_who_waits_to_be_asked_is_asked(self, front):
        """Expect: 100-continue."""
        one = front.connect()
        file = one.makefile("rb")
        one.sendall(POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        asked = Said.read(file)
        one.sendall(b"words")

        assert (100, b"words") == (asked.status, Said.read(file).body)

    def test_several_on_one_connection_are_answered_in_turn(self, front):
        """Also when all of them come at once."""
        one = front.connect()
        file = one.makefile("rb")
        one.sendall(b"".join(POST + b"Content-Length: 1\r\n\r\n%d" % number for number in range(5)))

        assert [b"0", b"1", b"2", b"3", b"4"] == [Said.read(file).body for _ in range(5)]

    def test_head_has_a_length_and_no_body(self, front):
        """The connection goes on with the next answer."""
        one = front.connect()
        file = one.makefile("rb")
        one.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET + b"\r\n")
        head, page = Said.read(file, "HEAD"), Said.read(file)

        assert ("3", b"ok\n") == (head.headers["content-length"], page.body)

    @pytest.mark.parametrize(
        ("version", "told", "goes_on"),
        [("1.1", "", True), ("1.1", "close", False), ("1.0", "", False), ("1.0", "keep-alive", True)],
    )
    def test_a_connection_goes_on_where_both_say_so(self, front, version, told, goes_on):
        """As each version of the protocol has it."""
        header = f"GET /healthz HTTP/{version}\r\nHost: localhost\r\n" + (f"Connection: {told}\r\n" if told else "")
        one = front.connect()
        file = one.makefile("rb")
        one.sendall(header.encode() + b"\r\n")
        Said.read(file)
        if goes_on:
            one.sendall(GET + b"\r\n")

        assert goes_on == (Said.read(file) is not None)

    def test_who_would_rather_speak_another_protocol_is_answered_in_this_one(self, front):
        """As curl does with HTTP/2: the answer comes, and the connection ends."""
        one = front.connect()
        one.sendall(GET + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n\r\n")
        said = Said.read(one.makefile("rb"))

        assert (200, "close") == (said.status, said.headers["connection"])

    def test_who_says_that_nothing_more_comes_is_still_answered(self, front):
        """A client may close its half of the connection after the request."""
        one = front.connect()
        one.sendall(POST + b"Content-Length: 5\r\n\r\nwords")
        one.shutdown(1)

        assert b"words" == Said.read(one.makefile("rb")).body

    def test_a_whole_address_counts_more_than_the_host_named_beside_it(self, front):
        """As the standard has it."""
        said = front.say(b"GET http://127.0.0.1/told HTTP/1.1\r\nHost: localhost\r\n\r\n")

        assert b'"host":"127.0.0.1"' in said.body

    @pytest.mark.parametrize(
        "header",
        [b"Host: evil.example", b"Host: ..", b"Host:", b"X-Other: y", b"Host: localhost\r\nHost: localhost"],
        ids=["unknown", "malformed", "empty", "missing", "double"],
    )
    def test_another_host_is_refused(self, front, header):
        """Before memory, files or a thread are asked; with the site's own page and all its headers."""
        said = front.say(b"GET / HTTP/1.1\r\n" + header + b"\r\n\r\n")

        assert 400 == said.status
        assert {name.lower(): value for name, value in HEADERS.items()}.items() <= said.headers.items()

    def test_header_names_with_underscores_are_dropped(self, front):
        """The application could not tell them from those that the proxy has set."""
        said = front.say(b"GET /told HTTP/1.1\r\nHost: localhost\r\nX_Forwarded_For: 192.0.2.1\r\nX-Other: y\r\n\r\n")

        assert (False, True) == (b"192.0.2.1" in said.body, b'"x-other":"y"' in said.body)

    def test_spaces_around_values_are_dropped(self, front):
        """Before and behind."""
        assert (
            b'"x-other":"y z"' in front.say(b"GET /told HTTP/1.1\r\nHost: localhost\r\nX-Other:\t y z \t\r\n\r\n").body
        )

    def test_characters_beyond_ascii_arrive(self, front):
        """In addresses and in headers."""
        said = front.say(b"GET /told?q=%C3%A9 HTTP/1.1\r\nHost: localhost\r\nX-Word: caf\xc3\xa9\r\n\r\n")

        assert "café" in said.body.decode("unicode_escape").encode("latin-1").decode()


def page(path="/posts/one", told="", method="GET"):
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{told}\r\n".encode()


def asked_again(front, request_, times=3, method="GET"):
    """What the same bytes are answered with on one connection, one after the other."""
    one = front.connect()
    file = one.makefile("rb")
    said = []
    for _ in range(times):
        one.sendall(request_)
        said.append(Said.read(file, method))
    return said


class TestAgain:
    """Bytes that memory has just answered are answered without being read again, as if they were."""

    def test_are_not_read(self, front, make, monkeypatch):
        """On any connection. Within a second: it is tried until that was short enough."""
        make.post("one")
        front.ask("/posts/one")
        read = []
        monkeypatch.setattr(connection, "Request", lambda *peers: read.append(1) or Request(*peers))

        def spared():
            read.clear()
            return {200} == {asked_again(front, page(), 1)[0].status for _ in range(3)} and len(read) < 3

        assert any(spared() for _ in range(10))

    def test_are_answered_alike(self, front, make):
        """With and without a body, whole, packed and unchanged."""
        make.post("one")
        etag = front.ask("/posts/one").headers["etag"]
        for told, method, status in (
            ("", "GET", 200),
            ("Accept-Encoding: br\r\n", "GET", 200),
            (f"If-None-Match: {etag}\r\n", "GET", 304),
            ("", "HEAD", 200),
        ):
            first, *others = asked_again(front, page(told=told, method=method), method=method)

            assert [(status, first.headers | {"date": ""}, first.body)] * 2 == [
                (one.status, one.headers | {"date": ""}, one.body) for one in others
            ]

    def test_show_what_has_changed(self, app, front, make):
        """A comment that was approved meanwhile, and was taken off again."""
        comment = make.comment(make.post("one"), body="My neck", state=State.PENDING)
        shown = []
        for verdict in (None, Verdict.APPROVE, Verdict.HOLD):
            if verdict:
                decide(app, comment.id, verdict)
            shown.append([b"My neck" in said.body for said in asked_again(front, page())])

        assert [[False] * 3, [True] * 3, [False] * 3] == shown

    def test_that_were_two_requests_stay_two(self, front, make):
        """Each has its answer, however often they come together."""
        make.post("one", title="The first")
        make.post("two", title="The second")
        one = front.connect()
        file = one.makefile("rb")
        for _ in range(3):
            one.sendall(page() + page("/posts/two"))
            both = Said.read(file), Said.read(file)

            assert (True, True) == (b"The first" in both[0].body, b"The second" in both[1].body)

    def test_are_a_body_where_a_body_is_due(self, front, make):
        """What looks like a request, and was one before, belongs to the request in front of it."""
        make.post("one")
        known = page()
        asked_again(front, known)
        one = front.connect()
        one.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(known))
        time.sleep(0.05)
        one.sendall(known)

        assert known == Said.read(one.makefile("rb")).body

    def test_are_a_header_where_a_header_is_due(self, front, make):
        """They name the host a second time then, which is refused, and are no request of their own."""
        make.post("one")
        asked_again(front, page())
        one = front.connect()
        one.sendall(GET + b"X-Line: ")
        time.sleep(0.05)
        one.sendall(page())

        assert 400 == Said.read(one.makefile("rb")).status

    def test_end_the_connection_where_they_say_so(self, front, make):
        """Each time."""
        make.post("one")
        asked_again(front, page())

        for _ in range(3):
            one = front.connect()
            one.sendall(page(told="Connection: close\r\n"))
            assert ends(one)


class TestBroken:
    @pytest.mark.parametrize(
        "request_",
        [
            b"nonsense\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: y\r\n\r\n",
            b"GET nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"CONNECT x:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nwords!",
            POST + b"Content-Length: 5, 5\r\n\r\nwords",
            POST + b"Content-Length: -5\r\n\r\nwords",
            POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            POST + b"Transfer-Encoding: chunked\r\n\r\nnone\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nOne : two\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nOne: a\0b\r\n\r\n",
        ],
    )
    def test_what_means_nothing_or_two_things_is_refused(self, front, request_):
        """400 with our page and headers, and the end of the connection."""
        one = front.connect()
        one.sendall(request_)
        said = Said.read(one.makefile("rb"))

        assert (400, "close") == (said.status, said.headers["connection"])
        assert {name.lower(): value for name, value in HEADERS.items()}.items() <= said.headers.items()
        assert b"We could not understand that request" in said.body
        assert ends(one)

    def test_a_header_may_not_be_longer_than_the_limit(self, front):
        """431; one just below is fine."""
        padding = b"X-Long: " + b"x" * (SHORT.header_bytes - 60) + b"\r\n"

        assert [200, 431] == [front.say(GET + times * padding + b"\r\n").status for times in (1, 2)]

    @pytest.mark.parametrize("size", [10_000, 10_001])
    def test_a_body_may_not_be_longer_than_the_limit(self, front, size):
        """413 at once where the length is told."""
        said = front.say(POST + b"Content-Length: %d\r\n\r\n" % size, b"x" * 10_000)

        assert (200 if size == 10_000 else 413) == said.status

    @pytest.mark.parametrize("size", [10_000, 10_001])
    def test_chunks_may_not_become_longer_than_the_limit(self, front, size):
        """413 as soon as they do."""
        chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (size, b"x" * size)
        said = front.say(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)

        assert (200 if size == 10_000 else 413) == said.status

    def test_who_waits_to_be_asked_with_too_much_is_not_asked(self, front):
        """413 instead of 100."""
        assert 413 == front.say(POST + b"Content-Length: 10001\r\nExpect: 100-continue\r\n\r\n").status


class TestSlowButGoingOn:
    @pytest.fixture
    def limits(self):
        return replace(UNHURRIED, stall_seconds=5)

    def test_who_takes_it_slowly_gets_all(self, front):
        """As long as some is taken within each while."""
        one = front.connect()
        one.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        file, taken = one.makefile("rb"), 0
        while part := file.read1(8 << 20):
            taken += len(part)
            threading.Event().wait(0.002)

        assert taken > 30_000_000


class TestSlow:
    @pytest.fixture
    def limits(self):
        return SHORT

    def test_who_sends_nothing_is_sent_away(self, front):
        """Without a word: there was no request."""
        assert b"" == front.connect().recv(1)

    def test_who_never_ends_the_header_is_sent_away(self, front):
        """408, however steadily more comes."""
        one = front.connect()
        stop = threading.Event()

        def trickle() -> None:
            one.sendall(GET)
            while not stop.wait(0.05):
                try:
                    one.sendall(b"X: y\r\n")
                except OSError:
                    return

        thread = threading.Thread(target=trickle)
        thread.start()
        status = Said.read(one.makefile("rb")).status
        stop.set()
        thread.join()

        assert 408 == status

    @pytest.mark.parametrize("header", [b"Content-Length: 9\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n5\r\nwo"])
    def test_who_never_ends_the_body_is_sent_away(self, front, header):
        """408 with our page and headers."""
        one = front.connect()
        one.sendall(POST + header)
        said = Said.read(one.makefile("rb"))

        assert (408, "nosniff") == (said.status, said.headers["x-content-type-options"])
        assert ends(one)

    def test_who_sends_the_body_in_drops_is_sent_away(self, front):
        """Each drop comes in time, the whole does not."""
        one = front.connect()
        stop = threading.Event()

        def drip() -> None:
            one.sendall(POST + b"Content-Length: 9999\r\n\r\n")
            while not stop.wait(0.1):
                try:
                    one.sendall(b"x")
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        status = Said.read(one.makefile("rb")).status
        stop.set()
        thread.join()

        assert 408 == status

    def test_who_takes_nothing_of_an_answer_is_given_up(self, front):
        """What does not fit into the system's buffers is not kept for ever."""
        one = front.connect()
        one.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        file = one.makefile("rb")
        file.readline()
        threading.Event().wait(3 * SHORT.stall_seconds + 1)
        taken = 0
        try:
            while part := file.read1(1 << 20):
                taken += len(part)
        except ConnectionError:
            pass

        assert taken < 30_000_000

    def test_who_goes_in_the_middle_costs_nothing(self, front):
        """The application is not asked, and the next one is answered."""
        for _ in range(20):
            one = front.connect()
            one.sendall(POST + b"Content-Length: 9\r\n\r\nwo")
            one.close()

        assert 200 == front.ask("/healthz").status

    def test_others_are_answered_while_many_stall(self, front):
        """More than there are threads, and more than there are places for connections."""
        for _ in range(SHORT.connections + 20):
            front.connect().sendall(POST + b"Content-Length: 9\r\n\r\n")

        assert [200] * 5 == [front.ask("/healthz").status for _ in range(5)]
