"""What clients send, quickly, slowly and never."""

from __future__ import annotations

import threading
from io import BytesIO

import pytest

from blog.operations import bodies, server
from blog.operations.bodies import MOST_AT_ONCE, Bodies


class Stalled:
    """A body of which nothing more comes until the client goes."""

    def __init__(self) -> None:
        self.is_waited_for, self.gone = threading.Event(), threading.Event()

    def read(self, length: int) -> bytes:
        self.is_waited_for.set()
        self.gone.wait(10)
        return b""


def ask(layer, stream=None, length="5", method="POST", **told):
    """What is answered: the status, and the body."""
    said = []
    environ = {"REQUEST_METHOD": method, "CONTENT_LENGTH": length, "wsgi.input": stream or BytesIO(b"words"), **told}
    answer = b"".join(layer(environ, lambda status, headers: said.append(status)))
    return said[0][:3], answer


def echo(environ, start_response):
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()] if environ["REQUEST_METHOD"] == "POST" else [b"a page"]


@pytest.fixture
def layer(monkeypatch):
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.2)
    return Bodies(echo, most_bytes=100)


@pytest.fixture
def held():
    """A layer all of whose places are held by clients who send nothing more."""
    layer, streams = Bodies(echo, most_bytes=100), [Stalled() for _ in range(MOST_AT_ONCE)]
    threads = [threading.Thread(target=ask, args=(layer, stream)) for stream in streams]
    for thread, stream in zip(threads, streams, strict=True):
        thread.start()
        stream.is_waited_for.wait(5)
    yield layer
    for thread, stream in zip(threads, streams, strict=True):
        stream.gone.set()
        thread.join()


def test_leave_threads_for_pages():
    """
    However many send slowly, some threads never wait for them.
    """
    assert MOST_AT_ONCE < server.THREADS


def test_arrive_whole(layer):
    """
    The application reads what was sent.
    """
    assert ("200", b"words") == ask(layer)


def test_in_chunks_are_waited_for_too(layer):
    """
    They arrive whole, and those that stall are given up: no length need be told.
    """
    stalled = Stalled()
    answers = [ask(layer, stream, length="", HTTP_TRANSFER_ENCODING="chunked") for stream in (None, stalled)]
    stalled.gone.set()

    assert (("200", b"words"), "408") == (answers[0], answers[1][0])


def test_that_are_too_long_are_left_to_the_application(layer):
    """
    It refuses them without reading.
    """
    stream = Stalled()
    stream.gone.set()
    ask(layer, stream, length="101", method="GET")

    assert not stream.is_waited_for.is_set()


def test_that_never_arrive_are_given_up(layer):
    """
    408 after a while, and the place is free again.
    """
    stalled = [Stalled() for _ in range(MOST_AT_ONCE + 1)]
    answers = [ask(layer, stream)[0] for stream in stalled]
    for stream in stalled:
        stream.gone.set()

    assert {"408"} == set(answers)


def test_wait_for_no_place_while_slow_ones_hold_all(held):
    """
    One more is refused at once, with what to do.
    """
    status, words = ask(held, Stalled())

    assert ("503", True) == (status, b"send it again" in words)


def test_that_are_here_already_need_no_place(held):
    """
    What somebody in front has read is not waited for.
    """
    assert "200" == ask(held)[0]


def test_of_others_do_not_hold_back_pages(held):
    """
    A request without a body is answered while all places are held.
    """
    assert ("200", b"a page") == ask(held, length="0", method="GET")
