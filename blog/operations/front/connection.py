"""One client's connection: takes requests in whole, gives answers out, each within a size and a time.

The parser is Node's (llhttp); it refuses two lengths, a length beside chunks, and everything else that two readers
could understand in two ways. A connection is always in one of the states below, and each has an end: `due`.
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from math import inf
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from blog.network import Malformed
from blog.operations.front.answers import Answer
from blog.operations.front.crowd import Crowd
from blog.operations.front.door import Door
from blog.operations.front.requests import Request, put_header

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
MOST_AHEAD = 32  # requests that a client sends before the answer to the first
CLOSE, KEEP, KEEP_OLD = b"Connection: close\r\n\r\n", b"\r\n", b"Connection: keep-alive\r\n\r\n"


class State(Enum):
    HEADER = auto()  # waiting for a request, or in the middle of its header
    BODY = auto()
    ANSWER = auto()  # a thread works; no limit, the work has its own
    SENDING = auto()  # the client takes the answer more slowly than we write it
    LINGERING = auto()  # refused: it may read why, and what it still sends is thrown away


class Connection(asyncio.Protocol):
    """The protocol of one socket. Runs on the event loop alone."""

    __slots__ = (
        "_ahead",
        "_asked",
        "_begun",
        "_body_due",
        "_crowd",
        "_door",
        "_in_header",
        "_is_last",
        "_is_new",
        "_limits",
        "_loop",
        "_most_body",
        "_parser",
        "_paused",
        "_peer",
        "_refusal",
        "_request",
        "_sending_due",
        "_server",
        "_size",
        "_target",
        "_transport",
        "_unsent",
        "_whole",
        "due",
        "state",
    )

    def __init__(self, door: Door, crowd: Crowd, loop: asyncio.AbstractEventLoop) -> None:
        self._door = door
        self._crowd = crowd
        self._loop = loop
        self._limits = door.limits
        self._transport: asyncio.Transport | None = None
        self._parser = HttpRequestParser(self)
        self._request: Request | None = None  # arriving
        self._asked: Request | None = None  # being answered
        self._ahead: list[Request] = []
        self._refusal = 0
        self._size = 0  # of the header, then of the body
        self._most_body = door.limits.body_bytes  # of the request that arrives
        self._in_header = False
        self._target = b""
        self._is_last = False  # nothing more is taken from this client
        self._is_new = True  # it has not begun to ask
        self._begun = 0  # requests among the bytes that are read
        self._whole: Request | None = None  # the last of them, if memory has answered it
        self._paused = False
        self._unsent = 0
        self._body_due = self._sending_due = inf
        self.state = State.HEADER
        self.due = inf

    @property
    def is_gone(self) -> bool:
        return self._transport is None

    # What the event loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=0)  # write at once, and say when the client takes it slowly
        peer, server = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        self._peer = (str(peer[0]), int(peer[1])) if peer else ("", 0)
        self._server = (str(server[0]), int(server[1])) if server else ("", 0)
        self.due = self._loop.time() + self._limits.header_seconds
        self._crowd.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._door.uploads.end(self)
        self._crowd.discard(self)

    def data_received(self, data: bytes) -> None:
        if self.state is State.LINGERING or self._refusal:
            return
        is_between = self.state is State.HEADER and self._request is None and not (self._is_last or self._ahead)
        if is_between and self._is_answered_again(data):
            return
        self._begun, self._whole = 0, None
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self._is_last = True  # we speak nothing else, and what follows may be in that other language
        except HttpParserError:
            self._refusal = self._refusal or 400
        if self._refusal:
            self._refuse(self._refusal)
        elif is_between:
            self._learn(data)

    def eof_received(self) -> bool:
        """The client sends no more; whoever waits for an answer still gets it."""
        self._is_last = True
        return self.state in (State.ANSWER, State.SENDING)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        if self.state is State.SENDING:
            self._sent()

    # What the parser tells

    def on_message_begin(self) -> None:
        self._begun += 1
        self._size = 0
        self._is_new = False
        self._in_header = True
        self._target = b""
        self._request = Request(self._peer, self._server)
        if self.state is State.HEADER:
            self.due = self._loop.time() + self._limits.header_seconds

    def on_url(self, part: bytes) -> None:
        self._target += part
        self._count_header(len(part))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_header(len(name) + len(value))
        if self._request is not None and self._in_header:  # what stands after a body in chunks is nobody's header
            try:
                put_header(self._request.headers, name, value)
            except Malformed:
                self._refusal = 400

    def on_headers_complete(self) -> None:
        request, parser = self._request, self._parser
        self._in_header = False
        self._size = 0
        if request is None or self._refusal:
            return
        request.method, request.version = parser.get_method().decode("latin-1"), parser.get_http_version()
        request.is_last = parser.should_upgrade() or not parser.should_keep_alive()
        try:
            request.aim(self._target)
            request.find_client(self._door.clients)
        except Malformed:
            self._refusal = 400
            return
        headers = request.headers
        length = headers.get("content-length")
        self._most_body = self._limits.body_bytes
        if length is not None and int(length) > self._most_body:
            self._refusal = self._door.uploads.refuse(self, request, int(length))
            self._most_body = int(length)
        if self._refusal:
            return
        if length is not None or "transfer-encoding" in headers:
            self._await_body(headers.get("expect", "").lower() == "100-continue")

    def on_body(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._most_body:
            self._refusal = self._refusal or 413
        elif self._request is not None and not self._refusal:
            self._request.body += part
            if self.state is State.BODY:
                self.due = min(self._body_due, self._loop.time() + self._limits.stall_seconds)

    def on_message_complete(self) -> None:
        request, self._request = self._request, None
        if request is None or self._refusal:
            return
        if self.state in (State.ANSWER, State.SENDING):
            self._queue(request)
        else:
            self._take(request)

    # What becomes of it

    def answer(self, answer: Answer) -> None:
        """Send what the application, memory or the front says; then wait for the next request, or end."""
        transport = self._transport
        self._door.uploads.end(self)
        if transport is None or self.state is not State.ANSWER:
            return
        self._is_last = self._is_last or self._door.is_leaving or self._asked is None or self._asked.is_last
        is_old = self._asked is not None and self._asked.version == "1.0"
        ending = CLOSE if self._is_last and not self._ahead else KEEP_OLD if is_old else KEEP
        transport.write(b"".join((answer.head, self._door.clock.line, ending, answer.body)))
        if not self._paused:
            self._sent()
            return
        self.state = State.SENDING
        self._unsent = transport.get_write_buffer_size()
        began = self._loop.time()
        self._sending_due = began + self._limits.answer_seconds
        self.due = min(self._sending_due, began + self._limits.stall_seconds)

    def look(self, moment: float) -> None:
        """Called every second: end what is over its time."""
        if moment < self.due or self._transport is None:
            return
        if self.state is State.SENDING:
            unsent = self._transport.get_write_buffer_size()
            if unsent < self._unsent and moment < self._sending_due:
                self._unsent = unsent
                self.due = min(self._sending_due, moment + self._limits.stall_seconds)
                return
        if self.state is State.BODY or (self.state is State.HEADER and self._request is not None):
            self._refuse(408)
        else:
            self.end()

    def hurry(self) -> None:
        """The site stops: what is half here or half sent, and who has just connected, has a moment left."""
        self._is_last = True
        self._ahead.clear()
        if self.state is State.HEADER and self._request is None and not self._is_new:
            self.end()
        elif self.state is not State.ANSWER:
            last = self._loop.time() + self._limits.finish_seconds
            self.due, self._body_due = min(self.due, last), min(self._body_due, last)
            self._sending_due = min(self._sending_due, last)

    def end(self) -> None:
        """At once, whatever is still to be sent."""
        if self._transport is not None:
            self._transport.abort()

    def _is_answered_again(self, data: bytes) -> bool:
        """Whether these bytes are a request that memory answered before, and does so again.

        The parser, which stands between two requests, need not see them: it would find what it found then, and what
        is in memory is the same for everybody.
        """
        request = self._door.known(data)
        answer = None if request is None else self._door.from_memory(request)
        if answer is None:
            return False
        self._is_new = False
        self.state = State.ANSWER
        self._asked = request
        self.answer(answer)
        return True

    def _learn(self, data: bytes) -> None:
        """Remember bytes that are one whole request and no more, if memory has answered it."""
        if self._whole is not None and self._begun == 1 and self._request is None:
            self._door.know(data, self._whole)

    def _count_header(self, size: int) -> None:
        self._size += size
        if self._size > (self._limits.header_bytes if self._in_header else self._limits.body_bytes):
            self._refusal = self._refusal or (431 if self._in_header else 413)

    def _await_body(self, expects: bool) -> None:
        began = self._loop.time()
        if self.state is State.HEADER:
            self.state = State.BODY
            is_upload = self._most_body > self._limits.body_bytes
            self._body_due = began + (self._limits.upload_seconds if is_upload else self._limits.body_seconds)
            self.due = min(self._body_due, began + self._limits.stall_seconds)
        if expects and self._transport is not None:
            self._transport.write(CONTINUE)

    def _take(self, request: Request) -> None:
        self.state = State.ANSWER
        self.due = inf
        self._asked = request
        is_usual = request.version == "1.1" and not request.is_last and not request.body
        self._whole = request if self._door.take(request, self) and is_usual else None

    def _queue(self, request: Request) -> None:
        """Sent before the answer to an earlier one: it waits, and no more is read meanwhile."""
        self._ahead.append(request)
        if len(self._ahead) > MOST_AHEAD:
            self.end()
        elif self._transport is not None:
            self._transport.pause_reading()

    def _sent(self) -> None:
        """The whole answer has left."""
        transport = self._transport
        if transport is None:
            return
        self._asked = None
        if self._is_last and not self._ahead:
            transport.close()
            return
        self.state = State.HEADER
        self.due = self._loop.time() + self._limits.header_seconds
        if self._ahead:
            self._loop.call_soon(self._next)

    def _next(self) -> None:
        if self._ahead and self._transport is not None:
            request = self._ahead.pop(0)
            if not self._ahead:
                self._transport.resume_reading()
            self._take(request)

    def _refuse(self, code: int) -> None:
        """Say why, stop listening, and leave the client a moment to read it: it may still be sending."""
        transport = self._transport
        if transport is None or self.state is State.LINGERING:
            return
        if self.state in (State.ANSWER, State.SENDING):  # to a request that came too early; the answer comes first
            self._is_last = True
            self._ahead.clear()
            return
        self._crowd.count(code)
        self._door.uploads.end(self)
        answer = self._door.refusal(code)
        transport.write(b"".join((answer.head, self._door.clock.line, CLOSE, answer.body)))
        self.state = State.LINGERING
        self._request = None
        self.due = self._loop.time() + self._limits.linger_seconds
        if transport.can_write_eof():
            transport.write_eof()
