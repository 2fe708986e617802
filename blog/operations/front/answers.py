"""Answers as they stand on the wire, and the few pages that the front gives without asking the application."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from time import time
from typing import Any

from flask import Flask

from blog import errors, headers, request_id

BUSY_SECONDS = 10  # after which a client may try again
REFUSALS = (400, 408, 413, 431, 500, 503)
RETRIED = (408, 503)
OWN_HEADERS = frozenset({"connection", "date", "keep-alive", "transfer-encoding"})  # what the front says itself
WITHOUT_BODY = ("204 ", "304 ")

_LENGTH = re.compile(rb"Content-Length: [0-9]+\r\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. `head` is its status line and headers but for the date and what concerns the connection."""

    head: bytes
    body: bytes

    @classmethod
    def of(cls, status: str, told: Sequence[tuple[str, str]], body: bytes, method: str = "GET") -> Answer:
        """From what WSGI says. Says the length where the application did not."""
        lines = head_of(status, told)
        if status.startswith(WITHOUT_BODY):
            return cls(lines, b"")
        if not any(name.lower() == "content-length" for name, _ in told):
            lines += b"Content-Length: %d\r\n" % len(body)
        return cls(lines, b"" if method == "HEAD" else body)

    def named(self, name: str) -> Answer:
        """One that was made beforehand, as the answer to the request of this name."""
        mark, name_told = request_id.LATER.encode(), name.encode()
        body = self.body.replace(mark, name_told)
        more = b"Content-Length: %d\r\n" % len(body)
        head = self.head.replace(mark, name_told)
        return Answer(_LENGTH.sub(more, head), body)

    def without_body(self) -> Answer:
        """The same for HEAD."""
        return Answer(self.head, b"")


def head_of(status: str, told: Iterable[tuple[str, str]]) -> bytes:
    """The first lines of an answer. A line break in a value would begin a header of somebody else's: it is dropped."""
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"{name}: {value}" for name, value in told if name.lower() not in OWN_HEADERS]
    return "\r\n".join(line.replace("\r", "").replace("\n", "") for line in lines).encode("latin-1") + b"\r\n"


class Clock:
    """The Date header, written once a second."""

    def __init__(self) -> None:
        self.line = b""
        self.tick()

    def tick(self) -> None:
        self.line = b"Date: %s\r\n" % formatdate(time(), usegmt=True).encode()


def refusals(app: Flask) -> dict[int, Answer]:
    """The site's own pages for what the front refuses, made once: no thread and no database is asked for them.

    Each is `named` before it is sent. The first made are kept for the processes that are forked afterwards.
    """
    made: dict[int, Answer] = app.extensions.setdefault("refusals", {})
    if made:
        return made
    with app.test_request_context("/", environ_overrides={request_id.KEY: request_id.LATER}):
        for code in REFUSALS:
            response = headers.add(app.make_response(errors.plain_page(code)))
            if code in RETRIED:
                response.headers["Retry-After"] = str(BUSY_SECONDS)
            status = f"{code} {HTTPStatus(code).phrase}"
            made[code] = Answer.of(status, list(response.headers), response.get_data())
    return made


def asked(application: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> tuple[str, list[Any], bytes]:
    """Status, headers and whole body of what a WSGI application says."""
    said: list[Any] = []
    written: list[bytes] = []

    def start_response(status: str, told: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        said[:] = [status, list(told)]
        return written.append

    parts = application(environ, start_response)
    try:
        body = b"".join([*written, *parts]) if not isinstance(parts, list) or len(parts) != 1 else parts[0]
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return said[0], said[1], body
