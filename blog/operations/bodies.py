"""Takes in what clients send before anything else is done, so that nobody who sends slowly can stop the site.

The web server hands a request over as soon as its header is there and sets no limit to the time that the rest takes:
one client with as many connections as there are threads could hold them all, and every page, for ever. So few threads
wait for bodies at a time, each for a few seconds, and the others answer pages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

MOST_AT_ONCE = 5  # bodies, of the THREADS of a web worker (blog/operations/server.py)
BODY_SECONDS = 10
PLACE_SECONDS = 0.2  # for one of the places: a body that has arrived already leaves its own in far less

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Bodies:
    """The WSGI layer. A body longer than `most_bytes` is left to the application, which refuses it unread."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], most_bytes: int) -> None:
        self.inner = inner
        self.most_bytes = most_bytes
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = self._length(environ)
        if not length or isinstance(environ["wsgi.input"], BytesIO):  # which is here already
            return self.inner(environ, start_response)
        if not self._places.acquire(timeout=PLACE_SECONDS):
            return _refuse(start_response, "503 Service Unavailable", "We are busy for a moment")
        try:
            body = _read(environ["wsgi.input"], length)
        finally:
            self._places.release()
        if body is None:
            return _refuse(start_response, "408 Request Timeout", "What you sent did not arrive in time")
        environ["wsgi.input"] = BytesIO(body)
        return self.inner(environ, start_response)

    def _length(self, environ: Environ) -> int:
        """How much to read at most; 0 for nothing, and for what is too long anyhow."""
        told = environ.get("CONTENT_LENGTH")
        if told:
            length = int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0
            return length if length <= self.most_bytes else 0
        return self.most_bytes + 1 if environ.get("HTTP_TRANSFER_ENCODING") else 0  # in chunks, with no length told


def _read(stream: Any, length: int) -> bytes | None:
    """The body, or None when it is not there in time. A read cannot be broken off, so a thread of its own waits."""
    arrived: list[bytes] = []

    def wait() -> None:
        try:
            arrived.append(stream.read(length))
        except OSError:
            arrived.append(b"")  # gone; the application says that something is missing

    reader = threading.Thread(target=wait, name="body", daemon=True)
    reader.start()
    reader.join(BODY_SECONDS)
    return arrived[0] if arrived else None


def _refuse(start_response: StartResponse, status: str, words: str) -> Iterable[bytes]:
    """Plain words without the application: its threads are what is scarce now."""
    body = f"{words}. Please go back and send it again; what you wrote is still there.\n".encode()
    start_response(
        status,
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Retry-After", str(BODY_SECONDS)),
            ("Connection", "close"),
        ],
    )
    return [body]
